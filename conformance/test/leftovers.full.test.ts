import { fileURLToPath } from "node:url";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { readDeclaration } from "../cli/declaration-file.js";
import type { EntityId } from "../engine/entity.js";
import { runConformance } from "../engine/runner.js";
import { entities } from "../entities.js";
import { startReference } from "./pams/reference.js";
import type { Serving } from "./servers.js";

const started: Serving[] = [];
afterAll(() => Promise.all(started.map((one) => one.close())));

// What a declaration takes from the environment is nobody else's: a server reads its own options there.
afterEach(() => void vi.unstubAllEnvs());
const given = (values: Readonly<Record<string, string>>): void => {
  for (const [name, value] of Object.entries(values)) vi.stubEnv(name, value);
};

const start = async (...args: Parameters<typeof startReference>): Promise<Serving> => {
  const server = await startReference(...args);
  started.push(server);
  return server;
};

const declared = (name: string) => fileURLToPath(new URL(`../reference/${name}.yaml`, import.meta.url));

/** Whatever a server counts in its health: overlay networks, index files, allocations … */
async function holdings({ url }: Serving): Promise<Readonly<Record<string, number>>> {
  const health = (await (await fetch(`${url}/healthz`)).json()) as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(health).filter((one): one is [string, number] => typeof one[1] === "number"),
  );
}

/** All cases of an entity; afterwards each server holds what it held before. */
async function leavesNothing(id: EntityId, product: Serving, pics: string, others: readonly Serving[] = []) {
  const servers = [product, ...others];
  const before = await Promise.all(servers.map(holdings));
  const run = await runConformance({
    entity: entities[id],
    target: { url: product.url },
    declaration: await readDeclaration(declared(pics), entities[id].declaration),
    seed: "0",
    timeoutMs: 20_000,
  });
  expect(run.cases.filter(({ verdict }) => verdict === "pass").length).toBeGreaterThan(run.cases.length / 2);
  // A virtual peer takes leave after its allocation is gone, and what had a short life ends by itself.
  await expect.poll(() => Promise.all(servers.map(holdings)), { timeout: 60_000 }).toEqual(before);
}

const SLOW = 300_000;

test("a run leaves nothing at an IXS", { timeout: SLOW }, async () => {
  await leavesNothing("ixs", await start("ixs"), "ixs");
});

test("a run leaves nothing at an OMS", { timeout: SLOW }, async () => {
  await leavesNothing("oms", await start("oms"), "oms");
});

test("a run leaves nothing at a UNIS", { timeout: SLOW }, async () => {
  await leavesNothing("unis", await start("unis"), "unis");
});

test("a run leaves nothing at a UMS", { timeout: SLOW }, async () => {
  const tokens = { MP2P_ADMIN_TOKEN: "the-administrator", MP2P_OMS_TOKEN: "the-oms" };
  given(tokens);
  const ums = await start("ums", "--admin-token", tokens.MP2P_ADMIN_TOKEN, "--oms-token", tokens.MP2P_OMS_TOKEN);
  await leavesNothing("ums", ums, "ums");
});

test("a run leaves nothing at a CS, nor at the OMS and the IXS that it uses", { timeout: SLOW }, async () => {
  const [oms, ixs] = await Promise.all([start("oms"), start("ixs")]);
  given({ MP2P_OMS: oms.url, MP2P_IXS: ixs.url });
  const cs = await start("cs", "--oms", oms.url, "--ixs", ixs.url);
  await leavesNothing("cs", cs, "cs", [oms, ixs]);
});

test("a run leaves nothing at a PAMS with the extended operations", { timeout: SLOW }, async () => {
  await leavesNothing("pams", await start("pams"), "pams");
});
