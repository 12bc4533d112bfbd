import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { needs } from "../../../tools/test/needs.js";
import { readBundle } from "../../bundle/reader.js";
import { record } from "../../bundle/record.js";
import type { RunResult } from "../../engine/result.js";
import type { RunOptions } from "../../engine/runner.js";
import { writePcap } from "../../pcap/capture.js";
import { judge } from "../homs/judge.js";
import { mutants } from "../homs/mutants.js";
import { judgeDataSource } from "../ldmp/judge-data-source.js";
import { judgeSourcePeer } from "../ldmp/judge-source-peer.js";
import { sourcePeerMutants } from "../ldmp/source-peer-mutants.js";

const tshark = needs("tshark");
const lua = join(import.meta.dirname, "../../../generated/ldmp/ldmp.lua");

describe.skipIf(tshark === undefined)("the capture of a whole run opens in Wireshark (needs tshark)", () => {
  const folder = mkdtempSync(join(tmpdir(), "mp2p-tshark-"));
  const capture = join(folder, "run.pcapng");
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const show = (...args: string[]): string[] =>
    execFileSync(tshark ?? "", ["-r", capture, ...args], {
      encoding: "utf8",
      maxBuffer: 256 * 1024 * 1024,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, HOME: folder, XDG_CONFIG_HOME: folder },
    })
      .split("\n")
      .slice(0, -1);

  const capturing = async (run: (judge: (options: RunOptions) => Promise<RunResult>) => Promise<RunResult>) => {
    const bundle = join(folder, "run.bundle");
    const result = await run((options) => record(bundle, options));
    writePcap(capture, readBundle(bundle), result);
    return result;
  };

  /** What Wireshark finds wrong with the packets themselves; that ports come again is true. */
  const faults =
    "tcp.analysis.flags && !tcp.analysis.keep_alive && !tcp.analysis.reused_ports || ip.checksum.status == Bad || tcp.checksum.status == Bad || udp.checksum.status == Bad";
  const checked = ["-o", "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE"];

  test("over HTTP: no packet is faulty, and each clause that is broken is found by its comment", async () => {
    const mutant = mutants[3];
    const result = await capturing((run) => judge(mutant?.twist ?? {}, { run }));
    const port = new URL(result.target).port;
    expect(show(...checked, "-Y", faults)).toEqual([]);
    const requests = show(
      "-d",
      `tcp.port==${port},http`,
      "-Y",
      "http.request",
      "-T",
      "fields",
      "-e",
      "http.request.uri",
    );
    expect(requests.length).toBeGreaterThan(500);
    expect(requests).toContain("/homs");
    for (const { id, failures } of result.cases) {
      for (const { clauses, actual } of failures) {
        const found = show(
          "-Y",
          `frame.comment contains "FAILED ${id}: ${clauses[0]}"`,
          "-T",
          "fields",
          "-e",
          "frame.comment",
        );
        expect(found.length).toBeGreaterThan(0);
        expect(found.join()).toContain(actual.slice(0, 20));
      }
    }
    expect(result.cases.some(({ verdict }) => verdict === "fail")).toBe(true);
  });

  test("over LDMP: the dissector that the spec generates reads every sound message", async () => {
    const mutant = sourcePeerMutants.find(({ what }) => what === "writes Length little-endian");
    const result = await capturing((run) => judgeSourcePeer(mutant?.quirks() ?? {}, { run }));
    const port = new URL(result.target).port;
    const ldmp = [...checked, "-X", `lua_script:${lua}`, "-d", `udp.port==${port},ldmp`];
    expect(show(...ldmp, "-Y", faults)).toEqual([]);
    const codes = show(...ldmp, "-Y", "ldmp", "-T", "fields", "-e", "ldmp.code");
    expect(codes.length).toBeGreaterThan(500);
    const marked = show(
      ...ldmp,
      "-Y",
      'frame.comment contains "FAILED" && frame.comment contains "X.609.8 8.1"',
      "-T",
      "fields",
      "-e",
      "ldmp.source_id",
      "-e",
      "frame.comment",
    );
    expect(marked.length).toBeGreaterThan(0);
    expect(marked.join()).toContain("at octet 8");
  });

  test("over LDMP on a stream, where the product calls", async () => {
    await capturing((run) => judgeDataSource("", { transport: "tcp", only: ["ldmp-data-source/registration"], run }));
    const rows = show(...checked, "-T", "fields", "-e", "tcp.flags.syn", "-e", "tcp.len");
    expect(rows.filter((row) => row.startsWith("True") || row.startsWith("1")).length).toBeGreaterThan(3);
    expect(show(...checked, "-Y", faults)).toEqual([]);
  });
});
