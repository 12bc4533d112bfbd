import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { readDeclaration } from "../cli/declaration-file.js";
import { targetOf } from "../cli/target.js";
import { HttpReader } from "../client/http-reader.js";
import type { EntityId, Target } from "../engine/entity.js";
import type { RunResult } from "../engine/result.js";
import { runConformance } from "../engine/runner.js";
import { entities } from "../entities.js";
import { judgeClient } from "./pamp-client/judge.js";

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const reference = `exec "${process.execPath}" --import "${path("../../tools/test/run-typescript.mjs")}" "${path("../../impl/cli/main.ts")}"`;
const failures = ({ cases }: RunResult) =>
  cases.filter(({ verdict }) => verdict === "fail" || verdict === "error").map(({ id, reason }) => [id, reason]);
const verdictOf = ({ cases }: RunResult, id: string) => cases.find((one) => one.id === id)?.verdict;

async function judge(entity: EntityId, target: Target, only: readonly string[], pics = true): Promise<RunResult> {
  const file = path(`../reference/${entity}.yaml`);
  const declaration = pics ? await readDeclaration(file, entities[entity].declaration) : {};
  return await runConformance({ entity: entities[entity], target, only, declaration });
}

describe("the reference clients, processes of their own", () => {
  test.each([
    ["pamp-peer", { exec: `${reference} pamp-peer --pams {url}` }, "pamp-peer/registration/request"],
    ["pamp-oms", { adapter: `${reference} pamp-oms --control` }, "pamp-oms/overlay-deregistration/request"],
  ] as const)("%s keeps to the basics", { timeout: 60_000, retry: 2 }, async (entity, target, only) => {
    const run = await judge(entity, target, [only]);
    expect(run.cases.map(({ id, verdict, reason }) => [id, verdict, reason])).toEqual([[only, "pass", ""]]);
  });
});

describe("a tiny client", () => {
  test.each([
    ["pamp-peer", "has a number for an identifier", "pamp-peer/registration/request"],
    ["pamp-oms", "deregisters with a body", "pamp-oms/overlay-deregistration/request"],
  ] as const)("%s that %s fails", { timeout: 60_000, retry: 2 }, async (client, quirk, only) => {
    expect(verdictOf(await judgeClient(client, quirk, { only: [only] }), only)).toBe("fail");
  });

  test("that says that it cannot is not failed for it", { timeout: 60_000 }, async () => {
    const only = ["pamp-oms/list-query/request", "pamp-oms/overlay-registration/request"];
    const run = await judgeClient("pamp-oms", "it does not query", { only });
    expect(failures(run)).toEqual([]);
    expect(verdictOf(run, "pamp-oms/list-query/request")).toBe("n/a");
  });
});

const python = spawnSync("python3", ["--version"]).status === 0;

test.runIf(python)("the adapter of the guide drives its peer", { timeout: 60_000, retry: 2 }, async () => {
  const adapter = `exec python3 "${path("../client/example/adapter.py")}"`;
  const only = ["pamp-peer/report/first", "pamp-peer/deregistration/request", "pamp-peer/activity/pause"];
  const run = await judge("pamp-peer", { adapter }, only, false);
  expect(run.cases.map(({ id, verdict, reason }) => [id, verdict, reason])).toEqual(
    expect.arrayContaining(only.map((id) => [id, "pass", ""])),
  );
});

describe("the HTTP reader", () => {
  const read = (...parts: readonly string[]) => {
    const reader = new HttpReader(0);
    return parts.flatMap((part) => reader.push(Buffer.from(part, "latin1")));
  };

  test.each([
    ["a body by its length", ["POST /a HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}"], ["{}"]],
    ["octet by octet", [..."POST /a HTTP/1.1\r\ncontent-length: 2\r\n\r\n{}"], ["{}"]],
    ["a GET with a body", ["GET /a HTTP/1.1\r\ncontent-length: 2\r\n\r\n{}"], ["{}"]],
    [
      "chunks, with an extension and a trailer",
      ["PUT /a HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n1;x=y\r\n{\r\n1\r\n}\r\n0\r\nx: y\r\n\r\n"],
      ["{}"],
    ],
    ["two at once", ["DELETE /a HTTP/1.1\r\n\r\nDELETE /b HTTP/1.1\r\n\r\n"], ["", ""]],
    ["nothing yet", ["POST /a HTTP/1.1\r\ncontent-length: 3\r\n\r\n{}"], []],
  ])("takes %s", (_, parts, bodies) => {
    const found = read(...parts);
    expect(found.map(({ body, fault }) => fault ?? body.toString())).toEqual(bodies);
  });

  test.each([
    ["GET /a b HTTP/1.1\r\n\r\n", "request line"],
    ["\u0016\u0003\u0001\u0002", "no method"],
    ["GET /a HTTP/1.1\r\nno colon\r\n\r\n", "header line"],
    ["POST /a HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n", "Content-Length"],
    ["POST /a HTTP/1.1\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n", "both"],
    ["POST /a HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n", "chunk"],
  ])("finds fault with %j", (text, reason) => {
    expect(read(text)[0]?.fault).toContain(reason);
  });
});

test.each([
  ["pamp-peer", { url: "http://127.0.0.1:1" }, /not called but calls/],
  ["pamp-peer", {}, /--adapter/],
  ["pamp-oms", { exec: "a {url}", adapter: "b" }, /give either/],
  ["pamp-oms", { listen: "http://127.0.0.1" }, /port is missing/],
  ["pams", { adapter: "b" }, /is a server/],
] as const)("%s refuses %j", (entity, given, message) => {
  expect(() => targetOf(entity, given)).toThrow(message);
});
