import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readDeclaration } from "../cli/declaration-file.js";
import { runConformance } from "../engine/runner.js";
import { entities } from "../entities.js";

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const words = ["--import", path("../../tools/test/run-typescript.mjs"), path("../../impl/cli/main.ts"), "hybrid-peer"];
const command = [process.execPath, ...words].map((word) => `"${word}"`).join(" ");

test.each(["p23", "p22", "p20"])(
  "the reference hybrid peer conforms towards others, in profile %s",
  { timeout: 400_000, retry: 1 },
  async (profile) => {
    // So many processes at once start slowly: a few at a time.
    const entity = { ...entities["hybrid-peer"], parallel: () => 6 };
    const declared = await readDeclaration(path("../reference/hybrid-peer.yaml"), entity.declaration);
    // Source that has to be compiled first takes its time to start on a busy machine.
    const slowly = { "acts-within": 30, "answers-within": 10, "next-entry-within": 30 };
    const declaration = { ...declared, values: { ...declared.values, ...slowly, profile } };
    const run = await runConformance({ entity, target: { adapter: `exec ${command} control` }, declaration });
    const rest = run.cases.filter(({ verdict }) => verdict !== "pass");
    const beside = rest.filter(({ reason }) => /has no message for it|does not have probes/.test(reason));
    expect(rest.filter((one) => !beside.includes(one)).map(({ id, verdict, reason }) => [id, verdict, reason])).toEqual(
      [],
    );
    expect(beside).toHaveLength(profile === "p20" ? 14 : 1);
    expect(run.conclusion).toBe("conforms");
  },
);
