import { dataSourceProbes } from "../declare/ldmp-probes.js";
import { dataSourceRules } from "../declare/ldmp-rules.js";
import type { EntityUnderTest } from "../engine/entity.js";
import { execAdvice } from "../engine/exec-advice.js";
import { ldmpRun } from "../ldmp/run.js";
import type { DataSourceTest } from "./case.js";
import { dataSourceCases } from "./cases.js";
import { dataSourceDeclaration } from "./declaration.js";
import { equipDataSource, openShared } from "./session.js";

/** The data source of X.609.8, judged by a stand-in source peer that it registers with. */
export const ldmpDataSource: EntityUnderTest<DataSourceTest> = {
  id: "ldmp-data-source",
  title: "LDMP data source",
  documents: ["X.609.8", "X.609.10"],
  actor: "data-source",
  declaration: dataSourceDeclaration,
  rules: dataSourceRules,
  probes: dataSourceProbes,
  cases: dataSourceCases,
  // A product that connects by itself is one only, and cases take turns with it.
  parallel: ({ target }) => (target.exec === undefined ? 1 : 8),
  equip: equipDataSource,
  open: openShared,
  network: (run) => ldmpRun(run).seen,
  preflight: [
    {
      what: "a data source registers with the suite's source peer",
      hint: "connect the product to the address of --listen, or check that the command of --exec takes {url} and stays running",
      check: async (t) => {
        try {
          await t.session();
          return true;
        } catch (error) {
          const advice = execAdvice(t);
          if (advice === undefined) throw error;
          return advice;
        }
      },
    },
  ],
  // A session replaces this by a Heartbeat of its own: a new session might meet a new process.
  alive: async () => true,
};
