import { afterAll, describe, expect, test } from "vitest";
import { startHomsServer } from "../../../homs/index.js";
import { createMemoryStore } from "../../../store/index.js";
import { type DialectChoice, type HybridPeer, type HybridPeerOptions, startHybridPeer } from "../../index.js";
import { type FieldHoms, startFieldHoms } from "./test/field-homs.js";

const open: { close(): Promise<void> }[] = [];
afterAll(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function field(version: Parameters<typeof startFieldHoms>[0]): Promise<FieldHoms> {
  const homs = await startFieldHoms(version);
  open.push(homs);
  return homs;
}

async function peerAt(
  url: string,
  homsDialect: DialectChoice,
  more: Partial<HybridPeerOptions> = {},
): Promise<HybridPeer> {
  const backoff = { baseMs: 40, capMs: 200 };
  const peer = await startHybridPeer({
    homs: url,
    homsDialect,
    address: "ws://127.0.0.1:8082",
    backoff,
    attempts: 2,
    ...more,
  });
  open.push(peer);
  return peer;
}

const news = (peer: HybridPeer, kind: string): Promise<void> =>
  new Promise((resolve) => {
    const stop = peer.onNews((one) => {
      if (one.kind !== kind) return;
      stop();
      resolve();
    });
  });

const crPolicy = { mN_Cache: 10, mD_Cache: 1, "recovery-by": "push" } as const;

describe.concurrent.each([
  ["v22", "v22"],
  ["v23a", "v23a"],
  ["v23", "v23"],
  ["v22", "auto"],
  ["v23", "auto"],
] as const)("a HOMS of the field, %s, spoken to in %s", (version, dialect) => {
  test("creates, joins, reports, refreshes, recovers, leaves", async () => {
    const homs = await field(version);
    const owner = await peerAt(homs.url, dialect);
    const owned = await owner.create({ title: "demo", description: "d", crPolicy });
    const first = await owner.join({ overlayId: owned.overlay.overlayId, expires: 30 });
    expect(first.ticketId).toBe("1");
    expect(first.overlay).toMatchObject({ title: "demo", heartbeatInterval: 10, crPolicy });
    const reported = news(owner, "reported");
    first.report({ primary: ["guest"], outgoing: [], incoming: [], lost: ["gone"] });
    await reported;

    const guest = await peerAt(homs.url, dialect, { address: "ws://127.0.0.1:8083" });
    const [found] = await guest.query({ title: "DEMO" });
    const second = await guest.join({ overlayId: found?.overlayId ?? "", expires: 1 });
    expect(second.ticketId).toBe("2");
    expect(second.peers.contacts).toEqual([{ peerId: owner.peerId, address: "ws://127.0.0.1:8082" }]);
    await news(guest, "refreshed");
    const recovered = news(guest, "joined");
    second.recover();
    await recovered;
    expect(second.ticketId).toBe("2");
    await second.leave();
    expect([...homs.peers.keys()]).toEqual([owner.peerId]);
    expect(homs.log.filter(({ status }) => status >= 400)).toEqual([]);
  });
});

test("a closed overlay network is refused at once, with 407, and opened by its key", async () => {
  const homs = await field("v23");
  const owner = await peerAt(homs.url, "v23");
  const { overlay } = await owner.create({ title: "closed", access: { accessKey: "sesame" } });
  const guest = await peerAt(homs.url, "v23");
  await expect(guest.join(overlay)).rejects.toMatchObject({ code: "ERR_REFUSED", status: 407 });
  expect((await guest.join({ ...overlay, accessKey: "sesame" })).phase).toBe("joined");
});

test("a registration of its own that it does not know of is cleared away", async () => {
  const homs = await field("v23");
  const peer = await peerAt(homs.url, "v23", { peerId: "p1", password: "Known1" });
  const { overlay } = await peer.create({ title: "t" });
  homs.peers.set("p1", { address: "ws://old", password: "Known1", ticket: 1, expires: 30, primary: 0 });
  await peer.join(overlay);
  expect(homs.log.map(({ line, status }) => `${line} ${status}`).slice(-3)).toEqual([
    "POST /peer 500",
    "DELETE /peer 200",
    "POST /peer 202",
  ]);
});

test("V23 refuses every removal: its own way of removing is taken", async () => {
  const homs = await field("v23");
  const peer = await peerAt(homs.url, "v23");
  const owned = await peer.create({ title: "t" });
  await owned.remove();
  expect(await peer.query()).toEqual([]);
});

test("what the HOMS could not keep is refused here, by name", async () => {
  const homs = await field("v23");
  const peer = await peerAt(homs.url, "v23", { peerId: "p".repeat(51) });
  await expect(peer.create({ title: "t" })).rejects.toThrow("owner-id has 51 characters");
  await expect((await peerAt(homs.url, "v23")).create({ title: "🌍" })).rejects.toThrow("beyond U+FFFF");
  expect(homs.log).toEqual([]);
});

test("a HOMS of the text is recognized as such", async () => {
  const homs = await startHomsServer({ port: 0, store: createMemoryStore() });
  open.push(homs);
  const peer = await peerAt(homs.url, "auto");
  const { overlay } = await peer.create({ title: "t" });
  expect((await peer.join(overlay)).phase).toBe("joined");
});
