import type { DataSourceVariant } from "./ldmp/data-source-variants.js";
import { dataSourceVariants } from "./ldmp/data-source-variants.js";
import { judgeDataSource } from "./ldmp/judge-data-source.js";
import { testVariants } from "./ldmp/variant-tests.js";

/** Those that differ most; all of them are in the full tests. */
const quick = ["octet by octet"];
const plain: DataSourceVariant = { what: "", by: "clauses 7 to 9" };

testVariants(
  "an odd but legal data source fails nothing",
  [plain, ...dataSourceVariants.filter(({ what }) => quick.includes(what))],
  2,
  ({ what, by: _, ...wishes }) => judgeDataSource(what, wishes),
);
