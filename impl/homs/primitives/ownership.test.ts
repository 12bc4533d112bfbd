import { describe, expect, test } from "vitest";
import { closed, Harness } from "../test/harness.js";

describe.each([
  ["HybridOverlayModification [6.2.3]", "modify"],
  ["HybridOverlayRemoval [6.2.4]", "remove"],
] as const)("%s: only the owner", (_, act) => {
  test.each([
    ["another overlay-id", { "overlay-id": "x" }, 404],
    ["another owner-id", { "owner-id": "thief" }, 403],
    ["the owner-id in another case", { "owner-id": "OWNER" }, 403],
    ["another admin key", { auth: { admin_key: "guess" } }, 403],
    ["the access key for the admin key", { auth: { admin_key: "key-secret" } }, 403],
  ])("%s is refused and changes nothing", async (_, changes, status) => {
    const h = new Harness();
    const id = await h.overlay(closed({ access_key: "key-secret" }));
    const overlay = { "overlay-id": id, "owner-id": "owner", title: "stolen", auth: { admin_key: "admin-secret" } };
    const operation = act === "modify" ? "HybridOverlayModification" : "HybridOverlayRemoval";
    const reply = await h.call(operation, { overlay: { ...overlay, ...changes } });
    expect(reply.status).toBe(status);
    expect(reply.body).not.toHaveProperty("overlay");
    expect(await h.titles()).toEqual(["Weather of the town"]);
  });
});

describe("HybridOverlayRemoval [6.2.4, 7.1.4]", () => {
  test("takes the overlay and its members away; they learn of it on refresh", async () => {
    const h = new Harness();
    const id = await h.overlay();
    await h.join(id, "a");
    expect(await h.remove(id)).toEqual({ status: 200, body: { overlay: { "overlay-id": id } } });
    expect(await h.titles()).toEqual([]);
    expect(h.homs.counts()).toEqual({ overlays: 0, peers: 0 });
    expect((await h.refresh(id, "a")).status).toBe(404);
    expect((await h.report(id, "a", [])).status).toBe(404);
    expect((await h.leave(id, "a")).status).toBe(404);
    expect((await h.join(id, "b")).status).toBe(404);
    expect((await h.remove(id)).status).toBe(404);
  });
});
