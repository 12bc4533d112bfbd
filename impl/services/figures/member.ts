import { createOmsClient, type Join, type PeerListRequest } from "../../../generated/oms/index.js";
import { createPampClient, type PeerStatus } from "../../../generated/pamp/index.js";
import { unwrap } from "../../../generated/runtime/http-result.js";
import { type Role, type Stage, text } from "../stage/stage.js";

/** What a member is told, as a line of JSON. */
export interface MemberTask {
  readonly report?: PeerStatus;
  /** A peer list of the OMS, by these conditions. */
  readonly list?: PeerListRequest;
}

/**
 * Role: a peer that joins at the OMS, registers at the PAMS that it is told, and then reports and asks what it is told to: the legs of the
 * figures, without any fragment.
 */
export const memberRole: Role = async (wishes, stage) => {
  const name = text(wishes, "name");
  const params = { NID: text(wishes, "overlay") };
  const join: Join = { peer_id: name, addresses: ["tcp://127.0.0.1:9"], ...(wishes.join as Partial<Join> | undefined) };
  const oms = createOmsClient({ baseUrl: text(wishes, "oms") });
  const { membership } = unwrap(await oms.OMS_JOIN({ params, body: { join } }));
  const { pams_url = "", peer_token } = membership;
  const mine = { ...params, PID: name };
  const register = async (at: string): Promise<string> => {
    const body = { peer_information: { peer_id: name, type: "PEER" } };
    const { pam_conf_info } = unwrap(await createPampClient({ baseUrl: at }).PAMP_PEER_REG({ params, body }));
    return pam_conf_info.pams_url ?? at;
  };
  // A PAMS may name another one, which then is the one in charge [X.609.1 8.2.1].
  let inCharge = await register(pams_url);
  const report = async (status: PeerStatus): Promise<void> => {
    const send = () =>
      createPampClient({ baseUrl: inCharge }).PAMP_PEER_STATUS_REPORT({ params: mine, body: { peer_status: status } });
    if ((await send()).status !== 404) return;
    inCharge = await register(inCharge);
    await send();
  };
  const authorized = createOmsClient({ baseUrl: text(wishes, "oms"), auth: { bearer: peer_token } });
  const perform = async ({ report: status, list }: MemberTask): Promise<void> => {
    if (status !== undefined) {
      await report(status);
      stage.say({ event: "reported" });
    }
    if (list !== undefined) {
      const answer = unwrap(await authorized.OMS_PEER_LIST({ params: mine, body: { peer_list_request: list } }));
      stage.say({ event: "list", peers: answer.peer_list.map(({ peer_id }) => peer_id), answer });
    }
  };
  inOrder(stage, perform);
  if (wishes.status !== undefined) await report(wishes.status as PeerStatus);
  stage.say({ event: "ready", pams: pams_url, inCharge });
  await stage.ended;
  await createPampClient({ baseUrl: inCharge }).PAMP_PEER_DEREG({ params: mine });
  await authorized.OMS_LEAVE({ params: mine });
};

/** One task after another, as they were told. */
function inOrder(stage: Stage, perform: (task: MemberTask) => Promise<void>): void {
  let before = Promise.resolve();
  stage.onTold((line) => {
    before = before.then(() => perform(JSON.parse(line) as MemberTask));
  });
}
