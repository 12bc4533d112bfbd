import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readBundle } from "../../bundle/reader.js";
import { record } from "../../bundle/record.js";
import type { RunResult } from "../../engine/result.js";
import { writePcap } from "../../pcap/capture.js";
import { TcpConnection, udpPacket } from "../../pcap/packets.js";
import { beginning, packetBlock } from "../../pcap/pcapng.js";
import { judge } from "../homs/judge.js";
import { leaks } from "../homs/mutants.js";
import { judgeSourcePeer } from "../ldmp/judge-source-peer.js";
import { sourcePeerMutants } from "../ldmp/source-peer-mutants.js";
import type { Captured } from "./parse-pcapng.js";
import { parsePcapng } from "./parse-pcapng.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pcap-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function captured(
  run: (path: string) => Promise<RunResult>,
): Promise<{ result: RunResult; packets: Captured[] }> {
  const [bundle, capture] = [join(folder, "run.bundle"), join(folder, "run.pcapng")];
  const result = await run(bundle);
  writePcap(capture, readBundle(bundle), result);
  return { result, packets: parsePcapng(readFileSync(capture)) };
}

const SYN = 2;
const FIN = 1;

describe("the capture of a run over HTTP", () => {
  let result: RunResult;
  let packets: Captured[];
  const leak = leaks[0];
  beforeAll(async () => {
    ({ result, packets } = await captured((path) =>
      judge(leak?.twist ?? {}, { only: ["homs/creation/accepted", leak?.breaks ?? ""], run: (o) => record(path, o) }),
    ));
  });

  test("has each exchange on a connection with a beginning, an end, and no gaps", () => {
    const open = new Map<string, Captured[]>();
    const streams: Captured[][] = [];
    for (const one of packets) {
      const key = [one.from, one.to].sort().join();
      // A port may come again.
      if (one.flags === SYN) open.set(key, streams[streams.push([]) - 1] ?? []);
      open.get(key)?.push(one);
    }
    expect(streams.flat()).toHaveLength(packets.length);
    expect(streams.length).toBeGreaterThan(5);
    for (const stream of streams) {
      expect(stream[0]?.flags).toBe(SYN);
      expect(stream.filter(({ flags }) => flags & FIN)).toHaveLength(2);
      const next = new Map<string, number>();
      for (const { from, sequence, flags, payload } of stream) {
        expect(sequence).toBe(next.get(from) ?? sequence);
        next.set(from, (sequence + payload.length + (flags & (SYN | FIN) ? 1 : 0)) % 2 ** 32);
      }
    }
  });

  test("has true times", () => {
    const micros = packets.map((one) => one.micros);
    expect([...micros].sort((a, b) => Number(a - b))).toEqual(micros);
    const began = BigInt(Date.parse(result.started)) * 1000n;
    expect(micros.every((one) => one >= began && one <= began + BigInt(result.milliseconds + 1) * 1000n)).toBe(true);
  });

  test("says of each message which case it belongs to, and at the message what is wrong with it", () => {
    const said = packets.filter(({ payload }) => payload.length > 0);
    expect(said.every(({ comments }) => comments.length > 0)).toBe(true);
    const failing = result.cases.find(({ verdict }) => verdict === "fail");
    const [failure] = failing?.failures ?? [];
    const marked = said.filter(({ comments }) => comments.some((one) => one.startsWith("FAILED")));
    expect(marked).toHaveLength(result.cases.flatMap(({ failures }) => failures).length);
    const text = marked[0]?.comments.join("\n") ?? "";
    for (const part of [failing?.id, ...(failure?.clauses ?? []), failure?.what, "fail"]) expect(text).toContain(part);
    const judged = failing?.transcript[failure?.entry ?? -1];
    expect(judged?.text).toContain(marked[0]?.payload.toString());
  });
});

test("the capture of a run over LDMP marks the datagram that breaks a rule, and its failure says at which octet", async () => {
  const mutant = sourcePeerMutants.find(({ what }) => what === "writes Length little-endian");
  const only = ["ldmp-source-peer/registration/accepted", "ldmp-source-peer/header/length"];
  const { result, packets } = await captured((path) =>
    judgeSourcePeer(mutant?.quirks() ?? {}, { only, run: (o) => record(path, o) }),
  );
  const failure = result.cases.flatMap(({ failures }) => failures)[0];
  expect(failure).toMatchObject({ what: "Length of a message with payload", offset: 8 });
  const marked = packets.filter(({ comments }) => comments.some((one) => one.startsWith("FAILED")));
  expect(marked).toHaveLength(1);
  expect(marked[0]?.protocol).toBe("udp");
  const length = marked[0]?.payload.readUInt16LE(8);
  expect(length).toBe((marked[0]?.payload.length ?? 0) - 10);
  expect(marked[0]?.comments.join()).toContain("at octet 8");
});

test.each([
  ["IPv4", "127.0.0.1", "192.0.2.7"],
  ["IPv6", "::1", "2001:db8::17:2"],
  ["both", "::ffff:192.0.2.1", "2001:db8::17:2"],
])("packets over %s have right lengths and checksums, whatever their size", (_, a, b) => {
  const [here, there] = [
    { host: a, port: 40_000 },
    { host: b, port: 7_609 },
  ];
  const stream = new TcpConnection(here, there, 5);
  const sizes = [0, 1, 2, 255, 1400, 1460, 1461, 5000];
  const packets = [
    ...sizes.map((size) => udpPacket(here, there, Buffer.alloc(size, 0xa5))),
    ...stream.open(),
    ...sizes.flatMap((size) => stream.send(size % 2 === 0 ? 0 : 1, Buffer.alloc(size, 0x5a))),
    ...stream.close(1),
    ...stream.close(0),
  ];
  const file = Buffer.concat([
    beginning("test"),
    ...packets.map((one, index) => packetBlock(BigInt(index), one, ["é", "x".repeat(index)])),
  ]);
  const read = parsePcapng(file);
  expect(read).toHaveLength(packets.length);
  expect(read.slice(0, sizes.length).map(({ payload }) => payload.length)).toEqual(sizes);
  expect(read.slice(sizes.length).reduce((all, { payload }) => all + payload.length, 0)).toBe(
    sizes.reduce((all, size) => all + size),
  );
  expect(read.every(({ comments }, index) => comments[1] === "x".repeat(index))).toBe(true);
});
