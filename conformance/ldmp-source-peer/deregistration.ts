import { Code } from "../../generated/ldmp/index.js";
import { code } from "../engine/ldmp-message.js";
import { moment } from "../ldmp/waits.js";
import { defineCase } from "./case.js";

export const deregistrationCases = [
  defineCase({
    id: "ldmp-source-peer/deregistration/accepted",
    title: "a Release of a registered data source is answered with a success",
    requirements: ["LDMP-7.2-03", "LDMP-6.2-07", "LDMP-8.2-08"],
    errata: ["E-LDMP-12", "E-LDMP-29"],
    group: "basic",
    async run(t) {
      const link = await t.registered();
      t.answers(await link.request({ code: Code.release }), code("2.xx"), {
        requirement: ["LDMP-7.2-03", "LDMP-6.2-07", "LDMP-8.2-08"],
        what: "the answer to a Release",
      });
    },
  }),
  defineCase({
    id: "ldmp-source-peer/deregistration/gone",
    title: "after its Release a data source is no longer registered: the next Release fails",
    requirements: ["LDMP-7.2-04", "LDMP-7.2-05"],
    errata: ["E-LDMP-13", "E-LDMP-23"],
    group: "behaviour",
    async run(t) {
      const link = await t.registered();
      await t.setup("its Release", async () => {
        const first = await link.request({ code: Code.release });
        if (!code("2.xx").test(first)) t.inconclusive(`the first Release got ${first.outcome}`);
      });
      const again = await link.request({ code: Code.release });
      t.answers(again, code("4.xx"), {
        requirement: ["LDMP-7.2-04", "LDMP-7.2-05"],
        what: "the answer to a Release by a data source that left already",
      });
    },
  }),
  defineCase({
    id: "ldmp-source-peer/deregistration/stranger",
    title: "a Release by a data source that never registered is answered with a code that says why it fails",
    requirements: ["LDMP-7.2-05", "LDMP-7.2-06", "LDMP-8.2-17"],
    errata: ["E-LDMP-13", "E-LDMP-23"],
    group: "behaviour",
    async run(t) {
      const link = await t.dataSource();
      const answer = await link.request({ code: Code.release });
      const requirement = ["LDMP-7.2-05", "LDMP-7.2-06", "LDMP-8.2-17"] as const;
      t.answers(answer, code("4.xx"), { requirement, what: "the answer to a stranger's Release" });
      if (answer.message?.code !== Code.notFound) {
        t.warn(`a stranger's Release was answered ${answer.outcome}, where 4.04 Not Found is usual`, requirement);
      }
    },
  }),
  defineCase({
    id: "ldmp-source-peer/deregistration/heartbeat-of-stranger",
    title: "a Heartbeat of a data source that left is refused or left unanswered",
    requirements: ["LDMP-7.2-04"],
    errata: ["E-LDMP-23"],
    group: "behaviour",
    async run(t) {
      const link = await t.registered();
      await t.setup("its Release", () => link.request({ code: Code.release }));
      const answer = await link.request({ code: Code.heartbeat }, { withinMs: moment(t) });
      t.answers(answer, code("2.xx", "4.xx", "silence"), { what: "the answer to a Heartbeat after the Release" });
      if (code("2.xx").test(answer)) {
        t.warn(
          `a Heartbeat of a data source that left was answered ${answer.outcome}; it cannot tell that it has to register again`,
        );
      }
      t.answers(await link.request({ code: Code.registration, ...t.credentials }), code("2.xx"), {
        what: "the answer to a Registration afterwards",
      });
    },
  }),
  defineCase({
    id: "ldmp-source-peer/deregistration/gone-post",
    title: "what a data source posts after its Release is not distributed",
    requirements: ["LDMP-7.2-04"],
    errata: ["E-LDMP-23"],
    group: "behaviour",
    async run(t) {
      const link = await t.registered();
      const outlet = await t.outlet(link);
      const [before, after] = [t.unique("before"), t.unique("after")];
      await t.setup("a POST that is distributed while it is registered", async () => {
        link.send({ code: Code.post, payload: before });
        if (!(await outlet.sees(forms(before), 2_000))) t.inconclusive("the data hook does not show it");
      });
      await t.setup("its Release", () => link.request({ code: Code.release }));
      link.send({ code: Code.post, payload: after });
      t.that(!(await outlet.sees(forms(after), moment(t))), "nothing is handed on", "the data were handed on", {
        what: "what becomes of a POST after the Release",
      });
    },
  }),
];

/** A text as it may show in an outlet: as it is, or in base64 or hexadecimal where all of the payload is encoded. */
export function forms(text: string): string[] {
  const octets = Buffer.from(text);
  return [text, octets.toString("base64"), octets.toString("hex")];
}
