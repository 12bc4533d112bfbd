/** The generated client against the generated server, over real sockets; and what the types promise. */
import { createServer, type ServerResponse } from "node:http";
import { afterEach, describe, expect, expectTypeOf, test } from "vitest";
import { createHompClient } from "../../../generated/homp/client.js";
import {
  createPampClient,
  createPampHttpClient,
  PAMP_OVERLAY_NW_REG,
  type PampPeerRegClientResult,
} from "../../../generated/pamp/client.js";
import { pampOperations } from "../../../generated/pamp/operations.js";
import { createPampListener, type PampHandlers, type PampPeerRegServerResult } from "../../../generated/pamp/server.js";
import type { PampPeerRegResponse } from "../../../generated/pamp/types.js";
import { unwrap } from "../../../generated/runtime/http-result.js";
import type { ProblemDetails } from "../../../generated/runtime/problem.js";
import { problem } from "../../../generated/runtime/problem.js";
import { type Running, serve } from "./fixture.js";
import { pampHandlers } from "./pamp-handlers.js";

let running: Running | undefined;
afterEach(async () => {
  await running?.close();
  running = undefined;
});

async function start(overrides: Partial<PampHandlers> = {}): Promise<string> {
  running = await serve(createServer(createPampListener(pampHandlers(overrides))));
  return running.url;
}

/** A server that answers everything with one message. */
async function answer(status: number, body: unknown, headers: Record<string, string> = {}): Promise<string> {
  running = await serve(
    createServer((incoming, response: ServerResponse) => {
      incoming.resume();
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(body === undefined ? "" : JSON.stringify(body));
    }),
  );
  return running.url;
}

const NID = "n/1 é";
const peer = { peer_information: { peer_id: "p", type: "PEER" as const } };

describe("PAMP", () => {
  test("all seven primitives", async () => {
    const client = createPampClient({ baseUrl: `${await start()}/pams/` });
    const params = { NID };
    const one = { NID, PID: "p" };
    const overlay = { overlay_network_information: { overlay_network_id: NID, content_type: "FILE" as const } };
    const condition = { peer_query_condition: { peer_id: ["b", "a"], max_peer_num: 2 } };
    expect(await client.PAMP_OVERLAY_NW_REG({ body: overlay })).toMatchObject({ status: 200 });
    expect(await client.PAMP_PEER_REG({ params, body: peer })).toMatchObject({ status: 200 });
    const report = { peer_status: { dynamic_status: { overlay_event: "STARTED" as const } } };
    expect(await client.PAMP_PEER_STATUS_REPORT({ params: one, body: report })).toMatchObject({
      status: 200,
      body: undefined,
    });
    const list = await client.PAMP_PEER_LIST_QUERY({ params, body: condition });
    expect(unwrap(list)).toEqual({ peer_list: { peer_id: ["b", "a"] } });
    expect(await client.PAMP_PEER_INFO_QUERY({ params: one })).toMatchObject({ status: 409, ok: false });
    expect(await client.PAMP_PEER_DEREG({ params: one })).toMatchObject({ status: 200 });
    expect(await client.PAMP_OVERLAY_NW_DEREG({ params })).toMatchObject({ status: 200 });
  });

  test("one primitive as a function, for small bundles", async () => {
    const client = createPampHttpClient({ baseUrl: await start() });
    const body = { overlay_network_information: { overlay_network_id: "1", content_type: "FILE" as const } };
    const result = await PAMP_OVERLAY_NW_REG(client, { body });
    expect(result).toMatchObject({ status: 200, body: { pam_conf_info: { pam_enabled: true } } });
  });

  test("the condition travels as a query where a body cannot", async () => {
    const client = createPampClient({ baseUrl: await start(), fetch: (...parameters) => fetch(...parameters) });
    const params = { NID };
    const body = { peer_query_condition: { peer_id: ["a&b", "c"], ordering: "LEFT" as const } };
    expect(unwrap(await client.PAMP_PEER_LIST_QUERY({ params, body }))).toEqual({
      peer_list: { peer_id: ["a&b", "c"] },
    });
    expect(unwrap(await client.PAMP_PEER_LIST_QUERY({ params, body: { peer_query_condition: {} } }))).toEqual({
      peer_list: { peer_id: [] },
    });
    const rich = { peer_query_condition: { fragment_list: { num_of_fragment: 3 } } };
    await expect(client.PAMP_PEER_LIST_QUERY({ params, body: rich })).rejects.toMatchObject({ code: "ERR_GET_BODY" });
  });

  const conf = { pams_url: "http://pams/pams/", report_interval: 10 };
  const readings: [string, number, unknown, object][] = [
    ["E-PAMP-03 pam_conf", 200, { pam_conf: conf }, { status: 200, body: { pam_conf_info: conf } }],
    [
      "E-PAMP-04 pam_url",
      200,
      { pam_conf_info: { pam_url: "http://pams/pams/", report_interval: 10 } },
      { status: 200, body: { pam_conf_info: conf } },
    ],
    ["E-PAMP-45 bare", 200, conf, { status: 200, body: { pam_conf_info: conf } }],
    ["E-PAMP-44 201", 201, { pam_conf_info: conf }, { status: 200, code: 201, ok: true }],
    ["E-PAMP-07 409", 409, undefined, { status: 409, ok: false, body: undefined }],
    ["E-PAMP-23 401", 401, undefined, { status: 401, ok: false }],
    ["undeclared", 423, { a: 1 }, { status: "other", code: 423, body: { a: 1 } }],
  ];
  test.each(readings)("reads %s", async (_erratum, status, body, expected) => {
    const client = createPampClient({ baseUrl: await answer(status, body) });
    expect(await client.PAMP_PEER_REG({ params: { NID }, body: peer })).toMatchObject(expected);
  });

  test("what a handler knows reaches the caller", async () => {
    const baseUrl = await start({
      PAMP_PEER_REG: ({ params, body }) => ({
        status: 400,
        body: problem(400, { detail: `${params.NID} ${body.peer_information.peer_id}`, member: "/x", clause: "9.1.3" }),
      }),
      PAMP_PEER_DEREG: async () => ({ status: 401, headers: { "WWW-Authenticate": "Bearer" } }),
    });
    const client = createPampClient({ baseUrl });
    const refused = await client.PAMP_PEER_REG({ params: { NID }, body: peer });
    expect(refused).toMatchObject({ status: 400, body: { detail: `${NID} p`, errors: [{ member: "/x" }] } });
    const denied = await client.PAMP_PEER_DEREG({ params: { NID, PID: "p" } });
    expect(denied.status === 401 && denied.headers["www-authenticate"]).toBe("Bearer");
  });

  test("results narrow by status, handlers answer only what is declared", () => {
    type On<Status> = Extract<PampPeerRegClientResult, { status: Status }>;
    expectTypeOf<On<200>["body"]>().toEqualTypeOf<PampPeerRegResponse>();
    expectTypeOf<On<200>["ok"]>().toEqualTypeOf<true>();
    expectTypeOf<On<404>["body"]>().toEqualTypeOf<ProblemDetails | undefined>();
    expectTypeOf<On<"other">["body"]>().toEqualTypeOf<unknown>();
    expectTypeOf<On<401>["headers"]["www-authenticate"]>().toEqualTypeOf<string | undefined>();
    expectTypeOf<PampPeerRegClientResult["status"]>().toEqualTypeOf<200 | 400 | 401 | 404 | 409 | "other">();
    // @ts-expect-error 202 is not declared
    const undeclared: PampPeerRegServerResult = { status: 202 };
    // @ts-expect-error 200 has a body
    const bodiless: PampPeerRegServerResult = { status: 200 };
    // @ts-expect-error 401 needs its challenge
    const unchallenged: PampPeerRegServerResult = { status: 401 };
    expect([undeclared, bodiless, unchallenged]).toHaveLength(3);
  });
});

test("the operation table tells all that the spec does", () => {
  expect(pampOperations.PAMP_PEER_LIST_QUERY).toMatchObject({
    id: "PAMP_PEER_LIST_QUERY",
    method: "GET",
    path: "/pams/{NID}/peer",
    idempotent: true,
    takesQuery: true,
    trailingSlash: true,
    clause: "9.2.6",
    request: { type: "PampPeerListQueryRequest", absent: ["peer_query_condition"] },
  });
  expect(Object.entries(pampOperations).every(([name, { id }]) => name === id)).toBe(true);
});

describe("HOMP", () => {
  const overlay = {
    "overlay-id": "1",
    title: "t",
    type: "core",
    "sub-type": "tree",
    "owner-id": "o",
    expires: 60,
    status: { num_peers: 0, status: "active" },
    auth: { type: "open" as const },
  };
  const shapes: [string, unknown][] = [
    ["strict", { overlay: [overlay] }],
    ["E-HOMP-17 bare array", [overlay]],
    ["E-HOMP-17 wrapped items", { overlay: [{ overlay }] }],
    ["E-HOMP-17 array of wrapped items", [{ overlay }]],
    ["E-HOMP-06 expires as a string", { overlay: [{ ...overlay, expires: "60" }] }],
  ];
  test.each(shapes)("a query answer: %s", async (_name, body) => {
    const client = createHompClient({ baseUrl: await answer(200, body) });
    expect(await client.HybridOverlayQuery()).toMatchObject({
      status: 200,
      body: { overlay: [{ "overlay-id": "1", expires: 60 }] },
    });
  });

  test.each([200, 202, 204])("a report confirmed with %i and no body", async (status) => {
    const client = createHompClient({ baseUrl: await answer(status, undefined) });
    const body = { overlay: { "overlay-id": "1" }, peer: { "peer-id": "p", auth: { password: "s" } }, status: {} };
    expect(await client.HybridOverlayReport({ body: body as never })).toMatchObject({
      status: 200,
      code: status,
      body: {},
    });
  });

  test("DELETE carries its body", async () => {
    let seen = "";
    running = await serve(
      createServer(async (incoming, response) => {
        for await (const chunk of incoming) seen += chunk;
        response.writeHead(200, { "content-type": "application/json" }).end('{"overlay":{"overlay-id":"1"}}');
      }),
    );
    const client = createHompClient({ baseUrl: running.url });
    const body = { overlay: { "overlay-id": "1" }, peer: { "peer-id": "p", auth: { password: "s" } } };
    expect(await client.HybridOverlayLeave({ body })).toMatchObject({ status: 200 });
    expect(JSON.parse(seen)).toEqual(body);
  });
});
