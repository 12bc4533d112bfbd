import type { SigningKey } from "../../keys/ed25519.js";
import {
  type ConfirmedReceipt,
  type FragmentEvent,
  type Holding,
  type PampPeer,
  type StaticStatus,
  startPampPeer,
} from "../../pamp-client/index.js";
import type { Run } from "../core/message.js";
import type { SwarmNews, SwarmState } from "../core/ports.js";
import type { PeerTimes, SessionNews } from "../types.js";

/** What happened is handed to the client of the PAMS so often, in ms; the client reports at the interval of the PAMS. */
const gatherMs = 500;
/** Events told in one report at most; what is held says the same of those left out. */
const maxEvents = 10_000;
/** Fragments listed one by one beside the longest run. */
const maxListed = 20_000;

export interface ReportsOptions {
  readonly overlayId: string;
  readonly peerId: string;
  /** PEER, or CS for a virtual peer [X.609.1 9.1.3]. */
  readonly type: "PEER" | "CS";
  readonly key: SigningKey;
  sessionKey(): string;
  readonly contentType: "FILE" | "STREAM";
  /** Octets. */
  readonly fragmentSize: number;
  profile(): StaticStatus;
  state(): SwarmState;
  /** Octets still to be downloaded; undefined where that means nothing. */
  left(): number | undefined;
  readonly times: PeerTimes;
  news(news: Extract<SessionNews, { kind: "pams" }>): void;
  onChange(change: "down" | "up", reason?: string): void;
}

/** The reports of one session to its PAMS [X.609.1 8.1.4, 8.2.6]: what happened is gathered, whether a PAMS is known and up or not. */
export class Reports {
  readonly #options: ReportsOptions;
  #pams: PampPeer | undefined;
  #url: string | undefined;
  #events: FragmentEvent[] = [];
  #receipts: ConfirmedReceipt[] = [];
  /** Events since the PAMS took a report. */
  #untold = 0;
  #told = { uploaded: 0, downloaded: 0 };
  #timer: NodeJS.Timeout | undefined;
  #dirty = true;
  #complete = false;
  #down = false;
  #left = false;

  constructor(options: ReportsOptions) {
    this.#options = options;
  }

  /** Reports there from now on. */
  use(url: string | undefined): void {
    if (url === undefined || url === this.#url || this.#left) return;
    this.#url = url;
    const { overlayId, peerId, type, key, times, profile, sessionKey } = this.#options;
    const before = this.#pams;
    void before?.leave();
    const pams = startPampPeer({
      pams: url,
      overlay: overlayId,
      peer: peerId,
      type,
      publicKey: key.publicKey,
      sessionKey: () => sessionKey() || undefined,
      profile: profile(),
      timeoutMs: times.answerMs,
      backoff: { baseMs: times.retryMs, capMs: times.retryCapMs },
    });
    this.#pams = pams;
    pams.onNews((news) => {
      if (news.kind === "left") return;
      if (news.kind === "reported") this.#untold = 0;
      const failed = news.kind === "failed";
      if (failed !== this.#down) {
        this.#down = failed;
        this.#options.onChange(failed ? "down" : "up", failed ? news.reason : undefined);
      }
      const reason = failed ? { reason: `${news.what}: ${news.reason}` } : {};
      this.#options.news({ kind: "pams", what: news.kind, ...reason });
    });
    this.#dirty = true;
    if (this.#complete) pams.complete();
    this.#timer ??= setInterval(() => this.#hand(), gatherMs);
    this.#hand();
  }

  happened(news: SwarmNews): void {
    if (news.kind === "fragment") this.#event("DOWNLOADED", news.index, news.from);
    else if (news.kind === "uploaded") this.#event("UPLOADED", news.index, news.to);
    else if (news.kind === "culprit" && news.fault === "corrupt-fragment" && news.index !== undefined) {
      this.#event("DOWNLOADED", news.index, news.peerId, false);
    }
    this.#dirty = true;
  }

  confirmed(receipt: ConfirmedReceipt): void {
    this.#receipts.push(receipt);
    this.#dirty = true;
  }

  changed(): void {
    this.#pams?.changeProfile(this.#options.profile());
  }

  complete(): void {
    this.#complete = true;
    this.#hand();
    this.#pams?.complete();
  }

  /** Deregisters; gives up after so many ms. */
  async leave(withinMs: number): Promise<void> {
    this.#left = true;
    clearInterval(this.#timer);
    if (this.#pams === undefined) return;
    this.#hand();
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, withinMs);
    });
    await Promise.race([this.#pams.leave(), patience]);
    clearTimeout(timer);
  }

  #event(type: "UPLOADED" | "DOWNLOADED", index: number, other: string, integrity = true): void {
    if (++this.#untold > maxEvents) return;
    this.#events.push({
      fragment_event_type: type,
      fragment_id: String(index),
      ...(type === "UPLOADED" ? { to: other } : { from: other, fragment_integrity: integrity }),
    });
  }

  #hand(): void {
    const pams = this.#pams;
    if (pams === undefined || !this.#dirty) return;
    this.#dirty = false;
    const { uploaded, downloaded, held, total, links } = this.#options.state();
    const { contentType, fragmentSize } = this.#options;
    pams.connected({
      upload: links.filter(({ uploadRate }) => uploadRate > 0).length,
      download: links.filter(({ downloadRate }) => downloadRate > 0).length,
    });
    pams.exchanged({
      uploaded: (uploaded - this.#told.uploaded) / 1000,
      downloaded: (downloaded - this.#told.downloaded) / 1000,
      events: this.#events.splice(0),
      receipts: this.#receipts.splice(0),
    });
    const ofAll = contentType === "FILE" ? total : undefined;
    const left = this.#options.left();
    pams.hold(holdingOf(held, ofAll, fragmentSize), left === undefined ? undefined : left / 1000);
    this.#told = { uploaded, downloaded };
  }
}

/** The longest run as the range, the others one by one [X.609.1 9.1.5, 9.1.6] (E-PAMP-16). Sizes in kilobytes. */
export function holdingOf(held: readonly Run[], total: number | undefined, fragmentSize: number): Holding {
  let longest: Run | undefined;
  for (const run of held) if (run.count > (longest?.count ?? 0)) longest = run;
  const fragment: number[] = [];
  for (const run of held) {
    for (let at = 0; run !== longest && at < run.count && fragment.length < maxListed; at++)
      fragment.push(run.first + at);
  }
  return {
    fragment_list: {
      fragment,
      fragment_size: fragmentSize / 1000,
      ...(total === undefined ? {} : { num_of_fragment: total }),
    },
    ...(longest === undefined
      ? {}
      : { fragment_range: { start_fragment_id: longest.first, end_fragment_id: longest.first + longest.count - 1 } }),
  };
}
