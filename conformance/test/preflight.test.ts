import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { createServer as createTls } from "node:https";
import type { AddressInfo } from "node:net";
import { createServer as createTcp, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { needs } from "../../tools/test/needs.js";
import type { EntityId } from "../engine/entity.js";
import { runConformance } from "../engine/runner.js";
import { exitCodeOf } from "../engine/verdict.js";
import { entities } from "../entities.js";
import { creationServer, serve } from "./servers.js";

const openssl = needs("openssl");

const open: { close(): unknown }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

/** What the preflight of a run with one case says. */
async function preflight(entity: EntityId, url: string) {
  const only = entities[entity].cases.slice(0, 1).map(({ id }) => id);
  const run = await runConformance({ entity: entities[entity], target: { url }, only, timeoutMs: 1_000 });
  return { code: exitCodeOf(run), missing: run.preflight.find(({ holds }) => !holds) };
}

const answer =
  (status: number, type: string, body: string, headers = {}) =>
  (response: ServerResponse) =>
    response.writeHead(status, { "content-type": type, ...headers }).end(body);

describe.each<EntityId>(["homs", "pams"])("another server where a %s should be", (entity) => {
  test.each<[string, (response: ServerResponse, path: string) => void, RegExp]>([
    [
      "a web server without such pages",
      answer(404, "text/html", "<h1>Not Found</h1>"),
      /but it is no \w+MS: .* get the same 404/,
    ],
    ["a page for every address", answer(200, "text/html", "<!doctype html><title>App</title>"), /it is no \w+MS.* 200/],
    [
      "an interface of something else",
      (response, path) => answer(404, "application/json", `{"error":"no route ${path}"}`)(response),
      /it is no/,
    ],
    [
      "a server that repeats what it hears",
      (response, path) => answer(200, "application/json", JSON.stringify({ path }))(response),
      /it is no/,
    ],
    ["a server with credentials", answer(401, "text/plain", "who?"), /declare credentials, in --pics/],
    [
      "a server that moved",
      answer(308, "text/plain", "", { location: "https://other.example/" }),
      /on to https:\/\/other\.example/,
    ],
  ])("%s is told from it", async (_, reply, hint) => {
    const server = await serve((request, response) => reply(response, request.url ?? ""));
    open.push(server);
    const { code, missing } = await preflight(entity, server.url);
    expect(missing?.hint).toMatch(hint);
    expect(code).toBe(3);
  });
});

test.each([
  ["answers everything but a creation with 404", () => undefined],
  ["refuses every creation", () => ({ status: 400 })],
  ["breaks down at every creation", () => ({ status: 500 })],
])("a HOMS that %s is judged, not refused", async (_, wrong) => {
  const server = await creationServer(wrong);
  open.push(server);
  expect((await preflight("homs", server.url)).missing).toBeUndefined();
});

describe("an address where nothing speaks HTTP", () => {
  const listen = async (server: Server): Promise<string> => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    open.push(server);
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  };

  test("is named: nothing listens, or something else does", async () => {
    const greeter = await listen(createTcp((socket) => socket.on("error", () => {}).end("220 mail.example ESMTP\r\n")));
    expect((await preflight("homs", "http://127.0.0.1:1")).missing?.hint).toMatch(
      /^nothing listens at 127\.0\.0\.1:1: start/,
    );
    expect((await preflight("homs", `http://${greeter}`)).missing?.hint).toMatch(/is no HTTP server/);
    expect((await preflight("homs", "http://no-such-host.invalid")).missing?.hint).toMatch(
      /^there is no host named no-such-host/,
    );
  });

  test.skipIf(!openssl)("is asked by the other scheme too (needs openssl)", async () => {
    const folder = mkdtempSync(join(tmpdir(), "preflight-"));
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const words = [
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:prime256v1",
      "-nodes",
      "-subj",
      "/CN=localhost",
    ];
    execFileSync("openssl", [...words, "-days", "1", "-keyout", key, "-out", cert], { stdio: "ignore" });
    const secure = createTls({ key: readFileSync(key), cert: readFileSync(cert) }, (_, response) => response.end("{}"));
    rmSync(folder, { recursive: true });
    const host = await listen(secure);
    const plain = await creationServer();
    open.push(plain);
    expect((await preflight("homs", `http://${host}`)).missing?.hint).toBe(
      `it speaks the other scheme: give --url https://${host}`,
    );
    expect((await preflight("homs", plain.url.replace("http:", "https:"))).missing?.hint).toBe(
      `it speaks the other scheme: give --url ${plain.url}`,
    );
  });
});

test.each<[EntityId, { exec: string } | { adapter: string }]>([
  ["ldmp-data-source", { exec: "no-such-command {url}" }],
  ["pamp-peer", { exec: "no-such-command {url}" }],
  ["homp-hybrid-peer", { adapter: "no-such-command" }],
])("a command that the shell does not find is named: %s", async (entity, target) => {
  const only = entities[entity].cases.slice(0, 1).map(({ id }) => id);
  const values: Record<string, number> = { [entity === "ldmp-data-source" ? "registers-within" : "acts-within"]: 0.5 };
  const run = await runConformance({ entity: entities[entity], target, only, declaration: { values } });
  expect(run.preflight.find(({ holds }) => !holds)?.hint).toMatch(
    /cannot be run \(.*no-such-command.*\): check its name/,
  );
});
