import { asInProfile, lived, memberOf, ready, succeeds } from "../streaming/answers.js";
import type { IxsTest } from "./case.js";
import { defineCase } from "./case.js";
import type { Json, Session } from "./primitives.js";
import {
  FORM,
  filesIn,
  indexFile,
  keysOf,
  query,
  register,
  remove,
  session,
  tokenIn,
  update,
  updated,
} from "./primitives.js";
import { finds, namesOf } from "./registration.js";

/** Judges that whatever a query names, no older index file comes: the newest, or none [8.6 c)]. */
export async function neverOlder(t: IxsTest, file: Json, what: string): Promise<void> {
  for (const version of [undefined, ...Array.from({ length: Number(file.version) + 1 }, (_, at) => at + 1)]) {
    const reply = await query(t, { ...keysOf(file), version });
    for (const one of filesIn(reply) ?? [])
      t.equal(one.version, file.version, {
        requirement: "DS-8.6-c",
        what: `the version in the answer to a query ${version === undefined ? "without version" : `by one that has version ${version}`}, ${what}`,
        entry: reply.entry,
      });
    t.answers(
      reply,
      { expected: ["the newest index file, or that there is nothing newer"], test: ({ status }) => status < 500 },
      { requirement: "DS-8.6-c", what: `the status of that query, ${what}` },
    );
  }
}

const WRITERS = 12;
const READERS = 30;

/** Newer versions take the place of older ones, and nothing else does [8.6 b), c)]. */
export const updateCases = [
  defineCase({
    id: "ixs/update/newest",
    title: "after an update the newer index file is found, by its new title",
    requirements: ["DS-8.6-b"],
    errata: ["E-DS-09", "E-DS-11"],
    group: "basic",
    async run(t) {
      const { file, token } = await session(t);
      const next = { ...file, version: 2, title: t.unique("title"), description: "Another one." };
      const reply = await update(t, next, token);
      succeeds(t, reply, { what: "the status of an update" });
      asInProfile(t, reply, { "/registration/version": 2 }, FORM);
      await finds(t, namesOf(next), next, "a query by the new title");
      await finds(
        t,
        { data_source_id: file.data_source_id, data_id: file.data_id, title: next.title, version: 1 },
        next,
        "a query by one that has the older version",
      );
    },
  }),
  defineCase({
    id: "ixs/update/never-older",
    title: "once updated, an older version is not given to anybody, whatever is asked",
    requirements: ["DS-8.6-c"],
    errata: ["E-DS-12"],
    group: "behaviour",
    async run(t) {
      let made = await session(t);
      for (let count = 0; count < 3; count++) {
        made = await updated(t, made, { description: `Version ${count + 2}` });
        await neverOlder(t, made.file, `after ${count + 1} updates`);
      }
    },
  }),
  defineCase({
    id: "ixs/update/older-title",
    title: "a query by the title that a session had does not give what it was",
    requirements: ["DS-8.6-c"],
    errata: ["E-DS-09", "E-DS-12"],
    group: "behaviour",
    async run(t) {
      const made = await session(t);
      await updated(t, made, { title: t.unique("title") });
      for (const version of [undefined, 1]) {
        const reply = await query(t, { ...keysOf(made.file), version });
        const old = filesIn(reply)?.filter((one) => one.version === 1) ?? [];
        t.equal(old, [], {
          what: "index files of version 1 in the answer to a query by the former title",
          entry: reply.entry,
        });
      }
    },
  }),
  ...(
    [
      ["older", "an older version", -1],
      ["equal", "the same version with another content", 0],
    ] as const
  ).map(([name, what, step]) =>
    defineCase({
      id: `ixs/update/${name}`,
      title: `an update with ${what} changes nothing`,
      requirements: ["DS-8.6-c"],
      errata: ["E-DS-13"],
      group: "behaviour",
      async run(t) {
        const made = await updated(t, await updated(t, await session(t), {}), { description: "The newest one." });
        const version = Number(made.file.version) + step;
        const reply = await update(t, { ...made.file, version, description: "A stale one." }, made.token);
        t.answers(reply, lived, { what: `the status of an update with ${what}` });
        if (reply.status < 300) t.warn(`an update with ${what} is answered ${reply.status}, not refused (E-DS-13)`);
        await finds(t, namesOf(made.file), made.file, "a query afterwards");
      },
    }),
  ),
  defineCase({
    id: "ixs/update/skipped",
    title: "versions may be left out: the next one is any higher one",
    requirements: ["DS-8.6-b"],
    group: "behaviour",
    async run(t) {
      const { file, token } = await session(t);
      const next = { ...file, version: 40, description: "The fortieth." };
      succeeds(t, await update(t, next, token), { what: "the status of an update to version 40" });
      await finds(t, namesOf(next), next, "a query afterwards");
    },
  }),
  defineCase({
    id: "ixs/update/racing-writers",
    title: `of ${WRITERS} updates that arrive at the same time the newest is given from then on, and none of the others`,
    requirements: ["DS-8.6-c"],
    errata: ["E-DS-13"],
    group: "behaviour",
    budgetMs: 20_000,
    async run(t) {
      const { file, token } = await session(t);
      const versions = Array.from({ length: WRITERS }, (_, at) => at + 2);
      // The newest first, and then from both ends: no order of arrival is that of the versions.
      const order = versions.map((_, at) => (at % 2 === 0 ? versions.at(-1 - at / 2) : versions[(at - 1) / 2]) ?? 0);
      const written = await Promise.all(
        order.map(async (version) => ({
          version,
          reply: await update(t, { ...file, version, description: `Version ${version}` }, token),
        })),
      );
      for (const { version, reply } of written)
        t.answers(reply, lived, { what: `the status of the update to version ${version}` });
      const newest = Math.max(1, ...written.filter(({ reply }) => reply.status < 300).map(({ version }) => version));
      t.equal(newest, WRITERS + 1, { what: "the highest version of which an update was accepted" });
      const last = { ...file, version: newest, description: `Version ${newest}` };
      await finds(t, namesOf(last), last, "a query after all of them");
      await neverOlder(t, last, "after all of them");
    },
  }),
  defineCase({
    id: "ixs/update/readers-never-go-back",
    title: "who asks again and again while a session is updated never gets an older version than before",
    requirements: ["DS-8.6-c"],
    group: "behaviour",
    budgetMs: 20_000,
    async run(t) {
      let made: Session = await session(t);
      let over = false;
      const reader = async (): Promise<void> => {
        let seen = 0;
        for (let count = 0; count < READERS && !over; count++) {
          const reply = await query(t, namesOf(made.file));
          const version = Number(filesIn(reply)?.[0]?.version ?? seen);
          t.that(version >= seen, `version ${seen} or a newer one`, version, {
            what: "the version in the answer to one who has had a newer one",
            entry: reply.entry,
          });
          seen = version;
        }
      };
      const writer = async (): Promise<void> => {
        for (let count = 0; count < WRITERS; count++) made = await updated(t, made, { description: `Update ${count}` });
        over = true;
      };
      await Promise.all([writer(), reader(), reader()]);
      // What was acknowledged before the question is in the answer to it.
      await finds(t, namesOf(made.file), made.file, "a query after the last update");
    },
  }),
  defineCase({
    id: "ixs/update/at-once",
    title: "an update that was acknowledged shows in the very next answer",
    requirements: ["DS-8.6-c"],
    group: "behaviour",
    async run(t) {
      let made = await session(t);
      for (let count = 0; count < 5; count++) {
        made = await updated(t, made, { description: `Update ${count}` });
        const reply = await query(t, { ...keysOf(made.file), version: Number(made.file.version) - 1 });
        t.equal(filesIn(reply)?.[0]?.version, made.file.version, {
          what: "the version in the first answer after an update",
          entry: reply.entry,
        });
      }
    },
  }),
  defineCase({
    id: "ixs/update/others-stay",
    title: "an update of one session leaves another one of the same data source as it is",
    requirements: ["DS-8.6-b"],
    errata: ["E-DS-09"],
    group: "behaviour",
    async run(t) {
      const one = await session(t);
      const other = await session(t, { data_source_id: one.file.data_source_id });
      await updated(t, one, { description: "Another one." });
      await finds(t, namesOf(other.file), other.file, "a query for the other session");
    },
  }),
  defineCase({
    id: "ixs/update/stranger",
    title: "who did not register a session does not update it",
    requirements: ["DS-8.6-b"],
    errata: ["E-DS-36"],
    group: "behaviour",
    security: true,
    async run(t) {
      const [made, other] = [await session(t), await session(t)];
      const forged = { ...made.file, version: 9, oms_url: "http://192.0.2.66:6666" };
      for (const [whose, token] of [
        ["another source peer", other.token],
        ["nobody", ""],
      ] as const) {
        const reply = await update(t, forged, token);
        t.answers(reply, lived, { what: `the status of an update by ${whose}` });
        const seen = ready(t, "a query", await query(t, namesOf(made.file)));
        if (t.declared.reading("E-DS-36") === "A")
          t.equal(filesIn(seen)?.[0]?.oms_url, made.file.oms_url, {
            what: `the OMS in the index file after an update by ${whose}`,
            entry: seen.entry,
          });
        else if (reply.status < 300) t.warn(`${whose} can update a session (E-DS-36)`);
      }
    },
  }),
  defineCase({
    id: "ixs/update/token-secret",
    title: "no query tells the secret of a registration",
    requirements: ["DS-8.6-e"],
    errata: ["E-DS-36"],
    group: "behaviour",
    security: true,
    async run(t) {
      const { file, token } = await session(t);
      const reply = ready(t, "a query", await query(t, namesOf(file)));
      t.that(token === "" || !reply.text.includes(token), "no owner_token", reply.outcome, {
        what: "the answer to a query",
        entry: reply.entry,
      });
    },
  }),
  defineCase({
    id: "ixs/update/registered-anew",
    title: "a session that was removed and registered anew is given as it is now",
    requirements: ["DS-8.6-c", "DS-8.6-d"],
    group: "behaviour",
    async run(t) {
      const made = await updated(t, await session(t), { description: "The second." });
      await t.setup("its removal", async () => void ready(t, "a removal", await remove(t, made.file, made.token)));
      const anew = indexFile(t, { ...keysOf(made.file), version: Number(made.file.version) + 1, description: "Anew." });
      const reply = await register(t, anew);
      succeeds(t, reply, { requirement: "DS-8.6-d", what: "the status of a registration after a removal" });
      t.passed({
        requirement: "DS-8.6-d",
        what: `that the session could be removed (${tokenIn(t, reply).length} characters of token)`,
      });
      await neverOlder(t, anew, "after it was registered anew");
      const seen = await query(t, namesOf(anew));
      t.equal(filesIn(seen)?.[0]?.description, anew.description, {
        requirement: "DS-8.6-c",
        what: "the description in the answer after it was registered anew",
        entry: seen.entry,
        ...memberOf(FORM)("/index_file_list/index_file/0/description"),
      });
    },
  }),
];
