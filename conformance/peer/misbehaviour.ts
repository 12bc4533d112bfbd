import type { R10Link } from "../engine/r10-link.js";
import type { R10Answer } from "../engine/r10-message.js";
import { describe } from "../engine/r10-message.js";
import type { Outcome } from "../engine/refuses.js";
import { set } from "../engine/refuses.js";
import { sessionKey } from "../streaming/session-key.js";
import type { Iut, PeerTest } from "./case.js";
import { defineCase } from "./case.js";
import { completes } from "./exchange.js";

/** What a peer does wrong that gives a fragment, in place of giving it. */
const wrongs: readonly {
  readonly name: string;
  readonly what: string;
  readonly gives: (t: PeerTest, index: number, link: R10Link) => void;
}[] = [
  {
    name: "corrupt",
    what: "sends other octets than were described",
    gives: (t, index, link) => {
      const octets = Buffer.from(t.session.content.fragments[index] ?? []);
      octets[7] = (octets[7] ?? 0) ^ 1;
      t.session.content.describeOn(link, index);
      link.send({ type: "fragment", index, offset: 0, size: octets.length, payload: octets });
    },
  },
  {
    name: "short",
    what: "sends fragments that are shorter than described",
    gives: (t, index, link) => {
      const octets = (t.session.content.fragments[index] ?? Buffer.alloc(0)).subarray(0, -1);
      t.session.content.describeOn(link, index);
      link.send({ type: "fragment", index, offset: 0, size: octets.length, payload: octets });
    },
  },
  {
    name: "oversized",
    what: "sends fragments that are larger than described",
    gives: (t, index, link) => {
      const octets = Buffer.concat([t.session.content.fragments[index] ?? Buffer.alloc(0), Buffer.alloc(100_000)]);
      t.session.content.describeOn(link, index);
      link.send({ type: "fragment", index, offset: 0, size: octets.length, payload: octets });
    },
  },
  {
    name: "forged-descriptors",
    what: "describes fragments of its own, signed by itself",
    gives: (t, index, link) => {
      const octets = Buffer.from(t.random.bytes(2048));
      const said = describe(t.session.overlay, t.newKey(), index, [octets], { time: t.clock(), last: undefined });
      link.send(said);
      link.send({ type: "fragment", index, offset: 0, size: octets.length, payload: octets });
    },
  },
  {
    name: "no-descriptors",
    what: "sends fragments that nobody described",
    gives: (t, index, link) => {
      const octets = t.random.bytes(2048);
      link.send({ type: "fragment", index, offset: 0, size: octets.length, payload: octets });
    },
  },
];

interface Caller {
  readonly overlay: string;
  readonly keyOverlay: string;
  readonly keyPeer: string;
  /** By which provider's key its session key is signed. */
  readonly provider: string;
  /** Whose key signs its proof. */
  readonly prover: string;
  readonly notAfter: number;
}

/** What came of a call: the product shook hands, or did not. */
interface Called extends Outcome {
  readonly admitted: boolean;
}

/** Calls the product as a peer that shows these; the handshake is all that is looked at. */
async function call(t: PeerTest, iut: Iut, caller: Caller): Promise<Called> {
  const peer = await t.stand({ mute: true });
  const signer = caller.provider === "the provider" ? t.session.provider : t.newKey();
  const key = sessionKey(
    {
      overlay: caller.keyOverlay,
      peer: caller.keyPeer === "the caller" ? peer.id : caller.keyPeer,
      publicKey: peer.key.publicKey,
      notAfter: caller.notAfter,
    },
    signer,
  );
  const hello = peer.hello({ overlayId: caller.overlay, sessionKey: key });
  const link = await peer.connect(iut.address, hello, caller.prover === "the caller" ? peer.key : t.newKey());
  await link.ready(t.actsWithinMs);
  // Who is let in hears what the product holds; the others hear a bye, or nothing.
  const answer: R10Answer = await link.next(["buffermap", "have", "request", "keep-alive"], { withinMs: 1_500 });
  const bye = link.of("bye")[0];
  const admitted = !answer.silent && !answer.closed;
  const outcome = admitted ? `the link is used: ${answer.outcome}` : (bye?.outcome ?? answer.outcome);
  link.close();
  return { admitted, outcome, entry: (bye ?? answer).entry };
}

/** What others do wrong, and what has to come of it: nothing [8.9; X.609.1 8.2.6]. */
export const misbehaviourCases = [
  ...wrongs.map(({ name, what, gives }) =>
    defineCase({
      id: `peer/wrong/${name}`,
      title: `where a peer ${what}, the fragments are had elsewhere, and applications are given nothing wrong`,
      requirements: ["DS-8.9-a"],
      group: "behaviour",
      async run(t) {
        const liar = await t.stand({
          gives: (index, link) => {
            gives(t, index, link);
            return true;
          },
        });
        const source = await t.stand({ role: "source-peer" });
        t.session.listed = [liar, source];
        const iut = await t.enter({ later: ["receive"], hostile: true });
        await completes(t, iut, {}, ` where a peer ${what}`);
      },
    }),
  ),
  defineCase({
    id: "peer/wrong/unrequested",
    title: "fragments that nobody requested, and those that come twice, do no harm",
    requirements: ["DS-8.9-a"],
    group: "behaviour",
    async run(t) {
      const { content } = t.session;
      const source = await t.stand({
        role: "source-peer",
        holds: content.indexes.slice(0, -1),
        gives: (index, link) => {
          content.give(link, index);
          content.give(link, index);
          return true;
        },
      });
      const last = await t.stand({ holds: content.indexes });
      t.session.listed = [source, last];
      const iut = await t.enter({ later: ["receive"], hostile: true });
      const link = await t.linked(source);
      content.give(link, content.fragments.length - 1);
      const stranger = Buffer.from(t.random.bytes(2048));
      link.send({ type: "fragment", index: 4_000_000, offset: 0, size: stranger.length, payload: stranger });
      await completes(t, iut, {}, " where one comes unrequested and each comes twice");
    },
  }),
  ...(
    [
      ["no-frame", "octets that are no frame", () => Buffer.from("GET / HTTP/1.1\r\n\r\n")],
      ["huge", "a frame of 4 GiB", () => Buffer.from("ffffffff0107", "hex")],
      ["version", "a frame of version 9", () => Buffer.from("00000002090a", "hex")],
      ["unknown-type", "a frame of a type that there is not", () => Buffer.from("0000000401c80000", "hex")],
      ["cut-short", "a request that says more runs than it has", () => Buffer.from("0000000401040005", "hex")],
    ] as const
  ).map(([name, what, octets]) =>
    defineCase({
      id: `peer/wrong/frame-${name}`,
      title: `${what} ends that link at most: other peers can connect, and fragments come as before`,
      requirements: ["DS-7.2.4-02", "DS-8.9-a"],
      group: "behaviour",
      async run(t) {
        const source = await t.stand({ role: "source-peer" });
        t.session.listed = [source];
        const iut = await t.enter({ later: ["receive"], hostile: true });
        await t.linked(source);
        await t.setup("a link of another peer", async () => {
          if (iut.address === "") t.inconclusive("the product tells no tcp address in its join");
          const wrong = await (await t.stand({ holds: [] })).connect(iut.address);
          if (!(await wrong.ready(t.actsWithinMs))) t.inconclusive("the product shakes no hands");
          wrong.sendOctets(octets(), what);
        });
        const after = await t.setup(
          "one more link",
          async () => await (await t.stand({ holds: [] })).connect(iut.address),
        );
        t.that(await after.ready(t.actsWithinMs), "a handshake", after.ended?.reason ?? "none came", {
          requirement: "DS-7.2.4-02",
          what: `the handshake of another peer after ${what}`,
        });
        const given = await t.given(iut, t.session.content.fragments.length);
        t.equal(given.size, t.session.content.fragments.length, {
          requirement: "DS-8.9-a",
          what: `the fragments given after ${what}`,
        });
      },
    }),
  ),
  ...(
    [
      ["overlay", "for another overlay network", set("overlay", "another-overlay"), "DS-7.2.4-02"],
      ["forged-proof", "with the proof of another key", set("prover", "somebody else"), "PAMP-8.2.6-08"],
      ["expired", "with a session key that has expired", set("notAfter", 1_000_000), "PAMP-8.2.6-08"],
      ["provider", "with a session key that somebody else signed", set("provider", "somebody else"), "PAMP-8.2.6-04"],
      [
        "key-overlay",
        "with a session key of another overlay network",
        set("keyOverlay", "another-overlay"),
        "PAMP-8.2.6-08",
      ],
      ["key-peer", "with the session key of another peer", set("keyPeer", "another-peer"), "PAMP-8.2.6-08"],
    ] as const
  ).map(([name, what, delta, requirement]) =>
    defineCase({
      id: `peer/admission/${name}`,
      title: `a peer that calls ${what} is not let in`,
      requirements: [requirement],
      errata: ["E-PAMP-51"],
      ...(requirement === "DS-7.2.4-02" ? {} : { needs: ["session-keys"] }),
      group: "behaviour",
      async run(t) {
        const source = await t.stand({ role: "source-peer" });
        t.session.listed = [source];
        const iut = await t.enter({ hostile: true });
        await t.linked(source);
        if (iut.address === "") t.inconclusive("the product tells no tcp address in its join");
        const notAfter = t.clock() + 3_600_000;
        await t.refuses<Caller, Called>({
          what: `a call ${what}`,
          valid: () => ({
            overlay: t.session.overlay,
            keyOverlay: t.session.overlay,
            keyPeer: "the caller",
            provider: "the provider",
            prover: "the caller",
            notAfter,
          }),
          send: (caller) => call(t, iut, caller),
          accepted: { expected: ["a link that is used"], test: ({ admitted }) => admitted },
          delta,
          permitted: { expected: ["a bye, the end of the connection, or silence"], test: ({ admitted }) => !admitted },
        });
      },
    }),
  ),
];
