import type { ReadingItem, ValueItem } from "./declaration.js";
import { INFERRED } from "./ldmp-dialect.js";

/** Readings that both ends of LDMP declare. */
export const ldmpReadings = {
  "E-LDMP-01": {
    title: "T bits: A = 00 asks for an acknowledgement (8.1), B = 01 does (8.2)",
    letters: ["A", "B"],
    default: INFERRED,
  },
  "E-LDMP-02": {
    title:
      "Length: A = only with a payload (8 octets without), B = always there (10 octets); over TCP A unless declared",
    letters: ["A", "B"],
    default: INFERRED,
  },
  "E-LDMP-15": {
    title: "Message ID of answers to Registration, Release, Heartbeat: A = the request's, B = the answerer's next",
    letters: ["A", "B"],
    default: "A",
  },
  "E-LDMP-18": {
    title:
      "Removal: A = (retransmissions + 1) x time, B = a time of its own (value removal-time), C = retransmissions x time",
    letters: ["A", "B", "C"],
    default: "A",
  },
} as const satisfies Record<string, ReadingItem>;

/** Source ID and Destination ID are 16 bits wide [X.609.8 8.1]. */
export const identifier = { whole: true, max: 0xffff } as const;

/** Protocol variables of X.609.8 [9]. Declare short ones for a short run. */
export const ldmpTimers = {
  "heartbeat-time": { title: "Heartbeat time [9.1]", default: 60, unit: "s", min: 0.01 },
  "retransmission-time": { title: "Retransmission time [9.2]", default: 10, unit: "s", min: 0.01 },
  "max-retransmissions": { title: "Maximum number of retransmissions [9.3]", default: 3, whole: true, max: 100 },
  "removal-time": {
    title: "Time after which a silent counterpart is removed, with reading B of E-LDMP-18",
    default: 40,
    unit: "s",
    min: 0.01,
  },
} as const satisfies Record<string, ValueItem>;

interface Timers {
  readonly heartbeatMs: number;
  readonly retransmissionMs: number;
  readonly retransmissions: number;
  /** From the first unanswered request to the removal. */
  readonly removalMs: number;
}

/** The declared protocol variables in milliseconds; usable in `budgetMs` too. */
export function timersOf(declared: { value(name: never): unknown; reading(erratum: never): string }): Timers {
  const value = (name: keyof typeof ldmpTimers): number => Number(declared.value(name as never));
  const retransmissionMs = value("retransmission-time") * 1000;
  const retransmissions = value("max-retransmissions");
  const reading = declared.reading("E-LDMP-18" as never);
  const removalMs =
    reading === "B" ? value("removal-time") * 1000 : (retransmissions + (reading === "A" ? 1 : 0)) * retransmissionMs;
  return { heartbeatMs: value("heartbeat-time") * 1000, retransmissionMs, retransmissions, removalMs };
}
