import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { openSqliteStore } from "./sqlite-store.js";

const directory = mkdtempSync(join(tmpdir(), "mp2p-kill-"));
afterAll(() => rmSync(directory, { recursive: true }));

const loader = fileURLToPath(new URL("../../tools/test/run-typescript.mjs", import.meta.url));
const writer = fileURLToPath(new URL("./test/writer.ts", import.meta.url));

/** Runs a writer, kills it `ms` after its first acknowledgements, and gives the rows it acknowledged. */
async function writeAndKill(path: string, from: number, ms: number): Promise<number[]> {
  const child = spawn(process.execPath, ["--import", loader, writer, path, String(from)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  await expect.poll(() => output.length, { timeout: 30_000 }).toBeGreaterThan(200);
  setTimeout(() => child.kill("SIGKILL"), ms);
  const [, signal] = await once(child, "close");
  expect(signal).toBe("SIGKILL");
  return output.split("\n").slice(0, -1).map(Number);
}

test("kill -9 at any moment loses no acknowledged write, and the file opens again", { timeout: 90_000 }, async () => {
  const path = join(directory, "killed.db");
  const acknowledged = new Set<number>();
  let from = 0;
  for (let round = 0; round < 3; round++) {
    const rows = await writeAndKill(path, from, Math.random() * 120);
    for (const row of rows) acknowledged.add(row);

    const store = openSqliteStore(path);
    const found = new Map(store.table<{ n: number; padding: string }>("rows").load());
    await store.close();
    from = Math.max(...acknowledged, ...[...found.values()].map(({ n }) => n)) + 1;
    for (const [key, { n, padding }] of found) {
      expect(key).toBe(`row-${n}`);
      expect(padding).toHaveLength(n % 700);
    }
    // Each third write deletes the row 1500 before it; a later one that was never acknowledged may have done so too.
    const missing = [...acknowledged].filter((n) => !found.has(`row-${n}`) && (n + 1500) % 3 !== 0);
    expect(missing).toEqual([]);
    const revived = [...acknowledged].filter((n) => n % 3 === 0 && found.has(`row-${n - 1500}`));
    expect(revived).toEqual([]);
  }
});
