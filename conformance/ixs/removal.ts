import { accepted, lived, notThere, ready, succeeds } from "../streaming/answers.js";
import { defineCase } from "./case.js";
import { filesIn, query, remove, session, update, updated } from "./primitives.js";
import { finds, namesOf } from "./registration.js";

/** Sessions end [8.6 d), 7.1.3]. */
export const removalCases = [
  defineCase({
    id: "ixs/removal/gone",
    title: "a session that was removed is not found, by none of its names",
    requirements: ["DS-8.6-d"],
    group: "basic",
    async run(t) {
      const { file, token } = await session(t);
      succeeds(t, await remove(t, file, token), { what: "the status of a removal" });
      for (const version of [undefined, 1, 2]) {
        const reply = await query(t, { ...namesOf(file), version });
        t.answers(
          reply,
          { expected: ["no index file"], test: () => notThere.test(reply) || filesIn(reply)?.length === 0 },
          { what: `the answer to a query${version === undefined ? "" : ` with version ${version}`} after the removal` },
        );
      }
    },
  }),
  defineCase({
    id: "ixs/removal/others-stay",
    title: "of two sessions of one data source the one named by its data is removed, and the other stays",
    requirements: ["DS-8.6-d-iii"],
    errata: ["E-DS-09"],
    group: "behaviour",
    async run(t) {
      const one = await session(t);
      const other = await session(t, { data_source_id: one.file.data_source_id, title: one.file.title });
      succeeds(t, await remove(t, one.file, one.token), { what: "the status of the removal of one of them" });
      await finds(t, namesOf(other.file), other.file, "a query for the other one");
      const reply = await query(t, namesOf(one.file));
      t.answers(
        reply,
        { expected: ["no index file"], test: () => notThere.test(reply) || filesIn(reply)?.length === 0 },
        { what: "the answer to a query for the one removed" },
      );
    },
  }),
  defineCase({
    id: "ixs/removal/twice",
    title: "what was removed is not removed again",
    requirements: ["DS-8.6-d"],
    group: "behaviour",
    async run(t) {
      const { file, token } = await session(t);
      await t.setup("the first removal", async () => void ready(t, "a removal", await remove(t, file, token)));
      const reply = await remove(t, file, token);
      t.answers(reply, lived, { what: "the status of the second removal" });
      if (accepted.test(reply)) t.warn(`the second removal of a session is answered ${reply.status}`);
    },
  }),
  defineCase({
    id: "ixs/removal/stale",
    title: "a removal by an older version leaves the newest in place, or removes the session; nothing older comes back",
    requirements: ["DS-8.6-d"],
    errata: ["E-DS-13"],
    group: "behaviour",
    async run(t) {
      const first = await session(t);
      const made = await updated(t, first, { description: "The second." });
      const reply = await remove(t, { ...made.file, version: 1 }, made.token);
      t.answers(reply, lived, { what: "the status of a removal by version 1 of 2" });
      const seen = filesIn(await query(t, namesOf(made.file))) ?? [];
      const rest = accepted.test(reply) ? [] : [made.file.version];
      t.equal(
        seen.map(({ version }) => version),
        rest,
        { what: "the versions found afterwards" },
      );
    },
  }),
  defineCase({
    id: "ixs/removal/no-update-after",
    title: "what was removed is not brought back by an update",
    requirements: ["DS-8.6-d"],
    group: "behaviour",
    async run(t) {
      const { file, token } = await session(t);
      await t.setup("the removal", async () => void ready(t, "a removal", await remove(t, file, token)));
      const reply = await update(t, { ...file, version: 2 }, token);
      t.answers(reply, lived, { what: "the status of an update of what was removed" });
      if (accepted.test(reply)) t.warn("an update makes a session that was not there");
      else {
        const seen = await query(t, namesOf(file));
        t.answers(
          seen,
          { expected: ["no index file"], test: () => notThere.test(seen) || filesIn(seen)?.length === 0 },
          { what: "the answer to a query after a refused update" },
        );
      }
    },
  }),
  defineCase({
    id: "ixs/removal/stranger",
    title: "who did not register a session does not remove it",
    requirements: ["DS-8.6-d"],
    errata: ["E-DS-36"],
    group: "behaviour",
    security: true,
    async run(t) {
      const [made, other] = [await session(t), await session(t)];
      for (const [whose, token] of [
        ["another source peer", other.token],
        ["nobody", ""],
      ] as const) {
        const reply = await remove(t, made.file, token);
        t.answers(reply, lived, { what: `the status of a removal by ${whose}` });
        if (t.declared.reading("E-DS-36") === "A")
          await finds(t, namesOf(made.file), made.file, `a query after a removal by ${whose}`);
        else if (accepted.test(reply)) {
          t.warn(`${whose} can remove a session (E-DS-36)`);
          return;
        }
      }
    },
  }),
];
