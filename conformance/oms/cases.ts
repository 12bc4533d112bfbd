import type { CaseDefinition } from "../engine/case.js";
import { robustnessCases } from "../streaming/robustness.js";
import type { OmsTest } from "./case.js";
import { defineCase } from "./case.js";
import { closedCases } from "./closed.js";
import { creationCases } from "./creation.js";
import { expiryCases } from "./expiry.js";
import { memberCases } from "./members.js";
import { create, creationOf, join, joinOf, overlay } from "./primitives.js";

/** Every case against an OMS on R5: overlay networks, how they end, who may join, members, and what is no message. */
export const omsCases: readonly CaseDefinition<OmsTest>[] = [
  ...creationCases,
  ...expiryCases,
  ...closedCases,
  ...memberCases,
  ...robustnessCases<OmsTest>("oms", defineCase, [
    {
      name: "creation",
      requirement: "DS-8.5-a",
      prepare: async (t) => ({ body: { overlay_creation: creationOf(t) }, send: (options) => create(t, {}, options) }),
    },
    {
      name: "join",
      requirement: "DS-8.5-01",
      prepare: async (t) => {
        const { id } = await overlay(t);
        return { body: { join: joinOf(t) }, send: (options) => join(t, id, {}, options) };
      },
    },
  ]),
];
