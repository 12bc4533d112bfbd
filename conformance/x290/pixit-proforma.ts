import type { DescribedValue, ValueKind } from "../declare/items.js";
import { describeItems } from "../declare/items.js";
import type { EntityUnderTest } from "../engine/entity.js";
import { protocols, supplier } from "./identification.js";
import { code, form, table } from "./markdown.js";

const sections: readonly { readonly kind: ValueKind; readonly title: string }[] = [
  { kind: "address", title: "Addresses and transports" },
  { kind: "identifier", title: "Identifiers" },
  { kind: "timer", title: "Timers and limits" },
  { kind: "credential", title: "Credentials" },
  { kind: "stimulus", title: "Stimuli for what the protocol has no message for" },
  { kind: "other", title: "Other parameters" },
];

/** Implementation extra information for testing of an entity, to be filled in: how it is reached and driven (X.290, X.296). */
export function pixitProforma(entity: EntityUnderTest): string {
  const { values } = describeItems(entity);
  return [
    `# PIXIT proforma: ${entity.title}`,
    "",
    "The supplier and the laboratory fill in this form together: it says how the suite reaches and drives an implementation. The values are given to",
    `the suite in a file: \`mp2p conformance pics ${entity.id}\` prints one to fill in.`,
    "",
    "## 1 Identification",
    "",
    ...protocols(entity),
    ...supplier(),
    "## 2 Laboratory",
    "",
    ...form(["Laboratory, address, contact", "Means of testing: suite and version", "Date and place of the campaign"]),
    "## 3 Access to the implementation",
    "",
    ...form([
      "Address of the implementation, or of the suite's listener",
      "Command that starts it, if any",
      "Instructions for its operation",
    ]),
    ...sections.flatMap(({ kind, title }, index) => {
      const found = values.filter((one) => one.kind === kind);
      return found.length === 0 ? [] : [`## ${index + 4} ${title}`, "", ...parameters(found, index + 4)];
    }),
  ].join("\n");
}

function parameters(values: readonly DescribedValue[], section: number): string[] {
  const rows = values.map(({ name, title, wanted, unit, default: usual, placeholders }, index) => [
    `${section}.${index + 1}`,
    `${title} (${code(name)})`,
    `${wanted.replace(/^an? /, "")}${placeholders.length === 0 ? "" : `; filled in: ${placeholders.join(", ")}`}`,
    unit ?? "",
    String(usual) === "" ? "none" : code(String(usual)),
    "",
  ]);
  return table(["item", "parameter", "permitted", "unit", "default", "value"], rows);
}
