import { Code, codeName } from "../../generated/ldmp/index.js";
import { requestType } from "../engine/ldmp-dialect.js";
import { code } from "../engine/ldmp-message.js";
import { exchange, sound } from "../ldmp/unsound.js";
import { moment } from "../ldmp/waits.js";
import { defineCase } from "./case.js";
import { isRegistered } from "./registration.js";

export const codeCases = [
  defineCase({
    id: "ldmp-source-peer/codes/ok",
    title: "Registration, Heartbeat and Release succeed with 2.00 OK, or with another code of Table 2",
    requirements: ["LDMP-8.2-11"],
    errata: ["E-LDMP-12"],
    group: "behaviour",
    async run(t) {
      const link = await t.dataSource();
      for (const request of [Code.registration, Code.heartbeat, Code.release]) {
        const credentials = request === Code.registration ? t.credentials : {};
        const answer = await link.request({ code: request, ...credentials });
        t.answers(answer, code(Code.ok, Code.changed, Code.content), { what: `the answer to ${codeName(request)}` });
        if (answer.message?.code !== Code.ok)
          t.warn(`${codeName(request)} was answered ${answer.outcome}, where 2.00 OK is usual`);
      }
    },
  }),
  defineCase({
    id: "ldmp-source-peer/codes/unlisted-requests",
    title: "a request whose Code is in no table is refused or ignored, and the session goes on",
    requirements: ["LDMP-8.2-21", "LDMP-8.2-18", "LDMP-6.2-09"],
    errata: ["E-LDMP-11"],
    group: "behaviour",
    async run(t) {
      const link = await t.registered({ hostile: true });
      const requirement = ["LDMP-8.2-21", "LDMP-8.2-18"] as const;
      const { type, sendType } = link.dialect;
      const asking = requestType(true, type ?? sendType);
      const answers = await Promise.all(
        [0x00, 0x04, 0x09, 0x1f, 0x21, 0x60, 0xa0, 0xff].map(async (unlisted) => ({
          unlisted,
          answer: await exchange(t, link, { ...sound(link, unlisted), type: asking }, { malformed: true }),
        })),
      );
      for (const { unlisted, answer } of answers) {
        t.answers(answer, code("4.xx", "silence"), { requirement, what: `the answer to ${codeName(unlisted)}` });
        if (
          !answer.silent &&
          answer.message?.code !== Code.methodNotAllowed &&
          answer.message?.code !== Code.badRequest
        )
          t.warn(`${codeName(unlisted)} was answered ${answer.outcome}, where 4.05, 4.00 or nothing is usual`);
      }
      if (answers.every(({ answer }) => answer.silent))
        t.warn("no request with an unlisted Code was answered; 4.05 Method Not Allowed would tell why");
      await isRegistered(t, link, "LDMP-6.2-09", "after requests with unlisted Codes");
    },
  }),
  defineCase({
    id: "ldmp-source-peer/codes/unasked-acknowledgements",
    title: "acknowledgements that answer nothing, with listed and unlisted Codes, are ignored",
    requirements: ["LDMP-8.2-21", "LDMP-6.2-09"],
    errata: ["E-LDMP-11", "E-LDMP-14"],
    group: "behaviour",
    async run(t) {
      const link = await t.registered({ hostile: true });
      const before = link.arrived.length;
      for (const one of [Code.ok, Code.content, Code.notFound, 0x41, 0x5f, 0x82, 0x9f, 0xa0]) {
        const raw = { ...sound(link, one), type: 2 };
        await exchange(t, link, raw, { malformed: true });
      }
      const heard = link.arrived.slice(before).filter(({ message }) => message?.code !== Code.heartbeat);
      if (heard.length > 0) t.warn(`an acknowledgement nobody asked for was answered ${heard[0]?.outcome}`);
      t.that(
        !heard.some(({ message }) => (message?.code ?? 0) >> 5 === 2),
        "nothing of class 2",
        heard[0]?.outcome ?? "",
        {
          requirement: "LDMP-8.2-21",
          what: "what follows acknowledgements that answer nothing",
        },
      );
      await isRegistered(t, link, "LDMP-6.2-09", "after acknowledgements that answer nothing");
    },
    budgetMs: 10_000,
  }),
  defineCase({
    id: "ldmp-source-peer/codes/wrong-direction",
    title: "GET, PUT and RESET from a data source are refused or ignored",
    requirements: ["LDMP-8.2-18", "LDMP-7.6-01"],
    errata: ["E-LDMP-36"],
    group: "behaviour",
    async run(t) {
      const link = await t.registered({ hostile: true });
      const requirement = ["LDMP-8.2-18", "LDMP-7.6-01"] as const;
      for (const request of [Code.get, Code.put, Code.reset]) {
        const answer = await link.request({ code: request }, { withinMs: moment(t) });
        if (!answer.silent && !code("4.xx").test(answer)) {
          t.warn(
            `${codeName(request)} of a data source was answered ${answer.outcome}, where 4.05 or nothing is usual`,
            requirement,
          );
        }
      }
      t.answers(await link.request({ code: Code.heartbeat }), code("2.xx"), {
        requirement,
        what: "the answer to a Heartbeat afterwards",
      });
    },
  }),
  defineCase({
    id: "ldmp-source-peer/codes/bad-request",
    title: "a request whose Length promises more than there is gets 4.00 Bad Request, or nothing",
    requirements: ["LDMP-8.2-14", "LDMP-8.1-18"],
    errata: ["E-LDMP-13", "E-LDMP-27"],
    needs: (_, target) =>
      target.url?.startsWith("udp:") === true || "a stream cannot tell a message too short from one still coming",
    group: "behaviour",
    async run(t) {
      const link = await t.registered({ hostile: true });
      const requirement = ["LDMP-8.2-14", "LDMP-8.1-18"] as const;
      const raw = { ...sound(link, Code.heartbeat, "ab"), length: 200 };
      const answer = await exchange(t, link, raw, { malformed: true });
      t.answers(answer, code("4.xx", "silence"), {
        requirement,
        what: "the answer to a Heartbeat with 2 octets and a Length of 200",
      });
      if (answer.message?.code !== Code.badRequest)
        t.warn(`a message cut short was answered ${answer.outcome}, where 4.00 Bad Request is usual`);
      t.answers(await link.request({ code: Code.heartbeat }), code("2.xx"), {
        requirement,
        what: "the answer to a sound Heartbeat afterwards",
      });
    },
  }),
];
