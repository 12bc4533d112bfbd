import { randomBytes } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { collect, patience, pieces, Servers, sessionOf, until } from "./test/servers.js";
import type { Peer, SourceSession } from "./types.js";

const size = 16_384;
const content = randomBytes(size * 60);
const webrtc = { bindAddress: "127.0.0.1" };

let servers: Servers;
afterEach(() => servers.close());

/** A source peer and its session; nobody reaches a peer of this test but over data channels. */
async function begin(uploadRate: number): Promise<SourceSession> {
  servers = await new Servers({ signalling: { path: "/signalling" } }).start("ixs", "oms");
  const source = await peer("source", uploadRate);
  const session = await source.createSession(sessionOf(servers, { fragmentSize: size }));
  for (const piece of pieces(content, size)) await session.append(piece);
  await session.end();
  return session;
}

const peer = (peerId: string, uploadRate = Number.POSITIVE_INFINITY): Promise<Peer> =>
  servers.peer({ peerId, listen: false, webrtc, settings: { uploadRate } });

const registered = (): number => servers.oms.signalling?.statistics.registered ?? 0;

const addressesOf = (session: SourceSession, peerId: string): readonly string[] =>
  servers.oms.oms.core.overlay(session.overlayId)?.members.get(peerId)?.record.addresses ?? [];

test("peers that listen nowhere exchange a file, and leave nothing at the relay", {
  timeout: 2 * patience,
}, async () => {
  const session = await begin(200_000);
  const peers = await Promise.all(["a", "b", "c"].map((name) => peer(name)));
  const joined = await Promise.all(peers.map(async (one) => one.join(await one.find({ title: "readings" }))));
  await until(() => joined.every(({ state }) => state.links.length > 1), "members find each other");
  for (const { octets } of await Promise.all(joined.map(collect))) expect(octets.equals(content)).toBe(true);
  await until(() => registered() === 4, "all are registered");
  expect(addressesOf(session, "a")).toEqual([servers.oms.signalling?.publicUrl]);
  await Promise.all(joined.map((one) => one.leave()));
  await until(() => registered() === 1, "who left is not registered");
  await session.terminate();
  await until(() => registered() === 0, "nobody is registered");
});

test("the OMS with its relay is gone for a while: links go on, and newcomers find everybody again", {
  timeout: 2 * patience,
}, async () => {
  await begin(300_000);
  const a = await peer("a");
  const joined = await a.join(await a.find({ title: "readings" }));
  await until(() => joined.state.links.length === 1, "a link");
  await servers.stop("oms");
  expect((await collect(joined)).octets.equals(content)).toBe(true);
  await servers.start("oms");
  await until(() => registered() === 2, "both are registered again");
  const b = await peer("b");
  const late = await b.join(await b.find({ title: "readings" }));
  expect((await collect(late)).octets.equals(content)).toBe(true);
});

test("an address at a relay that is no more is told to nobody any longer", { timeout: 2 * patience }, async () => {
  const session = await begin(Number.POSITIVE_INFINITY);
  const a = await peer("a");
  await a.join(await a.find({ title: "readings" }));
  const both = (): number => addressesOf(session, "a").length + addressesOf(session, "source").length;
  await until(() => both() === 2, "the OMS knows where they are");
  await servers.oms.signalling?.close();
  await until(() => both() === 0, "the OMS knows that they are not there");
});

test("a peer whom the OMS has forgotten is registered again by its new token", { timeout: 2 * patience }, async () => {
  const session = await begin(Number.POSITIVE_INFINITY);
  const a = await peer("a");
  await a.join(await a.find({ title: "readings" }));
  await until(() => registered() === 2 && addressesOf(session, "a").length === 1, "it is registered");
  const { core } = servers.oms.oms;
  const member = core.overlay(session.overlayId)?.members.get("a");
  if (member === undefined) throw new Error("no member");
  core.expel(member);
  await until(() => servers.oms.signalling?.statistics.cut.ended === 1, "the relay lets go of it");
  await until(() => registered() === 2 && addressesOf(session, "a").length === 1, "it is registered again");
});
