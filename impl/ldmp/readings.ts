import { Type } from "../../generated/ldmp/index.js";

/** Which reading of a contradiction in X.609.8 an end follows in what it sends. Both are understood on reception. */
export interface Readings {
  /** The T field of requests, E-LDMP-01: with A, 00 asks for an acknowledgement [8.1]; with B, 01 does [8.2]. */
  readonly type: "A" | "B";
  /** The header, E-LDMP-02: with A, Length is there only with a payload (8 octets without); with B always (10 octets). */
  readonly layout: "A" | "B";
}

export const defaultReadings: Readings = { type: "A", layout: "A" };

/** The T field of a request. */
export function requestType(wantsAnswer: boolean, readings: Readings): Type {
  const asking = readings.type === "A" ? Type.acknowledgementRequired : Type.acknowledgementNotRequired;
  const telling = readings.type === "A" ? Type.acknowledgementNotRequired : Type.acknowledgementRequired;
  return wantsAnswer ? asking : telling;
}

/** Whether T asks for an answer, where the Code does not settle it because it is in no table. */
export function asksForAnswer(type: number, readings: Readings): boolean {
  return type === requestType(true, readings);
}
