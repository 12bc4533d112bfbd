import { isSignedBy } from "../engine/ed25519.js";
import { is } from "../engine/matchers.js";
import { as, bufferMapOf, descriptorText, indexesIn, indexesOf, sha256 } from "../engine/r10-message.js";
import type { R10Peer } from "../engine/r10-peer.js";
import type { Created, SourcePeerTest } from "./case.js";
import { defineCase } from "./case.js";
import { FRAGMENT } from "./session.js";

/** Makes the product distribute so many fragments; their octets. */
async function appends(t: SourcePeerTest, { product }: Created, count: number): Promise<Buffer[]> {
  return await t.setup("fragments", async () => {
    const made: Buffer[] = [];
    for (let at = 0; at < count; at++) {
      const octets = Buffer.from(t.random.bytes(FRAGMENT));
      const { how, reason } = await t.outcome(product.do("append", { octets: octets.toString("base64") }));
      if (how !== "asked") t.inconclusive(`the product cannot be made to distribute: ${reason}`);
      made.push(octets);
    }
    // Whether a fragment is the last one of a FILE is known once there are no more.
    const { how, reason } = await t.outcome(product.do("end"));
    if (how !== "asked") t.inconclusive(`the product cannot be made to end what it distributes: ${reason}`);
    return made;
  });
}

/** Numbers that a peer was told of. */
const offered = (peer: R10Peer): number[] => [
  ...new Set([
    ...peer.of("buffermap").flatMap((one) => {
      const map = as(one, "buffermap");
      return map ? indexesOf(map) : [];
    }),
    ...peer.of("have").flatMap((one) => indexesIn(as(one, "have")?.runs ?? [])),
  ]),
];

/** Fetches everything that is offered; octets by number. */
async function fetches(t: SourcePeerTest, peer: R10Peer, count: number): Promise<ReadonlyMap<number, Buffer>> {
  const [link] = peer.links;
  await peer.until(() => offered(peer).length >= count, t.actsWithinMs);
  const indexes = offered(peer).toSorted((a, b) => a - b);
  link?.send({ type: "request", runs: indexes.map((first) => ({ first, count: 1 })) });
  const parts = (): Map<number, Buffer[]> => {
    const found = new Map<number, Buffer[]>();
    for (const one of peer.of("fragment")) {
      const fragment = as(one, "fragment");
      if (fragment) found.set(fragment.index, [...(found.get(fragment.index) ?? []), Buffer.from(fragment.payload)]);
    }
    return found;
  };
  await peer.until(() => parts().size >= indexes.length && indexes.length > 0, t.actsWithinMs);
  return new Map([...parts()].map(([index, octets]) => [index, Buffer.concat(octets)]));
}

/** What a source peer distributes [6, 7.1.2, 7.2.1]. */
export const fragmentCases = [
  defineCase({
    id: "source-peer/fragments/served",
    title: "peers get the fragments that a source peer makes, on request",
    requirements: ["DS-6-05"],
    group: "basic",
    async run(t) {
      const created = await t.create({ later: ["append", "end"] });
      const peer = await t.attend(created);
      const made = await appends(t, created, 4);
      const got = await fetches(t, peer, made.length);
      t.equal(
        [...got].toSorted(([a], [b]) => a - b).map(([, octets]) => sha256(octets).toString("hex")),
        made.map((octets) => sha256(octets).toString("hex")),
        { what: "the digests of the fragments that a peer gets" },
      );
    },
  }),
  defineCase({
    id: "source-peer/fragments/numbered",
    title: "fragments have numbers of their own that grow in the order of the data",
    requirements: ["DS-7.1.2-02"],
    errata: ["E-X-05"],
    group: "behaviour",
    async run(t) {
      const created = await t.create({ later: ["append", "end"] });
      const peer = await t.attend(created);
      const made = await appends(t, created, 5);
      const got = await fetches(t, peer, made.length);
      const order = made.map((octets) => [...got].find(([, one]) => one.equals(octets))?.[0]);
      t.match(order, is.listOf(is.integer), { what: "the numbers of the fragments, in the order of the data" });
      const numbers = order.map(Number);
      t.that(
        numbers.every((one, at) => at === 0 || one > (numbers[at - 1] ?? 0)),
        "growing numbers",
        numbers,
        { what: "the order of the numbers" },
      );
    },
  }),
  defineCase({
    id: "source-peer/fragments/described",
    title: "what a source peer says of its fragments is signed by the key in its index file",
    requirements: ["DS-6-05"],
    group: "behaviour",
    async run(t) {
      const created = await t.create({ later: ["append", "end"] });
      const file = await t.registered(created);
      const peer = await t.attend(created);
      const made = await appends(t, created, 3);
      await fetches(t, peer, made.length);
      const said = peer.of("descriptors");
      t.that(said.length > 0, "descriptors", "none came", { what: "what comes with the fragments" });
      for (const one of said) {
        const message = as(one, "descriptors");
        if (!message) continue;
        const key = String(file.get("index_file.source_public_key"));
        t.equal(isSignedBy(key, descriptorText(t.session.overlay, message), message.signature), true, {
          what: "whether the descriptors are signed by the key in the index file",
          entry: one.entry,
        });
      }
    },
  }),
  defineCase({
    id: "source-peer/fragments/virtual-peers",
    title: "a virtual peer of a cache server gets the same fragments as a peer",
    requirements: ["DS-7.1.2-03"],
    errata: ["E-DS-30"],
    group: "behaviour",
    async run(t) {
      const created = await t.create({ later: ["append", "end"] });
      const peers = [await t.attend(created), await t.attend(created, "virtual-peer")];
      const made = await appends(t, created, 3);
      for (const [what, peer] of [
        ["a peer", peers[0]],
        ["a virtual peer", peers[1]],
      ] as const) {
        const got = peer ? await fetches(t, peer, made.length) : new Map<number, Buffer>();
        t.equal(
          [...got].toSorted(([a], [b]) => a - b).map(([, octets]) => sha256(octets).toString("hex")),
          made.map((octets) => sha256(octets).toString("hex")),
          { what: `the digests of the fragments that ${what} gets` },
        );
      }
    },
  }),
  defineCase({
    id: "source-peer/fragments/never-requests",
    title: "a source peer requests no fragments of its own session, whatever others offer",
    requirements: ["DS-7.2.1-02"],
    errata: ["E-DS-28"],
    group: "behaviour",
    async run(t) {
      const created = await t.create({ later: ["append", "end"] });
      const peer = await t.attend(created);
      const [link] = peer.links;
      link?.send(bufferMapOf([0, 1, 2, 3, 40, 41]));
      await appends(t, created, 1);
      link?.send({ type: "have", runs: [{ first: 50, count: 5 }] });
      await t.sleep(1_500);
      t.equal(peer.of("request").length, 0, {
        what: "the number of requests of a source peer that is offered fragments",
      });
    },
  }),
];
