import { hompOperations } from "../../generated/homp/operations.js";
import { homsProbes } from "../declare/homs-probes.js";
import { homsRules } from "../declare/http-rules.js";
import type { EntityUnderTest, RunContext } from "../engine/entity.js";
import { equipHttp, httpAlive } from "../engine/http-entity.js";
import { httpPreflight } from "../engine/http-preflight.js";
import { checkBy } from "../engine/own-messages.js";
import type { HomsTest } from "./case.js";
import { homsCases } from "./cases.js";
import { homsDeclaration } from "./declaration.js";
import type { Dialect } from "./dialect.js";
import { isLiteral, learnDialect, literalDialect } from "./dialect.js";

const checkOwn = checkBy(hompOperations);

/** Any answer to this query, a refusal too, shows that the server lives; it changes nothing. */
const PROBE = "/homs?overlay-id=mp2p-conformance-probe";

/** One for all cases of a run; the preflight writes it, cases read it. */
const dialects = new WeakMap<RunContext, Dialect>();

function dialectOf(run: RunContext): Dialect {
  const known = dialects.get(run) ?? literalDialect();
  dialects.set(run, known);
  return known;
}

/** The hybrid overlay management server of Q.4103, judged in server role over HOMP. */
export const homs: EntityUnderTest<HomsTest> = {
  id: "homs",
  title: "Hybrid overlay management server (HOMS)",
  documents: ["Q.4103", "Q.4100"],
  actor: "homs",
  declaration: homsDeclaration,
  rules: homsRules,
  probes: homsProbes,
  cases: homsCases,
  // Many, because the cases that wait for an expiry take a place each and do nothing meanwhile.
  parallel: () => 24,
  equip: (t, run) => {
    const dialect = dialectOf(run);
    const headers = run.declared.value("headers") as readonly string[];
    // The generated validators know the literal spellings only; a product that takes others gets them unchecked.
    const equipped = equipHttp(t, run, headers, (message) => (isLiteral(dialect) ? checkOwn(message) : []));
    return Object.assign(equipped, { dialect }) as HomsTest;
  },
  preflight: [
    ...httpPreflight<HomsTest>({
      name: "HOMS",
      probe: PROBE,
      greetings: [
        { method: "POST", path: "/homs", body: {} },
        { method: "GET", path: PROBE },
        { method: "POST", path: "/peer", body: {} },
      ],
      works: learnDialect,
    }),
    {
      what: "the suite knows which spellings the server takes",
      hint: "this step cannot fail",
      check: async (t) => {
        await learnDialect(t);
        return true;
      },
    },
  ],
  alive: (t) => httpAlive(t, PROBE),
};
