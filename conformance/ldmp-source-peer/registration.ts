import { Code } from "../../generated/ldmp/index.js";
import type { LdmpLink } from "../engine/ldmp-link.js";
import { code } from "../engine/ldmp-message.js";
import { set } from "../engine/refuses.js";
import type { Raw } from "../ldmp/unsound.js";
import { exchange, sound } from "../ldmp/unsound.js";
import { moment } from "../ldmp/waits.js";
import type { SourcePeerTest } from "./case.js";
import { defineCase } from "./case.js";

/** Judges that a stand-in is registered: its Heartbeat is answered with a success. */
export async function isRegistered(
  t: SourcePeerTest,
  link: LdmpLink,
  requirement: SourcePeerTest["definition"]["requirements"][number],
  what: string,
): Promise<void> {
  t.answers(await link.request({ code: Code.heartbeat }), code("2.xx"), {
    requirement,
    what: `the answer to a Heartbeat ${what}`,
  });
}

export const registrationCases = [
  defineCase({
    id: "ldmp-source-peer/registration/accepted",
    title: "a Registration is answered with a success",
    requirements: ["LDMP-7.1-04", "LDMP-6.2-04", "LDMP-8.2-07", "DS-8.10-f"],
    errata: ["E-LDMP-05", "E-LDMP-08", "E-LDMP-12", "E-LDMP-29"],
    group: "basic",
    async run(t) {
      const link = await t.dataSource();
      const answer = await link.request({ code: Code.registration, ...t.credentials });
      const requirement = ["LDMP-7.1-04", "LDMP-6.2-04", "LDMP-8.2-07", "DS-8.10-f"] as const;
      t.answers(answer, code("2.xx"), { requirement, what: "the answer to a Registration" });
      await isRegistered(t, link, "LDMP-6.2-04", "after a Registration");
      if (t.credentials.payload === undefined && t.declared.value("refused-source-id") === 0)
        t.warn("no protection is declared: whoever reaches the source peer can register (E-LDMP-08)");
    },
  }),
  defineCase({
    id: "ldmp-source-peer/registration/several",
    title: "several data sources are registered side by side, each under its own identifier",
    requirements: ["LDMP-7.1-07", "LDMP-6.2-01", "DS-8.10-b"],
    errata: ["E-DS-19", "E-LDMP-05"],
    group: "capability",
    async run(t) {
      const links = [await t.dataSource(), await t.dataSource(), await t.dataSource()];
      for (const link of links) {
        const answer = await link.request({ code: Code.registration, ...t.credentials });
        t.answers(answer, code("2.xx"), {
          requirement: ["LDMP-7.1-07", "DS-8.10-b"],
          what: "the answer to one of three Registrations",
        });
        // One data source at a time is enough (E-DS-19).
        if (!code("2.xx").test(answer)) t.inconclusive("it does not serve several data sources");
      }
      const [first, ...others] = links;
      await t.setup("a Release of the first", async () => first?.request({ code: Code.release }));
      for (const link of others)
        await isRegistered(t, link, "LDMP-6.2-01", "of one data source after the Release of another");
    },
  }),
  defineCase({
    id: "ldmp-source-peer/registration/repeated",
    title: "a data source that registers once more stays registered, whatever the answer",
    requirements: ["LDMP-7.1-04"],
    errata: ["E-LDMP-17"],
    group: "behaviour",
    async run(t) {
      const link = await t.registered();
      const again = await link.request({ code: Code.registration, ...t.credentials });
      t.answers(again, code("2.xx", "4.xx"), { what: "the answer to a second Registration" });
      await isRegistered(t, link, "LDMP-7.1-04", "after a second Registration");
    },
  }),
  defineCase({
    id: "ldmp-source-peer/registration/restarted",
    title: "a data source that starts anew at another address is told whether it is registered, and then it is",
    requirements: ["LDMP-7.1-04"],
    errata: ["E-LDMP-17"],
    group: "behaviour",
    async run(t) {
      const before = await t.registered();
      const after = await t.dataSource({ ownId: before.ownId });
      const answer = await after.request({ code: Code.registration, ...t.credentials });
      t.answers(answer, code("2.xx", "4.xx"), { what: "the answer to a Registration from a new address" });
      if (code("2.xx").test(answer)) await isRegistered(t, after, "LDMP-7.1-04", "from the new address");
      else await isRegistered(t, before, "LDMP-7.1-04", "from the first address");
    },
  }),
  defineCase({
    id: "ldmp-source-peer/registration/after-release",
    title: "a data source that left can register again",
    requirements: ["LDMP-7.1-04"],
    group: "behaviour",
    async run(t) {
      const link = await t.registered();
      await t.setup("its Release", () => link.request({ code: Code.release }));
      t.answers(await link.request({ code: Code.registration, ...t.credentials }), code("2.xx"), {
        what: "the answer to a Registration after a Release",
      });
      await isRegistered(t, link, "LDMP-7.1-04", "after registering again");
    },
  }),
  defineCase({
    id: "ldmp-source-peer/registration/unasked-payload",
    title: "payload on a Registration that needs none does no harm",
    requirements: ["LDMP-8.1-20"],
    errata: ["E-LDMP-08", "E-LDMP-37"],
    group: "behaviour",
    async run(t) {
      const link = await t.dataSource();
      const odd = await link.request({ code: Code.registration, payload: "extra" }, { withinMs: moment(t) });
      t.answers(odd, code("2.xx", "4.xx", "silence"), { what: "the answer to a Registration with payload" });
      if (!code("2.xx").test(odd)) {
        t.step(`it was not taken (${odd.outcome}); one as usual has to be`);
        const usual = await link.request({ code: Code.registration, ...t.credentials });
        t.answers(usual, code("2.xx"), { what: "the answer to a Registration as usual" });
      }
      await isRegistered(t, link, "LDMP-8.1-20", "afterwards");
    },
  }),
  defineCase({
    id: "ldmp-source-peer/registration/refused",
    title: "a Registration that is refused is answered with a code that says why",
    requirements: ["LDMP-7.1-08", "LDMP-8.2-15", "LDMP-8.2-16"],
    errata: ["E-LDMP-08", "E-LDMP-13"],
    needs: (declared) =>
      declared.value("refused-source-id") !== 0 || "no Registration is refused: refused-source-id is not declared",
    group: "behaviour",
    async run(t) {
      const links = new Map<number, LdmpLink>();
      const requirement = ["LDMP-7.1-08", "LDMP-8.2-15", "LDMP-8.2-16"] as const;
      const refused = t.declared.value("refused-source-id");
      const stranger = await t.dataSource({ ownId: refused, hostile: true });
      await t.refuses<Raw, Awaited<ReturnType<LdmpLink["request"]>>>({
        requirement,
        what: `the Registration of ${refused}, which is declared to be refused`,
        valid: async () => {
          const link = await t.dataSource();
          links.set(link.ownId, link);
          return sound(link, Code.registration, t.declared.value("registration-payload"));
        },
        // The refused one is sent from its own stand-in; a refusal is waited for as long as any answer.
        send: (message) => exchange(t, links.get(message.sourceId) ?? stranger, message, { malformed: false }),
        accepted: code("2.xx"),
        delta: set("sourceId", refused),
        permitted: code("4.xx"),
        reason: ({ message, outcome }) => {
          if (message?.code !== Code.unauthorized && message?.code !== Code.forbidden) {
            t.warn(`a refused Registration was answered ${outcome}, where 4.01 or 4.03 is usual`, requirement);
          }
        },
        unchanged: async () => {
          t.answers(await stranger.request({ code: Code.release }), code("4.xx"), {
            requirement: "LDMP-7.1-08",
            what: "a Release after the refusal, for it is not registered",
          });
        },
      });
    },
  }),
];
