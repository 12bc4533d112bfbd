/** Redocly's own checks of the OpenAPI files, by its command, offline. */
import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Problem } from "../model/problem.js";

interface Finding {
  readonly description: string;
  readonly location: { readonly path: string; readonly lines: { readonly begin: number } };
  readonly fingerprint: string;
}

/** @param config a redocly.yaml that lists its `apis` */
export async function runRedocly(config: string): Promise<Problem[]> {
  const command = join(dirname(fileURLToPath(import.meta.resolve("@redocly/cli/package.json"))), "bin", "cli.js");
  const { code, stdout, stderr } = await run(command, ["lint", `--config=${config}`, "--format=codeclimate"]);
  const findings = parse(stdout);
  if (findings === undefined || (code !== 0 && findings.length === 0)) {
    throw new Error(`Redocly did not finish (exit ${code}): ${stderr.trim() || stdout.trim()}`);
  }
  return findings.map(({ description, location, fingerprint }) => ({
    position: { file: location.path, line: location.lines.begin, column: 1 },
    message: `${description} (Redocly: ${fingerprint.split("-#")[0] ?? fingerprint})`,
  }));
}

function parse(stdout: string): Finding[] | undefined {
  if (stdout.trim() === "") return [];
  try {
    return JSON.parse(stdout) as Finding[];
  } catch {
    return undefined;
  }
}

function run(command: string, args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true", NO_COLOR: "1" };
  return new Promise((resolve) => {
    execFile(process.execPath, [command, ...args], { env, maxBuffer: 1 << 24 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : 2;
      resolve({ code, stdout, stderr });
    });
  });
}
