import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readDeclaration } from "../cli/declaration-file.js";
import { runConformance } from "../engine/runner.js";
import { entities } from "../entities.js";

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const words = ["--import", path("../../tools/test/run-typescript.mjs"), path("../../impl/cli/main.ts"), "hybrid-peer"];
const command = [process.execPath, ...words].map((word) => `"${word}"`).join(" ");
const entity = entities["homp-hybrid-peer"];

test.each([
  ["driven by lines of JSON", { adapter: `exec ${command} control` }, ["messages/trans-policy"]],
  // A command shows nobody what a query has found.
  [
    "started for each case",
    { exec: `exec ${command} perform --homs {url}` },
    ["query/list-of-0", "query/list-of-1", "query/list-of-3", "messages/trans-policy"],
  ],
])("the reference hybrid peer, %s, conforms", { timeout: 300_000, retry: 2 }, async (_, target, beside) => {
  const declared = await readDeclaration(path("../reference/homp-hybrid-peer.yaml"), entity.declaration);
  // Source that has to be compiled first takes its time to start on a busy machine.
  const declaration = { ...declared, values: { ...declared.values, "acts-within": 30 } };
  const run = await runConformance({ entity, target, declaration });
  const rest = run.cases.filter(({ verdict }) => verdict !== "pass");
  expect(rest.map(({ id, verdict, reason }) => [id, verdict, verdict === "n/a" ? "" : reason])).toEqual(
    beside.map((id) => [`homp-hybrid-peer/${id}`, "n/a", ""]),
  );
  expect(run.conclusion).toBe("conforms");
});
