import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { needs } from "../../tools/test/needs.js";
import type { Finding } from "./stage/direct.js";

const loader = fileURLToPath(new URL("../../tools/test/run-typescript.mjs", import.meta.url));
const main = fileURLToPath(new URL("main.ts", import.meta.url));

async function perform(service: string, ...options: string[]): Promise<Finding[]> {
  const args = ["--import", loader, main, service, "--json", ...options];
  const { stdout } = await promisify(execFile)(process.execPath, args).catch((error: { stdout?: string }) => {
    if (error.stdout) return { stdout: error.stdout };
    throw error;
  });
  return JSON.parse(stdout) as Finding[];
}

const broken = (findings: readonly Finding[]) => findings.filter(({ holds }) => !holds);

describe("the services of Q.4100 [9], each peer as a process of its own", () => {
  test("IoT data streaming [9.1]: what is kept and shown is what was measured", async () => {
    const findings = await perform("iot");
    expect(broken(findings)).toEqual([]);
    expect(findings).toHaveLength(7);
  });

  test("blockchain [9.2]: one chain everywhere, each transaction in it once", async () => {
    const findings = await perform("blockchain");
    expect(broken(findings)).toEqual([]);
    expect(findings).toHaveLength(5);
  });

  test.skipIf(!needs("ffmpeg") || !needs("ffprobe"))(
    "live multimedia [9.3]: every frame in both directions (needs ffmpeg)",
    async () => {
      const findings = await perform("multimedia", "--seconds", "4");
      expect(broken(findings)).toEqual([]);
      expect(findings).toHaveLength(22);
    },
  );
});
