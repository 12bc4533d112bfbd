import { Code } from "../../generated/ldmp/index.js";
import { requestType } from "../engine/ldmp-dialect.js";
import { code, isReply } from "../engine/ldmp-message.js";
import { judgeRepeats } from "../ldmp/repeats.js";
import { budgetFor, givenUpMs, heartbeatLateMs, moment, seconds, timersFor, transmissionsOf } from "../ldmp/waits.js";
import type { SourcePeerTest } from "./case.js";
import { defineCase } from "./case.js";
import { isRegistered } from "./registration.js";

/** A registered stand-in that has said nothing since, and the Heartbeat it gets for that. */
async function silentUntilAsked(t: SourcePeerTest) {
  const timers = timersFor(t, heartbeatLateMs);
  const link = await t.registered({ answerHeartbeats: false });
  const since = t.transcript.now();
  const first = await link.nextRequest(Code.heartbeat, { withinMs: heartbeatLateMs(timers) });
  return { link, first, since, timers };
}

async function asked(t: SourcePeerTest) {
  return await t.setup("a Heartbeat of the source peer", async () => {
    const found = await silentUntilAsked(t);
    if (found.first.silent) t.inconclusive("the source peer did not ask a silent data source");
    return found;
  });
}

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
  defineCase({
    id: "ldmp-source-peer/connection/one-acknowledgement",
    title: "Registration, Heartbeat and Release each get one acknowledgement",
    requirements: ["LDMP-6.2-12"],
    group: "behaviour",
    async run(t) {
      const link = await t.dataSource();
      const wanted = [Code.registration, Code.heartbeat, Code.release];
      for (const one of wanted) {
        const answer = await link.request({ code: one, ...(one === Code.registration ? t.credentials : {}) });
        t.answers(answer, code("2.xx"), { what: "the answer" });
      }
      await link.quiet(moment(t), isReply, "a second acknowledgement");
      const replies = link.arrived.filter(isReply);
      // What had to be asked again may have been answered both times.
      t.that(replies.length >= wanted.length && replies.length <= link.asked, `${wanted.length}`, replies.length, {
        what: `the number of acknowledgements to ${link.asked} requests`,
        entry: replies.at(-1)?.entry,
      });
    },
  }),
  defineCase({
    id: "ldmp-source-peer/connection/asks-when-silent",
    title: "a data source that is silent for the heartbeat time is asked for a message",
    requirements: ["LDMP-7.3-02", "LDMP-9.1-01", "LDMP-6.2-06", "LDMP-8.2-09"],
    errata: ["E-LDMP-20", "E-LDMP-21"],
    group: "behaviour",
    budgetMs: budgetFor(heartbeatLateMs),
    async run(t) {
      const { first, since, timers } = await silentUntilAsked(t);
      t.answers(first, code(Code.heartbeat), {
        requirement: ["LDMP-7.3-02", "LDMP-9.1-01", "LDMP-6.2-06", "LDMP-8.2-09"],
        what: `what a data source gets after a silence of ${seconds(timers.heartbeatMs)}, within ${seconds(heartbeatLateMs(timers))}`,
      });
      const after = first.at - since;
      if (after < timers.heartbeatMs * 0.7)
        t.warn(
          `the Heartbeat came after ${seconds(after)}, before the declared heartbeat time of ${seconds(timers.heartbeatMs)}`,
        );
    },
  }),
  defineCase({
    id: "ldmp-source-peer/connection/shorter-heartbeat-time",
    title: "a heartbeat time below the default of 60 s works",
    requirements: ["LDMP-9.1-02"],
    errata: ["E-LDMP-33"],
    group: "capability",
    needs: (declared) => Number(declared.value("heartbeat-time")) < 60 || "no heartbeat time below 60 s is declared",
    budgetMs: budgetFor(heartbeatLateMs),
    async run(t) {
      const { first } = await silentUntilAsked(t);
      t.answers(first, code(Code.heartbeat), { what: "what comes after the declared heartbeat time" });
    },
  }),
  defineCase({
    id: "ldmp-source-peer/connection/heartbeat-wants-answer",
    title: "T of the source peer's Heartbeat says that an acknowledgement is wanted",
    requirements: ["LDMP-7.3-03"],
    errata: ["E-LDMP-01"],
    group: "behaviour",
    budgetMs: budgetFor(heartbeatLateMs),
    async run(t) {
      const { first } = await asked(t);
      const { type: reading = "A", typeFrom } = t.ldmp.dialect;
      t.equal(first.message?.type as number, requestType(true, reading), {
        what: `T of a Heartbeat (reading ${reading}, ${typeFrom})`,
        entry: first.entry,
      });
    },
  }),
  defineCase({
    id: "ldmp-source-peer/connection/repeats",
    title: "an unanswered Heartbeat is repeated, a retransmission time apart and not more often than declared",
    requirements: ["LDMP-7.3-08", "LDMP-9.2-01", "LDMP-9.2-02", "LDMP-9.3-01"],
    errata: ["E-LDMP-16", "E-LDMP-18", "E-LDMP-19", "E-LDMP-32"],
    group: "behaviour",
    budgetMs: budgetFor((timers) => heartbeatLateMs(timers) + givenUpMs(timers)),
    async run(t) {
      timersFor(t, (timers) => heartbeatLateMs(timers) + givenUpMs(timers));
      const { link, first, timers } = await asked(t);
      const sent = await transmissionsOf(t, link, first, givenUpMs(timers));
      judgeRepeats(t, sent, timers, {
        repeated: ["LDMP-7.3-08", "LDMP-9.2-02"],
        spacing: "LDMP-9.2-01",
        count: "LDMP-9.3-01",
      });
    },
  }),
  defineCase({
    id: "ldmp-source-peer/connection/removal",
    title: "a data source that stays silent is removed after the maximum time, as one whose Release was lost",
    requirements: ["LDMP-7.3-09", "LDMP-7.2-08", "LDMP-6.2-09"],
    errata: ["E-LDMP-18", "E-LDMP-23"],
    group: "behaviour",
    budgetMs: budgetFor((timers) => heartbeatLateMs(timers) + givenUpMs(timers)),
    async run(t) {
      timersFor(t, (timers) => heartbeatLateMs(timers) + givenUpMs(timers));
      const { link, first, timers } = await asked(t);
      await t.sleep(Math.max(0, first.at + givenUpMs(timers) - t.transcript.now()));
      const requirement = ["LDMP-7.3-09", "LDMP-7.2-08", "LDMP-6.2-09"] as const;
      t.answers(await link.request({ code: Code.release }), code("4.xx"), {
        requirement,
        what: `a Release ${seconds(givenUpMs(timers))} after the first unanswered Heartbeat, when the data source has to be removed`,
      });
      t.answers(await link.request({ code: Code.registration, ...t.credentials }), code("2.xx"), {
        requirement: "LDMP-6.2-09",
        what: "the answer to a Registration after the removal",
      });
    },
  }),
  defineCase({
    id: "ldmp-source-peer/connection/not-removed-early",
    title: "a data source that answers a repeat before the last is not removed, and the repeats end",
    requirements: ["LDMP-7.3-09", "LDMP-9.2-03"],
    errata: ["E-LDMP-18", "E-LDMP-19"],
    needs: (declared) =>
      Number(declared.value("max-retransmissions")) >= 2 || "there are fewer than two repeats to wait for",
    group: "behaviour",
    budgetMs: budgetFor((timers) => heartbeatLateMs(timers) + givenUpMs(timers)),
    async run(t) {
      timersFor(t, (timers) => heartbeatLateMs(timers) + givenUpMs(timers));
      const { link, timers } = await asked(t);
      const late = 1.5 * timers.retransmissionMs + 600;
      // The last repeat but one: it comes before the removal by every reading of the maximum time.
      const repeat = await t.setup("a repeat of its Heartbeat", async () => {
        let latest = await link.nextRequest(Code.heartbeat, { withinMs: late });
        for (let n = 2; n < timers.retransmissions && !latest.silent; n++)
          latest = await link.nextRequest(Code.heartbeat, { withinMs: late });
        if (latest.silent) t.inconclusive("the Heartbeat was not repeated");
        return latest;
      });
      link.reply(repeat, { code: Code.ok });
      const window = Math.min(2 * timers.retransmissionMs, timers.heartbeatMs * 0.7);
      const more = await link.quiet(
        window,
        ({ message }) => message?.messageId === repeat.message?.messageId,
        "a repeat",
      );
      link.answerHeartbeats = true;
      await isRegistered(t, link, "LDMP-7.3-09", "after answering late");
      t.that(more.length === 0, "no repeat after the answer", `${more.length} more`, {
        requirement: "LDMP-9.2-03",
        what: "what follows the answer to a Heartbeat",
        entry: more[0]?.entry,
      });
    },
  }),
  defineCase({
    id: "ldmp-source-peer/connection/kept-while-answering",
    title: "a data source that answers every Heartbeat stays registered",
    requirements: ["LDMP-6.2-06"],
    group: "behaviour",
    budgetMs: budgetFor((timers) => 2 * heartbeatLateMs(timers) + givenUpMs(timers)),
    async run(t) {
      const timers = timersFor(t, (one) => 2 * heartbeatLateMs(one) + givenUpMs(one));
      const link = await t.registered();
      await t.sleep(heartbeatLateMs(timers) + givenUpMs(timers));
      t.answers(await link.request({ code: Code.release }), code("2.xx"), {
        what: "a Release long after the Registration, with all Heartbeats answered",
      });
    },
  }),
  defineCase({
    id: "ldmp-source-peer/connection/traffic-suffices",
    title: "a data source that sends something before the time is over is not asked",
    requirements: ["LDMP-7.3-12"],
    errata: ["E-LDMP-21"],
    group: "behaviour",
    budgetMs: budgetFor(({ heartbeatMs }) => 2.5 * heartbeatMs),
    async run(t) {
      const { heartbeatMs } = timersFor(t, (timers) => 2.5 * timers.heartbeatMs);
      const link = await t.registered();
      for (let passed = 0; passed < 2.5 * heartbeatMs; passed += heartbeatMs / 3) {
        await t.sleep(heartbeatMs / 3);
        await t.setup("traffic", () => link.request({ code: Code.heartbeat }));
      }
      const asked = link.arrived.filter(({ message }) => message?.code === Code.heartbeat);
      if (asked.length > 0)
        t.warn(`the source peer sent ${asked.length} Heartbeats to a data source that was not silent`, "LDMP-7.3-12");
      else t.passed({ what: "that no Heartbeat comes" });
    },
  }),
  defineCase({
    id: "ldmp-source-peer/connection/longer-than-data-source",
    title: "the source peer's heartbeat time is longer than that of its data sources",
    requirements: ["LDMP-7.3-06"],
    errata: ["E-LDMP-20"],
    needs: (declared) =>
      declared.value("data-source-heartbeat-time") !== 0 ||
      "data-source-heartbeat-time is not declared, so there is nothing to compare with",
    group: "behaviour",
    async run(t) {
      const [own, other] = [t.declared.value("heartbeat-time"), t.declared.value("data-source-heartbeat-time")];
      if (own > other) t.passed({ what: "the declared heartbeat times" });
      else
        t.warn(
          `the source peer's heartbeat time (${own} s) is not longer than the data sources' (${other} s)`,
          "LDMP-7.3-06",
        );
    },
  }),
];
