import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createSigningKey } from "../keys/ed25519.js";
import { issueSessionKey } from "../keys/session-key.js";
import { createMemoryStore } from "../store/memory-store.js";
import { type PamsServer, startPamsServer } from "./server.js";
import { exchange } from "./test/exchange.js";

/* Every operation, with success and with each way to fail: what is private of a peer stays where it is [X.609.1 REQ-SEC-02, REQ-SEC-03]. */

const oms = { authorization: "Bearer token-of-the-oms" };
const address = "198.51.100.77";
const forwarded = { "x-forwarded-for": address, forwarded: `for=${address}` };
const provider = createSigningKey();
const alice = createSigningKey();
const session_key = issueSessionKey(
  { overlayId: "o", peerId: "alice", publicKey: alice.publicKey, notAfter: Date.now() + 3_600_000 },
  provider,
);
const signature = (letter: string) => letter.repeat(86);
const receipts = [{ body: "QUJDRA", receiver_signature: signature("R"), sender_signature: signature("S") }];
const registration = {
  peer_id: "alice",
  public_key: alice.publicKey,
  session_key,
  password: "password-of-alice",
  ip_address: address,
};

let server: PamsServer;
let token = "";
/** What nobody may be told. */
const secrets: Record<string, string> = {
  "the OMS's token": "token-of-the-oms",
  "the operator's token": "token-of-the-operator",
  "the cluster's token": "token-of-the-cluster",
  "the session key": session_key,
  "the public key": alice.publicKey,
  "the peer's address": address,
  "a member that is none of PAMP's": registration.password,
  "a receipt": signature("R"),
  "a fragment event": "fragment-nobody-may-know",
};

const put = (peer: string, dynamic: object, headers: Record<string, string> = {}) =>
  exchange(server.url, "PUT", `/pams/o/peer/${peer}/`, { peer_status: { dynamic_status: dynamic } }, headers);

beforeAll(async () => {
  server = await startPamsServer({
    store: createMemoryStore(),
    authentication: {
      oms: [{ bearer: "token-of-the-oms" }],
      operator: { bearer: "token-of-the-operator" },
      peers: "token",
    },
    cluster: { token: "token-of-the-cluster", dht: { host: "127.0.0.1", port: 0, bootstrap: [] } },
    policy: { receipts: "require" },
  });
  const body = { overlay_network_information: { overlay_network_id: "o", provider_public_key: provider.publicKey } };
  expect((await exchange(server.url, "POST", "/pams/", body, oms)).status).toBe(200);
  const registered = await exchange(server.url, "POST", "/pams/o/peer/", { peer_information: registration }, forwarded);
  expect(registered.status).toBe(200);
  token = String(registered.headers["pamp-peer-token"]);
  secrets["the peer's token"] = token;
  const fragment_event = [{ fragment_event_type: "UPLOADED", fragment_id: "fragment-nobody-may-know", to: "bob" }];
  const dynamic = {
    uploaded: "5",
    fragment_range: { start_fragment_id: 0, end_fragment_id: 3 },
    fragment_event,
    receipts,
  };
  expect((await put("alice", dynamic, { authorization: `Bearer ${token}`, ...forwarded })).status).toBe(200);
  await server.pams.receipts.notary.idle();
});
afterAll(() => server.close());

const condition = (more: object) => ({ peer_query_condition: more });
const stranger = { authorization: "Bearer token of a stranger" };
const range = { start_fragment_id: 0, end_fragment_id: 1 };
type Asked = [status: number, method: string, path: string, body?: unknown, headers?: Record<string, string>];

/** Each with the status that it must have, so that what is looked at is what was meant. */
const asked: Asked[] = [
  [200, "GET", "/pams/o/peer", condition({}), oms],
  [200, "GET", "/pams/o/peer", condition({ ordering: "UPLOADED", peer_id: ["alice"], service_class: 1 }), oms],
  [200, "GET", "/pams/o/peer", condition({ requesting_peer: "alice" }), oms],
  [200, "GET", "/pams/o/peer", condition({ fragment_range: range }), oms],
  [400, "GET", "/pams/o/peer", condition({ fragment_range: { start_fragment_id: 2, end_fragment_id: 1 } }), oms],
  [401, "GET", "/pams/o/peer", condition({}), stranger],
  [409, "GET", "/pams/none/peer", condition({}), oms],
  [200, "GET", "/pams/o/peers/alice", undefined, oms],
  [401, "GET", "/pams/o/peers/alice"],
  [409, "GET", "/pams/o/peers/bob", undefined, oms],
  [409, "POST", "/pams/", { overlay_network_information: { overlay_network_id: "o" } }, oms],
  [400, "POST", "/pams/", { overlay_network_information: {} }, oms],
  [401, "POST", "/pams/", { overlay_network_information: { overlay_network_id: "o" } }, stranger],
  [409, "POST", "/pams/o/peer/", { peer_information: registration }],
  [403, "POST", "/pams/o/peer/", { peer_information: { ...registration, peer_id: "mallory" } }],
  [400, "POST", "/pams/o/peer/", { peer_information: { peer_id: "mallory" } }],
  [400, "POST", "/pams/o/peer/", { peer_information: { peer_id: "mallory", public_key: "short" } }],
  [404, "POST", "/pams/none/peer/", { peer_information: registration }],
  [401, "PUT", "/pams/o/peer/alice/", { peer_status: { dynamic_status: {} } }, stranger],
  [404, "PUT", "/pams/o/peer/bob/", { peer_status: { dynamic_status: {} } }, stranger],
  [400, "PUT", "/pams/o/peer/alice/", { peer_status: { dynamic_status: { receipts: [{ body: "x" }] } } }],
  [401, "DELETE", "/pams/o/peers/alice", undefined, stranger],
  [404, "DELETE", "/pams/o/peers/bob", undefined, stranger],
  [401, "DELETE", "/pams/o/", undefined, stranger],
  [401, "GET", "/operator/reports", undefined, oms],
  [404, "POST", "/cluster/key", { overlay: "o", peer: "alice" }, oms],
  [405, "PATCH", "/pams/o/peers/alice", undefined, oms],
  [200, "GET", "/healthz"],
  [200, "GET", "/metrics"],
  [200, "GET", "/"],
];

describe("no answer gives away what is private of a peer", () => {
  test.each(asked)("%s to %s %s", async (...[status, method, path, body, headers = {}]: Asked) => {
    const answer = await exchange(server.url, method, path, body, { ...headers });
    expect(answer.status).toBe(status);
    const told = JSON.stringify([answer.headers, answer.body]);
    for (const [what, secret] of Object.entries(secrets)) expect(told.includes(secret), what).toBe(false);
    // Of a peer that is not named in the question nothing is told but its ID, in lists for an OMS.
    if (status !== 200 && !path.includes("alice")) expect(told).not.toContain("alice");
  });

  test("the operator is told who did what, and no key, signature or address [REQ-RPT-04]", async () => {
    const operator = { authorization: "Bearer token-of-the-operator" };
    const answer = await exchange(server.url, "GET", "/operator/reports", undefined, operator);
    expect(answer.body).toMatchObject({ peers: [{ peer_id: "alice", faults: { malformed: 1 } }] });
    const told = JSON.stringify(answer.body);
    for (const [what, secret] of Object.entries(secrets)) expect(told.includes(secret), what).toBe(false);
  });
});
