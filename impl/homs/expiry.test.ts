import { describe, expect, test } from "vitest";
import { Harness } from "./test/harness.js";

describe("what has expired is never served, swept or not", () => {
  test.each([1, 60, 86_400])("an overlay of %d s, to the millisecond", async (expires) => {
    const h = new Harness();
    const id = await h.overlay({ expires });
    h.clock.advance(expires * 1000 - 1);
    expect(await h.titles({ "overlay-id": id })).toHaveLength(1);
    expect((await h.join(id, "a")).body.overlay.expires).toBe(1);
    h.clock.advance(1);
    expect(await h.titles()).toEqual([]);
    expect((await h.refresh(id, "a")).status).toBe(404);
    expect((await h.modify(id)).status).toBe(404);
    expect((await h.join(id, "b")).status).toBe(404);
  });

  test("a membership, to the millisecond, in every place where it could show", async () => {
    const h = new Harness();
    const id = await h.overlay();
    const mesh = await h.overlay({ type: "sub", "sub-type": "mesh" });
    const meshed = { type: "sub", "sub-type": "mesh" };
    await h.join(id, "a", { expires: 10 });
    await h.join(mesh, "a", { expires: 10, ...meshed });
    h.clock.advance(9_999);
    expect(await h.peers(id)).toBe(1);
    expect(await h.entries(id, "b")).toEqual(["a"]);
    expect(await h.entries(mesh, "b", meshed)).toEqual(["a"]);
    h.clock.advance(1);
    expect(await h.peers(id)).toBe(1);
    expect(await h.entries(id, "c")).toEqual(["b"]);
    expect(await h.entries(mesh, "c", meshed)).toEqual(["b"]);
    expect(h.homs.coreTree(id)?.nodes.map((node) => node["peer-id"])).toEqual(["b", "c"]);
    expect(h.homs.counts()).toEqual({ overlays: 2, peers: 4 });
    expect((await h.refresh(id, "a")).status).toBe(404);
    expect((await h.leave(id, "a")).status).toBe(404);
    expect((await h.report(id, "a", [])).status).toBe(404);
    expect((await h.join(id, "a")).body.peer["ticket-id"]).toBe("4");
  });

  test("a lifetime that a refresh shortened counts from then", async () => {
    const h = new Harness();
    const id = await h.overlay();
    await h.join(id, "a", { expires: 3600 });
    await h.refresh(id, "a", { expires: 5 });
    h.clock.advance(4_999);
    expect(await h.peers(id)).toBe(1);
    h.clock.advance(1);
    expect(await h.peers(id)).toBe(0);
  });

  test("an overlay whose end was brought nearer ends then", async () => {
    const h = new Harness();
    const id = await h.overlay({ expires: 1000 });
    await h.join(id, "a", { expires: 900 });
    await h.modify(id, { expires: 5 });
    h.clock.advance(5_000);
    expect(h.homs.counts()).toEqual({ overlays: 0, peers: 0 });
  });

  test("a member that keeps refreshing stays, its silent neighbour goes", async () => {
    const h = new Harness();
    const id = await h.overlay();
    await h.join(id, "a", { expires: 10 });
    await h.join(id, "b", { expires: 10 });
    for (let i = 0; i < 100; i++) {
      h.clock.advance(9_000);
      expect((await h.refresh(id, "a")).status).toBe(200);
    }
    expect(await h.peers(id)).toBe(1);
  });

  test("the sweep frees memory although nobody asks", async () => {
    const h = new Harness();
    const id = await h.overlay();
    await h.join(id, "a", { expires: 10 });
    const { registry } = h.homs.context();
    h.clock.advance(10_000);
    expect(registry.peers).toBe(1);
    h.homs.sweep();
    expect(registry.peers).toBe(0);
  });
});
