import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Line } from "../../bundle/format.js";
import { rejudge } from "../../bundle/judge.js";
import type { Bundle } from "../../bundle/reader.js";
import { BundleError, readBundle } from "../../bundle/reader.js";
import { record } from "../../bundle/record.js";
import { SeededRandom } from "../../engine/random.js";
import type { RunResult } from "../../engine/result.js";
import { homs } from "../../homs/entity.js";
import { created, creationServer } from "../servers.js";

const GONE = "homs/creation/without-title";
const only = ["homs/creation/accepted", GONE, "homs/creation/without-type", "homs/creation/heartbeat-interval-3"];

let folder: string;
let bundle: Bundle;
let live: RunResult;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "drift-"));
  const server = await creationServer((asked) => ({ status: 200, overlay: created(asked) }));
  try {
    live = await record(join(folder, "run.bundle"), { entity: homs, target: { url: server.url }, only, seed: "0" });
  } finally {
    await server.close();
  }
  bundle = readBundle(join(folder, "run.bundle"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const verdicts = ({ cases }: Pick<RunResult, "cases">) => new Map(cases.map(({ id, verdict }) => [id, verdict]));

describe("a bundle judged by another version of the suite", () => {
  test("with its cases in another order: the same verdicts", async () => {
    const { result, drift } = await rejudge({ ...homs, cases: [...homs.cases].reverse() }, bundle);
    expect(drift.filter(({ verdict }) => verdict)).toEqual([]);
    expect(verdicts(result)).toEqual(verdicts(live));
  });

  test("with one case less: that is said, and the others are judged", async () => {
    const { result, drift } = await rejudge({ ...homs, cases: homs.cases.filter(({ id }) => id !== GONE) }, bundle);
    expect(drift).toEqual([
      { case: GONE, verdict: true, text: expect.stringMatching(/was fail; this version .* no such case/) },
    ]);
    expect(result.cases.length).toBe(live.cases.length - 1);
  });

  test("with a case that expects something else: another verdict, told in words", async () => {
    const cases = homs.cases.map((one) => (one.id === GONE ? { ...one, run: async () => {} } : one));
    const { drift } = await rejudge({ ...homs, cases }, bundle);
    expect(drift).toEqual([{ case: GONE, verdict: true, text: expect.stringMatching(/^was fail .*, now error/) }]);
  });

  test("with a case that sends something else: nothing can be said", async () => {
    const cases = homs.cases.map((one) =>
      one.id === GONE
        ? { ...one, run: async (t: Parameters<typeof one.run>[0]) => void (await t.http.get("/homs")) }
        : one,
    );
    const { result } = await rejudge({ ...homs, cases }, bundle);
    const found = result.cases.find(({ id }) => id === GONE);
    expect(found?.verdict).toBe("inconclusive");
    expect(found?.reason).toMatch(/the recording does not fit: what is asked of http differs at method, character 0/);
  });
});

test("a log that was damaged anyhow is judged or refused, and never hangs", async () => {
  const random = new SeededRandom("damage");
  for (let round = 0; round < 20; round++) {
    const log = structuredClone(bundle.log) as Line[];
    const [at, to] = [random.integer(1, log.length - 1), random.integer(1, log.length - 1)];
    const how = random.integer(0, 3);
    if (how === 0) log.splice(at, random.integer(1, 20));
    else if (how === 1) log.splice(to, 0, ...log.splice(at, 1));
    else if (how === 2) log.splice(at, 0, log[to] as Line);
    else
      log[at] = JSON.parse(
        JSON.stringify(log[at])
          .replace(/\d/, "7")
          .replace(/[a-z]{4}"/, 'xxxx"'),
      ) as Line;
    try {
      const { result } = await rejudge(homs, { ...bundle, log });
      expect(result.cases.length, `round ${round}`).toBe(live.cases.length);
    } catch (error) {
      expect(error, `round ${round}: ${String((error as Error).stack)}`).toBeInstanceOf(BundleError);
    }
  }
});
