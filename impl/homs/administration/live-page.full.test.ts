import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Browser, type OpenPage } from "../../../tools/test/browser.js";
import { needs } from "../../../tools/test/needs.js";
import { createMemoryStore } from "../../store/memory-store.js";
import { type HomsServer, startHomsServer } from "../server.js";
import { creationInfo } from "../test/harness.js";

const chromium = needs("chromium");
const nasty = `<img src=x onerror="document.title='owned'">`;

describe.skipIf(!chromium)("the live page (needs chromium)", () => {
  let folder: string;
  let browser: Browser;
  let homs: HomsServer;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "mp2p-live-"));
    browser = new Browser(chromium ?? "", join(folder, "profile"));
    homs = await startHomsServer({ store: createMemoryStore(), adminToken: "token" });
  });
  afterAll(async () => {
    await browser.close();
    await homs.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  });

  const send = async (method: string, path: string, body: object) => {
    const headers = { "content-type": "application/json" };
    const response = await fetch(homs.url + path, { method, headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(await response.text());
    return response.json() as Promise<{ overlay: Record<string, string> }>;
  };
  const create = async (title: string): Promise<string> =>
    (await send("POST", "/homs", { overlay_info: { ...creationInfo, title } })).overlay["overlay-id"] ?? "";
  const peer = (index: number) => ({ "peer-id": `p${index}`, auth: { password: `pw${index}` } });
  const enter = (id: string, index: number) =>
    send("POST", "/peer", {
      overlay: { "overlay-id": id, type: "core", "sub-type": "tree" },
      peer: { ...peer(index), address: "ws://relay" },
    });
  const report = (id: string, index: number, primary: number[]) =>
    send("POST", "/peer/report", {
      overlay: { "overlay-id": id },
      peer: peer(index),
      status: { costmap: { primary: primary.map((one) => `p${one}`) } },
    });
  /** Waits until the expression is this in the page. */
  const becomes = async (page: OpenPage, expression: string, value: unknown): Promise<void> => {
    let last: unknown;
    for (let i = 0; i < 200; i++) {
      last = await page.evaluate(expression);
      if (last === value) return;
      await page.evaluate("new Promise((done) => setTimeout(done, 50))");
    }
    expect([expression, last]).toEqual([expression, value]);
  };
  const count = (selector: string): string => `document.querySelectorAll(${JSON.stringify(selector)}).length`;
  const text = (selector: string): string => `document.querySelector(${JSON.stringify(selector)}).textContent`;

  test("draws the tree of an overlay and follows what happens to it, for who has the token", async () => {
    const id = await create(nasty);
    for (let i = 0; i < 40; i++) await enter(id, i);
    for (let i = 0; i < 40; i++) {
      const children = [1, 2, 3, 4].map((n) => 4 * i + n).filter((child) => child < 40);
      await report(id, i, i === 0 ? children : [Math.floor((i - 1) / 4), ...children]);
    }
    const page = await browser.open(homs.url.replace("//", "//me:token@").concat("/overlays/live"));
    await becomes(page, text("#state"), "live");
    await becomes(page, count("#nodes circle"), 40);
    expect(await page.evaluate(count("#links .primary"))).toBe(39);
    expect(await page.evaluate(count("#nodes .root"))).toBe(1);
    expect(await page.evaluate(text("#facts"))).toContain("40 peers, 1 root, depth 3, 0 loops");
    expect(await page.evaluate(text("#title"))).toBe(nasty);

    await enter(id, 40);
    await report(id, 40, [39]);
    await becomes(page, count("#nodes circle"), 41);
    await becomes(page, count("#links .one-sided"), 1);
    expect(await page.evaluate(text("#log li"))).toMatch(/p40 · paths: p39$/);
    await send("DELETE", "/peer", { overlay: { "overlay-id": id }, peer: peer(40) });
    await becomes(page, count("#nodes circle"), 40);

    await page.evaluate(`document.querySelector("#nodes circle").dispatchEvent(new MouseEvent("click"))`);
    expect(await page.evaluate(text("#peer"))).toContain("p0");

    const other = await create("Second");
    await becomes(page, count("#overlays button"), 2);
    await page.evaluate(`document.querySelector("#overlays button").click()`);
    await becomes(page, text("#title"), "Second");
    for (let i = 0; i < 3; i++) await enter(other, i);
    await becomes(page, count("#nodes circle"), 3);

    for (const width of [360, 1280]) {
      await page.resize(width, 800);
      expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBe(0);
    }
    expect(await page.evaluate("document.title")).toBe("Overlays of this HOMS");
    expect(page.complaints).toEqual([]);
    const elsewhere = page.requests.filter(
      (url) => !url.startsWith("data:") && !url.includes(`:${homs.port}/overlays`),
    );
    expect(elsewhere).toEqual([]);
  });

  test("shows a thousand peers", async () => {
    const id = await create("Many");
    for (let i = 0; i < 1000; i++) await enter(id, i);
    for (let i = 0; i < 1000; i++) await report(id, i, i === 0 ? [] : [Math.floor((i - 1) / 4)]);
    const page = await browser.open(`${homs.url.replace("//", "//me:token@")}/overlays/live#${id}`);
    await becomes(page, count("#nodes circle"), 1000);
    expect(await page.evaluate(text("#facts"))).toContain("1000 peers, 1 root, depth 5");
    expect(page.complaints).toEqual([]);
  });
});
