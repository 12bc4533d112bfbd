import { dataSourceMutants } from "./ldmp/data-source-mutants.js";
import { judgeDataSource } from "./ldmp/judge-data-source.js";
import { testMutants } from "./ldmp/mutant-tests.js";

testMutants(
  "a data source with one defect fails on the statement that it breaks",
  dataSourceMutants,
  8,
  ({ breaks, what, transport }) => judgeDataSource(what, { only: [breaks], ...(transport ? { transport } : {}) }),
);
