import { Code } from "../../generated/ldmp/index.js";
import { code } from "../engine/ldmp-message.js";
import { defineCase } from "./case.js";

export const connectionCases = [
  defineCase({
    id: "ldmp-source-peer/connection/answers-heartbeat",
    title: "a Heartbeat of a registered data source is answered with a success",
    requirements: ["LDMP-7.3-04"],
    errata: ["E-LDMP-12", "E-LDMP-15"],
    group: "basic",
    async run(t) {
      const link = await t.registered();
      const answer = await link.request({ code: Code.heartbeat });
      t.answers(answer, code("2.xx"), { what: "the answer to a Heartbeat" });
      if (answer.message?.code !== Code.ok)
        t.warn(`a Heartbeat was answered ${answer.outcome}, where 2.00 OK is usual`);
    },
  }),
];
