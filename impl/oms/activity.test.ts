import { afterEach, expect, test } from "vitest";
import { createPampClient } from "../../generated/pamp/index.js";
import type { PeerQueryCondition } from "../../generated/pamp/types.js";
import { type Logger, silentLogger } from "../net/logger.js";
import { type PamsServer, startPamsServer } from "../pams/index.js";
import { createMemoryStore, type MemoryDisk } from "../store/index.js";
import { bearer, type Served, serve, until } from "./test/laboratory.js";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

/** A PAMS that has lost whatever it had, unless it is given its disk. */
async function pamsAt(port = 0, reportInterval = 0.3, disk: MemoryDisk = new Map()): Promise<PamsServer> {
  const pams = await startPamsServer({ store: createMemoryStore({ disk }), port, policy: { reportInterval } });
  open.push(pams);
  return pams;
}

async function omsWith(pams: string, options: Parameters<typeof serve>[0] = {}): Promise<Served> {
  const oms = await serve({ upkeepMs: 20, pams: { url: pams }, ...options });
  open.push(oms.server);
  return oms;
}

const stop = async (pams: PamsServer): Promise<void> => {
  open.splice(open.indexOf(pams), 1);
  await pams.close();
};

test("overlay networks are on the PAMS as soon as they are made, and peers are told [8.1 a, X.609.1 REQ-PREG-01]", async () => {
  const pams = await pamsAt();
  const oms = await omsWith(pams.url);
  const { id, owner, pams: told } = await oms.create({ content_type: "STREAM" });
  expect(told).toBe(`${pams.url}/pams/`);
  expect(pams.pams.core.overlays.get(id)?.contentType).toBe("STREAM");
  expect((await oms.join(id, "a")).membership).toMatchObject({ pams_url: told });
  await oms.client.OMS_OVERLAY_REMOVE({ params: { NID: id } }, bearer(owner));
  await until(() => pams.pams.core.overlays.size === 0);
});

test("a PAMS that lost everything has it back within a report interval [8.1 c] (E-DS-03)", async () => {
  const first = await pamsAt();
  const oms = await omsWith(first.url);
  const { id } = await oms.create();
  await stop(first);
  const second = await pamsAt(first.port);
  await until(() => second.pams.core.overlays.has(id));
});

test("without a PAMS joins and lists go on; it learns of beginnings and ends when it comes", async () => {
  const disk: MemoryDisk = new Map();
  const first = await pamsAt(0, 0.3, disk);
  const { port, url } = first;
  const store = createMemoryStore();
  const oms = await omsWith(url, { store });
  const ended = await oms.create();
  await stop(first);
  const born = await oms.create();
  expect(born.pams).toBeUndefined();
  const a = await oms.join(born.id, "a");
  expect((await oms.join(born.id, "b")).peers.sort()).toEqual(["a", "source"]);
  await oms.client.OMS_OVERLAY_REMOVE({ params: { NID: ended.id } }, bearer(ended.owner));
  // The wish to deregister outlasts the OMS itself.
  open.splice(open.indexOf(oms.server), 1);
  await oms.server.close();
  const again = await omsWith(url, { store });
  const second = await pamsAt(port, 0.3, disk);
  expect(second.pams.core.overlays.has(ended.id)).toBe(true);
  await until(() => second.pams.core.overlays.has(born.id) && !second.pams.core.overlays.has(ended.id));
  await until(() => again.server.oms.figures().farewells === 0);
  const kept = await again.client.OMS_MEMBERSHIP_REFRESH(
    { params: { NID: born.id, PID: "a" }, body: { membership: {} } },
    bearer(a.token),
  );
  expect(kept).toMatchObject({ status: 200, body: { pams_url: `${url}/pams/` } });
});

test("an OMS that comes back goes on with what the PAMS told it before (E-X-01)", async () => {
  const pams = await pamsAt();
  const store = createMemoryStore();
  const first = await omsWith(pams.url, { store });
  const { id } = await first.create();
  open.splice(open.indexOf(first.server), 1);
  await first.server.close();
  // The PAMS has it still, and refuses to register it again without a word of its address.
  const second = await omsWith(pams.url, { store });
  const told = async () => {
    const result = await second.client.OMS_OVERLAY_QUERY({ params: { NID: id } });
    return result.status === 200 ? result.body.overlay_network.pams_url : undefined;
  };
  let registrations = 0;
  const { core } = pams.pams;
  const register = core.registerOverlay.bind(core);
  core.registerOverlay = (...all) => {
    registrations++;
    return register(...all);
  };
  await until(() => registrations >= 2);
  expect(await told()).toBe(`${pams.url}/pams/`);
});

test("who is served badly is sent to those who can help [X.609.1 8.2.3]", async () => {
  const pams = await pamsAt(0, 60);
  const oms = await omsWith(pams.url);
  const { id } = await oms.create();
  const { core } = pams.pams;
  const fragment_range = { start_fragment_id: 0, end_fragment_id: 9 };
  for (let i = 0; i < 6; i++) await oms.join(id, `p${i}`);
  for (let i = 0; i < 6; i++) {
    core.registerPeer(id, `p${i}`, {});
    const static_status = { max_up_bw: i === 4 ? 9000 : 10, max_dn_bw: 1000 };
    core.report(id, `p${i}`, { dynamic_status: { overlay_event: "COMPLETED", fragment_range }, static_status });
  }
  const { token } = await oms.join(id, "needy");
  core.registerPeer(id, "needy", {});
  const ask = async () => {
    const body = { peer_list_request: { max_peer_num: 4 } };
    const answer = await oms.client.OMS_PEER_LIST({ params: { NID: id, PID: "needy" }, body }, bearer(token));
    return answer.status === 200 ? answer.body.peer_list.map(({ peer_id }) => peer_id) : [];
  };
  const dynamic_status = { downloaded: "0", left: "500", fragment_list: { fragment: [1] } };
  core.report(id, "needy", { dynamic_status, static_status: { max_up_bw: 10, max_dn_bw: 1000 } });
  // The list itself is mixed by chance; who can help most is in it every time.
  for (let i = 0; i < 5; i++) expect((await ask()).filter((peer) => peer !== "source")[0]).toBe("p4");
});

test("lists go by what the PAMS knows [8.1 d, X.609.1 8.2.2]", async () => {
  const pams = await pamsAt(0, 60);
  const oms = await omsWith(pams.url);
  const { id } = await oms.create();
  const pamp = createPampClient({ baseUrl: pams.url });
  for (const [i, peer] of ["a", "b", "c", "stranger"].entries()) {
    if (peer !== "stranger") await oms.join(id, peer);
    const params = { NID: id, PID: peer };
    await pamp.PAMP_PEER_REG({ params, body: { peer_information: { peer_id: peer } } });
    const dynamic_status = {
      overlay_event: i === 2 ? ("COMPLETED" as const) : ("STARTED" as const),
      uploaded: String(10 - i),
      fragment_list: { fragment: [i, i + 1] },
    };
    await pamp.PAMP_PEER_STATUS_REPORT({ params, body: { peer_status: { dynamic_status } } });
  }
  const { token } = await oms.join(id, "asking");
  const list = async (request: object): Promise<string[]> => {
    const result = await oms.client.OMS_PEER_LIST(
      { params: { NID: id, PID: "asking" }, body: { peer_list_request: request } },
      bearer(token),
    );
    return result.status === 200 ? result.body.peer_list.map(({ peer_id }) => peer_id) : [];
  };
  expect(await list({ ordering: "UPLOADED" })).toEqual(["a", "b", "c"]);
  expect(await list({ ordering: "UPLOADED", max_peer_num: 2 })).toEqual(["a", "b"]);
  expect(await list({ overlay_status: "COMPLETED" })).toEqual(["c"]);
  // The source peer has whatever there is.
  expect(await list({ fragment_list: { fragment: [2] } })).toEqual(expect.arrayContaining(["b", "c", "source"]));
  expect(await list({ fragment_range: { start_fragment_id: 0, end_fragment_id: 1 } })).toEqual(["a", "source"]);
  expect((await list({})).sort()).toEqual(["a", "b", "c", "source"]);
});

test("the PAMS is told who asks, and out of which candidates [X.609.1 8.2.3, 8.2.4]", async () => {
  const pams = await pamsAt(0, 60);
  const asked: PeerQueryCondition[] = [];
  const { core } = pams.pams;
  const listPeers = core.listPeers.bind(core);
  core.listPeers = (overlay, condition) => {
    asked.push(condition);
    return listPeers(overlay, condition);
  };
  const oms = await omsWith(pams.url);
  const { id } = await oms.create();
  await oms.join(id, "a");
  await oms.join(id, "b", { max_peer_num: 7 });
  expect(asked.at(-1)).toMatchObject({ requesting_peer: "b", max_peer_num: 7 });
  expect(asked.at(-1)?.peer_id?.toSorted()).toEqual(["a", "source"]);
});

test("a PAMS that refuses the token of this OMS is made known, once, and taken into use when it is right", async () => {
  const guarded = await startPamsServer({
    store: createMemoryStore(),
    authentication: { oms: [{ bearer: "right" }] },
  });
  open.push(guarded);
  const warnings: unknown[] = [];
  const logger = {
    ...silentLogger,
    warn: (facts: unknown, text: unknown) => void warnings.push(facts, text),
  } as Logger;
  const oms = await omsWith(guarded.url, { logger, pams: { url: guarded.url, auth: { bearer: "wrong" } } });
  expect((await oms.create()).pams).toBeUndefined();
  await oms.create();
  expect(warnings).toMatchObject([{ status: 401 }, expect.stringContaining("--pams-token")]);
  expect(JSON.stringify(warnings)).not.toContain("wrong");
  expect(oms.server.oms.away()).toEqual(["pams (401)"]);
  const metrics = await (await fetch(`${oms.server.url}/metrics`)).text();
  expect(metrics).toContain("mp2p_oms_pams_refusals 2");
  const { port } = guarded;
  await stop(guarded);
  await pamsAt(port);
  await until(() => oms.server.oms.away().length === 0);
});

test.each([
  { what: "a PAMS that tells anybody", token: undefined, warned: 1 },
  { what: "a PAMS that tells its OMS", token: "right", warned: 0 },
])("closed overlay networks on $what [X.609.1 REQ-SEC-02]", async ({ token, warned }) => {
  const authentication = token === undefined ? {} : { oms: [{ bearer: token }] };
  const pams = await startPamsServer({ store: createMemoryStore(), authentication });
  open.push(pams);
  const warnings: unknown[] = [];
  const logger = { ...silentLogger, warn: (_: unknown, text: unknown) => void warnings.push(text) } as Logger;
  const oms = await omsWith(pams.url, {
    logger,
    pams: { url: pams.url, ...(token !== undefined && { auth: { bearer: token } }) },
  });
  await oms.create();
  expect(warnings).toEqual([]);
  await oms.create({ closed: { password: "a password of theirs" } });
  await oms.create({ closed: { peer_id: ["only this one"] } });
  if (warned > 0) {
    await until(() => warnings.length > 0);
    expect(warnings[0]).toContain("--oms-token");
  } else await new Promise((resolve) => setTimeout(resolve, 300));
  expect(warnings).toHaveLength(warned);
});
