import { is } from "../engine/matchers.js";
import { set, without } from "../engine/refuses.js";
import {
  accepted,
  asInProfile,
  formOnly,
  lived,
  memberOf,
  notThere,
  ready,
  refuses,
  succeeds,
} from "../streaming/answers.js";
import { readSessionKey } from "../streaming/session-key.js";
import type { OmsTest } from "./case.js";
import { defineCase } from "./case.js";
import type { Json, Member } from "./primitives.js";
import {
  askForPeers,
  FORM,
  idsIn,
  join,
  joinOf,
  leave,
  listIn,
  member,
  newAddress,
  newKey,
  overlay,
  remove,
  stay,
} from "./primitives.js";

/** The members that a list names, in order of their names. */
async function seenBy(t: OmsTest, asker: Member, request = {}): Promise<readonly string[] | undefined> {
  const reply = ready(t, "a request for a list", await askForPeers(t, asker, request));
  return idsIn(reply)?.toSorted();
}

const PEERS = 5;
const at = memberOf(FORM);

/** Who is in an overlay network, and who is told [7.2.4, 8.5]. */
export const memberCases = [
  defineCase({
    id: "oms/join/accepted",
    title: "a peer that joins becomes a member and gets a list of peers",
    requirements: ["DS-8.5-01"],
    errata: ["E-DS-08"],
    group: "basic",
    async run(t) {
      const made = await overlay(t);
      const reply = await join(t, made.id, joinOf(t));
      succeeds(t, reply, { what: "the status of a join" });
      t.match(reply.get("membership.peer_list"), is.array, {
        what: "the list that a new member is given",
        entry: reply.entry,
        ...at("/membership/peer_list"),
      });
      asInProfile(t, reply, { "/membership/peer_token": is.nonEmptyString, "/membership/expires": is.positive }, FORM);
    },
  }),
  defineCase({
    id: "oms/join/list",
    title: "a newcomer's list has the source peer and those who joined before, with their addresses",
    requirements: ["DS-8.5-01", "DS-7.2.4-01"],
    errata: ["E-DS-08"],
    group: "behaviour",
    async run(t) {
      const made = await overlay(t);
      const one = await member(t, made.id, { addresses: [newAddress(t), newAddress(t)] });
      const reply = await join(t, made.id, joinOf(t, { max_peer_num: 10 }));
      succeeds(t, reply, { requirement: "DS-8.5-01", what: "the status of a join" });
      for (const { what, id, addresses } of [
        { what: "the source peer", id: made.sourcePeer, addresses: made.sourceAddresses },
        { what: "the peer that joined before", id: one.id, addresses: one.addresses },
      ]) {
        const found = listIn(reply)?.find(({ peer_id }) => peer_id === id);
        t.that(found !== undefined, `a list with ${id}`, idsIn(reply), {
          requirement: "DS-8.5-01",
          what: `${what} in the list of a newcomer`,
          entry: reply.entry,
        });
        t.equal(found?.addresses, addresses, {
          requirement: "DS-7.2.4-01",
          what: `the addresses of ${what} in the list`,
          entry: reply.entry,
        });
      }
    },
  }),
  defineCase({
    id: "oms/list/members-only",
    title: "a list names members of the overlay network asked about, and all of them in a small one",
    requirements: ["DS-8.5-01", "DS-7.2.4-01"],
    group: "behaviour",
    async run(t) {
      const [made, elsewhere] = [await overlay(t), await overlay(t)];
      const members: Member[] = [];
      for (let count = 0; count < PEERS; count++) members.push(await member(t, made.id));
      await member(t, elsewhere.id);
      const [asker] = members as [Member];
      const others = [made.sourcePeer, ...members.slice(1).map(({ id }) => id)].toSorted();
      const seen = (await seenBy(t, asker, { max_peer_num: 50 }))?.filter((id) => id !== asker.id);
      t.equal(seen, others, {
        requirement: ["DS-8.5-01", "DS-7.2.4-01"],
        what: "the peers in a list of up to 50",
      });
    },
  }),
  defineCase({
    id: "oms/list/later",
    title: "a member that asks again is told of those who joined after it",
    requirements: ["DS-8.5-01"],
    group: "behaviour",
    async run(t) {
      const made = await overlay(t);
      const one = await member(t, made.id);
      const other = await member(t, made.id);
      const reply = await askForPeers(t, one, { max_peer_num: 10 });
      succeeds(t, reply, { what: "the status of a request for a list" });
      t.that(idsIn(reply)?.includes(other.id) === true, `a list with ${other.id}`, idsIn(reply), {
        what: "who joined afterwards, in the list of a member",
        entry: reply.entry,
      });
    },
  }),
  defineCase({
    id: "oms/list/itself",
    title: "a list names the peer that asks for it to nobody's use",
    requirements: ["DS-8.5-01"],
    group: "behaviour",
    async run(t) {
      const made = await overlay(t);
      const one = await member(t, made.id);
      const reply = await askForPeers(t, one, { max_peer_num: 10 });
      succeeds(t, reply, { what: "the status of a request for a list" });
      if (idsIn(reply)?.includes(one.id)) t.warn("a peer's list has the peer itself");
    },
  }),
  ...[0, 1, 3].map((most) =>
    defineCase({
      id: `oms/list/at-most-${most}`,
      title: `a list of ${most} peers at most has no more`,
      requirements: ["DS-8.5-01"],
      group: "behaviour",
      async run(t) {
        const made = await overlay(t);
        const one = await member(t, made.id);
        for (let count = 1; count < PEERS; count++) await member(t, made.id);
        const reply = await askForPeers(t, one, { max_peer_num: most });
        succeeds(t, reply, { what: "the status of a request for a list" });
        const count = listIn(reply)?.length;
        t.that(count !== undefined && count <= most, `a list of ${most} peers at most`, count ?? reply.outcome, {
          what: `the length of a list of at most ${most}`,
          entry: reply.entry,
        });
      },
    }),
  ),
  defineCase({
    id: "oms/list/part",
    title: "in a large overlay network a list covers part of the peers only",
    requirements: ["PAMP-8.2.4-10"],
    needs: ["partial-lists"],
    group: "behaviour",
    budgetMs: 60_000,
    async run(t) {
      const made = await overlay(t);
      const members: Member[] = [];
      for (let count = 0; count < t.declared.value("large-overlay"); count++) members.push(await member(t, made.id));
      const [asker] = members as [Member];
      const reply = await askForPeers(t, asker);
      succeeds(t, reply, { what: "the status of a request for a list" });
      const count = listIn(reply)?.length ?? Number.NaN;
      t.that(count < members.length, `fewer than ${members.length} peers`, count, {
        what: `the length of a list of ${members.length + 1} peers, where nothing is asked for`,
        entry: reply.entry,
      });
    },
  }),
  defineCase({
    id: "oms/list/only-members-ask",
    title: "who is no member gets no list",
    requirements: ["DS-8.5-01"],
    errata: ["E-DS-36"],
    group: "behaviour",
    security: true,
    async run(t) {
      const [made, elsewhere] = [await overlay(t), await overlay(t)];
      const one = await member(t, made.id);
      const stranger = await member(t, elsewhere.id);
      t.answers(await askForPeers(t, { ...one, token: stranger.token }), notThere, {
        what: "the status of a request for a list by a member of another overlay network",
      });
    },
  }),
  defineCase({
    id: "oms/list/privacy",
    title: "a list tells of other peers neither token nor user nor credential",
    requirements: ["DS-8.5-01"],
    group: "behaviour",
    security: true,
    async run(t) {
      const made = await overlay(t);
      const secrets = { user_id: t.unique("user"), user_credential: t.random.hex(24) };
      const one = await member(t, made.id, secrets);
      const other = await member(t, made.id);
      const reply = ready(t, "a request for a list", await askForPeers(t, other, { max_peer_num: 10 }));
      for (const [name, word] of [
        ...Object.entries(secrets),
        ["peer_token", one.token],
        ["owner_token", made.token],
      ] as const) {
        for (const [what, { text, outcome, entry }] of [
          ["a list", reply],
          ["the answer to a join", other.reply],
        ] as const)
          t.that(!text.includes(word), `no ${name} of another`, outcome, { what, entry });
      }
    },
  }),
  defineCase({
    id: "oms/members/addresses",
    title: "a member that moved is listed with its new addresses",
    requirements: ["DS-7.2.4-01"],
    group: "behaviour",
    async run(t) {
      const made = await overlay(t);
      const [one, other] = [await member(t, made.id), await member(t, made.id)];
      const addresses = [newAddress(t)];
      const kept = await stay(t, one, { addresses });
      succeeds(t, kept, { what: "the status of a member's sign of life with new addresses" });
      asInProfile(t, kept, { "/expires": is.positive }, FORM);
      const reply = ready(t, "a request for a list", await askForPeers(t, other, { max_peer_num: 10 }));
      t.equal(listIn(reply)?.find(({ peer_id }) => peer_id === one.id)?.addresses, addresses, {
        what: "the addresses in the list afterwards",
        entry: reply.entry,
      });
    },
  }),
  defineCase({
    id: "oms/leave/unlisted",
    title: "a peer that left is in no list, and those who stayed are",
    requirements: ["DS-8.5-01", "DS-7.2.4-01"],
    errata: ["E-DS-08", "E-DS-37"],
    group: "behaviour",
    async run(t) {
      const made = await overlay(t);
      const [one, other, third] = [await member(t, made.id), await member(t, made.id), await member(t, made.id)];
      const cite = { requirement: ["DS-8.5-01", "DS-7.2.4-01"] } as const;
      succeeds(t, await leave(t, one, one.token), { ...cite, what: "the status of a leave" });
      const seen = await seenBy(t, other, { max_peer_num: 10 });
      t.equal(
        seen?.filter((id) => id !== other.id),
        [made.sourcePeer, third.id].toSorted(),
        {
          ...cite,
          what: "the peers in a list afterwards",
        },
      );
      const newcomer = ready(t, "a join", await join(t, made.id, joinOf(t)));
      t.that(idsIn(newcomer)?.includes(one.id) === false, `a list without ${one.id}`, idsIn(newcomer), {
        ...cite,
        what: "the list of a newcomer afterwards",
        entry: newcomer.entry,
      });
    },
  }),
  defineCase({
    id: "oms/leave/again",
    title: "a peer that left can join again",
    requirements: ["DS-8.5-01"],
    group: "behaviour",
    async run(t) {
      const made = await overlay(t);
      const one = await member(t, made.id);
      await t.setup("its leave", async () => void ready(t, "a leave", await leave(t, one, one.token)));
      succeeds(t, await join(t, made.id, joinOf(t, { peer_id: one.id })), {
        what: "the status of a join by a peer that left before",
      });
    },
  }),
  defineCase({
    id: "oms/leave/stranger",
    title: "nobody makes another peer leave",
    requirements: ["DS-8.5-01"],
    errata: ["E-DS-36"],
    group: "behaviour",
    security: true,
    async run(t) {
      const made = await overlay(t);
      const [one, other] = [await member(t, made.id), await member(t, made.id)];
      t.answers(await leave(t, one, other.token), notThere, { what: "the status of a leave with another's token" });
      t.answers(await leave(t, one, ""), notThere, { what: "the status of a leave without token" });
      const seen = await seenBy(t, other, { max_peer_num: 10 });
      t.that(seen?.includes(one.id) === true, `a list with ${one.id}`, seen, { what: "the members afterwards" });
    },
  }),
  defineCase({
    id: "oms/join/taken",
    title: "who joins by the identifier of a member does not take its place",
    requirements: ["DS-7.2.4-01"],
    errata: ["E-DS-36"],
    group: "behaviour",
    security: true,
    async run(t) {
      const made = await overlay(t);
      const [one, other] = [await member(t, made.id), await member(t, made.id)];
      const again = await join(t, made.id, joinOf(t, { peer_id: one.id }));
      t.answers(again, lived, { what: "the status of a join by the identifier of a member" });
      const reply = ready(t, "a request for a list", await askForPeers(t, other, { max_peer_num: 10 }));
      t.equal(listIn(reply)?.find(({ peer_id }) => peer_id === one.id)?.addresses, one.addresses, {
        what: "the addresses of the member afterwards",
        entry: reply.entry,
      });
    },
  }),
  defineCase({
    id: "oms/join/unknown-overlay",
    title: "an overlay network that is not there cannot be joined",
    requirements: ["DS-8.5-01"],
    group: "behaviour",
    async run(t) {
      const made = await overlay(t);
      await refuses(t, {
        what: "a join of an overlay network that is not there",
        valid: () => ({ overlay: made.id, body: joinOf(t) }),
        send: ({ overlay: NID, body }, as) => join(t, NID, body, as),
        delta: set("overlay", t.unique("no-overlay")),
        permitted: notThere,
      });
    },
  }),
  ...(
    [
      ["peer-id-missing", "without identifier", without("peer_id")],
      ["peer-id-number", "with a number as identifier", set("peer_id", 7)],
      ["addresses-text", "with addresses that are no list", set("addresses", "tcp://192.0.2.1:1")],
      ["role", "as source peer", set("role", "source-peer")],
      ["public-key", "with a key that is none", set("public_key", "short")],
    ] as const
  ).map(([name, what, delta]) =>
    defineCase({
      id: `oms/join/${name}`,
      title: `a join ${what} is refused, or let pass where the profile is not held to`,
      requirements: ["DS-8.5-01"],
      group: "behaviour",
      async run(t) {
        const made = await overlay(t);
        await refuses<Json>(t, {
          what: `a join ${what}`,
          valid: () => joinOf(t),
          send: (body, as) => join(t, made.id, body, as),
          delta,
          tolerated: formOnly(`a join ${what}`, FORM),
        });
      },
    }),
  ),
  defineCase({
    id: "oms/join/session-key",
    title: "a peer that gives its key gets a session key for it, signed by the service provider, whose key comes along",
    requirements: ["PAMP-8.2.6-03", "PAMP-8.2.6-04"],
    errata: ["E-PAMP-51"],
    needs: ["session-keys"],
    group: "behaviour",
    async run(t) {
      const made = await overlay(t);
      const { publicKey } = newKey(t);
      const body = joinOf(t, { public_key: publicKey });
      const reply = await join(t, made.id, body);
      succeeds(t, reply, { requirement: "PAMP-8.2.6-03", what: "the status of a join with a key" });
      t.match(
        reply.json,
        {
          membership: {
            session_key: is.nonEmptyString,
            provider_public_key: /^[A-Za-z0-9_-]{43}$/,
            peer_list: is.array,
          },
        },
        { requirement: "PAMP-8.2.6-03", what: "list, public key and session key", entry: reply.entry },
      );
      const provider = String(reply.get("membership.provider_public_key"));
      const read = readSessionKey(String(reply.get("membership.session_key")), provider);
      t.that(read?.genuine === true, "a session key that the provider's key verifies", read ?? reply.outcome, {
        requirement: "PAMP-8.2.6-04",
        what: "the signature of the session key",
        entry: reply.entry,
      });
      t.match(
        read?.statement,
        { overlay: made.id, peer: body.peer_id as string, publicKey, notAfter: is.positive },
        { requirement: "PAMP-8.2.6-04", what: "what the session key says", entry: reply.entry },
      );
    },
  }),
  defineCase({
    id: "oms/removal/gone",
    title: "an overlay network that its source peer removed is gone, with its members; another stays",
    requirements: ["DS-7.2.4-01"],
    errata: ["E-DS-08"],
    group: "behaviour",
    async run(t) {
      const [made, other] = [await overlay(t), await overlay(t)];
      const [one, elsewhere] = [await member(t, made.id), await member(t, other.id)];
      succeeds(t, await remove(t, made.id, made.token), { what: "the status of a removal" });
      t.answers(await join(t, made.id, joinOf(t)), notThere, { what: "the status of a join afterwards" });
      t.answers(await askForPeers(t, one), notThere, { what: "the status of a member's request for a list" });
      t.answers(await askForPeers(t, elsewhere), accepted, { what: "the status of a request in another one" });
    },
  }),
  defineCase({
    id: "oms/removal/stranger",
    title: "nobody but its source peer removes an overlay network",
    requirements: ["DS-7.2.4-01"],
    errata: ["E-DS-36"],
    group: "behaviour",
    security: true,
    async run(t) {
      const [made, other] = [await overlay(t), await overlay(t)];
      const one = await member(t, made.id);
      const permitted = t.declared.reading("E-DS-36") === "A" ? notThere : lived;
      for (const [whose, token] of [
        ["another source peer", other.token],
        ["a member", one.token],
        ["nobody", ""],
      ] as const)
        t.answers(await remove(t, made.id, token), permitted, { what: `the status of a removal by ${whose}` });
      if (t.declared.reading("E-DS-36") === "A")
        t.answers(await join(t, made.id, joinOf(t)), accepted, { what: "the status of a join afterwards" });
    },
  }),
];
