// npm run conformance:selftest -- [--quick] [--runs N] [--part NAME]… [--json FILE]: the suite judged. Exit code 1 where a bar is missed.
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { EntityId } from "../engine/entity.js";
import { BAD_NETWORK } from "./impairment.js";
import type { ProductResult } from "./judge-products.js";
import { judgeProducts } from "./judge-products.js";
import type { MutantFigures } from "./mutants.js";
import { judgeMutants } from "./mutants.js";
import { mutantsJson, renderMutants, renderResult } from "./mutants-report.js";
import type { Product } from "./products.js";
import { openProducts } from "./products.js";
import type { StabilityFigures } from "./stability.js";
import { judgeStability, renderStability } from "./stability.js";

const PARTS = ["stability", "impaired", "variants", "defects", "mutants"] as const;
type Part = (typeof PARTS)[number];

/** The least share of mutants killed by a case that claims the statement, and the least number of odd but legal products. */
const BARS = { claimed: 0.95, variants: 60 };
/** With `--quick`: runs, and every so manieth variant, defect and mutant. */
const QUICK = { runs: 3, every: 8 };
const STABLE: readonly EntityId[] = ["pams", "homs", "ldmp-source-peer", "ldmp-data-source"];
const OVER_DATAGRAMS: readonly EntityId[] = ["ldmp-source-peer", "ldmp-data-source"];

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    runs: { type: "string" },
    part: { type: "string", multiple: true },
    json: { type: "string" },
  },
});
const unknown = values.part?.find((one) => !PARTS.some((part) => part === one));
const runs = Number(values.runs ?? (values.quick ? QUICK.runs : 100));
if (unknown !== undefined || !Number.isInteger(runs) || runs < 1) {
  process.stderr.write(`--part is one of ${PARTS.join(", ")}; --runs is a whole number\n`);
  process.exit(2);
}
const wanted = (part: Part): boolean => values.part === undefined || values.part.includes(part);
const sampled = <T>(all: readonly T[]): T[] => all.filter((_, index) => !values.quick || index % QUICK.every === 0);

const missed: string[] = [];
const summary: string[] = [];
const report: Record<string, unknown> = {
  format: "mp2p-selftest/1",
  quick: values.quick,
  started: new Date().toISOString(),
};
let errors = 0;
let sent = 0;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function stability(impaired: boolean): Promise<void> {
  const figures: StabilityFigures[] = [];
  for (const entity of impaired ? OVER_DATAGRAMS : STABLE) {
    const one = await judgeStability({
      entity,
      runs,
      ...(impaired ? { impairment: BAD_NETWORK } : {}),
      onRun: (run, done) => {
        errors += run.cases.filter(({ verdict }) => verdict === "error").length;
        if (done % 10 === 0) say(`  ${entity}: ${done} of ${runs}`);
      },
    });
    figures.push(one);
    sent += one.sent;
    say(renderStability(one));
    const where = `${entity}${impaired ? ", impaired" : ""}`;
    if (one.differences.length > 0) missed.push(`${where}: ${one.differences.length} verdicts differ between runs`);
    if (one.blemishes.length > 0) missed.push(`${where}: the reference is blamed`);
  }
  report[impaired ? "impaired" : "stability"] = figures;
  const differences = figures.reduce((sum, one) => sum + one.differences.length, 0);
  summary.push(
    `${impaired ? "impaired " : ""}stability: ${runs} runs each of ${figures.length} entities, ${differences} differences`,
  );
}

async function products(part: "variants" | "defects", those: readonly Product[]): Promise<void> {
  const all = sampled(those);
  say(`${part}: ${all.length}`);
  const results = await judgeProducts(all, ({ product, sound, blemishes, milliseconds }) => {
    if (sound) return;
    say(`  ${product.entity} ${product.breaks ?? ""} ${product.what} (${milliseconds} ms)`);
    for (const one of blemishes) say(`    ${one}`);
  });
  errors += results.reduce((sum, one) => sum + one.errors.length, 0);
  sent += results.reduce((sum, one) => sum + one.sent, 0);
  report[part] = results.map(({ product: { judge: _, ...product }, ...result }: ProductResult) => ({
    ...product,
    ...result,
  }));
  const unsound = results.filter(({ sound }) => !sound).length;
  if (unsound > 0)
    missed.push(part === "variants" ? `${unsound} legal products are blamed` : `${unsound} defects are not found`);
  if (part === "variants") {
    if (!values.quick && results.length < BARS.variants)
      missed.push(`${results.length} variants, of ${BARS.variants} at least`);
    summary.push(
      `specificity: ${results.length - unsound} of ${results.length} odd but legal products without any failure`,
    );
  } else
    summary.push(
      `throw-away defects: ${results.length - unsound} of ${results.length} found by a case that claims the statement`,
    );
}

async function mutants(): Promise<void> {
  const { mutants: all } = await import("../test/reference-mutants/all.js");
  const figures: MutantFigures = await judgeMutants({
    ...(values.quick ? { only: sampled(all).map(({ id }) => id) } : {}),
    onResult: (result) => {
      const sound = (result.fate === "claimed") === (result.mutant.equivalent === undefined);
      if (!sound) say(renderResult(result));
    },
  });
  report.mutants = mutantsJson(figures);
  say(renderMutants(figures));
  const share = figures.killedByClaim / Math.max(1, figures.mutants);
  if (figures.killed < figures.mutants) missed.push(`${figures.mutants - figures.killed} mutants live`);
  if (share < BARS.claimed)
    missed.push(`${(100 * share).toFixed(1)} % of the mutants are killed by a case that claims the statement`);
  if (figures.notEquivalent.length > 0) missed.push(`not equivalent after all: ${figures.notEquivalent.join(", ")}`);
  summary.push(
    `kill rate: ${figures.killed} of ${figures.mutants} mutants of the reference, ${(100 * share).toFixed(1)} % by a case that claims the statement; ${figures.equivalent} equivalent`,
  );
}

const begun = performance.now();
if (wanted("stability")) await stability(false);
if (wanted("impaired")) await stability(true);
if (wanted("variants") || wanted("defects")) {
  const opened = await openProducts();
  if (wanted("variants")) await products("variants", opened.variants);
  if (wanted("defects")) await products("defects", opened.mutants);
  await opened.close();
}
if (wanted("mutants")) await mutants();
if (errors > 0) missed.push(`${errors} verdicts are "error": faults of the suite`);
summary.push(`own messages: ${sent} sent in stability, variants and defects, ${errors} faults of the suite`);

Object.assign(report, { missed, summary, seconds: Math.round((performance.now() - begun) / 1000) });
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
say(
  `\n${summary.join("\n")}\n${missed.length === 0 ? "all bars met" : missed.map((one) => `MISSED: ${one}`).join("\n")} (${report.seconds} s)`,
);
process.exit(missed.length === 0 ? 0 : 1);
