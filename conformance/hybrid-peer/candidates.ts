import { message, R2 } from "../engine/r2-message.js";
import { JOIN } from "../homp-hybrid-peer/session.js";
import type { Iut, Path, PeerTest } from "./case.js";
import { budget, defineCase } from "./case.js";
import { relays, staysAway } from "./flows.js";
import { grant, hello } from "./messages.js";
import { shows } from "./session.js";

/** A younger stand-in that has got its offer and keeps it as a candidate: it never says PRIMARY. */
export async function incoming(t: PeerTest, iut: Iut, ticket: number): Promise<Path | undefined> {
  const peer = await t.peer(ticket);
  const call = await peer.connect(iut.address, "(call)");
  call.send(hello(t.hon.overlayId, peer));
  const { link } = await peer.next(R2.estab, { withinMs: t.times.answer });
  if (!link) return undefined;
  link.send({ code: R2.estabAccepted });
  link.send({ code: R2.candidate });
  link.beat(Math.floor(t.times.interval * 0.9));
  return { peer, link };
}

export const candidateCases = [
  defineCase({
    id: "hybrid-peer/candidates/kept",
    title: "a candidate path that is answered stays up, though nothing goes over it",
    requirements: ["HP2P-6-09"],
    needs: ["candidates"],
    group: "behaviour",
    budgetMs: budget({ entries: 2, intervals: 3 }),
    async run(t) {
      const { candidates } = await t.child({ candidates: 1 });
      await t.sleep(2.5 * t.times.interval);
      const [one] = candidates;
      t.that(one?.link.ended === undefined, "still up", one?.link.ended?.reason ?? "", {
        what: "a candidate path after two heartbeat intervals",
      });
    },
  }),
  defineCase({
    id: "hybrid-peer/candidates/no-data",
    title: "neither its own data nor what it relays goes over a candidate path",
    requirements: ["HP2P-6-08"],
    needs: ["candidates"],
    group: "behaviour",
    budgetMs: budget({ entries: 2, acts: 3 }),
    async run(t) {
      const { iut, parent, candidates } = await t.child({ candidates: 1, later: ["send"] });
      const own = t.unique("own");
      await t.setup("data of its own", async () => {
        await t.send(iut, own);
        const came = await parent.link.next(R2.data, { withinMs: t.times.answer });
        if (came.silent) t.inconclusive(came.outcome);
      });
      const links = candidates.map(({ link }) => link);
      await staysAway(t, links, own, { what: "its own data on a candidate path" });
    },
  }),
  defineCase({
    id: "hybrid-peer/candidates/no-relay",
    title: "what comes in on a primary path leaves on the others, and on no candidate path",
    requirements: ["HP2P-6-08"],
    needs: ["candidates"],
    group: "behaviour",
    budgetMs: budget({ entries: 2 }),
    async run(t) {
      const { parent, candidates, children } = await t.child({ candidates: 1, children: 1 });
      const [child] = children;
      if (!child) return;
      const came = await relays(t, parent, child, { what: "data from the parent at the child" });
      await staysAway(
        t,
        candidates.map(({ link }) => link),
        Buffer.from(came.payload).toString("utf8"),
        { what: "relayed data on a candidate path" },
      );
    },
  }),
  ...(["cut", "released"] as const).map((how) =>
    defineCase({
      id: `hybrid-peer/candidates/switch-${how}`,
      title: `a peer whose path to its parent is ${how} makes a candidate path its primary one, before the next heartbeat is due`,
      requirements:
        how === "cut"
          ? ["HP2P-6-07", "HP2P-6-10", "HP2P-7.2.2.3-04", "HP2P-8.2-03", "HP2P-7.2.5.1-01", "HOMP-6.2.8-03"]
          : ["HP2P-6-10", "HP2P-8.2-03", "HP2P-7.2.3.2-01"],
      needs: ["candidates"],
      group: "behaviour",
      budgetMs: budget({ entries: 2, intervals: 2 }),
      async run(t) {
        const { parent, candidates } = await t.child({ candidates: 1 });
        const [other] = candidates;
        if (!other) return;
        const requirement = t.definition.requirements;
        if (how === "cut") await parent.peer.close();
        else parent.link.send({ code: R2.release, params: { operation: { ack: false } } });
        const asked = await other.link.next(R2.primary, { withinMs: t.times.interval });
        t.answers(asked, message(R2.primary), {
          requirement,
          what: "what comes over the candidate path when the parent is lost",
        });
        await grant(t, other.link);
        const report = await t.report((one) => shows(one, "primary", other.peer.id));
        t.that(!report.silent, `a report with ${other.peer.id} under primary`, report.outcome, {
          requirement: "HP2P-6-10",
          what: "the report of a peer that has switched",
          entry: report.entry,
        });
      },
    }),
  ),
  defineCase({
    id: "hybrid-peer/candidates/report",
    title: "outgoing and incoming candidates are reported apart",
    requirements: ["HP2P-7.2.2.2-01"],
    needs: ["candidates"],
    group: "capability",
    budgetMs: budget({ entries: 2 }),
    async run(t) {
      const { iut, candidates } = await t.child({ candidates: 1 });
      const out = t.need(candidates[0], "candidate path");
      const into = t.need(await incoming(t, iut, 300), "ESTAB after HELLO");
      const report = await t.report((one) => Number(one.get("status.num_in_candidate")) > 0, 2 * t.times.answer);
      t.that(
        shows(report, "incoming_candidate", into.peer.id),
        `${into.peer.id} under incoming_candidate`,
        report.outcome,
        {
          what: "the report of a peer that has granted a candidate path",
          entry: report.entry,
        },
      );
      t.that(
        shows(report, "outgoing_candidate", out.peer.id),
        `${out.peer.id} under outgoing_candidate`,
        report.outcome,
        {
          what: "the report of a peer that has asked for a candidate path",
          entry: report.entry,
        },
      );
    },
  }),
  defineCase({
    id: "hybrid-peer/candidates/incoming-limit",
    title: "beyond the declared number incoming candidates are refused, and granted again when one has gone",
    requirements: ["HP2P-7.2.2.2-04"],
    errata: ["E-HP2P-08"],
    needs: ["candidates"],
    group: "behaviour",
    budgetMs: budget({ entries: 1, acts: 4 }),
    async run(t) {
      const most = t.declared.value("max-incoming-candidates");
      const children = t.declared.value("max-primary");
      if (most === 0 || children === 0) t.inconclusive("max-incoming-candidates or max-primary is not declared");
      // Its primary paths are taken, so that nothing but candidates are left to grant.
      const { iut } = await t.root(children);
      const granted: Path[] = [];
      for (let index = 0; index < most; index++) {
        const one = await incoming(t, iut, 300 + index);
        granted.push(t.need(one, `ESTAB to more than ${index} of ${most} candidates`));
      }
      const last = await t.peer(400);
      const call = await last.connect(iut.address, "(call)");
      call.send(hello(t.hon.overlayId, last));
      const { message: offer } = await last.next(R2.estab, { withinMs: Math.min(3_000, t.times.answer) });
      t.answers(offer, message("silence"), { what: `the answer to the HELLO of one more than ${most} candidates` });
      granted[0]?.link.send({ code: R2.release, params: { operation: { ack: false } } });
      granted[0]?.link.close();
      await t.sleep(500);
      const again = await last.connect(iut.address, "(again)");
      again.send(hello(t.hon.overlayId, last));
      const { message: second } = await last.next(R2.estab, { withinMs: t.times.answer });
      t.answers(second, message(R2.estab), { what: "the answer to the same HELLO when a candidate has gone" });
    },
  }),
  defineCase({
    id: "hybrid-peer/candidates/seeks-more",
    title: "a peer that has lost an outgoing candidate seeks another",
    requirements: ["HP2P-7.2.2.2-02"],
    errata: ["E-HP2P-08"],
    needs: ["candidates"],
    group: "behaviour",
    budgetMs: budget({ entries: 3, timeouts: 1 }),
    async run(t) {
      const { parent, candidates } = await t.child({ candidates: 1 });
      const [one] = candidates;
      if (!one) return;
      const spare = await t.peer(50);
      t.hon.entryPeers = [parent.peer.info, spare.info];
      const since = t.transcript.now();
      await one.peer.close();
      const end = t.world.now() + t.times.timeout + t.times.entry;
      const seeks = (): boolean =>
        parent.peer.of(R2.hello, since).length + spare.of(R2.hello, since).length + t.server.of(JOIN, since).length > 0;
      while (!seeks() && t.world.now() < end) await t.sleep(100);
      t.that(seeks(), "HELLO to another peer, or a question to the HOMS", "neither", {
        what: "what a peer does that has lost an outgoing candidate",
      });
    },
  }),
  defineCase({
    id: "hybrid-peer/candidates/incoming-lost",
    title: "a peer that has lost an incoming candidate goes after no other",
    requirements: ["HP2P-7.2.2.2-03"],
    errata: ["E-HP2P-08"],
    needs: ["candidates"],
    group: "behaviour",
    budgetMs: budget({ entries: 2 }),
    async run(t) {
      const wanted = t.declared.value("outgoing-candidates");
      if (wanted === 0) t.inconclusive("outgoing-candidates is not declared");
      const { iut, parent, candidates } = await t.child({ candidates: wanted });
      const lost = t.need(await incoming(t, iut, 300), "ESTAB after HELLO");
      const others = [parent, ...candidates, lost].map(({ peer }) => peer);
      const asked = (): number =>
        others.reduce((sum, peer) => sum + peer.of(R2.hello).length, t.server.of(JOIN).length);
      const start = asked();
      await t.sleep(2_000);
      const usual = asked() - start;
      lost.link.close();
      await t.sleep(2_000);
      t.that(
        asked() - start - usual <= usual,
        `${usual} questions for other peers, as before`,
        `${asked() - start - usual}`,
        {
          what: "what a peer does within two seconds that has lost an incoming candidate",
        },
      );
    },
  }),
  defineCase({
    id: "hybrid-peer/candidates/enough",
    title: "offers beyond the declared number of outgoing candidates are refused by 2603",
    requirements: ["HP2P-7.2.2.2-02"],
    errata: ["E-HP2P-08"],
    needs: ["candidates"],
    profile: true,
    group: "behaviour",
    budgetMs: budget({ entries: 2 }),
    async run(t) {
      const most = t.declared.value("outgoing-candidates");
      if (most === 0) t.inconclusive("outgoing-candidates is not declared");
      const { iut } = await t.child({ candidates: most });
      const last = await t.peer(90);
      const link = await t.offer(iut, last);
      const answer = await link.next([R2.estabAccepted, R2.estabRefused], { withinMs: t.times.answer });
      t.answers(answer, message(R2.estabRefused, "closed"), {
        what: `the answer to the ESTAB of one more than ${most}`,
      });
    },
  }),
];
