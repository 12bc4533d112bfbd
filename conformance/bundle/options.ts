import { isDeepStrictEqual } from "node:util";
import { requirementSet } from "../editions/editions.js";
import type { EntityUnderTest } from "../engine/entity.js";
import type { RunOptions } from "../engine/runner.js";
import type { Header } from "./format.js";
import { FORMAT } from "./format.js";
import type { Bundle } from "./reader.js";
import type { Redactor } from "./redact.js";

/** The first line of a bundle: what a run was asked to do. */
export function headerOf(options: RunOptions, started: string, redactor: Redactor): Header {
  const {
    entity,
    target,
    declaration = {},
    declarationFile,
    timeoutMs,
    only = [],
    seed = "",
    bundle = "",
    edition = [],
  } = options;
  return {
    format: FORMAT,
    suite: options.suite ?? "mp2p",
    entity: entity.id,
    target,
    seed,
    started,
    declaration,
    ...(declarationFile === undefined ? {} : { declarationFile }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    only,
    ...(edition.length === 0 ? {} : { edition }),
    editions: editionIds(entity, edition),
    of: entity.cases.length,
    bundle,
    masks: redactor.masks,
  };
}

function editionIds({ documents }: EntityUnderTest, wanted: readonly string[]): string[] {
  return requirementSet(wanted)
    .of(documents)
    .map(({ id }) => id);
}

/** The same run again. Of the cases, only those that were there: a later version may have more. */
export function recordedOptions(entity: EntityUnderTest, { header, results }: Bundle): RunOptions {
  const ids = new Set(results.results.map(({ id }) => id));
  const all = header.only.length === 0;
  const { suite, target, declaration, declarationFile, timeoutMs, seed, bundle } = header;
  const { edition = [], editions } = header;
  return {
    entity: all ? { ...entity, cases: entity.cases.filter(({ id }) => ids.has(id)) } : entity,
    target,
    declaration,
    only: all ? [] : entity.cases.map(({ id }) => id).filter((id) => ids.has(id)),
    seed,
    suite,
    edition: isDeepStrictEqual(editions, editionIds(entity, edition)) ? edition : editions,
    ...(declarationFile === undefined ? {} : { declarationFile }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(bundle === "" ? {} : { bundle }),
  };
}
