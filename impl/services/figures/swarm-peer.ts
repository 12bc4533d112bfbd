import { join } from "node:path";
import type { PeerListRequest } from "../../../generated/oms/index.js";
import type { SwarmSettings } from "../../peer/core/settings.js";
import { createPeer, type PeerOptions } from "../../peer/index.js";
import { patience, type Role, text } from "../stage/stage.js";
import { type Overheard, openTap } from "./tap.js";

/** Octets per second of a peer that takes no more. */
const frozen = 1;

/**
 * Role: a peer as anybody's, which says what OMS and other peers give it. It takes no more after `freezeAt` fragments, or when told to
 * `freeze`, until told to `thaw`; asks the OMS for peers when told to `ask`; and says its `state`.
 */
export const swarmPeerRole: Role = async (wishes, stage) => {
  const tap = await openTap(text(wishes, "oms"), (exchange) => {
    const listed = listIn(exchange);
    if (listed !== undefined) stage.say({ event: "listed", ...listed });
  });
  const { folder, freezeAt = Number.POSITIVE_INFINITY, userId, userCredential } = wishes;
  const peer = await createPeer({
    peerId: text(wishes, "name"),
    ixs: text(wishes, "ixs"),
    settings: (wishes.settings ?? {}) as Partial<SwarmSettings>,
    // It asks when it is told to: what it got from which list is to be seen.
    times: { ...patience, listMs: 600_000, leastListMs: 600_000 },
    ...(wishes.reachable === false && { listen: false }),
    ...(typeof folder === "string" && { folder, key: join(folder, "key") }),
  } satisfies PeerOptions);
  const indexFile = await peer.find({ title: text(wishes, "title") });
  const session = await peer.join(
    { ...indexFile, oms_url: tap.url },
    typeof userId === "string" ? { userId, userCredential: String(userCredential) } : {},
  );
  let got = 0;
  const freeze = (): void => {
    session.limit({ downloadRate: frozen });
    stage.say({ event: "frozen" });
  };
  const state = () => ({
    held: session.state.held.flatMap(({ first, count }) => Array.from({ length: count }, (_, at) => first + at)),
    links: session.state.links.map(({ remote }) => remote.peerId),
  });
  session.onNews((news) => {
    if (news.kind === "complete") stage.say({ event: "complete" });
    if (news.kind === "link" && news.change === "up") stage.say({ event: "linked", peer: news.remote.peerId });
    if (news.kind === "link" && news.change === "down")
      stage.say({ event: "unlinked", peer: news.remote.peerId, reason: news.reason });
    if (news.kind !== "fragment") return;
    stage.say({ event: "got", index: news.index, from: news.from });
    if (++got === freezeAt) freeze();
  });
  stage.onTold((word) => {
    if (word === "freeze") freeze();
    if (word === "thaw") session.limit({ downloadRate: Number.POSITIVE_INFINITY });
    if (word === "state") stage.say({ event: "state", ...state() });
    if (word === "ask") void session.askForPeers().then(() => stage.say({ event: "asked" }));
  });
  stage.say({ event: "ready", ...state() });
  await stage.ended;
  await session.leave();
  await peer.close();
  tap.close();
};

interface OmsAnswer {
  readonly peer_list?: readonly { readonly peer_id: string }[];
  readonly fragment_list?: { readonly fragment?: readonly number[] };
  readonly membership?: OmsAnswer;
}

/** The list in what the OMS answered to joining, or to a request for a list; and which fragments were asked for. */
function listIn({ path, request, answer }: Overheard) {
  if (!/\/peers(\/[^/]+\/peer-list)?$/.test(path)) return undefined;
  const { membership, ...own } = (answer ?? {}) as OmsAnswer;
  const { peer_list, fragment_list } = membership ?? own;
  if (peer_list === undefined) return undefined;
  const { peer_list_request } = (request ?? {}) as { peer_list_request?: PeerListRequest };
  const { fragment_list: one, fragment_range: range } = peer_list_request ?? {};
  return {
    peers: peer_list.map(({ peer_id }) => peer_id),
    fragments: fragment_list?.fragment ?? [],
    wanted: one !== undefined || range !== undefined,
  };
}
