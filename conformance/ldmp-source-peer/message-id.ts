import type { RequirementId } from "../../generated/catalogue/requirements.js";
import { Code } from "../../generated/ldmp/index.js";
import type { Answer } from "../engine/ldmp-message.js";
import { code } from "../engine/ldmp-message.js";
import { swapped } from "../ldmp/every-message.js";
import { moment } from "../ldmp/waits.js";
import type { SourcePeerTest } from "./case.js";
import { defineCase } from "./case.js";

/** E-LDMP-15: the request's Message ID, or any where the maker declares reading B. */
function echoes(t: SourcePeerTest, answer: Answer, sent: number, requirement: RequirementId, what: string): void {
  const seen = answer.message?.messageId ?? -1;
  if (seen !== sent && t.declared.reading("E-LDMP-15") === "B") {
    t.warn(`${what} has a Message ID of its own (reading B of E-LDMP-15, declared)`, requirement);
    return;
  }
  t.that(seen === sent, `Message ID ${sent}, the request's`, `Message ID ${seen}${swapped(seen, sent)}`, {
    requirement,
    what: `the Message ID of ${what}`,
    entry: answer.entry,
  });
}

export const messageIdCases = [
  defineCase({
    id: "ldmp-source-peer/message-id/echoed",
    title: "answers carry the Message ID of what they answer",
    requirements: ["LDMP-7.1-04", "LDMP-7.3-04", "LDMP-7.2-03"],
    errata: ["E-LDMP-03", "E-LDMP-15"],
    group: "behaviour",
    async run(t) {
      const link = await t.dataSource();
      const steps = [
        [Code.registration, 0x1234, "LDMP-7.1-04", "the answer to a Registration"],
        [Code.heartbeat, 0x00ff, "LDMP-7.3-04", "the answer to a Heartbeat"],
        [Code.release, 0xff00, "LDMP-7.2-03", "the answer to a Release"],
      ] as const;
      for (const [request, messageId, requirement, what] of steps) {
        const credentials = request === Code.registration ? t.credentials : {};
        const answer = await link.request({ code: request, messageId, ...credentials });
        t.answers(answer, code("2.xx"), { requirement, what });
        echoes(t, answer, messageId, requirement, what);
      }
    },
  }),
  defineCase({
    id: "ldmp-source-peer/message-id/wraps",
    title: "a data source whose Message ID wraps from 65535 to 0 is served on",
    requirements: ["LDMP-8.1-15"],
    errata: ["E-LDMP-16"],
    group: "behaviour",
    async run(t) {
      const link = await t.registered();
      // Given, so that what stays unanswered is asked again under the same number.
      for (const messageId of [0xfffe, 0xffff, 0, 1]) {
        t.answers(await link.request({ code: Code.heartbeat, messageId }), code("2.xx"), {
          what: "the answer to a Heartbeat on either side of the wrap",
        });
      }
    },
  }),
  defineCase({
    id: "ldmp-source-peer/message-id/grows",
    title:
      "the Message ID of the source peer's requests to one data source grows, by one as a rule, and none is used twice",
    requirements: ["LDMP-8.1-15", "LDMP-8.1-13"],
    errata: ["E-LDMP-16"],
    group: "behaviour",
    alone: true,
    async run(t) {
      const link = await t.registered();
      const ids: number[] = [];
      for (let n = 0; n < 4; n++) {
        const { request, done } = await t.provoked(link, "get");
        link.reply(request, { code: Code.content, payload: "1" });
        // Where the answer got lost, what comes next is a repeat, and no GET of its own.
        await Promise.race([done.catch(() => {}), t.sleep(moment(t))]);
        ids.push(request.message?.messageId ?? 0);
      }
      const steps = ids.slice(1).map((id, index) => (id - (ids[index] ?? 0)) & 0xffff);
      t.equal(new Set(ids).size, ids.length, {
        requirement: "LDMP-8.1-13",
        what: "how many Message IDs four different GETs have",
      });
      t.that(
        steps.every((step) => step >= 1 && step <= 64),
        "small positive steps, modulo 65536",
        ids.join(", "),
        {
          requirement: "LDMP-8.1-15",
          what: "the Message IDs of four GETs one after another",
        },
      );
      if (steps.some((step) => step !== 1))
        t.warn(`the Message IDs of GETs one after another are ${ids.join(", ")}; clause 8.1 has them grow by 1`);
    },
  }),
  defineCase({
    id: "ldmp-source-peer/message-id/duplicate-registration",
    title: "a Registration that the network delivers twice registers once and leaves the data source registered",
    requirements: ["LDMP-7.1-04", "LDMP-8.1-13"],
    errata: ["E-LDMP-17"],
    group: "behaviour",
    async run(t) {
      const link = await t.dataSource();
      const messageId = link.nextMessageId();
      t.answers(await link.request({ code: Code.registration, messageId, ...t.credentials }), code("2.xx"), {
        requirement: "LDMP-7.1-04",
        what: "the answer to a Registration",
      });
      link.send({ code: Code.registration, messageId, ...t.credentials });
      const again = await link.answerTo(messageId, "the same Registration", { withinMs: 500 });
      t.answers(again, code("2.xx", "4.xx", "silence"), {
        requirement: "LDMP-8.1-13",
        what: "the answer to the same Registration again",
      });
      t.answers(await link.request({ code: Code.heartbeat }), code("2.xx"), {
        requirement: "LDMP-7.1-04",
        what: "the answer to a Heartbeat afterwards",
      });
      t.answers(await link.request({ code: Code.release }), code("2.xx"), {
        requirement: "LDMP-7.1-04",
        what: "the answer to a Release",
      });
      t.answers(await link.request({ code: Code.release }), code("4.xx"), {
        requirement: "LDMP-8.1-13",
        what: "the answer to a second Release: there was one registration",
      });
    },
  }),
  defineCase({
    id: "ldmp-source-peer/message-id/duplicate-release",
    title: "a Release that the network delivers twice does no harm",
    requirements: ["LDMP-7.2-03"],
    errata: ["E-LDMP-17", "E-LDMP-23"],
    group: "behaviour",
    async run(t) {
      const link = await t.registered();
      const messageId = link.nextMessageId();
      t.answers(await link.request({ code: Code.release, messageId }), code("2.xx"), {
        what: "the answer to a Release",
      });
      link.send({ code: Code.release, messageId });
      const again = await link.answerTo(messageId, "the same Release", { withinMs: 500 });
      t.answers(again, code("2.xx", "4.xx", "silence"), { what: "the answer to the same Release again" });
      t.answers(await link.request({ code: Code.registration, ...t.credentials }), code("2.xx"), {
        what: "the answer to a Registration afterwards",
      });
    },
  }),
];
