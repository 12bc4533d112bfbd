import type { CaseDefinition } from "../engine/case.js";
import type { DeclarationInput, ValueItem } from "../engine/declaration.js";
import { Declaration } from "../engine/declaration.js";
import type { EntityUnderTest, Target } from "../engine/entity.js";

/**
 * When a case applies, in words: its options, or what of the declaration decides its rule. A rule is code, so each item is tried in turn
 * with everything else at its default.
 */
export function selectionOf({ needs }: CaseDefinition, { declaration }: EntityUnderTest): string {
  if (needs === undefined) return "always";
  if (typeof needs !== "function") return needs.map((one) => `options.${one}`).join(" and ");
  const applies = (input: DeclarationInput, target: Target): boolean => {
    try {
      return needs(new Declaration(declaration, input), target) === true;
    } catch {
      return false;
    }
  };
  const targets: readonly (readonly [string, Target])[] = [
    ["--url", { url: "udp://127.0.0.1:1" }],
    ["--listen", { listen: "udp://127.0.0.1:1" }],
    ["--exec", { exec: "product {url}" }],
  ];
  const everywhere = targets.filter(([, target]) => applies({}, target));
  const [, target] = everywhere[0] ?? ["", { exec: "product {url} {url2}" }];
  const usual = everywhere.length > 0;
  const changing = changes(declaration).filter(([, input]) => applies(input, target) !== usual);
  const parts = [...new Set(changing.map(([what]) => what))];
  if (parts.length > 0) return usual ? `unless ${parts.join(" or ")}` : parts.join(" or ");
  if (usual && everywhere.length < targets.length) return `with ${everywhere.map(([name]) => name).join(" or ")}`;
  return usual ? "always" : "by several items of the declaration together";
}

type Change = readonly [what: string, input: DeclarationInput];

/** Each item by itself with another value than its default. */
function changes({ options, readings, values }: EntityUnderTest["declaration"]): Change[] {
  return [
    ...Object.entries(options).map(
      ([name, item]): Change => [
        `options.${name}${item.default ? " absent" : ""}`,
        { options: { [name]: !item.default } },
      ],
    ),
    ...Object.entries(readings).flatMap(([name, item]) =>
      item.letters
        .filter((letter) => letter !== item.default)
        .map((letter): Change => [`readings.${name} ${letter}`, { readings: { [name]: letter } }]),
    ),
    ...Object.entries(values).flatMap(([name, item]) =>
      samplesOf(item).map(
        (one): Change => [
          item.oneOf ? `values.${name} ${one}` : `values.${name} other than ${JSON.stringify(item.default)}`,
          { values: { [name]: one } },
        ],
      ),
    ),
  ];
}

function samplesOf({ default: usual, oneOf }: ValueItem): (string | number | readonly string[])[] {
  if (typeof usual === "number") return [0, 1, usual + 1].filter((one) => one !== usual);
  if (typeof usual === "string") return (oneOf ?? ["x"]).filter((one) => one !== usual);
  return [oneOf ?? ["x"]];
}
