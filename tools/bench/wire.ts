/**
 * What a relay of the core tree does to each message of 1 KiB: understands the frame, and hands its octets on. Against the parsing of the same
 * JSON alone, below which no reader of these frames can come that looks at each header.
 *
 * Alone: npx tsc -p tools/bench && node dist/tools/bench/wire.js
 */
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { BroadcastData } from "../../impl/hybrid-peer/core/message.js";
import { profiles } from "../../impl/hybrid-peer/wire/profile.js";
import { type Contender, compare, type Goal, printGoals, printRanking } from "./rounds.js";

const ROUNDS = 25;
const MESSAGES = 50_000;
const BATCH = 50;

const data = (source: number, sequence: number): BroadcastData => ({
  code: 6,
  ack: false,
  candidatePath: false,
  data: {
    source: `peer-${source};1668123456789`,
    sequence,
    payloadType: "application/octet-stream",
    appId: "iot",
    payload: Uint8Array.from({ length: 1024 }, (_, at) => at & 0xff),
  },
});

export async function benchWire(): Promise<Goal[]> {
  const { encode, decode, createDecoder } = profiles.p23;
  const own = data(17, 123_456);
  // As a socket hands it over.
  const frame = Buffer.from(encode(own));
  const header = frame.toString("utf8", 4, 4 + frame.readUInt16BE(2));
  const extension = JSON.stringify({ "app-id": "iot" });
  const oneSource = Buffer.concat(Array.from({ length: BATCH }, (_, at) => encode(data(17, 1000 + at))));
  const manySources = Buffer.concat(Array.from({ length: BATCH }, (_, at) => encode(data(at, 1000 + at))));
  let octets = 0;
  const stream = (chunk: Buffer): (() => void) => {
    const decoder = createDecoder({ maxFrame: 65_536 });
    return () => {
      for (let i = 0; i < MESSAGES; i += BATCH) for (const one of decoder.push(chunk)) octets += encode(one).length;
    };
  };
  const ranking = await compare(
    [
      contender("JSON.parse of the header and the extension header", () => {
        for (let i = 0; i < MESSAGES; i++) {
          octets +=
            Object.keys(JSON.parse(header) as object).length + Object.keys(JSON.parse(extension) as object).length;
        }
      }),
      contender("a frame, decoded and handed on", () => {
        for (let i = 0; i < MESSAGES; i++) octets += encode(decode(frame)).length;
      }),
      contender("a stream of one source, the same", stream(oneSource)),
      contender("a stream of 50 sources in turn, the same", stream(manySources)),
      contender("a message of one's own, encoded", () => {
        for (let i = 0; i < MESSAGES; i++) octets += encode(own).length;
      }),
    ],
    { rounds: ROUNDS, reference: "JSON.parse of the header and the extension header" },
  );
  if (octets === 0) throw new Error("nothing was made");
  printRanking("A frame of R2 with 1 KiB of data (P23)", "ns", ranking);
  const of = (name: string) => ranking.find((one) => one.name === name) ?? { ratio: Number.NaN, median: Number.NaN };
  const goal = (what: string, most: number, measured: number): Goal => ({
    what,
    wanted: `at most ${most}`,
    measured,
    met: measured <= most,
  });
  return [
    goal("R2: a frame decoded and handed on, microseconds", 3, of("a frame, decoded and handed on").median / 1000),
    goal("R2: a frame decoded and handed on, times JSON.parse alone", 3, of("a frame, decoded and handed on").ratio),
    goal("R2: a stream of one source, times JSON.parse alone", 1, of("a stream of one source, the same").ratio),
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

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const goals = await benchWire();
  printGoals(goals);
  if (goals.some(({ met }) => !met)) process.exitCode = 1;
}
