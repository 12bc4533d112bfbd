import type { DeclarationInput } from "../../engine/declaration.js";

/** A switch of tiny-data-source.mjs that is legal, and what allows it. */
export interface DataSourceVariant {
  readonly what: string;
  readonly by: string;
  readonly transport?: "tcp";
  readonly declaration?: DeclarationInput;
}

const undeclared = { readings: {} };

export const dataSourceVariants: readonly DataSourceVariant[] = [
  { what: "octet by octet", by: "E-LDMP-04", transport: "tcp" },
  {
    what: "reading B of T",
    by: "E-LDMP-01, declared",
    declaration: { readings: { "E-LDMP-01": "B", "E-LDMP-02": "A" } },
  },
  { what: "reading B of T", by: "E-LDMP-01, not declared", declaration: undeclared },
  {
    what: "Length always",
    by: "E-LDMP-02, declared",
    transport: "tcp",
    declaration: { readings: { "E-LDMP-01": "A", "E-LDMP-02": "B" } },
  },
  { what: "Length always", by: "E-LDMP-02, not declared", declaration: undeclared },
  { what: "refuses everything with 4.00", by: "E-LDMP-13" },
  { what: "succeeds with 2.00 always", by: "E-LDMP-12" },
  {
    what: "answers Heartbeats with Message IDs of its own",
    by: "E-LDMP-15, declared",
    declaration: { readings: { "E-LDMP-01": "A", "E-LDMP-15": "B" } },
  },
  { what: "takes a new Message ID for each repeat", by: "E-LDMP-16" },
  { what: "counts from just below the wrap", by: "8.1" },
  { what: "sends three times in all", by: "E-LDMP-19" },
  { what: "answers slowly", by: "7.5" },
  { what: "asks although there is traffic", by: "E-LDMP-21" },
  { what: "does not repeat its Registration", by: "E-LDMP-32" },
  { what: "leaves requests with unlisted codes unanswered", by: "E-LDMP-11" },
  { what: "refuses what is for others with 4.04", by: "E-LDMP-28" },
  { what: "refuses other versions and reserved values with 4.00", by: "E-LDMP-27" },
  { what: "writes R = 01", by: "E-LDMP-27" },
  { what: "drops messages whose R is not 00", by: "E-LDMP-27" },
  { what: "understands binary selectors", by: "E-LDMP-30" },
  { what: "leaves without Release, as declared", by: "7.2", declaration: { options: { releases: false } } },
  { what: "stays silent when it is told that it is not registered", by: "E-LDMP-23" },
];
