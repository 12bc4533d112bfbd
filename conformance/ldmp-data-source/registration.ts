import { Code, codeName } from "../../generated/ldmp/index.js";
import { requestType } from "../engine/ldmp-dialect.js";
import type { LdmpLink } from "../engine/ldmp-link.js";
import type { Answer } from "../engine/ldmp-message.js";
import { code } from "../engine/ldmp-message.js";
import { budgetFor, SLACK_MS, seconds, timersFor } from "../ldmp/waits.js";
import type { DataSourceTest } from "./case.js";
import { defineCase } from "./case.js";

/** How long to look for what must not come, where no timer says. */
const WHILE_MS = 1_200;

export const ofCode = (link: LdmpLink, wanted: number): Answer[] =>
  link.arrived.filter(({ message }) => message?.code === wanted);

/** Answers its latest Registration, or the one after it where it had just given up, and gives back the answer to a Heartbeat. */
async function admitted(t: DataSourceTest, link: LdmpLink): Promise<Answer> {
  const since = t.transcript.now();
  const latest = ofCode(link, Code.registration).at(-1);
  if (latest) link.reply(latest, { code: Code.ok });
  const answer = await link.request({ code: Code.heartbeat });
  if (code("2.xx").test(answer)) return answer;
  const again = await link.next(({ at, message }) => at > since && message?.code === Code.registration, {
    withinMs: t.declared.value("registers-within") * 1000,
    what: "another Registration",
  });
  if (again.silent) return answer;
  link.reply(again, { code: Code.ok });
  return await link.request({ code: Code.heartbeat });
}

export const registrationCases = [
  defineCase({
    id: "ldmp-data-source/registration/first",
    title: "a data source registers first, and posts nothing before it is registered",
    requirements: ["LDMP-7.1-01", "LDMP-7.1-02", "LDMP-8.2-07", "LDMP-6.2-04", "DS-8.10-c", "DS-8.10-e", "DS-8.10-g"],
    errata: ["E-LDMP-04", "E-LDMP-29", "E-X-11", "E-X-02"],
    group: "basic",
    budgetMs: (declared) => 8_000 + 2_000 * Number(declared.value("registers-within")),
    async run(t) {
      const { link, registration } = await t.session({ answer: null });
      // A product that was there before goes on with what it was doing until it registers again.
      const first = t.restarts ? link.arrived[0] : registration;
      t.answers(first ?? registration, code(Code.registration), {
        requirement: ["LDMP-7.1-02", "LDMP-8.2-07", "DS-8.10-e"],
        what: "the first message of a data source",
      });
      const since = t.transcript.now();
      await t.sleep(WHILE_MS);
      const posts = ofCode(link, Code.post).filter(({ at }) => t.restarts || at > since);
      t.that(posts.length === 0, "no POST", `${posts.length} POSTs`, {
        requirement: ["LDMP-7.1-01", "DS-8.10-g"],
        what: "what a data source sends before its Registration is answered",
        entry: posts[0]?.entry,
      });
      const heartbeat = await admitted(t, link);
      t.equal(heartbeat.message?.sourceId, registration.message?.sourceId, {
        requirement: "DS-8.10-c",
        what: "its identifier, in the Registration and later",
        entry: registration.entry,
      });
      t.answers(heartbeat, code("2.xx"), {
        requirement: "LDMP-6.2-04",
        what: "the answer to a Heartbeat once it is registered",
      });
    },
  }),
  defineCase({
    id: "ldmp-data-source/registration/wants-answer",
    title: "T of the Registration says that an acknowledgement is wanted",
    requirements: ["LDMP-7.1-03"],
    errata: ["E-LDMP-01"],
    group: "behaviour",
    async run(t) {
      const { registration } = await t.session();
      const { type: reading = "A", typeFrom } = t.ldmp.dialect;
      t.equal(registration.message?.type as number, requestType(true, reading), {
        what: `T of the Registration (reading ${reading}, ${typeFrom})`,
        entry: registration.entry,
      });
    },
  }),
  defineCase({
    id: "ldmp-data-source/registration/repeats",
    title: "a Registration nobody answers is sent again",
    requirements: ["LDMP-7.1-10", "LDMP-9.2-01"],
    errata: ["E-LDMP-17", "E-LDMP-32"],
    group: "behaviour",
    budgetMs: budgetFor(({ retransmissionMs }) => 4 * retransmissionMs),
    async run(t) {
      const { retransmissionMs } = timersFor(t, (timers) => 3 * timers.retransmissionMs);
      const { link, registration } = await t.session({ answer: null });
      const most = 1.5 * retransmissionMs + SLACK_MS;
      const again = await link.nextRequest(Code.registration, { withinMs: most });
      if (again.silent) {
        t.warn(`the Registration was not repeated within ${seconds(most)}`, ["LDMP-7.1-10", "LDMP-9.2-01"]);
        return;
      }
      t.passed({ requirement: "LDMP-7.1-10", what: "that the Registration is repeated" });
      const gap = again.at - registration.at;
      const held = t.world.heldUp(gap + 500);
      if (gap < 0.6 * retransmissionMs && gap + held >= 0.6 * retransmissionMs) t.heldUp(held);
      t.that(
        gap >= 0.6 * retransmissionMs,
        `a retransmission time of ${seconds(retransmissionMs)} between two transmissions`,
        seconds(gap),
        {
          requirement: "LDMP-9.2-01",
          what: "the wait before the Registration is repeated",
          entry: again.entry,
        },
      );
      link.reply(again, { code: Code.ok });
    },
  }),
  ...[Code.unauthorized, Code.forbidden, Code.badRequest].map((refusal) =>
    defineCase({
      id: `ldmp-data-source/registration/refused-${codeName(refusal).slice(0, 4)}`,
      title: `a data source whose Registration is refused with ${codeName(refusal)} does not act as if it were registered`,
      requirements: ["LDMP-7.1-09"],
      errata: ["E-LDMP-13", "E-LDMP-22"],
      group: "behaviour",
      async run(t) {
        const { link } = await t.session({ answer: refusal, answerHeartbeats: false });
        const since = t.transcript.now();
        // It may ask whether an earlier transmission was accepted after all (E-LDMP-17): it was not.
        for (const end = since + WHILE_MS; t.transcript.now() < end; ) {
          const probe = await link.nextRequest(Code.heartbeat, { withinMs: end - t.transcript.now() });
          if (!probe.silent) link.reply(probe, { code: Code.notFound });
        }
        const later = link.arrived.filter(({ at }) => at > since);
        const acting: readonly number[] = [Code.post, Code.release];
        const wrong = later.filter(({ message }) => message !== undefined && acting.includes(message.code));
        t.equal(
          wrong.map(({ outcome }) => outcome),
          [],
          {
            what: `what comes after ${codeName(refusal)}, beside further Registrations`,
            entry: wrong[0]?.entry,
          },
        );
        const fresh = new Set(
          later.filter(({ message }) => message?.code === Code.registration).map(({ message }) => message?.messageId),
        );
        if (fresh.size > 1 + WHILE_MS / 1000)
          t.warn(
            `${fresh.size} new Registrations within ${seconds(WHILE_MS)} of a refusal, more than one a second (E-LDMP-22)`,
          );
      },
    }),
  ),
  defineCase({
    id: "ldmp-data-source/registration/one-source-peer",
    title: "a data source that knows two source peers is registered with one at a time",
    requirements: ["LDMP-7.1-06"],
    errata: ["E-LDMP-26"],
    needs: (declared, { exec }) =>
      (declared.value("two-source-peers") !== "" && exec !== undefined) ||
      "it is declared to take one source peer only",
    group: "behaviour",
    async run(t) {
      const { link, second } = await t.session({ command: t.declared.value("two-source-peers") });
      const other = second ?? link;
      const registration = await other.nextRequest(Code.registration, { withinMs: WHILE_MS });
      if (!registration.silent) other.reply(registration, { code: Code.ok });
      const left = ofCode(link, Code.release).length > 0;
      if (registration.silent || left) t.passed({ what: "where it is registered" });
      else t.warn("it registered with two source peers at once", "LDMP-7.1-06");
    },
  }),
];
