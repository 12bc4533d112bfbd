import { expect, test } from "vitest";
import { sendDamaged, type ValidRequest } from "../net/test/damaged-requests.js";
import { createMemoryStore } from "../store/memory-store.js";
import { startUmsServer } from "./server.js";

const inputs = 20_000;
const seed = Number(process.env.MP2P_FUZZ_SEED ?? 60910);

test(`${inputs} damaged requests (seed ${seed}): each is answered, refusals change nothing`, async () => {
  const limits = { users: 4, channels: 3, grants: 6, wrongCredentials: 1e9 };
  const server = await startUmsServer({
    store: createMemoryStore(),
    adminTokens: ["admin"],
    omsTokens: ["oms"],
    limits,
  });
  const { directory } = server.ums.core;
  const counts = await sendDamaged({
    ...{ url: server.url, inputs, seed },
    valid(pick, random) {
      const id = () => pick(["a", "b", "ü%20", "d", "e"]);
      const bearer = random() < 0.9 ? "admin" : "oms";
      const users = [{ user_id: id(), valid_until: pick(["2999-01-01T00:00:00Z", "2026-13-01T00:00:00Z"]) }];
      const channel = {
        title: pick(["Rain", "Wind"]),
        ixs_url: "http://ixs.example",
        data_source_id: "s",
        data_id: "d",
      };
      const request = { user_credential: `secret-of-${id()}`, peer_id: `peer-of-${id()}`, session_id: "Rain" };
      const name = id();
      const user = { credential: `secret-of-${id()}`, service_class: 1, peer_id: [`peer-of-${name}`] };
      return pick<ValidRequest>([
        ["PUT", `/ums/users/${name}`, { user: pick([user, {}, { peer_id: [`peer-of-${id()}`] }]) }, bearer],
        ["PUT", `/ums/channels/${id()}`, { channel: pick([channel, { ...channel, users }]) }, bearer],
        ["PUT", `/ums/channels/${id()}/users/${id()}`, { grant: { valid_from: "2020-01-01T00:00:00Z" } }, bearer],
        ["POST", "/ums/access-rights", { access_request: request }, "oms"],
        ["GET", "/ums/channels", undefined, `secret-of-${id()}`],
        ["DELETE", `/ums/channels/${id()}/users/${id()}`, undefined, bearer],
        ["DELETE", `/ums/${pick(["users", "channels"])}/${id()}`, undefined, bearer],
      ]);
    },
    state: () =>
      JSON.stringify([
        [...directory.users],
        [...directory.channels],
        [...directory.users.keys()].map((user) => [...directory.grantsOf(user)]),
        directory.grants,
      ]),
    accepted: (_path, _body, text) => expect(text).not.toMatch(/secret-of/),
  });
  for (const status of ["PUT 200", "PUT 400", "PUT 401", "PUT 404", "PUT 409", "PUT 503", "POST 200", "POST 400"]) {
    expect(counts.get(status) ?? 0, status).toBeGreaterThan(20);
  }
  for (const status of ["GET 200", "GET 401", "DELETE 200", "DELETE 401", "DELETE 404", "PATCH 405"]) {
    expect(counts.get(status) ?? 0, status).toBeGreaterThan(20);
  }
  await server.close();
}, 900_000);
