import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { runConformanceCli } from "../cli/main.js";
import { checkDeclaration } from "../engine/declaration-check.js";
import { entities } from "../entities.js";
import { caseOf, runOf } from "./runs.js";

const folder = mkdtempSync(join(tmpdir(), "mp2p-declare-"));
const path = (name: string): string => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

async function cli(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ["", ""];
  const output = {
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
    terminal: false,
  };
  return { code: await runConformanceCli(argv, output), out, err };
}

function file(name: string, text: string): string {
  writeFileSync(path(name), text);
  return path(name);
}

describe("pics", () => {
  test("prints a template, writes it, and writes over nothing", async () => {
    const { code, out } = await cli("pics", "homs");
    expect(code).toBe(0);
    expect(out).toContain("  # query-combined: false");
    expect(await cli("pics", "homs", "--out", path("homs.yaml"))).toMatchObject({ code: 0, out: "" });
    expect(readFileSync(path("homs.yaml"), "utf8")).toBe(out);
    const again = await cli("pics", "pams", "--out", path("homs.yaml"));
    expect(again).toMatchObject({ code: 2, err: expect.stringContaining("is there already") });
    expect(await cli("review", "homs", "--pics", path("homs.yaml"))).toMatchObject({
      code: 0,
      out: "0 items declared, nothing to say against them\n",
    });
  });

  test("gives programs a declaration with its items described", async () => {
    const { out } = await cli("pics", "ldmp-source-peer", "--json");
    const json = JSON.parse(out) as { $items: { values: { name: string; kind: string; unit?: string }[] } };
    expect(checkDeclaration(entities["ldmp-source-peer"].declaration, json)).toEqual([]);
    expect(json.$items.values).toContainEqual(
      expect.objectContaining({ name: "retransmission-time", kind: "timer", unit: "s", default: 10 }),
    );
    const declaration = file("peer.json", out);
    expect((await cli("review", "ldmp-source-peer", "--pics", declaration)).code).toBe(0);
  });

  test("wants one entity", async () => {
    expect(await cli("pics")).toMatchObject({ code: 2, err: expect.stringContaining("name one entity") });
    expect(await cli("pics", "toaster")).toMatchObject({ code: 2, err: expect.stringContaining("no such entity") });
  });
});

describe("review", () => {
  test("fails what breaks a required rule, and cites it", async () => {
    const pics = file("early.yaml", "readings:\n  E-LDMP-18: B\nvalues:\n  removal-time: 5\n");
    const { code, out } = await cli("review", "ldmp-source-peer", "--pics", pics);
    expect(code).toBe(1);
    expect(out).toMatch(/^✗ values\.removal-time: .*30 s or more \[X\.609\.8 9\.2; LDMP-9\.2-02\]$/m);
    const { out: json } = await cli("review", "ldmp-source-peer", "--pics", pics, "--json");
    expect(JSON.parse(json)).toMatchObject([{ kind: "rule", breaks: true, requirement: "LDMP-9.2-02" }]);
  });

  test("takes nonsense for a mistake of the caller", async () => {
    const pics = file("wide.yaml", "values:\n  peer-id: 70000\n");
    const { code, err } = await cli("review", "ldmp-source-peer", "--pics", pics);
    expect(code).toBe(2);
    expect(err).toContain("values.peer-id: write a whole number from 0 to 65535, not 70000");
    expect((await cli("review", "homs")).code).toBe(2);
  });
});

describe("x290", () => {
  test("writes the documents of an entity", async () => {
    expect(await cli("x290", "homs", "--out", path("documents"))).toMatchObject({ code: 0, out: "" });
    expect(readdirSync(path("documents")).sort()).toEqual(["homs-pics.md", "homs-pixit.md", "homs-tss-tp.md"]);
    const { out } = await cli("x290", "homs");
    for (const name of readdirSync(path("documents"))) {
      expect(out).toContain(readFileSync(path(`documents/${name}`), "utf8").trimEnd());
    }
  });

  test("writes the report of one run, or of several", async () => {
    const one = file("one.json", JSON.stringify(runOf([caseOf("homs/creation/accepted", "pass")])));
    const { code, out } = await cli("x290", "report", one);
    expect(code).toBe(0);
    expect(out).toMatch(/^# Protocol conformance test report: homs\n/);
    expect(await cli("x290", "report", one, one, "--out", path("sctr.md"))).toMatchObject({ code: 0, out: "" });
    expect(readFileSync(path("sctr.md"), "utf8")).toMatch(/^# System conformance test report\n/);
    expect((await cli("x290", "report")).code).toBe(2);
    expect((await cli("x290", "report", file("no.json", "{}"))).code).toBe(2);
  });
});

test("an edition that is not there, or not the entity's, is a mistake of the caller", async () => {
  const url = ["--url", "http://127.0.0.1:9"];
  expect(await cli("homs", ...url, "--edition", "q.4103-1999")).toMatchObject({
    code: 2,
    err: expect.stringContaining("no edition q.4103-1999; there are q.4100-2020"),
  });
  expect(await cli("homs", ...url, "--edition", "x.609.1-2016")).toMatchObject({
    code: 2,
    err: expect.stringContaining("homs is judged by q.4"),
  });
});
