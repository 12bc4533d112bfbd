import { describe, expect, test } from "vitest";
import { closed, Harness } from "../test/harness.js";

async function withMember(settings = {}): Promise<[Harness, string]> {
  const h = new Harness(settings);
  const id = await h.overlay({ expires: 1000 });
  await h.join(id, "a", { expires: 60 });
  return [h, id];
}

const act = {
  HybridOverlayReport: (h: Harness, id: string, peerId: string, peer: object) => h.report(id, peerId, [], peer),
  HybridOverlayRefresh: (h: Harness, id: string, peerId: string, peer: object) => h.refresh(id, peerId, {}, peer),
  HybridOverlayLeave: (h: Harness, id: string, peerId: string, peer: object) => h.leave(id, peerId, peer),
};

describe.each(["HybridOverlayReport", "HybridOverlayRefresh", "HybridOverlayLeave"] as const)("%s", (operation) => {
  test.each([
    ["the member itself", true, "a", { auth: { password: "pwa" } }, 200],
    ["another password", true, "a", { auth: { password: "pwA" } }, 403],
    ["a peer that is not in", true, "b", {}, 404],
    ["an unknown overlay", false, "a", {}, 404],
  ])("%s", async (_, known, peerId, peer, status) => {
    const [h, id] = await withMember();
    const reply = await act[operation](h, known ? id : "x", peerId, peer);
    expect(reply.status).toBe(status);
    expect(reply.body.overlay).toEqual(status === 200 ? expect.objectContaining({ "overlay-id": id }) : undefined);
    expect(await h.peers(id)).toBe(status === 200 && operation === "HybridOverlayLeave" ? 0 : 1);
  });
});

describe("HybridOverlayReport [6.2.6]", () => {
  test("needs no password and prolongs nothing", async () => {
    const [h, id] = await withMember();
    h.clock.advance(59_999);
    expect((await h.report(id, "a", [], { auth: undefined })).status).toBe(200);
    h.clock.advance(1);
    expect((await h.report(id, "a", [])).status).toBe(404);
  });

  test("what is missing counts as nothing, counts as the length of their lists", async () => {
    const [h, id] = await withMember();
    await h.join(id, "b");
    const reply = await h.call("HybridOverlayReport", {
      overlay: { "overlay-id": id },
      peer: { "peer-id": "a", applications: ["IoT"] },
      status: { costmap: { primary: ["b"] } },
    });
    expect(reply.status).toBe(200);
    expect(h.homs.context().registry.overlays.get(id)?.members.get("a")?.record).toMatchObject({
      report: { numPrimary: 1, numOutCandidate: 0, numInCandidate: 0, primary: ["b"], outgoingCandidate: [] },
      applications: ["IoT"],
    });
  });

  test("a cost map may only be so long", async () => {
    const [h, id] = await withMember({ limits: { costmap: 2 } });
    expect((await h.report(id, "a", ["b", "c"])).status).toBe(200);
    const { status, body } = await h.report(id, "a", ["b", "c", "d"]);
    expect(status).toBe(400);
    expect(body.errors[0]).toMatchObject({ member: "/status/costmap/primary", clause: "Q.4103 6.1.6" });
  });
});

describe("HybridOverlayRefresh [6.2.7, 7.2.3]", () => {
  test("extends from now, by what was granted before or what is asked for", async () => {
    const [h, id] = await withMember();
    h.clock.advance(59_000);
    expect((await h.refresh(id, "a")).body).toEqual({
      overlay: { "overlay-id": id, expires: 60 },
      peer: { "peer-id": "a" },
    });
    h.clock.advance(59_000);
    expect((await h.refresh(id, "a", { expires: 10 })).body.overlay.expires).toBe(10);
    h.clock.advance(10_000);
    expect((await h.refresh(id, "a")).status).toBe(404);
  });

  test("is cut by the overlay's end, and grows again when that is put off", async () => {
    const [h, id] = await withMember();
    await h.modify(id, { expires: 50 });
    expect((await h.refresh(id, "a")).body.overlay.expires).toBe(50);
    await h.modify(id, { expires: 5000 });
    expect((await h.refresh(id, "a")).body.overlay.expires).toBe(60);
    expect((await h.refresh(id, "a", { expires: 90_000 })).body.overlay.expires).toBe(5000);
  });

  test("brings the address up to date for those who join", async () => {
    const [h, id] = await withMember();
    await h.refresh(id, "a", {}, { address: "tcp://moved:2" });
    expect((await h.join(id, "b")).body.overlay.status.peer_info_list).toEqual([
      { "peer-id": "a", address: "tcp://moved:2" },
    ]);
  });

  test.each([
    ["1", 200],
    ["2", 403],
  ])("ticket %s: %d", async (ticket, status) => {
    const [h, id] = await withMember();
    expect((await h.refresh(id, "a", { "ticket-id": ticket })).status).toBe(status);
  });

  test("tells what was modified since the join, every time, and nothing else", async () => {
    const [h, id] = await withMember();
    await h.modify(id, { title: "T" });
    await h.modify(id, { trans_policy: { floor: 1 } });
    await h.modify(id, { expires: 5000 });
    const news = { title: "T", trans_policy: { floor: 1 } };
    for (let i = 0; i < 2; i++) {
      expect((await h.refresh(id, "a")).body.overlay).toEqual({ "overlay-id": id, expires: 60, ...news });
    }
    await h.join(id, "b", { expires: 60 });
    expect((await h.refresh(id, "b")).body.overlay).toEqual({ "overlay-id": id, expires: 60 });
  });

  test("a member of a closed overlay needs no key again", async () => {
    const h = new Harness();
    const id = await h.overlay(closed({ access_key: "key" }));
    await h.join(id, "a", { auth: { access_key: "key" } });
    expect((await h.refresh(id, "a")).status).toBe(200);
    expect((await h.leave(id, "a")).status).toBe(200);
  });
});

describe("HybridOverlayLeave [6.2.8, 7.2.4]", () => {
  test("the peer is out at once and is nobody's entry peer", async () => {
    const [h, id] = await withMember();
    expect(await h.leave(id, "a")).toEqual({ status: 200, body: { overlay: { "overlay-id": id } } });
    expect(await h.entries(id, "b")).toEqual([]);
    expect((await h.leave(id, "a")).status).toBe(404);
    expect((await h.join(id, "a")).status).toBe(200);
  });

  test("the overlay outlives its last member, or not (E-HOMP-64)", async () => {
    for (const [emptyOverlays, left] of [
      ["keep", 1],
      ["remove", 0],
    ] as const) {
      const [h, id] = await withMember({ readings: { emptyOverlays } });
      await h.overlay();
      await h.leave(id, "a");
      expect(await h.titles({ "overlay-id": id })).toHaveLength(left);
      // One that nobody ever joined stays.
      expect(await h.titles()).toHaveLength(left + 1);
    }
  });
});
