import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { diffSpecs } from "./spec-diff.js";
import { openapi } from "./test/spec-folder.js";

describe("spec diff between git revisions and folders", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "mp2p-git-"));
    mkdirSync(join(folder, "spec/p"), { recursive: true });
    const write = (type: string): void =>
      writeFileSync(
        join(folder, "spec/p/openapi.yaml"),
        openapi(`    Tür: { type: ${type}, description: "ü" }`.replace("Tür", "Door")),
      );
    const git = (...args: string[]): void => {
      const identity = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"];
      const { status, stderr } = spawnSync("git", [...identity, ...args], { cwd: folder, encoding: "utf8" });
      if (status !== 0) throw new Error(stderr);
    };
    git("init", "-q");
    write("string");
    git("add", ".");
    git("commit", "-q", "-m", "one");
    write("number");
    git("commit", "-q", "-a", "-m", "two");
    write("boolean");
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ["HEAD~1", "HEAD", ["type string → number"]],
    ["HEAD", "spec", ["type number → boolean"]],
    ["HEAD~1:spec", "spec", ["type string → boolean"]],
    ["HEAD", "HEAD", []],
  ])("%s to %s", async (old, now, said) => {
    const changes = await diffSpecs(old, now, folder);
    expect(changes.map(({ what }) => what)).toEqual(said);
  });

  it.each(["nonsense", "--upload-pack=x", "HEAD:nowhere"])("says that there is no %s", async (place) => {
    await expect(diffSpecs(place, "spec", folder)).rejects.toThrow(`${place} is neither a folder nor a git revision`);
  });
});
