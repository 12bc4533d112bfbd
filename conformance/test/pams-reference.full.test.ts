import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { parse } from "yaml";
import type { DeclarationInput } from "../engine/declaration.js";
import { runConformance } from "../engine/runner.js";
import { entities } from "../entities.js";
import { blemishes } from "./pams/judge.js";
import { startReference } from "./pams/reference.js";
import type { Serving } from "./servers.js";

const started: Serving[] = [];
afterAll(() => Promise.all(started.map((one) => one.close())));

const start = async (...more: readonly string[]) => {
  const server = await startReference("pams", ...more);
  started.push(server);
  return server;
};

const judge = (url: string, declaration: DeclarationInput, only: readonly string[]) =>
  runConformance({ entity: entities.pams, target: { url }, declaration, only, timeoutMs: 10_000 });

test("the reference with signed reports passes their cases by its own declaration", { timeout: 120_000 }, async () => {
  const file = fileURLToPath(new URL("../reference/pams-signed.yaml", import.meta.url));
  const { url } = await start("--receipts", "check");
  const run = await judge(url, parse(readFileSync(file, "utf8")) as DeclarationInput, ["pams/signed-reports"]);
  expect(blemishes(run)).toEqual([]);
  expect(run.cases.map(({ verdict }) => verdict)).toEqual(["pass", "pass"]);
});

test("three PAMSs that share their overlays pass the cases of discovery [8.2.1]", { timeout: 120_000 }, async () => {
  const cluster = ["--dht", "127.0.0.1:0", "--cluster-token", "secret"];
  const first = await start(...cluster);
  for (let i = 0; i < 2; i++) await start(...cluster, "--dht-bootstrap", first.said.dht ?? "");
  const members = async (url: string) => ((await (await fetch(`${url}/healthz`)).json()) as { pams: number }).pams;
  for (let i = 0; i < 300 && (await members(first.url)) < 3; i++)
    await new Promise((resolve) => setTimeout(resolve, 100));
  const run = await judge(first.url, { options: { "pams-discovery": true } }, ["pams/discovery"]);
  expect(blemishes(run)).toEqual([]);
  expect(run.cases.map(({ verdict }) => verdict)).toEqual(["pass", "pass", "pass"]);
});
