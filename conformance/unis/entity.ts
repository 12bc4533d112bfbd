import { unisOperations } from "../../generated/unis/operations.js";
import type { EntityUnderTest } from "../engine/entity.js";
import { equipHttp, httpAlive } from "../engine/http-entity.js";
import { checkBy } from "../engine/own-messages.js";
import { accepted } from "../streaming/answers.js";
import { streamingPreflight } from "../streaming/preflight.js";
import type { UnisTest } from "./case.js";
import { unisCases } from "./cases.js";
import { unisDeclaration } from "./declaration.js";
import { ask, questionOf } from "./distances.js";

const checkOwn = checkBy(unisOperations);

/** Any answer to this, a refusal too, shows that the server lives; it changes nothing. */
const PROBE = "/unis/distances";

/** The underlying network information server of X.609.10, judged in server role on R3 and R4 by this project's profile. */
export const unis: EntityUnderTest<UnisTest> = {
  id: "unis",
  title: "Underlying network information server (UNIS)",
  documents: ["X.609.10"],
  actor: "unis",
  declaration: unisDeclaration,
  cases: unisCases,
  parallel: () => 8,
  equip: (t, run) => equipHttp(t, run, run.declared.value("headers") as readonly string[], checkOwn) as UnisTest,
  preflight: streamingPreflight<UnisTest>(
    {
      name: "UNIS",
      probe: PROBE,
      greetings: [
        { method: "POST", path: "/unis/distances", body: {} },
        { method: "POST", path: "/unis/measurements", body: {} },
      ],
      works: async (t) => accepted.test(await ask(t, questionOf(t))),
    },
    "unis",
    [{ who: "who asks", value: "headers", what: "a question for distances", send: (t) => ask(t, questionOf(t)) }],
  ),
  alive: (t) => httpAlive(t, PROBE),
};
