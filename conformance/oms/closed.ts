import { status } from "../engine/http.js";
import { set, without } from "../engine/refuses.js";
import { accepted, asInProfile, memberOf, ready, refuses, succeeds } from "../streaming/answers.js";
import type { OmsTest } from "./case.js";
import { defineCase } from "./case.js";
import type { Json } from "./primitives.js";
import { create, creationOf, FORM, facts, idsIn, join, joinOf, member, overlay } from "./primitives.js";

/** Whoever is not let in: 403 by the profile, or that there is nothing to see. */
const shut = status(403, 401, 404);

/** Judges that one who was refused is in nobody's list. */
async function stayedOut(t: OmsTest, NID: string, insider: object, stranger: string, what: string): Promise<void> {
  const reply = ready(t, "a valid join", await join(t, NID, { ...joinOf(t), ...insider }));
  t.that(idsIn(reply)?.includes(stranger) === false, `a list without ${stranger}`, idsIn(reply), {
    what,
    entry: reply.entry,
  });
}

/** Sessions that not everybody may join [8.5 e), f)]. */
export const closedCases = [
  defineCase({
    id: "oms/closed/list",
    title: "where a list says who may join, who is on it gets in and another peer does not",
    requirements: ["DS-8.5-e"],
    errata: ["E-DS-29"],
    group: "behaviour",
    async run(t) {
      const [one, other] = [t.unique("listed"), t.unique("listed")];
      const made = await overlay(t, { closed: { peer_id: [one, other] } });
      // Each once: a member joins no second time.
      const names = [one, other];
      await refuses<Json>(t, {
        what: "a join by a peer that is not on the list",
        valid: () => joinOf(t, { peer_id: names.shift() }),
        send: (body, as) => join(t, made.id, body, { ...as, malformed: false }),
        delta: set("peer_id", t.unique("stranger")),
        permitted: shut,
      });
    },
  }),
  defineCase({
    id: "oms/closed/list-accepted",
    title: "a source peer can say by identifiers who may join",
    requirements: ["DS-8.5-e"],
    group: "capability",
    async run(t) {
      const reply = await create(t, creationOf(t, { closed: { peer_id: [t.unique("listed")] } }));
      succeeds(t, reply, { what: "the status of a creation with a list" });
      const NID = String(reply.get("overlay_network.overlay_network_id"));
      const shown = await facts(t, NID);
      if (!accepted.test(shown)) return;
      asInProfile(t, shown, { "/overlay_network/closed": true }, FORM);
      t.that(shown.get("overlay_network.closed") !== false, "not shown as open", false, {
        what: "whether the overlay network is shown as closed",
        entry: shown.entry,
        ...memberOf(FORM)("/overlay_network/closed"),
      });
    },
  }),
  defineCase({
    id: "oms/closed/list-any-password",
    title: "where a list alone says who may join, no password lets another peer in",
    requirements: ["DS-8.5-e"],
    errata: ["E-DS-29"],
    group: "behaviour",
    async run(t) {
      const listed = t.unique("listed");
      const made = await overlay(t, { closed: { peer_id: [listed] } });
      const stranger = t.unique("stranger");
      for (const password of ["password", t.random.hex(16)])
        t.answers(await join(t, made.id, joinOf(t, { peer_id: stranger, password })), shut, {
          what: "the status of a join by a peer that is not on the list, with a password",
        });
      await stayedOut(t, made.id, { peer_id: listed }, stranger, "the peers of the overlay network afterwards");
    },
  }),
  defineCase({
    id: "oms/closed/list-unseen",
    title: "a peer that was kept out stands in no list",
    requirements: ["DS-8.5-e"],
    group: "behaviour",
    async run(t) {
      const [listed, stranger] = [t.unique("listed"), t.unique("stranger")];
      const made = await overlay(t, { closed: { peer_id: [listed] } });
      t.answers(await join(t, made.id, joinOf(t, { peer_id: stranger })), shut, {
        what: "the status of a join by a peer that is not on the list",
      });
      await stayedOut(t, made.id, { peer_id: listed }, stranger, "the peers of the overlay network afterwards");
    },
  }),
  ...(
    [
      ["wrong", "another password", set("password", "another-one")],
      ["missing", "no password", without("password")],
      ["empty", "an empty password", set("password", "")],
      [
        "capitals",
        "the password in capitals",
        (body: Record<string, unknown>) => set("password", String(body.password).toUpperCase())(body),
      ],
      [
        "beginning",
        "the beginning of the password",
        (body: Record<string, unknown>) => set("password", String(body.password).slice(0, -1))(body),
      ],
    ] as const
  ).map(([name, what, delta]) =>
    defineCase({
      id: `oms/closed/password-${name}`,
      title: `where a password lets in, a peer with ${what} stays out`,
      requirements: ["DS-8.5-f"],
      errata: ["E-DS-29"],
      group: "behaviour",
      async run(t) {
        const password = `pW-${t.random.hex(16)}`;
        const made = await overlay(t, { closed: { password } });
        const stranger = joinOf(t, { password });
        const joins = [joinOf(t, { password }), stranger];
        await refuses<Json>(t, {
          what: `a join with ${what}`,
          valid: () => joins.shift() ?? joinOf(t, { password }),
          send: (body, as) => join(t, made.id, body, as),
          delta,
          permitted: name === "empty" ? status("4xx") : shut,
          unchanged: () =>
            stayedOut(
              t,
              made.id,
              { password },
              String(stranger.peer_id),
              "the peers of the overlay network afterwards",
            ),
        });
      },
    }),
  ),
  defineCase({
    id: "oms/closed/password-accepted",
    title: "any peer gets in by the password",
    requirements: ["DS-8.5-f"],
    group: "behaviour",
    async run(t) {
      const password = t.random.hex(16);
      const made = await overlay(t, { closed: { password } });
      for (const which of ["a peer", "another peer"]) {
        const reply = await join(t, made.id, joinOf(t, { password }));
        succeeds(t, reply, { what: `the status of a join by ${which} with the password` });
      }
    },
  }),
  defineCase({
    id: "oms/closed/both",
    title: "with a list and a password, who satisfies both gets in, and who satisfies one as it is declared",
    requirements: ["DS-8.5-e", "DS-8.5-f"],
    errata: ["E-DS-29"],
    group: "behaviour",
    async run(t) {
      const [listed, other, password] = [t.unique("listed"), t.unique("listed"), t.random.hex(16)];
      const made = await overlay(t, { closed: { peer_id: [listed, other], password } });
      const cite = { requirement: ["DS-8.5-e", "DS-8.5-f"] } as const;
      succeeds(t, await join(t, made.id, joinOf(t, { peer_id: listed, password })), {
        ...cite,
        what: "the status of a join by a listed peer with the password",
      });
      const reading = t.declared.reading("E-DS-29");
      const one =
        reading === "A"
          ? accepted
          : reading === "B"
            ? shut
            : {
                expected: [...accepted.expected, ...shut.expected],
                test: (reply: Parameters<typeof accepted.test>[0]) => accepted.test(reply) || shut.test(reply),
              };
      t.answers(await join(t, made.id, joinOf(t, { peer_id: other })), one, {
        ...cite,
        what: "the status of a join by a listed peer without the password",
      });
      t.answers(await join(t, made.id, joinOf(t, { password })), one, {
        ...cite,
        what: "the status of a join by another peer with the password",
      });
      t.answers(await join(t, made.id, joinOf(t)), shut, {
        ...cite,
        what: "the status of a join by another peer without it",
      });
      t.answers(await join(t, made.id, joinOf(t, { password: t.random.hex(16) })), shut, {
        ...cite,
        what: "the status of a join by another peer with another password",
      });
    },
  }),
  defineCase({
    id: "oms/closed/open",
    title: "where nothing is said of who may join, everybody may",
    requirements: ["DS-8.5-01"],
    group: "behaviour",
    async run(t) {
      const made = await overlay(t);
      succeeds(t, await join(t, made.id, joinOf(t)), { what: "the status of a join of an open overlay network" });
    },
  }),
  defineCase({
    id: "oms/closed/secret",
    title: "no answer tells the password of an overlay network",
    requirements: ["DS-8.5-f"],
    group: "behaviour",
    security: true,
    async run(t) {
      const password = t.random.hex(24);
      const made = await overlay(t, { closed: { password } });
      const one = await member(t, made.id, { password });
      const refused = await join(t, made.id, joinOf(t, { password: "another-one" }));
      for (const [what, reply] of [
        ["the answer to the creation", made.reply],
        ["the answer to a join", one.reply],
        ["a refusal", refused],
        ["what is public of the overlay network", await facts(t, made.id)],
      ] as const)
        t.that(!reply.text.includes(password), "no password", reply.outcome, { what, entry: reply.entry });
    },
  }),
];
