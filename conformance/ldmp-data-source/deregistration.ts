import { Code } from "../../generated/ldmp/index.js";
import { requestType } from "../engine/ldmp-dialect.js";
import { code } from "../engine/ldmp-message.js";
import { budgetFor, timersFor } from "../ldmp/waits.js";
import type { DataSourceTest } from "./case.js";
import { defineCase } from "./case.js";
import { ofCode } from "./registration.js";

/** A product that was asked to stop, and the Release it sends for that. */
async function stopped(t: DataSourceTest) {
  const { link, stop } = await t.session();
  await t.setup("a data source at work", () => link.request({ code: Code.heartbeat }));
  stop();
  return { link, release: await link.nextRequest(Code.release, { withinMs: 3_000 }) };
}

async function releasing(t: DataSourceTest) {
  return await t.setup("a Release of the data source", async () => {
    const found = await stopped(t);
    if (found.release.silent) t.inconclusive("it sent no Release when it was stopped");
    return found;
  });
}

export const deregistrationCases = [
  defineCase({
    id: "ldmp-data-source/deregistration/sends-release",
    title: "a data source that is stopped sends Release to its source peer",
    requirements: ["LDMP-7.2-01", "LDMP-8.2-08", "LDMP-6.2-07"],
    errata: ["E-LDMP-29"],
    needs: ["releases"],
    group: "capability",
    budgetMs: 12_000,
    async run(t) {
      const { link, release } = await stopped(t);
      t.answers(release, code(Code.release), {
        requirement: ["LDMP-7.2-01", "LDMP-8.2-08", "LDMP-6.2-07"],
        what: "what a data source sends when it is stopped",
      });
      link.reply(release, { code: Code.ok });
    },
  }),
  defineCase({
    id: "ldmp-data-source/deregistration/wants-answer",
    title: "T of Release says that an acknowledgement is wanted",
    requirements: ["LDMP-7.2-02"],
    errata: ["E-LDMP-01"],
    needs: ["releases"],
    group: "behaviour",
    budgetMs: 12_000,
    async run(t) {
      const { link, release } = await releasing(t);
      const { type: reading = "A", typeFrom } = t.ldmp.dialect;
      t.equal(release.message?.type as number, requestType(true, reading), {
        what: `T of Release (reading ${reading}, ${typeFrom})`,
        entry: release.entry,
      });
      link.reply(release, { code: Code.ok });
    },
  }),
  defineCase({
    id: "ldmp-data-source/deregistration/not-repeated",
    title: "Release is sent once, answered or not",
    requirements: ["LDMP-7.2-07"],
    errata: ["E-LDMP-32"],
    needs: ["releases"],
    group: "behaviour",
    budgetMs: budgetFor(({ retransmissionMs }) => 10_000 + 3 * retransmissionMs),
    async run(t) {
      const { retransmissionMs } = timersFor(t, (timers) => 3 * timers.retransmissionMs);
      const { link } = await releasing(t);
      await t.sleep(2.5 * retransmissionMs);
      const all = ofCode(link, Code.release);
      t.equal(all.length, 1, { what: "how often an unanswered Release is sent", entry: all.at(-1)?.entry });
    },
  }),
  ...[[Code.notFound, "error"] as const, [Code.ok, "success"] as const].map(([answer, name]) =>
    defineCase({
      id: `ldmp-data-source/deregistration/left-after-${name}`,
      title: `a data source whose Release is answered with ${name === "error" ? "an error" : "success"} has left: it posts nothing more`,
      requirements: ["LDMP-7.2-09"],
      errata: ["E-LDMP-22"],
      needs: ["releases"],
      group: "behaviour",
      budgetMs: 12_000,
      async run(t) {
        const { link, release } = await releasing(t);
        link.reply(release, { code: answer });
        // What was on its way when the answer came is not held against it.
        const since = t.transcript.now() + 100;
        await t.sleep(1_000);
        const more = link.arrived.filter(
          ({ at, message }) => at > since && (message?.code === Code.post || message?.code === Code.release),
        );
        t.equal(
          more.map(({ outcome }) => outcome),
          [],
          { what: "what comes after the answer to Release", entry: more[0]?.entry },
        );
      },
    }),
  ),
];
