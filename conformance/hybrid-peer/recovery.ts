import { message, R2 } from "../engine/r2-message.js";
import { JOIN } from "../homp-hybrid-peer/session.js";
import { budget, defineCase } from "./case.js";
import { relays, saying } from "./flows.js";
import { grant } from "./messages.js";
import { shows } from "./session.js";

export const recoveryCases = [
  defineCase({
    id: "hybrid-peer/recovery/alone",
    title: "a peer that has lost its only path goes for another at once: by the peers it knows, or by the HOMS",
    requirements: ["HP2P-6-07", "HP2P-7.2.2.3-04", "HP2P-8.2-03"],
    group: "basic",
    budgetMs: budget({ entries: 2, intervals: 2 }),
    async run(t) {
      const spare = await t.peer(30);
      const { parent } = await t.child();
      t.hon.entryPeers = [spare.info];
      const since = t.transcript.now();
      await parent.peer.close();
      const end = t.world.now() + t.times.interval;
      const seeks = (): boolean => spare.of(R2.hello, since).length + t.server.of(JOIN, since).length > 0;
      while (!seeks() && t.world.now() < end) await t.sleep(50);
      t.that(seeks(), "HELLO to another peer, or a join as recovery, before the next heartbeat is due", "neither", {
        requirement: ["HP2P-6-07", "HP2P-7.2.2.3-04", "HP2P-8.2-03"],
        what: "what a peer does that has lost its only path",
      });
    },
  }),
  defineCase({
    id: "hybrid-peer/recovery/back",
    title: "a peer that has lost its only path gets back into the tree, and keeps its children",
    requirements: ["HP2P-8.2-03", "HP2P-7.2.3.2-01", "HP2P-7.2.5.1-01", "HP2P-8.2-05"],
    group: "behaviour",
    budgetMs: budget({ entries: 4, intervals: 2 }),
    async run(t) {
      const spare = await t.peer(30);
      const { iut, parent, children } = await t.child({ children: 1 });
      const [child] = children;
      if (!child) return;
      t.hon.entryPeers = [spare.info];
      await parent.peer.close();
      const { message: call } = await spare.next(R2.hello, { withinMs: t.times.entry + t.times.interval });
      const requirement = ["HP2P-8.2-03", "HP2P-7.2.3.2-01", "HP2P-7.2.5.1-01"] as const;
      t.answers(call, message(R2.hello), { requirement, what: "what comes to the peer that the HOMS names now" });
      const link = await t.offer(iut, spare);
      t.answers(await link.next(R2.primary, { withinMs: t.times.entry }), message(R2.primary), {
        requirement,
        what: "what comes when that offers itself",
      });
      await grant(t, link);
      t.that(child.link.ended === undefined, "still up", child.link.ended?.reason ?? "", {
        requirement,
        what: "the path to a child meanwhile",
      });
      const above = { peer: spare, link };
      await relays(t, above, child, {
        requirement: ["HP2P-8.2-05", "HP2P-8.2-03"],
        what: "data of the new parent at the child",
      });
      await relays(t, child, above, {
        requirement: ["HP2P-8.2-05", "HP2P-8.2-03"],
        what: "data of the child at the new parent",
      });
    },
  }),
  defineCase({
    id: "hybrid-peer/recovery/child-lost",
    title: "a child that is gone is reported lost, and its brothers are served on",
    requirements: ["HP2P-7.3.2.2-02", "HP2P-7.2.2.1-01", "HP2P-8.2-05"],
    errata: ["E-HP2P-17"],
    group: "behaviour",
    async run(t) {
      const { iut, children } = await t.root(2);
      const [one, other] = children;
      if (!one || !other) return;
      await t.setup("the report with both", async () => {
        const report = await t.report((request) =>
          [one, other].every(({ peer }) => shows(request, "primary", peer.id)),
        );
        if (report.silent) t.inconclusive(report.outcome);
      });
      const since = t.transcript.now();
      await one.peer.close();
      const report = await t.report((request) => request.at >= since && !shows(request, "primary", one.peer.id));
      t.that(
        !report.silent && shows(report, "primary", other.peer.id),
        `a report with ${other.peer.id} only`,
        report.outcome,
        {
          requirement: ["HP2P-7.3.2.2-02", "HP2P-7.2.2.1-01"],
          what: "the report of a peer that has lost a child",
          entry: report.entry,
        },
      );
      const next = await t.peer(600);
      const link = await t.adopted(iut, next);
      await relays(
        t,
        other,
        { peer: next, link },
        { requirement: "HP2P-8.2-05", what: "data of the brother at the child in its place" },
      );
    },
  }),
  defineCase({
    id: "hybrid-peer/recovery/without-homs",
    title:
      "a peer whose HOMS fails goes on with what it knows: its data and those of others still pass, and newcomers are taken",
    requirements: ["HP2P-7.2.4.1-02"],
    group: "behaviour",
    budgetMs: budget({ acts: 3 }),
    async run(t) {
      const { iut, children } = await t.root(1, { later: ["send"] });
      const [one] = children;
      if (!one) return;
      t.server.answer("*", { status: 503 });
      const own = t.unique("own");
      await t.send(iut, own);
      const came = await one.link.next(R2.data, { withinMs: t.actsWithinMs, where: saying(own) });
      t.that(!came.silent, `${own} over ${one.link.name}`, came.outcome, {
        what: "its own data while the HOMS fails",
        entry: came.entry,
      });
      const newcomer = await t.peer(300);
      const link = await t.adopted(iut, newcomer);
      await relays(t, one, { peer: newcomer, link }, { what: "data of one child at the other while the HOMS fails" });
    },
  }),
  defineCase({
    id: "hybrid-peer/release/leaves",
    title: "a peer that leaves says RELEASE on its paths, and to the HOMS that it leaves",
    requirements: ["HP2P-8.2-03", "HOMP-7.2.4-01"],
    profile: true,
    group: "behaviour",
    budgetMs: budget({ entries: 1, acts: 3 }),
    async run(t) {
      const { iut, parent, children } = await t.child({ children: 1 });
      const requirement = ["HP2P-8.2-03", "HOMP-7.2.4-01"] as const;
      const leave = await t.due("HybridOverlayLeave", iut.product.do("leave"), {
        requirement,
        what: "what a peer says to the HOMS that leaves",
      });
      for (const { link } of [parent, ...children]) {
        const release = await link.next(R2.release, { withinMs: t.times.answer });
        t.answers(release, message(R2.release), { requirement, what: "what a peer says to others that leaves" });
        // The field does it the other way round.
        if (release.at > leave.at) t.warn("it tells the HOMS before its neighbours that it leaves", "HOMP-7.2.4-01");
      }
    },
  }),
  defineCase({
    id: "hybrid-peer/release/answered",
    title: "RELEASE that asks for it is answered by 7200; the path is given up, and reported so",
    requirements: ["HP2P-8.2-03"],
    profile: true,
    group: "behaviour",
    async run(t) {
      const { children } = await t.root(2);
      const [one, other] = children;
      if (!one || !other) return;
      await t.setup("the report with both", async () => {
        const report = await t.report((request) =>
          [one, other].every(({ peer }) => shows(request, "primary", peer.id)),
        );
        if (report.silent) t.inconclusive(report.outcome);
      });
      const since = t.transcript.now();
      one.link.send({ code: R2.release, params: { operation: { ack: true } } });
      t.answers(await one.link.next(R2.releaseAccepted, { withinMs: t.times.answer }), message(R2.releaseAccepted), {
        what: "the answer to RELEASE",
      });
      const report = await t.report((request) => request.at >= since && !shows(request, "primary", one.peer.id));
      t.that(
        !report.silent && shows(report, "primary", other.peer.id),
        `a report with ${other.peer.id} only`,
        report.outcome,
        {
          what: "the report of a peer that a child has left",
          entry: report.entry,
        },
      );
    },
  }),
];
