import type { CaseDefinition } from "../engine/case.js";
import { robustnessCases } from "../streaming/robustness.js";
import { accessCases } from "./access.js";
import type { UmsTest } from "./case.js";
import { defineCase } from "./case.js";
import { channelCases } from "./channels.js";
import { ask, channel, requestOf, user } from "./primitives.js";

/** Every case against a UMS: rights of users, channels, and what is no message. */
export const umsCases: readonly CaseDefinition<UmsTest>[] = [
  ...accessCases,
  ...channelCases,
  ...robustnessCases<UmsTest>("ums", defineCase, [
    {
      name: "access",
      requirement: "DS-8.7-a",
      prepare: async (t) => {
        const who = await user(t);
        const { overlay } = await channel(t, [{ user_id: who.id }]);
        return { body: { access_request: requestOf(who, overlay) }, send: (options) => ask(t, {}, options) };
      },
    },
  ]),
];
