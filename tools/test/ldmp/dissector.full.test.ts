import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { Code, codeName, encode, type LdmpMessage, PayloadType, profile, Type } from "../../../generated/ldmp/index.js";
import { needs } from "../needs.js";
import { capture, type Packet } from "./capture.js";
import { emitKsy } from "./compile-ksy.js";
import { FRAME } from "./probe-spec.js";

const tshark = needs("tshark");
const lua = join(import.meta.dirname, "../../../generated/ldmp/ldmp.lua");
const port = profile.transports.udp.port;

const message = (change: Partial<LdmpMessage>): LdmpMessage => ({
  version: 1,
  type: Type.acknowledgementRequired,
  payloadType: PayloadType.none,
  reserved: 0,
  code: Code.get,
  messageId: 0x1234,
  sourceId: 7,
  destinationId: 9,
  payload: undefined,
  ...change,
});

const text = (value: string): Partial<LdmpMessage> => ({
  payloadType: PayloadType.text,
  payload: new TextEncoder().encode(value),
});

describe.skipIf(tshark === undefined)("Wireshark dissector (needs tshark)", () => {
  const folder = mkdtempSync(join(tmpdir(), "mp2p-tshark-"));
  const file = join(folder, "ldmp.pcap");
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  let script = lua;
  const run = (packets: readonly Packet[], ...args: string[]): string => {
    writeFileSync(file, capture(packets));
    return execFileSync(
      tshark ?? "",
      ["-r", file, "-X", `lua_script:${script}`, "-o", "tcp.desegment_tcp_streams:TRUE", ...args],
      {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"],
        env: { ...process.env, HOME: folder, XDG_CONFIG_HOME: folder },
      },
    );
  };

  /** One row per packet; several messages of one packet stand side by side. */
  const table = (packets: readonly Packet[], fields: readonly string[], ...args: string[]): string[][] =>
    run(packets, "-T", "fields", ...fields.flatMap((field) => ["-e", field]), "-E", "separator=/t", ...args)
      .split("\n")
      .slice(0, -1)
      .map((line) => line.split("\t"));

  const udp = (payload: Uint8Array, to: number = port): Packet => ({ protocol: "udp", from: 40_000, to, payload });
  const tcp = (payload: Uint8Array): Packet => ({ protocol: "tcp", from: 40_001, to: port, payload });

  const numbers = [
    "ldmp.version",
    "ldmp.type",
    "ldmp.payload_type",
    "ldmp.reserved",
    "ldmp.code",
    "ldmp.code_class",
    "ldmp.code_detail",
    "ldmp.message_id",
    "ldmp.source_id",
    "ldmp.destination_id",
    "ldmp.length",
    "ldmp.payload",
    "ldmp.payload_text",
  ];

  test("shows every field of a datagram", () => {
    const rows = table(
      [
        udp(encode(message({}))),
        udp(encode(message({ type: 2, code: Code.unsupportedContentFormat, reserved: 3 }))),
        udp(encode(message({ type: 1, code: Code.post, ...text("21.5 °C") }))),
        udp(encode(message({ code: Code.put, payloadType: PayloadType.binary, payload: Uint8Array.of(0, 255) }))),
        udp(encode(message({ code: Code.put, payloadType: PayloadType.text, payload: new Uint8Array(0) }))),
      ],
      numbers,
    );
    expect(rows).toEqual([
      ["1", "0", "0", "0", "0x01", "0", "1", "4660", "7", "9", "", "", ""],
      ["1", "2", "0", "3", "0x8f", "4", "15", "4660", "7", "9", "", "", ""],
      ["1", "1", "3", "0", "0x02", "0", "2", "4660", "7", "9", "8", "32312e3520c2b043", "21.5 °C"],
      ["1", "0", "2", "0", "0x03", "0", "3", "4660", "7", "9", "2", "00ff", ""],
      ["1", "0", "3", "0", "0x03", "0", "3", "4660", "7", "9", "0", "", ""],
    ]);
  });

  test("names every listed code, and writes the others as class.detail", () => {
    const codes = [...Object.values(Code), 0x9f, 0x00];
    const rows = table(
      codes.map((code) => udp(encode(message({ code })))),
      ["_ws.col.Protocol", "_ws.col.Info"],
    );
    expect(rows).toEqual(
      codes.map((code) => ["LDMP", `${codeName(code)}, Message ID 4660, Source ID 7, Destination ID 9`]),
    );
  });

  test("finds messages in a TCP stream wherever segments end", () => {
    const sent = [
      message({}),
      message({ code: Code.post, ...text("x".repeat(3_000)), messageId: 2 }),
      message({ messageId: 3 }),
    ];
    const whole = Buffer.concat(sent.map((one) => encode(one)));
    for (const size of [whole.length, 1_000, 7]) {
      const segments: Packet[] = [];
      for (let at = 0; at < Math.min(whole.length, size * 600); at += size)
        segments.push(tcp(whole.subarray(at, at + size)));
      const ids = table(segments, ["ldmp.message_id", "ldmp.length"])
        .flatMap(([id = ""]) => id.split(","))
        .filter(Boolean);
      expect(ids, `segments of ${size}`).toEqual(["4660", "2", "3"]);
    }
  });

  test("marks what is not as specified", () => {
    const rows = table(
      [
        udp(Uint8Array.of(0x80, 1, 0, 0, 0, 0, 0, 0)),
        udp(Uint8Array.of(0x70, 1, 0, 0, 0, 0, 0, 0)),
        udp(Uint8Array.of(0x48, 1, 0, 0, 0, 0, 0, 0, 0, 9, 1)),
        udp(Uint8Array.of(0x40, 1, 0)),
        udp(Buffer.concat([encode(message({})), Uint8Array.of(0, 0)])),
      ],
      ["_ws.expert.message"],
    );
    expect(rows.flat()).toEqual([
      "version has a value that is not allowed",
      "type has a value that is not allowed",
      "the message breaks off: 8 octets are missing",
      "the message breaks off: 5 octets are missing",
      "2 octets behind the message",
    ]);
  });

  test("reads layout B when told to", () => {
    const packets = [udp(encode(message({}), { layout: "B" }))];
    expect(
      table(
        packets,
        ["ldmp.length", "_ws.expert.message"],
        "-o",
        "ldmp.layout:B: Ten octets of header, the length always among them.",
      ),
    ).toEqual([["0", ""]]);
  });

  test("takes another port when told to, and guesses only when told to", () => {
    const packets = [
      udp(encode(message({ ...text("a") })), 7_777),
      udp(Uint8Array.of(0x40, 0xff, 0, 0, 0, 0, 0, 0), 7_777),
    ];
    expect(table(packets, ["ldmp.code"])).toEqual([[""], [""]]);
    expect(table(packets, ["ldmp.code"], "-o", "ldmp.udp_port:7777")).toEqual([["0x01"], ["0xff"]]);
    expect(table(packets, ["ldmp.code"], "-o", "ldmp.guess:TRUE")).toEqual([["0x01"], [""]]);
  });

  test("dissects everything in the subset, little-endian fields and spanning bits too", async () => {
    const files = await emitKsy(FRAME);
    script = join(folder, "probe.lua");
    writeFileSync(script, files.get("probe/probe.lua") ?? "");
    try {
      const octets = Buffer.from(
        "6d70 6005 abc1 06000000 0102 01 0a0b deadbeef 0f000000 0102 0001 aa 0200".replaceAll(" ", ""),
        "hex",
      );
      const fields = [
        "magic",
        "kind",
        "hops",
        "flags",
        "end",
        "total",
        "body",
        "key",
        "digest",
        "stamp",
        "at",
        "note",
        "class",
      ];
      const rows = table(
        [udp(octets)],
        fields.map((field) => `probe.${field}`),
        "-o",
        `probe.udp_port:${port}`,
      );
      const shown = ["28016", "3", "5", "2748", "1", "6", "0102", "0a0b", "deadbeef", "15", "258", "aa", "2"];
      expect(rows).toEqual([shown]);
    } finally {
      script = lua;
    }
  });
});
