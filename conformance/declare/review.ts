import { clauseOf, isMandatory, requirement } from "../engine/catalogue.js";
import type { Declaration } from "../engine/declaration.js";
import type { EntityUnderTest } from "../engine/entity.js";
import type { Finding } from "./finding.js";
import type { Rule } from "./rule.js";
import { effectiveStatus, groupOf, statusOf } from "./status.js";

/** Static conformance review (X.290): the declaration against the rules, before anything is sent. */
export function review({ rules = [] }: Pick<EntityUnderTest, "rules">, declared: Declaration): Finding[] {
  return [...optionRules(declared), ...choiceRules(declared), ...rules].flatMap((rule) => {
    const text = rule.broken(declared);
    return text === undefined ? [] : [findingOf(rule, text)];
  });
}

function findingOf({ item, requirement: id, clause }: Rule, text: string): Finding {
  const where = id === undefined ? clause : clauseOf(id);
  return {
    kind: "rule",
    item,
    text,
    ...(where === undefined ? {} : { clause: where }),
    ...(id === undefined ? {} : { requirement: id }),
    breaks: id !== undefined && isMandatory(requirement(id).level),
  };
}

/** What is mandatory may not be declared absent; what is not applicable may not be declared present. */
function optionRules({ shape }: Declaration): Rule[] {
  return Object.entries(shape.options).map(([name, item]) => ({
    item: `options.${name}`,
    clause: item.clause,
    ...(item.requirement === undefined ? {} : { requirement: item.requirement }),
    broken: (declared: Declaration) => {
      if (!declared.explicit("options", name)) return undefined;
      const status = effectiveStatus(item, declared);
      const present = declared.option(name);
      if (status === "m" && !present) return `${name} is mandatory here, and is declared absent`;
      if (status === "n/a" && present) return `${name} is not applicable here, and is declared present`;
      return undefined;
    },
  }));
}

/** Of the options of one choice (`o.n`), one at least is present. */
function choiceRules({ shape }: Declaration): Rule[] {
  const choices = new Set(
    Object.values(shape.options)
      .map(statusOf)
      .filter((status) => status.startsWith("o.")),
  );
  return [...choices].map((status) => {
    const names = groupOf(status, shape);
    const first = shape.options[names[0] ?? ""];
    return {
      item: `options.${names[0] ?? ""}`,
      ...(first?.requirement === undefined ? {} : { requirement: first.requirement }),
      ...(first === undefined ? {} : { clause: first.clause }),
      broken: (declared: Declaration) =>
        names.some((name) => declared.option(name))
          ? undefined
          : `none of ${names.join(", ")} is declared present, and one of them has to be`,
    };
  });
}
