import { Code } from "../../generated/ldmp/index.js";
import { requestType } from "../engine/ldmp-dialect.js";
import { code, isReply } from "../engine/ldmp-message.js";
import { judgeRepeats } from "../ldmp/repeats.js";
import { budgetFor, givenUpMs, heartbeatLateMs, moment, seconds, timersFor, transmissionsOf } from "../ldmp/waits.js";
import type { DataSourceTest } from "./case.js";
import { defineCase } from "./case.js";
import { selector } from "./session.js";

/** A registered product that hears nothing, and the Heartbeat it sends for that. */
async function silentUntilAsked(t: DataSourceTest) {
  const timers = timersFor(t, heartbeatLateMs);
  const { link } = await t.session({ answerHeartbeats: false });
  const since = t.transcript.now();
  const first = await link.nextRequest(Code.heartbeat, { withinMs: heartbeatLateMs(timers) });
  return { link, first, since, timers };
}

async function asked(t: DataSourceTest) {
  return await t.setup("a Heartbeat of the data source", async () => {
    const found = await silentUntilAsked(t);
    if (found.first.silent) t.inconclusive("the data source did not ask a silent source peer");
    return found;
  });
}

const registersWithin = (t: DataSourceTest): number => t.declared.value("registers-within") * 1000;

export const connectionCases = [
  defineCase({
    id: "ldmp-data-source/connection/answers-heartbeat",
    title: "a Heartbeat of the source peer is answered with a success",
    requirements: ["LDMP-7.3-05"],
    errata: ["E-LDMP-12", "E-LDMP-15"],
    group: "basic",
    async run(t) {
      const { link } = await t.session();
      const answer = await link.request({ code: Code.heartbeat });
      t.answers(answer, code("2.xx"), { what: "the answer to a Heartbeat" });
      if (answer.message?.code !== Code.ok)
        t.warn(`a Heartbeat was answered ${answer.outcome}, where 2.00 OK is usual`);
    },
  }),
  defineCase({
    id: "ldmp-data-source/connection/one-acknowledgement",
    title: "Heartbeat and GET each get one acknowledgement",
    requirements: ["LDMP-6.2-12", "LDMP-8.2-01"],
    group: "behaviour",
    async run(t) {
      const { link } = await t.session();
      t.answers(await link.request({ code: Code.heartbeat }), code("2.xx"), {
        requirement: ["LDMP-6.2-12", "LDMP-8.2-01"],
        what: "the answer to a Heartbeat",
      });
      const get = await link.request({ code: Code.get, ...selector(t.declared.value("get-payload")) });
      t.answers(get, code("2.xx", "4.xx"), { requirement: "LDMP-6.2-12", what: "the answer to GET" });
      await link.quiet(moment(t), isReply, "a second acknowledgement");
      const replies = link.arrived.filter(isReply);
      // What had to be asked again may have been answered both times.
      t.that(replies.length >= 2 && replies.length <= link.asked, "2", replies.length, {
        requirement: "LDMP-6.2-12",
        what: `the number of acknowledgements to ${link.asked} requests`,
        entry: replies.at(-1)?.entry,
      });
    },
  }),
  defineCase({
    id: "ldmp-data-source/connection/asks-when-silent",
    title: "a source peer that is silent for the heartbeat time is asked for a message",
    requirements: ["LDMP-7.3-01", "LDMP-9.1-01", "LDMP-6.2-06", "LDMP-8.2-09"],
    errata: ["E-LDMP-20", "E-LDMP-21"],
    group: "behaviour",
    budgetMs: budgetFor((timers) => 5_000 + heartbeatLateMs(timers)),
    async run(t) {
      const { first, since, timers } = await silentUntilAsked(t);
      t.answers(first, code(Code.heartbeat), {
        requirement: ["LDMP-7.3-01", "LDMP-9.1-01", "LDMP-6.2-06", "LDMP-8.2-09"],
        what: `what a source peer gets after a silence of ${seconds(timers.heartbeatMs)}, within ${seconds(heartbeatLateMs(timers))}`,
      });
      const after = first.at - since;
      if (after < timers.heartbeatMs * 0.7)
        t.warn(
          `the Heartbeat came after ${seconds(after)}, before the declared heartbeat time of ${seconds(timers.heartbeatMs)}`,
        );
    },
  }),
  defineCase({
    id: "ldmp-data-source/connection/shorter-heartbeat-time",
    title: "a heartbeat time below the default of 60 s works",
    requirements: ["LDMP-9.1-02"],
    errata: ["E-LDMP-33"],
    group: "capability",
    needs: (declared) => Number(declared.value("heartbeat-time")) < 60 || "no heartbeat time below 60 s is declared",
    budgetMs: budgetFor((timers) => 5_000 + heartbeatLateMs(timers)),
    async run(t) {
      const { first } = await silentUntilAsked(t);
      t.answers(first, code(Code.heartbeat), { what: "what comes after the declared heartbeat time" });
    },
  }),
  defineCase({
    id: "ldmp-data-source/connection/unanswered-heartbeat",
    title:
      "an unanswered Heartbeat is repeated until the maximum time has passed; then the data source registers again and posts nothing until it is registered",
    requirements: [
      "LDMP-7.3-03",
      "LDMP-7.3-07",
      "LDMP-9.2-01",
      "LDMP-9.2-02",
      "LDMP-9.3-01",
      "LDMP-7.3-11",
      "LDMP-7.3-10",
      "LDMP-6.2-09",
    ],
    errata: ["E-LDMP-01", "E-LDMP-16", "E-LDMP-18", "E-LDMP-19", "E-LDMP-22", "E-LDMP-32"],
    group: "behaviour",
    budgetMs: budgetFor((timers) => 10_000 + heartbeatLateMs(timers) + givenUpMs(timers)),
    async run(t) {
      timersFor(t, (timers) => heartbeatLateMs(timers) + givenUpMs(timers));
      const { link, first, timers } = await asked(t);
      const { type: reading = "A", typeFrom } = t.ldmp.dialect;
      t.equal(first.message?.type as number, requestType(true, reading), {
        requirement: "LDMP-7.3-03",
        what: `T of a Heartbeat (reading ${reading}, ${typeFrom})`,
        entry: first.entry,
      });
      const sent = await transmissionsOf(t, link, first, givenUpMs(timers));
      judgeRepeats(t, sent, timers, {
        repeated: ["LDMP-7.3-07", "LDMP-9.2-02"],
        spacing: "LDMP-9.2-01",
        count: "LDMP-9.3-01",
      });
      const again = await link.nextRequest(Code.registration, { withinMs: registersWithin(t) });
      t.answers(again, code(Code.registration), {
        requirement: ["LDMP-7.3-11", "LDMP-6.2-09"],
        what: `what comes after ${sent.length} unanswered Heartbeats`,
      });
      await t.sleep(500);
      const posts = link.arrived.filter(({ at, message }) => at > again.at && message?.code === Code.post);
      t.that(posts.length === 0, "no POST before the new Registration is answered", `${posts.length} POSTs`, {
        requirement: "LDMP-7.3-10",
        what: "what comes after the new Registration",
        entry: posts[0]?.entry,
      });
    },
  }),
  defineCase({
    id: "ldmp-data-source/connection/answer-ends-repeats",
    title: "an answer to a repeated Heartbeat ends the repeats, and the data source stays registered",
    requirements: ["LDMP-9.2-03"],
    errata: ["E-LDMP-18", "E-LDMP-19"],
    needs: (declared) => Number(declared.value("max-retransmissions")) >= 1 || "there are no repeats",
    group: "behaviour",
    budgetMs: budgetFor((timers) => 10_000 + heartbeatLateMs(timers) + givenUpMs(timers)),
    async run(t) {
      timersFor(t, (timers) => heartbeatLateMs(timers) + givenUpMs(timers));
      const { link, timers } = await asked(t);
      const repeat = await t.setup("a repeat of its Heartbeat", async () => {
        const found = await link.nextRequest(Code.heartbeat, { withinMs: 1.5 * timers.retransmissionMs + 600 });
        if (found.silent) t.inconclusive("the Heartbeat was not repeated");
        return found;
      });
      const since = t.transcript.now();
      link.reply(repeat, { code: Code.ok });
      await t.sleep(Math.min(2 * timers.retransmissionMs, timers.heartbeatMs * 0.7));
      const more = link.arrived.filter(
        ({ at, message }) =>
          at > since && (message?.code === Code.registration || message?.messageId === repeat.message?.messageId),
      );
      t.equal(
        more.map(({ outcome }) => outcome),
        [],
        { what: "what follows the answer to a Heartbeat", entry: more[0]?.entry },
      );
    },
  }),
  defineCase({
    id: "ldmp-data-source/connection/traffic-suffices",
    title: "a source peer that sends something before the time is over is not asked",
    requirements: ["LDMP-7.3-12"],
    errata: ["E-LDMP-21"],
    group: "behaviour",
    budgetMs: budgetFor(({ heartbeatMs }) => 5_000 + 2.5 * heartbeatMs),
    async run(t) {
      const { heartbeatMs } = timersFor(t, (timers) => 2.5 * timers.heartbeatMs);
      const { link } = await t.session();
      for (let passed = 0; passed < 2.5 * heartbeatMs; passed += heartbeatMs / 3) {
        await t.setup("traffic", () => link.request({ code: Code.heartbeat }));
        await t.sleep(heartbeatMs / 3);
      }
      const came = link.arrived.filter(({ message }) => message?.code === Code.heartbeat);
      if (came.length > 0)
        t.warn(`the data source sent ${came.length} Heartbeats to a source peer that was not silent`, "LDMP-7.3-12");
      else t.passed({ what: "that no Heartbeat comes" });
    },
  }),
  defineCase({
    id: "ldmp-data-source/connection/not-known",
    title: "a data source whose Heartbeat is answered with 4.04 registers again",
    requirements: ["LDMP-7.3-11"],
    errata: ["E-LDMP-22", "E-LDMP-23"],
    group: "behaviour",
    budgetMs: budgetFor((timers) => 10_000 + heartbeatLateMs(timers)),
    async run(t) {
      const { link, first } = await asked(t);
      link.reply(first, { code: Code.notFound });
      const again = await link.nextRequest(Code.registration, { withinMs: registersWithin(t) });
      if (again.silent) t.warn("it did not register again after 4.04 to its Heartbeat", "LDMP-7.3-11");
      else t.passed({ what: "that it registers again" });
    },
  }),
];
