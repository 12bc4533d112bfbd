import { configured } from "../pamp/protocol.js";
import { defineCase } from "./case.js";
import { REG } from "./session.js";

/** The interval that the OMS is told, and how much later a repeat may come on a busy machine. */
const INTERVAL_S = 1;
const LATE_MS = 2_500;

/** A registration at every report interval [X.609.10 8.1 c)], where the OMS is declared to send one (E-DS-03). */
export const keepAliveCases = [
  defineCase({
    id: "pamp-oms/keep-alive/each-interval",
    title:
      "an OMS registers its overlay network at each report interval again, also if it is told that it is registered",
    requirements: ["DS-8.1-c"],
    errata: ["E-DS-03", "E-X-01"],
    needs: ["repeats-registration"],
    group: "behaviour",
    budgetMs: 20_000,
    async run(t) {
      t.server.answer(REG, { status: 409 });
      t.server.answer(REG, configured(t.server, { pam_enabled: true, report_interval: INTERVAL_S }), { times: 1 });
      const { overlay, product } = await t.create();
      for (const which of ["second", "third"]) {
        const again = await t.server.next(REG, {
          withinMs: 1000 * INTERVAL_S + LATE_MS,
          unless: () => product.ended() !== undefined,
        });
        t.that(!again.silent, `PAMP_OVERLAY_NW_REG within ${INTERVAL_S} s or so`, again.outcome, {
          what: `the ${which} registration of an overlay network whose report interval is ${INTERVAL_S} s`,
          entry: again.entry,
        });
        t.equal(again.get("overlay_network_information.overlay_network_id"), overlay, {
          what: `the overlay network of the ${which} registration`,
          entry: again.entry,
        });
      }
    },
  }),
];
