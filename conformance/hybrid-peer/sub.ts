import { message, R2 } from "../engine/r2-message.js";
import { incoming } from "./candidates.js";
import { budget, defineCase } from "./case.js";
import { broadcast, datum, QUIET_MS, relays, saying, staysAway } from "./flows.js";
import { bufferMap, dataFound, getData, listed } from "./messages.js";

const cached = { "recovery-by": "pull", mN_Cache: 100, mD_Cache: 60 } as const;

export const subCases = [
  defineCase({
    id: "hybrid-peer/sub-tree/along",
    title: "in a SubTree the data of its source are broadcast along the tree",
    requirements: ["HP2P-6-03"],
    errata: ["E-HP2P-15"],
    needs: ["sub-tree"],
    group: "behaviour",
    budgetMs: budget({ entries: 1 }),
    async run(t) {
      const { parent, children } = await t.child({ children: 1, type: "sub" });
      const [child] = children;
      if (!child) return;
      const one = datum(t, t.hon.ownerId, 1);
      broadcast(parent.link, one);
      const came = await child.link.next(R2.data, { withinMs: t.times.answer, where: saying(one.text) });
      t.that(!came.silent, `${one.text} at the child`, came.outcome, {
        what: "data of the source, from above",
        entry: came.entry,
      });
    },
  }),
  defineCase({
    id: "hybrid-peer/sub-tree/one-source",
    title: "in a SubTree nobody but the source broadcasts: what a child of it says is handed on to none",
    requirements: ["HP2P-6-02"],
    errata: ["E-HP2P-15", "E-X-07"],
    needs: ["sub-tree"],
    group: "behaviour",
    budgetMs: budget({ entries: 1 }),
    async run(t) {
      const { parent, children } = await t.child({ children: 1, type: "sub" });
      const [child] = children;
      if (!child) return;
      const strange = datum(t, `${child.peer.id}-app`, 1);
      broadcast(child.link, strange);
      await staysAway(t, [parent.link], strange.text, { what: "data of another than the source" });
    },
  }),
  defineCase({
    id: "hybrid-peer/sub-mesh/serves",
    title: "in a SubMesh a peer gives what it has to those who ask, and pushes nothing",
    requirements: ["HP2P-6-05", "HP2P-3.2-02"],
    errata: ["E-HP2P-15"],
    needs: ["sub-mesh"],
    without: ["p20"],
    group: "behaviour",
    budgetMs: budget({ entries: 3 }),
    async run(t) {
      const source = t.hon.ownerId;
      const one = datum(t, source, 1);
      const neighbour = await t.peer(10, {
        bufferMap: () => [{ SourcePeerId: source, Sequence: [1] }],
        data: (from, sequence) => (from === source && sequence === 1 ? dataFound(source, 1, one.text) : undefined),
      });
      const iut = await t.enter({ entryPeers: [neighbour], type: "sub", subType: "mesh", policy: cached });
      const requirement = ["HP2P-6-05", "HP2P-3.2-02"] as const;
      const { message: call } = await neighbour.next(R2.hello, { withinMs: t.times.entry });
      if (call.silent) t.inconclusive(call.outcome);
      const link = await t.offer(iut, neighbour);
      t.answers(await link.next(R2.estabAccepted, { withinMs: t.times.answer }), message(R2.estabAccepted), {
        requirement,
        what: "the answer to ESTAB in a mesh",
      });
      const { message: asked } = await neighbour.next(R2.getData, { withinMs: t.times.entry });
      t.answers(asked, message(R2.getData), {
        requirement,
        what: "what a mesh peer asks of a neighbour that has data",
      });
      const { link: second } = t.need(await incoming(t, iut, 300), "ESTAB after HELLO in a mesh");
      await t.sleep(QUIET_MS);
      t.equal(second.of(R2.data).length, 0, { requirement, what: "data that are pushed in a mesh" });
      second.send(bufferMap(t.hon.overlayId));
      const map = await second.next(R2.bufferMapAnswer, { withinMs: t.times.answer });
      t.that(
        listed(map.get("buffermap"), source).includes(1),
        `1 of ${source}`,
        JSON.stringify(map.get("buffermap") ?? null),
        {
          requirement,
          what: "the buffer map of a mesh peer that has got a datum",
          entry: map.entry,
        },
      );
      second.send(getData(t.hon.overlayId, source, 1));
      const got = await second.next(R2.getDataAnswer, { withinMs: t.times.answer, where: saying(one.text) });
      t.answers(got, message(R2.getDataAnswer), { requirement, what: "the answer to GET_DATA in a mesh" });
    },
  }),
  defineCase({
    id: "hybrid-peer/core/tree-and-pull",
    title: "what was pushed over the tree can be pulled as well",
    requirements: ["HP2P-3.2-01", "HP2P-3.2-02"],
    errata: ["E-HP2P-20"],
    needs: ["pull-recovery"],
    without: ["p20"],
    group: "behaviour",
    async run(t) {
      const { children } = await t.root(2, { policy: cached });
      const [one, other] = children;
      if (!one || !other) return;
      const requirement = ["HP2P-3.2-01", "HP2P-3.2-02"] as const;
      await relays(t, one, other, { requirement, what: "data of one child at the other" });
      other.link.send(getData(t.hon.overlayId, `${one.peer.id}-app`, 1));
      t.answers(await other.link.next(R2.getDataAnswer, { withinMs: t.times.answer }), message(R2.getDataAnswer), {
        requirement,
        what: "the answer to GET_DATA",
      });
    },
  }),
];
