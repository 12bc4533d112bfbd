import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { writeGathered } from "./gather.js";

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

/** Both ends of a connection; the second is not read yet. */
async function pair(): Promise<[Socket, Socket]> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const accepted = once(server, "connection");
  const far = connect((server.address() as { port: number }).port, "127.0.0.1").pause();
  const [near] = (await accepted) as [Socket];
  open.push(() => {
    near.destroy();
    far.destroy();
    server.close();
  });
  return [near, far];
}

/** Octets that tell their place in the stream. */
function pattern(from: number, length: number): Buffer {
  const octets = Buffer.allocUnsafe(length);
  for (let i = 0; i < length; i++) octets[i] = ((from + i) * 31) >> 5;
  return octets;
}

test("what several sockets are given arrives whole and in order, however slowly one of them is read", async () => {
  const pairs = [await pair(), await pair(), await pair()];
  const received = pairs.map((): Buffer[] => []);
  for (const [index, [, far]] of pairs.entries()) far.on("data", (chunk: Buffer) => received[index]?.push(chunk));
  // The first is read as it comes, the second from half-way on, the third at the end.
  pairs[0]?.[1].resume();
  let written = 0;
  const rounds = 300;
  for (let round = 0; round < rounds; round++) {
    const chunks: Buffer[] = [];
    for (const length of [1, 1000, round % 7 === 0 ? 40_000 : 16_383, 0, round]) {
      chunks.push(pattern(written, length));
      written += length;
    }
    for (const [near] of pairs) writeGathered(near, chunks);
    // What was copied may be used again.
    for (const chunk of chunks) if (chunk.length < 16_384) chunk.fill(0);
    if (round === rounds / 2) pairs[1]?.[1].resume();
    if (round % 5 === 0) await new Promise(setImmediate);
  }
  pairs[2]?.[1].resume();
  for (const octets of received) {
    await expect.poll(() => octets.reduce((sum, { length }) => sum + length, 0), { timeout: 10_000 }).toBe(written);
    expect(Buffer.concat(octets).equals(pattern(0, written))).toBe(true);
  }
});
