import { describe, expect, test } from "vitest";
import { closed, Harness } from "../test/harness.js";

describe("HybridOverlayJoin [6.2.5]", () => {
  test("answers with lifetime, ticket, entry peers and what a member has to know", async () => {
    const h = new Harness();
    const id = await h.overlay();
    await h.join(id, "first");
    const { status, body } = await h.join(id, "a", { expires: 60 });
    expect(status).toBe(200);
    expect(body).toEqual({
      overlay: {
        "overlay-id": id,
        type: "core",
        "sub-type": "tree",
        expires: 60,
        "ticket-id": "2",
        "heartbeat-interval": 10,
        "heartbeat-timeout": 31,
        status: {
          num_peers: 2,
          status: "active",
          peer_info_list: [{ "peer-id": "first", address: "tcp://first:1" }],
        },
      },
      peer: { "peer-id": "a", "ticket-id": "2", expires: 60 },
    });
  });

  test("the first peer has nobody to enter by; the owner is no member until it joins", async () => {
    const h = new Harness();
    const id = await h.overlay();
    expect(await h.peers(id)).toBe(0);
    expect(await h.entries(id, "owner")).toEqual([]);
    expect(await h.peers(id)).toBe(1);
  });

  test.each([
    ["none asked for", undefined, 3600],
    ["asked for", 60, 60],
    ["more than a membership may have", 200_000, 86_400],
  ])("lifetime: %s", async (_, expires, granted) => {
    const h = new Harness();
    const id = await h.overlay({ expires: 1_000_000 });
    expect((await h.join(id, "a", { expires })).body.overlay.expires).toBe(granted);
  });

  test("a membership never outlives the overlay", async () => {
    const h = new Harness();
    const id = await h.overlay({ expires: 100 });
    h.clock.advance(90_500);
    expect((await h.join(id, "a")).body.overlay.expires).toBe(9);
    h.clock.advance(9_400);
    expect((await h.join(id, "b")).body.overlay.expires).toBe(1);
    h.clock.advance(100);
    expect((await h.refresh(id, "a")).status).toBe(404);
  });

  test.each([
    ["another overlay-id", { "overlay-id": "x" }, 404, "/overlay/overlay-id"],
    ["another type", { type: "sub" }, 400, "/overlay/type"],
    ["another sub-type", { "sub-type": "mesh" }, 400, "/overlay/sub-type"],
  ])("%s is refused", async (_, overlay, status, member) => {
    const h = new Harness();
    const id = await h.overlay();
    const reply = await h.join(id, "a", overlay);
    expect(reply).toMatchObject({ status, body: { errors: [{ member, clause: "Q.4103 6.2.5" }] } });
    expect(reply.body).not.toHaveProperty("overlay");
    expect(await h.peers(id)).toBe(0);
  });

  test.each([
    ["a stranger", "x", undefined, 403],
    ["a wrong key", "x", { access_key: "wrong" }, 403],
    ["the admin key where the access key belongs", "x", { access_key: "admin-secret" }, 403],
    ["the access key where the admin key belongs", "x", { admin_key: "key" }, 403],
    ["the access key", "x", { access_key: "key" }, 200],
    ["the access key, type said again", "x", { type: "closed", access_key: "key" }, 200],
    ["a listed peer", "listed", undefined, 200],
    ["a listed peer with a wrong key", "listed", { access_key: "wrong" }, 200],
    ["the owner's name alone, which everybody knows", "owner", undefined, 403],
    ["the owner with the admin key", "owner", { admin_key: "admin-secret" }, 200],
  ])("closed: %s", async (_, peerId, auth, status) => {
    const h = new Harness();
    const id = await h.overlay(closed({ access_key: "key", peerlist: ["listed"] }));
    expect((await h.join(id, peerId, { auth })).status).toBe(status);
    expect(await h.peers(id)).toBe(status === 200 ? 1 : 0);
  });

  test("a closed overlay with a list alone has no key that opens it", async () => {
    const h = new Harness();
    const id = await h.overlay(closed({ peerlist: ["listed"] }));
    expect((await h.join(id, "x", { auth: { access_key: "" } })).status).toBe(403);
    expect((await h.join(id, "listed")).status).toBe(200);
  });

  test("strangers do not learn who is in a closed overlay", async () => {
    const h = new Harness();
    const id = await h.overlay(closed({ access_key: "key" }));
    await h.join(id, "in", { auth: { access_key: "key" } });
    expect(await h.join(id, "in")).toEqual(await h.join(id, "out"));
  });

  test("a limit of peers", async () => {
    const h = new Harness({ limits: { peers: 1 } });
    const id = await h.overlay();
    expect((await h.join(id, "a")).status).toBe(200);
    expect((await h.join(id, "b")).status).toBe(503);
    await h.leave(id, "a");
    expect((await h.join(id, "b")).status).toBe(200);
  });
});

describe("a second join of a member [6.2.5 notes]", () => {
  async function withMember(readings = {}): Promise<[Harness, string]> {
    const h = new Harness({ readings });
    const id = await h.overlay();
    await h.join(id, "a", { expires: 60 });
    h.clock.advance(30_000);
    return [h, id];
  }
  const wrongPassword = { auth: { password: "guess" } };

  test.each([
    ["without recovery", {}, {}, 409],
    ["without recovery, someone else's password", {}, wrongPassword, 409],
    ["recovery false with the ticket", { recovery: false, "ticket-id": "1" }, {}, 409],
    ["a wrong ticket without recovery", { "ticket-id": "-1" }, {}, 409],
    ["recovery without ticket", { recovery: true }, {}, 400],
    ["recovery with another ticket", { recovery: true, "ticket-id": "2" }, {}, 403],
    ["recovery with a ticket that only counts the same", { recovery: true, "ticket-id": "01" }, {}, 403],
    ["recovery with the ticket and another password", { recovery: true, "ticket-id": "1" }, wrongPassword, 403],
    ["recovery", { recovery: true, "ticket-id": "1" }, {}, 200],
    ["the ticket alone is a recovery too", { "ticket-id": "1" }, {}, 200],
  ])("%s", async (_, overlay, peer, status) => {
    const [h, id] = await withMember();
    const { status: answered, body } = await h.join(id, "a", { expires: 50, ...overlay }, { address: "new", ...peer });
    expect(answered).toBe(status);
    expect(await h.peers(id)).toBe(1);
    if (status === 200) expect(body.peer).toEqual({ "peer-id": "a", "ticket-id": "1", expires: 50 });
    // A refusal neither prolonged the membership nor changed the address.
    expect((await h.join(id, "b")).body.overlay.status.peer_info_list[0].address).toBe(
      status === 200 ? "new" : "tcp://a:1",
    );
    h.clock.advance(30_000);
    expect((await h.report(id, "a", [])).status).toBe(status === 200 ? 200 : 404);
  });

  test("recovery of a peer that is not in: it is told to join anew", async () => {
    const [h, id] = await withMember();
    expect((await h.join(id, "b", { recovery: true, "ticket-id": "1" })).status).toBe(404);
    h.clock.advance(30_000);
    expect((await h.join(id, "a", { recovery: true, "ticket-id": "1" })).status).toBe(404);
    expect((await h.join(id, "a", { "ticket-id": "1" })).body.peer["ticket-id"]).toBe("2");
  });

  test("where so configured, it refreshes when the password is right (E-HOMP-32 B)", async () => {
    const [h, id] = await withMember({ repeatedJoin: "refresh" });
    expect((await h.join(id, "a", {}, wrongPassword)).status).toBe(409);
    expect((await h.join(id, "a")).body.peer).toEqual({ "peer-id": "a", "ticket-id": "1", expires: 3600 });
    expect(await h.peers(id)).toBe(1);
  });

  test("tickets only grow, also after leaving and per overlay", async () => {
    const h = new Harness();
    const [one, two] = [await h.overlay(), await h.overlay()];
    const ticket = async (id: string, peer: string) => (await h.join(id, peer)).body.overlay["ticket-id"];
    expect([await ticket(one, "a"), await ticket(one, "b"), await ticket(two, "a")]).toEqual(["1", "2", "1"]);
    await h.leave(one, "b");
    expect([await ticket(one, "b"), await ticket(one, "c")]).toEqual(["3", "4"]);
  });
});
