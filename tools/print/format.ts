/** Biome over generated files: one process for all of them, with this project's layout rules whatever the working directory. */
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { GeneratedFile } from "../emit/emitter.js";

const FORMATTED = /\.(ts|json)$/;

/** The part of biome.json that decides on layout. */
export interface Layout {
  readonly formatter?: unknown;
  readonly javascript?: unknown;
}

/** @throws Error naming the generated file and line that Biome cannot parse: a mistake in an emitter, not in the spec */
export async function formatFiles(files: readonly GeneratedFile[], layout: Layout): Promise<GeneratedFile[]> {
  const folder = await mkdtemp(join(tmpdir(), "mp2p-generate-"));
  try {
    const config = {
      root: true,
      files: { maxSize: 10_000_000 },
      formatter: layout.formatter,
      javascript: layout.javascript,
      linter: { enabled: false },
    };
    await writeFile(join(folder, "biome.json"), JSON.stringify(config));
    const folders = new Set(files.map(({ path }) => dirname(join(folder, path))));
    await Promise.all([...folders].map((path) => mkdir(path, { recursive: true })));
    const formatted = files.filter(({ path }) => FORMATTED.test(path));
    await Promise.all(formatted.map(({ path, content }) => writeFile(join(folder, path), content)));
    if (formatted.length > 0) await runBiome(folder);
    return await Promise.all(
      files.map(async (file) =>
        FORMATTED.test(file.path) ? { ...file, content: await readFile(join(folder, file.path), "utf8") } : file,
      ),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function runBiome(folder: string): Promise<void> {
  const launcher = createRequire(import.meta.url).resolve("@biomejs/biome/bin/biome");
  const args = [launcher, "check", "--write", "--colors=off", "--max-diagnostics=20", "."];
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.on("error", fail);
    child.on("close", (code) => {
      if (code === 0) done();
      else fail(new Error(`Biome cannot format what an emitter wrote:\n${output.trim()}`));
    });
  });
}
