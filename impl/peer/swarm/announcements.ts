import type { Message } from "../core/message.js";
import type { Context } from "./context.js";
import type { Link } from "./link.js";
import { runsInOrder } from "./possession.js";
import type { Upload } from "./upload.js";

/**
 * Fragments of a FILE that came within so many ms are announced together, or within as many as keep announcements to a fiftieth of a limited
 * upload; those of a STREAM at once.
 */
const delayMs = 20;
const octetsOfHave = 40;
const share = 0.02;
const longestDelayMs = 1_000;
/** Runs of one message; with more to say, all is said anew. */
const maxRuns = 4_096;

/** Tells all links of fragments that this peer has got. */
export class Announcements {
  readonly #c: Context;
  readonly #upload: Upload;
  readonly #send: (link: Link, message: Message) => void;
  /** Verified, and not announced yet. */
  readonly #waiting: number[] = [];
  #dueAt: number | undefined;

  constructor(context: Context, upload: Upload, send: (link: Link, message: Message) => void) {
    this.#c = context;
    this.#upload = upload;
    this.#send = send;
  }

  /** When `say` has something to do. */
  get dueAt(): number | undefined {
    return this.#dueAt;
  }

  add(index: number): void {
    this.#waiting.push(index);
  }

  /** What was added is to be said: at once, or with more. */
  soon(): void {
    const { live, links, host } = this.#c;
    if (live !== undefined) this.say();
    else {
      const fair = (links.size * octetsOfHave * 1000) / (this.#upload.rate * share);
      this.#dueAt ??= host.now() + Math.max(delayMs, Math.min(fair, longestDelayMs));
    }
  }

  say(): void {
    this.#dueAt = undefined;
    if (this.#waiting.length === 0) return;
    const runs = runsInOrder(this.#waiting.sort((a, b) => a - b));
    this.#waiting.length = 0;
    if (runs.length > maxRuns) {
      this.sayAll();
      return;
    }
    const { links } = this.#c;
    this.#upload.charge(links.size * (octetsOfHave + 8 * runs.length));
    for (const link of links.values()) this.#send(link, { type: "have", runs });
  }

  /** Everything that this peer holds, in place of what it said before. */
  sayAll(): void {
    const message = this.#c.held.bits.toBuffermap();
    for (const link of this.#c.links.values()) this.#send(link, message);
  }
}
