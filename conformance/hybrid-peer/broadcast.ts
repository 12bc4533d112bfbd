import { is } from "../engine/matchers.js";
import { message, R2 } from "../engine/r2-message.js";
import { budget, defineCase } from "./case.js";
import { arrives, broadcast, datum, QUIET_MS, relays, saying, staysAway, times } from "./flows.js";
import { data } from "./messages.js";

export const broadcastCases = [
  defineCase({
    id: "hybrid-peer/broadcast/own",
    title: "what an application sends leaves on every primary path, once on each",
    requirements: ["HP2P-7.2.3.3-01", "HP2P-6-01", "HP2P-8.2-05", "HP2P-7.2.1.2-01", "HP2P-7.2.5.1-01"],
    group: "basic",
    budgetMs: budget({ acts: 3 }),
    async run(t) {
      const { iut, children } = await t.root(2, { later: ["send"] });
      const text = t.unique("reading");
      await t.send(iut, text);
      for (const { link } of children) {
        const came = await link.next(R2.data, { withinMs: t.actsWithinMs, where: saying(text) });
        t.that(!came.silent, `${text} over ${link.name}`, came.outcome, {
          requirement: ["HP2P-7.2.3.3-01", "HP2P-6-01", "HP2P-8.2-05", "HP2P-7.2.1.2-01", "HP2P-7.2.5.1-01"],
          what: "an application's data on a primary path",
          entry: came.entry,
        });
      }
      await t.sleep(QUIET_MS);
      const often = children.map(({ link }) => times(link, text));
      t.equal(often, [1, 1], { requirement: "HP2P-7.2.3.3-01", what: "how often it left on each" });
    },
  }),
  defineCase({
    id: "hybrid-peer/broadcast/fields",
    title: "data names its source, its number among the source's own, its length and type",
    requirements: ["HP2P-8.2-05"],
    profile: true,
    without: ["p20"],
    group: "capability",
    budgetMs: budget({ acts: 3 }),
    async run(t) {
      const { iut, children } = await t.root(1, { later: ["send"] });
      const link = children[0]?.link;
      if (!link) return;
      const texts = [t.unique("first"), t.unique("second")];
      const numbers: unknown[] = [];
      for (const text of texts) {
        await t.send(iut, text);
        const came = await link.next(R2.data, { withinMs: t.actsWithinMs, where: saying(text) });
        if (came.silent) t.inconclusive(came.outcome);
        t.equal(came.get("peer.peer-id"), iut.id, { what: "the source of its own data", entry: came.entry });
        t.equal(came.get("payload.length"), Buffer.byteLength(text), {
          what: "the length of its own data",
          entry: came.entry,
        });
        t.match(came.get("peer.sequence"), is.positive, { what: "the number of its own data", entry: came.entry });
        numbers.push(came.get("peer.sequence"));
      }
      t.equal(Number(numbers[1]) - Number(numbers[0]), 1, { what: "the step from one number to the next" });
    },
  }),
  defineCase({
    id: "hybrid-peer/broadcast/down",
    title: "what comes from the parent leaves to the child, and not back",
    requirements: ["HP2P-7.2.3.3-02", "HP2P-6-03", "HP2P-8.2-05"],
    group: "basic",
    budgetMs: budget({ entries: 1 }),
    async run(t) {
      const { parent, children } = await t.child({ children: 1 });
      const [child] = children;
      if (!child) return;
      const requirement = ["HP2P-7.2.3.3-02", "HP2P-8.2-05", "HP2P-6-03"] as const;
      const came = await relays(t, parent, child, { requirement, what: "data of the parent's at the child" });
      const text = Buffer.from(came.payload).toString("utf8");
      await staysAway(t, [parent.link], text, {
        requirement: "HP2P-7.2.3.3-02",
        what: "the same data on the path of its arrival",
      });
    },
  }),
  defineCase({
    id: "hybrid-peer/broadcast/up",
    title: "what comes from a child leaves to all other primary paths, and not back",
    requirements: ["HP2P-7.2.3.3-02", "HP2P-6-01", "HP2P-8.2-05"],
    group: "basic",
    async run(t) {
      const { children } = await t.root(2);
      const [one, other] = children;
      if (!one || !other) return;
      const requirement = ["HP2P-7.2.3.3-02", "HP2P-6-01", "HP2P-8.2-05"] as const;
      const came = await relays(t, one, other, { requirement, what: "data of one child at the other" });
      const text = Buffer.from(came.payload).toString("utf8");
      await staysAway(t, [one.link], text, {
        requirement: "HP2P-7.2.3.3-02",
        what: "the same data on the path of its arrival",
      });
    },
  }),
  defineCase({
    id: "hybrid-peer/broadcast/everybody",
    title:
      "every peer of a core broadcasts at any time: parent, child and the peer itself, one after the other and both ways at once",
    requirements: ["HP2P-6-01", "HP2P-9.1-01", "HP2P-9.3-04", "HP2P-9.2-03"],
    errata: ["E-HP2P-12", "E-HP2P-15"],
    group: "behaviour",
    budgetMs: budget({ entries: 1, acts: 3 }),
    async run(t) {
      const { iut, parent, children } = await t.child({ children: 1, later: ["send"] });
      const [child] = children;
      if (!child) return;
      const requirement = ["HP2P-6-01", "HP2P-9.1-01", "HP2P-9.3-04", "HP2P-9.2-03"] as const;
      const own = t.unique("own");
      await t.send(iut, own);
      const down = [1, 2, 3].map((n) => datum(t, parent.peer.id, n));
      const up = [1, 2, 3].map((n) => datum(t, child.peer.id, n));
      for (const index of [0, 1, 2]) {
        for (const [link, list] of [
          [parent.link, down],
          [child.link, up],
        ] as const) {
          const one = list[index];
          if (one) broadcast(link, one);
        }
      }
      for (const one of down)
        await arrives(t, child.link, one, { requirement, what: "the data of one source at the other side" });
      for (const one of up)
        await arrives(t, parent.link, one, { requirement, what: "the data of one source at the other side" });
      for (const { link } of [parent, child]) {
        const came = await link.next(R2.data, { withinMs: t.actsWithinMs, where: saying(own) });
        t.that(!came.silent, `${own} over ${link.name}`, came.outcome, {
          requirement,
          what: "its own data on both paths",
          entry: came.entry,
        });
      }
    },
  }),
  defineCase({
    id: "hybrid-peer/broadcast/duplicate",
    title: "the same datum once more is not handed on again; the next one of its source is",
    requirements: ["HP2P-3.2-01"],
    errata: ["E-HP2P-20"],
    without: ["p20"],
    group: "behaviour",
    async run(t) {
      const { children } = await t.root(2);
      const [one, other] = children;
      if (!one || !other) return;
      const first = datum(t, one.peer.id, 1);
      const second = datum(t, one.peer.id, 2);
      broadcast(one.link, first);
      broadcast(one.link, first);
      broadcast(one.link, second);
      broadcast(one.link, first);
      await arrives(t, other.link, second, { what: "the next datum" });
      await t.sleep(QUIET_MS);
      t.equal(times(other.link, first.text), 1, { what: "how often a datum is handed on that came three times" });
      t.equal(times(one.link, first.text), 0, { what: "how often it goes back" });
    },
  }),
  defineCase({
    id: "hybrid-peer/broadcast/late",
    title: "a datum that comes behind a later one of its source is handed on as well, once",
    requirements: ["HP2P-7.2.3.3-02", "HP2P-8.2-05"],
    errata: ["E-HP2P-30"],
    without: ["p20"],
    group: "behaviour",
    async run(t) {
      const { children } = await t.root(2);
      const [one, other] = children;
      if (!one || !other) return;
      const requirement = ["HP2P-7.2.3.3-02", "HP2P-8.2-05"] as const;
      const [first, second, third] = [1, 2, 3].map((n) => datum(t, `${one.peer.id}-app`, n));
      if (!first || !second || !third) return;
      for (const next of [first, third, second]) broadcast(one.link, next);
      await arrives(t, other.link, third, { requirement, what: "the third datum, behind the first" });
      await arrives(t, other.link, second, { requirement, what: "the second datum, behind the third" });
      await t.sleep(QUIET_MS);
      t.equal(times(other.link, second.text), 1, { requirement, what: "how often the second is handed on" });
    },
  }),
  defineCase({
    id: "hybrid-peer/broadcast/own-comes-back",
    title: "its own data that come back are not handed on",
    requirements: ["HP2P-3.2-01"],
    errata: ["E-HP2P-20"],
    without: ["p20"],
    group: "behaviour",
    budgetMs: budget({ acts: 3 }),
    async run(t) {
      const { iut, children } = await t.root(2, { later: ["send"] });
      const [one, other] = children;
      if (!one || !other) return;
      const text = t.unique("own");
      await t.send(iut, text);
      const own = await t.setup("its own data", async () => {
        const came = await one.link.next(R2.data, { withinMs: t.actsWithinMs, where: saying(text) });
        if (came.silent) t.inconclusive(came.outcome);
        return came;
      });
      one.link.send(data(iut.id, Number(own.get("peer.sequence")), text));
      await relays(t, one, other, { what: "data of others" });
      await t.sleep(QUIET_MS);
      t.equal(times(other.link, text), 1, { what: "how often its own datum left on the other path" });
    },
  }),
  defineCase({
    id: "hybrid-peer/broadcast/unchanged",
    title: "data are handed on as they came: source, number, type, extension, and every octet",
    requirements: ["HP2P-8.2-05", "HP2P-7.2.3.3-02"],
    profile: true,
    group: "behaviour",
    async run(t) {
      const { children } = await t.root(2);
      const [one, other] = children;
      if (!one || !other) return;
      const octets = Uint8Array.from({ length: 40_000 }, (_, index) => (index * 7) & 0xff);
      const source = `${one.peer.id}-app`;
      one.link.send(
        data(source, 1, octets, {
          type: "application/octet-stream",
          appId: "media",
          extension: { "x-more": [1, "ü"] },
        }),
      );
      const came = await other.link.next(R2.data, { withinMs: t.times.answer });
      const requirement = ["HP2P-8.2-05", "HP2P-7.2.3.3-02"] as const;
      t.answers(came, message(R2.data), { requirement, what: "what comes of 40,000 octets of data" });
      const { entry } = came;
      t.that(Buffer.from(octets).equals(came.payload), "the same octets", `${came.payload.length} octets`, {
        requirement,
        what: "the data",
        entry,
      });
      t.equal(came.get("peer.peer-id"), source, { requirement, what: "the source", entry });
      const type = came.get("payload.payload-type") ?? came.get("payload.content-type") ?? came.get("payload.type");
      t.equal(type, "application/octet-stream", { requirement, what: "the type", entry });
      if (other.link.profile === "p23")
        t.equal(
          came.extension,
          { "app-id": "media", "x-more": [1, "ü"] },
          { requirement, what: "the extension header", entry },
        );
      if (other.link.profile !== "p20")
        t.equal(came.get("peer.sequence"), 1, { requirement, what: "the number", entry });
    },
  }),
  defineCase({
    id: "hybrid-peer/broadcast/acknowledged",
    title: "data that ask for it are acknowledged by 6200, others are not",
    requirements: ["HP2P-8.2-05"],
    profile: true,
    group: "behaviour",
    async run(t) {
      const { children } = await t.root(1);
      const one = children[0];
      if (!one) return;
      one.link.send(data(one.peer.id, 1, t.unique("without")));
      await t.sleep(QUIET_MS);
      t.equal(one.link.of(R2.dataAccepted).length, 0, { what: "acknowledgements of data that ask for none" });
      one.link.send(data(one.peer.id, 2, t.unique("with"), { ack: true }));
      t.answers(await one.link.next(R2.dataAccepted, { withinMs: t.times.answer }), message(R2.dataAccepted), {
        what: "the answer to data that ask for one",
      });
    },
  }),
  defineCase({
    id: "hybrid-peer/broadcast/received",
    title: "an application is given what others broadcast, once",
    requirements: ["HP2P-7.2.1.2-01"],
    group: "behaviour",
    budgetMs: budget({ acts: 4 }),
    async run(t) {
      const { iut, children } = await t.root(1, { later: ["receive"] });
      const one = children[0];
      if (!one) return;
      const done = await t.outcome(iut.product.do("receive"));
      if (done.how !== "asked") t.inconclusive(`nobody can tell what its applications are given: ${done.reason}`);
      const what = datum(t, one.peer.id, 1);
      broadcast(one.link, what);
      if (one.link.profile !== "p20") broadcast(one.link, what);
      await t.sleep(QUIET_MS);
      const own = iut.product.events().filter(({ event, text }) => event === "data" && text === what.text);
      t.equal(
        own.map(({ source }) => source),
        [what.source],
        { what: "the sources of one datum, as an application was given it" },
      );
    },
  }),
];
