import { describe, expect, test } from "vitest";
import { closed, creationInfo, Harness } from "../test/harness.js";

const uuid4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe("HybridOverlayCreation [6.2.1]", () => {
  test("answers with the attributes of the new overlay and an identifier of its own making", async () => {
    const { status, body } = await new Harness().create({ "overlay-id": "mine" });
    expect(status).toBe(200);
    expect(body.overlay["overlay-id"]).toMatch(uuid4);
    expect(body.overlay).toEqual({
      "overlay-id": body.overlay["overlay-id"],
      title: "Weather of the town",
      description: "Rain and wind, as measured",
      type: "core",
      "sub-type": "tree",
      "owner-id": "owner",
      expires: 86_400,
      "heartbeat-interval": 10,
      "heartbeat-timeout": 31,
      auth: { type: "open" },
    });
  });

  test("the same request twice makes two overlays", async () => {
    const h = new Harness();
    expect(await h.overlay()).not.toBe(await h.overlay());
    expect(await h.titles()).toHaveLength(2);
  });

  test.each([
    [5, 40, "heartbeat-interval"],
    [3, 40, "heartbeat-interval"],
    [Number.NaN, 40, "heartbeat-interval"],
    [6, 18, "heartbeat-timeout"],
    [10, 30, "heartbeat-timeout"],
    [10, 5, "heartbeat-timeout"],
  ])("interval %d with timeout %d is refused", async (interval, timeout, member) => {
    const h = new Harness();
    const { status, body } = await h.create({ "heartbeat-interval": interval, "heartbeat-timeout": timeout });
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([{ member: `/overlay_info/${member}`, clause: "Q.4103 6.2.1" }]);
    expect(await h.titles()).toEqual([]);
  });

  test.each([
    [6, 19],
    [5.001, 15.01],
    [10, 30.5],
  ])("interval %d with timeout %d is taken", async (interval, timeout) => {
    const { status } = await new Harness().create({ "heartbeat-interval": interval, "heartbeat-timeout": timeout });
    expect(status).toBe(200);
  });

  test.each([
    ["core", "tree", 200],
    ["sub", "tree", 200],
    ["sub", "mesh", 200],
    ["core", "mesh", 400],
    ["star", "tree", 400],
    ["core", "ring", 400],
  ])("%s with %s: %d", async (type, subType, expected) => {
    const { status } = await new Harness().create({ type, "sub-type": subType });
    expect(status).toBe(expected);
  });

  test.each([
    ["neither key nor list", {}, 400],
    ["an empty list", { peerlist: [] }, 400],
    ["an access key", { access_key: "k" }, 200],
    ["a peer list", { peerlist: ["a"] }, 200],
    ["both", { access_key: "k", peerlist: ["a"] }, 200],
  ])("closed with %s", async (_, auth, expected) => {
    expect((await new Harness().create(closed(auth))).status).toBe(expected);
  });

  test("an open overlay forgets an access key and a peer list", async () => {
    const h = new Harness();
    const { body } = await h.create({ auth: { ...creationInfo.auth, access_key: "k", peerlist: ["a"] } });
    expect(body.overlay.auth).toEqual({ type: "open" });
    expect((await h.join(body.overlay["overlay-id"], "anybody")).status).toBe(200);
  });

  test("without auth the overlay is open, and the answer has an admin key that works and is never seen again", async () => {
    const h = new Harness();
    const { status, body } = await h.create({ auth: undefined });
    const { "overlay-id": id, auth } = body.overlay;
    expect(status).toBe(200);
    expect(auth).toEqual({ type: "open", admin_key: expect.stringMatching(/^[\w-]{24}$/) });
    const modified = await h.modify(id, { title: "new" }, { admin_key: auth.admin_key });
    expect(modified.status).toBe(200);
    expect(JSON.stringify([modified, await h.query()])).not.toContain(auth.admin_key);
  });

  test("without auth it can be refused instead (E-HOMP-05 A)", async () => {
    const { status, body } = await new Harness({ readings: { missingAuth: "refuse" } }).create({ auth: undefined });
    expect(status).toBe(400);
    expect(body.errors[0].member).toBe("/overlay_info/auth");
  });

  test("keys are echoed only where so configured, and then only the request's own (E-HOMP-41 A)", async () => {
    const auth = { type: "closed", admin_key: "admin-secret", access_key: "k", peerlist: ["a"] };
    expect((await new Harness().create({ auth })).body.overlay.auth).toEqual({ type: "closed", peerlist: ["a"] });
    const echoing = new Harness({ readings: { echoKeys: "request" } });
    expect((await echoing.create({ auth })).body.overlay.auth).toEqual(auth);
  });

  test.each([
    ["absent", undefined, 86_400],
    ["a minute", 60, 60],
    ["a thousand years", 1000 * 365 * 86_400, 10 * 365 * 86_400],
  ])("a lifetime that is %s", async (_, expires, granted) => {
    expect((await new Harness().create({ expires })).body.overlay.expires).toBe(granted);
  });

  test("policies come back; members missing from cr-policy count as 0, 0 and push", async () => {
    const h = new Harness();
    const { body } = await h.create({ "cr-policy": { mN_Cache: 7 }, trans_policy: { floor: ["a", { b: 1 }] } });
    const policies = {
      "cr-policy": { mN_Cache: 7, mD_Cache: 0, "recovery-by": "push" },
      trans_policy: { floor: ["a", { b: 1 }] },
    };
    expect(body.overlay).toMatchObject(policies);
    expect((await h.query()).body.overlay[0]).toMatchObject(policies);
    expect((await h.join(body.overlay["overlay-id"], "a")).body.overlay).toMatchObject(policies);
  });

  test("limits: overlays and the length of trans_policy", async () => {
    const h = new Harness({ limits: { overlays: 1, transPolicy: 20 } });
    expect((await h.create({ trans_policy: { a: "x".repeat(20) } })).status).toBe(400);
    expect((await h.create({ trans_policy: { a: "x" } })).status).toBe(200);
    expect((await h.create()).status).toBe(503);
    h.clock.advance(86_400_000);
    expect((await h.create()).status).toBe(200);
  });
});
