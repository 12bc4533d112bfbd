import { randomUUID } from "node:crypto";
import { createSigningKey } from "../keys/ed25519.js";
import { systemRandom } from "../net/clock.js";
import { silentLogger } from "../net/logger.js";
import { createDistances, type Distances } from "../unis-client/index.js";
import type { PeerContext } from "./context.js";
import { PeerError } from "./errors.js";
import { openKeyFile } from "./key-file.js";
import { listChannels } from "./servers/channels.js";
import { Contact } from "./servers/contact.js";
import { findIndexFile, findIndexFiles } from "./servers/index-server.js";
import { RoundTrips } from "./servers/round-trips.js";
import { joinSession } from "./session/session.js";
import { createSourceSession } from "./session/source-session.js";
import type { LinkOverlay } from "./transport/overlay.js";
import { openPeerTransport } from "./transport/peer-transport.js";
import type { Peer, PeerOptions, PeerTimes, ServerName, Session, SourceSession } from "./types.js";

export const defaultPeerTimes: PeerTimes = {
  answerMs: 5_000,
  retryMs: 500,
  retryCapMs: 15_000,
  listMs: 30_000,
  leastListMs: 1_000,
  receiptMs: 500,
  aliveMs: 30_000,
  leaveMs: 10_000,
};

/** A peer of managed P2P [X.609.10 7.2.1]. @throws PeerError ERR_OPTIONS; TransportError ERR_MISSING_PACKAGE; the system's error where it cannot listen */
export async function createPeer(options: PeerOptions = {}): Promise<Peer> {
  const { peerId = randomUUID(), logger = silentLogger, random = systemRandom } = options;
  const times = { ...defaultPeerTimes, ...options.times };
  const key = typeof options.key === "string" ? await openKeyFile(options.key) : (options.key ?? createSigningKey());
  const overlays = new Map<string, LinkOverlay>();
  const sessions = new Set<Session | SourceSession>();
  const units = new Map<string, Distances>();
  const roundTrips = new RoundTrips(
    () => units.values(),
    () => {
      const [address] = transport.addresses;
      return address === undefined ? undefined : { peer_id: peerId, address };
    },
  );
  const transport = await openPeerTransport({
    listen: options.listen ?? {},
    ...(options.webrtc !== undefined && { webrtc: options.webrtc }),
    ...(options.advertise !== undefined && { advertise: options.advertise }),
    lookup: (overlayId) => overlays.get(overlayId),
    measured: (address, milliseconds) => roundTrips.measured(address, milliseconds),
    logger,
    random,
  });
  const ending = new AbortController();
  const contact = (server: ServerName): Contact => new Contact({ server, times, random, onChange: () => undefined });
  const context: PeerContext = {
    peerId,
    key,
    options,
    times,
    transport,
    overlays,
    sessions,
    random,
    logger,
    closing: ending.signal,
    distances(url) {
      if (url === undefined) return undefined;
      const known = units.get(url) ?? createDistances({ unis: url, random, logger, retryMs: times.retryMs });
      units.set(url, known);
      return known;
    },
  };
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    ending.abort(new PeerError("ERR_LEFT", "the peer is closed"));
    await Promise.allSettled(
      [...sessions].map((session) => (session.role === "source-peer" ? session.terminate() : session.leave())),
    );
    roundTrips.stop();
    for (const distances of units.values()) distances.close();
    await transport.close();
  };
  const open = (): void => {
    if (closing !== undefined) throw new PeerError("ERR_LEFT", "the peer is closed");
  };
  return {
    peerId,
    publicKey: key.publicKey,
    addresses: transport.addresses,
    get sessions() {
      return [...sessions];
    },
    async find(query) {
      if (options.ixs === undefined) throw new PeerError("ERR_OPTIONS", "this peer knows no IXS");
      return await findIndexFile(options.ixs, query, contact("IXS"));
    },
    async findAll(query) {
      if (options.ixs === undefined) throw new PeerError("ERR_OPTIONS", "this peer knows no IXS");
      return await findIndexFiles(options.ixs, query, contact("IXS"));
    },
    async channels() {
      if (options.ums === undefined) throw new PeerError("ERR_OPTIONS", "this peer knows no UMS");
      return await listChannels(options.ums.url, options.ums.credential, contact("UMS"));
    },
    async join(indexFile, joining = {}) {
      open();
      return await joinSession(context, indexFile, joining);
    },
    async createSession(creation) {
      open();
      return await createSourceSession(context, creation);
    },
    async close() {
      closing ??= close();
      await closing;
    },
  };
}
