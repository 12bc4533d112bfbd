import { type IxsServer, startIxsServer } from "../../ixs/index.js";
import { type OmsServer, type OmsServerOptions, startOmsServer } from "../../oms/index.js";
import { type PamsServer, startPamsServer } from "../../pams/index.js";
import { createMemoryStore, type Store } from "../../store/index.js";
import { createPeer } from "../peer.js";
import type { CreateSessionOptions, Peer, PeerOptions, Session } from "../types.js";

/** What a test waits for, at most, in ms: machines may be busy. */
export const patience = 30_000;

type Kind = "pams" | "oms" | "ixs";
interface Running {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Real servers on loopback, each of which can be stopped and started again at the same address, with what it knew or without. */
export class Servers {
  readonly #more: Partial<OmsServerOptions>;
  readonly #stores = new Map<Kind, Store>();
  readonly #running = new Map<Kind, Running>();
  readonly #ports = new Map<Kind, number>();
  readonly #peers: Peer[] = [];
  #pams: PamsServer | undefined;
  #oms: OmsServer | undefined;
  #ixs: IxsServer | undefined;

  /** @param more for the OMS */
  constructor(more: Partial<OmsServerOptions> = {}) {
    this.#more = more;
  }

  async start(...kinds: readonly Kind[]): Promise<this> {
    for (const kind of kinds) {
      const store = this.#stores.get(kind) ?? createMemoryStore();
      this.#stores.set(kind, store);
      const running = await this.#start(kind, store, this.#ports.get(kind) ?? 0);
      this.#running.set(kind, running);
      this.#ports.set(kind, running.port);
    }
    return this;
  }

  async stop(kind: Kind, how: "keeps" | "forgets" = "keeps"): Promise<void> {
    await this.#running.get(kind)?.close();
    this.#running.delete(kind);
    if (how === "forgets") this.#stores.delete(kind);
  }

  url(kind: Kind): string {
    return this.#running.get(kind)?.url ?? `http://127.0.0.1:${this.#ports.get(kind) ?? 1}`;
  }

  /** Overlay networks at PAMS and OMS, and index files: what is left of sessions. */
  async left(ixsTitle: string): Promise<{ oms: number; pams: number; found: boolean }> {
    const asking = await this.peer({ listen: false });
    const found = await asking.find({ title: ixsTitle }).then(
      () => true,
      () => false,
    );
    return { oms: this.#oms?.oms.figures().overlays ?? -1, pams: this.#pams?.pams.core.overlays.size ?? -1, found };
  }

  get pams() {
    if (this.#pams === undefined) throw new Error("no PAMS was started");
    return this.#pams.pams.core;
  }

  get oms(): OmsServer {
    if (this.#oms === undefined) throw new Error("no OMS was started");
    return this.#oms;
  }

  /** Members of an overlay network at the OMS, the source peer included. */
  members(overlayId: string): number {
    const result = this.#oms?.oms.core.overlay(overlayId);
    return result?.members.size ?? 0;
  }

  /** A peer that is closed with the servers. */
  async peer(options: PeerOptions = {}): Promise<Peer> {
    const times = { retryMs: 50, retryCapMs: 200, leaveMs: 5_000, answerMs: 5_000, ...options.times };
    const peer = await createPeer({ ixs: this.url("ixs"), ...options, times });
    this.#peers.push(peer);
    return peer;
  }

  /** Where a peer of this test listens. */
  addressesOf(peerId: string): readonly string[] {
    return this.#peers.find((peer) => peer.peerId === peerId)?.addresses ?? [];
  }

  async close(): Promise<void> {
    await Promise.all(this.#peers.map((peer) => peer.close()));
    for (const kind of [...this.#running.keys()]) await this.stop(kind);
  }

  async #start(kind: Kind, store: Store, port: number): Promise<Running> {
    if (kind === "pams") {
      this.#pams = await startPamsServer({ store, port, policy: { reportInterval: 0.2 } });
      return this.#pams;
    }
    if (kind === "ixs") {
      this.#ixs = await startIxsServer({ store, port });
      return this.#ixs;
    }
    const pams = this.#ports.has("pams") ? { pams: { url: this.url("pams") } } : {};
    this.#oms = await startOmsServer({
      store,
      port,
      ...pams,
      ...this.#more,
      policy: { membershipExpires: 2, keepAlive: 1 },
    });
    return this.#oms;
  }
}

/** A session with what tests have in common. */
export function sessionOf(servers: Servers, changes: Partial<CreateSessionOptions> = {}): CreateSessionOptions {
  return {
    oms: servers.url("oms"),
    title: "readings",
    description: "what a test sends",
    dataSourceId: "source",
    dataId: "data",
    contentType: "FILE",
    fragmentSize: 4096,
    ...changes,
  };
}

export async function collect(session: Session): Promise<{ octets: Buffer; missed: number }> {
  const parts: Uint8Array[] = [];
  let missed = 0;
  for await (const received of session.read()) {
    parts.push(received.octets);
    missed += received.missed;
  }
  return { octets: Buffer.concat(parts), missed };
}

/** In pieces of a size. */
export function* pieces(octets: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < octets.length; at += size) yield octets.subarray(at, at + size);
}

/** Resolves once it holds. */
export async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + patience;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`it never came to this: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
