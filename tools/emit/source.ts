import type { Protocol } from "../model/model.js";
import { citation } from "../print/describe.js";

/** What the banner of a file made from one protocol names. */
export function sourceOf(protocol: Protocol): { source: string; hash: string; clauses: string } {
  return { source: protocol.source, hash: protocol.hash, clauses: citation(protocol.document, protocol.clauses) };
}
