import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Browser, type OpenPage } from "../../tools/test/browser.js";
import { needs } from "../../tools/test/needs.js";
import { matrixOf } from "../compare/matrix.js";
import { matrixHtml } from "../compare/matrix-html.js";
import { toHtml } from "../engine/report/html.js";
import { caseOf, runOf } from "./runs.js";

const chromium = needs("chromium");

const nasty = `<img src=x onerror="fetch('http://127.0.0.1:9/')"><script>document.title='owned'</script> ${"long".repeat(80)}`;
const cases = [
  caseOf("homs/creation/good", "pass", { group: "basic" }),
  caseOf("homs/creation/bad", "fail", {
    failures: caseOf("", "fail").failures.map((failure) => ({ ...failure, actual: nasty, what: nasty })),
    warnings: [{ text: nasty, requirements: [] }],
  }),
  caseOf("homs/join/unsure", "inconclusive", {
    requirements: ["HOMP-6.2.5-04"],
    clauses: ["Q.4103 6.2.5 Table 6-17"],
    group: "capability",
    reason: nasty,
  }),
  caseOf("homs/join/advice", "fail", { requirements: ["HOMP-6.2.5-04"], level: "recommended" }),
  caseOf("homs/leave/absent", "n/a"),
];

describe.skipIf(!chromium)("in Chromium (needs chromium)", () => {
  let folder: string;
  let browser: Browser;
  const open = async (name: string, html: string, hash = ""): Promise<OpenPage> => {
    writeFileSync(join(folder, name), html);
    return browser.open(`file://${join(folder, name)}${hash}`);
  };
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "mp2p-pages-"));
    browser = new Browser(chromium ?? "", join(folder, "profile"));
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What a reader sees of the cases. */
  const shown = `[...document.querySelectorAll("details.case")].filter((one) => one.checkVisibility()).map((one) => one.id)`;
  const press = (selector: string): string => `document.querySelector(${JSON.stringify(selector)}).click()`;
  /** What is typed counts a moment later. */
  const type = (text: string): string =>
    `{ const box = document.getElementById("search"); box.value = ${JSON.stringify(text)}; box.dispatchEvent(new Event("input", { bubbles: true })); } new Promise((done) => setTimeout(done, 300))`;
  const choose = (id: string, value: string): string =>
    `{ const box = document.getElementById(${JSON.stringify(id)}); box.value = ${JSON.stringify(value)}; box.dispatchEvent(new Event("change", { bubbles: true })); }`;
  const width = "document.documentElement.scrollWidth - innerWidth";

  test("a report shows, filters and unfolds, asks for nothing, and runs nothing of what a product sent", async () => {
    const page = await open("report.html", toHtml([runOf(cases)]));
    expect(await page.evaluate(shown)).toHaveLength(5);

    await page.evaluate(press('[data-value="fail"]'));
    expect(await page.evaluate(shown)).toEqual(["homs/creation/bad", "homs/join/advice"]);
    await page.evaluate(press('[data-value="recommended"]'));
    expect(await page.evaluate(shown)).toEqual(["homs/join/advice"]);
    expect(await page.evaluate("location.hash")).toBe("#?verdict=fail&level=recommended");
    expect(await page.evaluate(`document.querySelectorAll(".tree a:not(.hidden)").length`)).toBe(1);
    await page.evaluate(press("#reset"));
    await page.evaluate(choose("clause", "Q.4103 6.2.5"));
    expect(await page.evaluate(shown)).toEqual(["homs/join/unsure", "homs/join/advice"]);
    await page.evaluate(choose("group", "capability"));
    expect(await page.evaluate(shown)).toEqual(["homs/join/unsure"]);
    await page.evaluate(press("#reset"));
    await page.evaluate(type("HOMP-6.2.5"));
    expect(await page.evaluate(shown)).toEqual(["homs/join/unsure", "homs/join/advice"]);
    await page.evaluate(type('"expires":3600'));
    expect(await page.evaluate(shown)).toEqual([]);
    await page.evaluate(press("#deep"));
    expect(await page.evaluate(shown)).toHaveLength(5);

    await page.evaluate(press("#reset"));
    await page.evaluate(`document.getElementById("homs/creation/good").open = true`);
    await page.evaluate(`document.querySelector('[id="homs/creation/good"] .exchange').open = true`);
    await page.evaluate("new Promise((done) => setTimeout(done, 100))");
    const exchange = `document.querySelector('[id="homs/creation/good"] .exchange').textContent`;
    expect(await page.evaluate(exchange)).toMatch(/POST \/homs[\s\S]*200 OK[\s\S]*"expires": 3600/);

    expect(await page.evaluate("document.title")).toBe("HOMS fails (mp2p conformance)");
    expect(page.complaints).toEqual([]);
    expect(page.requests).toHaveLength(1);
  });

  test("a report is worked with keys alone, and an address leads to a case", async () => {
    const page = await open("keys.html", toHtml([runOf(cases)]), "#homs/join/unsure");
    await page.evaluate("new Promise((done) => setTimeout(done, 100))");
    const focused = `document.activeElement.closest("details")?.id`;
    expect(await page.evaluate(focused)).toBe("homs/join/unsure");
    expect(await page.evaluate(`document.getElementById("homs/join/unsure").open`)).toBe(true);
    await page.press("j");
    expect(await page.evaluate(focused)).toBe("homs/join/advice");
    await page.press("k");
    await page.press("k");
    expect(await page.evaluate(focused)).toBe("homs/leave/absent");
    await page.press("n");
    expect(await page.evaluate(focused)).toBe("homs/join/advice");
    await page.press("/");
    expect(await page.evaluate("document.activeElement.id")).toBe("search");
    await page.press("Escape");
    await page.evaluate(`location.hash = "#?verdict=pass"`);
    await page.evaluate("new Promise((done) => setTimeout(done, 100))");
    expect(await page.evaluate(shown)).toEqual(["homs/creation/good"]);
    expect(page.complaints).toEqual([]);
  });

  test.each([360, 420, 1280])("neither page is wider than a window of %i pixels", async (wide) => {
    for (const [name, html] of [
      ["narrow.html", toHtml([runOf(cases, { product: nasty }), runOf(cases)])],
      ["matrix-narrow.html", matrixHtml(matrixOf([runOf(cases, { product: nasty }), runOf(cases)]))],
    ] as const) {
      const page = await open(name, html);
      await page.resize(wide, 800);
      await page.evaluate(
        `for (const one of document.querySelectorAll("details")) one.open = true; document.querySelector(".cell")?.click(); new Promise((done) => setTimeout(done, 300))`,
      );
      expect(await page.evaluate(width), name).toBe(0);
      expect(await page.evaluate("innerWidth"), name).toBe(wide);
    }
  });

  test("a thousand cases with long exchanges are shown and filtered without a wait that a reader would notice", async () => {
    const transcript = Array.from({ length: 12 }, () => caseOf("", "pass").transcript).flat();
    const many = Array.from({ length: 1000 }, (_, index) =>
      caseOf(`homs/many/c${index}`, index % 10 === 0 ? "fail" : "pass", { transcript }),
    );
    const page = await open("many.html", toHtml([runOf(many)]));
    expect(await page.evaluate(shown)).toHaveLength(1000);
    // Only what somebody opens is built: a thousand exchanges would be a hundred thousand elements.
    expect(await page.evaluate("document.querySelectorAll('*').length")).toBeLessThan(60_000);
    await page.evaluate(press('[data-value="fail"]'));
    expect(await page.evaluate(shown)).toHaveLength(100);
    await page.evaluate(type("many/c990"));
    expect(await page.evaluate(shown)).toEqual(["homs/many/c990"]);
    expect(page.complaints).toEqual([]);
  });

  test("the matrix filters, and shows the cases of a cell", async () => {
    const good = runOf([caseOf("homs/creation/good", "pass"), caseOf("homs/creation/bad", "pass")]);
    const pams = runOf([caseOf("pams/a/b", "pass", { judged: [{ requirement: "PAMP-9.1-01", verdict: "pass" }] })], {
      entity: "pams",
    });
    const page = await open("matrix.html", matrixHtml(matrixOf([runOf(cases, { product: nasty }), good, pams])));
    const rows = `[...document.querySelectorAll("tbody tr")].filter((one) => one.checkVisibility()).map((one) => one.querySelector("th")?.textContent ?? one.textContent)`;
    expect(await page.evaluate(rows)).toEqual(["Q.4103 6.2.1", "X.609.1 9.1"]);
    await page.evaluate(press("#bad"));
    expect(await page.evaluate(rows)).toEqual(["Q.4103 6.2.1"]);
    await page.evaluate(press(".cell"));
    expect(await page.evaluate(`document.querySelector("tr.opened").textContent`)).toMatch(/homs\/creation\/bad/);
    await page.evaluate(press("#bad"));
    await page.evaluate(choose("entity", "pams"));
    expect(await page.evaluate(rows)).toEqual(["X.609.1 9.1"]);
    expect(page.complaints).toEqual([]);
    expect(page.requests).toHaveLength(1);
  });
});
