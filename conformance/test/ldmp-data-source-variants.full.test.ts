import { dataSourceVariants } from "./ldmp/data-source-variants.js";
import { judgeDataSource } from "./ldmp/judge-data-source.js";
import { testVariants } from "./ldmp/variant-tests.js";

testVariants("an odd but legal data source fails nothing", dataSourceVariants, 2, ({ what, by: _, ...wishes }) =>
  judgeDataSource(what, wishes),
);
