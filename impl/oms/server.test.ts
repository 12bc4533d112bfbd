import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createSigningKey, readPublicKey } from "../keys/ed25519.js";
import { readSessionKey } from "../keys/session-key.js";
import { rejoinText } from "./rejoin.js";
import { bearer, creation, joined, type Served, serve, sourceKey } from "./test/laboratory.js";

let oms: Served;
beforeEach(async () => {
  oms = await serve({ adminToken: "operator" });
});
afterEach(() => oms.server.close());

const key = createSigningKey();

function keyOf(text: string) {
  const read = readPublicKey(text);
  if (read === undefined) throw new Error("no key");
  return read;
}

describe("overlay networks [X.609.10 8.5 a-d]", () => {
  it("are made with an identifier of their own and a key for the source peer", async () => {
    const made = await Promise.all(
      Array.from({ length: 10 }, () => oms.client.OMS_OVERLAY_CREATE({ body: creation() })),
    );
    const networks = made.map((result) => (result.status === 200 ? result.body.overlay_network : undefined));
    expect(new Set(networks.map((one) => one?.overlay_network_id)).size).toBe(10);
    const { session_key = "", provider_public_key = "", overlay_network_id } = networks[0] ?? {};
    expect(readSessionKey(session_key, keyOf(provider_public_key))).toMatchObject({
      overlayId: overlay_network_id,
      peerId: "source",
      publicKey: sourceKey.publicKey,
    });
  });

  it("tell everybody what is public", async () => {
    const { id } = await oms.create({ closed: { password: "sesame" } });
    const result = await oms.client.OMS_OVERLAY_QUERY({ params: { NID: id } });
    expect(result.status === 200 && result.body.overlay_network).toMatchObject({ title: "weather", closed: true });
    expect(JSON.stringify(result.body)).not.toMatch(/sesame|number_of_peers/);
  });

  it("live as long as their owner refreshes them, and nobody else ends them (E-DS-36)", async () => {
    const { id, owner } = await oms.create({ refresh_expiration: 60 });
    const params = { NID: id };
    expect((await oms.client.OMS_OVERLAY_REFRESH({ params })).status).toBe(401);
    expect((await oms.client.OMS_OVERLAY_REMOVE({ params }, bearer("guess"))).status).toBe(401);
    expect(await oms.client.OMS_OVERLAY_REFRESH({ params }, bearer(owner))).toMatchObject({
      status: 200,
      body: { refresh_expiration: 60 },
    });
    expect((await oms.client.OMS_OVERLAY_REMOVE({ params }, bearer(owner))).status).toBe(200);
    expect((await oms.client.OMS_OVERLAY_QUERY({ params })).status).toBe(404);
  });
});

describe("memberships [X.609.10 8.5]", () => {
  it("give token, session key and peers, the source peer among them", async () => {
    const { id } = await oms.create();
    await oms.join(id, "a");
    const b = await oms.join(id, "b", { public_key: key.publicKey });
    expect(b.peers.sort()).toEqual(["a", "source"]);
    expect(b.sessionKey).toBeDefined();
    const list = await oms.client.OMS_PEER_LIST(
      { params: { NID: id, PID: "b" }, body: { peer_list_request: { max_peer_num: 1 } } },
      bearer(b.token),
    );
    expect(list).toMatchObject({ status: 200, body: { peer_list: [{ peer_id: "source", role: "source-peer" }] } });
  });

  it("are their peer's own: others get nothing with them", async () => {
    const { id, owner } = await oms.create();
    const a = await oms.join(id, "a");
    const b = await oms.join(id, "b");
    const params = { NID: id, PID: "a" };
    const body = { membership: {} };
    expect((await oms.client.OMS_MEMBERSHIP_REFRESH({ params, body }, bearer(b.token))).status).toBe(401);
    expect((await oms.client.OMS_LEAVE({ params }, bearer(owner))).status).toBe(401);
    expect((await oms.client.OMS_MEMBERSHIP_REFRESH({ params, body }, bearer(a.token))).status).toBe(200);
    expect((await oms.client.OMS_LEAVE({ params }, bearer(a.token))).status).toBe(200);
    expect((await oms.client.OMS_MEMBERSHIP_REFRESH({ params, body }, bearer(a.token))).status).toBe(404);
    expect((await oms.join(id, "c")).peers).not.toContain("a");
    const source = { NID: id, PID: "source" };
    expect((await oms.client.OMS_MEMBERSHIP_REFRESH({ params: source, body }, bearer(owner))).status).toBe(200);
    expect((await oms.client.OMS_LEAVE({ params: source }, bearer(owner))).status).toBe(409);
  });

  it("come back to who lost its token and proves its key", async () => {
    const { id } = await oms.create();
    await oms.join(id, "a", { public_key: key.publicKey });
    const time = Date.now();
    const proof = { time, signature: key.sign(rejoinText(id, "a", time)) };
    const forged = { time, signature: createSigningKey().sign(rejoinText(id, "a", time)) };
    const tries = [{}, { rejoin_proof: forged }, { rejoin_proof: { ...proof, time: time + 1 } }];
    for (const more of tries) await expect(joined(oms.client, id, "a", more)).rejects.toThrow(/409/);
    const earlier = { time: time - 1, signature: key.sign(rejoinText(id, "a", time - 1)) };
    // Twice: the first answer may have been lost.
    for (let i = 0; i < 2; i++) {
      expect((await joined(oms.client, id, "a", { rejoin_proof: proof })).sessionKey).toBeDefined();
    }
    await expect(joined(oms.client, id, "a", { rejoin_proof: earlier })).rejects.toThrow(/409/);
  });
});

describe("closed sessions [X.609.10 8.5 e, f] (E-DS-29)", () => {
  it("do not tell a stranger who is in, or on the list", async () => {
    const { id } = await oms.create({ closed: { peer_id: ["listed", "other"], password: "sesame" } });
    await oms.join(id, "listed", { public_key: key.publicKey });
    await oms.join(id, "unlisted", { password: "sesame" });
    const answer = async (peer_id: string, more: object = {}) => {
      const body = { join: { peer_id, addresses: [], ...more } };
      const { code, body: said } = await oms.client.OMS_JOIN({ params: { NID: id }, body });
      return [code, said];
    };
    const stranger = await answer("nobody");
    expect(stranger[0]).toBe(403);
    for (const peer of ["listed", "unlisted", "source"]) expect(await answer(peer)).toEqual(stranger);
    expect((await answer("listed", { public_key: createSigningKey().publicKey }))[0]).toBe(403);
    // Who has the password, or the key, may know, and then proves that it is the member.
    expect((await answer("listed", { password: "sesame" }))[0]).toBe(409);
    expect((await answer("listed", { public_key: key.publicKey }))[0]).toBe(409);
  });

  it.each([
    ["a listed peer", { peer_id: ["a"] }, "a", {}, true],
    ["another peer", { peer_id: ["a"] }, "b", {}, false],
    ["the password", { password: "sesame" }, "b", { password: "sesame" }, true],
    ["a wrong password", { password: "sesame" }, "b", { password: "Sesame" }, false],
    ["no password", { password: "sesame" }, "b", {}, false],
    ["a listed peer, where there is a password too", { peer_id: ["a"], password: "sesame" }, "a", {}, true],
    [
      "the password, where there is a list too",
      { peer_id: ["a"], password: "sesame" },
      "b",
      { password: "sesame" },
      true,
    ],
    ["anything, for a list of nobody", { peer_id: [] }, "b", { password: "x" }, false],
  ])("%s", async (_, closed, peer, more, admitted) => {
    const { id } = await oms.create({ closed });
    const body = { join: { peer_id: peer, addresses: [], ...more } };
    expect((await oms.client.OMS_JOIN({ params: { NID: id }, body })).status).toBe(admitted ? 200 : 403);
  });

  it("never tell strangers who is in", async () => {
    const { id } = await oms.create({ closed: { peer_id: ["a"] } });
    await oms.join(id, "a");
    const answers = await Promise.all(
      ["a", "nobody"].map((PID) =>
        oms.client.OMS_MEMBERSHIP_REFRESH({ params: { NID: id, PID }, body: { membership: {} } }, bearer("guess")),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([401, 401]);
    expect(answers[0]?.body).toEqual(answers[1]?.body);
  });
});

describe("refusals", () => {
  it("name the clause", async () => {
    const { id } = await oms.create();
    const a = await oms.join(id, "a");
    const result = await oms.client.OMS_PEER_LIST(
      {
        params: { NID: id, PID: "a" },
        body: { peer_list_request: { fragment_range: { start_fragment_id: 3, end_fragment_id: 2 } } },
      },
      bearer(a.token),
    );
    expect(result).toMatchObject({ status: 400, body: { errors: [{ clause: "X.609.1 9.1.6" }] } });
    const unknown = await oms.client.OMS_JOIN({
      params: { NID: "nowhere" },
      body: { join: { peer_id: "a", addresses: [] } },
    });
    expect(unknown.status).toBe(404);
  });

  it("keep cache servers for operators", async () => {
    const cache_server = { cs_id: "c", url: "http://127.0.0.1:9", capacity: 1 };
    expect((await oms.client.OMS_CACHE_SERVER_REGISTER({ body: { cache_server } })).status).toBe(401);
    const operator = bearer("operator");
    expect((await oms.client.OMS_CACHE_SERVER_REGISTER({ body: { cache_server } }, operator)).status).toBe(200);
    for (const url of ["http://127.0.0.1:99999", "http://me:secret@127.0.0.1"]) {
      const body = { cache_server: { ...cache_server, url } };
      expect((await oms.client.OMS_CACHE_SERVER_REGISTER({ body }, operator)).status).toBe(400);
    }
    expect((await oms.client.OMS_CACHE_SERVER_REMOVE({ params: { CSID: "c" } }, operator)).status).toBe(200);
    expect((await oms.client.OMS_CACHE_SERVER_REMOVE({ params: { CSID: "c" } }, operator)).status).toBe(404);
  });
});
