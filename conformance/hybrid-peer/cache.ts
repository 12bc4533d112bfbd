import { message, R2 } from "../engine/r2-message.js";
import type { Cite } from "../engine/test.js";
import type { Path, PeerTest, Policy } from "./case.js";
import { budget, defineCase } from "./case.js";
import { arrives, broadcast, type Datum, datum, relays, saying, textOf } from "./flows.js";
import { bufferMap, dataFound, getData, grant, listed, primary } from "./messages.js";

const cached = (by: Policy["recovery-by"], messages = 100): Policy => ({
  "recovery-by": by,
  mN_Cache: messages,
  mD_Cache: 60,
});

/** Data that the product has relayed, and so has had in its hands. */
async function passed(t: PeerTest, from: Path, to: Path, count: number): Promise<Datum[]> {
  const all = Array.from({ length: count }, (_, index) => datum(t, `${from.peer.id}-app`, index + 1));
  await t.setup("data that it has relayed", async () => {
    for (const one of all) {
      broadcast(from.link, one);
      const came = await to.link.next(R2.data, { withinMs: t.times.answer, where: saying(one.text) });
      if (came.silent) t.inconclusive(came.outcome);
    }
  });
  return all;
}

/** The product gives `wanted` to who asks for it. */
async function fetches(t: PeerTest, from: Path, wanted: Datum, cite: Cite): Promise<void> {
  from.link.send(getData(t.hon.overlayId, wanted.source, wanted.sequence));
  const answer = await from.link.next(R2.getDataAnswer, { withinMs: t.times.answer });
  t.equal(answer.silent ? answer.outcome : textOf(answer), wanted.text, { ...cite, entry: answer.entry });
}

export const cacheCases = [
  defineCase({
    id: "hybrid-peer/cache/push-map",
    title: "under push, PRIMARY is granted with a buffer map of what is cached",
    requirements: ["HP2P-7.2.3.1-01", "HP2P-7.2.3.1-03", "HP2P-7.2.3.3-03"],
    needs: ["push-recovery"],
    without: ["p20"],
    profile: true,
    group: "capability",
    async run(t) {
      const { iut, children } = await t.root(2, { policy: cached("push") });
      const [one, other] = children;
      if (!one || !other) return;
      const all = await passed(t, one, other, 3);
      other.link.close();
      const late = await t.peer(500);
      await late.close();
      const newcomer = await t.peer(501);
      const link = await t.adopted(iut, newcomer, primary(t.profile, null));
      const granted = link.of(R2.primaryAccepted)[0];
      const map = granted?.get("buffermap");
      const source = all[0]?.source ?? "";
      t.that(
        [1, 2, 3].every((n) => listed(map, source).includes(n)),
        `1, 2 and 3 of ${source}`,
        JSON.stringify(map ?? null),
        {
          requirement: ["HP2P-7.2.3.1-01", "HP2P-7.2.3.1-03", "HP2P-7.2.3.3-03"],
          what: "the buffer map in the answer to PRIMARY",
          entry: granted?.entry,
        },
      );
    },
  }),
  defineCase({
    id: "hybrid-peer/cache/push-serves",
    title: "under push, a newcomer is sent what its buffer map lacks",
    requirements: ["HP2P-7.2.3.1-04", "HP2P-7.2.3.2-02", "HP2P-8.2-06"],
    needs: ["push-recovery"],
    without: ["p20"],
    group: "behaviour",
    async run(t) {
      const { iut, children } = await t.root(2, { policy: cached("push") });
      const [one, other] = children;
      if (!one || !other) return;
      const all = await passed(t, one, other, 3);
      other.link.close();
      await t.sleep(300);
      const newcomer = await t.peer(501);
      const have = [{ SourcePeerId: all[0]?.source ?? "", Sequence: [1] }];
      const link = await t.adopted(iut, newcomer, primary(t.profile, have));
      const requirement = ["HP2P-7.2.3.1-04", "HP2P-7.2.3.2-02", "HP2P-8.2-06"] as const;
      for (const missed of all.slice(1))
        await arrives(t, link, missed, { requirement, what: "what a newcomer has missed" });
    },
  }),
  defineCase({
    id: "hybrid-peer/cache/push-asks",
    title:
      "under push, a peer shows its new parent what it has, sends what that lacks, and takes and hands down what it lacks itself",
    requirements: ["HP2P-7.2.3.1-03", "HP2P-7.2.3.2-01", "HP2P-7.2.3.2-02", "HP2P-8.2-06"],
    needs: ["push-recovery", "candidates"],
    without: ["p20"],
    group: "behaviour",
    budgetMs: budget({ entries: 2, intervals: 2 }),
    async run(t) {
      const { parent, candidates, children } = await t.child({ candidates: 1, children: 1, policy: cached("push") });
      const [next] = candidates;
      const [child] = children;
      if (!next || !child) return;
      const [own] = await passed(t, child, parent, 1);
      if (!own) return;
      await parent.peer.close();
      const asked = await next.link.next(R2.primary, { withinMs: t.times.interval });
      t.answers(asked, message(R2.primary), {
        requirement: "HP2P-7.2.3.2-01",
        what: "what comes over the candidate path when the parent is lost",
      });
      const map = asked.get("buffermap");
      t.that(
        listed(map, own.source).includes(own.sequence),
        `${own.sequence} of ${own.source}`,
        JSON.stringify(map ?? null),
        {
          requirement: "HP2P-7.2.3.1-03",
          what: "the buffer map of a peer that asks for a new parent",
          entry: asked.entry,
        },
      );
      const missed = datum(t, `${next.peer.id}-app`, 1);
      await grant(t, next.link, [{ SourcePeerId: missed.source, Sequence: [1] }]);
      broadcast(next.link, missed);
      const requirement = ["HP2P-7.2.3.2-02", "HP2P-8.2-06"] as const;
      await arrives(t, next.link, own, { requirement, what: "what the new parent lacks" });
      await arrives(t, child.link, missed, { requirement, what: "what was missed meanwhile, at the child" });
    },
  }),
  defineCase({
    id: "hybrid-peer/cache/pull-map",
    title: "BUFFERMAP is answered with what is cached",
    requirements: ["HP2P-7.2.3.1-03", "HP2P-7.2.3.1-01", "HP2P-7.2.3.3-03"],
    needs: ["pull-recovery"],
    without: ["p20"],
    group: "capability",
    async run(t) {
      const { children } = await t.root(2, { policy: cached("pull") });
      const [one, other] = children;
      if (!one || !other) return;
      const all = await passed(t, one, other, 3);
      other.link.send(bufferMap(t.hon.overlayId));
      const answer = await other.link.next(R2.bufferMapAnswer, { withinMs: t.times.answer });
      const requirement = ["HP2P-7.2.3.1-03", "HP2P-7.2.3.1-01", "HP2P-7.2.3.3-03"] as const;
      t.answers(answer, message(R2.bufferMapAnswer), { requirement, what: "the answer to BUFFERMAP" });
      const source = all[0]?.source ?? "";
      const have = listed(answer.get("buffermap"), source);
      t.that(
        [1, 2, 3].every((n) => have.includes(n)),
        `1, 2 and 3 of ${source}`,
        JSON.stringify(answer.get("buffermap") ?? null),
        { requirement, what: "the buffer map", entry: answer.entry },
      );
      t.that(!have.includes(4), "nothing that never was", "4 as well", {
        requirement,
        what: "the buffer map",
        entry: answer.entry,
      });
    },
  }),
  defineCase({
    id: "hybrid-peer/cache/pull-data",
    title: "GET_DATA is answered with the cached datum",
    requirements: ["HP2P-7.2.3.1-04", "HP2P-7.2.3.1-01", "HP2P-8.2-06"],
    needs: ["pull-recovery"],
    without: ["p20"],
    group: "capability",
    async run(t) {
      const { children } = await t.root(2, { policy: cached("pull") });
      const [one, other] = children;
      if (!one || !other) return;
      const all = await passed(t, one, other, 3);
      const wanted = all[1];
      if (!wanted) return;
      other.link.send(getData(t.hon.overlayId, wanted.source, wanted.sequence));
      const answer = await other.link.next(R2.getDataAnswer, { withinMs: t.times.answer });
      const requirement = ["HP2P-7.2.3.1-04", "HP2P-7.2.3.1-01", "HP2P-8.2-06"] as const;
      t.answers(answer, message(R2.getDataAnswer), { requirement, what: "the answer to GET_DATA" });
      t.equal(textOf(answer), wanted.text, { requirement, what: "the datum", entry: answer.entry });
    },
  }),
  defineCase({
    id: "hybrid-peer/cache/absent",
    title: "GET_DATA for what never was brings no datum, and harms nothing",
    requirements: ["HP2P-7.2.3.1-04"],
    needs: ["pull-recovery"],
    without: ["p20"],
    group: "behaviour",
    async run(t) {
      const { children } = await t.root(2, { policy: cached("pull") });
      const [one, other] = children;
      if (!one || !other) return;
      const [known] = await passed(t, one, other, 1);
      if (!known) return;
      for (const [source, sequence] of [
        [known.source, 99],
        [t.unique("nobody"), 1],
      ] as const) {
        other.link.send(getData(t.hon.overlayId, source, sequence));
      }
      await fetches(t, other, known, { what: "the first datum after questions for what never was" });
    },
  }),
  defineCase({
    id: "hybrid-peer/cache/least",
    title: "the newest mN_Cache data of a source are kept, whatever else is",
    requirements: ["HP2P-7.2.3.1-02", "HOMP-6.1.8-01", "HOMP-6.1.8-02"],
    errata: ["E-HP2P-16", "E-HOMP-55"],
    needs: ["pull-recovery"],
    without: ["p20"],
    group: "behaviour",
    async run(t) {
      const { children } = await t.root(2, { policy: { "recovery-by": "pull", mN_Cache: 3, mD_Cache: 0 } });
      const [one, other] = children;
      if (!one || !other) return;
      const all = await passed(t, one, other, 6);
      for (const wanted of all.slice(3)) {
        await fetches(t, other, wanted, {
          requirement: ["HP2P-7.2.3.1-02", "HOMP-6.1.8-01", "HOMP-6.1.8-02"],
          what: "one of the three newest",
        });
      }
      const [oldest] = all;
      if (!oldest) return;
      other.link.send(getData(t.hon.overlayId, oldest.source, oldest.sequence));
      const answer = await other.link.next(R2.getDataAnswer, { withinMs: 1_000 });
      if (!answer.silent) t.warn("more is kept than mN_Cache says", "HP2P-7.2.3.1-02");
    },
  }),
  defineCase({
    id: "hybrid-peer/cache/age",
    title: "a datum is kept for mD_Cache seconds at least, though more than mN_Cache have come since",
    requirements: ["HOMP-6.1.8-04"],
    needs: ["pull-recovery"],
    without: ["p20"],
    group: "behaviour",
    async run(t) {
      const { children } = await t.root(2, { policy: { "recovery-by": "pull", mN_Cache: 1, mD_Cache: 60 } });
      const [one, other] = children;
      if (!one || !other) return;
      const [oldest] = await passed(t, one, other, 4);
      if (!oldest) return;
      await fetches(t, other, oldest, { what: "the oldest of four data, all of them younger than mD_Cache" });
    },
  }),
  defineCase({
    id: "hybrid-peer/cache/none",
    title: "with an mN_Cache of 0 nothing is kept for others, and data are handed on all the same",
    requirements: ["HOMP-6.1.8-03", "HOMP-6.1.8-01"],
    errata: ["E-HOMP-55"],
    needs: ["pull-recovery"],
    without: ["p20"],
    group: "behaviour",
    async run(t) {
      const { children } = await t.root(2, { policy: { "recovery-by": "pull", mN_Cache: 0, mD_Cache: 0 } });
      const [one, other] = children;
      if (!one || !other) return;
      const all = await passed(t, one, other, 3);
      const requirement = ["HOMP-6.1.8-03", "HOMP-6.1.8-01"] as const;
      for (const { source, sequence } of all) other.link.send(getData(t.hon.overlayId, source, sequence));
      other.link.send(bufferMap(t.hon.overlayId));
      const answer = await other.link.next(R2.getDataAnswer, { withinMs: Math.min(2_000, t.times.answer) });
      t.answers(answer, message("silence"), { requirement, what: "the answer to GET_DATA where no cache is to be" });
      const [map] = other.link.of(R2.bufferMapAnswer);
      t.equal(listed(map?.get("buffermap"), all[0]?.source ?? ""), [], {
        requirement,
        what: "the buffer map where no cache is to be",
        entry: map?.entry,
      });
    },
  }),
  defineCase({
    id: "hybrid-peer/cache/pull-recovers",
    title:
      "under pull, a peer that has a new parent asks it for what it missed, by buffer map and GET_DATA, and hands it down",
    requirements: ["HP2P-7.2.3.2-02", "HP2P-8.2-06", "HP2P-7.2.3.2-01"],
    needs: ["pull-recovery", "candidates"],
    without: ["p20"],
    group: "behaviour",
    budgetMs: budget({ entries: 3, intervals: 2 }),
    async run(t) {
      const missed: Datum[] = [];
      const { parent, candidates, children } = await t.child({
        candidates: 1,
        children: 1,
        policy: cached("pull"),
        answers: {
          bufferMap: () =>
            missed.length === 0
              ? null
              : [{ SourcePeerId: missed[0]?.source, Sequence: missed.map(({ sequence }) => sequence) }],
          data: (source, sequence) => {
            const one = missed.find((two) => two.source === source && two.sequence === sequence);
            return one && dataFound(source, sequence, one.text);
          },
        },
      });
      const [next] = candidates;
      const [child] = children;
      if (!next || !child) return;
      await relays(t, parent, child, { requirement: "HP2P-7.2.3.2-02", what: "the first datum of a source" });
      const source = `${parent.peer.id}-app`;
      missed.push(datum(t, source, 2), datum(t, source, 3));
      await parent.peer.close();
      const asked = await next.link.next(R2.primary, { withinMs: t.times.interval });
      t.answers(asked, message(R2.primary), {
        requirement: "HP2P-7.2.3.2-01",
        what: "what comes over the candidate path when the parent is lost",
      });
      await grant(t, next.link);
      const requirement = ["HP2P-7.2.3.2-02", "HP2P-8.2-06"] as const;
      for (const one of missed) {
        const came = await child.link.next([R2.data], { withinMs: t.times.entry, where: saying(one.text) });
        t.that(!came.silent, `${one.text} at the child`, came.outcome, {
          requirement,
          what: "what was missed meanwhile",
          entry: came.entry,
        });
      }
    },
  }),
];
