import type { Answer } from "../client/answer.js";
import type { ClientRequest } from "../client/request.js";
import type { StandIn } from "../client/stand-in.js";
import { type KeyPair, keyPair } from "../engine/ed25519.js";
import type { R10Link } from "../engine/r10-link.js";
import { as, bufferMapOf, indexesIn } from "../engine/r10-message.js";
import { R10Peer } from "../engine/r10-peer.js";
import type { Test } from "../engine/test.js";
import { Content } from "./content.js";
import type { Json } from "./servers.js";
import { ok, usualAnswer } from "./servers.js";
import { sessionKey } from "./session-key.js";

/** Octets of a fragment. */
const FRAGMENT = 2048;
const FRAGMENTS = 8;
const LIFETIME_S = 3600;

/** The session of a case, as its servers tell of it: change it before `enter`. */
export interface Session {
  readonly overlay: string;
  readonly title: string;
  readonly dataSource: string;
  readonly data: string;
  readonly provider: KeyPair;
  readonly source: KeyPair;
  readonly content: Content;
  type: "FILE" | "STREAM";
  /** Peers that the OMS lists. */
  listed: R10Peer[];
  /** Members of the answers to a join and to a request for a list: advice on fragments. */
  advice: Json;
  /** Where the OMS is; the one stand-in unless given. */
  oms: string | undefined;
  pams: boolean;
  /** The UNIS is told of. */
  unis: boolean;
}

export interface StandOptions {
  readonly role?: "peer" | "source-peer" | "virtual-peer";
  /** Fragments that its buffermap shows; all unless given. */
  readonly holds?: readonly number[];
  /** Answers a requested fragment itself; true: nothing more is to be done. */
  readonly gives?: (index: number, link: R10Link) => boolean;
  /** Says nothing by itself but its handshake. */
  readonly mute?: boolean;
}

/** A session with names of the case's own, and eight fragments. */
export function newSession(t: Test, clock: () => number): Session {
  const [provider, source] = [keyPair(t.random.bytes(32)), keyPair(t.random.bytes(32))];
  const overlay = t.unique("overlay");
  return {
    overlay,
    title: t.unique("title"),
    dataSource: t.unique("data-source"),
    data: t.unique("data"),
    provider,
    source,
    content: new Content(overlay, source, clock).make(t.random, FRAGMENTS, FRAGMENT),
    type: "FILE",
    listed: [],
    advice: {},
    oms: undefined,
    pams: false,
    unis: false,
  };
}

/** A session key for a peer, or one that is wrong on purpose. */
export function keyFor(
  { overlay, provider }: Pick<Session, "overlay" | "provider">,
  now: number,
  peer: { readonly id: string; readonly key: KeyPair },
  change: Json = {},
  signer = provider,
): string {
  const statement = { overlay, peer: peer.id, publicKey: peer.key.publicKey, notAfter: now + 1000 * LIFETIME_S };
  return sessionKey({ ...statement, ...change }, signer);
}

/** A peer that the suite plays; it serves what it holds. */
export async function stand(
  t: Test,
  session: Session,
  now: number,
  { role = "peer", holds, gives = () => false, mute = false }: StandOptions = {},
): Promise<R10Peer> {
  const [id, key] =
    role === "source-peer" ? [t.unique("source"), session.source] : [t.unique("peer"), keyPair(t.random.bytes(32))];
  const held = (): readonly number[] => holds ?? session.content.indexes;
  return await R10Peer.open(t, {
    id,
    key,
    overlay: session.overlay,
    role,
    sessionKey: keyFor(session, now, { id, key }),
    ready: (link) => {
      if (!mute) link.send(bufferMapOf(held()));
    },
    heard: (heard, link) => {
      const request = as(heard, "request");
      if (!request || mute) return;
      for (const index of indexesIn(request.runs)) {
        if (gives(index, link)) continue;
        if (held().includes(index)) session.content.give(link, index);
        else link.send({ type: "refuse", reason: "not-held", runs: [{ first: index, count: 1 }] });
      }
    },
  });
}

/** What the servers of a session say where a case has scripted nothing. */
export function sessionAnswer(request: ClientRequest, standIn: StandIn, session: Session, clock: () => number): Answer {
  const { overlay, provider } = session;
  const urls = {
    ...(session.pams ? { pams_url: `${standIn.url}/pams/` } : {}),
    ...(session.unis ? { unis_url: standIn.url } : {}),
  };
  const peer_list = session.listed.map(({ id, address, role }) => ({ peer_id: id, addresses: [address], role }));
  switch (request.primitive) {
    case "IXS_INDEX_FILE_QUERY":
      return ok({ index_file_list: { index_file: [indexFileOf(session, session.oms ?? standIn.url)] } });
    case "OMS_JOIN": {
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
    case "OMS_PEER_LIST":
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
