import { type LdmpReadings, Type } from "../../generated/ldmp/index.js";

/** Which reading of X.609.8 an end follows where it can be read in several ways; spec/ldmp/profile.yaml lists them. */
export type Readings = LdmpReadings;

/** The T field of a request (E-LDMP-01): with reading A, 00 asks for an acknowledgement [8.1]; with B, 01 does [8.2]. */
export function requestType(wantsAnswer: boolean, readings: Readings): Type {
  const asking = readings.type === "A" ? Type.acknowledgementRequired : Type.acknowledgementNotRequired;
  const telling = readings.type === "A" ? Type.acknowledgementNotRequired : Type.acknowledgementRequired;
  return wantsAnswer ? asking : telling;
}

/** Whether T asks for an answer, where the Code does not settle it because it is in no table. */
export function asksForAnswer(type: number, readings: Readings): boolean {
  return type === requestType(true, readings);
}
