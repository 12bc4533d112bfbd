import { createHash } from "node:crypto";
import { readPublicKey } from "../../keys/ed25519.js";
import type { PeerContext } from "../context.js";
import type { Run } from "../core/message.js";
import type { SwarmNews } from "../core/ports.js";
import { PeerError } from "../errors.js";
import { isDescribed } from "../exchange/exchange.js";
import { readIndexFile } from "../servers/index-file.js";
import { findIndexFile } from "../servers/index-server.js";
import { Membership } from "../servers/membership.js";
import { folderOf, openFolderStore } from "../storage/folder-store.js";
import type { FragmentStore } from "../storage/fragment-store.js";
import { createMemoryFragmentStore } from "../storage/memory-store.js";
import type { IndexFile, JoinOptions, Received, Session, SessionNews, SessionState } from "../types.js";
import { FileReader } from "./file-reader.js";
import { Listing } from "./listing.js";
import { LiveReader } from "./live-reader.js";
import { Participation } from "./participation.js";
import { verifyLeft } from "./restored.js";
import { swarmSettings } from "./settings.js";

/** A FILE beyond is not taken into memory. */
const maxInMemory = 1024 * 1024 * 1024;

/** Joins what an index file describes [X.609.10 8.5, 8.6]. @throws PeerError */
export async function joinSession(context: PeerContext, given: IndexFile, options: JoinOptions): Promise<PeerSession> {
  const indexFile = readIndexFile(given);
  const { overlay_network_id: overlayId } = indexFile;
  if (context.overlays.has(overlayId)) {
    throw new PeerError("ERR_OPTIONS", "this peer takes part in that session already");
  }
  const store = await openStore(context, indexFile, {
    onFull: (error) => session.full(error),
    recovered: (runs) => session.recovered(runs),
  });
  const session: PeerSession = new PeerSession(context, indexFile, options, store);
  try {
    await session.join();
  } catch (error) {
    await session.abandon();
    throw error;
  }
  return session;
}

async function openStore(
  { options, logger }: PeerContext,
  indexFile: IndexFile,
  told: { onFull(error: Error): void; recovered(runs: readonly Run[]): void },
): Promise<FragmentStore> {
  const { overlay_network_id: overlayId, source_public_key: sourceKey, fragment_size: fragmentSize } = indexFile;
  if (indexFile.content_type === "FILE" && options.folder !== undefined) {
    const folder = folderOf(options.folder, overlayId);
    const { onFull, recovered } = told;
    const { content_digest: digest } = indexFile;
    const earlier = digest === undefined ? undefined : { digest, isDescribed, recovered };
    const identity = { overlayId, sourceKey, fragmentSize };
    return await openFolderStore(folder, identity, { logger, onFull, ...(earlier && { earlier }) });
  }
  const size = indexFile.content_size ?? 0;
  if (indexFile.content_type === "FILE" && size > maxInMemory) {
    throw new PeerError("ERR_OPTIONS", `${size} octets are too many for memory: name a folder`);
  }
  return createMemoryFragmentStore();
}

/** A peer's part in a session. */
export class PeerSession implements Session {
  readonly overlayId: string;
  readonly role: "peer" | "virtual-peer";
  readonly completed: Promise<void>;
  readonly #context: PeerContext;
  readonly #store: FragmentStore;
  readonly #participation: Participation;
  readonly #membership: Membership;
  readonly #listing: Listing;
  readonly #files: FileReader | undefined;
  readonly #live: LiveReader | undefined;
  #indexFile: IndexFile;
  #complete: () => void = () => undefined;
  #fail: (error: Error) => void = () => undefined;
  #finished = false;
  #patience: NodeJS.Timeout | undefined;
  #ended = false;
  /** How the source peer broke the rules, if it did: then what only it has is not to be had. */
  #sourceFault: string | undefined;
  #leaving: Promise<void> | undefined;

  constructor(context: PeerContext, indexFile: IndexFile, options: JoinOptions, store: FragmentStore) {
    const { peerId, key, transport, times, random, logger } = context;
    const { overlay_network_id: overlayId, oms_url, content_type } = indexFile;
    const sourceKey = readPublicKey(indexFile.source_public_key);
    if (sourceKey === undefined) {
      throw new PeerError("ERR_INDEX_FILE", "source_public_key of the index file is no Ed25519 key [X.609.10 8.6 a)]");
    }
    this.#context = context;
    this.#indexFile = indexFile;
    this.#store = store;
    this.overlayId = overlayId;
    this.role = options.role ?? "peer";
    this.completed = new Promise((resolve, reject) => {
      this.#complete = resolve;
      this.#fail = reject;
    });
    // Whoever does not ask for it need not hear of it.
    this.completed.catch(() => undefined);
    const settings = swarmSettings(peerId, this.role, indexFile, context.options.settings, options.settings);
    this.#participation = new Participation(context, {
      overlayId,
      settings,
      sourceKey,
      store,
      pams: options.pams,
      admission: () => this.#membership,
      left: () => this.#left,
      news: (news) => this.#happened(news),
      dropping: (below) => this.#live?.dropping(below),
    });
    if (options.onNews !== undefined) this.#participation.onNews(options.onNews);
    this.#membership = new Membership({
      oms: oms_url,
      overlayId,
      peerId,
      key,
      join: {
        addresses: [...transport.addresses],
        role: this.role,
        ...(options.password !== undefined && { password: options.password }),
        ...(options.userId !== undefined && { user_id: options.userId }),
        ...(options.userCredential !== undefined && { user_credential: options.userCredential }),
      },
      contact: this.#participation.contact("OMS"),
      random,
      logger,
      onPointers: (pointers) => this.#participation.point(pointers),
      onRejoined: (listing) => {
        this.#ended = false;
        if (this.#participation.phase === "ended") this.#participation.phase = "running";
        this.#participation.tell({ kind: "rejoined" });
        void this.#participation.take(listing);
      },
      onEnded: (reason) => this.#onEnded(reason),
    });
    this.#listing = new Listing({
      ask: (request) => this.#membership.list(request),
      take: (listing) => this.#participation.take(listing),
      file: () => {
        const { held, total } = this.#participation.swarm;
        return content_type === "FILE" && total !== undefined ? { held, total } : undefined;
      },
      times,
      random,
      logger,
    });
    const { exchange } = this.#participation;
    if (content_type === "FILE") {
      const timeOf = (index: number): number => exchange.descriptor(index)?.time ?? 0;
      this.#files = new FileReader({ store, total: () => this.#participation.swarm.total, timeOf });
    } else {
      const descriptor = exchange.descriptor.bind(exchange);
      const { delayMs } = settings;
      this.#live = new LiveReader({ store, descriptor, delayMs, unread: options.unread ?? 1024 });
    }
  }

  get indexFile(): IndexFile {
    return this.#indexFile;
  }

  get path(): string | undefined {
    return this.#store.path;
  }

  get state(): SessionState {
    return this.#participation.state;
  }

  async join(): Promise<void> {
    const { exchange } = this.#participation;
    const sourceKey = readPublicKey(this.#indexFile.source_public_key);
    if (sourceKey !== undefined && this.#store.left.descriptors.length > 0) {
      const { descriptors, held } = await verifyLeft(this.#store, sourceKey, this.#indexFile);
      exchange.restore(descriptors, held);
      this.#store.recover?.(descriptors, held);
    }
    const listing = await this.#membership.join(this.#context.closing);
    this.#context.sessions.add(this);
    this.#participation.open();
    this.#listing.start();
    await this.#participation.take(listing);
  }

  /** What `join` did not bring to its end is undone. */
  async abandon(): Promise<void> {
    await this.leave();
  }

  read(): AsyncIterable<Received> {
    if (this.#live !== undefined) return this.#live.read();
    return (this.#files as FileReader).read();
  }

  onNews(listener: (news: SessionNews) => void): () => void {
    return this.#participation.onNews(listener);
  }

  limit(limits: { readonly uploadRate?: number; readonly downloadRate?: number }): void {
    this.#participation.limit(limits);
  }

  async askForPeers(): Promise<void> {
    await this.#listing.now();
  }

  async leave(): Promise<void> {
    this.#leaving ??= this.#leave();
    await this.#leaving;
  }

  async #leave(): Promise<void> {
    const { times, sessions } = this.#context;
    this.#listing.stop();
    clearTimeout(this.#patience);
    this.#participation.stop();
    this.#live?.end();
    this.#files?.happened(true);
    const patience = AbortSignal.timeout(times.leaveMs);
    await Promise.all([this.#participation.reports.leave(times.leaveMs), this.#membership.leave(patience)]);
    this.#fail(new PeerError("ERR_LEFT", "the session was left before it was complete"));
    sessions.delete(this);
    await this.#store.close();
  }

  get #left(): number | undefined {
    const { content_size, content_type, fragment_size } = this.#indexFile;
    if (content_type !== "FILE") return undefined;
    const { held, total, complete } = this.#participation.swarm;
    if (complete) return 0;
    const octets = content_size ?? (total === undefined ? undefined : total * fragment_size);
    if (octets === undefined) return undefined;
    const there = held.reduce((sum, { count }) => sum + count, 0) * fragment_size;
    return Math.max(0, octets - there);
  }

  #happened(news: SwarmNews): void {
    switch (news.kind) {
      case "fragment":
        this.#listing.progressed();
        this.#live?.arrived(news.index);
        this.#files?.happened();
        if (this.#patience !== undefined) this.#watchTheEnd();
        break;
      case "missed":
        this.#live?.missed(news.index);
        break;
      case "starving":
        this.#listing.starving();
        break;
      case "complete":
        // Within the call that completes it: what follows must not disturb that.
        queueMicrotask(() => void this.#finish());
        break;
      case "culprit":
        if (news.peerId === this.#indexFile.source_peer_id) this.#sourceFault ??= news.fault;
        this.#watchTheEnd();
        break;
      case "link":
        if (news.change === "down") this.#watchTheEnd();
        break;
    }
  }

  #onEnded(reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#participation.phase === "running") this.#participation.phase = "ended";
    this.#participation.tell({ kind: "ended", reason });
    this.#watchTheEnd();
  }

  /** Nobody comes any more, and whoever is left may have nothing that is missing here: receivers are linked with each other. */
  get #isOver(): boolean {
    if (this.#finished || this.#participation.phase === "left") return false;
    const over = this.#ended || (this.#live === undefined && this.#sourceFault !== undefined);
    return over && !this.#participation.swarm.links.some(({ remote }) => remote.role === "source-peer");
  }

  /** Without links a stream is over at once; of a file somebody may turn up again. With links, what they hand on says that it is not over. */
  #watchTheEnd(): void {
    queueMicrotask(() => {
      clearTimeout(this.#patience);
      this.#patience = undefined;
      if (!this.#isOver) return;
      const alone = this.#participation.swarm.links.length === 0;
      const { retryCapMs } = this.#context.times;
      if (alone && this.#live !== undefined) void this.#finish();
      else this.#patience = setTimeout(() => this.#giveUp(), (alone ? 2 : 4) * retryCapMs);
    });
  }

  #giveUp(): void {
    this.#patience = undefined;
    if (!this.#isOver) return;
    if (this.#live !== undefined) void this.#finish();
    // A large fragment on its way.
    else if (this.#participation.swarm.links.some(({ downloadRate }) => downloadRate > 0)) this.#watchTheEnd();
    else if (this.#sourceFault === undefined) {
      this.#fail(new PeerError("ERR_UNAVAILABLE", "the session is over, and nobody has what is missing"));
    } else {
      const { number_of_fragments: fragments, content_size: octets } = this.#indexFile;
      const said = `number_of_fragments ${fragments ?? "unknown"}, content_size ${octets ?? "unknown"}`;
      const detail = `the source peer does not keep to what it said (${this.#sourceFault}; index file: ${said})`;
      this.#fail(new PeerError("ERR_CONTENT", `${detail}, and nobody else has what is missing`));
    }
  }

  /** Fetched in another overlay network, and described alike by the source peer in this one. */
  recovered(runs: readonly Run[]): void {
    if (this.#participation.phase === "left") return;
    this.#participation.exchange.restore([], runs);
    this.#listing.progressed();
    this.#files?.happened();
  }

  /** The disk takes no more: what it has is kept, and going on would only fill the memory. */
  full(error: Error): void {
    if (this.#finished) return;
    this.#finished = true;
    const reason = `what comes cannot be kept (${error.message}); what was kept stays for another attempt`;
    this.#fail(new PeerError("ERR_STORAGE", reason));
    this.#live?.end();
    this.#files?.happened(true);
    // After those who wait for it have heard.
    setImmediate(() => void this.leave().catch(() => undefined));
  }

  async #finish(): Promise<void> {
    if (this.#finished) return;
    this.#finished = true;
    this.#files?.happened();
    this.#live?.end();
    try {
      if (this.#files !== undefined) await this.#verifyWhole();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#fail(error instanceof PeerError ? error : new PeerError("ERR_CONTENT", message));
      return;
    }
    if (this.#participation.swarm.complete) this.#participation.reports.complete();
    this.#complete();
  }

  /** The fragments are what the source peer signed; the whole is to be what the index file says. */
  async #verifyWhole(): Promise<void> {
    const { total = 0 } = this.#participation.swarm;
    const { fragment_size } = this.#indexFile;
    const last = this.#participation.exchange.descriptor(total - 1)?.size ?? fragment_size;
    const size = (total - 1) * fragment_size + last;
    await this.#store.finish(size);
    const { content_digest, content_size, number_of_fragments } = await this.#newestIndexFile();
    if (number_of_fragments !== undefined && number_of_fragments !== total) {
      const detail = `${total} fragments came where the index file has number_of_fragments ${number_of_fragments}`;
      throw new PeerError("ERR_CONTENT", `${detail} [X.609.10 8.6 a)]`);
    }
    if (content_size !== undefined && content_size !== size) {
      throw new PeerError(
        "ERR_CONTENT",
        `${size} octets came where the index file has content_size ${content_size} [X.609.10 8.6 a)]`,
      );
    }
    if (content_digest === undefined) return;
    const hash = createHash("sha256");
    for await (const octets of this.#store.content(size)) hash.update(octets);
    if (hash.digest("hex") !== content_digest) {
      throw new PeerError("ERR_CONTENT", "the content is not what content_digest of the index file says");
    }
  }

  /** One that was joined while its source peer was still at it may have learnt of its size since. */
  async #newestIndexFile(): Promise<IndexFile> {
    const { ixs } = this.#context.options;
    const { title, data_source_id: dataSourceId, data_id: dataId, content_digest } = this.#indexFile;
    if (content_digest !== undefined || ixs === undefined) return this.#indexFile;
    try {
      const contact = this.#participation.contact("IXS");
      const newest = await findIndexFile(ixs, { title, dataSourceId, dataId }, contact);
      if (newest.overlay_network_id === this.overlayId) this.#indexFile = newest;
    } catch (error) {
      if (!(error instanceof PeerError)) throw error;
    }
    return this.#indexFile;
  }
}
