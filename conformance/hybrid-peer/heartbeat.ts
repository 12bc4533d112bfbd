import { message, R2 } from "../engine/r2-message.js";
import { JOIN } from "../homp-hybrid-peer/session.js";
import { budget, defineCase } from "./case.js";
import { shows } from "./session.js";

export const heartbeatCases = [
  defineCase({
    id: "hybrid-peer/heartbeat/answered",
    title: "HEARTBEAT is answered by 8200",
    requirements: ["HP2P-7.2.2.3-01"],
    profile: true,
    group: "basic",
    async run(t) {
      const { children } = await t.root(1);
      const link = children[0]?.link;
      if (!link) return;
      link.send({ code: R2.heartbeat });
      t.answers(await link.next(R2.heartbeatAnswer, { withinMs: t.times.answer }), message(R2.heartbeatAnswer), {
        what: "the answer to HEARTBEAT",
      });
    },
  }),
  defineCase({
    id: "hybrid-peer/heartbeat/sent",
    title: "heartbeats come on the paths that a peer has asked for, primary and candidate, within each interval",
    requirements: ["HP2P-7.2.2.3-01", "HP2P-7.2.2-01"],
    group: "behaviour",
    budgetMs: budget({ entries: 2, intervals: 3 }),
    async run(t) {
      const wanted = t.declared.option("candidates") ? 1 : 0;
      const { parent, candidates } = await t.child({ candidates: wanted });
      const since = t.transcript.now();
      // An interval, and as much again for the first one of a path that has just come up.
      await t.sleep(2.2 * t.times.interval);
      const held = t.world.heldUp(3 * t.times.interval);
      if (held > 500) t.heldUp(held);
      for (const { link, peer } of [parent, ...candidates]) {
        const kind = peer === parent.peer ? "primary" : "candidate";
        t.that(
          link.of(R2.heartbeat, since).length > 0,
          "HEARTBEAT within two intervals",
          link.ended?.reason ?? "none",
          {
            requirement: ["HP2P-7.2.2.3-01", "HP2P-7.2.2-01"],
            what: `heartbeats on a ${kind} path`,
          },
        );
      }
    },
  }),
  defineCase({
    id: "hybrid-peer/heartbeat/steady",
    title: "a path stays up for longer than the timeout when both sides give a sign of life",
    requirements: ["HP2P-7.2.2-01"],
    group: "behaviour",
    budgetMs: budget({ entries: 1, timeouts: 2 }),
    async run(t) {
      const { parent, children } = await t.child({ children: 1 });
      await t.sleep(1.2 * t.times.timeout);
      for (const { link } of [parent, ...children]) {
        t.that(link.ended === undefined, "still up", link.ended?.reason ?? "", {
          what: "an idle path after the timeout",
        });
      }
    },
  }),
  defineCase({
    id: "hybrid-peer/heartbeat/silent-child",
    title:
      "a child that gives no sign of life is given up by the timeout, though its connection stands, and reported lost",
    requirements: ["HP2P-7.2.2.3-02", "HP2P-7.2.2.3-03", "HP2P-7.3.2.2-02", "HOMP-7.2.4-05"],
    errata: ["E-HP2P-04", "E-HP2P-17"],
    group: "behaviour",
    budgetMs: budget({ timeouts: 2, intervals: 2 }),
    async run(t) {
      const { children } = await t.root(1);
      const [one] = children;
      if (!one) return;
      await t.setup("the report with the child", async () => {
        const report = await t.report((request) => shows(request, "primary", one.peer.id));
        if (report.silent) t.inconclusive(report.outcome);
      });
      one.link.mute = true;
      const since = t.transcript.now();
      const lost = await t.report(
        (request) => request.at >= since && !shows(request, "primary", one.peer.id),
        t.times.timeout + t.times.interval,
      );
      t.that(!lost.silent, `a report without ${one.peer.id}`, lost.outcome, {
        requirement: ["HP2P-7.2.2.3-02", "HP2P-7.2.2.3-03", "HP2P-7.3.2.2-02", "HOMP-7.2.4-05"],
        what: "what becomes of a child that says nothing for longer than the timeout",
        entry: lost.entry,
      });
    },
  }),
  defineCase({
    id: "hybrid-peer/heartbeat/silent-parent",
    title:
      "a parent that answers no heartbeat is given up by the timeout, though its connection stands, and another is sought",
    requirements: ["HP2P-7.2.2.3-02"],
    errata: ["E-HP2P-04", "E-HP2P-27"],
    readings: (declared) => declared.reading("E-HP2P-27") === "A",
    group: "behaviour",
    budgetMs: budget({ entries: 2, timeouts: 2, intervals: 2 }),
    async run(t) {
      const spare = await t.peer(30);
      const { parent } = await t.child();
      t.hon.entryPeers = [spare.info];
      parent.link.mute = true;
      const since = t.transcript.now();
      const end = t.world.now() + t.times.timeout + t.times.interval;
      const seeks = (): boolean => spare.of(R2.hello, since).length + t.server.of(JOIN, since).length > 0;
      while (!seeks() && t.world.now() < end) await t.sleep(100);
      t.that(seeks(), "HELLO to another peer, or a join as recovery, within timeout and interval", "neither", {
        what: "what a peer does whose parent says nothing",
      });
    },
  }),
];
