import { umsOperations } from "../../generated/ums/operations.js";
import type { EntityUnderTest } from "../engine/entity.js";
import { equipHttp, headerLines, httpAlive } from "../engine/http-entity.js";
import { checkBy } from "../engine/own-messages.js";
import { accepted } from "../streaming/answers.js";
import { wallClock } from "../streaming/clock.js";
import { streamingPreflight } from "../streaming/preflight.js";
import type { UmsTest } from "./case.js";
import { umsCases } from "./cases.js";
import { umsDeclaration } from "./declaration.js";
import { ask, channel, putUser, requestOf, user, userOf } from "./primitives.js";

const checkOwn = checkBy(umsOperations);

/** Any answer to this query, a refusal too, shows that the server lives; it changes nothing. */
const PROBE = "/ums/channels";

/** The user management server of X.609.10, judged in server role on R7 and R13 by this project's profile. */
export const ums: EntityUnderTest<UmsTest> = {
  id: "ums",
  title: "User management server (UMS)",
  documents: ["X.609.10", "X.609.1"],
  actor: "ums",
  declaration: umsDeclaration,
  cases: umsCases,
  parallel: () => 8,
  equip: (base, run) => {
    const t = equipHttp(base, run, run.declared.value("headers") as readonly string[], checkOwn);
    const admin = t.http.with({ headers: headerLines(run.declared.value("admin-headers") as readonly string[]) });
    return Object.assign(t, { admin, user: t.http.with({ headers: {} }), clock: wallClock(run) }) as UmsTest;
  },
  preflight: streamingPreflight<UmsTest>(
    {
      name: "UMS",
      probe: PROBE,
      greetings: [
        { method: "POST", path: "/ums/access-rights", body: {} },
        { method: "GET", path: PROBE },
        { method: "DELETE", path: "/ums/users/mp2p-conformance-probe" },
      ],
      works: async (t) => accepted.test(await ask(t, { peer_id: t.unique("peer"), session_id: t.unique("session") })),
    },
    "ums",
    [
      {
        who: "the administrator",
        value: "admin-headers",
        what: "a user's setting",
        send: async (t) => (await putUser(t, userOf(t))).reply,
      },
      {
        who: "the OMS",
        value: "headers",
        what: "a question about a user who may take part",
        send: async (t) => {
          const who = await user(t);
          const { overlay } = await channel(t, [{ user_id: who.id }]);
          return await ask(t, requestOf(who, overlay));
        },
      },
    ],
  ),
  alive: (t) => httpAlive(t, PROBE),
};
