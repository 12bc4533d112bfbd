import type { HttpReply, HttpSendOptions } from "../engine/http.js";
import { is, isObject } from "../engine/matchers.js";
import { set, without } from "../engine/refuses.js";
import { formOnly, memberOf, refuses, succeeds } from "../streaming/answers.js";
import type { UnisTest } from "./case.js";
import { defineCase } from "./case.js";

const FORM = "spec/unis";
const at = memberOf(FORM);
const LIST = "/distances/peer";

type Json = Record<string, unknown>;
type Sending = Omit<HttpSendOptions, "body">;

interface Located {
  readonly peer_id: string;
  readonly address: string;
}

export function ask(t: UnisTest, query: Json, as: Sending = {}): Promise<HttpReply> {
  return t.http.post("/unis/distances", { body: { distance_query: query }, ...as });
}

export const located = (t: UnisTest, address: string): Located => ({ peer_id: t.unique("peer"), address });

/** Addresses of networks for documentation, which nobody has a table of. */
const strangers = ["192.0.2.1", "198.51.100.2", "203.0.113.3:9000", "tcp://192.0.2.4:9000", "[2001:db8::5]:9000"];

/** The peers of an answer, nearest first; undefined where it has no list. */
function orderIn(reply: HttpReply): readonly string[] | undefined {
  const list = reply.get("distances.peer");
  return Array.isArray(list) && list.every((one) => isObject(one) && typeof one.peer_id === "string")
    ? list.map(({ peer_id }) => peer_id as string)
    : undefined;
}

/** The valid question of the cases on what is none. */
export const questionOf = (t: UnisTest): Json => ({
  peer: located(t, "192.0.2.10:9000"),
  peers: strangers.map((address) => located(t, address)),
});

/** What a declared list of addresses comes to in an answer. */
async function orderSeen(t: UnisTest, [from = "", ...others]: readonly string[], more: Json = {}) {
  const peers = others.map((address) => located(t, address));
  const shuffled = [...peers].sort(
    (a, b) => (t.random.integer(0, 1) === 0 ? -1 : 1) * a.peer_id.localeCompare(b.peer_id),
  );
  const reply = await ask(t, { peer: located(t, from), peers: shuffled, ...more });
  const addresses = orderIn(reply)?.map((id) => peers.find(({ peer_id }) => peer_id === id)?.address);
  return { reply, addresses };
}

const declares =
  (name: "nearest-first" | "from-elsewhere" | "preference") => (declared: { value(name: never): unknown }) =>
    (declared.value(name as never) as readonly string[]).length > 1 || `nothing is declared as ${name}`;

/** The order of peers by the network below [7.2.6, 8.3, 8.4]. */
export const distanceCases = [
  defineCase({
    id: "unis/distances/accepted",
    title: "a list of peers comes back with distances: those that were asked for, each once at most",
    requirements: ["DS-7.2.6-01", "DS-7.2.6-02"],
    errata: ["E-DS-31"],
    group: "basic",
    async run(t) {
      const question = questionOf(t);
      const asked = (question.peers as Located[]).map(({ peer_id }) => peer_id);
      const reply = await ask(t, question);
      const cite = { requirement: ["DS-7.2.6-01", "DS-7.2.6-02"] } as const;
      succeeds(t, reply, { ...cite, what: "the status of a question for distances" });
      const order = orderIn(reply);
      t.that(
        order !== undefined && new Set(order).size === order.length && order.every((id) => asked.includes(id)),
        "peers that were asked for, each once at most",
        order ?? reply.outcome,
        { ...cite, what: "the peers in the answer", entry: reply.entry, ...at(LIST) },
      );
    },
  }),
  defineCase({
    id: "unis/distances/ordered",
    title: "the nearest peer comes first, and each has a class",
    requirements: ["DS-8.3-02"],
    errata: ["E-DS-31"],
    group: "behaviour",
    async run(t) {
      const peers = ["203.0.113.3", "192.0.2.200", "192.0.2.10", "198.51.100.2"].map((address) => located(t, address));
      const reply = await ask(t, { peer: located(t, "192.0.2.10"), peers });
      succeeds(t, reply, { what: "the status of a question for distances" });
      const list = (reply.get("distances.peer") ?? []) as readonly Json[];
      t.match(list, is.listOf({ peer_id: is.string, distance: is.number, class: is.nonEmptyString }), {
        what: "distance and class of each peer",
        entry: reply.entry,
        ...at(LIST),
      });
      const distances = list.map(({ distance }) => Number(distance));
      t.equal(
        distances,
        distances.toSorted((a, b) => a - b),
        {
          what: "the distances in the order of the answer",
          entry: reply.entry,
        },
      );
    },
  }),
  defineCase({
    id: "unis/distances/by-policy",
    title: "peers of networks that the UNIS knows come in the declared order, in whatever order they were asked for",
    requirements: ["DS-8.3-02", "DS-7.2.6-02"],
    errata: ["E-DS-31"],
    needs: declares("nearest-first"),
    group: "behaviour",
    async run(t) {
      const network = t.declared.value("nearest-first") as readonly string[];
      for (let count = 0; count < 3; count++) {
        const { reply, addresses } = await orderSeen(t, network);
        succeeds(t, reply, { requirement: "DS-8.3-02", what: "the status of a question for distances" });
        t.equal(addresses, network.slice(1), {
          requirement: ["DS-8.3-02", "DS-7.2.6-02"],
          what: `the order of peers as seen from ${network[0]}`,
          entry: reply.entry,
        });
      }
    },
  }),
  defineCase({
    id: "unis/distances/by-asker",
    title: "the order is that of the peer that the list is for",
    requirements: ["DS-8.3-a"],
    needs: declares("from-elsewhere"),
    group: "behaviour",
    async run(t) {
      for (const name of ["nearest-first", "from-elsewhere"] as const) {
        const network = t.declared.value(name) as readonly string[];
        const { reply, addresses } = await orderSeen(t, network);
        t.equal(addresses, network.slice(1), {
          what: `the order of peers as seen from ${network[0]}`,
          entry: reply.entry,
        });
      }
    },
  }),
  defineCase({
    id: "unis/distances/interval",
    title: "with the distances comes the time after which to ask again",
    requirements: ["DS-8.3-d", "DS-8.4-d"],
    errata: ["E-DS-16"],
    group: "behaviour",
    async run(t) {
      const reply = await ask(t, questionOf(t));
      succeeds(t, reply, { requirement: ["DS-8.3-d", "DS-8.4-d"], what: "the status of a question for distances" });
      const interval = reply.get("distances.update_request_interval");
      if (interval === undefined) t.warn("no update request interval is given", ["DS-8.3-d", "DS-8.4-d"]);
      else
        t.match(
          interval,
          is.where("a number of seconds, zero or more", (one) => typeof one === "number" && one >= 0),
          {
            requirement: ["DS-8.3-d", "DS-8.4-d"],
            what: "the update request interval",
            entry: reply.entry,
            ...at("/distances/update_request_interval"),
          },
        );
    },
  }),
  defineCase({
    id: "unis/preferences/taken",
    title: "a peer may say what it prefers; words that the UNIS does not know do no harm",
    requirements: ["DS-8.4-c"],
    errata: ["E-DS-16"],
    group: "behaviour",
    async run(t) {
      for (const prefer of [["same-as"], ["same-prefix", "low-rtt"], ["by-moonlight", "same-as"], []]) {
        const reply = await ask(t, { ...questionOf(t), preferences: { prefer } });
        succeeds(t, reply, { what: `the status of a question with the preferences ${prefer.join(", ") || "none"}` });
      }
    },
  }),
  defineCase({
    id: "unis/preferences/weighed",
    title: "a preference changes the order as declared",
    requirements: ["DS-8.4-c"],
    errata: ["E-DS-16"],
    needs: declares("preference"),
    group: "behaviour",
    async run(t) {
      const [word = "", ...order] = t.declared.value("preference") as readonly string[];
      const network = t.declared.value("nearest-first") as readonly string[];
      const { reply, addresses } = await orderSeen(t, network, { preferences: { prefer: [word] } });
      t.equal(addresses, order, { what: `the order of peers by the preference ${word}`, entry: reply.entry });
    },
  }),
  defineCase({
    id: "unis/preferences/at-most",
    title: "an answer of two peers at most has no more, and they are the nearest",
    requirements: ["DS-8.4-c"],
    errata: ["E-DS-16"],
    group: "behaviour",
    async run(t) {
      const question = questionOf(t);
      const all = orderIn(await ask(t, question));
      const reply = await ask(t, { ...question, preferences: { max: 2 } });
      succeeds(t, reply, { what: "the status of a question for two peers at most" });
      t.equal(orderIn(reply), all?.slice(0, 2), { what: "the peers in the answer", entry: reply.entry });
    },
  }),
  defineCase({
    id: "unis/distances/none",
    title: "of no peers there are no distances",
    requirements: ["DS-7.2.6-01"],
    group: "behaviour",
    async run(t) {
      const reply = await ask(t, { peer: located(t, "192.0.2.10"), peers: [] });
      succeeds(t, reply, { what: "the status of a question about no peers" });
      t.equal(orderIn(reply), [], { what: "the peers in the answer", entry: reply.entry });
    },
  }),
  defineCase({
    id: "unis/distances/many",
    title: "a thousand peers are ordered in one answer",
    requirements: ["DS-7.2.6-01"],
    group: "behaviour",
    async run(t) {
      const peers = Array.from({ length: 1000 }, (_, at) => located(t, `203.0.${at >> 8}.${at & 255}:9000`));
      const few = await ask(t, { peer: located(t, "192.0.2.10"), peers: peers.slice(0, 10) });
      const reply = await ask(t, { peer: located(t, "192.0.2.10"), peers });
      succeeds(t, reply, { what: "the status of a question about a thousand peers" });
      const named = new Set(orderIn(reply)).size;
      // Whom a UNIS knows nothing of may be left out.
      if (orderIn(few)?.length === 10)
        t.equal(named, peers.length, { what: "the number of peers in the answer", entry: reply.entry, ...at(LIST) });
      else t.warn(`of 10 peers of networks that nobody has declared ${orderIn(few)?.length ?? 0} are named`);
    },
  }),
  defineCase({
    id: "unis/distances/names",
    title: "a peer whose address is a name is left out, or put where nothing is known",
    requirements: ["DS-7.2.6-01"],
    group: "behaviour",
    async run(t) {
      const [named, plain] = [located(t, "peer.example:9000"), located(t, "192.0.2.10")];
      const reply = await ask(t, { peer: located(t, "192.0.2.10"), peers: [named, plain] });
      succeeds(t, reply, { what: "the status of a question with a name" });
      const order = orderIn(reply);
      t.oneOf(order, [[plain.peer_id], [plain.peer_id, named.peer_id]], {
        what: "the peers in the answer: one at the same address, one at a name",
        entry: reply.entry,
      });
    },
  }),
  ...(
    [
      ["peer-missing", "without the peer that asks", without("peer")],
      ["peers-missing", "without peers", without("peers")],
      ["peers-object", "with peers that are no list", set("peers", {})],
      ["address-number", "with a number as address", set("peer.address", 7)],
      ["max-zero", "for no peers at most", set("preferences", { max: 0 })],
    ] as const
  ).map(([name, what, delta]) =>
    defineCase({
      id: `unis/distances/${name}`,
      title: `a question ${what} is refused, or let pass where the profile is not held to`,
      requirements: ["DS-7.2.6-01"],
      group: "behaviour",
      run: (t) =>
        refuses<Json>(t, {
          what: `a question ${what}`,
          valid: () => questionOf(t),
          send: (question, as) => ask(t, question, as),
          delta,
          tolerated: formOnly(`a question ${what}`, FORM),
        }),
    }),
  ),
];
