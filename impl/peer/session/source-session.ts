import type { OverlayCreation, OverlayNetwork } from "../../../generated/oms/index.js";
import { readPublicKey } from "../../keys/ed25519.js";
import type { PeerContext } from "../context.js";
import type { Descriptor } from "../core/message.js";
import { PeerError } from "../errors.js";
import { Contact, pause } from "../servers/contact.js";
import { IndexOwner } from "../servers/index-server.js";
import { OverlayOwner } from "../servers/overlay-owner.js";
import type { FragmentStore } from "../storage/fragment-store.js";
import { createMemoryFragmentStore } from "../storage/memory-store.js";
import { openSharedFile } from "../storage/shared-file.js";
import type {
  CreateSessionOptions,
  IndexChanges,
  IndexFile,
  ServerName,
  SessionNews,
  SessionState,
  SourceSession,
} from "../types.js";
import { Participation } from "./participation.js";
import { describeFile, Producer, signAll, type Whole } from "./producer.js";
import { swarmSettings } from "./settings.js";

/** Creates the overlay network over R5, then registers the session over R6 [X.609.10 7.1.1] (E-DS-33). @throws PeerError */
export async function createSourceSession(
  context: PeerContext,
  options: CreateSessionOptions,
): Promise<PeerSourceSession> {
  const ixs = options.ixs ?? context.options.ixs;
  if (ixs === undefined)
    throw new PeerError("ERR_OPTIONS", "an IXS is to be named: nobody finds the session otherwise");
  if (!Number.isSafeInteger(options.fragmentSize) || options.fragmentSize < 1) {
    throw new PeerError("ERR_OPTIONS", "fragmentSize is a number of octets from 1 on [X.609.10 8.6 a) v)]");
  }
  const content = await openContent(options);
  const early: SessionNews[] = [];
  const { times, random, logger } = context;
  const contact = (server: ServerName): Contact =>
    new Contact({
      server,
      times,
      random,
      onChange: (change, reason) => relay({ kind: "server", server, change, ...(reason !== undefined && { reason }) }),
    });
  let session: PeerSourceSession | undefined;
  const relay = (news: SessionNews): void => {
    if (session === undefined) early.push(news);
    else session.tell(news);
  };
  const owner = new OverlayOwner({
    oms: options.oms,
    creation: creationOf(context, options),
    contact: contact("OMS"),
    logger,
    onPointers: (pointers) => session?.point(pointers),
    onGone: (reason) => session?.gone(reason),
  });
  let index: IndexOwner | undefined;
  try {
    const network = await owner.create();
    const file = indexFileOf(context, options, network, content?.whole);
    index = new IndexOwner(file, 3 * owner.expiresS, { ixs, key: context.key, contact: contact("IXS"), logger });
    await index.register();
    session = new PeerSourceSession(context, options, owner, index, network, content);
    session.start();
    for (const news of early) session.tell(news);
    return session;
  } catch (error) {
    await content?.store.close();
    const patience = AbortSignal.timeout(times.answerMs);
    await index?.remove(patience).catch(() => undefined);
    await owner.remove(patience).catch(() => undefined);
    throw error;
  }
}

interface Content {
  readonly store: FragmentStore;
  readonly whole: Whole;
  readonly items: readonly Descriptor[];
}

async function openContent({ content, contentType, fragmentSize }: CreateSessionOptions): Promise<Content | undefined> {
  if (content?.path === undefined) return undefined;
  if (contentType !== "FILE") throw new PeerError("ERR_OPTIONS", "content.path is for a FILE");
  const store = await openSharedFile(content.path, fragmentSize);
  try {
    return { store, ...(await describeFile(store.content(store.size), fragmentSize)) };
  } catch (error) {
    await store.close();
    throw error;
  }
}

function creationOf({ peerId, key, transport }: PeerContext, options: CreateSessionOptions): OverlayCreation {
  const { title, description, contentType, fragmentSize, dataSourceId, dataId, format, closed } = options;
  return {
    title,
    description,
    content_type: contentType,
    fragment_size: fragmentSize,
    data_source_id: dataSourceId,
    data_id: dataId,
    format: format ?? "octets",
    source_peer: {
      peer_id: peerId,
      public_key: key.publicKey,
      addresses: [...transport.addresses],
      role: "source-peer",
    },
    ...(options.refreshExpiration !== undefined && { refresh_expiration: options.refreshExpiration }),
    ...(closed !== undefined && {
      closed: {
        ...(closed.peers !== undefined && { peer_id: [...closed.peers] }),
        ...(closed.password !== undefined && { password: closed.password }),
      },
    }),
    ...(options.serviceClasses !== undefined && { service_classes: options.serviceClasses }),
    ...(options.csResources !== undefined && { cs_resources: { ...options.csResources } }),
    ...(options.umsSession !== undefined && { ums_session: options.umsSession }),
  };
}

function indexFileOf(
  { peerId, key }: PeerContext,
  options: CreateSessionOptions,
  network: OverlayNetwork,
  whole: Whole | undefined,
): IndexFile {
  const { content } = options;
  return {
    version: 1,
    title: options.title,
    oms_url: options.oms,
    overlay_network_id: network.overlay_network_id,
    data_source_id: options.dataSourceId,
    data_id: options.dataId,
    fragment_size: options.fragmentSize,
    description: options.description,
    content_type: options.contentType,
    format: options.format ?? "octets",
    source_peer_id: peerId,
    source_public_key: key.publicKey,
    content_size: whole?.size ?? content?.size,
    content_digest: whole?.digest ?? content?.digest,
    number_of_fragments:
      whole?.fragments ?? (content?.size === undefined ? undefined : Math.ceil(content.size / options.fragmentSize)),
    ...(options.closed !== undefined && { closed: true }),
  };
}

/** The source peer's part in a session. */
export class PeerSourceSession implements SourceSession {
  readonly overlayId: string;
  readonly role = "source-peer";
  readonly #context: PeerContext;
  readonly #options: CreateSessionOptions;
  readonly #owner: OverlayOwner;
  readonly #index: IndexOwner;
  readonly #store: FragmentStore;
  readonly #content: Content | undefined;
  readonly #participation: Participation;
  readonly #producer: Producer;
  readonly #stop = new AbortController();
  #renewing: Promise<void> | undefined;
  #updating: Promise<void> = Promise.resolve();
  #ending: Promise<void> | undefined;
  #terminating: Promise<void> | undefined;

  constructor(
    context: PeerContext,
    options: CreateSessionOptions,
    owner: OverlayOwner,
    index: IndexOwner,
    network: OverlayNetwork,
    content: Content | undefined,
  ) {
    const { peerId, key } = context;
    const { overlay_network_id: overlayId } = network;
    const { contentType, fragmentSize } = options;
    const sourceKey = readPublicKey(key.publicKey);
    if (sourceKey === undefined) throw new PeerError("ERR_OPTIONS", "the key of this peer has no public part");
    this.overlayId = overlayId;
    this.#context = context;
    this.#options = options;
    this.#owner = owner;
    this.#index = index;
    this.#content = content;
    const store = content?.store ?? createMemoryFragmentStore();
    this.#store = store;
    const settings = swarmSettings(peerId, "source-peer", index.file, context.options.settings, options.settings);
    this.#participation = new Participation(context, {
      overlayId,
      settings,
      sourceKey,
      store,
      pams: options.pams,
      admission: () => owner,
      left: () => (contentType === "FILE" ? 0 : undefined),
    });
    this.#participation.point({ pams: network.pams_url, unis: network.unis_url });
    this.#producer = new Producer({
      overlayId,
      key,
      contentType,
      fragmentSize,
      size: options.content?.size,
      keep: (at, octets) => store.keep(at, [octets]),
      produced: (descriptors) => this.#participation.exchange.produced(descriptors),
    });
  }

  get indexFile(): IndexFile {
    return this.#index.file;
  }

  get state(): SessionState {
    return this.#participation.state;
  }

  start(): void {
    this.#context.sessions.add(this);
    const { exchange, reports } = this.#participation;
    this.#participation.open();
    if (this.#content !== undefined) {
      const { key } = this.#context;
      const descriptors = [...signAll({ overlayId: this.overlayId, key }, this.#content.items)];
      exchange.restore(descriptors, [{ first: 0, count: this.#content.items.length }]);
      this.#producer.stop();
      reports.complete();
    }
    this.#renewing = this.#renew();
  }

  async append(octets: Uint8Array, time = Date.now()): Promise<void> {
    if (this.#terminating !== undefined) throw new PeerError("ERR_LEFT", "the session is terminated");
    this.#producer.append(octets, time);
    // Others get their turn: whoever appends a whole file would keep the links waiting.
    await new Promise<void>((resolve) => setImmediate(resolve));
  }

  async end(): Promise<void> {
    this.#ending ??= this.#end();
    await this.#ending;
  }

  async #end(): Promise<void> {
    if (this.#content !== undefined) return;
    const whole = this.#producer.end();
    if (whole === undefined) return;
    this.#participation.reports.complete();
    const { digest, size, fragments } = whole;
    // The IXS may be down for long: the fragments themselves say which one is the last.
    const update = this.#update({ content_size: size, content_digest: digest, number_of_fragments: fragments });
    const patience = new AbortController();
    await Promise.race([update, pause(this.#context.times.answerMs, patience.signal).catch(() => undefined)]);
    patience.abort();
  }

  async updateIndex({ title, description, format }: IndexChanges): Promise<void> {
    if (this.#terminating !== undefined) throw new PeerError("ERR_LEFT", "the session is terminated");
    const changes = { title, description, format };
    const given = Object.entries(changes).filter(([, value]) => value !== undefined);
    await this.#index.update(Object.fromEntries(given), this.#stop.signal);
  }

  onNews(listener: (news: SessionNews) => void): () => void {
    return this.#participation.onNews(listener);
  }

  limit(limits: { readonly uploadRate?: number; readonly downloadRate?: number }): void {
    this.#participation.limit(limits);
  }

  tell(news: SessionNews): void {
    this.#participation.tell(news);
  }

  point(pointers: { readonly pams: string | undefined; readonly unis: string | undefined }): void {
    this.#participation.point(pointers);
  }

  /** The OMS has removed the overlay network, or lost it: nobody can join any more. */
  gone(reason: string): void {
    if (this.#participation.phase !== "running") return;
    this.#participation.phase = "ended";
    this.tell({ kind: "ended", reason });
  }

  async terminate(): Promise<void> {
    this.#terminating ??= this.#terminate();
    await this.#terminating;
  }

  /** [X.609.10 7.1.3] and Figure 5: the index file first, so that nobody comes any more, then the overlay network. */
  async #terminate(): Promise<void> {
    const { times, sessions } = this.#context;
    const { leaveMs } = times;
    this.#producer.stop();
    this.#stop.abort(new PeerError("ERR_LEFT", "the session is terminated"));
    await Promise.allSettled([this.#renewing, this.#updating]);
    const failed: string[] = [];
    await this.#index.remove(AbortSignal.timeout(leaveMs)).catch(note(failed, "IXS"));
    await this.#participation.reports.leave(leaveMs);
    await this.#owner.remove(AbortSignal.timeout(leaveMs)).catch(note(failed, "OMS"));
    this.#participation.stop();
    sessions.delete(this);
    await this.#store.close();
    if (failed.length > 0) {
      throw new PeerError("ERR_UNAVAILABLE", `not everything was told that the session is over: ${failed.join("; ")}`);
    }
  }

  /** The index file outlives its source peer by no more than three lifetimes of the overlay network. */
  async #renew(): Promise<void> {
    const { signal } = this.#stop;
    try {
      for (;;) {
        await pause(1000 * this.#owner.expiresS, signal);
        await this.#index.renew(3 * this.#owner.expiresS, signal).catch((error: unknown) => this.#unlessStopped(error));
      }
    } catch (error) {
      this.#unlessStopped(error);
    }
  }

  #update(changes: Partial<IndexFile>): Promise<void> {
    const done = this.#index.update(changes, this.#stop.signal).catch((error: unknown) => this.#unlessStopped(error));
    this.#updating = done;
    return done;
  }

  #unlessStopped(error: unknown): void {
    if (this.#stop.signal.aborted) return;
    const { overlayId } = this;
    this.#context.logger.warn({ err: error, overlayId, title: this.#options.title }, "the index file was not updated");
  }
}

function note(failed: string[], server: string): (error: unknown) => void {
  return (error) => {
    failed.push(`${server}: ${error instanceof Error ? error.message : String(error)}`);
  };
}
