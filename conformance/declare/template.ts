import type { EntityUnderTest } from "../engine/entity.js";
import type { Described, DescribedOption, DescribedReading, DescribedValue, ValueKind } from "./items.js";
import { describeItems } from "./items.js";

const WIDTH = 130;

const kinds: readonly { readonly kind: ValueKind; readonly heading: string }[] = [
  { kind: "address", heading: "Addresses and transports" },
  { kind: "identifier", heading: "Identifiers" },
  { kind: "timer", heading: "Timers and limits: short ones make a short run" },
  {
    kind: "credential",
    heading:
      "Credentials; \u0024{NAME} in a text is filled in from the environment, so that no secret stands in this file",
  },
  { kind: "stimulus", heading: "Stimuli: what the protocol has no message for. An HTTP request, or a shell command" },
  { kind: "other", heading: "Other values that cases need" },
];

/**
 * A PICS/PIXIT file in which every item stands as a comment with its default: as it is, it declares nothing. Lines with `##` explain; a line
 * with one `#` is an item, and declares it once that `#` is gone.
 */
export function toTemplate(entity: EntityUnderTest): string {
  const described = describeItems(entity);
  const { id, title, documents } = entity;
  const head = [
    `# PICS and PIXIT of a product: ${title}, ${documents.join(" and ")}. What it claims, and how the suite drives it.`,
    "# Everything has a default, and this file as it is declares nothing. Lines with ## explain; to declare an item, take away the # in",
    "# front of it and change its value. Only what is declared can be found absent.",
    `#   check it: mp2p conformance review ${id} --pics FILE`,
    `#   use it:   mp2p conformance ${id} --pics FILE …`,
    "",
    "## Name and version of the product, for reports.",
    `# product: ${scalar(`Acme ${id.toUpperCase()} 2.1`)}`,
    "",
  ];
  return [...head, ...options(described), ...readings(described), ...values(described)].join("\n");
}

function options({ options: items, conditions }: Described): string[] {
  if (items.length === 0) return [];
  return [
    "# ---- Options (PICS): what the product has. false: its cases are n/a, and count neither for nor against it. ----",
    "options:",
    ...conditions.flatMap(({ status, text }) => explain(`${status}: ${text}`)),
    ...items.flatMap((one) => [...optionText(one), `  # ${one.name}: ${one.default}`, ""]),
  ];
}

function optionText({ title, clause, status, statusInWords, default: usual, cases }: DescribedOption): string[] {
  const judged = cases.length === 0 ? "no case depends on it" : `cases: ${cases.join(", ")}`;
  return [
    ...explain(`${title} [${clause}].`),
    ...explain(
      `Status ${status}: ${statusInWords}. Undeclared, it is ${usual ? "expected" : "not expected"}; ${judged}.`,
    ),
  ];
}

function readings({ readings: items }: Described): string[] {
  if (items.length === 0) return [];
  return [
    "# ---- Readings (PICS): the Recommendation can be read in several ways here; say which is yours, and you are held to it. ----",
    "readings:",
    ...items.flatMap((one) => [...readingText(one), `  # ${one.name}: ${scalar(one.default)}`, ""]),
  ];
}

function readingText({ title, where, letters, undeclared }: DescribedReading): string[] {
  return [
    ...explain(`${title}.`),
    ...explain(`[${where}]`),
    ...letters.flatMap(({ letter, text }) => explain(`${letter}: ${text}`, "     ")),
    ...explain(`Undeclared, ${undeclared}.`),
  ];
}

function values({ values: items }: Described): string[] {
  if (items.length === 0) return [];
  const groups = kinds.map(({ kind, heading }) => ({ heading, found: items.filter((one) => one.kind === kind) }));
  return [
    "# ---- Values (PIXIT): how the product is reached and driven. ----",
    "values:",
    ...groups.flatMap(({ heading, found }) =>
      found.length === 0
        ? []
        : [
            `  ## -- ${heading} --`,
            ...found.flatMap((one) => [...valueText(one), `  # ${one.name}: ${value(one)}`, ""]),
          ],
    ),
  ];
}

function valueText({ title, unit, wanted, placeholders }: DescribedValue): string[] {
  const facts = [
    `Write ${wanted}${unit === undefined ? "" : `, in ${unit}`}.`,
    ...(placeholders.length === 0 ? [] : [`Filled in: ${placeholders.join(", ")}.`]),
  ];
  return [...explain(`${title}.`), ...explain(facts.join(" "))];
}

function value({ default: usual }: DescribedValue): string {
  if (typeof usual === "number") return String(usual);
  return typeof usual === "string" ? scalar(usual) : `[${usual.map(scalar).join(", ")}]`;
}

/** A word as it is, anything else as a JSON string, which YAML reads as such. */
function scalar(text: string): string {
  return /^[A-Za-z][\w.-]*$/.test(text) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(text)
    ? text
    : JSON.stringify(text);
}

function explain(text: string, indent = " "): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + word.length > WIDTH - indent.length) {
      lines.push(line);
      line = "";
    }
    line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].map((one, index) => `  ##${indent}${index === 0 ? "" : "  "}${one}`);
}
