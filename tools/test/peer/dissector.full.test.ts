import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { encode, type PeerFrameMessage, typeValues } from "../../../generated/peer/frame/index.js";
import { capture, type Packet } from "../ldmp/capture.js";
import { emitKsy } from "../ldmp/compile-ksy.js";
import { COMPOUND } from "../ldmp/probe-spec.js";
import { needs } from "../needs.js";

const tshark = needs("tshark");
const port = 7_777;
const fill = (octets: number): Uint8Array => new Uint8Array(octets).fill(0xab);
const runs = [
  { first: 7, count: 2 },
  { first: Number.MAX_SAFE_INTEGER, count: 1 },
];

const messages: PeerFrameMessage[] = [
  {
    type: "hello",
    overlayId: "o1",
    peerId: "pé",
    role: "virtual-peer",
    publicKey: fill(32),
    nonce: fill(32),
    sessionKey: "",
  },
  { type: "proof", signature: fill(64) },
  { type: "buffermap", first: 5, bits: fill(2) },
  { type: "have", runs },
  { type: "request", runs },
  { type: "cancel", runs: [] },
  { type: "descriptors", first: 1, items: [{ size: 3, time: 4, digest: fill(32), last: true }], signature: fill(64) },
  { type: "fragment", index: 9, offset: 1, size: 4, payload: Uint8Array.of(1, 2, 3) },
  { type: "refuse", reason: "busy", runs },
  { type: "receipt", body: fill(3), signature: fill(64) },
  { type: "keep-alive" },
  { type: "bye", reason: "silent" },
];

describe.skipIf(tshark === undefined)("Wireshark dissector of R10 (needs tshark)", () => {
  const folder = mkdtempSync(join(tmpdir(), "mp2p-tshark-"));
  const file = join(folder, "peer.pcap");
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  let script = join(import.meta.dirname, "../../../generated/peer/frame/frame.lua");
  let protocol = "peer_frame";
  /** One row per packet; several messages of one packet stand side by side. */
  const table = (packets: readonly Packet[], fields: readonly string[]): string[][] => {
    writeFileSync(file, capture(packets));
    const options = [
      "-X",
      `lua_script:${script}`,
      "-o",
      "tcp.desegment_tcp_streams:TRUE",
      "-o",
      `${protocol}.tcp_port:${port}`,
    ];
    const args = [
      "-r",
      file,
      ...options,
      "-T",
      "fields",
      ...fields.flatMap((field) => ["-e", field]),
      "-E",
      "separator=/t",
    ];
    const environment = { ...process.env, HOME: folder, XDG_CONFIG_HOME: folder };
    const rows = execFileSync(tshark ?? "", args, {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      env: environment,
    });
    return rows
      .split("\n")
      .slice(0, -1)
      .map((line) => line.split("\t"));
  };
  const tcp = (payload: Uint8Array): Packet => ({ protocol: "tcp", from: 40_001, to: port, payload });

  test("names every type of message", () => {
    const rows = table(
      messages.map((message) => tcp(encode(message))),
      ["_ws.col.Protocol", "peer_frame.type", "_ws.col.Info", "_ws.expert.message"],
    );
    expect(rows).toEqual(messages.map(({ type }) => ["PEER_FRAME", String(typeValues[type]), type, ""]));
  });

  test("shows the fields of a message, those of lists too", () => {
    const [hello, , , , request] = messages.map((message) => tcp(encode(message)));
    if (hello === undefined || request === undefined) throw new Error("no messages");
    expect(
      table([hello], ["peer_frame.hello.overlay_id", "peer_frame.hello.peer_id", "peer_frame.hello.role"]),
    ).toEqual([["o1", "pé", "2"]]);
    expect(table([request], ["peer_frame.request.runs_count", "peer_frame.run.first", "peer_frame.run.count"])).toEqual(
      [["2", `7,${Number.MAX_SAFE_INTEGER}`, "2,1"]],
    );
  });

  test("finds messages in a stream wherever segments end", () => {
    const payload = fill(100_000);
    const fragment: PeerFrameMessage = { type: "fragment", index: 9, offset: 0, size: payload.length, payload };
    const stream = Buffer.concat([fragment, ...messages].map((message) => encode(message)));
    for (const size of [1_400, 20_000]) {
      const segments: Packet[] = [];
      for (let at = 0; at < stream.length; at += size) segments.push(tcp(stream.subarray(at, at + size)));
      const types = table(segments, ["peer_frame.type"]).flatMap(([type = ""]) => type.split(",").filter(Boolean));
      expect(types, `segments of ${size}`).toEqual([7, ...messages.map(({ type }) => typeValues[type])].map(String));
    }
  });

  test("marks what is not as specified", () => {
    const wrong = [
      [0, 0, 0, 2, 2, 10],
      [0, 0, 0, 2, 1, 99],
      [0, 0, 0, 3, 1, 11, 99],
      [0, 0, 0, 3, 1, 10, 0],
      [0, 0, 0, 4, 1, 3, 0, 1],
    ];
    const rows = wrong.map((octets) => table([tcp(Uint8Array.from(octets))], ["_ws.expert.message"]).flat());
    expect(rows).toEqual([
      ["version has a value that is not allowed"],
      ["type has a value that is not allowed"],
      ["reason has a value that is not allowed"],
      ["1 octets behind the message"],
      ["run breaks off"],
    ]);
  });

  test("dissects everything that messages of several types may be made of", async () => {
    script = join(folder, "probe.lua");
    protocol = "probe";
    writeFileSync(script, (await emitKsy(COMPOUND)).get("probe/probe.lua") ?? "");
    const packets = [
      "6d70 0001 0000001b 07 0003 00000004 0000000000000008 01 05 0009",
      "6d70 0002 0000000f 00 74 0003 ff 7a7a",
      "6d70 0102 0000000f 01 01 0000 02 0009",
    ].map((hex) => tcp(Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex"))));
    const fields = [
      "end",
      "numbers.one",
      "numbers.eight",
      "pair.x",
      "pair.class",
      "texts.title",
      "texts.key",
      "texts.function",
    ];
    const rows = table(packets, [...fields.map((field) => `probe.${field}`), "_ws.expert.message"]);
    expect(rows).toEqual([
      ["1", "7", "8", "5", "9", "", "", "", ""],
      ["2", "", "", "", "", "t", "ff", "zz", ""],
      ["258", "", "", "1,2", "0,9", "", "", "", ""],
    ]);
  });
});
