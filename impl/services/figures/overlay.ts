import { setTimeout as sleep } from "node:timers/promises";
import { createOmsClient, type OverlayCreation, type PeerListRequest } from "../../../generated/oms/index.js";
import { createPampClient, type PeerStatus } from "../../../generated/pamp/index.js";
import { unwrap } from "../../../generated/runtime/http-result.js";
import { createSigningKey } from "../../keys/ed25519.js";
import type { Actor } from "../stage/actor.js";
import type { Production } from "../stage/direct.js";
import type { MemberTask } from "./member.js";

/** An overlay network made for one figure, and its members. */
export interface FigureOverlay {
  readonly id: string;
  /** Starts a member in a process of its own and waits until it is registered. */
  member(name: string, wishes?: Readonly<Record<string, unknown>>): Promise<Actor>;
  /** Ends it and its members. */
  remove(): Promise<void>;
}

export async function createOverlay(
  { cast, urls }: Pick<Production, "cast" | "urls">,
  wishes: Partial<OverlayCreation> = {},
): Promise<FigureOverlay> {
  const baseUrl = String(urls.oms);
  const body = {
    overlay_creation: {
      content_type: "FILE" as const,
      source_peer: {
        peer_id: `source-${Math.random().toString(36).slice(2)}`,
        public_key: createSigningKey().publicKey,
        addresses: ["tcp://127.0.0.1:9"],
      },
      fragment_size: 65_536,
      ...wishes,
    },
  };
  const { overlay_network } = unwrap(await createOmsClient({ baseUrl }).OMS_OVERLAY_CREATE({ body }));
  const { overlay_network_id: id, owner_token } = overlay_network;
  const members: Actor[] = [];
  await atPams(String(urls.pams), id, true);
  return {
    id,
    async member(name, more = {}) {
      const actor = cast.start("member", name, { ...urls, overlay: id, ...more });
      members.push(actor);
      await actor.heard("ready");
      return actor;
    },
    async remove() {
      await Promise.all(members.map((one) => one.stop()));
      await createOmsClient({ baseUrl, auth: { bearer: owner_token } }).OMS_OVERLAY_REMOVE({ params: { NID: id } });
    },
  };
}

/** Whether the PAMS knows the overlay network, once it is as wanted or time is over. */
export async function atPams(pams: string, id: string, wanted: boolean): Promise<boolean> {
  const client = createPampClient({ baseUrl: pams });
  let known = !wanted;
  for (let looks = 0; looks < 60 && known !== wanted; looks++) {
    if (looks > 0) await sleep(100);
    const body = { peer_query_condition: { max_peer_num: 0 } };
    known = (await client.PAMP_PEER_LIST_QUERY({ params: { NID: id }, body })).status === 200;
  }
  return known;
}

/** A member's next answer to a task. */
export async function ask(member: Actor, list: PeerListRequest): Promise<{ peers: string[]; fragments: number[] }> {
  const before = member.said.length;
  member.tell(JSON.stringify({ list } satisfies MemberTask));
  const said = await member.heardAfter(before, "list");
  const answer = said.answer as { fragment_list?: { fragment?: number[] } };
  return { peers: said.peers as string[], fragments: answer.fragment_list?.fragment ?? [] };
}

export async function report(member: Actor, status: PeerStatus): Promise<void> {
  const before = member.said.length;
  member.tell(JSON.stringify({ report: status } satisfies MemberTask));
  await member.heardAfter(before, "reported");
}

/** A dynamic status of somebody who holds these fragments. */
export function holding(...fragment: number[]): PeerStatus {
  return { dynamic_status: { overlay_event: "STARTED", uploaded: "0", downloaded: "0", fragment_list: { fragment } } };
}
