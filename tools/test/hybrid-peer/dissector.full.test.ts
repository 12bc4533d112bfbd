import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { encode } from "../../../generated/hybrid-peer/frame/index.js";
import { capture, type Packet } from "../ldmp/capture.js";
import { needs } from "../needs.js";

const tshark = needs("tshark");
const lua = join(import.meta.dirname, "../../../generated/hybrid-peer/frame/frame.lua");
const port = 4100;

const frame = (header: unknown, payload = "", byteOrder: "big-endian" | "little-endian" = "big-endian"): Uint8Array =>
  encode(
    { version: 1, type: 1, header: Buffer.from(JSON.stringify(header)), payload: Buffer.from(payload) },
    { byteOrder },
  );

describe.skipIf(tshark === undefined)("Wireshark dissector of the R2 frame (needs tshark)", () => {
  const folder = mkdtempSync(join(tmpdir(), "mp2p-tshark-"));
  const file = join(folder, "r2.pcap");
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** One row per segment; several frames of one segment stand side by side. */
  function table(segments: readonly Uint8Array[], fields: readonly string[], ...args: string[]): string[][] {
    const packets = segments.map((payload): Packet => ({ protocol: "tcp", from: 40_000, to: port, payload }));
    writeFileSync(file, capture(packets));
    const shown = fields.flatMap((field) => ["-e", field]);
    const options = ["-o", `hybrid_peer_frame.tcp_port:${port}`, "-o", "tcp.desegment_tcp_streams:TRUE", ...args];
    return execFileSync(
      tshark ?? "",
      ["-r", file, "-X", `lua_script:${lua}`, "-T", "fields", ...shown, "-E", "separator=/t", ...options],
      {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"],
        env: { ...process.env, HOME: folder, XDG_CONFIG_HOME: folder },
      },
    )
      .split("\n")
      .slice(0, -1)
      .map((line) => line.split("\t"));
  }

  const data = {
    "req-code": 6,
    "req-params": {
      operation: { ack: false },
      peer: { "peer-id": 'a"}{;1', sequence: 1 },
      payload: { length: 5, "payload-type": "text/plain" },
      "ext-header-len": 16,
    },
  };

  test("shows the header as JSON, and what follows it", () => {
    expect(
      table(
        [frame(data, '{"app-id":"iot"}hello')],
        [
          "_ws.col.Protocol",
          "hybrid_peer_frame.header_length",
          "json.member",
          "hybrid_peer_frame.payload",
          "_ws.col.Info",
        ],
      ),
    ).toEqual([
      [
        "HYBRID_PEER_FRAME",
        String(JSON.stringify(data).length),
        expect.stringContaining("req-code"),
        Buffer.from('{"app-id":"iot"}hello').toString("hex"),
        JSON.stringify(data).slice(0, 200),
      ],
    ]);
  });

  test("finds frames in a TCP stream wherever segments end, by what their headers announce", () => {
    const frames = [
      frame({ "req-code": 8 }),
      frame(data, '{"app-id":"iot"}hello'),
      frame({ "rsp-code": 11200, "rsp-params": { payload: { length: 3 }, "ext-header-len": 2 } }, "{}abc"),
      frame({ ReqCode: 6, ReqParams: { x: [1, "]", { y: null }], payload: { length: 4 } } }, "abcd"),
      frame({ "rsp-code": 8200 }),
    ];
    const whole = Buffer.concat(frames);
    for (const size of [whole.length, 50, 7]) {
      const segments: Uint8Array[] = [];
      for (let at = 0; at < whole.length; at += size) segments.push(whole.subarray(at, at + size));
      const payloads = table(segments, ["hybrid_peer_frame.header_length"]).flatMap(([list = ""]) => list.split(","));
      expect(payloads.filter(Boolean), `segments of ${size}`).toEqual(
        frames.map((one) => String(Buffer.from(one).readUInt16BE(2))),
      );
    }
  });

  test("reads the little-endian profile when told to", () => {
    const chosen = "hybrid_peer_frame.byte_order:little-endian: Least significant octet first, the profile P20.";
    const rows = table(
      [frame({ ReqCode: 8 }, "", "little-endian")],
      ["hybrid_peer_frame.header_length", "_ws.expert.message"],
      "-o",
      chosen,
    );
    expect(rows).toEqual([["13", ""]]);
  });
});
