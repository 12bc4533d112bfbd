import { requirement } from "../engine/catalogue.js";
import { dataSourceMutants } from "./ldmp/data-source-mutants.js";
import { judgeDataSource } from "./ldmp/judge-data-source.js";
import { testMutants } from "./ldmp/mutant-tests.js";

/** Each judged product is a process: those that break a requirement are tried here, all of them in the full tests. */
testMutants(
  "a data source with one defect fails on the requirement that it breaks",
  dataSourceMutants.filter(({ breaks }) => requirement(breaks).level === "required"),
  8,
  ({ breaks, what, transport }) => judgeDataSource(what, { only: [breaks], ...(transport ? { transport } : {}) }),
);
