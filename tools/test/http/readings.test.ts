/** What the generated servers take beside the strict form, by erratum; every row is answered like its strict twin. */
import { createServer } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createHompListener, type HompHandlers } from "../../../generated/homp/server.js";
import { createPampListener, type PampHandlers } from "../../../generated/pamp/server.js";
import { type Running, serve } from "./fixture.js";
import { pampHandlers } from "./pamp-handlers.js";
import { request } from "./raw.js";

interface Reached {
  readonly operation: string;
  readonly input: unknown;
}

/** Wraps each handler to note what reaches it; answers 599 problem details, which no schema stands in the way of. */
function noting(ids: readonly string[], reached: Reached[]): object {
  return Object.fromEntries(
    ids.map((operation) => [
      operation,
      (input: unknown) => {
        reached.push({ operation, input });
        return { status: 503, body: { title: "noted", status: 503 } };
      },
    ]),
  );
}

type Row = [
  erratum: string,
  operation: string,
  method: string,
  target: string,
  body: string | undefined,
  input: object,
];

describe("PAMP", () => {
  const reached: Reached[] = [];
  let running: Running;
  beforeAll(async () => {
    const handlers = noting(Object.keys(pampHandlers()), reached) as PampHandlers;
    running = await serve(createServer(createPampListener(handlers)));
  });
  afterAll(() => running.close());

  const peer = { peer_information: { peer_id: "p", type: "PEER" } };
  const report = { peer_status: { dynamic_status: { overlay_event: "STARTED", uploaded: "5" } } };
  const N = { params: { NID: "n" } };
  const NP = { params: { NID: "n", PID: "p" } };
  const condition = (members: object) => ({ ...N, body: { peer_query_condition: members } });
  const json = (value: unknown) => JSON.stringify(value);

  const rows: Row[] = [
    ["E-PAMP-02 strict", "PAMP_OVERLAY_NW_DEREG", "DELETE", "/pams/n/", undefined, N],
    ["E-PAMP-02 no slash", "PAMP_OVERLAY_NW_DEREG", "DELETE", "/pams/n", undefined, N],
    ["E-PAMP-01 strict", "PAMP_PEER_REG", "POST", "/pams/n/peer/", json(peer), { ...N, body: peer }],
    ["E-PAMP-01 peers", "PAMP_PEER_REG", "POST", "/pams/n/peers", json(peer), { ...N, body: peer }],
    ["E-PAMP-01 strict", "PAMP_PEER_DEREG", "DELETE", "/pams/n/peers/p", undefined, NP],
    ["E-PAMP-01 peer", "PAMP_PEER_DEREG", "DELETE", "/pams/n/peer/p/", undefined, NP],
    ["E-PAMP-01 strict", "PAMP_PEER_INFO_QUERY", "GET", "/pams/n/peers/p", undefined, NP],
    ["E-PAMP-01 peer", "PAMP_PEER_INFO_QUERY", "GET", "/pams/n/peer/p", undefined, NP],
    ["E-PAMP-01 strict", "PAMP_PEER_STATUS_REPORT", "PUT", "/pams/n/peer/p/", json(report), { ...NP, body: report }],
    ["E-PAMP-01 peers", "PAMP_PEER_STATUS_REPORT", "PUT", "/pams/n/peers/p", json(report), { ...NP, body: report }],
    [
      "E-PAMP-08 numbers",
      "PAMP_PEER_STATUS_REPORT",
      "PUT",
      "/pams/n/peer/p/",
      '{"peer_status":{"dynamic_status":{"overlay_event":"STARTED","uploaded":5}}}',
      { ...NP, body: report },
    ],
    [
      "E-PAMP-09 trailing blank",
      "PAMP_PEER_STATUS_REPORT",
      "PUT",
      "/pams/n/peer/p/",
      '{"peer_status ":{"dynamic_status":{"overlay_event":"STARTED","uploaded":"5"}}}',
      { ...NP, body: report },
    ],
    ["E-PAMP-45 bare", "PAMP_PEER_REG", "POST", "/pams/n/peer/", json(peer.peer_information), { ...N, body: peer }],
    [
      "E-PAMP-12 GET with a body",
      "PAMP_PEER_LIST_QUERY",
      "GET",
      "/pams/n/peer",
      '{"peer_query_condition":{"max_peer_num":3}}',
      condition({ max_peer_num: 3 }),
    ],
    [
      "E-PAMP-12 query",
      "PAMP_PEER_LIST_QUERY",
      "GET",
      "/pams/n/peer?max_peer_num=3&peer_id=a&peer_id=b",
      undefined,
      condition({ max_peer_num: 3, peer_id: ["a", "b"] }),
    ],
    ["E-PAMP-12 no condition", "PAMP_PEER_LIST_QUERY", "GET", "/pams/n/peers/", undefined, condition({})],
    [
      "E-PAMP-12 POST",
      "PAMP_PEER_LIST_QUERY",
      "POST",
      "/pams/n/peer/query",
      '{"peer_query_condition":{"ordering":"LEFT"}}',
      condition({ ordering: "LEFT" }),
    ],
  ];
  test.each(rows)("%s: %s %s %s", async (_erratum, operation, method, target, body, input) => {
    reached.length = 0;
    const response = await request(running.port, method, target, body === undefined ? {} : { body });
    expect(response).toMatchObject({ status: 503 });
    expect(reached).toEqual([{ operation, input: { query: {}, body: undefined, ...input } }]);
  });

  const refused: [string, string, string, string | undefined, string][] = [
    [
      "negative amount",
      "PUT",
      "/pams/n/peer/p/",
      '{"peer_status":{"dynamic_status":{"uploaded":-1}}}',
      "/peer_status/dynamic_status/uploaded",
    ],
    ["no id", "POST", "/pams/n/peer/", '{"peer_information":{"type":"PEER"}}', "/peer_information/peer_id"],
    [
      "query that is no number",
      "GET",
      "/pams/n/peer?max_peer_num=many",
      undefined,
      "/peer_query_condition/max_peer_num",
    ],
    ["long id", "DELETE", `/pams/${"n".repeat(257)}/`, undefined, "{NID}"],
  ];
  test.each(refused)("refused with member and clause: %s", async (_name, method, target, body, member) => {
    reached.length = 0;
    const response = await request(running.port, method, target, body === undefined ? {} : { body });
    expect(response.status).toBe(400);
    const { errors } = JSON.parse(response.body) as { errors: { member: string; clause: string }[] };
    expect(errors[0]).toMatchObject({ member, clause: expect.stringMatching(/^X\.609\.1 9\./) });
    expect(reached).toEqual([]);
  });
});

describe("HOMP", () => {
  const reached: Reached[] = [];
  const ids = ["Creation", "Query", "Modification", "Removal", "Join", "Report", "Refresh", "Leave"];
  let running: Running;
  beforeAll(async () => {
    const operations = ids.map((id) => `HybridOverlay${id}`);
    running = await serve(createServer(createHompListener(noting(operations, reached) as HompHandlers)));
  });
  afterAll(() => running.close());

  const overlay = {
    title: "t",
    type: "core",
    "sub-type": "tree",
    "owner-id": "o",
    description: "d",
    "heartbeat-interval": 10,
    "heartbeat-timeout": 40,
    auth: { type: "open", admin_key: "k" },
  };
  const join = {
    overlay: { "overlay-id": "1", type: "core", "sub-type": "tree" },
    peer: { "peer-id": "p", address: "tcp://127.0.0.1:1", auth: { password: "s" } },
  };
  const creation = { params: {}, body: { overlay_info: overlay } };
  const json = (value: unknown) => JSON.stringify(value);
  const leave = { overlay: { "overlay-id": "1" }, peer: { "peer-id": "p", auth: { password: "s" } } };

  const rows: Row[] = [
    ["E-HOMP-01 strict", "HybridOverlayCreation", "POST", "/homs", json({ overlay_info: overlay }), creation],
    ["E-HOMP-01 overlay", "HybridOverlayCreation", "POST", "/homs", json({ overlay }), creation],
    ["E-HOMP-01 bare", "HybridOverlayCreation", "POST", "/homs", json(overlay), creation],
    ["E-HOMP-12 slash", "HybridOverlayCreation", "POST", "/homs/", json({ overlay_info: overlay }), creation],
    [
      "E-HOMP-02 hyphen",
      "HybridOverlayCreation",
      "POST",
      "/homs",
      json({ overlay_info: { ...overlay, auth: { type: "open", "admin-key": "k" } } }),
      creation,
    ],
    ["strict", "HybridOverlayJoin", "POST", "/peer", json(join), { params: {}, body: join }],
    [
      "E-HOMP-04 Address",
      "HybridOverlayJoin",
      "POST",
      "/peer",
      json({ ...join, peer: { "peer-id": "p", Address: "tcp://127.0.0.1:1", auth: { password: "s" } } }),
      { params: {}, body: join },
    ],
    [
      "E-HOMP-09 recovery in the URI",
      "HybridOverlayJoin",
      "POST",
      "/peer?recovery=true&ticket-id=7",
      json(join),
      { params: {}, body: { ...join, overlay: { ...join.overlay, recovery: true, "ticket-id": "7" } } },
    ],
    ["DELETE with a body", "HybridOverlayLeave", "DELETE", "/peer", json(leave), { params: {}, body: leave }],
    [
      "query",
      "HybridOverlayQuery",
      "GET",
      "/homs?title=a%20b&other=1",
      undefined,
      { params: {}, query: { title: "a b" } },
    ],
    ["no query", "HybridOverlayQuery", "GET", "/homs", undefined, { params: {} }],
  ];
  test.each(rows)("%s: %s %s %s", async (_erratum, operation, method, target, body, input) => {
    reached.length = 0;
    const response = await request(running.port, method, target, body === undefined ? {} : { body });
    expect(response).toMatchObject({ status: 503 });
    expect(reached).toEqual([{ operation, input: { query: {}, body: undefined, ...input } }]);
  });

  test("E-HOMP-02: two spellings that differ are refused", async () => {
    const auth = { type: "open", admin_key: "k", "admin-key": "s3cret" };
    const response = await request(running.port, "POST", "/homs", {
      body: json({ overlay_info: { ...overlay, auth } }),
    });
    expect(response.status).toBe(400);
    expect(response.body).not.toContain("s3cret");
  });
});
