import type { Finding } from "../../declare/finding.js";
import { breaksConformance } from "../execute.js";
import type { CaseResult, RunResult } from "../result.js";
import { placeOf } from "./terminal-case.js";

/**
 * JUnit XML as build servers read it, with the elements and attributes that all of them know. A broken recommendation, a leaked secret and a
 * failure that the baseline knows are skipped tests with their reason: they must not turn a build red, and neither does the exit code.
 */
export function toJunit(run: RunResult): string {
  const known = new Map(run.baseline?.known.map((one) => [one.case, one.reason]));
  const isFailure = (one: CaseResult): boolean => breaksConformance(one) && !known.has(one.id);
  const isSoft = (one: CaseResult): boolean => one.verdict === "fail" && !isFailure(one);
  const counted = (test: (one: CaseResult) => boolean): number => run.cases.filter(test).length;
  const head = [
    `name="${xmlText(`mp2p conformance ${run.entity}`)}"`,
    `tests="${run.cases.length + run.review.length}"`,
    `failures="${counted(isFailure) + run.review.filter(({ breaks }) => breaks).length}"`,
    `errors="${counted((one) => one.verdict === "error" || one.verdict === "inconclusive")}"`,
    `skipped="${counted((one) => one.verdict === "n/a" || isSoft(one))}"`,
    `time="${run.milliseconds / 1000}"`,
    `timestamp="${xmlText(run.started)}"`,
  ].join(" ");
  const findings = run.review.map(findingElement).join("");
  const cases = `${findings}${run.cases.map((one) => caseElement(one, isSoft(one), known.get(one.id))).join("")}`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n<testsuite ${head}>\n${properties(run)}${cases}</testsuite>\n</testsuites>\n`;
}

function properties(run: RunResult): string {
  const values = {
    suite: run.suite,
    product: run.product,
    target: run.target,
    seed: run.seed,
    conclusion: run.conclusion,
  };
  const lines = Object.entries(values).map(([name, value]) => `<property name="${name}" value="${xmlText(value)}"/>\n`);
  return `<properties>\n${lines.join("")}</properties>\n`;
}

/** A finding about the declaration: a failure where it breaks conformance, else a test that passed with something to say. */
function findingElement({ kind, item, text, clause = "", breaks }: Finding): string {
  const head = `<testcase classname="${xmlText(`declaration ${clause}`.trim())}" name="${xmlText(`${kind} ${item}`)}" time="0">`;
  const inner = breaks ? `<failure message="${xmlText(text)}"/>` : `<system-out>${xmlText(text)}</system-out>`;
  return `${head}${inner}</testcase>\n`;
}

/** Grouped by entity and topic; the name is the id, so that build servers can follow a case from run to run. */
function caseElement(one: CaseResult, soft: boolean, known: string | undefined): string {
  const group = one.id.split("/").slice(0, -1).join(".");
  const head = `<testcase classname="${xmlText(group)}" name="${xmlText(one.id)}" time="${one.milliseconds / 1000}">`;
  const about = `<system-out>${xmlText(`${one.title} [${one.clauses.join("; ")}; ${one.requirements.join(", ")}]`)}</system-out>`;
  return `${head}${outcome(one, soft, known)}${about}</testcase>\n`;
}

function outcome(one: CaseResult, soft: boolean, known: string | undefined): string {
  const message = xmlText(one.reason.split("\n")[0] ?? "");
  const detail = xmlText(
    [
      one.title,
      ...one.failures.map((failure) =>
        [
          `judges ${failure.what}`,
          `clause ${failure.clauses.join("; ")} (${failure.level}; ${failure.requirements.join(", ")})`,
          `permitted ${failure.permitted.join(" | ")}`,
          `actual ${failure.actual}${failure.offset === undefined ? "" : ` (at octet ${failure.offset})`}`,
          ...(placeOf(failure) === undefined ? [] : [`where ${placeOf(failure)}`]),
          `reproduce ${failure.reproduce}`,
        ].join("\n"),
      ),
      `again ${one.repeat}`,
    ].join("\n"),
  );
  const grade = known === undefined ? (one.security ? "security" : one.level) : `known (${xmlText(known)})`;
  if (soft) return `<skipped message="${grade}: ${message}"/>`;
  if (one.verdict === "fail") return `<failure message="${message}">${detail}</failure>`;
  if (one.verdict === "error" || one.verdict === "inconclusive") {
    return `<error type="${one.verdict}" message="${message}">${detail}</error>`;
  }
  return one.verdict === "n/a" ? `<skipped message="${message}"/>` : "";
}

/** XML 1.0 has no place for control characters, escaped or not. */
export function xmlText(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\n", "&#10;")
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd");
}
