import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { parse as parseYaml } from "yaml";
import { badge } from "../compare/badge.js";
import { applyBaseline, baselineTemplate, readBaseline } from "../compare/baseline.js";
import { diffRuns } from "../compare/diff.js";
import { renderDiff } from "../compare/diff-text.js";
import { matrixOf } from "../compare/matrix.js";
import { matrixHtml } from "../compare/matrix-html.js";
import { renderMatrix } from "../compare/matrix-text.js";
import type { Finding } from "../declare/finding.js";
import { toHtml } from "../engine/report/html.js";
import { toJunit } from "../engine/report/junit.js";
import { renderRun } from "../engine/report/terminal.js";
import type { CaseResult, KnownFailure } from "../engine/result.js";
import type { CaseVerdict } from "../engine/verdict.js";
import { exitCodeOf } from "../engine/verdict.js";
import { caseOf, runOf } from "./runs.js";

const failing = (actual: string, more: Partial<CaseResult> = {}): CaseResult => {
  const one = caseOf("homs/a/b", "fail", more);
  return { ...one, failures: one.failures.map((failure) => ({ ...failure, actual })) };
};

describe("diff", () => {
  test.each<[CaseVerdict, CaseVerdict, string | undefined]>([
    ["pass", "fail", "regression"],
    ["inconclusive", "fail", "regression"],
    ["n/a", "fail", "regression"],
    ["fail", "pass", "fix"],
    ["pass", "inconclusive", "lost"],
    ["fail", "error", "lost"],
    ["fail", "n/a", "other"],
    ["error", "pass", "found"],
    ["n/a", "pass", "other"],
    ["fail", "fail", "still failing"],
    ["pass", "pass", undefined],
  ])("%s, then %s: %s", (was, is, kind) => {
    const { changes } = diffRuns(runOf([caseOf("homs/a/b", was)]), runOf([caseOf("homs/a/b", is)]));
    expect(changes.map((one) => one.kind)).toEqual(kind === undefined ? [] : [kind]);
  });

  test.each([
    ["the same value", "3600", "3600", "still failing"],
    ["another random name", '"owner-bb44edeb-2"', '"owner-0957f638-2"', "still failing"],
    [
      "another identifier",
      "6eb4c502-d19b-458f-8cfd-09f28ad1700b",
      "7fb4c502-d19b-458f-8cfd-09f28ad1711b",
      "still failing",
    ],
    ["another outcome", "404 Not Found", "500 Internal Server Error", "changed failure"],
    ["another small number", "3", "4", "changed failure"],
  ])("a failure with %s is told apart from one with another reason", (_, was, is, kind) => {
    const { changes } = diffRuns(runOf([failing(was)]), runOf([failing(is)]));
    expect(changes.map((one) => one.kind)).toEqual([kind]);
  });

  test("says in words what is new, what is gone, and under which conditions", () => {
    const before = runOf([caseOf("homs/a/b", "pass"), caseOf("homs/a/gone", "pass")]);
    const after = runOf([caseOf("homs/a/b", "fail"), caseOf("homs/a/new", "pass"), caseOf("homs/a/bad", "fail")], {
      product: "Acme HOMS 1.1",
      declaration: { options: { "query-combined": true }, readings: {}, values: {}, explicit: [] },
    });
    const text = renderDiff(diffRuns(before, after));
    expect(text).toMatch(/product: Acme HOMS 1\.0 → Acme HOMS 1\.1/);
    expect(text).toMatch(/declared query-combined: nothing → true/);
    expect(text).toMatch(/homs\/a\/b .*\n +passed, fails now: expires, not asked for: permitted 86400, came 3600/);
    expect(text).toMatch(/Gone \(1\)\n +homs\/a\/gone/);
    expect(text).toMatch(/homs: 1 regression, 0 no longer judged, 0 fixed, 0 still failing, 2 new, 1 gone$/);
  });
});

describe("a baseline", () => {
  const entry = (more: Partial<KnownFailure> = {}): KnownFailure => ({
    case: "homs/a/b",
    reason: "mended in 1.1",
    ...more,
  });
  const apply = (one: CaseResult, known: readonly KnownFailure[], others: readonly CaseResult[] = []) => {
    const run = runOf([one, ...others]);
    const exists = (id: string): boolean => id !== "homs/a/gone";
    const baseline = applyBaseline(run, known, { file: "known.yaml", exists, today: "2026-11-21" });
    return { ...baseline, code: exitCodeOf({ ...run, baseline }) };
  };

  test.each<[string, CaseVerdict, Partial<KnownFailure>, number, RegExp]>([
    ["fails", "fail", {}, 0, /^$/],
    ["fails on the statement named", "fail", { requirement: "HOMP-6.2.1-14" }, 0, /^$/],
    ["fails on another statement", "fail", { requirement: "HOMP-6.2.1-15" }, 1, /is not what fails/],
    ["passes", "pass", {}, 4, /passes now/],
    ["is not applicable", "n/a", {}, 4, /not applicable any more/],
    ["does not exist", "fail", { case: "homs/a/gone" }, 1, /no such case/],
    ["fails on the last day", "fail", { expires: "2026-11-21" }, 0, /^$/],
    ["fails after the last day", "fail", { expires: "2026-11-20" }, 4, /expired on 2026-11-20/],
    ["could not be judged", "inconclusive", {}, 3, /^$/],
  ])("whose case %s", (_, verdict, more, code, stale) => {
    const applied = apply(caseOf("homs/a/b", verdict), [entry(more)]);
    expect(applied.stale.map(({ why }) => why).join()).toMatch(stale);
    expect(applied.code).toBe(code);
  });

  test("does not hide another failure, and leaves other entities and unselected cases alone", () => {
    expect(apply(failing("3600"), [entry()], [caseOf("homs/a/c", "fail")]).code).toBe(1);
    const elsewhere = apply(caseOf("homs/a/c", "pass"), [entry(), entry({ case: "pams/a/b" })]);
    expect(elsewhere).toMatchObject({ stale: [], known: [], code: 0 });
  });

  test("needs a reason, a case and a true date, and says everything at once", () => {
    const wrong = [{ case: "homs", reason: " ", expires: "2026-02-30", owner: "me" }, "homs/a/b"];
    expect(() => readBaseline(wrong)).toThrow(
      /owner: unknown[\s\S]*case: [\s\S]*reason: [\s\S]*expires: [\s\S]*entry 2/,
    );
    expect(() => readBaseline([entry(), entry()])).toThrow(/stands in the file already/);
    expect(() => readBaseline({})).toThrow(/list of entries/);
  });

  test("printed from a report is refused until it has its reasons", () => {
    const text = baselineTemplate([runOf([failing("two\nlines"), caseOf("homs/a/c", "pass")])]);
    expect(text.split("\n").every((line) => line === "" || /^(#|- case: | {2}reason: | {2}# )/.test(line))).toBe(true);
    expect(() => readBaseline(parseYaml(text))).toThrow(/^entry 1: reason/);
    expect(readBaseline(parseYaml(text.replace('reason: ""', "reason: mended in 1.1")))).toEqual([entry()]);
    expect(readBaseline(parseYaml(baselineTemplate([runOf([])])))).toEqual([]);
  });
});

describe("the exit code", () => {
  const rule: Finding = { kind: "rule", item: "options.x", text: "contradicts itself", breaks: true };
  test.each<[string, CaseResult[], readonly Finding[], number]>([
    ["conforms", [caseOf("homs/a/b", "pass"), caseOf("homs/a/c", "n/a")], [], 0],
    ["fails before all else", [caseOf("homs/a/b", "fail"), caseOf("homs/a/c", "error")], [], 1],
    [
      "a fault of the suite before what is inconclusive",
      [caseOf("homs/a/b", "error"), caseOf("homs/a/c", "inconclusive")],
      [],
      5,
    ],
    ["inconclusive", [caseOf("homs/a/b", "pass"), caseOf("homs/a/c", "inconclusive")], [], 3],
    ["nothing judged is inconclusive", [caseOf("homs/a/b", "n/a")], [], 3],
    ["a broken recommendation", [caseOf("homs/a/b", "fail", { level: "recommended" })], [], 0],
    ["a secret shown", [caseOf("homs/a/b", "fail", { security: true })], [], 0],
    ["a declaration that breaks a rule", [caseOf("homs/a/b", "pass")], [rule], 1],
  ])("%s", (_, cases, review, code) => expect(exitCodeOf(runOf(cases, { review }))).toBe(code));
});

describe("a matrix", () => {
  const runs = [
    runOf([caseOf("homs/a/b", "pass"), caseOf("homs/a/c", "pass")]),
    runOf([caseOf("homs/a/b", "pass"), failing("<3600>")], { product: "Other <b>HOMS</b>" }),
    runOf([caseOf("pams/a/b", "inconclusive", { judged: [{ requirement: "PAMP-9.1-01", verdict: "inconclusive" }] })], {
      entity: "pams",
    }),
  ];

  test("has a table for each entity, and the worst verdict in each cell", () => {
    const [homs, pams] = matrixOf(runs);
    expect(homs?.columns.map(({ name }) => name)).toEqual(["Acme HOMS 1.0", "Other <b>HOMS</b>"]);
    expect(homs?.rows).toMatchObject([
      { clause: "Q.4103 6.2.1", differs: true, cells: [{ worst: "pass" }, { worst: "fail" }] },
    ]);
    expect(pams?.rows).toMatchObject([{ clause: "X.609.1 9.1", differs: false, cells: [{ worst: "inconclusive" }] }]);
    expect(renderMatrix(matrixOf(runs))).toMatch(/Q\.4103 6\.2\.1 {2}✓ ✗ {2}\*/);
  });

  test("as a page keeps what products sent as text, and may load nothing", () => {
    const page = matrixHtml(matrixOf(runs));
    expect(page).not.toMatch(/<b>HOMS|<3600>|(src|href)="(https?:)?\/\//);
    expect(page).toContain(`default-src 'none'; style-src 'sha256-`);
  });
});

describe("a badge", () => {
  test.each<[string, Parameters<typeof runOf>, string]>([
    ["conforms", [[caseOf("homs/a/b", "pass")]], "conforms"],
    ["counts failures", [[caseOf("homs/a/b", "fail"), caseOf("homs/a/c", "fail")]], "fails 2"],
    ["is inconclusive", [[caseOf("homs/a/b", "inconclusive")]], "inconclusive"],
    [
      "claims nothing for a part",
      [[caseOf("homs/a/b", "pass")], { selection: { only: ["homs/a/b"], of: 9 } }],
      "1 of 9 cases pass",
    ],
  ])("%s", (_, [cases, more], text) => {
    const svg = badge([runOf(cases, more)]);
    expect(svg).toMatch(new RegExp(`<title>HOMS Q\\.4103 \\(02/2022\\): ${text}</title>`));
    expect(svg).not.toContain("%");
  });
});

test.each([80, 120])("the terminal's tree fits %i columns, but for lines to paste", (columns) => {
  const long = "a very long answer ".repeat(40);
  const cases = [
    failing(long),
    caseOf("homs/a/c", "error", { reason: long }),
    caseOf("homs/a/d", "pass", { title: long }),
  ];
  const lines = renderRun(runOf(cases, { target: `exec ${long}` }), { colour: false, columns }).split("\n");
  expect(lines.filter((line) => line.length > columns && !/^ +(again|reproduce) /.test(line))).toEqual([]);
});

describe("JUnit", () => {
  /** What Jenkins, GitLab and GitHub's readers have in common. */
  const allowed: { readonly [element: string]: readonly string[] } = {
    testsuites: [],
    testsuite: ["name", "tests", "failures", "errors", "skipped", "time", "timestamp"],
    properties: [],
    property: ["name", "value"],
    testcase: ["classname", "name", "time"],
    failure: ["message"],
    error: ["type", "message"],
    skipped: ["message"],
    "system-out": [],
  };

  test("is well-formed, with elements and attributes that every reader knows, whatever a product sent", () => {
    const nasty = '<b>&amp;]]>"\u0000\ud800';
    const cases = [
      caseOf("homs/a/b", "pass", { title: nasty }),
      caseOf("homs/a/c", "error", { reason: nasty }),
      caseOf("homs/a/d", "fail", { level: "recommended", reason: nasty }),
      { ...failing(nasty), id: "homs/a/e" },
      caseOf("homs/a/f", "fail"),
      caseOf("homs/a/g", "inconclusive"),
      caseOf("homs/a/h", "n/a"),
    ];
    const baseline = { file: "known.yaml", known: [{ case: "homs/a/f", reason: nasty }], stale: [] };
    const xml = toJunit(runOf(cases, { baseline, product: nasty }));
    const open: string[] = [];
    const rest = xml.replace(
      /<\?xml [^?]*\?>|<(\/?)([\w-]+)((?: [\w-]+="[^"<]*")*)(\/?)>/g,
      (_, closes, name, attributes = "", empty) => {
        if (name === undefined) return "";
        if (closes === "/") expect(open.pop()).toBe(name);
        else if (empty === "") open.push(name);
        for (const [, attribute = ""] of attributes.matchAll(/ ([\w-]+)=/g)) expect(allowed[name]).toContain(attribute);
        return "";
      },
    );
    expect(open).toEqual([]);
    expect(rest).not.toMatch(/[<>]|&(?!(amp|lt|gt|quot|#10);)/);
    expect(xml).toMatch(/tests="7" failures="1" errors="2" skipped="3"/);
    expect(xml.match(/<skipped message="known /g)).toHaveLength(1);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML has no place for
    expect(xml).not.toMatch(/[\u0000-\u0008\ud800-\udfff]/u);
  });
});

test.each([
  ["a server answers", "POST /homs", /→ POST \/homs[\s\S]*← 200 OK/],
  [
    "a client asks, and what it sent is judged",
    "from the product: POST /homs",
    /exchange {2}← from the product: POST \/homs/,
  ],
])("the exchange of a failure shows who sent what where %s", (_, summary, shown) => {
  const asks = summary.startsWith("from");
  const transcript = caseOf("", "fail").transcript.map((entry, index) => (index === 0 ? { ...entry, summary } : entry));
  const one = caseOf("homs/a/b", "fail", { transcript });
  const failures = one.failures.map((failure) => ({ ...failure, entry: asks ? 0 : 1 }));
  expect(renderRun(runOf([{ ...one, failures }]), { colour: false })).toMatch(shown);
  expect(toHtml([runOf([{ ...one, failures }])])).toContain(asks ? 'title="came">←' : 'title="sent">→');
});

test("a report with a baseline and findings fits the published schema", () => {
  const path = new URL("../schemas/report.schema.json", import.meta.url);
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(
    JSON.parse(readFileSync(path, "utf8")) as object,
  );
  const baseline = {
    file: "known.yaml",
    known: [{ case: "homs/a/b", reason: "mended in 1.1", expires: "2027-01-31", requirement: "HOMP-6.2.1-14" }],
    stale: [{ case: "homs/a/c", why: "the case passes now" }],
  };
  const review: Finding[] = [{ kind: "rule", item: "options.x", text: "contradicts itself", breaks: true }];
  const run = runOf([failing("3600"), caseOf("homs/a/c", "pass")], { baseline, review });
  validate(JSON.parse(JSON.stringify(run)));
  expect(validate.errors).toBeNull();
  validate({ ...run, baseline: { ...baseline, stale: [{ case: "homs/a/c" }] } });
  expect(validate.errors).not.toBeNull();
});
