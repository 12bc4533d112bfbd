import { encodeFrame } from "../engine/r2-frame.js";
import { encodeMessage, message, R2, type R2Answer } from "../engine/r2-message.js";
import { budget, defineCase, type Iut, type Path, type PeerTest } from "./case.js";
import { broadcast, datum, QUIET_MS, relays, saying, times } from "./flows.js";
import { data, hello, primary } from "./messages.js";

const requirement = ["HP2P-8.2-05", "HP2P-7.2.2-01"] as const;

/** Frames that no peer of the profile would send. */
const malformed: Readonly<
  Record<string, { readonly title: string; octets(t: PeerTest, peer: Path["peer"]): Uint8Array }>
> = {
  "header-cut": {
    title: "a header whose length says less than there is",
    octets: (t) => encodeFrame(t.profile, { "req-code": 8 }, undefined, { length: 9 }),
  },
  "header-none": { title: "a header of no octets", octets: (t) => encodeFrame(t.profile, "") },
  "not-json": { title: "a header that is no JSON", octets: (t) => encodeFrame(t.profile, "HEARTBEAT please") },
  "not-utf8": {
    title: "a header that is no UTF-8",
    octets: (t) => encodeFrame(t.profile, new Uint8Array([0x7b, 0xff, 0xfe, 0x7d])),
  },
  "not-an-object": { title: "a header that is a list", octets: (t) => encodeFrame(t.profile, "[8]") },
  null: { title: "a header that is null", octets: (t) => encodeFrame(t.profile, "null") },
  "no-code": { title: "a header without a code", octets: (t) => encodeFrame(t.profile, {}) },
  "odd-code": { title: "a code that is an object", octets: (t) => encodeFrame(t.profile, keyed(t, { code: 8 })) },
  "unknown-code": { title: "a code that nobody knows", octets: (t) => encodeFrame(t.profile, keyed(t, 4242)) },
  "no-parameters": { title: "HELLO without parameters", octets: (t) => encodeFrame(t.profile, keyed(t, R2.hello)) },
  "wrong-types": {
    title: "HELLO whose members are of other types",
    octets: (t) =>
      encodeMessage(t.profile, {
        code: R2.hello,
        params: { operation: [], peer: { "peer-id": 7, address: null, "ticket-id": "high" } },
      }),
  },
  "odd-address": {
    title: "HELLO with an address that is none",
    octets: (t, peer) =>
      encodeMessage(t.profile, {
        code: R2.hello,
        params: {
          operation: { "overlay-id": t.hon.overlayId, conn_num: 3, ttl: 3 },
          peer: { "peer-id": peer.id, address: "tcp://[::1", "ticket-id": 999 },
        },
      }),
  },
  nested: {
    title: "a header of 30,000 brackets",
    octets: (t) => encodeFrame(t.profile, `{"req-code":8,"req-params":${"[".repeat(15_000)}${"]".repeat(15_000)}}`),
  },
  "length-negative": {
    title: "a payload of a negative length",
    octets: (t) => encodeFrame(t.profile, sized(t, -5)),
  },
  "length-endless": {
    title: "a payload of 9,007,199,254,740,991 octets",
    octets: (t) => encodeFrame(t.profile, sized(t, Number.MAX_SAFE_INTEGER)),
  },
  "length-text": {
    title: "a payload whose length is text",
    octets: (t) => encodeFrame(t.profile, sized(t, "many")),
  },
  http: { title: "an HTTP request", octets: () => Buffer.from("GET / HTTP/1.1\r\nhost: peer\r\n\r\n") },
};

/** A header with a code, as the profile spells that. */
function keyed(t: PeerTest, code: unknown) {
  return t.profile === "p23" ? { "req-code": code } : { ReqCode: code };
}

function sized(t: PeerTest, length: unknown) {
  const params = {
    operation: { ack: false },
    peer: { "peer-id": "x", sequence: 1 },
    payload: { length },
    "ext-header-len": 2,
  };
  return t.profile === "p23" ? { "req-code": 6, "req-params": params } : { ReqCode: 6, ReqParams: params };
}

const last = (text: string) => (one: R2Answer) =>
  Buffer.from(one.payload.subarray(0, text.length)).equals(Buffer.from(text));

/** The other paths are as they were, and newcomers get their offer. */
async function unharmed(t: PeerTest, one: Path, other: Path, sequence: number): Promise<void> {
  for (const { link } of [one, other])
    t.that(link.ended === undefined, "still up", link.ended?.reason ?? "", {
      requirement,
      what: "the paths of others",
    });
  await relays(t, one, other, { requirement, what: "data of one path on the other, afterwards" }, sequence);
}

/** Whoever misbehaves may lose its own path: then another takes its place. */
async function goesOn(t: PeerTest, iut: Iut, offender: Path, other: Path): Promise<void> {
  t.that(other.link.ended === undefined, "still up", other.link.ended?.reason ?? "", {
    requirement,
    what: "the path of the other",
  });
  const instead = async (): Promise<Path> => {
    const peer = await t.peer(720);
    return { peer, link: await t.adopted(iut, peer) };
  };
  const one = offender.link.ended === undefined ? offender : await instead();
  await relays(t, one, other, { requirement, what: "data on the path of the other, afterwards" });
}

export const robustnessCases = [
  ...Object.entries(malformed).map(([name, { title, octets }]) =>
    defineCase({
      id: `hybrid-peer/malformed/${name}`,
      title: `${title} harms neither the peer nor its paths to others`,
      requirements: requirement,
      group: "behaviour",
      async run(t) {
        const { iut, children } = await t.root(2);
        const [one, other] = children;
        if (!one || !other) return;
        await t.setup("the valid twin", async () => {
          const link = await one.peer.connect(iut.address, "(valid)");
          link.send(hello(t.hon.overlayId, one.peer));
          const answer = await link.next(R2.helloAccepted, { withinMs: t.times.answer });
          if (answer.silent) t.inconclusive(answer.outcome);
          await relays(t, one, other, { requirement, what: "data before" });
        });
        const stranger = await t.peer(700);
        const fresh = await stranger.connect(iut.address, "(wrong)");
        fresh.sendOctets(octets(t, stranger), title);
        await t.sleep(300);
        await unharmed(t, one, other, 2);
        // The same from one that has a path: it may lose that, the others may not.
        const third = await t.peer(710);
        const path = await t.adopted(iut, third).catch(() => undefined);
        if (path) {
          path.sendOctets(octets(t, third), title);
          await t.sleep(300);
        }
        await unharmed(t, one, other, 3);
      },
    }),
  ),
  defineCase({
    id: "hybrid-peer/order/primary-first",
    title: "PRIMARY on a connection without HELLO or ESTAB harms nothing",
    requirements: requirement,
    group: "behaviour",
    async run(t) {
      const { iut, children } = await t.root(2);
      const [one, other] = children;
      if (!one || !other) return;
      const stranger = await t.peer(700);
      const link = await stranger.connect(iut.address);
      link.send(primary(t.profile));
      await t.sleep(500);
      await unharmed(t, one, other, 1);
    },
  }),
  defineCase({
    id: "hybrid-peer/order/answers-unasked",
    title: "answers that nobody has asked for cost no other its path",
    requirements: requirement,
    group: "behaviour",
    async run(t) {
      const { iut, children } = await t.root(2);
      const [one, other] = children;
      if (!one || !other) return;
      const bare = [R2.helloAccepted, R2.estabAccepted, R2.candidateAccepted, R2.dataAccepted, R2.heartbeatAnswer];
      for (const code of bare) one.link.send({ code });
      one.link.send({ code: R2.probeAnswer, params: { operation: { "ntp-time": "2026-01-02 03:04:05.678" } } });
      await t.sleep(500);
      await goesOn(t, iut, one, other);
    },
  }),
  defineCase({
    id: "hybrid-peer/order/data-from-strangers",
    title: "data from one that has no path with the peer go to nobody",
    requirements: ["HP2P-7.2.3.3-02"],
    security: true,
    group: "behaviour",
    async run(t) {
      const { iut, children } = await t.root(1);
      const [one] = children;
      if (!one) return;
      const stranger = await t.peer(700);
      const link = await stranger.connect(iut.address);
      const injected = datum(t, `${stranger.id}-app`, 1);
      broadcast(link, injected);
      await t.sleep(QUIET_MS);
      t.equal(times(one.link, injected.text), 0, { what: "how often data of a stranger leave" });
    },
  }),
  defineCase({
    id: "hybrid-peer/order/twice",
    title: "PRIMARY once more on the same path leaves one path of it",
    requirements: requirement,
    group: "behaviour",
    async run(t) {
      const { children } = await t.root(2);
      const [one, other] = children;
      if (!one || !other) return;
      one.link.send(primary(t.profile));
      await t.sleep(500);
      if (one.link.ended !== undefined) {
        t.that(other.link.ended === undefined, "still up", other.link.ended?.reason ?? "", {
          requirement,
          what: "the path of the other",
        });
        return;
      }
      const sent = datum(t, `${other.peer.id}-app`, 1);
      broadcast(other.link, sent);
      const came = await one.link.next(R2.data, { withinMs: t.times.answer, where: saying(sent.text) });
      t.that(!came.silent, `${sent.text} over ${one.link.name}`, came.outcome, {
        requirement,
        what: "data on a path that was asked for twice",
        entry: came.entry,
      });
      await t.sleep(QUIET_MS);
      t.equal(times(one.link, sent.text), 1, { requirement, what: "how often one datum leaves on it" });
    },
  }),
  defineCase({
    id: "hybrid-peer/flood/requests",
    title: "5,000 requests at once over one path harm no other path",
    requirements: requirement,
    group: "behaviour",
    budgetMs: budget({ acts: 4 }),
    async run(t) {
      const { iut, children } = await t.root(2);
      const [one, other] = children;
      if (!one || !other) return;
      const beat = encodeMessage(t.profile, { code: R2.heartbeat });
      one.link.mute = true;
      one.link.sendOctets(Buffer.concat(Array.from({ length: 5_000 }, () => beat)), "5,000 HEARTBEATs");
      await t.sleep(1_000);
      one.link.mute = false;
      await goesOn(t, iut, one, other);
    },
  }),
  defineCase({
    id: "hybrid-peer/flood/connections",
    title:
      "100 connections that say nothing keep no newcomer out for longer than they are waited for, and harm no path",
    requirements: requirement,
    group: "behaviour",
    budgetMs: budget({ acts: 4, entries: 2 }),
    async run(t) {
      const { iut, children } = await t.root(2);
      const [one, other] = children;
      if (!one || !other) return;
      const crowd = await t.peer(700);
      for (let index = 0; index < 100; index++) await crowd.connect(iut.address, `(${index})`).catch(() => undefined);
      await unharmed(t, one, other, 1);
      const newcomer = await t.peer(800);
      const end = t.world.now() + t.times.entry;
      let said = false;
      while (!said && t.world.now() < end) {
        const link = await newcomer.connect(iut.address, "(call)").catch(() => undefined);
        link?.send(hello(t.hon.overlayId, newcomer));
        said = link !== undefined && !(await link.next(R2.helloAccepted, { withinMs: 1_000 })).silent;
      }
      t.that(said, "1202 to a newcomer", "nothing", {
        requirement,
        what: "the answer to HELLO while 100 others say nothing",
      });
    },
  }),
  defineCase({
    id: "hybrid-peer/flood/slow-reader",
    title: "a child that reads no more holds up nobody else",
    requirements: ["HP2P-8.2-05"],
    group: "behaviour",
    budgetMs: budget({ acts: 4, entries: 2 }),
    async run(t) {
      const { children } = await t.root(3);
      const [one, other, slow] = children;
      if (!one || !other || !slow) return;
      slow.link.pause();
      // More than sockets hold for one that does not read; never more at once than the others have taken.
      for (let round = 1; round <= 40; round++) {
        for (let part = 1; part <= 10; part++) {
          const payload = Buffer.alloc(40_000, `${round}.${part} `);
          one.link.send(data(`${one.peer.id}-bulk`, 10 * round + part - 10, payload));
        }
        const came = await other.link.next(R2.data, { withinMs: t.times.answer, where: last(`${round}.10 `) });
        t.that(!came.silent, "all of it, in good time", came.outcome, {
          what: `${round * 400} kB on the path of one that reads`,
        });
      }
      await relays(t, one, other, { what: "what comes behind all that" });
    },
  }),
  defineCase({
    id: "hybrid-peer/stream/drips",
    title: "a frame that comes octet by octet is taken as one, and two that come at once as two",
    requirements: ["HP2P-7.2-02"],
    profile: true,
    group: "behaviour",
    async run(t) {
      const iut = await t.enter();
      const younger = await t.peer(200);
      const link = await younger.connect(iut.address);
      const octets = encodeMessage(t.profile, hello(t.hon.overlayId, younger));
      for (let at = 0; at < octets.length; at += 16) {
        link.sendOctets(octets.subarray(at, at + 16), `octets ${at} …`);
        await t.sleep(2);
      }
      t.answers(await link.next(R2.helloAccepted, { withinMs: t.times.answer }), message(R2.helloAccepted), {
        what: "the answer to a HELLO in pieces",
      });
      const path = t.need((await younger.next(R2.estab, { withinMs: t.times.answer })).link, "ESTAB");
      const two = [{ code: R2.estabAccepted }, primary(t.profile), { code: R2.heartbeat }];
      path.sendOctets(Buffer.concat(two.map((one) => encodeMessage(t.profile, one))), "three frames in one");
      const answer = await path.next(R2.primaryAccepted, { withinMs: t.times.answer });
      t.answers(answer, message(R2.primaryAccepted), { what: "the answer to the second of three frames" });
      t.answers(await path.next(R2.heartbeatAnswer, { withinMs: t.times.answer }), message(R2.heartbeatAnswer), {
        what: "the answer to the third",
      });
    },
  }),
];
