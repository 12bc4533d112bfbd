import { connect } from "node:net";
import request from "supertest";
import { afterEach, describe, expect, test } from "vitest";
import { createMemoryStore } from "../store/memory-store.js";
import { type HomsServer, type HomsServerOptions, startHomsServer } from "./server.js";
import { creationInfo, FakeClock, recordingLogger } from "./test/harness.js";

const servers: HomsServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function start(options: Partial<HomsServerOptions> = {}) {
  const server = await startHomsServer({ store: createMemoryStore(), ...options });
  servers.push(server);
  return request(server.url);
}

type Agent = Awaited<ReturnType<typeof start>>;

async function create(homs: Agent, info: object = {}): Promise<string> {
  const { status, body } = await homs.post("/homs").send({ overlay_info: { ...creationInfo, ...info } });
  expect(status, JSON.stringify(body)).toBe(200);
  return body.overlay["overlay-id"];
}

const peer = (id: string) => ({ "peer-id": id, address: `tcp://${id}:1`, auth: { password: `pw${id}` } });
const tree = (id: string) => ({ "overlay-id": id, type: "core", "sub-type": "tree" });

describe("HOMP over a socket", () => {
  test("the life of an overlay, DELETE with its body included", async () => {
    const homs = await start();
    const id = await create(homs);
    const overlay = { "overlay-id": id };
    const json = /^application\/json/;

    const joined = await homs
      .post("/peer")
      .send({ overlay: tree(id), peer: peer("a") })
      .expect(200)
      .expect("content-type", json);
    expect(joined.body.overlay).toMatchObject({ expires: 3600, "ticket-id": "1", status: { peer_info_list: [] } });
    await homs
      .post("/peer")
      .send({ overlay: tree(id), peer: peer("b") })
      .expect(200);
    const status = { num_primary: 1, num_out_candidate: 0, num_in_candidate: 0, costmap: { primary: ["a"] } };
    await homs
      .post("/peer/report")
      .send({ overlay, peer: { "peer-id": "b" }, status })
      .expect(200, { overlay });
    const refreshed = { overlay: { ...overlay, expires: 60 }, peer: { "peer-id": "a" } };
    await homs
      .put("/peer")
      .send({ overlay: { ...overlay, expires: 60 }, peer: peer("a") })
      .expect(200, refreshed);
    await homs
      .delete("/peer")
      .send({ overlay, peer: peer("a") })
      .expect(200, { overlay });

    const auth = { admin_key: "admin-secret" };
    const changed = await homs
      .put("/homs")
      .send({ overlay: { ...overlay, "owner-id": "owner", title: "T", auth } })
      .expect(200);
    expect(changed.body.overlay).toMatchObject({ title: "T", auth: { type: "open" } });
    const found = await homs.get("/homs").query({ title: "t" }).expect(200);
    expect(found.body.overlay).toMatchObject([{ "overlay-id": id, status: { num_peers: 1 } }]);
    await homs
      .delete("/homs")
      .send({ overlay: { ...overlay, "owner-id": "owner", auth } })
      .expect(200, { overlay });
    await homs.get("/homs").expect(200, { overlay: [] });
  });

  test("lifetimes end on the wire as they do inside", async () => {
    const clock = new FakeClock();
    const homs = await start({ clock });
    const id = await create(homs, { expires: 2 });
    clock.advance(1_999);
    expect((await homs.get("/homs").query({ "overlay-id": id })).body.overlay).toMatchObject([{ expires: 1 }]);
    clock.advance(1);
    await homs.get("/homs").query({ "overlay-id": id }).expect(200, { overlay: [] });
    await homs
      .post("/peer")
      .send({ overlay: tree(id), peer: peer("a") })
      .expect(404);
  });
});

describe("dialects of the field and other readings on reception", () => {
  test.each([
    ["overlay for overlay_info (E-HOMP-01)", { overlay: creationInfo }],
    ["no wrapper at all (E-HOMP-01)", creationInfo],
    ["admin-key (E-HOMP-02)", { overlay: { ...creationInfo, auth: { type: "open", "admin-key": "admin-secret" } } }],
    ["members that nobody knows", { overlay: { ...creationInfo, "app-id": "IoT" }, more: [{}] }],
    ["a fraction of a second (E-HOMP-62)", { overlay_info: { ...creationInfo, expires: 59.5 } }],
  ])("creation: %s", async (_, body) => {
    const homs = await start();
    const answer = await homs.post("/homs").send(body).expect(200);
    const { "overlay-id": id } = answer.body.overlay;
    const auth = { "admin-key": "admin-secret" };
    await homs
      .delete("/homs/")
      .send({ overlay: { "overlay-id": id, "owner-id": "owner", auth } })
      .expect(200);
  });

  test("two spellings of one key that differ are refused", async () => {
    const homs = await start();
    const auth = { type: "open", admin_key: "one", "admin-key": "two" };
    await homs
      .post("/homs")
      .send({ overlay_info: { ...creationInfo, auth } })
      .expect(400);
  });

  test("a field peer of 2023: lifetime and numeric ticket in peer, recovery in the URI, password in the report", async () => {
    const homs = await start();
    const id = await create(homs);
    await homs.post("/peer").send({ overlay: tree(id), peer: peer("root") });
    const first = { ...peer("a;123"), auth: { password: "pw" }, "ticket-id": -1, expires: 30 };
    const joined = await homs
      .post("/peer")
      .send({ overlay: tree(id), peer: first })
      .expect(200);
    expect(joined.body).toMatchObject({
      overlay: { "heartbeat-interval": 10, status: { peer_info_list: [{ "peer-id": "root" }] } },
      peer: { "peer-id": "a;123", "ticket-id": "2", expires: 30 },
    });
    const status = {
      num_primary: 1,
      num_out_candidate: 0,
      num_in_candidate: 0,
      costmap: { primary: ["root"], outgoing_candidate: [], incoming_candidate: [] },
    };
    await homs
      .post("/peer/report")
      .send({ overlay: { "overlay-id": id }, peer: first, status })
      .expect(200);
    const refresh = { ...first, expires: 45 };
    const refreshed = await homs
      .put("/peer")
      .send({ overlay: { "overlay-id": id }, peer: { ...refresh, "ticket-id": 2 } });
    expect(refreshed.body.overlay.expires).toBe(45);
    const recovery = { overlay: tree(id), peer: { ...first, "ticket-id": 2 } };
    await homs.post("/peer").query({ recovery: true }).send(recovery).expect(200);
    await homs
      .post("/peer")
      .query({ recovery: true })
      .send({ ...recovery, peer: { ...first, "ticket-id": 9 } })
      .expect(403);
  });

  test("a field peer of 2022: recovery and ticket as number in overlay; Address; status in status; paths as objects", async () => {
    const homs = await start();
    const id = await create(homs);
    const { address, ...rest } = peer("a");
    await homs
      .post("/peer")
      .send({ overlay: { ...tree(id), expires: 30 }, peer: { ...rest, Address: address } })
      .expect(200);
    await homs
      .post("/peer")
      .send({ overlay: { ...tree(id), recovery: true, "ticket-id": 1 }, peer: peer("a") })
      .expect(200);
    await homs
      .post("/peer")
      .send({ overlay: tree(id), peer: peer("b") })
      .expect(200);
    const status = { status: { num_primary: 1, costmap: { primary: [{ "peer-id": "a", cost: 3 }] } } };
    await homs
      .post("/peer/report")
      .send({ overlay: { "overlay-id": id }, peer: { "peer-id": "b" }, status })
      .expect(200);
    expect(servers[0]?.homs.coreTree(id)?.nodes[1]).toMatchObject({ "peer-id": "b", parent: "a" });
  });

  test("identifiers of a DELETE may stand in the query, secrets may not (E-HOMP-11)", async () => {
    const homs = await start();
    const id = await create(homs);
    await homs.post("/peer").send({ overlay: tree(id), peer: peer("a") });
    await homs
      .delete("/peer")
      .query({ "overlay-id": id, "peer-id": "a" })
      .send({ peer: { auth: { password: "pwa" } } })
      .expect(200);
    await homs.delete("/homs").query({ "overlay-id": id, "owner-id": "owner", admin_key: "admin-secret" }).expect(400);
    expect((await homs.get("/homs")).body.overlay).toHaveLength(1);
  });
});

describe("bad input: a clear refusal, the server alive, the state unchanged", () => {
  const info = (changes: object) => JSON.stringify({ overlay_info: { ...creationInfo, ...changes } });
  const without = (name: string) => info({ [name]: undefined });
  test.each<[string, string, number, string | undefined]>([
    ["no JSON", "{", 400, undefined],
    ["an empty body", "", 400, undefined],
    ["a list", "[]", 400, undefined],
    ["null", "null", 400, undefined],
    ["a number", "7", 400, undefined],
    ["no title", without("title"), 400, "title"],
    ["no type", without("type"), 400, "type"],
    ["no sub-type", without("sub-type"), 400, "sub-type"],
    ["no owner-id", without("owner-id"), 400, "owner-id"],
    ["no description", without("description"), 400, "description"],
    ["no heartbeat-interval", without("heartbeat-interval"), 400, "heartbeat-interval"],
    ["no heartbeat-timeout", without("heartbeat-timeout"), 400, "heartbeat-timeout"],
    ["no admin_key in auth", info({ auth: { type: "open" } }), 400, "admin_key"],
    ["a title that is no string", info({ title: 7 }), 400, "title"],
    ["a title without end", info({ title: "x".repeat(5000) }), 400, "title"],
    ["an unknown type", info({ type: "star" }), 400, "type"],
    ["an interval as text", info({ "heartbeat-interval": "ten" }), 400, "heartbeat-interval"],
    ["interval 5", info({ "heartbeat-interval": 5 }), 400, "heartbeat-interval"],
    ["timeout of exactly three intervals", info({ "heartbeat-timeout": 30 }), 400, "heartbeat-timeout"],
    ["lifetime 0", info({ expires: 0 }), 400, "expires"],
    ["lifetime -1", info({ expires: -1 }), 400, "expires"],
    ["lifetime 1e400", info({ expires: 0 }).replace('"expires":0', '"expires":1e400'), 400, "expires"],
    ["a peer list of numbers", info({ auth: { type: "closed", admin_key: "k", peerlist: [1] } }), 400, "peerlist"],
    ["closed with nothing to enter by", info({ auth: { type: "closed", admin_key: "k" } }), 400, "auth"],
    ["too deep", info({ trans_policy: JSON.parse("[".repeat(40) + "]".repeat(40)) }), 400, undefined],
    ["too large", info({ description: "x".repeat(300_000) }), 413, undefined],
  ])("creation: %s", async (_, body, status, member) => {
    const homs = await start();
    await create(homs, { title: "first" });
    const answer = await homs.post("/homs").set("content-type", "application/json").send(body);
    expect(answer.status).toBe(status);
    expect(answer.headers["content-type"]).toMatch(/^application\/problem\+json/);
    expect(answer.body).toMatchObject({ status, title: expect.any(String) });
    if (member !== undefined) {
      const { errors } = answer.body as { errors: { member: string; clause: string }[] };
      expect(errors.some((e) => e.member.includes(member) && /^Q\.4103 6\./.test(e.clause))).toBe(true);
    }
    const { overlay } = (await homs.get("/homs").expect(200)).body;
    expect(overlay.map(({ title }: { title: string }) => title)).toEqual(["first"]);
  });

  test("wrong method, content type and path", async () => {
    const homs = await start();
    const refused = await homs.patch("/homs").send({}).expect(405);
    for (const method of ["GET", "POST", "PUT", "DELETE"]) expect(refused.headers.allow).toContain(method);
    await homs.post("/homs").set("content-type", "text/plain").send("{}").expect(415);
    await homs.post("/hom").send({}).expect(404);
  });

  test("a refusal of a join has no member that a peer could take for success", async () => {
    const homs = await start();
    const auth = { type: "closed", admin_key: "admin-secret", access_key: "k" };
    const id = await create(homs, { auth });
    for (const overlay of [tree(id), tree("x"), { ...tree(id), type: "sub" }]) {
      const { status, body } = await homs.post("/peer").send({ overlay, peer: peer("a") });
      expect(status).toBeGreaterThanOrEqual(400);
      expect(body).not.toHaveProperty("overlay");
    }
  });

  test("octets that are no HTTP do not harm it", async () => {
    const homs = await start();
    const { port } = servers[0] as HomsServer;
    await new Promise<void>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => socket.end(Buffer.from([0, 255, 13, 10, 13, 10])));
      socket
        .on("close", () => resolve())
        .on("error", () => resolve())
        .resume();
    });
    await homs.get("/homs").expect(200);
  });
});

describe("beside HOMP", () => {
  test("/healthz and /metrics", async () => {
    const homs = await start();
    const id = await create(homs);
    await homs.post("/peer").send({ overlay: tree(id), peer: peer("a") });
    await homs.post("/peer").send({ overlay: tree("x"), peer: peer("a") });
    const health = await homs.get("/healthz").expect(200);
    expect(health.body).toMatchObject({ status: "ok", entity: "homs", overlays: 1, peers: 1 });
    const { text } = await homs.get("/metrics").expect(200);
    expect(text).toMatch(/^mp2p_homs_overlays 1$/m);
    expect(text).toMatch(/^mp2p_homs_peers 1$/m);
    expect(text).toMatch(/^mp2p_homs_http_requests_total\{operation="HybridOverlayJoin",status="200"\} 1$/m);
    expect(text).toMatch(/^mp2p_homs_http_requests_total\{operation="HybridOverlayJoin",status="404"\} 1$/m);
  });

  test("/healthz tells of a store that fails", async () => {
    const store = createMemoryStore();
    const statistics = { ...store.statistics, lastError: new Error("disk full") };
    const homs = await start({ store: { ...store, statistics } });
    await homs.get("/healthz").expect(503);
  });

  test("the administrator's view is off without a token, and shows overlays, peers and the tree to who has it", async () => {
    const off = await start();
    await off.get("/overlays").set("authorization", "Bearer token").expect(404);

    const homs = await start({ adminToken: "token" });
    const auth = { type: "closed", admin_key: "admin-secret", access_key: "key-secret", peerlist: ["a", "b"] };
    const id = await create(homs, { auth });
    for (const name of ["a", "b"])
      await homs
        .post("/peer")
        .send({ overlay: tree(id), peer: peer(name) })
        .expect(200);
    const status = { num_primary: 1, costmap: { primary: ["a"] } };
    await homs.post("/peer/report").send({ overlay: { "overlay-id": id }, peer: { "peer-id": "b" }, status });

    for (const shown of [undefined, "Bearer wrong", "Basic token", "token", "Bearer "]) {
      const refused = await homs
        .get("/overlays")
        .set(shown === undefined ? {} : { authorization: shown })
        .expect(401);
      expect(refused.headers["www-authenticate"]).toMatch(/^Bearer/);
      expect(refused.text).not.toContain(id);
    }
    const seen = await homs.get("/overlays").set("authorization", "Bearer token").expect(200);
    expect(seen.body.overlays).toMatchObject([
      {
        "overlay-id": id,
        peerlist: ["a", "b"],
        peers: [
          { "peer-id": "a", "ticket-id": "1", status: null },
          { "peer-id": "b", "ticket-id": "2", status: { num_primary: 1 } },
        ],
        "core-tree": { roots: ["a"], nodes: [{ depth: 0 }, { "peer-id": "b", parent: "a", depth: 1 }], loops: [] },
      },
    ]);
    const one = await homs.get(`/overlays/${id}`).set("authorization", "Bearer token").expect(200);
    expect(one.body).toMatchObject(seen.body.overlays[0]);
    await homs.get("/overlays/x").set("authorization", "Bearer token").expect(404);
    for (const secret of ["admin-secret", "key-secret", "pwa", "pwb"]) expect(seen.text).not.toContain(secret);
  });

  test("who serves others without TLS is warned that keys travel in clear (E-HOMP-42)", async () => {
    const logger = recordingLogger();
    await start({ host: "0.0.0.0", logger });
    expect(logger.lines.join("\n")).toContain("in clear");
  });

  test("closing lets no request in and ends the process's timers; the store stays the caller's", async () => {
    const store = createMemoryStore();
    const logger = recordingLogger();
    const server = await startHomsServer({ store, logger });
    await request(server.url).get("/homs").expect(200);
    await server.close();
    expect(logger.lines.join("\n")).not.toContain("in clear");
    await expect(fetch(`${server.url}/homs`)).rejects.toThrow();
    await store.close();
  });
});
