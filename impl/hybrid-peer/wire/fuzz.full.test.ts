import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { Code, type Message } from "../core/message.js";
import { detectProfile, type ProfileName, profiles, WireError } from "./profile.js";
import { everyMessage } from "./test/messages.js";

const names = Object.keys(profiles) as ProfileName[];
const ROUNDS = 40_000;
const STREAM_ROUNDS = 60_000;
const MAX_FRAME = 80_000;

setFlagsFromString("--expose_gc");
const collect = runInNewContext("gc") as () => void;

/** Octets in use once everything that nobody holds is gone: buffers go some time after their views. */
async function inUse(): Promise<number> {
  for (let times = 0; times < 3; times++) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Mulberry32: the same octets in every run; another seed looks elsewhere. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** What breaks parsers: nesting, many members, names of prototypes, numbers at the edges, texts that are no text. */
const nasty = [
  '"__proto__":{"code":8},',
  '"constructor":{"prototype":{}},',
  `"x":${"[".repeat(3000)}${"]".repeat(3000)},`,
  `"x":${'{"a":'.repeat(2000)}1${"}".repeat(2000)},`,
  `"x":[${"0,".repeat(20_000)}0],`,
  `${Array.from({ length: 3000 }, (_, at) => `"m${at}":0,`).join("")}`,
  '"length":1e999,',
  '"length":-0,',
  '"sequence":9007199254740993,',
  '"buffermap":[{"SourcePeerId":"a","Ranges":[[0,9007199254740991]]}],',
  '"buffermap":[{"SourcePeerId":"a","Sequence":[null]}],',
  '"overlay-id":"\\ud800",',
].map((text) => Buffer.from(text));

function mutate(frame: Uint8Array, random: (below: number) => number, littleEndian: boolean): Uint8Array {
  let octets: Buffer = Buffer.from(frame);
  for (let changes = 1 + random(4); changes > 0; changes--) {
    const at = random(octets.length);
    switch (random(6)) {
      case 0:
        octets[at] = random(256);
        break;
      case 1:
        octets = Buffer.concat([octets.subarray(0, at), octets.subarray(at + 1 + random(20))]);
        break;
      case 2:
        octets = Buffer.concat([octets.subarray(0, at), octets.subarray(random(octets.length)), octets.subarray(at)]);
        break;
      case 3: {
        // Behind the brace, and with a length that fits: a well-formed header with something in it that does not belong there.
        const piece = nasty[random(nasty.length)] as Buffer;
        octets = Buffer.concat([octets.subarray(0, 5), piece, octets.subarray(5)]);
        if (octets.length < 4) break;
        const length = (littleEndian ? octets.readUInt16LE(2) : octets.readUInt16BE(2)) + piece.length;
        if (littleEndian) octets.writeUInt16LE(length & 0xffff, 2);
        else octets.writeUInt16BE(length & 0xffff, 2);
        break;
      }
      case 4:
        octets = Buffer.concat([octets, Buffer.from(frame.subarray(0, random(frame.length)))]);
        break;
      default: {
        const digit = octets.findIndex((octet, place) => place >= at && octet >= 0x30 && octet <= 0x39);
        if (digit !== -1) octets[digit] = 0x30 + random(10);
      }
    }
    if (octets.length === 0) octets = Buffer.from([0]);
  }
  return octets;
}

/** The result, or the WireError; anything else escapes and fails the test. */
function attempt<Result>(action: () => Result): Result | WireError {
  try {
    return action();
  } catch (error) {
    if (error instanceof WireError) return error;
    throw error;
  }
}

function plain(message: Message): unknown {
  return message.code === Code.broadcastData ? { ...message, frame: undefined } : message;
}

describe.each(names)("profile %s under fire", (name) => {
  const profile = profiles[name];
  const frames = everyMessage.map(({ message }) => profile.encode(message));

  test("mutated frames give a message that can be written again, or a WireError", () => {
    const random = generator(4100);
    let understood = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const octets = mutate(frames[random(frames.length)] as Uint8Array, random, name === "p20");
      attempt(() => detectProfile(octets));
      const message = attempt(() => profile.decode(octets));
      if (message instanceof WireError) {
        expect(message.message.length).toBeLessThan(600);
        continue;
      }
      understood++;
      const again = attempt(() => profile.encode(plain(message) as Message));
      if (again instanceof WireError) expect(again.code).toBe("ERR_TOO_LARGE");
      else if (round % 10 === 0) expect(plain(profile.decode(again))).toEqual(plain(message));
    }
    expect(understood).toBeGreaterThan(ROUNDS / 100);
  });

  test("streams of them hold no more than one frame, and no memory afterwards", async () => {
    const random = generator(4103);
    const before = await inUse();
    let decoder = profile.createDecoder({ maxFrame: MAX_FRAME });
    for (let round = 0; round < STREAM_ROUNDS; round++) {
      const frame = frames[random(frames.length)] as Uint8Array;
      const octets = random(3) === 0 ? mutate(frame, random, name === "p20") : frame;
      const cut = random(octets.length + 1);
      const chunks = [octets.subarray(0, cut), octets.subarray(cut)];
      const outcome = attempt(() => chunks.flatMap((chunk) => decoder.push(chunk)));
      expect(decoder.pending).toBeLessThanOrEqual(MAX_FRAME);
      if (outcome instanceof WireError) decoder = profile.createDecoder({ maxFrame: MAX_FRAME });
    }
    expect((await inUse()) - before).toBeLessThan(40 * 1024 * 1024);
  });

  test("a stream says of each frame what is said of it by itself, however alike they are", () => {
    const random = generator(4101);
    const broadcasts = Array.from({ length: 12 }, (_, at) =>
      profile.encode({
        code: Code.broadcastData,
        ack: at % 5 === 0,
        candidatePath: false,
        data: {
          source: `s${at % 3}`,
          sequence: 10 ** (at % 4) + at,
          payloadType: "text/plain",
          appId: "a",
          payload: new Uint8Array(at % 2),
        },
      }),
    );
    let decoder = profile.createDecoder({ maxFrame: MAX_FRAME });
    let compared = 0;
    for (let round = 0; round < STREAM_ROUNDS; round++) {
      const frame = broadcasts[random(broadcasts.length)] as Uint8Array;
      const octets = random(4) === 0 ? mutate(frame, random, name === "p20") : frame;
      const alone = attempt(() => profile.decode(octets));
      if (alone instanceof WireError) continue;
      const cut = random(3) === 0 ? random(octets.length + 1) : 0;
      const streamed = attempt(() => [...decoder.push(octets.subarray(0, cut)), ...decoder.push(octets.subarray(cut))]);
      if (streamed instanceof WireError) throw streamed;
      compared++;
      if (round % 8 === 0 || octets !== frame) expect(streamed.map(plain)).toEqual([plain(alone)]);
      else expect(streamed).toHaveLength(1);
      if (round % 1000 === 0) decoder = profile.createDecoder({ maxFrame: MAX_FRAME });
    }
    expect(compared).toBeGreaterThan(STREAM_ROUNDS / 2);
  });

  test("an octet at a time costs no more memory than the frame has octets, whatever length it promises", async () => {
    const decoder = profile.createDecoder({ maxFrame: 64 * 1024 * 1024 });
    const littleEndian = name === "p20";
    const header = Buffer.from(
      `{"${littleEndian ? "ReqCode" : name === "p22" ? "ReqCode" : "req-code"}":6,"${name === "p23" ? "req-params" : "ReqParams"}":{"payload":{"length":60000000},"ext-header-len":2}}`,
    );
    const head = Buffer.from([1, 1, 0, 0]);
    if (littleEndian) head.writeUInt16LE(header.length, 2);
    else head.writeUInt16BE(header.length, 2);
    const before = await inUse();
    for (const octet of Buffer.concat([head, header, Buffer.alloc(20_000)])) decoder.push(Uint8Array.of(octet));
    const after = await inUse();
    expect(decoder.pending).toBe(4 + header.length + 20_000);
    expect(after - before).toBeLessThan(4 * 1024 * 1024);
  });
});
