import { Code, codeName } from "../../generated/ldmp/index.js";
import { requestType } from "../engine/ldmp-dialect.js";
import { code } from "../engine/ldmp-message.js";
import { exchange, sound } from "../ldmp/unsound.js";
import { moment } from "../ldmp/waits.js";
import { defineCase } from "./case.js";

export const codeCases = [
  defineCase({
    id: "ldmp-data-source/codes/ok",
    title: "a Heartbeat succeeds with 2.00 OK, or with another code of Table 2",
    requirements: ["LDMP-8.2-11"],
    errata: ["E-LDMP-12"],
    group: "behaviour",
    async run(t) {
      const { link } = await t.session();
      const answer = await link.request({ code: Code.heartbeat });
      t.answers(answer, code(Code.ok, Code.changed, Code.content), { what: "the answer to a Heartbeat" });
    },
  }),
  defineCase({
    id: "ldmp-data-source/codes/unlisted-requests",
    title: "a request whose Code is in no table is refused or ignored, and the session goes on",
    requirements: ["LDMP-8.2-21", "LDMP-8.2-18", "LDMP-6.2-09"],
    errata: ["E-LDMP-11"],
    group: "behaviour",
    async run(t) {
      const { link } = await t.session({ hostile: true });
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
      t.answers(await link.request({ code: Code.heartbeat }), code("2.xx"), {
        requirement: "LDMP-6.2-09",
        what: "the answer to a Heartbeat after requests with unlisted Codes",
      });
    },
  }),
  defineCase({
    id: "ldmp-data-source/codes/wrong-direction",
    title: "Registration, Release and POST from a source peer are refused or ignored",
    requirements: ["LDMP-8.2-18"],
    errata: ["E-LDMP-07", "E-LDMP-36"],
    group: "behaviour",
    async run(t) {
      const { link } = await t.session({ hostile: true });
      for (const request of [Code.registration, Code.release, Code.post]) {
        const answer = await link.request({ code: request }, { withinMs: moment(t) });
        if (!answer.silent && !code("4.xx").test(answer))
          t.warn(
            `${codeName(request)} of a source peer was answered ${answer.outcome}, where 4.05 or nothing is usual`,
            "LDMP-8.2-18",
          );
      }
      t.answers(await link.request({ code: Code.heartbeat }), code("2.xx"), {
        what: "the answer to a Heartbeat afterwards",
      });
    },
  }),
  defineCase({
    id: "ldmp-data-source/codes/bad-request",
    title: "a request whose Length promises more than there is gets 4.00 Bad Request, or nothing",
    requirements: ["LDMP-8.2-14", "LDMP-8.1-18"],
    errata: ["E-LDMP-13", "E-LDMP-27"],
    needs: (declared) =>
      declared.value("transport") === "udp" || "a stream cannot tell a message too short from one still coming",
    group: "behaviour",
    async run(t) {
      const { link } = await t.session({ hostile: true });
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
