/** What a difference of two specs means for those who use them. */
import type { JsonValue } from "../model/model.js";
import { compareText } from "../model/problem.js";
import { canonicalJson } from "../model/spec-file.js";
import type { Aspects, Facts } from "./facts.js";

export const severities = ["breaking", "additive", "documentation"] as const;
export type Severity = (typeof severities)[number];

export interface SpecChange {
  readonly severity: Severity;
  /** `pamp schema PeerId` */
  readonly subject: string;
  readonly what: string;
}

/** Every difference, the gravest first. */
export function compareFacts(before: Facts, after: Facts): SpecChange[] {
  const changes: SpecChange[] = [];
  const subjects = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort(compareText);
  for (const subject of subjects) {
    const parent = parentOf(subject, before, after);
    const [old, now] = [before[subject], after[subject]];
    if (old === undefined && now !== undefined) {
      if (parent === undefined || before[parent] !== undefined)
        changes.push(added(subject, now, direction(subject, after)));
    } else if (old !== undefined && now === undefined) {
      if (parent === undefined || after[parent] !== undefined)
        changes.push({ severity: "breaking", subject, what: "removed" });
    } else if (old !== undefined && now !== undefined) {
      changes.push(...changed(subject, old, now, direction(subject, after)));
    }
  }
  return changes.sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));
}

/** Who reads what a subject describes: the receivers of requests, of responses, or both. */
interface Direction {
  readonly request: boolean;
  readonly response: boolean;
}

function direction(subject: string, facts: Facts): Direction {
  const schema = /^\S+ schema \S+/.exec(subject)?.[0];
  if (schema === undefined)
    return { request: !subject.includes(" response "), response: subject.includes(" response ") };
  const use = String(facts[schema]?.use ?? "");
  // A schema that no operation uses may be used by anyone.
  return { request: use === "" || use.includes("request"), response: use === "" || use.includes("response") };
}

/** The subject whose coming or going explains this one's. */
function parentOf(subject: string, before: Facts, after: Facts): string | undefined {
  const words = subject.split(" ");
  for (let length = words.length - 1; length > 0; length--) {
    const candidate = words.slice(0, length).join(" ");
    if (before[candidate] !== undefined || after[candidate] !== undefined) return candidate;
  }
  return undefined;
}

function added(subject: string, aspects: Aspects, { request }: Direction): SpecChange {
  const demanded = aspects.required === true && request;
  if (demanded) return { severity: "breaking", subject, what: "added, and required in requests" };
  // Octets do not make room: a new field moves those behind it. A new word or a new section does no harm.
  const layout = /^\S+ layout (seq|types|instances)/.test(subject);
  return { severity: layout ? "breaking" : "additive", subject, what: "added" };
}

function changed(subject: string, old: Aspects, now: Aspects, where: Direction): SpecChange[] {
  const changes: SpecChange[] = [];
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])].sort(compareText);
  for (const aspect of names) {
    const [before, after] = [old[aspect], now[aspect]];
    if (same(before, after) || aspect === "use") continue;
    if (aspect === "text") {
      changes.push({ severity: "documentation", subject, what: "description, clause, errata or examples changed" });
    } else if (
      aspect === "accept" ||
      aspect === "words" ||
      aspect === "query" ||
      aspect === "fallback" ||
      aspect === "headers"
    ) {
      changes.push(...lists(subject, aspect, list(before), list(after), where));
    } else if (aspect === "required") {
      const now = after === true;
      const harm = now ? where.request : where.response;
      changes.push({
        severity: harm ? "breaking" : "additive",
        subject,
        what: now ? "now required" : "no longer required",
      });
    } else if (aspect === "idempotent" || aspect === "secured" || aspect === "secret") {
      changes.push({ severity: "additive", subject, what: after === true ? `now ${aspect}` : `no longer ${aspect}` });
    } else {
      changes.push({
        severity: severityOfBound(aspect, before, after, where),
        subject,
        what: transition(aspect, before, after),
      });
    }
  }
  return changes;
}

const lowerBounds = ["minLength", "minimum", "exclusiveMinimum", "minItems", "minProperties"];
const upperBounds = ["maxLength", "maximum", "exclusiveMaximum", "maxItems", "maxProperties"];

function severityOfBound(
  aspect: string,
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  where: Direction,
): Severity {
  const name = aspect.replace(/^(items\.)+/, "");
  const lower = lowerBounds.includes(name);
  if (!lower && !upperBounds.includes(name)) return "breaking";
  const open = lower ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const [old, now] = [Number(before ?? open), Number(after ?? open)];
  const tighter = lower ? now > old : now < old;
  return (tighter ? where.request : where.response) ? "breaking" : "additive";
}

function lists(subject: string, aspect: string, before: string[], after: string[], where: Direction): SpecChange[] {
  const gone = before.filter((one) => !after.includes(one));
  const come = after.filter((one) => !before.includes(one));
  const change = (severity: Severity, verb: string, one: string): SpecChange => ({
    severity,
    subject,
    what: `${verb} ${one}`,
  });
  if (aspect === "accept") {
    return [
      ...gone.map((one) => change("breaking", "no longer accepts", one)),
      ...come.map((one) => change("additive", "now also accepts", one)),
    ];
  }
  if (aspect === "words") {
    // The list itself coming or going is a bound on any value.
    if (before.length === 0) return [change(where.request ? "breaking" : "additive", "now only", after.join(", "))];
    if (after.length === 0)
      return [change(where.response ? "breaking" : "additive", "no longer only", before.join(", "))];
    return [
      ...gone.map((one) => change(where.request ? "breaking" : "additive", "word removed:", one)),
      ...come.map((one) => change(where.response ? "breaking" : "additive", "word added:", one)),
    ];
  }
  return [
    ...gone.map((one) => change("breaking", `${aspect} removed:`, one)),
    ...come.map((one) => change("additive", `${aspect} added:`, one)),
  ];
}

function transition(aspect: string, before: JsonValue | undefined, after: JsonValue | undefined): string {
  if (before === undefined || before === null) return `${aspect} ${text(after)} added`;
  if (after === undefined || after === null) return `${aspect} ${text(before)} removed`;
  return `${aspect} ${text(before)} → ${text(after)}`;
}

function text(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function list(value: JsonValue | undefined): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function same(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && canonicalJson(a) === canonicalJson(b));
}

/** One line per change under a heading per severity; empty for no change. */
export function formatChanges(changes: readonly SpecChange[]): string {
  const blocks = severities.flatMap((severity) => {
    const lines = changes
      .filter((change) => change.severity === severity)
      .map(({ subject, what }) => `  ${subject}: ${what}`);
    return lines.length === 0 ? [] : [`${severity} (${lines.length})\n${lines.join("\n")}`];
  });
  return blocks.join("\n");
}
