import type { CaseDefinition } from "../engine/case.js";
import { ready } from "../streaming/answers.js";
import { robustnessCases } from "../streaming/robustness.js";
import type { IxsTest } from "./case.js";
import { defineCase } from "./case.js";
import { filesIn, indexFile, query, register, session, update } from "./primitives.js";
import { queryCases } from "./query.js";
import { namesOf, registrationCases } from "./registration.js";
import { removalCases } from "./removal.js";
import { updateCases } from "./update.js";

/** Every case against an IXS: registration, update, query, removal, and what is no message. */
export const ixsCases: readonly CaseDefinition<IxsTest>[] = [
  ...registrationCases,
  ...updateCases,
  ...queryCases,
  ...removalCases,
  ...robustnessCases<IxsTest>("ixs", defineCase, [
    {
      name: "registration",
      requirement: "DS-8.6-a",
      prepare: async (t) => {
        const file = indexFile(t);
        return { body: { index_file: file }, send: (options) => register(t, file, options) };
      },
    },
    {
      name: "update",
      requirement: "DS-8.6-b",
      prepare: async (t) => {
        const { file, token } = await session(t);
        return { body: { index_file: { ...file, version: 2 } }, send: (options) => update(t, {}, token, options) };
      },
      witness: async (t) => {
        const { file } = await session(t);
        return async () => {
          const reply = ready(t, "a query", await query(t, namesOf(file)));
          t.equal(filesIn(reply)?.length, 1, { what: "the index files of another session afterwards" });
        };
      },
    },
  ]),
];
