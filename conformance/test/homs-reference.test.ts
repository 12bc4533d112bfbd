import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readDeclaration } from "../cli/declaration-file.js";
import { runConformance } from "../engine/runner.js";
import { entities } from "../entities.js";
import { blemishes } from "./homs/judge.js";

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
let homs: ChildProcess;
let url: string;

beforeAll(async () => {
  const words = ["--import", path("../../tools/test/run-typescript.mjs"), path("../../impl/cli/main.ts")];
  const serve = ["serve", "homs", "--listen", "127.0.0.1:0", "--memory", "--json"];
  homs = spawn(process.execPath, [...words, ...serve], { stdio: ["ignore", "pipe", "inherit"] });
  if (!homs.stdout) throw new Error("no output to read");
  for await (const line of createInterface(homs.stdout)) {
    const said = JSON.parse(line) as { event?: string; url?: string };
    if (said.event === "listening") {
      url = said.url ?? "";
      break;
    }
  }
});

afterAll(async () => {
  homs.kill("SIGTERM");
  if (homs.exitCode === null) await once(homs, "exit");
});

test.each([
  ["as it declares itself", true],
  ["with nothing declared", false],
])("the reference HOMS, a process of its own, conforms %s", { retry: 2 }, async (_, declares) => {
  const file = path("../reference/homs.yaml");
  const declaration = declares ? await readDeclaration(file, entities.homs.declaration) : {};
  const run = await runConformance({ entity: entities.homs, target: { url }, declaration });
  expect(blemishes(run)).toEqual([]);
  expect(run.conclusion).toBe("conforms");
  if (declares) expect(run.cases.filter(({ verdict }) => verdict === "n/a")).toEqual([]);
});
