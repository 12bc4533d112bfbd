import type { Level, Requirement } from "../../generated/catalogue/requirements.js";
import { requirements } from "../../generated/catalogue/requirements.js";
import { boundBy } from "../coverage/coverage.js";
import type { DescribedOption, DescribedReading } from "../declare/items.js";
import { describeItems } from "../declare/items.js";
import { currentOf } from "../editions/edition.js";
import { requirementSet } from "../editions/editions.js";
import type { EntityUnderTest } from "../engine/entity.js";
import { protocols, supplier } from "./identification.js";
import { boxes, code, table } from "./markdown.js";

/** Status of a statement in a proforma, by its level. */
const statusByLevel: Readonly<Record<Level, string>> = {
  required: "m",
  definition: "m",
  recommended: "o (recommended)",
  optional: "o",
};

/** The protocol implementation conformance statement of an entity, to be filled in (X.290, X.296). */
export function picsProforma(entity: EntityUnderTest): string {
  const { options, readings, conditions } = describeItems(entity);
  const statements = statementsOf(entity);
  return [
    `# PICS proforma: ${entity.title}`,
    "",
    "The supplier of an implementation fills in this form to say what it claims of the Recommendations named below. The same can be said to the",
    `suite in a file: \`mp2p conformance pics ${entity.id}\` prints one to fill in. Statements are in this project's words; the text of the`,
    "Recommendations is what counts.",
    "",
    "## 1 Identification",
    "",
    ...protocols(entity),
    ...supplier(),
    "## 2 Global statement of conformance",
    "",
    `All capabilities and statements of status m are supported: ${boxes(["yes", "no"])}`,
    "",
    "Without that, the implementation does not conform. Each m that is not supported is to be explained.",
    "",
    "## 3 Notation",
    "",
    "m mandatory; o optional; o.n optional, but one at least of the items with the same n; c.n as the condition with that n says; n/a not applicable.",
    "",
    ...table(
      ["condition", "rule"],
      conditions.map(({ status, text }) => [status, text]),
    ),
    "## 4 Capabilities",
    "",
    ...(options.length === 0
      ? ["No capability of this entity is left to choice by itself.", ""]
      : capabilities(options)),
    "## 5 Readings",
    "",
    "The text can be read in more than one way here. One of the letters is to be marked; the line below each table says what holds where none is.",
    "",
    ...readings.flatMap(readingRows),
    "## 6 Statements",
    "",
    ...[...byClause(statements)].flatMap(([clause, of], section) => [
      `### 6.${section + 1} ${clause}`,
      "",
      ...table(
        ["item", "statement", "reference", "status", "support"],
        of.map(({ id, statement, doc, clause: at, level }) => [
          code(id),
          statement,
          `${doc} ${at}`,
          statusByLevel[level],
          boxes(["yes", "no"]),
        ]),
      ),
    ]),
  ].join("\n");
}

function capabilities(options: readonly DescribedOption[]): string[] {
  const rows = options.map(({ name, title, clause, requirement, status }, index) => [
    `4.${index + 1}`,
    `${title} (${code(name)})`,
    requirement === undefined ? clause : `${clause}, ${code(requirement)}`,
    status,
    boxes(["yes", "no"]),
  ]);
  return table(["item", "capability", "reference", "status", "support"], rows);
}

function readingRows({ name, title, where, letters, undeclared }: DescribedReading, index: number): string[] {
  return [
    `### 5.${index + 1} ${name}`,
    "",
    `${title}. (${where})`,
    "",
    ...table(
      ["item", "reading", "support"],
      letters.map(({ letter, text }) => [`5.${index + 1} ${letter}`, text, boxes([letter])]),
    ),
    `Not marked, ${undeclared}.`,
    "",
  ];
}

/** The statements that bind an entity, of the editions it is judged by, in the order of the text. */
export function statementsOf({ documents, actor }: Pick<EntityUnderTest, "documents" | "actor">): Requirement[] {
  const frozen = new Set(
    requirementSet()
      .of(documents)
      .flatMap((edition) => [...currentOf(edition).keys()]),
  );
  return requirements.filter((one) => frozen.has(one.id) && boundBy(one).some((product) => product === actor));
}

function byClause(statements: readonly Requirement[]): Map<string, Requirement[]> {
  const groups = new Map<string, Requirement[]>();
  for (const one of statements) {
    const clause = `${one.doc} ${/^[\d.]+/.exec(one.clause)?.[0] ?? one.clause}`;
    groups.set(clause, [...(groups.get(clause) ?? []), one]);
  }
  return groups;
}
