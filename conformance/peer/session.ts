import type { Answer } from "../client/answer.js";
import { equipClient } from "../client/client.js";
import type { ClientRequest } from "../client/request.js";
import type { StandIn } from "../client/stand-in.js";
import type { Declaration } from "../engine/declaration.js";
import { keyPair } from "../engine/ed25519.js";
import type { RunContext } from "../engine/entity.js";
import { NotApplicable } from "../engine/outcome.js";
import { as, bufferMapOf, indexesIn } from "../engine/r10-message.js";
import { R10Peer } from "../engine/r10-peer.js";
import type { Test } from "../engine/test.js";
import { wallClock } from "../streaming/clock.js";
import { Content } from "../streaming/content.js";
import { ok, serverOperations, usualAnswer } from "../streaming/servers.js";
import { sessionKey } from "../streaming/session-key.js";
import { peerActions } from "./actions.js";
import type { Iut, PeerTest, Session } from "./case.js";
import type { peerDeclaration } from "./declaration.js";

export const JOIN = "OMS_JOIN";
export const FIND = "IXS_INDEX_FILE_QUERY";
export const LIST = "OMS_PEER_LIST";

/** Octets of a fragment. */
const FRAGMENT = 2048;
const FRAGMENTS = 8;
const LIFETIME_S = 3600;

export function equipPeer(base: Test, run: RunContext): PeerTest {
  const declared = base.declared as Declaration<typeof peerDeclaration>;
  const clock = wallClock(run);
  const newKey = () => keyPair(base.random.bytes(32));
  const [provider, source] = [newKey(), newKey()];
  const overlay = base.unique("overlay");
  const session: Session = {
    overlay,
    title: base.unique("title"),
    dataSource: base.unique("data-source"),
    data: base.unique("data"),
    provider,
    source,
    content: new Content(overlay, source, clock).make(base.random, FRAGMENTS, FRAGMENT),
    type: "FILE",
    listed: [],
    advice: {},
    oms: undefined,
    pams: false,
    unis: false,
  };
  const answer = (request: ClientRequest, standIn: StandIn): Answer => usual(request, standIn, session, clock);
  const protocol = { operations: serverOperations, actions: peerActions, server: "servers", usual: answer };
  const t = equipClient(base, run, { protocol }) as PeerTest;
  const silenceMs = 1000 * declared.value("silence");
  const requestWithinMs = 1000 * declared.value("request-within");

  const keyFor: PeerTest["keyFor"] = (peer, change = {}, signer = provider) =>
    sessionKey(
      {
        overlay,
        peer: peer.id,
        publicKey: peer.key.publicKey,
        notAfter: clock() + 1000 * LIFETIME_S,
        ...change,
      },
      signer,
    );

  const stand: PeerTest["stand"] = async ({ role = "peer", holds, gives = () => false, mute = false } = {}) => {
    const [id, key] = [
      t.unique(role === "source-peer" ? "source" : "peer"),
      role === "source-peer" ? source : newKey(),
    ];
    return await R10Peer.open(base, {
      id,
      key,
      overlay,
      role,
      sessionKey: keyFor({ id, key }),
      ready: (link) => {
        if (!mute) link.send(bufferMapOf(holds ?? session.content.indexes));
      },
      heard: (heard, link) => {
        const request = as(heard, "request");
        if (!request || mute) return;
        for (const index of indexesIn(request.runs)) {
          if (gives(index, link)) continue;
          if ((holds ?? session.content.indexes).includes(index)) session.content.give(link, index);
          else link.send({ type: "refuse", reason: "not-held", runs: [{ first: index, count: 1 }] });
        }
      },
    });
  };

  const enter: PeerTest["enter"] = async ({ later = [], settings = {}, hostile = false } = {}): Promise<Iut> => {
    const product = await t.start({
      actions: ["join", ...later],
      hostile,
      settings: {
        "peer-id": t.unique("iut"),
        title: session.title,
        "data-source-id": session.dataSource,
        "data-id": session.data,
        listen: true,
        "request-ms": requestWithinMs / 2,
        "silence-ms": silenceMs,
        "answer-ms": 3000,
        ...settings,
      },
    });
    const join = product.do("join");
    const unless = (): boolean => product.ended() !== undefined || join.done?.how === "unsupported";
    const request = await t.server.next(JOIN, { withinMs: t.actsWithinMs, unless });
    if (request.silent) {
      const end = product.ended() === undefined ? "" : `; its process ended: ${product.ended()}`;
      const others = t.server.arrived.map(({ outcome }) => outcome).slice(0, 3);
      t.inconclusive(
        `no join came${others.length > 0 ? `, but ${others.join(", ")}` : ""}${end}${join.done ? ` (${join.done.reason})` : ""}`,
      );
    }
    const addresses = request.get("join.addresses");
    const address = Array.isArray(addresses) ? addresses.find((one) => /^tcp:/.test(String(one))) : undefined;
    return {
      product,
      join,
      request,
      id: t.needString(request.get("join.peer_id"), "peer_id"),
      address: String(address ?? ""),
    };
  };

  const linked: PeerTest["linked"] = async (peer) =>
    await t.setup(`a link with ${peer.id}`, async () => {
      const found = () => peer.links.find(({ proven, ended }) => proven === true && !ended);
      if (!(await peer.until(() => found() !== undefined, t.actsWithinMs)))
        t.inconclusive("the product shakes no hands with a peer that its OMS lists");
      return found() ?? t.inconclusive("the link is gone");
    });

  const given: PeerTest["given"] = async ({ product }, count, withinMs = t.actsWithinMs) => {
    const act = product.do("receive");
    const done = await act.over;
    if (done.how !== "asked")
      throw new NotApplicable(`what applications are given shows by an adapter only: ${done.reason}`);
    const end = t.world.now() + withinMs;
    for (;;) {
      const fragments = new Map(
        product
          .events()
          .filter(({ event }) => event === "fragment")
          .map(({ index, digest }) => [Number(index), String(digest)] as const),
      );
      if (fragments.size >= count || t.world.now() >= end) return fragments;
      await t.sleep(50);
    }
  };

  return Object.assign(t, { clock, session, requestWithinMs, silenceMs, stand, enter, keyFor, linked, given, newKey });
}

function usual(request: ClientRequest, standIn: StandIn, session: Session, clock: () => number): Answer {
  const { overlay, provider } = session;
  const urls = {
    ...(session.pams ? { pams_url: `${standIn.url}/pams/` } : {}),
    ...(session.unis ? { unis_url: standIn.url } : {}),
  };
  const peer_list = session.listed.map(({ id, address, role }) => ({ peer_id: id, addresses: [address], role }));
  switch (request.primitive) {
    case FIND:
      return ok({ index_file_list: { index_file: [indexFileOf(session, session.oms ?? standIn.url)] } });
    case JOIN: {
      const [peer, key] = [request.get("join.peer_id"), request.get("join.public_key")];
      const statement = { overlay, peer: String(peer), publicKey: String(key), notAfter: clock() + 1000 * LIFETIME_S };
      const keys = typeof key === "string" ? { session_key: sessionKey(statement, provider) } : {};
      const provider_public_key = provider.publicKey;
      const membership = {
        overlay_network_id: overlay,
        peer_token: "token-of-a-peer",
        provider_public_key,
        expires: 300,
      };
      return ok({ membership: { ...membership, ...keys, ...urls, peer_list, ...session.advice } });
    }
    case LIST:
      return ok({ peer_list, ...session.advice });
    case "OMS_MEMBERSHIP_REFRESH":
      return ok({ expires: 300, ...urls });
    case "OMS_OVERLAY_QUERY":
      return ok({
        overlay_network: {
          overlay_network_id: overlay,
          content_type: session.type,
          fragment_size: FRAGMENT,
          closed: false,
          source_peer_id: sourceOf(session),
          source_public_key: session.source.publicKey,
          refresh_expiration: 300,
          provider_public_key: provider.publicKey,
          ...urls,
        },
      });
    default:
      return usualAnswer(request, standIn, clock);
  }
}

const sourceOf = ({ listed }: Session): string => listed.find(({ role }) => role === "source-peer")?.id ?? "source";

/** The newest index file of the session. */
export function indexFileOf(session: Session, oms: string) {
  const { content, type } = session;
  const octets = content.fragments.reduce((sum, { length }) => sum + length, 0);
  return {
    version: 3,
    title: session.title,
    oms_url: oms,
    overlay_network_id: session.overlay,
    data_source_id: session.dataSource,
    data_id: session.data,
    fragment_size: FRAGMENT,
    description: "What the suite distributes.",
    content_type: type,
    format: "octets",
    source_peer_id: sourceOf(session),
    source_public_key: session.source.publicKey,
    ...(type === "FILE" ? { content_size: octets, number_of_fragments: content.fragments.length } : {}),
  };
}
