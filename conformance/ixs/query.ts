import { notThere, ready, succeeds } from "../streaming/answers.js";
import type { IxsTest } from "./case.js";
import { defineCase } from "./case.js";
import type { Json } from "./primitives.js";
import { filesIn, isUpToDate, keysOf, query, session, updated } from "./primitives.js";
import { finds, namesOf } from "./registration.js";

/** Judges that nothing is found: an empty list, or 404. */
async function findsNothing(t: IxsTest, keys: Json, what: string): Promise<void> {
  const reply = await query(t, keys);
  t.answers(
    reply,
    { expected: ["no index file"], test: () => notThere.test(reply) || filesIn(reply)?.length === 0 },
    { what: `the answer to ${what}` },
  );
}

/** A session is found by each of its keys, and by nothing else [8.6 e)]. */
export const queryCases = [
  defineCase({
    id: "ixs/query/accepted",
    title: "a peer that names version, title, data source and data gets the index file",
    requirements: ["DS-8.6-e"],
    group: "basic",
    async run(t) {
      const made = await updated(t, await session(t), {});
      await finds(t, { ...keysOf(made.file), version: 1 }, made.file, "a query by all four");
    },
  }),
  defineCase({
    id: "ixs/query/version-held",
    title: "the version in a query is taken: who has the newest learns that, or gets it again",
    requirements: ["DS-8.6-e-i"],
    errata: ["E-DS-12"],
    group: "behaviour",
    async run(t) {
      const made = await updated(t, await session(t), {});
      const held = await query(t, keysOf(made.file));
      const again = filesIn(held)?.[0]?.version === made.file.version;
      t.that(isUpToDate(held) || again, "the newest index file, or that there is no newer one", held.outcome, {
        what: "the answer to one that has the newest version",
        entry: held.entry,
      });
      const old = await query(t, { ...keysOf(made.file), version: 1 });
      t.equal(
        filesIn(old)?.map(({ version }) => version),
        [made.file.version],
        {
          what: "the versions in the answer to one that has version 1",
          entry: old.entry,
        },
      );
    },
  }),
  defineCase({
    id: "ixs/query/version-of-the-future",
    title: "a query by a version that there is not yet is answered, with nothing older than the newest",
    requirements: ["DS-8.6-e-i"],
    errata: ["E-DS-12"],
    group: "behaviour",
    async run(t) {
      const made = await updated(t, await session(t), {});
      const reply = await query(t, { ...keysOf(made.file), version: 99 });
      const versions = (filesIn(reply) ?? []).map(({ version }) => version);
      t.that(
        reply.status < 500 && versions.every((one) => one === made.file.version),
        "the newest index file, or none",
        reply.outcome,
        { what: "the answer to one that names version 99", entry: reply.entry },
      );
    },
  }),
  ...(
    [
      ["title", "title", "DS-8.6-e-ii"],
      ["data-source", "data_source_id", "DS-8.6-e-iii"],
      ["data", "data_id", "DS-8.6-e-iv"],
    ] as const
  ).flatMap(([name, member, requirement]) => [
    defineCase({
      id: `ixs/query/${name}-counts`,
      title: `a session is found with its ${member}, and not with another one`,
      requirements: [requirement],
      errata: ["E-DS-09", "E-DS-12"],
      group: "behaviour",
      async run(t) {
        const { file } = await session(t);
        await finds(t, namesOf(file), file, `a query with the right ${member}`);
        await findsNothing(t, { ...namesOf(file), [member]: t.unique("other") }, `a query with another ${member}`);
      },
    }),
    defineCase({
      id: `ixs/query/by-${name}`,
      title: `a session is found by its ${member} alone`,
      requirements: [requirement],
      errata: ["E-DS-09"],
      needs: ["partial-queries"],
      group: "behaviour",
      async run(t) {
        const [one, other] = [await session(t), await session(t)];
        for (const { file } of [one, other])
          await finds(t, { [member]: file[member] }, file, `a query by ${member} alone`);
      },
    }),
  ]),
  defineCase({
    id: "ixs/query/all-of-a-source",
    title: "a query by the data source gives all of its sessions, each once",
    requirements: ["DS-8.6-e-iii"],
    errata: ["E-DS-09"],
    needs: ["partial-queries"],
    group: "behaviour",
    async run(t) {
      const one = await session(t);
      const other = await session(t, { data_source_id: one.file.data_source_id });
      await session(t);
      const reply = await query(t, { data_source_id: one.file.data_source_id });
      succeeds(t, reply, { what: "the status of a query by a data source" });
      t.equal(
        filesIn(reply)
          ?.map(({ data_id }) => String(data_id))
          .toSorted(),
        [one, other].map(({ file }) => String(file.data_id)).toSorted(),
        { what: "the data of the sessions in the answer", entry: reply.entry },
      );
    },
  }),
  defineCase({
    id: "ixs/query/unknown",
    title: "a session that nobody registered is not found",
    requirements: ["DS-8.6-e"],
    group: "behaviour",
    async run(t) {
      const { file } = await session(t);
      ready(t, "a query for what is there", await query(t, namesOf(file)));
      const nothing = { title: t.unique("no"), data_source_id: t.unique("no"), data_id: t.unique("no") };
      await findsNothing(t, nothing, "a query for what nobody registered");
    },
  }),
  defineCase({
    id: "ixs/query/whole-names",
    title: "part of a title finds nothing, and neither does a pattern",
    requirements: ["DS-8.6-e-ii"],
    group: "behaviour",
    async run(t) {
      const { file } = await session(t);
      const title = String(file.title);
      for (const other of [title.slice(0, -1), `${title.slice(0, 4)}%`, `${title.slice(0, 4)}*`, `' OR '1'='1`])
        await findsNothing(t, { ...namesOf(file), title: other }, `a query by the title ${other}`);
      const capitals = await query(t, { ...namesOf(file), title: title.toUpperCase() });
      if ((filesIn(capitals)?.length ?? 0) > 0)
        t.warn(
          "a title in capitals finds it too, where this project's profile (spec/ixs) compares character by character",
        );
    },
  }),
];
