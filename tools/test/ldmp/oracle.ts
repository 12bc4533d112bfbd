import { createRequire } from "node:module";
import { join } from "node:path";

/** What Kaitai's own parser makes of some octets. */
export type Opinion =
  | { readonly accepted: true; readonly fields: Readonly<Record<string, unknown>>; readonly used: number }
  /** `field` is the one whose value is refused; undefined when the octets end too early. */
  | { readonly accepted: false; readonly field: string | undefined };

interface Parser {
  call(self: object, stream: object, parent: null, root: null, ...params: number[]): void;
  readonly prototype: object;
}

const require = createRequire(import.meta.url);
const KaitaiStream = require("kaitai-struct/KaitaiStream.js") as {
  new (octets: DataView): { readonly pos: number };
  readonly EOFError: new (...args: never[]) => Error;
};

/** A parser that the Kaitai compiler wrote, from its module's file. */
export function loadOracle(path: string, name: string): (octets: Uint8Array, ...params: number[]) => Opinion {
  const Parser = (require(path) as Record<string, Parser>)[name] as Parser;
  return (octets, ...params) => {
    // KaitaiStream given a pooled Buffer reads past its end: a DataView has the bounds.
    const stream = new KaitaiStream(new DataView(octets.buffer, octets.byteOffset, octets.length));
    // Called on an object of ours, which keeps what was read until the parser gave up.
    const fields = Object.create(Parser.prototype) as Record<string, unknown>;
    try {
      Parser.call(fields, stream, null, null, ...params);
      return { accepted: true, fields, used: stream.pos };
    } catch (error) {
      // A RangeError is what Kaitai makes of a length below zero.
      if (error instanceof KaitaiStream.EOFError || error instanceof RangeError)
        return { accepted: false, field: undefined };
      if (!(error instanceof Error) || !error.name.startsWith("Validation")) throw error;
      return { accepted: false, field: Object.keys(fields).findLast((key) => !key.startsWith("_")) };
    }
  };
}

export const ldmpOracle = loadOracle(join(import.meta.dirname, "../../../generated/ldmp/kaitai/Ldmp.cjs"), "Ldmp");

/** The fields of the LDMP message in the order of `seq`, by the names of the codec. */
export const ldmpFields = [
  "version",
  "type",
  "payloadType",
  "reserved",
  "code",
  "messageId",
  "sourceId",
  "destinationId",
  "length",
  "payload",
] as const;
