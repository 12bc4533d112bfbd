import type { R10Link } from "../engine/r10-link.js";
import type { R10Answer } from "../engine/r10-message.js";
import { as, indexesIn, indexesOf, r10, sha256 } from "../engine/r10-message.js";
import type { R10Peer } from "../engine/r10-peer.js";
import type { Iut, PeerTest } from "./case.js";
import { defineCase } from "./case.js";

/** X.609.10 leaves open how peers speak. */
const FORM = "spec/peer";

/** Numbers of all fragments that came to be requested of a peer. */
export const requestedOf = (peer: R10Peer): number[] =>
  peer.of("request").flatMap((one) => indexesIn(as(one, "request")?.runs ?? []));

/** Judges that applications get all fragments, as the source peer made them. */
export async function completes(
  t: PeerTest,
  iut: Iut,
  cite: { requirement?: never } | { requirement: "DS-8.9-a" | "DS-8.9-c" | "DS-7.2.1-01" },
  what: string,
): Promise<void> {
  const { content } = t.session;
  const given = await t.given(iut, content.fragments.length);
  t.equal(
    content.indexes.map((index) => given.get(index) ?? "none"),
    content.indexes.map((index) => content.digest(index)),
    { ...cite, what: `the digests of the fragments that applications are given${what}` },
  );
}

/** Waits until a product has told by buffermap and have that it holds these; the time of the last word, or undefined. */
async function tells(t: PeerTest, link: R10Link, wanted: readonly number[]): Promise<boolean> {
  const end = t.world.now() + t.actsWithinMs;
  for (;;) {
    const held = new Set(
      link.arrived.flatMap((one) => {
        const map = as(one, "buffermap");
        return map ? indexesOf(map) : indexesIn(as(one, "have")?.runs ?? []);
      }),
    );
    if (wanted.every((index) => held.has(index))) return true;
    if (t.world.now() >= end || link.ended) return false;
    await t.sleep(50);
  }
}

/** The product has all of the session. */
export async function full(t: PeerTest, options = {}): Promise<{ readonly iut: Iut; readonly source: R10Peer }> {
  const source = await t.stand({ role: "source-peer" });
  t.session.listed = [source];
  const iut = await t.enter(options);
  await t.setup("the product with all fragments", async () => {
    const link = await t.linked(source);
    if (!(await tells(t, link, t.session.content.indexes))) {
      const asked = new Set(requestedOf(source));
      if (asked.size < t.session.content.fragments.length) t.inconclusive("the product does not fetch everything");
    }
  });
  return { iut, source };
}

/** A peer of the suite's that connects to the product and has shaken hands. */
export async function called(t: PeerTest, iut: Iut, peer: R10Peer): Promise<R10Link> {
  return await t.setup(`a link of ${peer.id}`, async () => {
    if (iut.address === "") t.inconclusive("the product tells no tcp address in its join");
    const link = await peer.connect(iut.address);
    if (!(await link.ready(t.actsWithinMs)))
      t.inconclusive(`the product shakes no hands: ${link.ended?.reason ?? "nothing came"}`);
    return link;
  });
}

/** Every fragment in parts that came of a number on a link, put together. */
async function fetched(t: PeerTest, link: R10Link, index: number): Promise<{ octets: Buffer; answer: R10Answer }> {
  const parts: Buffer[] = [];
  let length = 0;
  for (;;) {
    const answer = await link.next(["fragment", "refuse"], {
      withinMs: t.actsWithinMs,
      where: (one) => {
        const message = one.message;
        return message?.type === "fragment" ? message.index === index : true;
      },
    });
    const fragment = as(answer, "fragment");
    if (!fragment) return { octets: Buffer.concat(parts), answer };
    parts.push(Buffer.from(fragment.payload));
    length += fragment.payload.length;
    if (length >= fragment.size) return { octets: Buffer.concat(parts), answer };
  }
}

/** Fragments between peers [8.9]. */
export const exchangeCases = [
  defineCase({
    id: "peer/r10/connects",
    title: "a peer connects over TCP to a peer of its list, and says for what and who it is",
    requirements: ["DS-8.9-c", "DS-7.2.4-02"],
    errata: ["E-DS-18"],
    group: "basic",
    async run(t) {
      const source = await t.stand({ role: "source-peer" });
      t.session.listed = [source];
      const { id, request } = await t.enter();
      const came = await source.until(() => source.links.some(({ hello }) => hello !== undefined), t.actsWithinMs);
      const hello = source.links.find((one) => one.hello)?.hello;
      t.that(came, "a hello over TCP", "none came", {
        requirement: ["DS-8.9-c", "DS-7.2.4-02"],
        what: "the link with a listed peer",
      });
      t.equal([hello?.overlayId, hello?.peerId], [t.session.overlay, id], {
        requirement: "DS-7.2.4-02",
        what: "overlay network and peer in its hello",
      });
      const key = request.get("join.public_key");
      if (typeof key === "string")
        t.equal(Buffer.from(hello?.publicKey ?? []).toString("base64url"), key, {
          requirement: "DS-7.2.4-02",
          what: "the key in its hello, which is that of its join",
        });
    },
  }),
  defineCase({
    id: "peer/r10/proof",
    title: "a peer proves that it holds the key of its hello",
    requirements: ["DS-7.2.4-02"],
    group: "behaviour",
    async run(t) {
      const source = await t.stand({ role: "source-peer" });
      t.session.listed = [source];
      await t.enter();
      const done = await source.until(() => source.links.some(({ proven }) => proven !== undefined), t.actsWithinMs);
      t.that(done, "a proof", "none came", { what: "the second message of a peer that connects", form: FORM });
      t.equal(source.links.find(({ proven }) => proven !== undefined)?.proven, true, {
        what: "whether the proof is one, by the key of the hello",
        form: FORM,
      });
    },
  }),
  defineCase({
    id: "peer/r10/members-only",
    title: "a peer connects to no peer that its OMS did not list",
    requirements: ["DS-7.2.4-02"],
    group: "behaviour",
    async run(t) {
      const [source, stranger] = [await t.stand({ role: "source-peer" }), await t.stand()];
      t.session.listed = [source];
      const iut = await t.enter();
      await t.linked(source);
      await completes(t, iut, {}, "");
      t.equal(stranger.links.length, 0, { what: "the number of connections to a peer that is in no list" });
    },
  }),
  defineCase({
    id: "peer/r10/requests",
    title: "a peer requests the fragments that it lacks of one that holds them",
    requirements: ["DS-8.9-a", "PAMP-8.2.4-08"],
    errata: ["E-DS-18", "E-PAMP-52"],
    group: "basic",
    async run(t) {
      const source = await t.stand({ role: "source-peer" });
      t.session.listed = [source];
      await t.enter();
      await t.linked(source);
      const { answer } = await source.next("request", { withinMs: t.actsWithinMs });
      t.answers(answer, r10("request"), { requirement: "DS-8.9-a", what: "what a peer says to one that holds all" });
      const indexes = indexesIn(as(answer, "request")?.runs ?? []);
      t.that(
        indexes.length > 0 && indexes.every((one) => t.session.content.indexes.includes(one)),
        "fragments that there are",
        indexes,
        {
          requirement: "DS-8.9-a",
          what: "the fragments requested",
          entry: answer.entry,
        },
      );
      t.that(source.of("buffermap").length > 0 || source.of("have").length > 0, "a buffermap", "none came", {
        requirement: "PAMP-8.2.4-08",
        what: "what the peer says that it holds",
      });
    },
  }),
  defineCase({
    id: "peer/r10/completes",
    title: "a peer gets every fragment of a FILE, and applications are given them as they were made",
    requirements: ["DS-8.9-a", "DS-8.9-c"],
    group: "behaviour",
    async run(t) {
      const source = await t.stand({ role: "source-peer" });
      t.session.listed = [source];
      const iut = await t.enter({ later: ["receive"] });
      await completes(t, iut, { requirement: "DS-8.9-a" }, "");
      t.passed({ requirement: "DS-8.9-c", what: "that they came over TCP" });
    },
  }),
  defineCase({
    id: "peer/r10/only-what-is-held",
    title: "of each peer what it holds is requested, and together everything",
    requirements: ["DS-8.9-a"],
    group: "behaviour",
    async run(t) {
      const { indexes } = t.session.content;
      const halves = [indexes.filter((one) => one % 2 === 0), indexes.filter((one) => one % 2 === 1)];
      const peers = [await t.stand({ holds: halves[0] ?? [] }), await t.stand({ holds: halves[1] ?? [] })];
      t.session.listed = peers;
      const iut = await t.enter({ later: ["receive"] });
      await completes(t, iut, {}, " of two that hold half each");
      for (const [at, peer] of peers.entries())
        t.equal(
          requestedOf(peer).filter((one) => !(halves[at] ?? []).includes(one)),
          [],
          {
            what: "fragments requested of a peer that does not hold them",
          },
        );
    },
  }),
  defineCase({
    id: "peer/r10/have",
    title: "a fragment that a peer tells of later is requested then",
    requirements: ["DS-8.9-a"],
    group: "behaviour",
    async run(t) {
      const holds = [0];
      const source = await t.stand({ role: "source-peer", holds });
      t.session.listed = [source];
      await t.enter();
      const link = await t.linked(source);
      await link.next("request", { withinMs: t.actsWithinMs });
      holds.push(1);
      link.send({ type: "have", runs: [{ first: 1, count: 1 }] });
      const answer = await link.next("request", {
        withinMs: t.actsWithinMs,
        where: (one) => indexesIn(as(one, "request")?.runs ?? []).includes(1),
      });
      t.answers(answer, r10("request"), { what: "what follows a have of a fragment that the peer lacks" });
    },
  }),
  defineCase({
    id: "peer/r10/refused-elsewhere",
    title: "what one peer refuses is requested of another one that holds it",
    requirements: ["DS-8.9-a"],
    group: "behaviour",
    async run(t) {
      const unwilling = await t.stand({
        gives: (index, link) => {
          link.send({ type: "refuse", reason: "unwilling", runs: [{ first: index, count: 1 }] });
          return true;
        },
      });
      const source = await t.stand({ role: "source-peer" });
      t.session.listed = [unwilling, source];
      const iut = await t.enter({ later: ["receive"] });
      await completes(t, iut, {}, " where one peer refuses all");
    },
  }),
  defineCase({
    id: "peer/r10/silent-elsewhere",
    title: "what one peer does not send in time is requested of another one",
    requirements: ["DS-8.9-a"],
    group: "behaviour",
    async run(t) {
      const silent = await t.stand({ gives: () => true });
      const source = await t.stand({ role: "source-peer" });
      t.session.listed = [silent, source];
      const iut = await t.enter({ later: ["receive"] });
      await t.linked(silent);
      const given = await t.given(iut, t.session.content.fragments.length, t.actsWithinMs + 2 * t.requestWithinMs);
      t.equal(given.size, t.session.content.fragments.length, {
        what: "the number of fragments that applications are given where one peer sends nothing",
      });
    },
  }),
  defineCase({
    id: "peer/r10/source-dies",
    title: "a peer goes on with others where one it fetches from dies",
    requirements: ["DS-8.9-a"],
    group: "behaviour",
    async run(t) {
      const dying = await t.stand({
        gives: (index, link) => {
          if (index > 0) link.close();
          return index > 0;
        },
      });
      const source = await t.stand({ role: "source-peer" });
      t.session.listed = [dying, source];
      const iut = await t.enter({ later: ["receive"] });
      await completes(t, iut, {}, " where one peer dies");
    },
  }),
  defineCase({
    id: "peer/r10/serves",
    title: "a fragment that a peer holds is sent to another that requests it, with what its source peer said of it",
    requirements: ["DS-8.9-b", "DS-7.2.1-01", "DS-6-06"],
    errata: ["E-DS-18"],
    group: "basic",
    async run(t) {
      const { iut } = await full(t);
      const other = await t.stand({ holds: [] });
      const link = await called(t, iut, other);
      const cite = { requirement: ["DS-8.9-b", "DS-7.2.1-01", "DS-6-06"] } as const;
      await t.setup("the product's buffermap", async () => {
        if (!(await tells(t, link, [2]))) t.inconclusive("the product does not say that it holds the fragment");
      });
      link.send({ type: "request", runs: [{ first: 2, count: 1 }] });
      const { octets, answer } = await fetched(t, link, 2);
      t.answers(answer, r10("fragment"), { ...cite, what: "the answer to a request for what the peer holds" });
      t.equal(sha256(octets).toString("hex"), t.session.content.digest(2), {
        ...cite,
        what: "the digest of the fragment sent",
        entry: answer.entry,
      });
      const said = link.of("descriptors").flatMap((one) => {
        const message = as(one, "descriptors");
        return message
          ? message.items.map((item, at) => ({
              index: message.first + at,
              digest: Buffer.from(item.digest).toString("hex"),
            }))
          : [];
      });
      t.equal(said.find(({ index }) => index === 2)?.digest, t.session.content.digest(2), {
        ...cite,
        what: "the digest in what came before of the source peer's words",
      });
    },
  }),
  defineCase({
    id: "peer/r10/serves-all",
    title: "a peer that has everything hands everything on, without its source",
    requirements: ["DS-7.2.1-01", "DS-8.9-b"],
    group: "behaviour",
    async run(t) {
      const { iut, source } = await full(t);
      await source.close();
      const other = await t.stand({ holds: [] });
      const link = await called(t, iut, other);
      const { fragments, indexes } = t.session.content;
      await t.setup("the product's buffermap", async () => {
        if (!(await tells(t, link, indexes))) t.inconclusive("the product does not say that it holds all");
      });
      link.send({ type: "request", runs: [{ first: 0, count: fragments.length }] });
      for (const index of indexes) {
        const { octets } = await fetched(t, link, index);
        t.equal(sha256(octets).toString("hex"), t.session.content.digest(index), {
          requirement: ["DS-7.2.1-01", "DS-8.9-b"],
          what: `the digest of fragment ${index}, as handed on`,
        });
      }
    },
  }),
  defineCase({
    id: "peer/r10/refuses-not-held",
    title: "a request for what a peer does not hold brings a refusal or nothing, and the link goes on",
    requirements: ["DS-8.9-b"],
    errata: ["E-DS-18"],
    group: "behaviour",
    async run(t) {
      const source = await t.stand({ role: "source-peer", holds: [0, 1] });
      t.session.listed = [source];
      const iut = await t.enter();
      const other = await t.stand({ holds: [] });
      const link = await called(t, iut, other);
      await t.setup("the product's buffermap", async () => {
        if (!(await tells(t, link, [0]))) t.inconclusive("the product does not say that it holds the fragment");
      });
      link.send({ type: "request", runs: [{ first: 5, count: 1 }] });
      const answer = await link.next(["refuse", "fragment"], { withinMs: 1_000 });
      t.answers(answer, r10("refuse", "silence"), { what: "the answer to a request for what the peer lacks" });
      link.send({ type: "request", runs: [{ first: 0, count: 1 }] });
      const after = await link.next("fragment", { withinMs: t.actsWithinMs });
      t.answers(after, r10("fragment"), { what: "the answer to the next request, for what it holds" });
    },
  }),
  defineCase({
    id: "peer/r10/tells-on",
    title: "what a peer has fetched it tells its other links",
    requirements: ["DS-6-06", "PAMP-8.2.4-08"],
    group: "behaviour",
    async run(t) {
      const holds = [0];
      const source = await t.stand({ role: "source-peer", holds });
      const other = await t.stand({ holds: [] });
      t.session.listed = [source];
      const iut = await t.enter();
      const from = await t.linked(source);
      const link = await called(t, iut, other);
      holds.push(1, 2);
      from.send({ type: "have", runs: [{ first: 1, count: 2 }] });
      t.that(await tells(t, link, [0, 1, 2]), "fragments 0, 1 and 2 in buffermap or have", "not all of them", {
        requirement: ["DS-6-06", "PAMP-8.2.4-08"],
        what: "what a peer tells another one of what it has by now",
      });
    },
  }),
  defineCase({
    id: "peer/r10/rarest-advised",
    title: "fragments that the OMS advises are requested before others",
    requirements: ["PAMP-8.2.4-09", "PAMP-8.2.5-11"],
    errata: ["E-PAMP-52"],
    group: "behaviour",
    async run(t) {
      // Full ones: what the index file says of a FILE's octets and fragments agrees.
      t.session.content.make(t.random, 56, 2048);
      t.session.advice = { fragment_list: { fragment: [41, 57] } };
      const source = await t.stand({ role: "source-peer", gives: () => true });
      t.session.listed = [source];
      await t.enter();
      await t.linked(source);
      const { answer } = await source.next("request", { withinMs: t.actsWithinMs });
      const cite = { requirement: ["PAMP-8.2.4-09", "PAMP-8.2.5-11"] } as const;
      t.answers(answer, r10("request"), { ...cite, what: "what a peer says to one that holds all" });
      const first = indexesIn(as(answer, "request")?.runs ?? []).slice(0, 2);
      t.equal(
        first.toSorted((a, b) => a - b),
        [41, 57],
        { ...cite, what: "the fragments requested first", entry: answer.entry },
      );
    },
  }),
  defineCase({
    id: "peer/r10/new-list",
    title: "peers of a new list are connected to",
    requirements: ["PAMP-8.2.3-08", "DS-7.2.4-02"],
    errata: ["E-PAMP-52"],
    group: "behaviour",
    async run(t) {
      const [source, helper] = [await t.stand({ role: "source-peer", holds: [0] }), await t.stand()];
      t.session.listed = [source];
      const { product } = await t.enter({ later: ["ask-for-peers"] });
      await t.linked(source);
      t.session.listed = [source, helper];
      const { how, reason } = await t.outcome(product.do("ask-for-peers"));
      if (how !== "asked") t.inconclusive(`the product cannot be made to ask for peers: ${reason}`);
      const came = await helper.until(() => helper.links.length > 0, t.actsWithinMs);
      t.that(came, "a connection", "none came", {
        requirement: ["PAMP-8.2.3-08", "DS-7.2.4-02"],
        what: "what a helper peer of a new list sees, where the peer lacks what it holds",
      });
    },
  }),
  defineCase({
    id: "peer/r10/live",
    title: "in live streaming fragments are fetched as they are made, and given in order",
    requirements: ["DS-8.9-a"],
    needs: ["streams"],
    group: "behaviour",
    async run(t) {
      const { content } = t.session;
      Object.assign(t.session, { type: "STREAM" });
      content.fragments.splice(0);
      content.last = undefined;
      const holds: number[] = [];
      const source = await t.stand({ role: "source-peer", holds });
      t.session.listed = [source];
      const iut = await t.enter({ later: ["receive"] });
      const link = await t.linked(source);
      await t.setup("the application", async () => {
        const { how, reason } = await iut.product.do("receive").over;
        if (how !== "asked") t.inconclusive(`what applications are given shows by an adapter only: ${reason}`);
      });
      for (let index = 0; index < 10; index++) {
        content.make(t.random, 1, 700, index === 9);
        holds.push(index);
        link.send(content.descriptors(index, 1));
        link.send({ type: "have", runs: [{ first: index, count: 1 }] });
        await t.sleep(100);
      }
      const seen = () => iut.product.events().filter(({ event }) => event === "fragment");
      const end = t.world.now() + t.actsWithinMs;
      while (seen().length < 10 && t.world.now() < end) await t.sleep(50);
      const order = seen().map(({ index }) => Number(index));
      t.equal(
        order,
        order.toSorted((a, b) => a - b),
        { what: "the order in which fragments are given" },
      );
      t.equal(
        seen().map(({ digest }) => digest),
        order.map((index) => content.digest(index)),
        { what: "the digests of the fragments given" },
      );
      // A late beginning is no fault: what was made before the peer was there has gone.
      t.that(order.length >= 7, "7 fragments of 10 or more", order, {
        what: "the fragments given of ten, made 100 ms apart",
      });
    },
  }),
  defineCase({
    id: "peer/r10/keep-alive",
    title: "a peer that has nothing to say shows that it lives, and keeps its link",
    requirements: ["DS-7.2.4-02"],
    group: "behaviour",
    async run(t) {
      const { source } = await full(t);
      const link = source.links.find(({ proven }) => proven) ?? t.inconclusive("no link");
      const since = t.transcript.now();
      // The suite's own end lives as well.
      const beats = [1, 2, 3].map((turn) =>
        t.world.timer((turn * t.silenceMs) / 4, () => link.send({ type: "keep-alive" })),
      );
      const answer = await link.next(["keep-alive", "have", "buffermap", "request"], {
        withinMs: t.silenceMs,
        where: ({ at }) => at > since,
      });
      for (const stop of beats) stop();
      t.that(!answer.closed, "a link that stays", answer.outcome, {
        what: `an idle link within the silence of ${t.silenceMs} ms`,
        entry: answer.entry,
      });
      if (answer.silent)
        t.warn(
          `an idle link is silent for ${t.silenceMs} ms, where this project's profile (${FORM}) has a keep-alive: others give it up`,
        );
    },
  }),
  defineCase({
    id: "peer/r10/bye",
    title: "a peer that leaves ends its links",
    requirements: ["DS-7.2.4-02"],
    group: "behaviour",
    async run(t) {
      const { iut, source } = await full(t, { later: ["leave"] });
      const link = source.links.find(({ proven }) => proven) ?? t.inconclusive("no link");
      const { how, reason } = await t.outcome(iut.product.do("leave"));
      if (how !== "asked") t.inconclusive(`the product cannot be made to leave: ${reason}`);
      t.that(await link.over(t.actsWithinMs), "the end of the link", "it is still there", {
        what: "the link of a peer that left",
        form: FORM,
      });
      if (link.of("bye").length === 0) t.warn("a peer leaves without a bye");
    },
  }),
];
