import type { RequirementId } from "../../generated/catalogue/requirements.js";
import type { HttpReply } from "../engine/http.js";
import { is } from "../engine/matchers.js";
import { set, without } from "../engine/refuses.js";
import { accepted, asInProfile, formOnly, memberOf, notThere, ready, refuses, succeeds } from "../streaming/answers.js";
import type { IxsTest } from "./case.js";
import { defineCase } from "./case.js";
import type { Json } from "./primitives.js";
import { FORM, filesIn, indexFile, keysOf, query, register, session } from "./primitives.js";

const at = memberOf(FORM);
const LIST = "/index_file_list/index_file";

/** What [8.6 a), b)] has in an index file; the profile has more. */
const items = [
  "version",
  "title",
  "oms_url",
  "overlay_network_id",
  "data_source_id",
  "data_id",
  "fragment_size",
  "description",
] as const;

/** Judges that a query for a session gives this index file and no other. */
export async function finds(t: IxsTest, keys: Json, file: Json, what: string): Promise<void> {
  const reply = await query(t, keys);
  succeeds(t, reply, { what: `the status of ${what}` });
  holdsOnly(
    t,
    reply,
    file,
    `the answer to ${what}`,
    t.definition.requirements.slice(0, 1),
    t.definition.requirements.slice(0, 1),
  );
}

/** Judges that an answer has one index file, as it was registered; what the profile adds draws a remark where it is lost. */
function holdsOnly(
  t: IxsTest,
  reply: HttpReply,
  file: Json,
  where: string,
  one: readonly RequirementId[],
  same: readonly RequirementId[],
): void {
  const found = filesIn(reply);
  const cite = { entry: reply.entry, ...at(LIST) };
  t.equal(found?.length, 1, { ...cite, requirement: one, what: `the number of index files in ${where}` });
  const kept = Object.fromEntries(items.filter((name) => file[name] !== undefined).map((name) => [name, file[name]]));
  t.match(found?.[0], kept as never, {
    ...cite,
    ...at(`${LIST}/0`),
    requirement: same,
    what: `the index file in ${where}`,
  });
  const more = Object.entries(file).filter(([name]) => !Object.hasOwn(kept, name) && name !== "expires");
  asInProfile(t, reply, Object.fromEntries(more.map(([name, value]) => [`${LIST}/0/${name}`, value as never])), FORM);
}

/** Without the version: what an asker that holds nothing names. */
export const namesOf = (file: Json): Json => ({ ...keysOf(file), version: undefined });

/** Sessions become known [8.6 a)]. */
export const registrationCases = [
  defineCase({
    id: "ixs/registration/accepted",
    title: "a source peer registers an index file",
    requirements: ["DS-8.6-a"],
    errata: ["E-DS-10"],
    group: "basic",
    async run(t) {
      const reply = await register(t, indexFile(t));
      succeeds(t, reply, { what: "the status of a registration" });
      asInProfile(t, reply, { "/registration/version": is.positive }, FORM);
    },
  }),
  defineCase({
    id: "ixs/registration/found",
    title:
      "what was registered is found, with title, OMS, overlay network, data source, data, fragment size and description",
    requirements: ["DS-8.6-a", "DS-7.2.3-01"],
    errata: ["E-DS-35"],
    group: "basic",
    async run(t) {
      const { file } = await session(t);
      const reply = await query(t, namesOf(file));
      succeeds(t, reply, { requirement: "DS-8.6-a", what: "the status of a query" });
      holdsOnly(t, reply, file, "the answer", ["DS-8.6-a"], ["DS-8.6-a", "DS-7.2.3-01"]);
    },
  }),
  defineCase({
    id: "ixs/registration/first-version",
    title: "a registration may leave the version out; the first one is 1 then",
    requirements: ["DS-8.6-a"],
    errata: ["E-DS-10"],
    group: "behaviour",
    async run(t) {
      const file = indexFile(t, { version: undefined });
      const reply = await register(t, file);
      if (!accepted.test(reply)) {
        t.answers(
          reply,
          { expected: ["acceptance, or a refusal (E-DS-10)"], test: ({ status: seen }) => seen < 500 },
          {
            what: "the status of a registration without version",
          },
        );
        t.warn(`a registration without version is refused: ${reply.outcome}`);
        return;
      }
      asInProfile(t, reply, { "/registration/version": 1 }, FORM);
      const seen = await query(t, namesOf(file));
      t.equal(filesIn(seen)?.[0]?.version, 1, {
        what: "the version of what was registered without one",
        entry: seen.entry,
        ...at(`${LIST}/0/version`),
      });
    },
  }),
  defineCase({
    id: "ixs/registration/plain-text",
    title: "title and description are kept as they are, in any script",
    requirements: ["DS-8.6-a", "DS-7.2.3-01"],
    group: "behaviour",
    async run(t) {
      const { file } = await session(t, {
        title: `${t.unique("title")} 火山 & <b>"Ærø"</b> 🌋 %20+`,
        description: "Zwei Zeilen:\nλ → ∞, 10 % + 1 \\ “…”",
      });
      const reply = await query(t, namesOf(file));
      succeeds(t, reply, { requirement: "DS-8.6-a", what: "the status of a query by such a title" });
      t.match(
        filesIn(reply)?.[0],
        { title: file.title as string, description: file.description as string },
        {
          requirement: ["DS-8.6-a", "DS-7.2.3-01"],
          what: "title and description",
          entry: reply.entry,
        },
      );
    },
  }),
  defineCase({
    id: "ixs/registration/several-of-one-source",
    title: "a data source has a session for each of its data",
    requirements: ["DS-8.6-a"],
    errata: ["E-DS-09", "E-DS-38"],
    group: "behaviour",
    async run(t) {
      const one = await session(t);
      const second = indexFile(t, { data_source_id: one.file.data_source_id });
      succeeds(t, await register(t, second), { what: "the status of the registration of the second session" });
      const other = { file: second };
      await finds(t, namesOf(one.file), one.file, "a query for the first session");
      await finds(t, namesOf(other.file), other.file, "a query for the second session");
    },
  }),
  defineCase({
    id: "ixs/registration/one-overlay",
    title: "sessions of several data sources are registered on one overlay network",
    requirements: ["DS-8.6-a"],
    errata: ["E-DS-38"],
    needs: ["several-data-sources"],
    group: "behaviour",
    async run(t) {
      const one = await session(t);
      const other = await session(t, { overlay_network_id: one.file.overlay_network_id });
      await finds(t, namesOf(one.file), one.file, "a query for the first session");
      await finds(t, namesOf(other.file), other.file, "a query for the second session");
    },
  }),
  defineCase({
    id: "ixs/registration/twice",
    title: "whoever registers a session that is there does not take it over",
    requirements: ["DS-8.6-a"],
    errata: ["E-DS-36"],
    group: "behaviour",
    security: true,
    async run(t) {
      const { file } = await session(t);
      await register(t, { ...file, oms_url: "http://192.0.2.66:6666", version: 5 });
      const reply = ready(t, "a query", await query(t, namesOf(file)));
      if (t.declared.reading("E-DS-36") === "B") t.passed({ what: "that anybody may change it, as declared" });
      else
        t.equal(filesIn(reply)?.[0]?.oms_url, file.oms_url, {
          what: "the OMS in the index file after a stranger's registration",
          entry: reply.entry,
        });
    },
  }),
  ...(
    [
      ["title", "title", "DS-8.6-a-i"],
      ["oms", "oms_url", "DS-8.6-a-ii"],
      ["overlay", "overlay_network_id", "DS-8.6-a-ii"],
      ["data-source", "data_source_id", "DS-8.6-a-iii"],
      ["data", "data_id", "DS-8.6-a-iv"],
      ["fragment-size", "fragment_size", "DS-8.6-a-v"],
      ["description", "description", "DS-8.6-a-vi"],
    ] as const
  ).map(([name, member, requirement]) =>
    defineCase({
      id: `ixs/registration/without-${name}`,
      title: `an index file without ${member} is refused`,
      requirements: [requirement],
      errata: ["E-DS-09"],
      group: "behaviour",
      run: (t) =>
        refuses(t, {
          what: `a registration without ${member}`,
          valid: () => indexFile(t),
          send: (file, as) => register(t, file, as),
          delta: without(member),
        }),
    }),
  ),
  ...(
    [
      ["title-number", "a number as title", "DS-8.6-a-i", set("title", 7)],
      ["title-empty", "an empty title", "DS-8.6-a-i", set("title", "")],
      ["fragment-size-zero", "fragments of no octets", "DS-8.6-a-v", set("fragment_size", 0)],
      ["fragment-size-text", "a fragment size in words", "DS-8.6-a-v", set("fragment_size", "large")],
      ["version-zero", "version 0", "DS-8.6-a", set("version", 0)],
      ["version-text", "a version in words", "DS-8.6-a", set("version", "first")],
      ["version-fraction", "version 1.5", "DS-8.6-a", set("version", 1.5)],
      ["oms-no-address", "an OMS whose address is none", "DS-8.6-a-ii", set("oms_url", "nowhere")],
    ] as const
  ).map(([name, what, requirement, delta]) =>
    defineCase({
      id: `ixs/registration/${name}`,
      title: `an index file with ${what} is refused, and is not found`,
      requirements: [requirement],
      group: "behaviour",
      async run(t) {
        let last: Json = {};
        await refuses(t, {
          what: `a registration with ${what}`,
          valid: () => {
            last = indexFile(t);
            return last;
          },
          send: (file, as) => register(t, file, as),
          delta,
          tolerated: formOnly(what, FORM),
          unchanged: async () => {
            const reply = await query(t, namesOf(last));
            const none = {
              expected: ["no index file"],
              test: () => filesIn(reply)?.length === 0 || notThere.test(reply),
            };
            t.answers(reply, none, { what: "a query for what was refused", ...at(LIST) });
          },
        });
      },
    }),
  ),
];
