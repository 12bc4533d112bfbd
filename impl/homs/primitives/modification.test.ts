import { describe, expect, test } from "vitest";
import { closed, Harness } from "../test/harness.js";

/** Who gets in: a peer on the list, one with the key, anybody. */
async function admits(h: Harness, id: string, accessKey: string): Promise<string> {
  let admitted = "";
  for (const [name, peerId, auth] of [
    ["listed ", "listed", undefined],
    ["key ", "keyholder", { access_key: accessKey }],
    ["anybody", "stranger", undefined],
  ] as const) {
    const { status } = await h.join(id, peerId, auth === undefined ? {} : { auth });
    if (status !== 200) continue;
    admitted += name;
    await h.leave(id, peerId);
  }
  return admitted.trim();
}

describe("HybridOverlayModification [6.2.3, 7.1.3]", () => {
  test("changes title, description and lifetime at once and answers with the details", async () => {
    const h = new Harness();
    const id = await h.overlay({ expires: 100 });
    h.clock.advance(50_000);
    const { status, body } = await h.modify(id, { title: "T", description: "D", expires: 200 });
    expect(status).toBe(200);
    expect(body.overlay).toEqual({
      "overlay-id": id,
      title: "T",
      "owner-id": "owner",
      expires: 200,
      description: "D",
      auth: { type: "open" },
    });
    expect((await h.query()).body.overlay[0]).toMatchObject({ title: "T", description: "D", expires: 200 });
    h.clock.advance(199_999);
    expect(await h.titles()).toEqual(["T"]);
    h.clock.advance(1);
    expect(await h.titles()).toEqual([]);
  });

  test("what is left out stays, other attributes are ignored", async () => {
    const h = new Harness();
    const id = await h.overlay({ expires: 100 });
    h.clock.advance(10_000);
    const before = (await h.query()).body;
    const changes = { type: "sub", "sub-type": "mesh", "heartbeat-interval": 60, status: { num_peers: 9 } };
    expect((await h.modify(id, changes)).body.overlay.expires).toBe(90);
    expect((await h.query()).body).toEqual(before);
  });

  test("an empty description is a description", async () => {
    const h = new Harness();
    const id = await h.overlay();
    expect((await h.modify(id, { description: "" })).body.overlay.description).toBe("");
  });

  const both = { access_key: "old", peerlist: ["listed"] };
  test.each([
    ["nothing", both, {}, "listed key", "old"],
    ["a new key", both, { access_key: "new" }, "listed key", "new"],
    ["a new key, old one tried", both, { access_key: "new" }, "listed", "old"],
    ["key cleared", both, { access_key: null }, "listed", "old"],
    ["list cleared with null", both, { peerlist: null }, "key", "old"],
    ["list cleared with []", both, { peerlist: [] }, "key", "old"],
    ["another list", both, { peerlist: ["other"] }, "key", "old"],
    ["opened", both, { type: "open" }, "listed key anybody", "old"],
    ["closed stays closed", both, { type: "closed" }, "listed key", "old"],
  ])("access after %s", async (_, before, auth, admitted, key) => {
    const h = new Harness();
    const id = await h.overlay(closed(before));
    expect((await h.modify(id, {}, auth)).status).toBe(200);
    expect(await admits(h, id, key)).toBe(admitted);
  });

  test.each([
    ["the key", { access_key: "k" }, { access_key: null }],
    ["the list", { peerlist: ["a"] }, { peerlist: [] }],
    ["both", both, { access_key: null, peerlist: null }],
  ])("clearing %s, with nothing else left, is refused and changes nothing", async (_, before, auth) => {
    const h = new Harness();
    const id = await h.overlay(closed(before));
    const reply = await h.modify(id, { title: "changed" }, auth);
    expect(reply).toMatchObject({ status: 400, body: { errors: [{ member: "/overlay/auth" }] } });
    expect(await h.titles()).toEqual(["Weather of the town"]);
  });

  test("closing needs a key or a list in the same request; an opened overlay has forgotten the old ones", async () => {
    const h = new Harness();
    const id = await h.overlay(closed(both));
    expect((await h.modify(id, {}, { type: "open" })).body.overlay.auth).toEqual({ type: "open" });
    expect((await h.modify(id, {}, { type: "closed" })).status).toBe(400);
    expect((await h.modify(id, {}, { type: "closed", access_key: "k" })).status).toBe(200);
    expect(await admits(h, id, "k")).toBe("key");
    expect(await admits(h, id, "old")).toBe("");
  });

  test("members stay whatever happens to access [7.1.3 NOTE]", async () => {
    const h = new Harness();
    const id = await h.overlay();
    await h.join(id, "a");
    await h.modify(id, {}, { type: "closed", access_key: "k" });
    expect((await h.refresh(id, "a")).status).toBe(200);
    expect((await h.leave(id, "a")).status).toBe(200);
  });

  test("the owner sees the peer list, and keys only where so configured", async () => {
    for (const [echoKeys, keys] of [
      ["never", {}],
      ["request", { admin_key: "admin-secret", access_key: "new" }],
    ] as const) {
      const h = new Harness({ readings: { echoKeys } });
      const id = await h.overlay(closed(both));
      const { body } = await h.modify(id, {}, { access_key: "new" });
      expect(body.overlay.auth).toEqual({ type: "closed", peerlist: ["listed"], ...keys });
    }
  });

  test("trans_policy is kept and returned unchanged; an overlong one is refused", async () => {
    const h = new Harness({ limits: { transPolicy: 30 } });
    const id = await h.overlay();
    expect((await h.modify(id, { trans_policy: { a: 1 } })).body.overlay.trans_policy).toEqual({ a: 1 });
    expect((await h.modify(id, { trans_policy: { a: "x".repeat(30) } })).status).toBe(400);
    expect((await h.query()).body.overlay[0].trans_policy).toEqual({ a: 1 });
  });

  test("a lifetime beyond the limit is cut", async () => {
    const h = new Harness({ limits: { overlayExpires: 1000 } });
    const id = await h.overlay();
    expect((await h.modify(id, { expires: 2000 })).body.overlay.expires).toBe(1000);
  });
});
