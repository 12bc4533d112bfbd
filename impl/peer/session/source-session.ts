import type { OverlayNetwork } from "../../../generated/oms/index.js";
import { readPublicKey } from "../../keys/ed25519.js";
import type { PeerContext } from "../context.js";
import { PeerError } from "../errors.js";
import { Contact, pause } from "../servers/contact.js";
import { IndexOwner } from "../servers/index-server.js";
import { OverlayOwner } from "../servers/overlay-owner.js";
import type { FragmentStore } from "../storage/fragment-store.js";
import { openSourceStore } from "../storage/source-store.js";
import type {
  CreateSessionOptions,
  IndexChanges,
  IndexFile,
  ServerName,
  SessionNews,
  SessionState,
  SourceSession,
} from "../types.js";
import { type Content, creationOf, indexFileOf, openContent } from "./creation.js";
import { Participation } from "./participation.js";
import { Producer, signAll } from "./producer.js";
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
  const early: SessionNews[] = [];
  const { times, random, logger } = context;
  const { aliveMs } = times;
  let session: PeerSourceSession | undefined;
  const relay = (news: SessionNews): void => {
    if (session === undefined) early.push(news);
    else session.tell(news);
  };
  const contact = (server: ServerName): Contact =>
    new Contact({
      server,
      times,
      random,
      onChange: (change, reason) => relay({ kind: "server", server, change, ...(reason !== undefined && { reason }) }),
    });
  const content = await openContent(options, (error) => session?.spoilt(error));
  const makeOwner = (): OverlayOwner => {
    const owner: OverlayOwner = new OverlayOwner({
      oms: options.oms,
      creatorToken: options.creatorToken,
      creation: creationOf(context, options),
      contact: contact("OMS"),
      aliveMs,
      logger,
      onPointers: (pointers) => session?.point(owner, pointers),
      onGone: (reason) => session?.gone(owner, reason),
    });
    return owner;
  };
  const owner = makeOwner();
  let index: IndexOwner | undefined;
  let store: FragmentStore | undefined = content?.store;
  try {
    const network = await owner.create();
    const { contentType, fragmentSize } = options;
    const identity = { overlayId: network.overlay_network_id, sourceKey: context.key.publicKey, fragmentSize };
    const onFull = (error: Error): void => session?.spoilt(error);
    store ??= await openSourceStore(context.options.folder, contentType, identity, { logger, onFull });
    const file = indexFileOf(context, options, network, content?.whole);
    index = new IndexOwner(file, 3 * owner.expiresS, { ixs, key: context.key, contact: contact("IXS"), logger });
    await index.register();
    session = new PeerSourceSession(context, options, { makeOwner, owner, index, network, content, store });
    session.start();
    for (const news of early) session.tell(news);
    return session;
  } catch (error) {
    await store?.close();
    const patience = AbortSignal.timeout(times.answerMs);
    await index?.remove(patience).catch(() => undefined);
    await owner.remove(patience).catch(() => undefined);
    throw error;
  }
}

interface SourceParts {
  /** Of one more overlay network, where the OMS has lost the one before. */
  readonly makeOwner: () => OverlayOwner;
  readonly owner: OverlayOwner;
  readonly index: IndexOwner;
  readonly network: OverlayNetwork;
  readonly content: Content | undefined;
  readonly store: FragmentStore;
}

/** One overlay network of the session, with the swarm in it. */
interface Place {
  readonly overlayId: string;
  readonly owner: OverlayOwner;
  readonly participation: Participation;
}

/** The source peer's part in a session. */
export class PeerSourceSession implements SourceSession {
  readonly role = "source-peer";
  readonly #context: PeerContext;
  readonly #options: CreateSessionOptions;
  readonly #parts: SourceParts;
  readonly #index: IndexOwner;
  readonly #store: FragmentStore;
  readonly #listeners = new Set<(news: SessionNews) => void>();
  readonly #producer: Producer;
  readonly #stop = new AbortController();
  #place: Place;
  /** Those that the OMS has lost: who is linked there still gets what it came for. */
  readonly #earlier = new Set<Place>();
  #uploadedEarlier = 0;
  #renewing: Promise<void> | undefined;
  #moving: Promise<void> | undefined;
  #updating: Promise<void> = Promise.resolve();
  #ending: Promise<void> | undefined;
  #terminating: Promise<void> | undefined;

  constructor(context: PeerContext, options: CreateSessionOptions, parts: SourceParts) {
    const { key } = context;
    const { contentType, fragmentSize } = options;
    this.#context = context;
    this.#options = options;
    this.#parts = parts;
    this.#index = parts.index;
    const { store } = parts;
    this.#store = store;
    if (options.onNews !== undefined) this.#listeners.add(options.onNews);
    this.#place = this.#placeIn(parts.network, parts.owner);
    this.#producer = new Producer({
      overlayId: this.#place.overlayId,
      key,
      contentType,
      fragmentSize,
      size: options.content?.size,
      keep: (at, octets) => store.keep(at, [octets]),
      produced: (descriptors) => this.#place.participation.exchange.produced(descriptors),
    });
  }

  get overlayId(): string {
    return this.#place.overlayId;
  }

  #placeIn({ overlay_network_id: overlayId, pams_url, unis_url }: OverlayNetwork, owner: OverlayOwner): Place {
    const { peerId, key, options } = this.#context;
    const { contentType, settings: told } = this.#options;
    const sourceKey = readPublicKey(key.publicKey);
    if (sourceKey === undefined) throw new PeerError("ERR_OPTIONS", "the key of this peer has no public part");
    const participation = new Participation(this.#context, {
      overlayId,
      settings: swarmSettings(peerId, "source-peer", this.#index.file, options.settings, told),
      sourceKey,
      store: this.#store,
      pams: this.#options.pams,
      admission: () => owner,
      left: () => (contentType === "FILE" ? 0 : undefined),
    });
    const place = { overlayId, owner, participation };
    participation.onNews((news) => {
      this.tell(news);
      // Within the call in which it happens: what follows must not disturb that.
      if (news.kind === "link" && news.change === "down") queueMicrotask(() => this.#leaveIfEmpty(place));
    });
    participation.point({ pams: pams_url, unis: unis_url });
    return place;
  }

  get indexFile(): IndexFile {
    return this.#index.file;
  }

  get state(): SessionState {
    const { state } = this.#place.participation;
    const earlier = [...this.#earlier].map(({ participation }) => participation.state);
    const uploaded = earlier.reduce((sum, one) => sum + one.uploaded, state.uploaded + this.#uploadedEarlier);
    return { ...state, uploaded, links: [...state.links, ...earlier.flatMap(({ links }) => links)] };
  }

  start(): void {
    this.#context.sessions.add(this);
    this.#open(this.#place);
    this.#renewing = this.#renew();
  }

  #open({ overlayId, participation }: Place): void {
    const { content } = this.#parts;
    participation.open();
    if (content === undefined) return;
    const { key } = this.#context;
    const descriptors = [...signAll({ overlayId, key }, content.items)];
    participation.exchange.restore(descriptors, [{ first: 0, count: content.items.length }]);
    this.#producer.stop();
    participation.reports.complete();
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
    if (this.#parts.content !== undefined) return;
    const whole = this.#producer.end();
    if (whole === undefined) return;
    this.#place.participation.reports.complete();
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
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  limit(limits: { readonly uploadRate?: number; readonly downloadRate?: number }): void {
    for (const { participation } of [this.#place, ...this.#earlier]) participation.limit(limits);
  }

  tell(news: SessionNews): void {
    for (const listener of this.#listeners) {
      try {
        listener(news);
      } catch (error) {
        this.#context.logger.error({ err: error, overlayId: this.overlayId }, "a listener failed");
      }
    }
  }

  point(owner: OverlayOwner, pointers: { readonly pams: string | undefined; readonly unis: string | undefined }): void {
    if (owner === this.#place.owner) this.#place.participation.point(pointers);
  }

  /** The OMS has removed the overlay network, or lost it: nobody can join any more. What is in a file is shared in a new one. */
  gone(owner: OverlayOwner, reason: string): void {
    const { participation } = this.#place;
    if (owner !== this.#place.owner || participation.phase !== "running" || this.#terminating !== undefined) return;
    if (this.#parts.content === undefined) this.#over(reason);
    else this.#moving ??= this.#move(reason).finally(() => (this.#moving = undefined));
  }

  /** The file is not any longer what was described: nothing of it can be given. */
  spoilt(error: Error): void {
    if (this.#terminating === undefined) this.#over(error.message);
  }

  #over(reason: string): void {
    const { participation } = this.#place;
    if (participation.phase !== "running") return;
    participation.phase = "ended";
    this.tell({ kind: "ended", reason });
  }

  /** A new overlay network for the same file [X.609.10 7.1.1], to which the index file points from then on. */
  async #move(reason: string): Promise<void> {
    const { signal } = this.#stop;
    try {
      const { network, owner } = await this.#createAgain(signal);
      const before = this.#place;
      this.#place = this.#placeIn(network, owner);
      this.#earlier.add(before);
      this.#open(this.#place);
      await this.#index.update({ overlay_network_id: network.overlay_network_id }, signal);
      this.tell({ kind: "moved", overlayId: network.overlay_network_id, reason });
      // Its PAMS and its OMS have lost it: there is nobody to report to.
      void before.participation.reports.leave(this.#context.times.answerMs);
      this.#leaveIfEmpty(before);
    } catch (error) {
      if (!signal.aborted) this.#over(`${reason}; ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  async #createAgain(signal: AbortSignal): Promise<{ network: OverlayNetwork; owner: OverlayOwner }> {
    for (;;) {
      const owner = this.#parts.makeOwner();
      try {
        return { network: await owner.create(), owner };
      } catch (error) {
        if (!(error instanceof PeerError) || error.code !== "ERR_UNAVAILABLE") throw error;
        await pause(this.#context.times.retryCapMs, signal);
      }
    }
  }

  #leaveIfEmpty(place: Place): void {
    const { state } = place.participation;
    if (state.links.length > 0 || !this.#earlier.delete(place)) return;
    this.#uploadedEarlier += state.uploaded;
    place.participation.stop();
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
    await Promise.allSettled([this.#renewing, this.#updating, this.#moving]);
    const { participation, owner } = this.#place;
    const failed: string[] = [];
    await this.#index.remove(AbortSignal.timeout(leaveMs)).catch(note(failed, "IXS"));
    await participation.reports.leave(leaveMs);
    await owner.remove(AbortSignal.timeout(leaveMs)).catch(note(failed, "OMS"));
    for (const one of [this.#place, ...this.#earlier]) one.participation.stop();
    sessions.delete(this);
    await this.#store.close();
    if (failed.length > 0) {
      throw new PeerError("ERR_UNAVAILABLE", `not everything was told that the session is over: ${failed.join("; ")}`);
    }
  }

  /**
   * The index file outlives its source peer by no more than three lifetimes of the overlay network. It is told again long before that is
   * over: an IXS that was started without its store has it back soon.
   */
  async #renew(): Promise<void> {
    const { signal } = this.#stop;
    try {
      for (;;) {
        const { expiresS } = this.#place.owner;
        await pause(Math.min(1000 * expiresS, this.#context.times.aliveMs), signal);
        await this.#index.renew(3 * expiresS, signal).catch((error: unknown) => this.#unlessStopped(error));
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
