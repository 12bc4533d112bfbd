import { encode, peekHeader } from "../../generated/hybrid-peer/frame/index.js";

/** How a frame of reference point R2 [Q.4100 8.2] is written: the declared profile. No Recommendation at hand has the format (E-HP2P-10). */
export type R2Profile = "p23" | "p22" | "p20";

const HEAD = 4;
/** More header than its length field can say. */
const MOST_HEADER = 0xffff;
/** A frame with more payload than this is not waited for: no case asks for it. */
const MOST_PAYLOAD = 64 * 1024 * 1024;

export type Json = Readonly<Record<string, unknown>>;

/** One frame as it came. */
export interface R2Frame {
  readonly octets: Uint8Array;
  readonly version: number;
  readonly type: number;
  /** As it was written; undefined where it is no JSON object. */
  readonly header: Json | undefined;
  /** Extension header and application data, not yet told apart. */
  readonly payload: Uint8Array;
  /** What is wrong with it, if anything is. */
  readonly fault: string | undefined;
}

export interface FrameOptions {
  readonly version?: number;
  readonly type?: number;
  /** What the length field says, where that is not what is there. */
  readonly length?: number;
}

/** @param header a string is taken as it is, be it JSON or not */
export function encodeFrame(
  profile: R2Profile,
  header: Json | string | Uint8Array,
  payload: Uint8Array = new Uint8Array(),
  { version = 1, type = 1, length }: FrameOptions = {},
): Uint8Array {
  const text =
    header instanceof Uint8Array ? header : Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  if (text.length > MOST_HEADER)
    throw new RangeError(`a header of ${text.length} octets does not fit into its length field`);
  const octets = encode({ version, type, header: text, payload }, { byteOrder: orderOf(profile) });
  if (length !== undefined) new DataView(octets.buffer, octets.byteOffset).setUint16(2, length, profile === "p20");
  return octets;
}

const orderOf = (profile: R2Profile) => (profile === "p20" ? "little-endian" : "big-endian");

/** Takes the frames of a stream apart. After a fault that leaves no frame boundary it gives nothing more. */
export class R2FrameReader {
  readonly #profile: R2Profile;
  #rest: Buffer = Buffer.alloc(0);
  #lost = false;

  constructor(profile: R2Profile) {
    this.#profile = profile;
  }

  push(chunk: Uint8Array): R2Frame[] {
    if (this.#lost) return [];
    this.#rest = Buffer.concat([this.#rest, chunk]);
    const frames: R2Frame[] = [];
    for (let frame = this.#take(); frame; frame = this.#take()) frames.push(frame);
    return frames;
  }

  #take(): R2Frame | undefined {
    const head = this.#lost ? undefined : peekHeader(this.#rest, { byteOrder: orderOf(this.#profile) });
    if (!head) return undefined;
    const { version, type, headerLength: length } = head;
    const end = HEAD + length;
    if (this.#rest.length < end) return undefined;
    const header = parse(this.#rest.subarray(HEAD, end));
    if (!header) {
      this.#lost = true;
      return {
        octets: copy(this.#rest),
        version,
        type,
        header,
        payload: new Uint8Array(),
        fault: "its header is no JSON object",
      };
    }
    const extent = extentOf(header);
    if (typeof extent === "string" || extent > MOST_PAYLOAD) {
      this.#lost = true;
      const fault = typeof extent === "string" ? extent : `it announces ${extent} octets of payload`;
      return { octets: copy(this.#rest), version, type, header, payload: new Uint8Array(), fault };
    }
    if (this.#rest.length < end + extent) return undefined;
    const octets = copy(this.#rest.subarray(0, end + extent));
    this.#rest = this.#rest.subarray(end + extent);
    return { octets, version, type, header, payload: octets.subarray(end), fault: undefined };
  }
}

const copy = (octets: Uint8Array): Uint8Array => new Uint8Array(octets);

function parse(octets: Uint8Array): Json | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(octets));
    return isJson(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Octets behind the header: extension header and payload, by what the header says of them; or what is wrong with that. */
function extentOf(header: Json): number | string {
  const places = [header, ...Object.values(header).filter(isJson)];
  const one = (find: (place: Json) => unknown): unknown => places.map(find).find((value) => value !== undefined);
  const length = one(({ payload }) => (isJson(payload) ? payload.length : undefined)) ?? 0;
  const extension = one((place) => place["ext-header-len"]) ?? 0;
  for (const [name, value] of [
    ["payload.length", length],
    ["ext-header-len", extension],
  ] as const) {
    if (!Number.isInteger(value) || (value as number) < 0) return `${name} is ${JSON.stringify(value)}`;
  }
  return (length as number) + (extension as number);
}
