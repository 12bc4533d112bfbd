import { Code } from "../../generated/ldmp/index.js";
import { code, isReply } from "../engine/ldmp-message.js";
import { moment } from "../ldmp/waits.js";
import { defineCase } from "./case.js";

export const resetCases = [
  defineCase({
    id: "ldmp-data-source/reset/registers-again",
    title: "a data source that is reset registers again, does not answer the RESET, and posts nothing in between",
    requirements: ["LDMP-7.6-04", "LDMP-7.6-03", "LDMP-6.2-10", "LDMP-6.2-11", "LDMP-8.2-10"],
    errata: ["E-LDMP-14", "E-LDMP-22", "E-LDMP-25"],
    group: "behaviour",
    budgetMs: (declared) => 8_000 + 1_000 * Number(declared.value("registers-within")),
    async run(t) {
      const { link } = await t.session();
      await t.setup("a data source at work", () => link.request({ code: Code.heartbeat }));
      const reset = link.send({ code: Code.reset });
      const again = await link.nextRequest(Code.registration, {
        withinMs: t.declared.value("registers-within") * 1000,
      });
      t.answers(again, code(Code.registration), {
        requirement: ["LDMP-7.6-04", "LDMP-6.2-10", "LDMP-8.2-10"],
        what: "what a data source does that is reset",
      });
      await t.sleep(moment(t));
      const replies = link.arrived.filter((one) => isReply(one) && one.message?.messageId === reset);
      t.equal(
        replies.map(({ outcome }) => outcome),
        [],
        {
          requirement: ["LDMP-7.6-03", "LDMP-6.2-11"],
          what: "the answers to RESET",
          entry: replies[0]?.entry,
        },
      );
      const posts = link.arrived.filter(({ at, message }) => at > again.at && message?.code === Code.post);
      t.equal(posts.length, 0, {
        requirement: "LDMP-7.6-04",
        what: "the number of POSTs before the new Registration is answered",
        entry: posts[0]?.entry,
      });
      link.reply(again, { code: Code.ok });
      t.answers(await link.request({ code: Code.heartbeat }), code("2.xx"), {
        requirement: "LDMP-6.2-10",
        what: "the answer to a Heartbeat after it registered again",
      });
    },
  }),
];
