import { Code } from "../../generated/ldmp/index.js";
import type { LdmpLink } from "../engine/ldmp-link.js";
import type { Answer, Fields } from "../engine/ldmp-message.js";
import { code } from "../engine/ldmp-message.js";
import { set } from "../engine/refuses.js";
import type { DataSourceTest } from "./case.js";
import { defineCase } from "./case.js";
import { selector } from "./session.js";

/** A PUT that is declared to be taken; the suite makes up none (E-LDMP-06). */
function put(t: DataSourceTest): Fields {
  const payload = t.declared.value("put-payload");
  if (payload === "") t.inconclusive("no setting is declared that PUT may carry (put-payload)");
  return { code: Code.put, payload };
}

/** Whether GET shows the setting, where it is declared how that shows. */
async function shows(t: DataSourceTest, link: LdmpLink): Promise<boolean | undefined> {
  const text = t.declared.value("put-shows-text");
  if (text === "") return undefined;
  const answer = await link.request({ code: Code.get, ...selector(t.declared.value("put-shows-selector")) });
  if (!code("2.xx").test(answer)) t.inconclusive(`the setting cannot be read: GET got ${answer.outcome}`);
  return answer.text?.includes(text) === true;
}

const showable = (declared: { value(name: never): unknown }): boolean | string =>
  declared.value("put-shows-text" as never) !== "" || "it is not declared how a setting shows (put-shows-text)";

/** The code of Table 3 that each refusal is about. */
const reasons = {
  unknown: "LDMP-8.2-17",
  unacceptable: "LDMP-8.2-19",
  unauthorised: "LDMP-8.2-15",
  forbidden: "LDMP-8.2-16",
} as const;

export const configurationCases = [
  defineCase({
    id: "ldmp-data-source/configuration/applied",
    title: "PUT is answered with a confirmation, and the setting is in force",
    requirements: ["LDMP-7.5-09", "LDMP-8.2-12", "LDMP-8.2-06"],
    errata: ["E-LDMP-12"],
    group: "basic",
    async run(t) {
      const message = put(t);
      const { link } = await t.session();
      const requirement = ["LDMP-7.5-09", "LDMP-8.2-12", "LDMP-8.2-06"] as const;
      const answer = await link.request(message);
      t.answers(answer, code(Code.changed, Code.ok, Code.content), { requirement, what: "the answer to PUT" });
      if (answer.message?.code !== Code.changed)
        t.warn(`PUT was answered ${answer.outcome}, where 2.04 Changed is usual`, requirement);
      if (t.declared.value("put-shows-text") === "") return;
      t.that((await shows(t, link)) === true, `GET shows ${t.declared.value("put-shows-text")}`, "it does not", {
        requirement: "LDMP-7.5-09",
        what: "the setting after a PUT that was confirmed",
      });
    },
  }),
  defineCase({
    id: "ldmp-data-source/configuration/message-id",
    title: "the answer to PUT carries the Message ID of the PUT",
    requirements: ["LDMP-7.5-04"],
    errata: ["E-LDMP-15"],
    group: "behaviour",
    async run(t) {
      const message = put(t);
      const { link } = await t.session();
      for (const messageId of [0x1234, 0xffff]) {
        const answer = await link.request({ ...message, messageId });
        t.answers(answer, code("2.xx"), { what: "the answer to PUT" });
        t.equal(answer.message?.messageId, messageId, {
          what: "the Message ID of the answer to PUT",
          entry: answer.entry,
        });
      }
    },
  }),
  ...(
    [
      ["unknown", "bad-put-payload", Code.notFound, "a setting it does not know"],
      ["unacceptable", "unacceptable-put-payload", Code.notAcceptable, "a value it does not take"],
      ["unauthorised", "unauthorised-put-payload", Code.unauthorized, "a setting for which authorisation is lacking"],
      ["forbidden", "forbidden-put-payload", Code.forbidden, "a setting that is forbidden"],
    ] as const
  ).map(([name, value, usual, what]) =>
    defineCase({
      id: `ldmp-data-source/configuration/${name}`,
      title: `PUT of ${what} is answered with the reason, and changes nothing`,
      requirements: ["LDMP-7.5-10", reasons[name]],
      errata: ["E-LDMP-06", "E-LDMP-13"],
      needs: (declared) => declared.value(value) !== "" || `${value} is not declared`,
      group: "behaviour",
      async run(t) {
        const valid = put(t);
        const { link } = await t.session();
        const requirement = t.definition.requirements;
        let before: boolean | undefined;
        await t.refuses<Fields, Answer>({
          requirement,
          what: `PUT of ${what}`,
          valid: () => valid,
          send: async (message, { malformed }) => {
            const answer = await link.request(message);
            if (!malformed) before = await shows(t, link);
            return answer;
          },
          accepted: code("2.xx"),
          delta: set("payload", t.declared.value(value)),
          permitted: code("4.xx"),
          reason: ({ message, outcome }) => {
            if (message?.code !== usual) t.warn(`PUT of ${what} was answered ${outcome}`, requirement);
          },
          unchanged: async () => {
            t.equal(await shows(t, link), before, {
              requirement,
              what: "whether the setting is as before the refused PUT",
            });
          },
        });
      },
    }),
  ),
  defineCase({
    id: "ldmp-data-source/configuration/without-payload",
    title: "PUT without a configuration does no harm",
    requirements: ["LDMP-8.2-14"],
    errata: ["E-LDMP-13", "E-LDMP-37"],
    group: "behaviour",
    async run(t) {
      const { link } = await t.session();
      const answer = await link.request({ code: Code.put });
      t.answers(answer, code("2.xx", "4.xx"), { what: "the answer to PUT without payload" });
      if (answer.message?.code !== Code.badRequest)
        t.warn(`PUT without payload was answered ${answer.outcome}, where 4.00 Bad Request is usual`);
      t.answers(await link.request({ code: Code.heartbeat }), code("2.xx"), {
        what: "the answer to a Heartbeat afterwards",
      });
    },
  }),
  defineCase({
    id: "ldmp-data-source/reset/initial-state",
    title: "RESET takes a setting back to what it was at the start",
    requirements: ["LDMP-7.6-05"],
    errata: ["E-LDMP-25"],
    needs: showable,
    group: "behaviour",
    budgetMs: (declared) => 8_000 + 1_000 * Number(declared.value("registers-within")),
    async run(t) {
      const message = put(t);
      const { link } = await t.session();
      await t.setup("a setting that shows", async () => {
        if (await shows(t, link)) t.inconclusive("it shows before it is set");
        await link.request(message);
        if (!(await shows(t, link))) t.inconclusive("it does not show when it is set");
      });
      link.send({ code: Code.reset });
      await t.setup("a new Registration", async () => {
        const again = await link.nextRequest(Code.registration, {
          withinMs: t.declared.value("registers-within") * 1000,
        });
        if (again.silent) t.inconclusive("it did not register again");
        link.reply(again, { code: Code.ok });
      });
      t.that((await shows(t, link)) === false, "the setting is gone", "it is still there", {
        what: "a setting after RESET",
      });
    },
  }),
];
