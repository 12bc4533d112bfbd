import { createServer, type Server } from "node:http";
import express, { type Express } from "express";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createPampRouter, createPampServer } from "../../../generated/pamp/express.js";
import { createPampClient, nodeTransport, type Transport } from "../../../generated/pamp/index.js";
import { selfSignedCertificate } from "../../../impl/net/test/certificate.js";
import { type Running, serve } from "./fixture.js";
import { pampHandlers } from "./pamp-handlers.js";
import { request } from "./raw.js";

let running: Running | undefined;
afterEach(async () => {
  await running?.close();
  running = undefined;
});

async function start(server: Server): Promise<number> {
  running = await serve(server);
  return running.port;
}

const registration = JSON.stringify({ peer_information: { peer_id: "p1", type: "PEER" } });

describe("router", () => {
  const parsers: [string, (app: Express) => void][] = [
    ["no parser", () => {}],
    ["express.json()", (app) => app.use(express.json())],
    ["express.text()", (app) => app.use(express.text({ type: "*/*" }))],
    ["express.raw()", (app) => app.use(express.raw({ type: "*/*" }))],
  ];
  describe.each(parsers)("after %s", (_name, prepare) => {
    const cases: [string, string, string | undefined, number][] = [
      ["POST", "/api/v1/pams/n1/peer/", registration, 200],
      ["POST", "/api/v1/pams/n1/peers", registration, 200],
      ["POST", "/api/v1/pams/n1/peer/", '{"peer_information":{}}', 400],
      ["POST", "/api/v1/pams/n1/peer/", undefined, 400],
      ["GET", "/api/v1/pams/n1/peer?peer_id=a&peer_id=b", undefined, 200],
      ["GET", "/api/v1/pams/n1/peer", '{"peer_query_condition":{"max_peer_num":3}}', 200],
      ["DELETE", "/api/v1/pams/n1/", undefined, 200],
      ["PATCH", "/api/v1/pams/n1/", undefined, 405],
      ["GET", "/api/v1/other", undefined, 418],
      ["POST", "/pams/n1/peer/", registration, 418],
    ];
    test.each(cases)("%s %s %s → %i", async (method, target, body, status) => {
      const app = express();
      prepare(app);
      app.use("/api/v1", createPampRouter(pampHandlers()));
      app.use((_request, response) => {
        response.status(418).end();
      });
      const port = await start(createServer(app));
      expect((await request(port, method, target, body === undefined ? {} : { body })).status).toBe(status);
    });

    test("nesting is limited", async () => {
      const app = express();
      prepare(app);
      app.use(createPampRouter(pampHandlers()));
      const body = `{"peer_information":{"peer_id":"p1","x":${"[".repeat(40)}${"]".repeat(40)}}}`;
      const port = await start(createServer(app));
      expect(await request(port, "POST", "/pams/n1/peer/", { body })).toMatchObject({
        status: 400,
        body: expect.stringContaining("nested too deeply"),
      });
    });
  });

  test("headers that middleware has set stay", async () => {
    const app = express();
    app.use((_request, response, next) => {
      response.setHeader("X-Before", "1");
      next();
    });
    app.use(createPampRouter(pampHandlers()));
    const port = await start(createServer(app));
    expect((await request(port, "DELETE", "/pams/n1/")).headers).toMatchObject({
      "x-before": "1",
      "content-length": "0",
    });
  });
});

describe("front server", () => {
  function appBehind(): { app: Express; reached: ReturnType<typeof vi.fn> } {
    const reached = vi.fn();
    const app = express();
    app.use((incoming, _response, next) => {
      reached(incoming.url);
      next();
    });
    app.use(express.json());
    app.get("/hello/:name", (incoming, response) => {
      response.cookie("a", "b").json({ name: incoming.params.name, query: incoming.query, host: incoming.hostname });
    });
    app.post("/echo", (incoming, response) => {
      response.send(incoming.body);
    });
    return { app, reached };
  }

  test("answers the operations without the app", async () => {
    const { app, reached } = appBehind();
    const port = await start(createPampServer(pampHandlers(), { app }));
    expect((await request(port, "POST", "/pams/n1/peer/", { body: registration })).status).toBe(200);
    expect((await request(port, "PATCH", "/pams/n1/peer/")).status).toBe(405);
    expect(reached).not.toHaveBeenCalled();
  });

  test("hands other paths to the app, which has all its powers", async () => {
    const { app, reached } = appBehind();
    const port = await start(createPampServer(pampHandlers(), { app }));
    const hello = await request(port, "GET", "/hello/you?x=1");
    expect(JSON.parse(hello.body)).toEqual({ name: "you", query: { x: "1" }, host: "test" });
    expect(hello.headers["set-cookie"]).toContain("a=b");
    expect((await request(port, "POST", "/echo", { body: '{"a":1}' })).body).toBe('{"a":1}');
    expect((await request(port, "GET", "/none")).status).toBe(404);
    expect(reached.mock.calls).toEqual([["/hello/you?x=1"], ["/echo"], ["/none"]]);
  });

  test("without an app, other paths are 404", async () => {
    const port = await start(createPampServer(pampHandlers()));
    const response = await request(port, "GET", "/hello");
    expect(response).toMatchObject({ status: 404, headers: { "content-type": "application/problem+json" } });
  });

  test("speaks HTTPS, to clients that trust its certificate", async () => {
    const tls = selfSignedCertificate();
    const port = await start(createPampServer(pampHandlers(), { tls }));
    const baseUrl = `https://localhost:${port}`;
    const ask = (transport: Transport | undefined) =>
      createPampClient({
        baseUrl,
        retry: false,
        ...(transport === undefined ? {} : { transport }),
      }).PAMP_PEER_LIST_QUERY({
        params: { NID: "n1" },
        body: { peer_query_condition: { peer_id: ["a"] } },
      });
    expect(await ask(nodeTransport({ ca: tls.cert }))).toMatchObject({ status: 200 });
    await expect(ask(undefined)).rejects.toMatchObject({ code: "ERR_NETWORK" });
  });

  test("bounds slow clients", () => {
    const server = createPampServer(pampHandlers());
    expect(server).toMatchObject({ headersTimeout: 10_000, requestTimeout: 30_000 });
  });
});
