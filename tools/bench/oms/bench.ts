import type { OmsHandlers } from "../../../generated/oms/server.js";
import { createSigningKey } from "../../../impl/keys/ed25519.js";
import { createOms } from "../../../impl/oms/index.js";
import { createMemoryStore } from "../../../impl/store/index.js";
import { compare, type Goal, median, printGoals, printRanking } from "../rounds.js";

type Context = Parameters<OmsHandlers["OMS_JOIN"]>[1];

const large = 10_000;
const small = 100;
/** Requests per round. */
const requests = 500;

const key = createSigningKey();

/** What a join, a peer list of 50 and a refresh cost in an overlay network of 10,000 peers against one of 100: without HTTP and disk. */
export async function benchOms(rounds: number): Promise<readonly Goal[]> {
  const [many, few] = [await filled(large), await filled(small)];
  const lists = await compare(
    [
      { name: `list among ${large}`, round: () => many.lists() },
      { name: `list among ${small}`, round: () => few.lists() },
    ],
    { rounds, reference: `list among ${small}` },
  );
  printRanking(`A peer list of 50, Node ${process.versions.node}`, "µs", lists);
  const joins = await compare(
    [
      { name: `join and leave among ${large}`, round: () => many.joins() },
      { name: `join and leave among ${small}`, round: () => few.joins() },
    ],
    { rounds, reference: `join and leave among ${small}` },
  );
  printRanking("A join with its list and session key, and the leave after it", "µs", joins);
  const goals = [
    { what: `oms: list among ${large} against ${small}`, measured: lists[0]?.ratio ?? Number.NaN },
    { what: `oms: join among ${large} against ${small}`, measured: joins[0]?.ratio ?? Number.NaN },
  ].map(({ what, measured }) => ({ what, wanted: "< 3", measured, met: measured < 3 }));
  printGoals(goals);
  return goals;
}

async function filled(count: number) {
  const oms = createOms({ store: createMemoryStore() }, () => "http://127.0.0.1:1");
  const { handlers } = oms;
  const addresses = ["tcp://192.0.2.1:9000"];
  const source_peer = { peer_id: "source", public_key: key.publicKey, addresses };
  const created = await handlers.OMS_OVERLAY_CREATE(
    { body: { overlay_creation: { content_type: "FILE", fragment_size: 1000, source_peer } } },
    showing(),
  );
  if (created.status !== 200) throw new Error(`not created: ${created.status}`);
  const NID = created.body.overlay_network.overlay_network_id;
  const join = async (peer_id: string): Promise<string> => {
    const body = { join: { peer_id, public_key: key.publicKey, addresses } };
    const answer = await handlers.OMS_JOIN({ params: { NID }, body }, showing());
    if (answer.status !== 200) throw new Error(`not joined: ${answer.status}`);
    return answer.body.membership.peer_token;
  };
  const tokens: string[] = [];
  for (let i = 0; i < count; i++) tokens.push(await join(`p${i}`));
  const timed = async (run: (i: number) => Promise<unknown>): Promise<number> => {
    const times: number[] = [];
    for (let i = 0; i < requests; i++) {
      const started = performance.now();
      await run(i);
      times.push((performance.now() - started) * 1000);
    }
    return median(times);
  };
  let next = 0;
  return {
    lists: () =>
      timed(async (i) => {
        const n = (i * 7919) % count;
        const request = { params: { NID, PID: `p${n}` }, body: { peer_list_request: { max_peer_num: 50 } } };
        return handlers.OMS_PEER_LIST(request, showing(tokens[n]));
      }),
    joins: () =>
      timed(async () => {
        const PID = `newcomer${next++}`;
        const token = await join(PID);
        await handlers.OMS_LEAVE({ params: { NID, PID } }, showing(token));
      }),
  };
}

function showing(token?: string): Context {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return { operation: "", headers, remoteAddress: "", secure: false, signal: new AbortController().signal };
}
