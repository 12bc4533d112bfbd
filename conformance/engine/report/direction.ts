import type { Entry } from "../transcript.js";

/** Which way a line of the exchange went, seen from the suite; undefined for what is no message. */
export type Direction = "sent" | "came" | "silence";

/** Where the product is a client, its requests come, and the answers to them are ours. */
export function productAsks(transcript: readonly Entry[]): boolean {
  return transcript.some(({ kind, summary }) => kind === "http-request" && summary.startsWith("from the product"));
}

export function directionOf({ kind }: Entry, asks: boolean): Direction | undefined {
  switch (kind) {
    case "http-request":
      return asks ? "came" : "sent";
    case "http-response":
      return asks ? "sent" : "came";
    case "ldmp-sent":
    case "r2-sent":
    case "r10-sent":
      return "sent";
    case "ldmp-received":
    case "r2-received":
    case "r10-received":
      return "came";
    case "silence":
      return "silence";
    default:
      return undefined;
  }
}

export const ARROWS: Readonly<Record<Direction, string>> = { sent: "→", came: "←", silence: "…" };

/** The message that a failure is about and, where that is an answer or a silence, what was sent before it. */
export function exchangeOf(transcript: readonly Entry[], index: number | undefined): Entry[] {
  const judged = index === undefined ? undefined : transcript[index];
  if (index === undefined || judged === undefined) return [];
  const asks = productAsks(transcript);
  const before =
    judged.kind !== "http-request" && directionOf(judged, asks) !== "sent"
      ? transcript.slice(0, index).findLast((one) => directionOf(one, asks) === "sent")
      : undefined;
  return before === undefined ? [judged] : [before, judged];
}
