import {
  type BufferMap,
  type BufferMapAnswer,
  type BufferMapRequest,
  Code,
  type Data,
  type GetData,
} from "../core/message.js";
import type { CoreMembership, DataPath, Paths, Timers } from "../core/ports.js";
import type { CoreSettings } from "../core/settings.js";
import { cachedMap, readMap, receivedMap } from "./buffer-map.js";
import type { Feeds } from "./feeds.js";
import type { Puller } from "./pull.js";
import type { RangeSet } from "./ranges.js";
import type { Reporter } from "./reporter.js";
import type { Source, SourceTable } from "./sources.js";

export interface RecoveryOptions {
  readonly paths: Paths;
  readonly settings: CoreSettings;
  readonly timers: Timers;
  now(): number;
  readonly sources: SourceTable;
  readonly feeds: Feeds;
  readonly puller: Puller;
  readonly reporter: Reporter;
  /** The overlay has recovery [Q.4103 6.1.8]. */
  recovers(): boolean;
}

/** Buffer maps told to one peer in `MAP_SPAN_MS`; it costs some work to make one. */
const MOST_MAPS = 10;
const MAP_SPAN_MS = 1000;

/** Peers that this is remembered of: candidates end without a word. */
const MOST_TOLD = 1000;

/**
 * DR: what is done about data when paths come up, and what others are told and given [Q.4100 7.2.3.2].
 *
 * Nothing is lost between the two ends of a new primary path as long as caches hold it. By push each end compares the map that the other
 * sent with what it has cached at the moment when the path becomes a primary on its side; whatever it takes from then on it relays there
 * anyhow. By pull the child asks the parent for its map after the parent has begun to relay to it, and compares in both directions.
 * What came to an end between its map and the other's comparison comes twice, and is dropped.
 */
export class Recovery {
  readonly #options: RecoveryOptions;
  #membership: CoreMembership | undefined;
  /** Links whose buffer map is to be compared with what is cached here: what they lack is sent to them. */
  readonly #toCompare = new Set<number>();
  /** What the other ends of paths hold that came up lately and push, and when some of it last came. */
  readonly #promises = new Map<number, { readonly held: Map<string, RangeSet>; at: number }>();
  readonly #mapsTold = new Map<number, { from: number; count: number }>();
  #mapTurn = 0;
  #asking = false;
  #polling = false;

  constructor(options: RecoveryOptions) {
    this.#options = options;
  }

  start(membership: CoreMembership): void {
    this.#membership = membership;
    if (this.#mesh) this.#poll();
  }

  /** For PRIMARY and 4200. */
  bufferMap(): BufferMap | null | undefined {
    if (this.#mesh || this.#membership?.recoveryBy !== "push") return undefined;
    return receivedMap(this.#options.sources.byActivity());
  }

  primaryUp(path: DataPath, theirs: BufferMap | null | undefined): void {
    const { now, paths, recovers, settings } = this.#options;
    if (!recovers() || this.#mesh) return;
    if (theirs !== undefined) {
      const held = readMap(theirs);
      if (settings.order === "source") this.#promises.set(path.link.id, { held, at: now() });
      this.#feed(path, held);
      return;
    }
    // By pull the child compares; by push one has to ask where the other end did not say.
    if (this.#membership?.recoveryBy === "pull" && paths.parent?.link !== path.link) return;
    this.#toCompare.add(path.link.id);
    this.askSoon();
  }

  candidateUp(): void {
    if (this.#mesh) this.askSoon();
  }

  pathDown({ link }: DataPath): void {
    this.#toCompare.delete(link.id);
    this.#promises.delete(link.id);
    this.#mapsTold.delete(link.id);
  }

  received(path: DataPath, message: BufferMapRequest | BufferMapAnswer | GetData): void {
    const { overlayId } = message;
    if (overlayId !== this.#membership?.overlayId) {
      this.#options.reporter.refused(path.peerId, `overlay-id: ${overlayId} is not this overlay`);
    } else if (message.code === Code.bufferMap) this.#tellMap(path, overlayId);
    else if (message.code === Code.bufferMapAnswer) this.#takeMap(path, message.bufferMap);
    else if (message.code === Code.getData) this.#serve(path, overlayId, message.source, message.sequence);
    else this.#options.puller.absent(path, message.source, message.sequence);
  }

  /** For what was there before too. Soon, so that what the caller is about to send comes first, and that one round serves all that want it. */
  askSoon(): void {
    if (this.#asking) return;
    this.#asking = true;
    this.#options.timers.after(0, () => {
      this.#asking = false;
      this.#options.puller.ask(true);
    });
  }

  /** To be called for everything new: what was in the map that came with the path cannot be live, so the other end is at pushing. */
  arrived({ link }: DataPath, { source, sequence }: Data): void {
    if (this.#promises.size === 0) return;
    const promise = this.#promises.get(link.id);
    if (promise === undefined) return;
    const now = this.#options.now();
    if (now - promise.at > this.#options.settings.recoveryMs) this.#promises.delete(link.id);
    else if (promise.held.get(source)?.has(sequence) === true) promise.at = now;
  }

  /** Data from before the first that came is on its way, as far as one knows. */
  expects({ id, window }: Source): boolean {
    const { now, puller, settings } = this.#options;
    const { min = 0 } = window.received;
    for (const [link, { held, at }] of this.#promises) {
      if (now() - at > settings.recoveryMs) this.#promises.delete(link);
      else if ((held.get(id)?.min ?? min) < min) return true;
    }
    return puller.expects(id, min);
  }

  get #mesh(): boolean {
    return this.#membership?.subType === "mesh";
  }

  /** Sends what is cached here and not `held` by the other end. */
  #feed(path: DataPath, held: Map<string, RangeSet>): void {
    for (const source of this.#options.sources.values()) {
      if (source.id === path.peerId) continue;
      const lacking = [...source.shelf.held.without(held.get(source.id))];
      if (lacking.length > 0) this.#options.feeds.addCached(path, source.id, lacking);
    }
  }

  /** In a SubMesh data is pulled [Q.4100 6]: whoever has something new is found by asking. */
  #poll(): void {
    if (this.#polling) return;
    this.#polling = true;
    this.#options.timers.after(this.#options.settings.meshMs, () => {
      this.#polling = false;
      if (!this.#mesh) return;
      this.#options.puller.ask(true);
      this.#poll();
    });
  }

  #tellMap(path: DataPath, overlayId: string): void {
    const now = this.#options.now();
    const known = this.#mapsTold.get(path.link.id);
    const span = known !== undefined && now - known.from < MAP_SPAN_MS ? known : { from: now, count: 0 };
    span.count += 1;
    if (this.#mapsTold.size >= MOST_TOLD) this.#mapsTold.clear();
    this.#mapsTold.set(path.link.id, span);
    if (span.count > MOST_MAPS) return;
    this.#mapTurn += 1;
    const bufferMap = cachedMap([...this.#options.sources.values()], this.#mapTurn);
    path.link.send({ code: Code.bufferMapAnswer, overlayId, bufferMap });
  }

  #takeMap(path: DataPath, map: BufferMap | null): void {
    if (this.#toCompare.delete(path.link.id)) this.#feed(path, readMap(map));
    this.#options.puller.map(path, map);
  }

  #serve(path: DataPath, overlayId: string, source: string, sequence: number): void {
    const { settings, sources } = this.#options;
    // Unanswered it is asked for again, later or somewhere else: nothing piles up here.
    if (path.link.queued > settings.maxQueued / 2) return;
    const message = sources.get(source)?.shelf.get(sequence);
    if (message !== undefined) path.link.send({ code: Code.getDataAnswer, data: message.data });
    else path.link.send({ code: Code.getDataAbsent, overlayId, source, sequence });
  }
}
