import { afterEach, expect, test } from "vitest";
import { startOmsServer } from "../oms/index.js";
import { createMemoryStore } from "../store/index.js";
import { clientOf, Stage } from "./test/stage.js";

const stage = new Stage();
afterEach(() => stage.close());

test("an OMS that vanishes: its virtual peer goes on for as long as an overlay network lives, then it ends [E-DS-07]", async () => {
  const { ixs } = await stage.servers();
  const store = stage.keep(createMemoryStore());
  const oms = await startOmsServer({ store, policy: { membershipExpires: 2 } });
  const source = await stage.peer({ ixs, times: { leaveMs: 500, answerMs: 500 } });
  const made = await source.createSession({
    oms: oms.url,
    ixs,
    title: "t",
    description: "",
    dataSourceId: "s",
    dataId: "d",
    contentType: "FILE",
    fragmentSize: 10_000,
  });
  await made.append(new Uint8Array(10_000));
  await made.end();
  const folder = stage.folder();
  const cs = await stage.cacheServer({ folder, times: { patienceMs: 3_000 } });
  const result = await clientOf(cs).CS_ALLOCATE({
    body: { allocation: { overlay_network_id: made.overlayId, oms_url: oms.url } },
  });
  if (result.status !== 200) throw new Error(`${result.code}`);
  const query = async () => {
    const params = { AID: result.body.allocation.allocation_id };
    const { body } = await clientOf(cs).CS_ALLOCATION_QUERY({ params });
    return (body as { allocation: object }).allocation;
  };
  await expect.poll(query, { timeout: 20_000 }).toMatchObject({ state: "active", fragments: 1 });
  await oms.close();
  // It serves on, since links need no OMS.
  const gone = performance.now();
  await expect.poll(query, { timeout: 60_000, interval: 50 }).toMatchObject({ state: "ended", storage_used: 0 });
  expect(performance.now() - gone).toBeGreaterThan(2_500);
  expect(await query()).toMatchObject({ reason: expect.stringContaining("has not answered") });
  expect((await clientOf(cs).CS_QUERY()).body).toMatchObject({ cache_server: { allocations: 0 } });
});
