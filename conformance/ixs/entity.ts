import { ixsOperations } from "../../generated/ixs/operations.js";
import type { EntityUnderTest } from "../engine/entity.js";
import { equipHttp, httpAlive } from "../engine/http-entity.js";
import { checkBy } from "../engine/own-messages.js";
import { accepted } from "../streaming/answers.js";
import { streamingPreflight } from "../streaming/preflight.js";
import type { IxsTest } from "./case.js";
import { ixsCases } from "./cases.js";
import { ixsDeclaration } from "./declaration.js";
import { indexFile, register } from "./primitives.js";

const checkOwn = checkBy(ixsOperations);

/** Any answer to this query, a refusal too, shows that the server lives; it changes nothing. */
const PROBE = "/ixs/index-files?data_id=mp2p-conformance-probe";

/** The index server of X.609.10, judged in server role on R6 by this project's profile. */
export const ixs: EntityUnderTest<IxsTest> = {
  id: "ixs",
  title: "Index server (IXS)",
  documents: ["X.609.10"],
  actor: "ixs",
  declaration: ixsDeclaration,
  cases: ixsCases,
  parallel: () => 8,
  equip: (t, run) => equipHttp(t, run, run.declared.value("headers") as readonly string[], checkOwn) as IxsTest,
  preflight: streamingPreflight<IxsTest>(
    {
      name: "IXS",
      probe: PROBE,
      greetings: [
        { method: "POST", path: "/ixs/index-files", body: {} },
        { method: "GET", path: PROBE },
        { method: "DELETE", path: "/ixs/index-files" },
      ],
      works: async (t) => accepted.test(await register(t, indexFile(t))),
    },
    "ixs",
    [{ who: "a source peer", value: "headers", what: "a registration", send: (t) => register(t, indexFile(t)) }],
  ),
  alive: (t) => httpAlive(t, PROBE),
};
