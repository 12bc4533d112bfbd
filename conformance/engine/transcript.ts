import type { World } from "./world.js";

/** Where in a case something happened: what set-up and clean-up do is shown, never judged. */
export type Phase = "setup" | "body" | "cleanup";

export type EntryKind =
  | "http-request"
  | "http-response"
  | "ldmp-sent"
  | "ldmp-received"
  | "r2-sent"
  | "r2-received"
  | "r10-sent"
  | "r10-received"
  | "silence"
  | "connection"
  | "process"
  | "step"
  | "note";

/** One line of a case's record. Exactly one of `text` and `hex` carries the octets of a message. */
export interface Entry {
  /** Milliseconds since the case began. */
  readonly at: number;
  readonly phase: Phase;
  readonly kind: EntryKind;
  readonly summary: string;
  /** The octets where they are printable UTF-8. */
  readonly text?: string;
  /** The octets otherwise. */
  readonly hex?: string;
  /** How many octets there were, if more than are kept. */
  readonly octets?: number;
  /** A decoded view, one field per line. */
  readonly decoded?: readonly string[];
  /** One line that sends the same again. */
  readonly reproduce?: string;
}

/** More of one message is not kept; a report has to stay readable. */
const KEPT_OCTETS = 64 * 1024;

export class Transcript {
  readonly entries: Entry[] = [];
  phase: Phase = "body";
  readonly #world: World;
  readonly #start: number;
  #sealed = false;

  constructor(world: World) {
    this.#world = world;
    this.#start = world.now();
  }

  /** Adds a line and gives back its index. What arrives after the case ended is not added. */
  add(kind: EntryKind, summary: string, more: Partial<Omit<Entry, "phase" | "kind" | "summary">> = {}): number {
    if (!this.#sealed) this.entries.push({ at: this.now(), phase: this.phase, kind, summary, ...more });
    return this.entries.length - 1;
  }

  /** Milliseconds since the case began, to the microsecond. */
  now(): number {
    return Math.round((this.#world.now() - this.#start) * 1000) / 1000;
  }

  seal(): void {
    this.#sealed = true;
  }

  /** The last message in either direction, which a check is about unless it says otherwise. */
  lastMessage(): number | undefined {
    for (let index = this.entries.length - 1; index >= 0; index--) {
      if (/^(http|ldmp|r2|r10|silence)/.test(this.entries[index]?.kind ?? "")) return index;
    }
    return undefined;
  }

  /** The line that repeats the message at `index` or, for an answer, the request that it answers. */
  reproduce(index: number | undefined): string | undefined {
    const { kind: own, reproduce: line } = this.entries[index ?? -1] ?? {};
    // In LDMP and on R2 both ends ask: what stands before a message need not be what it answers.
    if (own !== undefined && /^(ldmp|r2|r10|silence)/.test(own)) return line;
    for (let at = index ?? this.entries.length - 1; at >= 0; at--) {
      const { reproduce, kind } = this.entries[at] ?? {};
      if (reproduce !== undefined) return reproduce;
      // The request itself has no line, being too long for one; the line of an earlier one would mislead.
      if (kind === "http-request") return undefined;
    }
    return undefined;
  }
}

/** The members of an entry that hold octets. */
export function octetsOf(octets: Uint8Array, as?: "hex"): Pick<Entry, "text" | "hex" | "octets"> {
  const kept = octets.subarray(0, KEPT_OCTETS);
  const more = octets.length > KEPT_OCTETS ? { octets: octets.length } : {};
  const text = as === "hex" ? undefined : printable(kept);
  return text === undefined ? { hex: Buffer.from(kept).toString("hex"), ...more } : { text, ...more };
}

/** The text, if the octets are UTF-8 without control characters other than line ends and tabs. */
export function printable(octets: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(octets);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    return /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

/** `50 05 01 02`, for people. */
export function spaced(octets: Uint8Array): string {
  return Buffer.from(octets)
    .toString("hex")
    .replace(/(..)(?=.)/g, "$1 ");
}
