import { afterEach, expect, test } from "vitest";
import { clientOf, Stage } from "./test/stage.js";

const stage = new Stage();
afterEach(() => stage.close());

const until = (look: () => Promise<unknown>) => expect.poll(look, { timeout: 15_000, interval: 20 });

test("an OMS that is told to have a cache server commands it, and releases it with the session [X.609.10 7.1.1, 8.8]", async () => {
  const cs = await stage.cacheServer({ authentication: { oms: ["command"] } });
  const servers = await stage.servers({
    cacheServers: [{ id: "cs", url: cs.url, token: "command" }],
    policy: { loadInterval: 1 },
  });
  const source = await stage.peer({ ixs: servers.ixs });
  // Closed: the virtual peer is on no list and knows no password, and is let in since the OMS has sent it.
  const made = await source.createSession({
    ...servers,
    title: "closed",
    description: "",
    dataSourceId: "s",
    dataId: "d",
    contentType: "FILE",
    fragmentSize: 10_000,
    closed: { password: "secret" },
    csResources: { wanted: 1, priority: 33 },
  });
  await made.append(new Uint8Array(10_000).fill(7));
  await made.end();
  const allocations = async () => {
    const { body } = await clientOf(cs).CS_QUERY();
    return (body as { cache_server: { allocations: number; storage_used: number } }).cache_server;
  };
  await until(allocations).toMatchObject({ allocations: 1, storage_used: 10_000 });
  expect(cs.cs.core.current[0]).toMatchObject({ priority: 33, state: "active", omsUrl: servers.oms });
  await made.terminate();
  await until(allocations).toMatchObject({ allocations: 0, storage_used: 0 });
});
