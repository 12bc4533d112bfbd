import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { createMemoryStore } from "../../store/memory-store.js";
import { type HomsServer, startHomsServer } from "../server.js";
import { creationInfo } from "../test/harness.js";
import { type FieldDialect, fieldDialects } from "./dialect.js";

type Json = ReturnType<JSON["parse"]>;

interface Exchange {
  id: string;
  request: { method: string; path: string; query?: Record<string, string>; body?: Json };
  refused?: boolean;
  needs?: Record<string, string>;
  keep?: Record<string, string>;
}

const folder = join(import.meta.dirname, "../../../spec/homp/dialects");
const exchangesOf = (dialect: string): Exchange[] =>
  (parse(readFileSync(join(folder, `${dialect}.yaml`), "utf8")) as { exchanges: Exchange[] }).exchanges;

let homs: HomsServer;
beforeEach(async () => {
  homs = await startHomsServer({ store: createMemoryStore(), dialects: fieldDialects, signalling: { port: 0 } });
});
afterEach(() => homs.close());

async function send(method: string, path: string, body?: Json): Promise<{ status: number; body: Json }> {
  const request = { method, headers: { "content-type": "application/json" } };
  const response = await fetch(
    homs.url + path,
    body === undefined ? request : { ...request, body: JSON.stringify(body) },
  );
  return { status: response.status, body: await response.json() };
}

const at = (value: Json, pointer: string): Json =>
  pointer
    .split("/")
    .slice(1)
    .reduce<Json>((inner, name) => inner?.[name], value);

const kindOf = (value: Json): string => {
  if (value === undefined) return "absent";
  if (Array.isArray(value)) return "array";
  return Number.isInteger(value) ? "integer" : typeof value;
};

const fill = (value: Json, values: Record<string, unknown>): Json =>
  JSON.parse(JSON.stringify(value), (_, one) => {
    const name = typeof one === "string" ? /^\$\{(.+)\}$/.exec(one)?.[1] : undefined;
    return name === undefined ? one : values[name];
  });

const closedInfo = { ...creationInfo, auth: { type: "closed", admin_key: "k", access_key: "a" } };

describe.each(fieldDialects)("clients of %s", (dialect) => {
  test("are served through all that they say, and find what they need in each answer", async () => {
    const closed = (await send("POST", "/homs", { overlay_info: closedInfo })).body.overlay["overlay-id"];
    const values: Record<string, unknown> = {
      "admin-key": "key",
      password: "abcdefghijklmnop",
      "closed-overlay-id": closed,
    };
    for (const { id, request, needs = {}, keep = {}, refused } of exchangesOf(dialect)) {
      const query = new URLSearchParams(request.query).toString();
      const path = request.path + (query && `?${query}`);
      const { status, body } = await send(request.method, path, request.body && fill(request.body, values));
      // The field's newest server refuses all modification and removal; this one does not.
      const refuses = refused === true && !["modify", "remove"].includes(id);
      expect([id, body.errors ?? [], status === 200]).toEqual([id, refuses ? expect.anything() : [], !refuses]);
      for (const [pointer, kind] of Object.entries(needs)) {
        expect([id, pointer, kindOf(at(body, pointer))]).toEqual([id, pointer, kind]);
      }
      for (const [name, pointer] of Object.entries(keep)) values[name] = at(body, pointer);
    }
    expect(homs.homs.counts().peers).toBe(0);
  });
});

const first = async (): Promise<string> =>
  (await send("POST", "/homs", { overlay_info: creationInfo })).body.overlay["overlay-id"];

const joining = (id: string, peerId: string, overlay: Json = {}, peer: Json = {}) => ({
  overlay: { "overlay-id": id, type: "core", "sub-type": "tree", ...overlay },
  peer: { "peer-id": peerId, address: "ws://relay", auth: { password: "pw" }, ...peer },
});

describe("beside each other", () => {
  test("peers of the text and of all dialects are in one overlay, and in one tree", async () => {
    const id = await first();
    await send("POST", "/peer", joining(id, "text"));
    await send("POST", "/peer", joining(id, "v22", { recovery: false, expires: 30 }));
    await send("POST", "/peer", joining(id, "v23;1", {}, { "ticket-id": -1, expires: 30 }));
    await send("POST", "/peer", joining(id, "a", {}, { "instance-id": 5, "ticket-id": -1 }));
    const other = await send("POST", "/peer", joining(id, "a", {}, { "instance-id": 6, "ticket-id": -1 }));
    expect(other.body.peer).toMatchObject({ "peer-id": "a", "instance-id": 6, "ticket-id": 5 });
    const { peer_info_list } = other.body.overlay.status;
    expect(peer_info_list).toContainEqual({ "peer-id": "a", "instance-id": 5, address: "ws://relay" });

    const costmap = (primary: string[]) => ({ primary, outgoing_candidate: [], incoming_candidate: [] });
    const counts = { num_primary: 1, num_out_candidate: 0, num_in_candidate: 0 };
    const auth = { password: "pw" };
    const overlay = { "overlay-id": id };
    for (const body of [
      { overlay, peer: { "peer-id": "text", auth }, status: { costmap: costmap(["v22", "v23;1"]) } },
      {
        overlay,
        peer: {
          "peer-id": "v22",
          auth,
          status: { ...counts, costmap: { peer_id: "v22", costmap: costmap(["text", "a"]) } },
        },
      },
      { overlay, peer: { "peer-id": "v23;1", auth }, status: { ...counts, costmap: costmap(["text"]) } },
      { overlay, peer: { "peer-id": "a", "instance-id": 6, auth }, status: { ...counts, costmap: costmap(["v22"]) } },
    ]) {
      expect((await send("POST", "/peer/report", body)).status).toBe(200);
    }
    const nodes = homs.homs.coreTree(id)?.nodes.map((node) => [node["peer-id"], node.parent]);
    expect(nodes).toEqual([
      ["text", null],
      ["v22", "text"],
      ["v23;1", "text"],
      ["a;6", "v22"],
      ["a;5", null],
    ]);
  });

  test("peers of the text get its own form", async () => {
    const { body } = await send("POST", "/peer", joining(await first(), "text", { expires: 30 }));
    expect([body.overlay["ticket-id"], body.peer["ticket-id"]]).toEqual(["1", "1"]);
  });

  test("any recovery in the URL counts, with the password and the ticket", async () => {
    const id = await first();
    const peer = { "ticket-id": -1, expires: 30 };
    const { body } = await send("POST", "/peer", joining(id, "x;1", {}, peer));
    const ticket = body.peer["ticket-id"];
    expect((await send("POST", "/peer", joining(id, "x;1", {}, peer))).status).toBe(409);
    const again = joining(id, "x;1", {}, { ...peer, "ticket-id": ticket });
    expect((await send("POST", "/peer?recovery=false", again)).body.peer["ticket-id"]).toBe(ticket);
    const wrong = joining(id, "x;1", {}, { ...peer, "ticket-id": 99 });
    expect((await send("POST", "/peer?recovery=true", wrong)).status).toBe(403);
  });

  test("an overlay without cr-policy is shown with one that caches nothing", async () => {
    await first();
    const { body } = await send("GET", "/homs");
    expect(body[0].overlay["cr-policy"]).toEqual({ mN_Cache: 0, mD_Cache: 0, "recovery-by": "pull" });
  });

  test("a lifetime of 0 is the field's word for none", async () => {
    const overlay = { ...creationInfo, expires: 0, "heartbeat-timeout": 15 };
    expect((await send("POST", "/homs", { overlay })).body.overlay.expires).toBe(86_400);
  });

  test("heartbeat values within the rule are wanted from clients of the text", async () => {
    const overlay_info = { ...creationInfo, "heartbeat-timeout": 15 };
    expect((await send("POST", "/homs", { overlay_info })).status).toBe(400);
    expect((await send("POST", "/homs", { overlay: { ...overlay_info, "heartbeat-timeout": 10 } })).status).toBe(400);
  });

  test("the port of the relay is told", async () => {
    expect((await send("GET", "/api/InitData")).body).toEqual({ WEB_SOCKET_PORT: homs.signalling?.port });
  });
});

test("without the dialects, answers are in the text's form, and what only the field does is refused", async () => {
  const text = await startHomsServer({ store: createMemoryStore() });
  const before = homs;
  homs = text;
  try {
    const { status } = await send("POST", "/homs", { overlay: { ...creationInfo, "heartbeat-timeout": 15 } });
    expect(status).toBe(400);
    const id = await first();
    const { body } = await send("POST", "/peer", joining(id, "x;1", {}, { "ticket-id": -1, expires: 30 }));
    expect([body.overlay["ticket-id"], body.overlay.expires]).toEqual(["1", 30]);
    expect((await send("GET", "/homs")).body.overlay).toHaveLength(1);
    expect((await send("GET", "/api/InitData")).status).toBe(404);
  } finally {
    homs = before;
    await text.close();
  }
});

test("only the dialects that are named are spoken", async () => {
  const only: FieldDialect[] = ["v23"];
  const one = await startHomsServer({ store: createMemoryStore(), dialects: only });
  const before = homs;
  homs = one;
  try {
    const id = await first();
    const v22 = await send("POST", "/peer", joining(id, "a", { recovery: false, expires: 30 }));
    expect(v22.body.overlay["ticket-id"]).toBe("1");
    const v23 = await send("POST", "/peer", joining(id, "b;1", {}, { "ticket-id": -1, expires: 30 }));
    expect(v23.body.peer["ticket-id"]).toBe(2);
  } finally {
    homs = before;
    await one.close();
  }
});
