import { is } from "../engine/matchers.js";
import { message, R2 } from "../engine/r2-message.js";
import type { R2Peer } from "../engine/r2-peer.js";
import { budget, defineCase, type Iut, type PeerTest } from "./case.js";
import { QUIET_MS, relays } from "./flows.js";
import { estab, hello, primary } from "./messages.js";
import { shows } from "./session.js";

/** A HELLO over a connection of its own, as the field sends it. */
async function call(
  t: PeerTest,
  iut: Iut,
  peer: R2Peer,
  options: Parameters<typeof hello>[2] & { overlayId?: string } = {},
) {
  const link = await t.setup("a connection", () => peer.connect(iut.address, "(call)"));
  link.send(hello(options.overlayId ?? t.hon.overlayId, peer, options));
  return link;
}

export const parentCases = [
  defineCase({
    id: "hybrid-peer/parent/hello",
    title: "HELLO of a younger peer is answered by 1202",
    requirements: ["HP2P-8.2-02"],
    profile: true,
    group: "basic",
    async run(t) {
      const iut = await t.enter();
      const link = await call(t, iut, await t.peer(200));
      t.answers(await link.next(R2.helloAccepted, { withinMs: t.times.answer }), message(R2.helloAccepted), {
        what: "the answer to HELLO",
      });
    },
  }),
  defineCase({
    id: "hybrid-peer/parent/estab",
    title: "a peer with room offers itself to the newcomer of a HELLO, by ESTAB on a connection that it opens",
    requirements: ["HP2P-8.2-02", "HP2P-7.2-02"],
    group: "basic",
    async run(t) {
      const iut = await t.enter();
      const younger = await t.peer(200);
      await call(t, iut, younger);
      const { message: offer } = await younger.next(R2.estab, {
        withinMs: t.times.answer,
        on: ({ incoming }) => incoming,
      });
      t.answers(offer, message(R2.estab), {
        requirement: ["HP2P-8.2-02", "HP2P-7.2-02"],
        what: "what comes to the address of a HELLO",
      });
      t.match(
        offer.header["req-params"],
        { operation: { "overlay-id": t.hon.overlayId }, peer: { "peer-id": iut.id, "ticket-id": iut.ticket } },
        { requirement: "HP2P-8.2-02", what: "the parameters of ESTAB", entry: offer.entry },
      );
    },
  }),
  defineCase({
    id: "hybrid-peer/parent/primary",
    title: "a peer with room grants a primary path, and reports it to the HOMS",
    requirements: ["HP2P-8.2-02", "HP2P-9.1-04", "HP2P-7.2.2.1-01"],
    group: "basic",
    async run(t) {
      const iut = await t.enter();
      const younger = await t.peer(200);
      await call(t, iut, younger);
      const link = t.need((await younger.next(R2.estab, { withinMs: t.times.answer })).link, "ESTAB");
      link.send({ code: R2.estabAccepted });
      link.send(primary(t.profile));
      const answer = await link.next([R2.primaryAccepted, R2.primaryRefused], { withinMs: t.times.answer });
      t.answers(answer, message(R2.primaryAccepted), {
        requirement: ["HP2P-8.2-02", "HP2P-9.1-04"],
        what: "the answer of a peer without any path to PRIMARY",
      });
      const report = await t.report((one) => shows(one, "primary", younger.id));
      t.that(!report.silent, `a report with ${younger.id} under primary`, report.outcome, {
        requirement: "HP2P-7.2.2.1-01",
        what: "the report of a peer that has got a child",
        entry: report.entry,
      });
    },
  }),
  defineCase({
    id: "hybrid-peer/parent/limit",
    title: "a peer grants as many primary paths as it is declared to keep, and no more",
    requirements: ["HP2P-8.2-02"],
    profile: true,
    group: "behaviour",
    async run(t) {
      const most = t.declared.value("max-primary");
      if (most === 0) t.inconclusive("max-primary is not declared");
      const { iut, children } = await t.root(most);
      const last = await t.peer(300);
      await call(t, iut, last);
      const { link, message: offer } = await last.next(R2.estab, { withinMs: t.times.answer });
      if (!link) {
        t.passed({ what: "no offer of a peer that is full" });
      } else {
        link.send({ code: R2.estabAccepted });
        link.send(primary(t.profile));
        const answer = await link.next([R2.primaryAccepted, R2.primaryRefused], { withinMs: t.times.answer });
        t.answers(answer, message(R2.primaryRefused, "closed"), {
          what: `the answer to the PRIMARY of one more than ${most}`,
          entry: answer.entry,
        });
      }
      t.step(offer.outcome);
      for (const path of children)
        t.that(path.link.ended === undefined, "its children stay", `${path.peer.id} was dropped`, {
          what: "the paths of a peer that is full",
        });
    },
  }),
  defineCase({
    id: "hybrid-peer/parent/hands-down",
    title: "a HELLO is handed down to children with a smaller ttl, and not to the one it is of",
    requirements: ["HP2P-8.2-02"],
    profile: true,
    group: "behaviour",
    async run(t) {
      const { iut, children } = await t.root(1);
      const [below] = children;
      const newcomer = await t.peer(400);
      await call(t, iut, newcomer, { connNum: 3, ttl: 3 });
      const came = await below?.link.next(R2.hello, { withinMs: t.times.answer });
      if (!came || !below) return;
      t.answers(came, message(R2.hello), { what: "what comes to a child when its parent gets a HELLO" });
      t.match(
        came.header["req-params"],
        {
          operation: { "overlay-id": t.hon.overlayId, ttl: 2 },
          peer: { "peer-id": newcomer.id, address: newcomer.address, "ticket-id": newcomer.ticket },
        },
        { what: "the HELLO that is handed down", entry: came.entry },
      );
      // Its own HELLO, as one asks that looks for candidates.
      await call(t, iut, below.peer, { connNum: 3, ttl: 3 });
      await t.sleep(QUIET_MS);
      const back = below.link.of(R2.hello).find((one) => one.get("peer.peer-id") === below.peer.id);
      t.that(back === undefined, "no HELLO of its own", back?.outcome ?? "none", {
        what: "what comes to a child that has said HELLO",
        entry: back?.entry,
      });
    },
  }),
  defineCase({
    id: "hybrid-peer/parent/last-hop",
    title: "a HELLO with a ttl of 1 is not handed down",
    requirements: ["HP2P-8.2-02"],
    profile: true,
    group: "behaviour",
    async run(t) {
      const { iut, children } = await t.root(1);
      const newcomer = await t.peer(400);
      const link = await call(t, iut, newcomer, { connNum: 3, ttl: 1 });
      await link.next(R2.helloAccepted, { withinMs: t.times.answer });
      await t.sleep(QUIET_MS);
      const came = children[0]?.link.of(R2.hello)[0];
      t.that(came === undefined, "no HELLO", came?.outcome ?? "none", {
        what: "what comes to a child",
        entry: came?.entry,
      });
    },
  }),
  defineCase({
    id: "hybrid-peer/parent/older-hello",
    title: "the HELLO of an older peer gets no offer; that of a younger one does",
    requirements: ["HP2P-8.2-02", "HP2P-3.2-01"],
    errata: ["E-HP2P-20"],
    profile: true,
    group: "behaviour",
    async run(t) {
      const iut = await t.enter();
      const [younger, older] = [await t.peer(200), await t.peer(20)];
      await t.setup("the offer to a younger peer", async () => {
        await call(t, iut, younger);
        const { message: offer } = await younger.next(R2.estab, { withinMs: t.times.answer });
        if (offer.silent) t.inconclusive(offer.outcome);
      });
      await call(t, iut, older);
      const { message: offer } = await older.next(R2.estab, { withinMs: Math.min(3_000, t.times.answer) });
      t.answers(offer, message("silence", "closed"), {
        requirement: ["HP2P-8.2-02", "HP2P-3.2-01"],
        what: "the answer to the HELLO of a peer that was there before",
      });
      await lives(t, iut);
    },
  }),
  defineCase({
    id: "hybrid-peer/parent/hello-elsewhere",
    title: "a HELLO for another overlay network gets no offer for that",
    requirements: ["HP2P-8.2-02"],
    profile: true,
    group: "behaviour",
    async run(t) {
      const iut = await t.enter();
      const stranger = await t.peer(200);
      await lives(t, iut);
      const overlayId = t.unique("overlay");
      await call(t, iut, stranger, { overlayId });
      const { message: offer } = await stranger.next(R2.estab, {
        withinMs: Math.min(3_000, t.times.answer),
        where: (one) => one.get("operation.overlay-id") === overlayId,
      });
      t.answers(offer, message("silence", "closed"), { what: "the answer to a HELLO for another overlay network" });
      await lives(t, iut);
    },
  }),
  defineCase({
    id: "hybrid-peer/parent/older-primary",
    title: "the PRIMARY of an older peer is refused, so that no loop can form; that of a younger one is granted",
    requirements: ["HP2P-3.2-01"],
    errata: ["E-HP2P-20"],
    needs: ["checks-tickets"],
    group: "behaviour",
    async run(t) {
      const { iut } = await t.root(1);
      const older = await t.peer(20);
      const link = await t.offer(iut, older);
      link.send(primary(t.profile));
      const answer = await link.next([R2.primaryAccepted, R2.primaryRefused], { withinMs: t.times.answer });
      t.answers(answer, message(R2.primaryRefused, "silence", "closed"), {
        what: "the answer to the PRIMARY of an older peer",
      });
      await lives(t, iut);
    },
  }),
  defineCase({
    id: "hybrid-peer/parent/younger-offer",
    title: "a peer does not take a younger one for its parent, whatever that offers",
    requirements: ["HP2P-3.2-01"],
    errata: ["E-HP2P-20"],
    needs: ["checks-tickets"],
    group: "behaviour",
    async run(t) {
      const entry = await t.peer(10);
      const iut = await t.enter({ entryPeers: [entry] });
      await entry.next(R2.hello, { withinMs: t.times.entry });
      const younger = await t.peer(900);
      const forged = await younger.connect(iut.address);
      forged.send(estab(t.hon.overlayId, younger));
      const asked = await forged.next(R2.primary, { withinMs: Math.min(3_000, t.times.answer) });
      t.answers(asked, message("silence", "closed"), {
        what: "what comes to a younger peer that offers itself as parent",
      });
      const link = await t.offer(iut, entry);
      t.answers(await link.next(R2.primary, { withinMs: t.times.entry }), message(R2.primary), {
        what: "what comes to an older one that does",
      });
    },
  }),
  defineCase({
    id: "hybrid-peer/parent/probe",
    title: "PROBE is answered with the time that it came with",
    requirements: ["HP2P-8.2-04"],
    profile: true,
    group: "capability",
    async run(t) {
      const { children } = await t.root(1);
      const link = children[0]?.link;
      if (!link) return;
      const time = "2026-01-02 03:04:05.678";
      link.send({ code: R2.probe, params: { operation: { "ntp-time": time } } });
      const answer = await link.next(R2.probeAnswer, { withinMs: t.times.answer });
      t.answers(answer, message(R2.probeAnswer), { what: "the answer to PROBE" });
      t.match(
        answer.get("operation.ntp-time"),
        is.where(JSON.stringify(time), (one) => one === time),
        {
          what: "the time in the answer to PROBE",
          entry: answer.entry,
        },
      );
    },
  }),
  defineCase({
    id: "hybrid-peer/parent/grandparent",
    title: "a peer that has a parent names it to its children when it grants them their path",
    requirements: ["HP2P-8.2-02"],
    needs: ["vertical-candidates"],
    without: ["p22", "p20"],
    profile: true,
    group: "capability",
    budgetMs: budget({ entries: 2 }),
    async run(t) {
      const { parent, children } = await t.child({ children: 1 });
      const granted = children[0]?.link.of(R2.primaryAccepted)[0];
      t.equal(granted?.get("parent-peer.peer-id"), parent.peer.id, {
        what: "parent-peer in the answer to PRIMARY",
        entry: granted?.entry,
      });
    },
  }),
  defineCase({
    id: "hybrid-peer/parent/between",
    title: "a peer with a parent takes a child, and both are of one tree: what one says the other hears",
    requirements: ["HP2P-8.2-02", "HP2P-8.2-05"],
    group: "behaviour",
    async run(t) {
      const { parent, children } = await t.child({ children: 1 });
      const [child] = children;
      if (!child) return;
      await relays(t, parent, child, { requirement: ["HP2P-8.2-02", "HP2P-8.2-05"], what: "data from above" });
      await relays(t, child, parent, { requirement: ["HP2P-8.2-02", "HP2P-8.2-05"], what: "data from below" });
    },
  }),
];

/** A newcomer still gets its offer. */
async function lives(t: PeerTest, iut: Iut): Promise<void> {
  const newcomer = await t.peer(500 + t.random.integer(0, 400));
  await call(t, iut, newcomer);
  const { message: offer } = await newcomer.next(R2.estab, { withinMs: t.times.answer });
  const [requirement] = t.definition.requirements;
  t.answers(offer, message(R2.estab), {
    ...(requirement ? { requirement } : {}),
    what: "the offer to a newcomer afterwards",
  });
}
