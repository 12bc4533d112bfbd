import type { Declaration } from "../engine/declaration.js";
import type { Rule } from "./rule.js";
import { textOf } from "./rule.js";

/** An action that belongs to an option: a way to bring it about is of no use where the product is declared not to have it. */
function belongs(action: string, option: string, clause: string): Rule {
  const name = `stimulus-${action}`;
  return {
    item: `values.${name}`,
    clause,
    broken: (declared) =>
      textOf(declared, name) !== "" && !declared.option(option)
        ? `${name} is declared, but ${option} is declared absent: one of them cannot hold`
        : undefined,
  };
}

/** What is of use only with something else that is declared absent. */
function presupposes(item: string, option: string, clause: string): Rule {
  const [section = "", name = ""] = item.split(".");
  const present = (declared: Declaration): boolean =>
    section === "options"
      ? declared.explicit("options", name) && declared.option(name)
      : declared.explicit("readings", name);
  return {
    item,
    clause,
    broken: (declared) =>
      present(declared) && !declared.option(option)
        ? `${name} is declared, but ${option}, which it presupposes, is declared absent`
        : undefined,
  };
}

/** `performs` names actions that there are. */
const known: Rule = {
  item: "values.performs",
  clause: "X.290 (PIXIT)",
  broken: (declared) => {
    const names = Object.keys(declared.shape.values).flatMap((name) => /^stimulus-(.*)$/.exec(name)?.[1] ?? []);
    const strange = (declared.value("performs") as readonly string[]).filter((one) => !names.includes(one));
    return strange.length === 0 ? undefined : `${strange.join(", ")}: no such action; there are ${names.join(", ")}`;
  },
};

export const omsRules: readonly Rule[] = [
  known,
  belongs("query-list", "queries-lists", "X.609.1 7.2.1.4"),
  belongs("query-peer", "queries-peers", "X.609.1 7.2.1.4"),
  presupposes("options.advises", "queries-lists", "X.609.1 8.2.4"),
  presupposes("readings.E-PAMP-12", "queries-lists", "X.609.1 9.2.6"),
];

export const peerRules: readonly Rule[] = [known];

export const hybridPeerRules: readonly Rule[] = [
  known,
  belongs("create", "owner", "Q.4100 7.2.4.1"),
  belongs("modify", "owner", "Q.4100 7.2.4.1"),
  belongs("remove", "owner", "Q.4100 7.2.4.1"),
  belongs("query", "queries", "Q.4103 7.1.2"),
  belongs("paths", "reports", "Q.4103 7.2.2"),
  belongs("lose-paths", "reports", "Q.4103 7.2.2"),
  belongs("attach", "applications", "Q.4103 7.2.3"),
  presupposes("options.cr-policy", "owner", "Q.4103 6.2.1"),
  presupposes("options.recovery", "reports", "Q.4103 6.2.5"),
  presupposes("readings.E-HOMP-17", "queries", "Q.4103 6.2.2"),
];
