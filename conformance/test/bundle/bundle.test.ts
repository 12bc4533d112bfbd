import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { record } from "../../bundle/record.js";
import { runConformanceCli } from "../../cli/main.js";
import { defineCase } from "../../engine/case.js";
import type { RunResult } from "../../engine/result.js";
import { entities } from "../../entities.js";
import type { Serving } from "../servers.js";
import { created, creationServer } from "../servers.js";

const CASE = "homs/creation/without-title";
const creation = ["--only", `homs/creation/accepted,${CASE},homs/creation/heartbeat-interval-3`, "--seed", "0"];

let folder: string;
let bundle: string;
let live: RunResult;
/** A server that takes every creation, and tells what it was sent. */
const careless = () => creationServer((asked) => ({ status: 200, overlay: created(asked) }));

async function cli(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = "";
  let err = "";
  const code = await runConformanceCli(argv, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    terminal: false,
  });
  return { code, out, err };
}

const at = (name: string): string => join(folder, name);
const report = (path: string): RunResult => JSON.parse(readFileSync(path, "utf8")) as RunResult;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "bundle-"));
  bundle = at("run.bundle");
  const server = await careless();
  try {
    await cli("homs", "--url", server.url, ...creation, "--bundle", bundle, "--json", at("live.json"));
  } finally {
    await server.close();
  }
  live = report(at("live.json"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("a run with --bundle", () => {
  test("is judged again without the product, with the same report and exit code", async () => {
    expect(live.conclusion).toBe("fails");
    const { code, out } = await cli("judge", bundle, "--json", at("again.json"));
    expect(out).toMatch(/All 3 verdicts are the same as when it was recorded/);
    expect(code).toBe(1);
    expect(report(at("again.json"))).toEqual(live);
  });

  test("is written as its schema says", () => {
    const schema = new URL("../../schemas/bundle.schema.json", import.meta.url);
    const sound = new Ajv2020({ strictRequired: false, formats: { "date-time": true }, allowUnionTypes: true }).compile(
      JSON.parse(readFileSync(schema, "utf8")) as object,
    );
    const lines = linesOf(bundle);
    expect(lines.length).toBeGreaterThan(20);
    for (const line of lines) expect(sound(JSON.parse(line)), `${line}: ${JSON.stringify(sound.errors)}`).toBe(true);
  });

  test("is what a failure names that no line of its own repeats", async () => {
    const silent = defineCase({
      id: "homs/nothing/sent",
      title: "nothing is sent",
      requirements: ["HOMP-6.2.1-05"],
      group: "basic",
      run: async (t) => t.fails("an exchange", "none", { what: "whether anything is sent" }),
    });
    const path = at("silent.bundle");
    const entity = { ...entities.homs, cases: [silent], preflight: [] };
    const result = await record(path, { entity, target: { url: "http://127.0.0.1:1" }, bundle: path });
    expect(result.cases[0]?.failures[0]?.reproduce).toBe(`mp2p conformance replay '${path}#homs/nothing/sent'`);
    expect(live.cases.find(({ id }) => id === CASE)?.failures[0]?.reproduce).toMatch(/^curl /);
  });
});

const linesOf = (path: string): string[] => readFileSync(path, "utf8").split("\n").slice(0, -1);

/** Writes the lines as a bundle with a right digest. */
function sealed(name: string, lines: readonly string[]): string {
  const text = lines.map((line) => `${line}\n`).join("");
  const sha256 = createHash("sha256").update(text).digest("hex");
  writeFileSync(at(name), `${text}${JSON.stringify({ end: { lines: lines.length, sha256 } })}\n`);
  return at(name);
}

describe("a bundle that was tampered with", () => {
  test.each<[string, (text: string) => string, RegExp]>([
    ["an octet changed", (text) => text.replace('"status":200', '"status":400'), /digest does not fit/],
    ["its end cut off", (text) => text.slice(0, text.lastIndexOf('{"end"')), /the end is missing/],
    ["cut within a line", (text) => text.slice(0, -20), /cut off within line/],
    ["another format", (text) => text.replace("bundle/1", "bundle/9"), /this is mp2p-conformance-bundle\/9/],
    ["no bundle at all", () => "once upon a time\n", /no JSON/],
    ["nothing", () => "", /no JSON/],
  ])("%s: is refused as a mistake of its user", async (name, change, text) => {
    writeFileSync(at(name), change(readFileSync(bundle, "utf8")));
    const { code, err } = await cli("judge", at(name));
    expect(err).toMatch(text);
    expect(code).toBe(2);
  });

  test("another message than the case sends: nothing can be said of that case, and the others are judged", async () => {
    const lines = linesOf(bundle).slice(0, -1);
    const scope = lines
      .map((line) => JSON.parse(line) as { name?: string; scope?: number })
      .find((one) => one.name === CASE);
    const forged = lines.map((line) =>
      line.includes(`"open":"http","in":${scope?.scope},`) ? line.replaceAll("owner-id", "owner-ID") : line,
    );
    const { code, out } = await cli("judge", sealed("forged.bundle", forged), "--json", at("forged.json"));
    expect(out).toMatch(/1 of 3 verdicts differ/);
    const judged = report(at("forged.json")).cases;
    expect(judged.find(({ id }) => id === CASE)).toMatchObject({
      verdict: "inconclusive",
      reason: expect.stringMatching(/the recording does not fit: what is asked of http differs at body, character \d+/),
    });
    const others = (cases: RunResult["cases"]) => cases.filter(({ id }) => id !== CASE);
    expect(others(judged)).toEqual(others(live.cases));
    expect(code).toBe(1);
  });

  test("a verdict that nobody came to is found", async () => {
    const forged = linesOf(bundle)
      .slice(0, -1)
      .map((line) => line.replace(`"id":"${CASE}","verdict":"fail"`, `"id":"${CASE}","verdict":"pass"`));
    const { out } = await cli("judge", sealed("verdict.bundle", forged), "--quiet");
    expect(out).toMatch(new RegExp(`1 of 3 verdicts differ[\\s\\S]*${CASE}: was pass .*now fail`));
  });

  test("without what came last: the case that waited for it is inconclusive", async () => {
    const lines = linesOf(bundle).slice(0, -1);
    const last = lines.findLastIndex((line) => line.startsWith('{"event":{"type":"answered"'));
    const { out } = await cli(
      "judge",
      sealed(
        "short.bundle",
        lines.filter((_, index) => index !== last),
      ),
      "--quiet",
    );
    expect(out).toMatch(/1 of 3 verdicts differ[\s\S]*the recording does not fit/);
  });
});

describe("credentials", () => {
  const TOKEN = "t0p-s3cret/credential";
  let path: string;
  let text: string;
  let secret: Serving;
  beforeAll(async () => {
    path = at("secret.bundle.gz");
    // A product that tells what it should not.
    secret = await creationServer((asked) => ({
      status: 200,
      overlay: { ...created(asked), told: [TOKEN, encodeURIComponent(TOKEN), Buffer.from(TOKEN).toString("base64")] },
    }));
    writeFileSync(at("pics.json"), JSON.stringify({ values: { headers: [`authorization: Bearer ${TOKEN}`] } }));
    await cli("homs", "--url", secret.url, ...creation, "--pics", at("pics.json"), "--bundle", path);
    text = gunzipSync(readFileSync(path)).toString();
  });
  afterAll(() => secret.close());

  test("are not in a bundle, in whatever form", () => {
    expect(text).toMatch(/"\$text":"POST \/homs HTTP[^}]*authorization: Bearer x1x/i);
    for (const form of [TOKEN, encodeURIComponent(TOKEN), Buffer.from(TOKEN).toString("base64")]) {
      expect(text).not.toContain(form);
    }
  });

  test("change no verdict when the bundle is judged", async () => {
    expect((await cli("judge", path)).out).toMatch(/All 3 verdicts are the same/);
  });

  test("are needed again to replay a case", async () => {
    expect((await cli("replay", `${path}#${CASE}`)).out).toMatch(/fail .* then, fail .* now/);
    rmSync(at("pics.json"));
    const without = await cli("replay", `${path}#${CASE}`);
    expect(without.err).toMatch(/does not hold the credentials of the product: give --pics/);
    expect(without.code).toBe(2);
  });

  test("that are too short to be told from other text are refused before anything runs", async () => {
    writeFileSync(at("short.json"), JSON.stringify({ values: { headers: ["x-key: abc"] } }));
    const { code, err } = await cli(
      "homs",
      "--url",
      secret.url,
      "--pics",
      at("short.json"),
      "--bundle",
      at("x.bundle"),
    );
    expect(err).toMatch(/headers: a credential of fewer than 4 characters cannot be hidden/);
    expect(code).toBe(2);
  });
});

describe("replay", () => {
  let right: Serving;
  beforeAll(async () => {
    right = await creationServer();
  });
  afterAll(() => right.close());

  test.each(["run.bundle", "live.json"])("repeats one case of %s against the product as it is now", async (file) => {
    const { code, out } = await cli("replay", `${at(file)}#${CASE}`, "--url", right.url, "--json", at("replayed.json"));
    expect(out).toMatch(new RegExp(`${CASE}: fail .* then, pass now`));
    expect(code).toBe(0);
    const replayed = report(at("replayed.json"));
    expect(replayed.seed).toBe(live.seed);
    expect(replayed.cases.map(({ id }) => id)).toEqual([CASE]);
  });

  test.each<[string, RegExp]>([
    ["nothing", /FILE#CASE/],
    ["/nowhere#homs/a/b", /cannot read|no such file/],
    ["run.bundle#homs/creation/nothing", /has no case homs\/creation\/nothing; it has homs\/creation/],
  ])("%s is a mistake", async (argument, text) => {
    const { code, err } = await cli("replay", argument.startsWith("run") ? at(argument) : argument);
    expect(err).toMatch(text);
    expect(code).toBe(2);
  });
});

test("the same seed makes the same stimuli, in every case and in its order", async () => {
  const sent = async (name: string): Promise<Map<string, unknown[]>> => {
    const server = await careless();
    try {
      await cli("homs", "--url", server.url, ...creation, "--bundle", at(name));
    } finally {
      await server.close();
    }
    const names = new Map<number, string>();
    const stimuli = new Map<string, unknown[]>();
    for (const line of linesOf(at(name))) {
      const one = JSON.parse(line) as {
        scope?: number;
        name?: string;
        open?: string;
        in?: number;
        asked?: { url: string };
      };
      if (one.scope !== undefined) names.set(one.scope, one.name ?? "");
      if (one.open === undefined || !one.asked) continue;
      const asked = { ...one.asked, url: new URL(one.asked.url).pathname };
      stimuli.set(names.get(one.in ?? 0) ?? "", [...(stimuli.get(names.get(one.in ?? 0) ?? "") ?? []), asked]);
    }
    return stimuli;
  };
  const first = await sent("first.bundle");
  expect([...first.keys()]).toContain(CASE);
  expect(new Map([...(await sent("second.bundle"))].sort())).toEqual(new Map([...first].sort()));
});
