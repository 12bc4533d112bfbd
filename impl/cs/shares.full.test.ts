import { randomBytes } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { clientOf, Stage } from "./test/stage.js";

const stage = new Stage();
afterEach(() => stage.close());

/** Both overlay networks want more than there is, from the cache server alone: what they get is as their priorities are. */
test("two overlay networks share the upload of a cache server 1 to 3 [X.609.10 8.8 c)]", async () => {
  const servers = await stage.servers();
  const cs = await stage.cacheServer({ limits: { uploadRate: 1_000_000 }, times: { lookMs: 200 } });
  const content = randomBytes(30_000_000);
  const overlays = await Promise.all(
    [10, 30].map(async (priority) => {
      const source = await stage.peer({ ixs: servers.ixs });
      const made = await source.createSession({
        ...servers,
        title: `priority ${priority}`,
        description: "",
        dataSourceId: "s",
        dataId: `${priority}`,
        contentType: "FILE",
        fragmentSize: 50_000,
      });
      for (let at = 0; at < content.length; at += 50_000) await made.append(content.subarray(at, at + 50_000));
      await made.end();
      const result = await clientOf(cs).CS_ALLOCATE({
        body: { allocation: { overlay_network_id: made.overlayId, oms_url: servers.oms, priority } },
      });
      if (result.status !== 200) throw new Error(`${result.code}`);
      const { allocation_id: id } = result.body.allocation;
      await expect.poll(() => cs.cs.peers.activity(id).fragments, { timeout: 120_000 }).toBe(600);
      made.limit({ uploadRate: 1 });
      return { id, made };
    }),
  );
  for (const { made } of overlays) {
    const peer = await stage.peer();
    await peer.join(made.indexFile);
  }
  const uploaded = (): number[] => overlays.map(({ id }) => cs.cs.peers.activity(id).uploaded);
  // The division settles once both have shown what they can use.
  await expect.poll(() => Math.min(...uploaded()), { timeout: 60_000 }).toBeGreaterThan(1_000_000);
  const before = uploaded();
  const began = performance.now();
  await expect.poll(() => (uploaded()[1] ?? 0) - (before[1] ?? 0), { timeout: 120_000 }).toBeGreaterThan(4_000_000);
  const seconds = (performance.now() - began) / 1000;
  const [less = 0, more = 0] = uploaded().map((octets, i) => octets - (before[i] ?? 0));
  console.info(`${(less / seconds / 1000).toFixed(0)} and ${(more / seconds / 1000).toFixed(0)} kB/s of 1000`);
  expect(more / less).toBeGreaterThan(2);
  expect(more / less).toBeLessThan(4.5);
  expect(less + more).toBeLessThan(1_400_000 * seconds);
});
