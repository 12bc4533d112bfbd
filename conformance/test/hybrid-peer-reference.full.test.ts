import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readDeclaration } from "../cli/declaration-file.js";
import { runConformance } from "../engine/runner.js";
import { entities } from "../entities.js";

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const words = ["--import", path("../../tools/test/run-typescript.mjs"), path("../../impl/cli/main.ts"), "hybrid-peer"];
const command = [process.execPath, ...words].map((word) => `"${word}"`).join(" ");

test.each([
  ["A", 1],
  ["C", 4],
  ["D", 20],
])(
  "the reference hybrid peer conforms towards others, in profile %s of E-HP2P-24",
  { timeout: 400_000, retry: 1 },
  async (letter, lacking) => {
    // So many processes at once start slowly: a few at a time.
    const entity = { ...entities["hybrid-peer"], parallel: () => 6 };
    const declared = await readDeclaration(path("../reference/hybrid-peer.yaml"), entity.declaration);
    // Source that has to be compiled first takes its time to start on a busy machine.
    const slowly = { "acts-within": 30, "answers-within": 10, "next-entry-within": 30 };
    const declaration = {
      ...declared,
      readings: { ...declared.readings, "E-HP2P-24": letter },
      values: { ...declared.values, ...slowly },
    };
    const run = await runConformance({ entity, target: { adapter: `exec ${command} control` }, declaration });
    const rest = run.cases.filter(({ verdict }) => verdict !== "pass");
    const beside = rest.filter(({ reason }) => /has no message for it|does not have probes/.test(reason));
    expect(rest.filter((one) => !beside.includes(one)).map(({ id, verdict, reason }) => [id, verdict, reason])).toEqual(
      [],
    );
    expect(beside).toHaveLength(lacking);
    expect(run.conclusion).toBe("conforms");
  },
);
