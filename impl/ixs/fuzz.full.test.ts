import { expect, test } from "vitest";
import { sendDamaged, type ValidRequest } from "../net/test/damaged-requests.js";
import { createMemoryStore } from "../store/memory-store.js";
import { startIxsServer } from "./server.js";
import { indexFile } from "./test/files.js";

const inputs = 20_000;
const seed = Number(process.env.MP2P_FUZZ_SEED ?? 60910);

test(`${inputs} damaged requests (seed ${seed}): each is answered, refusals change nothing`, async () => {
  const server = await startIxsServer({
    store: createMemoryStore(),
    limits: { addressShare: 1, files: 8 },
    adminTokens: ["admin"],
  });
  const { core } = server.ixs;
  let version = 1;
  const counts = await sendDamaged({
    ...{ url: server.url, inputs, seed },
    valid(pick, random) {
      const data_id = pick(["a", "b", "ü%20", "d", "e"]);
      const title = pick(["Rain", "Wind"]);
      const index_file = indexFile({
        data_id,
        title,
        version: version + pick([-1, 0, 1]),
        closed: true,
        extra: { x: [1] },
      });
      const names = `data_source_id=gauge-1&data_id=${encodeURIComponent(data_id)}`;
      const bearer = random() < 0.8 ? "admin" : "nobody";
      if (random() < 0.01) version++;
      return pick<ValidRequest>([
        ["POST", "/ixs/index-files", { index_file: { ...index_file, data_source_id: pick(["gauge-1", "gauge-2"]) } }],
        ["PUT", "/ixs/index-files", { index_file }, bearer],
        ["PUT", "/ixs/index-files", { index_file: { version, title, data_source_id: "gauge-1" } }, bearer],
        ["GET", `/ixs/index-files?${names}&version=${pick(["1", "0", "x", "99999"])}`],
        ["GET", `/ixs/index-files?title=${pick(["Rain", "Snow", ""])}&limit=${pick(["1", "0", "5000"])}`],
        ["GET", `/ixs/index-files?after=${pick(["0", "3", "-1", "999999999999999999"])}`],
        ["DELETE", `/ixs/index-files?${names}&version=${pick([String(version + 1), "1", ""])}`, undefined, bearer],
      ]);
    },
    state: () => JSON.stringify([core.count, core.octets, core.query({}, 100).files]),
  });
  for (const status of ["POST 200", "POST 400", "POST 409", "POST 503", "PUT 200", "PUT 400", "PUT 401", "PUT 409"]) {
    expect(counts.get(status) ?? 0, status).toBeGreaterThan(20);
  }
  for (const status of ["GET 200", "GET 400", "GET 404", "DELETE 200", "DELETE 400", "DELETE 404", "PATCH 405"]) {
    expect(counts.get(status) ?? 0, status).toBeGreaterThan(20);
  }
  await server.close();
}, 900_000);
