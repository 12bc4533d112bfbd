import type { HomsTest } from "./case.js";
import { defineCase } from "./case.js";
import type { Json } from "./messages.js";
import { joinOf, newPeer, refreshOf } from "./messages.js";
import type { Member, Overlay } from "./overlays.js";
import { accepted, joined, made, peersOf, refused, ticketOf } from "./overlays.js";

const rejoin = (t: HomsTest, overlay: Overlay, member: Member, more: Json) =>
  t.http.post("/peer", { body: joinOf(overlay, member, more), malformed: true });

/** ticket-id as a STRING, as Table 6-17 has it, whatever type it was issued in. */
const shownTicket = (member: Member): Json => {
  const ticket = ticketOf(member.reply);
  return ticket === undefined ? {} : { "ticket-id": String(ticket) };
};

/** Joins of peers that are in: recovery and tickets [6.2.5]. Where tickets come from is open (E-HOMP-07). */
export const ticketCases = [
  defineCase({
    id: "homs/tickets/recovery",
    title: "a member that recovers its place is a member once, and still one",
    requirements: ["HOMP-6.2.5-06", "HOMP-6.2.5-07", "HOMP-6.1.4-01"],
    errata: ["E-HOMP-07", "E-HOMP-08", "E-HOMP-09", "E-HOMP-32"],
    group: "behaviour",
    async run(t) {
      const optional = ["HOMP-6.2.5-06", "HOMP-6.2.5-07"] as const;
      const overlay = await made(t);
      await joined(t, overlay);
      const member = await joined(t, overlay);
      const before = await peersOf(t, overlay);
      const reply = await rejoin(t, overlay, member, { recovery: true, ...shownTicket(member) });
      // Strict under the declared reading only, and where no ticket was issued: then its absence may not be blamed.
      const strict = t.declared.reading("E-HOMP-07") === "A" || ticketOf(member.reply) === undefined;
      if (strict) t.answers(reply, accepted, { requirement: optional, what: "the status of a recovery" });
      else {
        t.that(reply.status < 500, ["any 2xx", "any 4xx"], reply.outcome, {
          requirement: optional,
          what: "the status of a recovery",
          entry: reply.entry,
        });
        if (!accepted.test(reply)) t.warn("a recovery by the ticket of the join answer is refused (E-HOMP-07)");
      }
      t.equal(await peersOf(t, overlay), before, { requirement: "HOMP-6.1.4-01", what: "num_peers afterwards" });
      const refresh = await t.http.put("/peer", { body: refreshOf(overlay.id, member) });
      t.answers(refresh, accepted, { requirement: "HOMP-6.1.4-01", what: "the member's refresh afterwards" });
    },
  }),
  defineCase({
    id: "homs/tickets/issued",
    title: "the join answer hands out a ticket-id, another one to each peer",
    requirements: ["HOMP-6.2.5-07"],
    errata: ["E-HOMP-07"],
    needs: (declared) => declared.reading("E-HOMP-07") === "A",
    group: "capability",
    async run(t) {
      const overlay = await made(t);
      const tickets = [await joined(t, overlay), await joined(t, overlay)].map(({ reply }) => ticketOf(reply));
      t.that(!tickets.includes(undefined), "a ticket-id in each answer", tickets, { what: "the tickets" });
      t.that(tickets[0] !== tickets[1], "two different tickets", tickets, { what: "the tickets" });
    },
  }),
  ...(
    [
      ["without-ticket", "without ticket-id", () => ({})],
      ["wrong-ticket", "with the ticket-id of another peer", shownTicket],
    ] as const
  ).map(([name, what, ticketFrom]) =>
    defineCase({
      id: `homs/tickets/recovery-${name}`,
      title: `a recovery ${what} is refused by a product that issues tickets`,
      requirements: ["HOMP-6.2.5-07"],
      errata: ["E-HOMP-07"],
      needs: (declared) => declared.reading("E-HOMP-07") === "A",
      group: "behaviour",
      async run(t) {
        const overlay = await made(t);
        const other = await joined(t, overlay);
        const member = await joined(t, overlay);
        const right = await rejoin(t, overlay, member, { recovery: true, ...shownTicket(member) });
        if (!accepted.test(right)) t.inconclusive(`a recovery with the right ticket-id got ${right.outcome}`);
        const before = await peersOf(t, overlay);
        const reply = await rejoin(t, overlay, member, { recovery: true, ...ticketFrom(other) });
        t.answers(reply, refused, { what: `the status of a recovery ${what}` });
        t.equal(await peersOf(t, overlay), before, { what: "num_peers afterwards" });
      },
    }),
  ),
  defineCase({
    id: "homs/tickets/other-password",
    title: "a join that names a member but not its password does not push it out",
    requirements: ["HOMP-6.1.4-01"],
    errata: ["E-HOMP-32", "E-HOMP-38"],
    group: "behaviour",
    async run(t) {
      const overlay = await made(t);
      const member = await joined(t, overlay);
      const before = await peersOf(t, overlay);
      const impostor = newPeer(t, member.peerId);
      const reply = await t.http.post("/peer", { body: joinOf(overlay, impostor), malformed: true });
      t.that(reply.status < 500, ["any 2xx", "any 4xx"], reply.outcome, {
        what: "the status of a second join by another password",
        entry: reply.entry,
      });
      t.equal(await peersOf(t, overlay), before, { what: "num_peers afterwards" });
      const refresh = await t.http.put("/peer", { body: refreshOf(overlay.id, member) });
      if (!accepted.test(refresh)) t.warn("another password took over the membership (E-HOMP-38)");
    },
  }),
  defineCase({
    id: "homs/tickets/refresh-with-ticket",
    title: "a refresh that shows its ticket-id is as good as one without",
    requirements: ["HOMP-6.2.7-05"],
    errata: ["E-HOMP-08"],
    group: "behaviour",
    async run(t) {
      const overlay = await made(t);
      const member = await joined(t, overlay);
      const reply = await t.http.put("/peer", {
        body: refreshOf(overlay.id, member, shownTicket(member)),
        malformed: true,
      });
      t.that(reply.status < 500, ["any 2xx", "any 4xx"], reply.outcome, {
        what: "a refresh with a ticket-id",
        entry: reply.entry,
      });
      if (!accepted.test(reply)) t.warn("a refresh with the ticket-id of the join answer is refused (E-HOMP-08)");
    },
  }),
];
