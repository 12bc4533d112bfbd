import type { Layout } from "./ldmp-channel.js";

/** What an option of the declaration says where the maker said nothing: the product's own messages tell. */
export const INFERRED = "inferred";

/** How the product reads the two contradictions that change every octet on the wire: declared, or inferred once and then held to. */
export interface Dialect {
  /** E-LDMP-01; undefined until declared or shown. */
  type: "A" | "B" | undefined;
  /** E-LDMP-02; undefined until declared or shown. */
  layout: Layout | undefined;
  /** What the suite sends while nothing is shown yet: the T bits that got an answer. */
  sendType: "A" | "B";
  /** Said for people: where each reading comes from. */
  typeFrom: string;
  layoutFrom: string;
}

export function dialectOf(type: string, layout: string): Dialect {
  const known = (reading: string): "A" | "B" | undefined => (reading === "A" || reading === "B" ? reading : undefined);
  return {
    type: known(type),
    layout: known(layout),
    sendType: known(type) ?? "A",
    typeFrom: known(type) ? "declared" : "not shown yet",
    layoutFrom: known(layout) ? "declared" : "not shown yet",
  };
}

/** The layout that octets without payload show; undefined where they show none. A stream shows none, for it has no ends. */
export function layoutShown(octets: Uint8Array): Layout | undefined {
  if (octets.length < 8 || ((octets[0] ?? 0) & 0x0c) !== 0) return undefined;
  if (octets.length === 8) return "A";
  return octets.length === 10 && octets[8] === 0 && octets[9] === 0 ? "B" : undefined;
}

/** Wants an acknowledgement by its Code (Table 1 with clauses 7.1 to 7.6): true or false, undefined for what is no listed request. */
export function wantsAnswer(code: number): boolean | undefined {
  if ([0x01, 0x03, 0x05, 0x06, 0x07].includes(code)) return true;
  return code === 0x02 || code === 0x08 ? false : undefined;
}

/** The T bits of a request under a reading. */
export function requestType(wants: boolean, reading: "A" | "B"): number {
  return wants === (reading === "A") ? 0 : 1;
}

/** The reading that the T bits of a request show; undefined where they show none. */
export function typeShown(code: number, type: number): "A" | "B" | undefined {
  const wants = wantsAnswer(code);
  if (wants === undefined || type > 1) return undefined;
  return requestType(wants, "A") === type ? "A" : "B";
}
