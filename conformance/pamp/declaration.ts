import type { OptionItem, ReadingItem } from "../engine/declaration.js";

/** What both clients of a PAMS declare. */
export const clientOptions = {
  "has-credentials": {
    title: "Has credentials for a PAMS that asks for them with 401",
    clause: "X.609.1 9.2",
    default: false,
    requirement: "PAMP-9.2-03",
  },
} as const satisfies Record<string, OptionItem>;

export const clientReadings = {
  "E-PAMP-45": {
    title: "An element stands in a member of its name (A), or is the whole body (B)",
    letters: ["A", "B"],
    default: "A",
  },
} as const satisfies Record<string, ReadingItem>;
