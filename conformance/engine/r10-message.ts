import { createHash } from "node:crypto";
import type { Descriptor, PeerFrameMessage, Run } from "../../generated/peer/frame/index.js";
import { decode, encode } from "../../generated/peer/frame/index.js";
import type { KeyPair } from "./ed25519.js";
import type { Outcome, Permitted } from "./refuses.js";

export type R10Message = PeerFrameMessage;
export type R10Type = R10Message["type"];
type Of<Type extends R10Type> = Extract<R10Message, { type: Type }>;

/** What the product sent, or that it sent nothing: then `silent` is true and only `outcome` and `entry` mean anything. */
export interface R10Answer extends Outcome {
  readonly silent: boolean;
  /** The connection ended instead. */
  readonly closed: boolean;
  /** Milliseconds since the case began. */
  readonly at: number;
  /** Undefined where it cannot be read. */
  readonly message: R10Message | undefined;
  /** The whole frame. */
  readonly octets: Uint8Array;
  readonly fault: string | undefined;
}

const HEAD = 4;
/** More than any case asks for: an announcement beyond it is waited for by nobody. */
const LONGEST = 32 * 1024 * 1024;

export interface R10Frame {
  readonly octets: Uint8Array;
  readonly message: R10Message | undefined;
  readonly fault: string | undefined;
}

/** Takes the frames of a stream apart; after a length that cannot be it gives nothing more. */
export class R10FrameReader {
  #rest: Buffer = Buffer.alloc(0);
  #lost = false;

  push(chunk: Uint8Array): R10Frame[] {
    const frames: R10Frame[] = [];
    if (this.#lost) return frames;
    this.#rest = Buffer.concat([this.#rest, chunk]);
    while (this.#rest.length >= HEAD) {
      const length = this.#rest.readUInt32BE(0);
      if (length > LONGEST) {
        this.#lost = true;
        frames.push({ octets: new Uint8Array(this.#rest), message: undefined, fault: `it announces ${length} octets` });
        return frames;
      }
      if (this.#rest.length < HEAD + length) return frames;
      const octets = new Uint8Array(this.#rest.subarray(0, HEAD + length));
      this.#rest = this.#rest.subarray(HEAD + length);
      frames.push({ octets, ...read(octets) });
    }
    return frames;
  }
}

function read(octets: Uint8Array): Pick<R10Frame, "message" | "fault"> {
  try {
    return { message: decode(octets), fault: undefined };
  } catch (error) {
    return { message: undefined, fault: error instanceof Error ? error.message : String(error) };
  }
}

/** The message, if it is of that type. */
export function as<Type extends R10Type>(answer: R10Answer, type: Type): Of<Type> | undefined {
  return answer.message?.type === type ? (answer.message as Of<Type>) : undefined;
}

/** Permitted messages, by type: `t.answers(answer, r10("fragment", "refuse", "silence"), cite)`. */
export function r10(...permitted: readonly (R10Type | "silence" | "closed")[]): Permitted<R10Answer> {
  const words = { silence: "no message", closed: "the end of the connection" };
  return {
    expected: permitted.map((one) => (one === "silence" || one === "closed" ? words[one] : `a ${one}`)),
    test: ({ silent, closed, message }) =>
      closed
        ? permitted.includes("closed")
        : silent
          ? permitted.includes("silence")
          : message !== undefined && permitted.includes(message.type),
  };
}

// ---- runs and maps ----

export const indexesIn = (runs: readonly Run[]): number[] =>
  runs.flatMap(({ first, count }) => Array.from({ length: Math.min(count, 100_000) }, (_, at) => first + at));

/** The runs of these numbers. */
export function runsOf(indexes: Iterable<number>): Run[] {
  const runs: { first: number; count: number }[] = [];
  for (const index of [...indexes].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last && last.first + last.count === index) last.count++;
    else runs.push({ first: index, count: 1 });
  }
  return runs;
}

export function bufferMapOf(indexes: Iterable<number>, first = 0): Of<"buffermap"> {
  const held = [...indexes];
  const most = Math.max(first - 1, ...held);
  const bits = new Uint8Array(Math.ceil((most - first + 1) / 8));
  for (const index of held) {
    const at = index - first;
    bits[at >> 3] = (bits[at >> 3] ?? 0) | (0x80 >> (at & 7));
  }
  return { type: "buffermap", first, bits };
}

export function indexesOf({ first, bits }: Of<"buffermap">): number[] {
  return Array.from({ length: bits.length * 8 }, (_, at) => at)
    .filter((at) => ((bits[at >> 3] ?? 0) & (0x80 >> (at & 7))) !== 0)
    .map((at) => first + at);
}

// ---- what is signed ----

export function proofText(received: Uint8Array, sent: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from("mp2p hello 1\n"), received, sent]);
}

export const sha256 = (octets: Uint8Array): Buffer => createHash("sha256").update(octets).digest();

/** What a source peer says of fragments from `first` on, signed by its key. */
export function describe(
  overlay: string,
  key: KeyPair,
  first: number,
  fragments: readonly Uint8Array[],
  { time, last }: { readonly time: number; readonly last: number | undefined },
): Of<"descriptors"> {
  const items = fragments.map(
    (octets, at): Descriptor => ({
      size: octets.length,
      time,
      digest: sha256(octets),
      last: first + at === last,
    }),
  );
  const unsigned = { type: "descriptors", first, items, signature: new Uint8Array(64) } as const;
  return { ...unsigned, signature: key.sign(descriptorText(overlay, unsigned)) };
}

export function descriptorText(overlay: string, message: Of<"descriptors">): Buffer {
  const id = Buffer.from(overlay);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(id.length);
  const frame = encode({ ...message, signature: new Uint8Array(64) });
  // Length, version and type go before the body, the signature ends it.
  return Buffer.concat([Buffer.from("mp2p fragments 1\n"), length, id, frame.subarray(6, -64)]);
}
