import { afterEach, describe, expect, test } from "vitest";
import type { Finding } from "../declare/finding.js";
import type { Observation, Probe } from "../declare/probe.js";
import { readEditions } from "../editions/edition.js";
import type { DeclarationInput } from "../engine/declaration.js";
import type { RunOptions } from "../engine/runner.js";
import { runConformance } from "../engine/runner.js";
import type { entities } from "../entities.js";
import { defineCase } from "../homs/case.js";
import { homs } from "../homs/entity.js";
import type { Serving } from "./servers.js";
import { creationServer } from "./servers.js";

let serving: Serving | undefined;
afterEach(async () => {
  await serving?.close();
  serving = undefined;
});

const created = homs.cases.filter(({ id }) => id === "homs/creation/accepted");

async function run(
  part: Partial<typeof homs>,
  declaration: DeclarationInput = {},
  more: Partial<RunOptions> = {},
  server = creationServer(),
) {
  serving = await server;
  const entity = { ...homs, cases: created, probes: [], ...part } as unknown as typeof entities.homs;
  return await runConformance({ entity, target: { url: serving.url }, declaration, timeoutMs: 400, ...more });
}

const showing = (item: Probe["item"], observation: Observation | undefined, adopt?: true): Probe => ({
  item,
  requirement: "HOMP-6.2.1-20",
  observe: async () => observation,
  ...(adopt ? { adopt } : {}),
});

const B: Observation = { shows: "B", excludes: ["A"], because: "it says so" };

describe("what the product shows", () => {
  test.each<[string, Probe, DeclarationInput, Pick<Finding, "kind" | "breaks">[]]>([
    [
      "a reading declared that it excludes",
      showing("readings.E-HOMP-62", B),
      { readings: { "E-HOMP-62": "A" } },
      [{ kind: "declared-but-absent", breaks: true }],
    ],
    ["a reading declared that agrees", showing("readings.E-HOMP-62", B), { readings: { "E-HOMP-62": "B" } }, []],
    [
      "a reading declared that may agree too",
      showing("readings.E-HOMP-62", { shows: "B", because: "" }),
      { readings: { "E-HOMP-62": "A" } },
      [],
    ],
    ["a reading that nobody declared", showing("readings.E-HOMP-62", B), {}, [{ kind: "inferred", breaks: false }]],
    [
      "a reading declared to be any",
      showing("readings.E-HOMP-62", B),
      { readings: { "E-HOMP-62": "any" } },
      [{ kind: "inferred", breaks: false }],
    ],
    [
      "an option declared and absent",
      showing("options.query-combined", { shows: false, because: "it is not" }),
      { options: { "query-combined": true } },
      [{ kind: "declared-but-absent", breaks: true }],
    ],
    [
      "an option expected and absent",
      showing("options.sub-overlays", { shows: false, because: "it is not" }),
      {},
      [{ kind: "inferred", breaks: false }],
    ],
    [
      "an option undeclared and answering",
      showing("options.query-combined", { shows: true, because: "it is" }),
      {},
      [{ kind: "undeclared-but-answering", breaks: false }],
    ],
    [
      "an option declared absent and answering",
      showing("options.sub-overlays", { shows: true, because: "it is" }),
      { options: { "sub-overlays": false } },
      [{ kind: "undeclared-but-answering", breaks: false }],
    ],
    ["an option absent as declared", showing("options.query-combined", { shows: false, because: "" }), {}, []],
    [
      "nothing that could be told",
      showing("options.query-combined", undefined),
      { options: { "query-combined": true } },
      [],
    ],
  ])("%s", async (_, probe, declaration, expected) => {
    const { review, conclusion, cases } = await run({ probes: [probe] }, declaration);
    expect(review.map(({ kind, breaks }) => ({ kind, breaks }))).toEqual(expected);
    expect(cases.map(({ verdict }) => verdict)).toEqual(["pass"]);
    expect(conclusion).toBe(expected.some(({ breaks }) => breaks) ? "fails" : "conforms");
  });

  test("only once counts against no product", async () => {
    let times = 0;
    const fickle = {
      ...showing("readings.E-HOMP-62", undefined),
      observe: async () => (times++ === 0 ? B : undefined),
    };
    const { review, conclusion } = await run({ probes: [fickle] }, { readings: { "E-HOMP-62": "A" } });
    expect(times).toBe(2);
    expect(review).toEqual([]);
    expect(conclusion).toBe("conforms");
  });

  test("is not looked at by a run of selected cases", async () => {
    const probes = [showing("readings.E-HOMP-62", B)];
    const declaration = { readings: { "E-HOMP-62": "A" } };
    const { review } = await run({ probes }, declaration, { only: ["homs/creation"] });
    expect(review).toEqual([]);
  });
});

const byReading = defineCase({
  id: "homs/test/by-reading",
  title: "is true by reading B",
  requirements: ["HOMP-6.2.1-20"],
  errata: ["E-HOMP-11"],
  group: "behaviour",
  run: async (t) => t.equal(t.declared.reading("E-HOMP-11"), "B", { what: "the reading" }),
});

describe("a reading that nobody declared", () => {
  test("is held to in the cases where the suite has to talk by it", async () => {
    const found = await run({ cases: [byReading], probes: [showing("readings.E-HOMP-11", B, true)] });
    expect(found.cases.map(({ verdict }) => verdict)).toEqual(["pass"]);
    expect(found.declaration.readings["E-HOMP-11"]).toBe("B");
    expect(found.declaration.explicit).toEqual([]);
    expect(found.review).toMatchObject([{ kind: "inferred", item: "readings.E-HOMP-11" }]);
  });

  test("is not, where another one is declared", async () => {
    const declaration = { readings: { "E-HOMP-11": "A" } };
    const found = await run({ cases: [byReading], probes: [showing("readings.E-HOMP-11", B, true)] }, declaration);
    expect(found.cases.map(({ verdict, hint }) => [verdict, hint])).toEqual([["fail", undefined]]);
    expect(found.review).toMatchObject([{ kind: "declared-but-absent", breaks: true }]);
  });

  test("is hinted at where the case does not fail by another one", async () => {
    const { cases, conclusion } = await run({ cases: [byReading] });
    expect(cases).toMatchObject([{ verdict: "fail", id: "homs/test/by-reading" }]);
    expect(cases[0]?.hint).toMatch(/^declare readings\.E-HOMP-11: B if that is how you read Q\.4103 Tables 6-15/);
    expect(conclusion).toBe("fails");
  });

  test("is not hinted at where the case fails by the other one too", async () => {
    const failing = { ...byReading, run: byReading.run.bind(undefined) };
    failing.run = async (t) => t.equal(1, 2, { what: "a sum" });
    const { cases } = await run({ cases: [failing] });
    expect(cases).toMatchObject([{ verdict: "fail" }]);
    expect(cases[0]).not.toHaveProperty("hint");
  });
});

describe("static review", () => {
  test("fails a run whose declaration breaks a required rule, though every case passes", async () => {
    const rules = [{ item: "values.headers", requirement: "HOMP-6.2.1-20", broken: () => "nonsense" }] as const;
    const { review, conclusion, cases } = await run({ rules });
    expect(cases.map(({ verdict }) => verdict)).toEqual(["pass"]);
    expect(review).toEqual([
      {
        kind: "rule",
        item: "values.headers",
        text: "nonsense",
        clause: "Q.4103 6.2.1 Table 6-10",
        requirement: "HOMP-6.2.1-20",
        breaks: true,
      },
    ]);
    expect(conclusion).toBe("fails");
  });

  test("only notes a rule that comes from a recommendation", async () => {
    const rules = [{ item: "values.headers", requirement: "HOMP-6.1.1-03", broken: () => "unusual" }] as const;
    const { review, conclusion } = await run({ rules });
    expect(review).toMatchObject([{ breaks: false }]);
    expect(conclusion).toBe("conforms");
  });
});

describe("an edition", () => {
  test("is named by the report", async () => {
    const { edition } = await run({});
    expect(edition.map(({ id, title }) => [id, title])).toContainEqual(["q.4103-2022", "Q.4103 (02/2022)"]);
  });

  test("that lacks a statement leaves its cases out; the other one beside it does not", async () => {
    const all = readEditions();
    const first = all.find(({ id }) => id === "q.4103-2022");
    if (!first) throw new Error("no such edition");
    const { "HOMP-6.2.1-20": _, ...statements } = first.statements;
    const second = { ...first, id: "q.4103-2030", month: "01/2030", approved: "2030-01-01", statements };
    const editions = [...all, second];
    const newest = await run({}, {}, { editions });
    expect(newest.cases).toMatchObject([{ verdict: "n/a", reason: expect.stringContaining("HOMP-6.2.1-20") }]);
    expect(newest.edition.map(({ title }) => title)).toContain("Q.4103 (01/2030)");
    await serving?.close();
    const older = await run({}, {}, { editions, edition: ["q.4103-2022"] });
    expect(older.cases).toMatchObject([{ verdict: "pass" }]);
    expect(older.cases[0]?.repeat).toContain("--edition q.4103-2022");
  });

  test("that does not exist is a mistake of the caller", async () => {
    await expect(run({}, {}, { edition: ["q.4103-1999"] })).rejects.toThrow(/no edition q\.4103-1999; there are/);
  });
});
