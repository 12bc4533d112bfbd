import { describe, expect, test } from "vitest";
import type { CaseDefinition } from "../engine/case.js";
import { entities } from "../entities.js";
import { caseOf, runOf } from "../test/runs.js";
import { picsProforma } from "./pics-proforma.js";
import { pixitProforma } from "./pixit-proforma.js";
import { selectionOf } from "./selection.js";
import { pctr, sctr } from "./test-report.js";
import { tssAndTp } from "./tss-tp.js";

/** Every row of every table has as many cells as its head. */
function expectTables(text: string): void {
  let head = 0;
  const broken = text.split("\n").filter((line) => {
    const bars = line.startsWith("|") ? line.replaceAll("\\|", "").split("|").length : 0;
    const odd = head > 0 && bars > 0 && bars !== head;
    head = bars;
    return odd;
  });
  expect(broken).toEqual([]);
}

describe.each(Object.values(entities))("the documents of $id", (entity) => {
  const { options, readings, values } = entity.declaration;
  const cases: readonly CaseDefinition[] = entity.cases;

  test("are the same every time, and have whole tables", () => {
    for (const make of [picsProforma, pixitProforma, tssAndTp]) {
      const text = make(entity);
      expect(make(entity)).toBe(text);
      expectTables(text);
      expect(text).not.toMatch(/undefined|\[object/);
    }
  });

  test("have an item for everything that can be declared", () => {
    const pics = picsProforma(entity);
    for (const name of Object.keys(options)) expect(pics).toContain(`(\`${name}\`)`);
    for (const [name, item] of Object.entries(readings)) {
      expect(pics).toContain(` ${name}\n`);
      for (const letter of item?.letters ?? []) expect(pics).toContain(`[ ] ${letter}`);
    }
    const pixit = pixitProforma(entity);
    for (const name of Object.keys(values)) expect(pixit).toContain(`(\`${name}\`)`);
  });

  test("have a purpose for every case, each in one group, and say when it is selected", () => {
    const text = tssAndTp(entity);
    expect(cases.filter(({ id }) => text.split(`\`${id}\``).length !== 2).map(({ id }) => id)).toEqual([]);
    expect(text).toContain(`${cases.length} test purposes, ${cases.length} test cases`);
  });
});

describe("a selection expression", () => {
  test.each([
    ["homs/query/combined", "options.query-combined"],
    ["homs/tickets/issued", "readings.E-HOMP-07 A"],
    ["homs/creation/accepted", "always"],
    ["pams/list-ordering/several-reports", "readings.E-PAMP-35 A or readings.E-PAMP-35 B or readings.E-PAMP-35 C"],
    ["pams/paths/list-query", "unless values.query-carrier query or values.query-carrier post"],
    ["ldmp-data-source/acquisition/two-items", 'values.second-get-payload other than ""'],
  ])("%s: %s", (id, expected) => {
    const entity = Object.values(entities).find(({ cases }) => cases.some((one: CaseDefinition) => one.id === id));
    const found = entity?.cases.find((one: CaseDefinition) => one.id === id) as CaseDefinition | undefined;
    if (!entity || !found) throw new Error(`no case ${id}`);
    expect(selectionOf(found, entity)).toBe(expected);
  });
});

describe("a report", () => {
  const failed = caseOf("homs/creation/accepted", "fail", { reason: "wrong | <odd>" });
  const run = runOf([failed], {
    review: [{ kind: "rule", item: "values.headers", text: "a | b", clause: "Q.4103 6.2.1", breaks: true }],
  });

  test("of one protocol has the product, the review, the verdicts and the campaign", () => {
    const text = pctr(run);
    expectTables(text);
    expect(pctr(run)).toBe(text);
    expect(text).toContain("Acme HOMS 1.0");
    expect(text).toContain("Q.4103 (02/2022), set 0123456789ab");
    expect(text).toContain("| rule | `values.headers` | a \\| b | Q.4103 6.2.1 | yes |");
    expect(text).toContain("The implementation does not conform");
    expect(text).toContain(`\`${failed.id}\``);
    expect(text).toContain("&lt;odd>");
  });

  test("of a system takes its protocols together, the worst deciding", () => {
    const text = sctr([runOf([caseOf("homs/creation/accepted", "pass")]), run]);
    expectTables(text);
    expect(text).toContain("Taken together: **fails**");
    expect(text.match(/^## \d Protocol conformance test report: homs$/gm)).toHaveLength(2);
  });
});
