import { omsOperations } from "../../generated/oms/operations.js";
import type { EntityUnderTest } from "../engine/entity.js";
import { equipHttp, httpAlive } from "../engine/http-entity.js";
import { checkBy } from "../engine/own-messages.js";
import { accepted } from "../streaming/answers.js";
import { streamingPreflight } from "../streaming/preflight.js";
import type { OmsTest } from "./case.js";
import { omsCases } from "./cases.js";
import { omsDeclaration } from "./declaration.js";
import { create, creationOf } from "./primitives.js";

const checkOwn = checkBy(omsOperations);

/** Any answer to this query, a refusal too, shows that the server lives; it changes nothing. */
const PROBE = "/oms/overlays/mp2p-conformance-probe";

/** The overlay management server of X.609.10, judged in server role on R5 by this project's profile. */
export const oms: EntityUnderTest<OmsTest> = {
  id: "oms",
  title: "Overlay management server (OMS)",
  documents: ["X.609.10", "X.609.1"],
  actor: "oms",
  declaration: omsDeclaration,
  cases: omsCases,
  parallel: () => 8,
  equip: (t, run) => equipHttp(t, run, run.declared.value("headers") as readonly string[], checkOwn) as OmsTest,
  preflight: streamingPreflight<OmsTest>(
    {
      name: "OMS",
      probe: PROBE,
      greetings: [
        { method: "POST", path: "/oms/overlays", body: {} },
        { method: "GET", path: PROBE },
        { method: "POST", path: "/oms/overlays/mp2p-conformance-probe/peers", body: {} },
      ],
      works: async (t) => accepted.test(await create(t, creationOf(t))),
    },
    "oms",
    [{ who: "a source peer", value: "headers", what: "a creation", send: (t) => create(t, creationOf(t)) }],
  ),
  alive: (t) => httpAlive(t, PROBE),
};
