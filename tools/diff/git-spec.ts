/** A spec folder as it was at a git revision, written out to be read like any other. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

/**
 * @param revision `HEAD~1`, `v1.0`, or `REVISION:FOLDER`
 * @returns the folder written, or undefined if git knows no such revision or it has no such folder
 */
export function extractRevision(revision: string, cwd: string): string | undefined {
  const [rev = "", folder = "spec"] = revision.split(":");
  if (rev.startsWith("-")) return undefined;
  const listing = git(["ls-tree", "-r", "-z", `${rev}:${folder}`], cwd);
  if (listing === undefined) return undefined;
  const entries = listing
    .toString("utf8")
    .split("\0")
    .flatMap((line) => {
      const [, type, rest] = line.split(" ", 3);
      const [hash, path] = (rest ?? "").split("\t");
      return type === "blob" && hash !== undefined && path !== undefined ? [{ hash, path }] : [];
    });
  const contents = git(["cat-file", "--batch"], cwd, entries.map(({ hash }) => `${hash}\n`).join(""));
  if (contents === undefined) return undefined;
  const target = join(mkdtempSync(join(tmpdir(), "mp2p-revision-")), basename(folder));
  let offset = 0;
  for (const { path } of entries) {
    // `<hash> blob <size>\n<octets>\n`
    const end = contents.indexOf(10, offset);
    const size = Number(contents.toString("latin1", offset, end).split(" ")[2]);
    const file = join(target, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, contents.subarray(end + 1, end + 1 + size));
    offset = end + 1 + size + 1;
  }
  return target;
}

function git(args: readonly string[], cwd: string, input?: string): Buffer | undefined {
  const result = spawnSync("git", args, { cwd, input, maxBuffer: 1 << 28, stdio: ["pipe", "pipe", "ignore"] });
  return result.status === 0 ? result.stdout : undefined;
}
