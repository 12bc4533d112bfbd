import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { needs } from "../../tools/test/needs.js";
import type { Finding } from "./stage/direct.js";

/** As `npm run test:full` has just built it: two dozen processes that each compile TypeScript would be measured for that alone. */
const main = fileURLToPath(new URL("../../dist/impl/services/main.js", import.meta.url));

async function perform(service: string, ...options: string[]): Promise<Finding[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [main, service, "--json", ...options]).catch(
    (error: { stdout?: string }) => {
      if (error.stdout) return { stdout: error.stdout };
      throw error;
    },
  );
  return JSON.parse(stdout) as Finding[];
}

const broken = (findings: readonly Finding[]) => findings.filter(({ holds }) => !holds);

describe("data streaming [X.609.10 7], each entity as a process of its own", () => {
  test("sensors: what arrives at 20 peers is what was posted, in order", async () => {
    const findings = await perform("sensors");
    expect(broken(findings)).toEqual([]);
    expect(findings).toHaveLength(23);
  });

  test("a file of 100 MB to 20 peers, some of them and the OMS killed", async () => {
    const findings = await perform("file");
    expect(broken(findings)).toEqual([]);
    expect(findings).toHaveLength(5);
  });

  test.skipIf(!needs("ffmpeg") || !needs("ffprobe"))(
    "a live video over RTP and a cache server, playable at every peer (needs ffmpeg)",
    async () => {
      const findings = await perform("live-video");
      expect(broken(findings)).toEqual([]);
      expect(findings).toHaveLength(11);
    },
  );

  test("each figure of X.609.1 [8] and X.609.10 [7.1]", async () => {
    const findings = await perform("figures");
    expect(broken(findings)).toEqual([]);
    expect(findings).toHaveLength(14);
  });

  test("free-riders, liars, corrupters and a slow majority", async () => {
    const findings = await perform("trust");
    expect(broken(findings)).toEqual([]);
    expect(findings).toHaveLength(9);
  });
});
