import type { CaseDefinition, Group } from "../engine/case.js";
import { clauseOf } from "../engine/catalogue.js";
import type { EntityUnderTest } from "../engine/entity.js";
import { protocols } from "./identification.js";
import { code, table } from "./markdown.js";
import { statementsOf } from "./pics-proforma.js";
import { selectionOf } from "./selection.js";

const groups: readonly { readonly group: Group; readonly title: string; readonly about: string }[] = [
  { group: "basic", title: "Basic interconnection tests", about: "can anything be exchanged at all" },
  { group: "capability", title: "Capability tests", about: "does the implementation have what it claims" },
  {
    group: "behaviour",
    title: "Behaviour tests",
    about: "does it behave in all situations, the invalid ones included",
  },
];

/** The test suite structure and test purposes of an entity (X.290, X.291). */
export function tssAndTp(entity: EntityUnderTest): string {
  const cases: readonly CaseDefinition[] = entity.cases;
  const claimed = new Set(cases.flatMap(({ requirements }) => requirements));
  const statements = statementsOf(entity);
  const judged = statements.filter(({ id }) => claimed.has(id)).length;
  const topics = [...new Set(cases.map(topicOf))];
  return [
    `# Test suite structure and test purposes: ${entity.title}`,
    "",
    ...protocols(entity),
    "## 1 Test suite structure",
    "",
    `The identifier of a test purpose is ${code("entity/topic/name")}, and never changes. A purpose belongs to one group and one topic.`,
    "",
    ...table(
      ["group", "", "test purposes"],
      groups.map(({ group, title, about }) => [title, about, count(cases, ({ group: of }) => of === group)]),
    ),
    ...table(
      ["topic", ...groups.map(({ group }) => group)],
      topics.map((topic) => [
        topic,
        ...groups.map(({ group }) => count(cases, (one) => topicOf(one) === topic && one.group === group)),
      ]),
    ),
    "## 2 Ratio",
    "",
    `${cases.length} test purposes, ${cases.length} test cases: ${ratio(cases.length, cases.length)} cases to a purpose.`,
    `${claimed.size} statements are judged by them, ${ratio(total(cases), claimed.size)} purposes to a statement;`,
    `${judged} of the ${statements.length} statements that bind this entity. \`mp2p conformance coverage ${entity.id}\` says why the others are not.`,
    "",
    "## 3 Test purposes",
    "",
    ...groups.flatMap(({ group, title }, section) => [
      `### 3.${section + 1} ${title}`,
      "",
      ...purposes(
        entity,
        cases.filter((one) => one.group === group),
      ),
    ]),
  ].join("\n");
}

function purposes(entity: EntityUnderTest, cases: readonly CaseDefinition[]): string[] {
  if (cases.length === 0) return ["None.", ""];
  const rows = cases.map((one) => [
    code(one.id),
    `${one.title}${one.security ? " (secrecy: graded apart)" : ""}`,
    [...new Set(one.requirements.map(clauseOf))].join("; "),
    one.requirements.map(code).join(", "),
    selectionOf(one, entity),
    (one.errata ?? []).join(", "),
  ]);
  return table(["test purpose", "purpose", "reference", "statements", "selected", "errata"], rows);
}

function topicOf({ id }: CaseDefinition): string {
  return id.split("/")[1] ?? "";
}

function count(cases: readonly CaseDefinition[], test: (one: CaseDefinition) => boolean): string {
  return String(cases.filter(test).length);
}

function total(cases: readonly CaseDefinition[]): number {
  return cases.reduce((sum, { requirements }) => sum + requirements.length, 0);
}

function ratio(a: number, b: number): string {
  return b === 0 ? "0" : (a / b).toFixed(1);
}
