import { beforeEach, describe, expect, test } from "vitest";
import type { AccessRequest, ChannelSetting, User } from "../../generated/ums/types.js";
import { createMemoryStore, type MemoryDisk } from "../store/memory-store.js";
import type { Done, UmsCore } from "./core.js";
import type { Refusal } from "./refusal.js";
import { createUms, type UmsOptions } from "./server.js";

let now = 0;
let core: UmsCore;

const at = (seconds: number) => new Date(seconds * 1000).toISOString();
const create = (options: Partial<UmsOptions> = {}): UmsCore =>
  createUms({ store: createMemoryStore(), adminTokens: ["admin"], clock: { now: () => now }, ...options }).core;

const channel = (title: string, users?: ChannelSetting["users"]): ChannelSetting => ({
  ...{ title, ixs_url: "http://ixs.example", data_source_id: `${title}-source`, data_id: "data" },
  ...(users === undefined ? {} : { users }),
});

const rain = { ...channel("Rain"), overlay_network_id: "overlay-rain", oms_url: "http://oms.example" };

/** Alice has peers of her own and a credential, Bob a credential alone, Carol a peer alone, Dora nothing. */
beforeEach(() => {
  now = 1_000_000;
  core = create();
  const users: Record<string, User> = {
    alice: { credential: "alice-secret", service_class: 1, peer_id: ["a1", "a2"] },
    bob: { credential: "bob-secret", service_class: 2 },
    carol: { peer_id: ["c1"] },
    dora: {},
  };
  for (const [id, user] of Object.entries(users)) expect(core.setUser(id, user).status).toBe(200);
  expect(
    core.setChannel("rain", { ...rain, users: ["alice", "bob", "carol"].map((user_id) => ({ user_id })) }).status,
  ).toBe(200);
  expect(core.setChannel("wind", channel("Wind")).status).toBe(200);
});

const check = (request: Partial<AccessRequest>) => core.check({ peer_id: "p", session_id: "rain", ...request });

describe("whether the user of a peer may take part [X.609.10 8.7 a]", () => {
  test.each<[string, Partial<AccessRequest>, boolean]>([
    ["a credential", { user_credential: "bob-secret" }, true],
    ["a credential and the name", { user_credential: "bob-secret", user_id: "bob" }, true],
    ["a credential and another's name", { user_credential: "bob-secret", user_id: "alice" }, false],
    ["a wrong credential", { user_credential: "bob-secrex" }, false],
    ["a wrong credential of a known peer", { user_credential: "wrong-secret", peer_id: "c1" }, false],
    ["a name alone", { user_id: "bob" }, false],
    ["nothing", {}, false],
    ["a known peer", { peer_id: "c1" }, true],
    ["a known peer and the name", { peer_id: "c1", user_id: "carol" }, true],
    ["a known peer and another's name", { peer_id: "c1", user_id: "bob" }, false],
    ["a credential and one of its peers", { user_credential: "alice-secret", peer_id: "a2" }, true],
    ["a credential and another peer", { user_credential: "alice-secret", peer_id: "p" }, false],
    ["a credential and another user's peer", { user_credential: "alice-secret", peer_id: "c1" }, false],
    ["one of its peers, without the credential", { peer_id: "a1" }, true],
    ["a user without access", { user_id: "dora" }, false],
    ["the session by its overlay network", { user_credential: "bob-secret", session_id: "overlay-rain" }, true],
    ["the session by its title", { user_credential: "bob-secret", session_id: "Rain" }, true],
    ["another session", { user_credential: "bob-secret", session_id: "wind" }, false],
    ["no session of anybody", { user_credential: "bob-secret", session_id: "snow" }, false],
  ])("%s", (_, request, granted) => {
    expect(check(request)).toEqual({
      ...{ granted, valid_from: at(1000), valid_until: at(1300) },
      ...(granted && request.user_credential ? { service_class: request.peer_id === "a2" ? 1 : 2 } : {}),
      ...(granted && request.peer_id === "a1" ? { service_class: 1 } : {}),
    });
  });

  test("a refusal is the same whatever it is for", () => {
    const refusals = [
      { user_credential: "wrong-secret" },
      { session_id: "snow" },
      { user_id: "dora" },
      { user_id: "zoe" },
    ];
    expect(new Set(refusals.map((request) => JSON.stringify(check(request)))).size).toBe(1);
  });
});

describe("validity periods [X.609.10 8.7 b]", () => {
  test.each([
    ["begun, without an end", {}, true, 1300],
    ["ends before the next review", { valid_until: at(1100) }, true, 1100],
    ["ends after it", { valid_until: at(9000) }, true, 1300],
    ["begins right now", { valid_from: at(1000) }, true, 1300],
    ["ends right now", { valid_until: at(1000) }, false, 1300],
    ["begins before the next review", { valid_from: at(1200) }, false, 1200],
    ["begins after it", { valid_from: at(2000) }, false, 1300],
  ])("access that %s", (_, grant, granted, until) => {
    expect(core.grant("wind", "bob", grant).status).toBe(200);
    expect(check({ user_credential: "bob-secret", session_id: "wind" })).toMatchObject({
      ...{ granted, valid_from: at(1000), valid_until: at(until) },
    });
    expect(core.channelsOf("bob-secret")?.map(({ title }) => title)).toEqual(granted ? ["Rain", "Wind"] : ["Rain"]);
  });

  test("of several channels of a session, the one that holds longest counts", () => {
    for (const [id, valid_until] of [
      ["w1", at(1050)],
      ["w2", at(1150)],
      ["w3", at(900)],
    ] as const) {
      core.setChannel(id, channel("Storm", [{ user_id: "bob", valid_until }]));
    }
    expect(check({ user_credential: "bob-secret", session_id: "Storm" })).toMatchObject({ valid_until: at(1150) });
  });

  test.each([
    ["no such day", { valid_from: "2026-02-31T25:00:00Z" }, "/grant/valid_from"],
    ["ending before it begins", { valid_from: at(2000), valid_until: at(1000) }, "/grant/valid_until"],
    ["ending as it begins", { valid_from: at(2000), valid_until: at(2000) }, "/grant/valid_until"],
  ])("%s is refused", (_, grant, member) => {
    expect(core.grant("wind", "bob", grant)).toMatchObject({ status: 400, body: { errors: [{ member }] } });
  });
});

describe("channels of a user [X.609.10 8.12, E-DS-23]", () => {
  test("exactly those granted, in order of their titles, without a word about who else has them", () => {
    core.grant("wind", "bob", {});
    core.setChannel("hail", channel("Hail", [{ user_id: "alice" }]));
    expect(core.channelsOf("bob-secret")).toEqual([rain, channel("Wind")]);
    expect(core.channelsOf("alice-secret")?.map(({ title }) => title)).toEqual(["Hail", "Rain"]);
    expect(core.channelsOf("wrong-secret")).toBeUndefined();
  });

  test("what an administrator takes back is gone at once", () => {
    expect(core.revoke("rain", "bob").status).toBe(200);
    expect(core.channelsOf("bob-secret")).toEqual([]);
    expect(core.revoke("rain", "bob").status).toBe(404);
    core.setChannel("rain", { ...rain, users: [{ user_id: "bob" }] });
    expect(core.channelsOf("alice-secret")).toEqual([]);
    core.setChannel("rain", { ...rain, title: "Drizzle" });
    expect(core.channelsOf("bob-secret")?.map(({ title }) => title)).toEqual(["Drizzle"]);
    expect(check({ user_credential: "bob-secret", session_id: "Rain" }).granted).toBe(false);
    expect(core.removeChannel("rain").status).toBe(200);
    expect(core.channelsOf("bob-secret")).toEqual([]);
    expect(core.directory.grants).toBe(0);
  });

  test("a user who is removed has nothing left, and a new one of the name has not either", () => {
    expect(core.removeUser("bob").status).toBe(200);
    expect(core.channelsOf("bob-secret")).toBeUndefined();
    core.setUser("bob", { credential: "bob-secret" });
    expect(core.channelsOf("bob-secret")).toEqual([]);
    expect(core.removeUser("zoe").status).toBe(404);
  });
});

describe("users", () => {
  test("another credential takes the place of the first; none leaves it", () => {
    core.setUser("bob", { service_class: 5 });
    expect(check({ user_credential: "bob-secret" })).toMatchObject({ granted: true, service_class: 5 });
    core.setUser("bob", { credential: "bob-secret-2" });
    expect(core.channelsOf("bob-secret")).toBeUndefined();
    expect(check({ user_credential: "bob-secret-2" })).not.toHaveProperty("service_class");
    expect(core.setUser("eve", { credential: "bob-secret" }).status).toBe(200);
  });

  test.each<[string, () => Done | Refusal, number, string]>([
    [
      "a credential that is another's",
      () => core.setUser("eve", { credential: "bob-secret" }),
      409,
      "/user/credential",
    ],
    ["a peer that is another's", () => core.setUser("eve", { peer_id: ["e", "c1"] }), 409, "/user/peer_id/1"],
    ["access of an unknown user", () => core.grant("rain", "eve", {}), 404, "UID"],
    ["access to an unknown channel", () => core.grant("snow", "bob", {}), 404, "CID"],
    [
      "a channel for an unknown user",
      () => core.setChannel("rain", channel("Rain", [{ user_id: "eve" }])),
      404,
      "/channel/users/0/user_id",
    ],
    ["an unknown channel's end", () => core.removeChannel("snow"), 404, "CID"],
  ])("%s is refused", (_, act, status, member) => {
    expect(act()).toMatchObject({
      status,
      body: { errors: [{ member, clause: expect.stringMatching(/^X.609.10 8/) }] },
    });
    expect(core.channelsOf("bob-secret")).toEqual([rain]);
    expect(core.directory.users.has("eve")).toBe(false);
  });
});

test.each<[string, (limited: UmsCore) => Done | Refusal]>([
  ["users", (limited) => limited.setUser("c", {})],
  ["channels", (limited) => limited.setChannel("c2", channel("2"))],
  ["grants", (limited) => limited.grant("c1", "b", {})],
  ["channelsPerUser", (limited) => limited.setChannel("c2", channel("2", [{ user_id: "a" }]))],
])("no more %s than the limit", (name, act) => {
  const limits = {
    users: 2,
    channels: name === "channelsPerUser" ? 9 : 1,
    grants: 1,
    channelsPerUser: name === "grants" ? 9 : 1,
  };
  const limited = create({ limits });
  for (const id of ["a", "b"]) limited.setUser(id, {});
  limited.setChannel("c1", channel("1", [{ user_id: "a" }]));
  expect(act(limited)).toMatchObject({ status: 503 });
});

describe("what cannot be written is taken back", () => {
  const state = () =>
    JSON.stringify([
      [...core.directory.users.values()],
      [...core.directory.channels.values()],
      ["alice", "bob", "carol"].map((user) => [...core.directory.grantsOf(user)]),
      ["alice-secret", "bob-secret"].map((secret) => core.channelsOf(secret)),
    ]);
  test.each<[string, () => Done | Refusal]>([
    ["a new user", () => core.setUser("eve", { credential: "eve-secret" })],
    ["a changed user", () => core.setUser("carol", { credential: "carol-secret", peer_id: ["c9"] })],
    ["a new channel", () => core.setChannel("hail", channel("Hail", [{ user_id: "bob" }]))],
    ["a changed channel", () => core.setChannel("wind", channel("Breeze", [{ user_id: "bob" }]))],
    ["a channel's users", () => core.setChannel("wind", channel("Wind", []))],
    ["access", () => core.grant("wind", "bob", {})],
    ["changed access", () => core.grant("rain", "carol", { valid_until: at(5000) })],
  ])("%s", (_, act) => {
    const before = state();
    const done = act();
    if (done.status !== 200) throw new Error("refused");
    done.undo();
    expect(state()).toBe(before);
  });

  test.each<[string, () => Done | Refusal]>([
    ["a user's end", () => core.removeUser("bob")],
    ["a channel's end", () => core.removeChannel("rain")],
    ["access taken back", () => core.revoke("rain", "alice")],
  ])("%s", (_, act) => {
    const done = act();
    if (done.status !== 200) throw new Error("refused");
    done.undo();
    for (const secret of ["alice-secret", "bob-secret"]) expect(core.channelsOf(secret)).toEqual([rain]);
    expect(check({ peer_id: "c1" }).granted).toBe(true);
  });
});

test("the journal brings everything back, and holds no credential", async () => {
  const disk: MemoryDisk = new Map();
  const store = createMemoryStore({ disk });
  core = create({ store });
  core.setUser("bob", { credential: "bob-secret", service_class: -1.5, peer_id: ["b1"] });
  core.setUser("gone", { credential: "gone-secret" });
  core.setChannel("rain", {
    ...rain,
    users: [{ user_id: "bob", valid_from: at(500), valid_until: at(1200) }, { user_id: "gone" }],
  });
  core.removeUser("gone");
  await store.close();
  expect(JSON.stringify([...disk].map(([, rows]) => [...rows]))).not.toMatch(/secret/);

  core = create({ store: createMemoryStore({ disk }) });
  expect(core.channelsOf("bob-secret")).toEqual([rain]);
  expect(core.channelsOf("gone-secret")).toBeUndefined();
  expect(check({ user_credential: "bob-secret", peer_id: "b1" })).toMatchObject({
    service_class: -1.5,
    valid_until: at(1200),
  });
  now = 1_200_000;
  expect(check({ user_credential: "bob-secret", peer_id: "b1" })).toMatchObject({ granted: false });
});
