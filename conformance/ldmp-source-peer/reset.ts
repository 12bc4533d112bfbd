import { Code } from "../../generated/ldmp/index.js";
import { requestType } from "../engine/ldmp-dialect.js";
import { code } from "../engine/ldmp-message.js";
import { budgetFor, timersFor } from "../ldmp/waits.js";
import { defineCase } from "./case.js";
import { isRegistered } from "./registration.js";

export const resetCases = [
  defineCase({
    id: "ldmp-source-peer/reset/sends-reset",
    title: "the source peer sends RESET to the data source it is told to reset",
    requirements: ["LDMP-7.6-01", "LDMP-8.2-10", "LDMP-6.2-10"],
    errata: ["E-LDMP-25"],
    group: "capability",
    async run(t) {
      const link = await t.registered();
      t.answers(await t.provoke(link, "reset"), code(Code.reset), {
        requirement: ["LDMP-7.6-01", "LDMP-8.2-10", "LDMP-6.2-10"],
        what: "what the stimulus for RESET brings about",
      });
    },
  }),
  defineCase({
    id: "ldmp-source-peer/reset/wants-no-answer",
    title: "T of RESET says that no acknowledgement is wanted",
    requirements: ["LDMP-7.6-02"],
    errata: ["E-LDMP-01"],
    group: "behaviour",
    async run(t) {
      const link = await t.registered();
      const { request } = await t.provoked(link, "reset");
      const { type: reading = "A", typeFrom } = t.ldmp.dialect;
      t.equal(request.message?.type as number, requestType(false, reading), {
        what: `T of RESET (reading ${reading}, ${typeFrom})`,
        entry: request.entry,
      });
    },
  }),
  defineCase({
    id: "ldmp-source-peer/reset/once",
    title: "RESET is sent once, for nothing answers it",
    requirements: ["LDMP-6.2-11"],
    errata: ["E-LDMP-31", "E-LDMP-32"],
    group: "behaviour",
    budgetMs: budgetFor(({ retransmissionMs }) => 2.5 * retransmissionMs),
    async run(t) {
      const { retransmissionMs } = timersFor(t, (timers) => 2.5 * timers.retransmissionMs);
      const link = await t.registered();
      await t.provoked(link, "reset");
      const more = await link.quiet(
        2.5 * retransmissionMs,
        ({ message }) => message?.code === Code.reset,
        "another RESET",
      );
      t.that(more.length === 0, "one RESET", `${more.length + 1}`, {
        what: "how often RESET is sent",
        entry: more[0]?.entry,
      });
    },
  }),
  defineCase({
    id: "ldmp-source-peer/reset/registers-again",
    title: "a data source that was reset can register again",
    requirements: ["LDMP-6.2-10"],
    errata: ["E-LDMP-17", "E-LDMP-25"],
    group: "behaviour",
    async run(t) {
      const link = await t.registered();
      await t.provoked(link, "reset");
      t.answers(await link.request({ code: Code.registration, ...t.credentials }), code("2.xx"), {
        what: "the answer to a Registration after RESET",
      });
      await isRegistered(t, link, "LDMP-6.2-10", "after registering again");
    },
  }),
  defineCase({
    id: "ldmp-source-peer/reset/release-after",
    title: "a Release after RESET is answered: well if the record was kept, with the reason if it was not",
    requirements: ["LDMP-7.2-05"],
    errata: ["E-LDMP-25"],
    group: "behaviour",
    async run(t) {
      const link = await t.registered();
      await t.provoked(link, "reset");
      t.answers(await link.request({ code: Code.release }), code("2.xx", "4.xx"), {
        what: "the answer to a Release after RESET",
      });
    },
  }),
];
