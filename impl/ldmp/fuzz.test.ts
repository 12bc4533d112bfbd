import { createSocket } from "node:dgram";
import { once } from "node:events";
import { expect, test } from "vitest";
import { Code } from "../../generated/ldmp/index.js";
import { startSourcePeer } from "../source-peer/source-peer.js";
import { fuzzDataSource, fuzzRegistered, fuzzSourcePeer, fuzzStream, garbage } from "./test/fuzz.js";
import { octets, seeded } from "./test/support.js";

test.each([fuzzSourcePeer, fuzzRegistered, fuzzDataSource, fuzzStream])("%o withstands garbage", (fuzz) => {
  fuzz(1, 3000);
});

test("a source peer at a socket withstands garbage, and goes on answering", async () => {
  const peer = await startSourcePeer({ control: false, admission: { allow: [40_000] } });
  const port = peer.udp?.port ?? 0;
  const socket = createSocket("udp4");
  const chance = seeded(7);
  for (let i = 0; i < 2000; i++) {
    socket.send(garbage(chance), port, "127.0.0.1");
    if (i % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await expect.poll(() => peer.counters.messages + peer.counters.dropped.malformed).toBeGreaterThan(1900);
  socket.removeAllListeners("message");
  const message = octets({ code: Code.registration, sourceId: 40_000, messageId: 0xabc });
  const reply = new Promise<void>((resolve) => {
    socket.on("message", (bytes) => bytes.readUInt16BE(2) === 0xabc && bytes[1] === Code.ok && resolve());
  });
  socket.send(message, port, "127.0.0.1");
  await reply;
  expect(peer.list().map(({ id }) => id)).toEqual([40_000]);
  const closed = once(socket, "close");
  socket.close();
  await closed;
  await peer.close();
});
