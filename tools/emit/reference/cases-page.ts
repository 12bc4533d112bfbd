/** reference/cases-*.md: every case of the conformance suite with the statements that it judges. */
import { type CaseEntry, catalogueOf, type Evidence } from "./evidence.js";
import { code, heading, link, plain, table } from "./markdown.js";

const LEVELS = ["required", "definition", "recommended", "optional"];

/** The cases of one kind of product, by topic, each with an anchor that is its id. */
export function casesPage(cases: readonly CaseEntry[], evidence: Evidence): string[] {
  const entity = cases[0]?.id.split("/")[0] ?? "";
  const topics = [...new Set(cases.map(topicOf))];
  return [
    `# Cases against ${entity}`,
    "",
    `${count(cases.length, "case")}. A case is applicable if what it needs is declared; its level is that of its strongest statement, and only failures of required and definition statements make a product non-conforming. Run one with \`mp2p conformance ${entity} … --only ID\`.`,
    "",
    topics.map((topic) => link(topic, topic)).join(" · "),
    "",
    ...topics.flatMap((topic) => [
      ...heading(2, topic, topic),
      ...table(
        ["case", "group", "level", "needs", "statements", "errata"],
        cases.filter((one) => topicOf(one) === topic).map((one) => row(one, evidence)),
      ),
    ]),
  ];
}

function row(
  { id, title, group = "", security, requirements, needs = [], errata = [] }: CaseEntry,
  evidence: Evidence,
): string[] {
  const statements = requirements.map((requirement) => {
    const entry = evidence.requirement(requirement);
    return entry === undefined
      ? code(requirement)
      : `${code(requirement)} [${entry.doc} ${entry.clause}] ${plain(entry.statement)}`;
  });
  const levels = requirements.map((requirement) => evidence.requirement(requirement)?.level);
  const level = LEVELS.find((one) => levels.includes(one)) ?? "";
  return [
    `<a id="${id}"></a>${code(id)}<br>${plain(title)}`,
    group,
    security ? `security (${level})` : level,
    needs.map(code).join("<br>"),
    statements.join("<br>"),
    errata.join(", "),
  ];
}

/** A line for each kind of product. */
export function catalogueIndex(cases: readonly CaseEntry[]): string[] {
  const pages = [...new Set(cases.map(({ id }) => catalogueOf(id)))];
  if (pages.length === 0) return [];
  const rows = pages.map((page) => {
    const own = cases.filter(({ id }) => catalogueOf(id) === page);
    const topics = [...new Set(own.map(topicOf))];
    return [
      `[${page.replace("cases-", "")}](${page}.md)`,
      String(own.length),
      topics.map((topic) => `[${topic}](${page}.md#${topic})`).join(" "),
    ];
  });
  return [...heading(2, "Conformance cases", "cases"), ...table(["judged product", "cases", "topics"], rows)];
}

function topicOf({ id }: CaseEntry): string {
  return id.split("/")[1] ?? "";
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
