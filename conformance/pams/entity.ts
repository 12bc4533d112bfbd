import { pampOperations } from "../../generated/pamp/operations.js";
import { pamsRules } from "../declare/http-rules.js";
import { pamsProbes } from "../declare/pams-probes.js";
import type { EntityUnderTest } from "../engine/entity.js";
import { equipHttp, httpAlive } from "../engine/http-entity.js";
import { httpPreflight } from "../engine/http-preflight.js";
import { checkBy } from "../engine/own-messages.js";
import { accepted } from "./answers.js";
import type { PamsTest } from "./case.js";
import { pamsCases } from "./cases.js";
import { pamsDeclaration } from "./declaration.js";
import { overlayOf } from "./messages.js";
import { registerOverlay } from "./primitives.js";

const checkOwn = checkBy(pampOperations);

/** Any answer to this query, a refusal too, shows that the server lives; it changes nothing. */
const PROBE = "/pams/mp2p-conformance-probe/peers/nobody";

/** An overlay network can be registered here, and not just anywhere. */
async function registers(t: PamsTest): Promise<boolean> {
  const body = overlayOf(t);
  const elsewhere = await t.http.post(`/${t.unique("mp2p-nowhere")}/`, { body, malformed: true });
  return !accepted.test(elsewhere) && accepted.test(await registerOverlay(t, body));
}

/** The peer activity management server of X.609.1, judged in server role over PAMP. */
export const pams: EntityUnderTest<PamsTest> = {
  id: "pams",
  title: "Peer activity management server (PAMS)",
  documents: ["X.609.1", "X.609.10"],
  actor: "pams",
  declaration: pamsDeclaration,
  rules: pamsRules,
  probes: pamsProbes,
  cases: pamsCases,
  parallel: () => 8,
  equip: (t, run) => equipHttp(t, run, run.declared.value("headers") as readonly string[], checkOwn) as PamsTest,
  preflight: httpPreflight<PamsTest>({
    name: "PAMS",
    probe: PROBE,
    greetings: [
      { method: "POST", path: "/pams/", body: {} },
      { method: "GET", path: PROBE },
      { method: "POST", path: "/pams/mp2p-conformance-probe/peer/", body: {} },
    ],
    works: registers,
  }),
  alive: (t) => httpAlive(t, PROBE),
};
