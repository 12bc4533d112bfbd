import type { Data } from "../core/message.js";
import type { Range } from "./ranges.js";

/** Parts that one message may have. */
export const MAX_PARTS = 16_384;

interface Assembly {
  readonly source: string;
  readonly first: number;
  readonly count: number;
  readonly parts: Map<number, Data>;
  octets: number;
  touchedAt: number;
  /** Its loss has been told of already. */
  told: boolean;
  /** It cannot become whole: what else comes of it is left out. */
  broken: boolean;
}

/** What an incomplete message costs beside its octets. */
const ASSEMBLY_OCTETS = 500;

export interface Whole {
  readonly data: Data;
  /** Sequence of the first part; `data` has the last one's. */
  readonly first: number;
}

export interface ReassemblyOptions {
  readonly maxMessage: number;
  /** Octets of all incomplete messages together; the one that waited longest is given up for more. */
  readonly maxOctets: number;
  now(): number;
  /** An incomplete message was given up: its sequences, and what was wrong with it where something was. */
  gaveUp(source: string, range: Range, reason?: string): void;
}

/** Puts messages together again that were too long for one frame: their parts have consecutive sequences. */
export class Reassembly {
  readonly #options: ReassemblyOptions;
  /** By source and sequence of the first part. */
  readonly #assemblies = new Map<string, Map<number, Assembly>>();
  /** The one to which nothing was added for longest first. */
  readonly #waiting = new Set<Assembly>();
  #octets = 0;

  constructor(options: ReassemblyOptions) {
    this.#options = options;
  }

  get octets(): number {
    return this.#octets;
  }

  /** @returns the whole message with its last missing part, in whatever order they come */
  add(data: Data): Whole | undefined {
    const { part, source } = data;
    if (part === undefined || part.count === 1) return { data, first: data.sequence };
    const first = data.sequence - part.index;
    let ofSource = this.#assemblies.get(source);
    if (ofSource === undefined) {
      ofSource = new Map();
      this.#assemblies.set(source, ofSource);
    }
    let assembly = ofSource.get(first);
    if (assembly === undefined) {
      assembly = {
        source,
        first,
        count: part.count,
        parts: new Map(),
        octets: 0,
        touchedAt: 0,
        told: false,
        broken: false,
      };
      ofSource.set(first, assembly);
      this.#octets += ASSEMBLY_OCTETS;
    }
    assembly.touchedAt = this.#options.now();
    this.#waiting.delete(assembly);
    this.#waiting.add(assembly);
    if (assembly.broken) return undefined;
    const octets = data.payload.byteLength;
    const fault =
      assembly.count !== part.count
        ? `its parts differ in part.count: ${assembly.count} and ${part.count}`
        : assembly.octets + octets > this.#options.maxMessage
          ? `its parts have more than ${this.#options.maxMessage} octets`
          : undefined;
    if (fault !== undefined) {
      this.#empty(assembly);
      assembly.broken = true;
      this.#tell(assembly, fault);
      return undefined;
    }
    assembly.parts.set(part.index, data);
    assembly.octets += octets;
    this.#octets += octets;
    if (assembly.parts.size === assembly.count) {
      this.#remove(assembly);
      return { data: whole(assembly), first };
    }
    while (this.#octets > this.#options.maxOctets) {
      const [oldest] = this.#waiting;
      if (oldest === undefined) break;
      this.#giveUp(oldest);
    }
    return undefined;
  }

  /** These sequences were told to be lost, so that the messages that they are parts of need not be. They may become whole yet. */
  lost(source: string, from: number, to: number): void {
    for (const assembly of this.#assemblies.get(source)?.values() ?? []) {
      if (assembly.first <= to && assembly.first + assembly.count > from) assembly.told = true;
    }
  }

  /** Gives up messages to which no part was added since `before`. */
  sweep(before: number): void {
    for (const assembly of this.#waiting) {
      if (assembly.touchedAt >= before) return;
      this.#giveUp(assembly);
    }
  }

  forget(source: string): void {
    for (const assembly of this.#assemblies.get(source)?.values() ?? []) this.#remove(assembly);
  }

  #giveUp(assembly: Assembly): void {
    this.#remove(assembly);
    this.#tell(assembly);
  }

  #tell(assembly: Assembly, reason?: string): void {
    if (assembly.told) return;
    assembly.told = true;
    this.#options.gaveUp(assembly.source, [assembly.first, assembly.first + assembly.count - 1], reason);
  }

  #empty(assembly: Assembly): void {
    this.#octets -= assembly.octets;
    assembly.octets = 0;
    assembly.parts.clear();
  }

  #remove(assembly: Assembly): void {
    this.#octets -= assembly.octets + ASSEMBLY_OCTETS;
    this.#waiting.delete(assembly);
    const ofSource = this.#assemblies.get(assembly.source);
    ofSource?.delete(assembly.first);
    if (ofSource?.size === 0) this.#assemblies.delete(assembly.source);
  }
}

function whole({ first, count, octets, parts }: Assembly): Data {
  const payload = new Uint8Array(octets);
  let at = 0;
  for (let index = 0; index < count; index++) {
    const part = (parts.get(index) as Data).payload;
    payload.set(part, at);
    at += part.byteLength;
  }
  const { source, payloadType, appId } = parts.get(0) as Data;
  return { source, sequence: first + count - 1, payloadType, appId, payload };
}
