import { csOperations } from "../../generated/cs/operations.js";
import type { EntityUnderTest } from "../engine/entity.js";
import { equipHttp, headerLines, httpAlive } from "../engine/http-entity.js";
import { checkBy } from "../engine/own-messages.js";
import { wallClock } from "../streaming/clock.js";
import { streamingPreflight } from "../streaming/preflight.js";
import type { CsTest } from "./case.js";
import { csCases } from "./cases.js";
import { csDeclaration } from "./declaration.js";
import { allocate, createSession, sessionOf } from "./primitives.js";

const checkOwn = checkBy(csOperations);

/** Any answer to this query, a refusal too, shows that the server lives; it changes nothing. */
const PROBE = "/cs";

/** The cache server of X.609.10, judged in server role on R8 and R12 by this project's profile. */
export const cs: EntityUnderTest<CsTest> = {
  id: "cs",
  title: "Cache server (CS)",
  documents: ["X.609.10", "X.609.1"],
  actor: "cs",
  declaration: csDeclaration,
  cases: csCases,
  parallel: () => 4,
  equip: (base, run) => {
    const t = equipHttp(base, run, run.declared.value("headers") as readonly string[], checkOwn);
    const source = t.http.with({ headers: headerLines(run.declared.value("provider-headers") as readonly string[]) });
    return Object.assign(t, { source, clock: wallClock(run) }) as CsTest;
  },
  preflight: streamingPreflight<CsTest>(
    {
      name: "CS",
      probe: PROBE,
      greetings: [
        { method: "GET", path: PROBE },
        { method: "POST", path: "/cs/allocations", body: {} },
      ],
      works: async () => false,
    },
    "cs",
    [
      {
        who: "the OMS",
        value: "headers",
        what: "an allocation",
        // Nobody is at that OMS, and what is allocated is released at once.
        send: (t) =>
          allocate(t, { overlay_network_id: t.unique("overlay"), oms_url: "http://127.0.0.1:9/", priority: 1 }),
      },
      {
        who: "a data source",
        value: "provider-headers",
        what: "a request for a session",
        send: async (t) => (t.declared.option("ingest") ? await createSession(t, sessionOf(t)) : undefined),
      },
    ],
  ),
  alive: (t) => httpAlive(t, PROBE),
};
