import type { Rule } from "./rule.js";
import { numberOf, pointless, textOf } from "./rule.js";

/** What a declaration of either end of LDMP has to keep. */
const bothEnds: readonly Rule[] = [
  {
    item: "values.removal-time",
    clause: "X.609.8 7.3",
    broken: (declared) =>
      declared.explicit("values", "removal-time") && declared.reading("E-LDMP-18" as never) !== "B"
        ? "removal-time counts under reading B of E-LDMP-18 only: declare readings.E-LDMP-18: B, or leave it out"
        : undefined,
  },
  {
    item: "values.removal-time",
    requirement: "LDMP-9.2-02",
    broken: (declared) => {
      if (declared.reading("E-LDMP-18" as never) !== "B") return undefined;
      const last = numberOf(declared, "max-retransmissions") * numberOf(declared, "retransmission-time");
      const removal = numberOf(declared, "removal-time");
      return removal < last
        ? `a silent counterpart is removed after ${removal} s, before the last repeat at ${last} s: declare removal-time of ${last} s or more`
        : undefined;
    },
  },
  {
    item: "values.max-retransmissions",
    clause: "X.609.8 9.2",
    broken: (declared) =>
      numberOf(declared, "max-retransmissions") === 0
        ? "with no retransmission at all, nothing is asked again that got lost; the cases on repeats cannot be judged"
        : undefined,
  },
];

export const sourcePeerRules: readonly Rule[] = [
  ...bothEnds,
  {
    item: "values.data-source-heartbeat-time",
    requirement: "LDMP-7.3-06",
    broken: (declared) => {
      const theirs = numberOf(declared, "data-source-heartbeat-time");
      const own = numberOf(declared, "heartbeat-time");
      return theirs > 0 && own <= theirs
        ? `the source peer's heartbeat time of ${own} s is not longer than the ${theirs} s of its data sources`
        : undefined;
    },
  },
  {
    item: "values.first-source-id",
    clause: "X.609.8 8.1",
    broken: (declared) =>
      numberOf(declared, "peer-id") !== 0 && numberOf(declared, "peer-id") === numberOf(declared, "first-source-id")
        ? "the suite's first data source would have the identifier of the source peer: declare another first-source-id"
        : undefined,
  },
  pointless("get-payload", "get-stimulus", "X.609.8 7.5", "the suite cannot make the source peer send GET"),
  pointless("second-get-payload", "get-stimulus", "X.609.8 7.5", "the suite cannot make the source peer send GET"),
  pointless("put-payload", "put-stimulus", "X.609.8 7.5", "the suite cannot make the source peer send PUT"),
];

export const dataSourceRules: readonly Rule[] = [
  ...bothEnds,
  {
    item: "values.second-get-payload",
    clause: "X.609.8 7.5",
    broken: (declared) =>
      textOf(declared, "second-get-payload") !== "" &&
      textOf(declared, "second-get-payload") === textOf(declared, "get-payload")
        ? "get-payload and second-get-payload name the same data item: declare another one, or none"
        : undefined,
  },
  {
    item: "values.unknown-get-payload",
    clause: "X.609.8 7.5",
    broken: (declared) =>
      [textOf(declared, "get-payload"), textOf(declared, "second-get-payload")].includes(
        textOf(declared, "unknown-get-payload"),
      ) && textOf(declared, "unknown-get-payload") !== ""
        ? "unknown-get-payload is one of the selectors that the data source is declared to know"
        : undefined,
  },
  ...["bad-put-payload", "unacceptable-put-payload"].map(
    (name): Rule => ({
      item: `values.${name}`,
      clause: "X.609.8 7.5",
      broken: (declared) =>
        textOf(declared, "put-payload") !== "" && textOf(declared, "put-payload") === textOf(declared, name)
          ? `${name}, which is refused, is the same as put-payload, which is taken`
          : undefined,
    }),
  ),
  pointless("put-shows-selector", "put-payload", "X.609.8 7.5", "there is no setting for it to show"),
  pointless("put-shows-text", "put-shows-selector", "X.609.8 7.5", "the suite does not know what to ask for"),
];
