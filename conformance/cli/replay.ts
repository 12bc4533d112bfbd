import { existsSync } from "node:fs";
import type { Bundle } from "../bundle/reader.js";
import { isBundle } from "../bundle/reader.js";
import type { DeclarationInput } from "../engine/declaration.js";
import type { EntityId, Target } from "../engine/entity.js";
import type { RunOptions } from "../engine/runner.js";
import { exitCodeOf } from "../engine/verdict.js";
import { entities } from "../entities.js";
import { entityNamed, parseRunOf, UsageError } from "./arguments.js";
import { readDeclaration } from "./declaration-file.js";
import { perform } from "./judge.js";
import { bundleAt } from "./judge-bundle.js";
import type { Output } from "./output.js";
import { reportAt } from "./report-argument.js";
import { targetOf } from "./target.js";

/** What an earlier run was given, and what the case came to in it. */
interface Earlier {
  readonly entity: EntityId;
  readonly target: Target;
  readonly seed: string;
  readonly edition: readonly string[];
  readonly timeoutMs?: number;
  readonly declaration: DeclarationInput;
  readonly declarationFile?: string;
  /** Its declaration is there but for the credentials. */
  readonly hidden: boolean;
  readonly cases: readonly { readonly id: string; readonly verdict: string; readonly reason: string }[];
}

/** `mp2p conformance replay FILE#CASE`: one case of an earlier run against the live product, as it was then. */
export async function replay(argv: readonly string[], output: Output): Promise<number> {
  const { positionals, ...given } = parseRunOf(argv);
  const [argument = "", ...more] = positionals;
  const [, path, id] = /^(.+)#([^#]+)$/.exec(argument) ?? [];
  if (path === undefined || id === undefined || more.length > 0)
    throw new UsageError("replay takes a bundle or a JSON report, and a case: mp2p conformance replay FILE#CASE");
  const earlier = readEarlier(path);
  const then = earlier.cases.find((one) => one.id === id);
  if (!then) throw new UsageError(`${path} has no case ${id}; it has ${nearest(earlier, id)}`);
  const entity = entities[earlier.entity];
  if (!entity.cases.some((one) => one.id === id)) throw new UsageError(`this version of the suite has no case ${id}`);
  const overridden = [given.url, given.listen, given.exec, given.adapter].some((one) => one !== undefined);
  const timeoutMs = given.timeoutMs ?? earlier.timeoutMs;
  const options: RunOptions = {
    entity,
    target: overridden ? targetOf(earlier.entity, given) : { ...earlier.target, ...(given.wait ? { wait: true } : {}) },
    ...(await declared(path, earlier, given.pics)),
    only: [id],
    edition: given.edition ?? earlier.edition,
    seed: given.seed ?? earlier.seed,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  };
  const result = await perform(options, given, output);
  const now = result.cases.find((one) => one.id === id);
  const said = `${id}: ${words(then)} then, ${now ? words(now) : "not judged"} now`;
  (given.json === "-" ? output.err : output.out)(`${said}\n`);
  return exitCodeOf(result);
}

function words({ verdict, reason }: { verdict: string; reason: string }): string {
  return reason === "" ? verdict : `${verdict} (${reason})`;
}

async function declared(
  path: string,
  earlier: Earlier,
  pics: string | undefined,
): Promise<Pick<RunOptions, "declaration" | "declarationFile">> {
  const { declarationFile } = earlier;
  const known = declarationFile !== undefined && existsSync(declarationFile) ? declarationFile : undefined;
  const file = pics ?? (earlier.hidden ? known : undefined);
  if (file !== undefined) {
    return { declaration: await readDeclaration(file, entities[earlier.entity].declaration), declarationFile: file };
  }
  if (earlier.hidden) throw new UsageError(`${path} does not hold the credentials of the product: give --pics FILE`);
  return { declaration: earlier.declaration, ...(known === undefined ? {} : { declarationFile: known }) };
}

function readEarlier(path: string): Earlier {
  return isBundle(path) ? fromBundle(bundleAt(path)) : fromReport(path);
}

function fromBundle({ header, results }: Bundle): Earlier {
  const { target, seed, edition = [], declaration, declarationFile, timeoutMs, masks } = header;
  return {
    entity: entityNamed(header.entity),
    target,
    seed,
    edition,
    declaration,
    hidden: masks.length > 0,
    ...(declarationFile === undefined ? {} : { declarationFile }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    cases: results.results,
  };
}

/** A report says how to repeat its cases in a line for a shell. */
function fromReport(path: string): Earlier {
  const { seed, cases, declaration, entity } = reportAt(path);
  const id = entityNamed(entity);
  const words = shellWords(cases[0]?.repeat ?? "");
  const after = (option: string): string | undefined => {
    const at = words.indexOf(option);
    return at < 0 ? undefined : words[at + 1];
  };
  const target = Object.fromEntries(
    ["url", "listen", "exec", "adapter"].flatMap((name) => {
      const value = after(`--${name}`);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const file = after("--pics");
  const timeout = after("--timeout");
  const said = <Value>(section: "options" | "readings" | "values", all: Readonly<Record<string, Value>>) =>
    Object.fromEntries(Object.entries(all).filter(([name]) => declaration.explicit.includes(`${section}.${name}`)));
  const values = said("values", declaration.values) as NonNullable<DeclarationInput["values"]>;
  return {
    entity: id,
    target: targetOf(id, target),
    seed,
    edition: words.flatMap((word, index) => (words[index - 1] === "--edition" ? [word] : [])),
    declaration: {
      options: said("options", declaration.options),
      readings: said("readings", declaration.readings),
      values,
    },
    hidden: Object.values(values).includes("(not shown)"),
    ...(file === undefined ? {} : { declarationFile: file }),
    ...(timeout === undefined ? {} : { timeoutMs: Number(timeout) }),
    cases,
  };
}

/** The words of a line that the suite has quoted itself. */
function shellWords(line: string): string[] {
  return [...line.matchAll(/(?:'[^']*'|\\'|[^\s'])+/g)].map(([word]) =>
    word.replace(
      /'([^']*)'|\\(')/g,
      (_, quoted: string | undefined, escaped: string | undefined) => quoted ?? escaped ?? "",
    ),
  );
}

function nearest({ cases }: Earlier, id: string): string {
  const topic = id.slice(0, id.lastIndexOf("/"));
  const near = cases.map((one) => one.id).filter((one) => one.startsWith(topic));
  return (near.length > 0 ? near : cases.map((one) => one.id)).slice(0, 5).join(", ");
}
