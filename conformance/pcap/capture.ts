import { closeSync, openSync, writeSync } from "node:fs";
import type { Bundle } from "../bundle/reader.js";
import type { RunResult } from "../engine/result.js";
import { commentsOf } from "./comments.js";
import { passagesOf } from "./flows.js";
import { beginning, packetBlock } from "./pcapng.js";

/** Writes a recorded run as a capture, with what was judged in the comments of its packets. */
export function writePcap(path: string, { header, log }: Bundle, result: RunResult): void {
  const passages = passagesOf(log);
  const comments = commentsOf(log, passages, result.cases);
  const started = BigInt(Date.parse(header.started)) * 1000n;
  const file = openSync(path, "w");
  try {
    writeSync(file, beginning(`${header.suite} conformance ${header.entity}`));
    for (const one of passages) {
      const micros = started + BigInt(Math.round(one.at * 1000));
      const said = comments.get(one) ?? [];
      for (const [index, packet] of one.packets.entries()) {
        writeSync(file, packetBlock(micros, packet, index === 0 ? said : said.slice(0, 1)));
      }
    }
  } finally {
    closeSync(file);
  }
}
