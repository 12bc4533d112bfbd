import { afterEach, expect, test } from "vitest";
import { mp2p, mp2pWithInput, type Service, startService } from "./test/process.js";

const services: Service[] = [];

async function running(...args: string[]): Promise<Service> {
  const service = await startService(...args);
  services.push(service);
  return service;
}

afterEach(async () => {
  for (const service of services.splice(0).reverse()) expect(await service.stop()).toBe(0);
});

test("an owner and a guest stay until they are ended, and then leave", async () => {
  const { url = "" } = (await running("serve", "homs", "--listen", "0", "--memory")).ready;
  const homs = ["--homs", url];
  const query = async () => JSON.parse((await mp2p("hybrid-peer", "query", ...homs, "--json")).out) as object;
  const owner = await running(
    "hybrid-peer",
    "create",
    ...homs,
    "--title",
    "demo",
    "--access-key",
    "sesame",
    "--remove",
  );
  expect(owner.ready).toMatchObject({ event: "created" });
  expect([(await owner.next()).event, (await owner.next()).event]).toEqual(["owned", "joined"]);

  expect(await mp2p("hybrid-peer", "join", ...homs, "--title", "demo")).toMatchObject({ code: 1 });
  const join = ["--title", "demo", "--access-key", "sesame", "--expires", "1"];
  const guest = await running("hybrid-peer", "join", ...homs, ...join);
  expect(guest.ready).toMatchObject({ event: "joined", expires: 1 });
  await guest.until(({ event }) => event === "listening");
  await guest.until(({ event }) => event === "refreshed");
  expect(await query()).toMatchObject({ overlay: [{ title: "demo", access: "closed", numPeers: 2 }] });

  expect(await services.pop()?.stop()).toBe(0);
  expect(await query()).toMatchObject({ overlay: [{ numPeers: 1 }] });
  expect(await services.pop()?.stop()).toBe(0);
  expect(await query()).toEqual({ overlay: [] });
});

test("lines of JSON drive it", async () => {
  const { url = "" } = (await running("serve", "homs", "--listen", "0", "--memory")).ready;
  const lines = [
    { id: 1, do: "start", url, "peer-id": "me" },
    { id: 2, do: "create", title: "by lines" },
    { id: 3, do: "nonsense" },
  ];
  const { out, code } = await mp2pWithInput(
    lines.map((line) => `${JSON.stringify(line)}\n`).join(""),
    "hybrid-peer",
    "control",
  );
  expect(code).toBe(0);
  const answers = out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { id: number });
  expect(answers.sort((a, b) => a.id - b.id)).toMatchObject([
    { id: 1, ok: true, result: { "peer-id": "me" } },
    { id: 2, ok: true, result: { "overlay-id": expect.any(String) } },
    { id: 3, unsupported: expect.stringContaining("no action nonsense") },
  ]);
});

test("a HOMS that is not there exits with 3, a missing choice with 2", async () => {
  expect(await mp2p("hybrid-peer", "query", "--homs", "http://127.0.0.1:1")).toMatchObject({ code: 3 });
  const { code, err } = await mp2p("hybrid-peer", "join");
  expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining("--overlay-id, --title") });
});
