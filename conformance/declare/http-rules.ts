import type { Rule } from "./rule.js";
import { numberOf, pointless, withOption } from "./rule.js";

export const pamsRules: readonly Rule[] = [
  withOption("helper-condition", "helper-peers", "X.609.1 8.2.3"),
  withOption("two-service-classes", "service-classes", "X.609.1 8.2.5"),
  pointless(
    "authenticated-operations",
    "headers",
    "X.609.1 9.2",
    "without credentials the suite cannot show that they are asked for",
  ),
  {
    item: "values.query-path",
    clause: "X.609.1 9.2.6",
    broken: (declared) =>
      declared.explicit("values", "query-path") && declared.value("query-carrier") !== "post"
        ? "query-path counts with query-carrier: post only"
        : undefined,
  },
];

export const homsRules: readonly Rule[] = [
  {
    item: "values.peer-lifetime",
    clause: "Q.4103 6.2.5",
    broken: (declared) => {
      const stated = numberOf(declared, "peer-lifetime");
      return declared.reading("E-HOMP-20" as never) === "B" && stated !== 0 && stated !== 86_400
        ? `peer-lifetime of ${stated} s excludes reading B of E-HOMP-20, by which it is 86,400 s or the rest of the overlay's`
        : undefined;
    },
  },
  {
    item: "readings.E-HOMP-28",
    clause: "Q.4103 6.1.1",
    broken: (declared) =>
      declared.reading("E-HOMP-28" as never) === "B" && !declared.option("sub-overlays")
        ? "reading B stores any word as type, and sub-overlays is declared absent: one of them cannot hold"
        : undefined,
  },
];
