import type { CaseDefinition } from "../engine/case.js";
import { robustnessCases } from "../streaming/robustness.js";
import type { UnisTest } from "./case.js";
import { defineCase } from "./case.js";
import { ask, distanceCases, questionOf } from "./distances.js";

/** Every case against a UNIS: distances, preferences, and what is no message. */
export const unisCases: readonly CaseDefinition<UnisTest>[] = [
  ...distanceCases,
  ...robustnessCases<UnisTest>("unis", defineCase, [
    {
      name: "distances",
      requirement: "DS-7.2.6-01",
      prepare: async (t) => ({ body: { distance_query: questionOf(t) }, send: (options) => ask(t, {}, options) }),
    },
  ]),
];
