import { hompOperations } from "../../generated/homp/operations.js";
import type { EntityUnderTest } from "../engine/entity.js";
import { equipHttp, httpAlive, httpPreflight } from "../engine/http-entity.js";
import { checkBy } from "../engine/own-messages.js";
import type { HomsTest } from "./case.js";
import { homsCases } from "./cases.js";
import { homsDeclaration } from "./declaration.js";

const checkOwn = checkBy(hompOperations);

/** Any answer to this query, a refusal too, shows that the server lives; it changes nothing. */
const PROBE = "/homs?overlay-id=mp2p-conformance-probe";

/** The hybrid overlay management server of Q.4103, judged in server role over HOMP. */
export const homs: EntityUnderTest<HomsTest> = {
  id: "homs",
  title: "Hybrid overlay management server (HOMS)",
  documents: ["Q.4103"],
  actor: "homs",
  declaration: homsDeclaration,
  cases: homsCases,
  parallel: () => 8,
  equip: (t, run) => equipHttp(t, run, run.declared.value("headers") as readonly string[], checkOwn) as HomsTest,
  preflight: httpPreflight(PROBE),
  alive: (t) => httpAlive(t, PROBE),
};
