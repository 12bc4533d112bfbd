import { createHash, type Hash } from "node:crypto";
import type { SigningKey } from "../../keys/ed25519.js";
import type { Descriptor, Descriptors } from "../core/message.js";
import { PeerError } from "../errors.js";
import { descriptorsText } from "../wire/signed-texts.js";
import { endMark } from "./live-reader.js";

/** Fragments described by one signature, at most. */
const batch = 64;
/** How long fragments of a FILE wait for others to be described with, in ms. */
const gatherMs = 20;

export interface ProducerOptions {
  readonly overlayId: string;
  readonly key: SigningKey;
  readonly contentType: "FILE" | "STREAM";
  readonly fragmentSize: number;
  /** FILE: octets in all, where known: then it is known of each fragment whether it is the last. */
  readonly size: number | undefined;
  keep(index: number, octets: Uint8Array): void;
  /** Kept, and signed. */
  produced(descriptors: Descriptors): void;
}

/** What a FILE came to. */
export interface Whole {
  readonly size: number;
  readonly fragments: number;
  /** SHA-256 in hexadecimal digits. */
  readonly digest: string;
}

/** Makes numbered, described and signed fragments of octets [X.609.10 6, 7.1.2]: the unit of signing is the unit of sending. */
export class Producer {
  readonly #options: ProducerOptions;
  readonly #hash: Hash = createHash("sha256");
  #waiting: { readonly octets: Uint8Array; readonly time: number }[] = [];
  #next = 0;
  #size = 0;
  #timer: NodeJS.Timeout | NodeJS.Immediate | undefined;
  #over = false;
  #short = false;

  constructor(options: ProducerOptions) {
    this.#options = options;
  }

  get over(): boolean {
    return this.#over;
  }

  /** @throws PeerError ERR_FRAGMENT */
  append(octets: Uint8Array, time: number): void {
    const { contentType, fragmentSize, size } = this.#options;
    if (this.#over) throw new PeerError("ERR_FRAGMENT", "no fragment follows the last one");
    if (octets.length === 0 || octets.length > fragmentSize) {
      throw new PeerError("ERR_FRAGMENT", `a fragment has 1 to ${fragmentSize} octets, not ${octets.length}`);
    }
    if (contentType === "FILE") {
      if (this.#short) throw new PeerError("ERR_FRAGMENT", "in a FILE only the last fragment may be shorter");
      this.#short = octets.length < fragmentSize;
      this.#hash.update(octets);
      if (size !== undefined && this.#size + octets.length > size) {
        throw new PeerError("ERR_FRAGMENT", `more than the ${size} octets that were announced`);
      }
    }
    this.#size += octets.length;
    // The caller may write over its octets.
    this.#waiting.push({ octets: Uint8Array.from(octets), time: Math.floor(time) });
    if (contentType === "STREAM") this.#timer ??= setImmediate(() => this.#flush());
    else if (this.#waiting.length > batch) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), gatherMs);
    if (size === this.#size) this.end();
  }

  /** @returns what a FILE came to @throws PeerError ERR_FRAGMENT */
  end(): Whole | undefined {
    const { contentType, size } = this.#options;
    if (!this.#over) {
      if (contentType === "STREAM") this.#waiting.push({ octets: endMark, time: Math.floor(Date.now()) });
      else if (this.#size === 0) throw new PeerError("ERR_FRAGMENT", "a FILE has one octet at least");
      else if (size !== undefined && size !== this.#size) {
        throw new PeerError("ERR_FRAGMENT", `${this.#size} octets are not the ${size} that were announced`);
      }
      this.#over = true;
      this.#flush();
    }
    if (contentType === "STREAM") return undefined;
    return { size: this.#size, fragments: this.#next, digest: this.#hash.copy().digest("hex") };
  }

  stop(): void {
    this.#over = true;
    this.#unschedule();
  }

  #flush(): void {
    this.#unschedule();
    const { contentType, produced, keep } = this.#options;
    // Whether it is the last one is not known of the last fragment of a FILE before the end.
    const heldBack = contentType === "FILE" && !this.#over ? 1 : 0;
    while (this.#waiting.length > heldBack) {
      const some = this.#waiting.splice(0, Math.min(batch, this.#waiting.length - heldBack));
      const first = this.#next;
      this.#next += some.length;
      for (const [at, { octets }] of some.entries()) keep(first + at, octets);
      const lastOne = this.#over && this.#waiting.length === 0 ? some.length - 1 : -1;
      const items = some.map(({ octets, time }, at) => describe(octets, time, at === lastOne));
      produced(sign(this.#options, first, items));
    }
  }

  #unschedule(): void {
    clearTimeout(this.#timer as NodeJS.Timeout);
    clearImmediate(this.#timer as NodeJS.Immediate);
    this.#timer = undefined;
  }
}

/** All fragments of a file that is there already: described in one reading. @throws PeerError ERR_FRAGMENT where it is empty */
export async function describeFile(
  blocks: AsyncIterable<Uint8Array>,
  fragmentSize: number,
): Promise<{ readonly whole: Whole; readonly items: readonly Descriptor[] }> {
  const hash = createHash("sha256");
  const items: Descriptor[] = [];
  const time = Date.now();
  let part = createHash("sha256");
  let [inPart, size] = [0, 0];
  const close = (last: boolean): void => {
    items.push({ size: inPart, time, digest: part.digest(), last });
    part = createHash("sha256");
    inPart = 0;
  };
  for await (const block of blocks) {
    hash.update(block);
    for (let at = 0; at < block.length; ) {
      if (inPart === fragmentSize) close(false);
      const count = Math.min(fragmentSize - inPart, block.length - at);
      part.update(block.subarray(at, at + count));
      inPart += count;
      at += count;
      size += count;
    }
  }
  if (inPart === 0) throw new PeerError("ERR_FRAGMENT", "a FILE has one octet at least");
  close(true);
  return { whole: { size, fragments: items.length, digest: hash.digest("hex") }, items };
}

/** Signed in batches. */
export function* signAll(
  options: Pick<ProducerOptions, "overlayId" | "key">,
  items: readonly Descriptor[],
): Generator<Descriptors> {
  for (let first = 0; first < items.length; first += batch)
    yield sign(options, first, items.slice(first, first + batch));
}

function describe(octets: Uint8Array, time: number, last: boolean): Descriptor {
  return { size: octets.length, time, digest: createHash("sha256").update(octets).digest(), last };
}

function sign(
  { overlayId, key }: Pick<ProducerOptions, "overlayId" | "key">,
  first: number,
  items: readonly Descriptor[],
): Descriptors {
  const signature = key.signOctets(descriptorsText(overlayId, { first, items }));
  return { type: "descriptors", first, items, signature };
}
