import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

test("the package has the dissector, and nothing of the Kaitai compiler's, which is under the GPL", () => {
  const output = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: join(import.meta.dirname, "../../.."),
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const packed = (JSON.parse(output) as { files: { path: string }[] }[])[0]?.files.map(({ path }) => path) ?? [];
  expect(packed).toContain("generated/ldmp/ldmp.lua");
  expect(packed.filter((path) => /kaitai|\.cjs$/i.test(path))).toEqual([]);
});
