/**
 * The LDMP codec against the best hand-written code for the same message, the coap-packet package (the nearest message
 * on npm) and the parser that the Kaitai compiler makes of the same spec.
 *
 * Alone: npx tsc -p tools/bench && node dist/tools/bench/codec.js
 */
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import coap from "coap-packet";
import {
  Code,
  createDecoder,
  decode,
  encode,
  type LdmpMessage,
  PayloadType,
  Type,
} from "../../generated/ldmp/index.js";
import { handDecode, handEncode } from "./hand-written-codec.js";
import { type Contender, compare, type Goal, printGoals, printRanking, type Ranking } from "./rounds.js";

const ROUNDS = 25;
const MESSAGES = 200_000;

/** The message of the goals: 8 + 2 octets of header and 64 of payload. */
const message: LdmpMessage = {
  version: 1,
  type: Type.acknowledgementNotRequired,
  payloadType: PayloadType.binary,
  reserved: 0,
  code: Code.post,
  messageId: 0x1234,
  sourceId: 7,
  destinationId: 9,
  payload: Uint8Array.from({ length: 64 }, (_, i) => i),
};

export async function benchCodec(): Promise<Goal[]> {
  const octets = encode(message);
  // As a socket hands it over: a Buffer in a pool.
  const datagram = Buffer.from(octets);
  const coapMessage = { code: "0.02", messageId: 0x1234, payload: Buffer.from(message.payload ?? []) };
  const coapOctets = coap.generate(coapMessage);
  const { Kaitai, KaitaiStream } = kaitaiParser();
  const batch = new Uint8Array(octets.length * 64);
  for (let i = 0; i < 64; i++) batch.set(octets, i * octets.length);

  // Every contender has a loop of its own: V8 optimises a shared one for whoever comes first.
  let made: unknown;
  const encoding = await compare(
    [
      contender("generated", () => {
        for (let i = 0; i < MESSAGES; i++) made = encode(message);
      }),
      contender("hand-written", () => {
        for (let i = 0; i < MESSAGES; i++) made = handEncode(message);
      }),
      contender("coap-packet", () => {
        for (let i = 0; i < MESSAGES; i++) made = coap.generate(coapMessage);
      }),
    ],
    { rounds: ROUNDS, reference: "generated" },
  );
  const decoder = createDecoder();
  const decoding = await compare(
    [
      contender("generated", () => {
        for (let i = 0; i < MESSAGES; i++) made = decode(datagram);
      }),
      contender("hand-written", () => {
        for (let i = 0; i < MESSAGES; i++) made = handDecode(datagram);
      }),
      contender("coap-packet", () => {
        for (let i = 0; i < MESSAGES; i++) made = coap.parse(coapOctets);
      }),
      contender("Kaitai", () => {
        for (let i = 0; i < MESSAGES; i++) {
          const view = new DataView(datagram.buffer, datagram.byteOffset, datagram.length);
          made = new Kaitai(new KaitaiStream(view), null, null, 0);
        }
      }),
      contender("generated, TCP stream, 64 messages per chunk", () => {
        for (let i = 0; i < MESSAGES; i += 64) made = decoder.push(batch);
      }),
    ],
    { rounds: ROUNDS, reference: "generated" },
  );
  if (made === undefined) throw new Error("nothing was made");
  printRanking(`Encode ${octets.length} octets`, "ns", encoding);
  printRanking(`Decode ${octets.length} octets`, "ns", decoding);
  return [
    atMost("encode, times the hand-written code", 1.2, 1 / ratio(encoding, "hand-written")),
    atMost("decode, times the hand-written code", 1.2, 1 / ratio(decoding, "hand-written")),
    atLeast("encode, times as fast as coap-packet", 10, ratio(encoding, "coap-packet")),
    atLeast("decode, times as fast as coap-packet", 3, ratio(decoding, "coap-packet")),
    atLeast("decode, times as fast as Kaitai's parser", 3, ratio(decoding, "Kaitai")),
  ];
}

/** CPU time of this process per message, in nanoseconds: others on the machine do not count. */
function contender(name: string, pass: () => void): Contender {
  pass();
  return {
    name,
    round() {
      const before = process.cpuUsage();
      pass();
      const { user, system } = process.cpuUsage(before);
      return ((user + system) * 1000) / MESSAGES;
    },
  };
}

interface Oracle {
  readonly Kaitai: new (stream: object, parent: null, root: null, layout: number) => object;
  readonly KaitaiStream: new (octets: DataView) => object;
}

/** The bench runs from dist/, where the oracle is not: it belongs to development and is no part of the build. */
function kaitaiParser(): Oracle {
  const root = join(import.meta.dirname, "../../..");
  const require = createRequire(join(root, "package.json"));
  const { Ldmp } = require(join(root, "generated/ldmp/kaitai/Ldmp.cjs")) as { Ldmp: Oracle["Kaitai"] };
  return { Kaitai: Ldmp, KaitaiStream: require("kaitai-struct/KaitaiStream.js") as Oracle["KaitaiStream"] };
}

function ratio(ranking: readonly Ranking[], name: string): number {
  return ranking.find((one) => one.name === name)?.ratio ?? Number.NaN;
}

function atMost(what: string, most: number, measured: number): Goal {
  return { what, wanted: `at most ${most}`, measured, met: measured <= most };
}

function atLeast(what: string, least: number, measured: number): Goal {
  return { what, wanted: `at least ${least}`, measured, met: measured >= least };
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const goals = await benchCodec();
  printGoals(goals);
  if (goals.some(({ met }) => !met)) process.exitCode = 1;
}
