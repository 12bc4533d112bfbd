import type { RequirementId } from "../../generated/catalogue/requirements.js";
import type { HttpReply } from "../engine/http.js";
import { set, without } from "../engine/refuses.js";
import type { HomsTest } from "./case.js";
import { defineCase } from "./case.js";
import type { Json } from "./messages.js";
import { deletion, leaveOf, reportOf } from "./messages.js";
import type { Member, Overlay } from "./overlays.js";
import { accepted, joined, made, peersOf, refused, succeeds } from "./overlays.js";
import { refuses } from "./refusals.js";

const report = (t: HomsTest, body: Json): Promise<HttpReply> => t.http.post("/peer/report", { body });

/** HybridOverlayReport [6.2.6, 7.2.2]. */
export const reportCases = [
  defineCase({
    id: "homs/report/accepted",
    title: "a member's report is answered 200, with the overlay-id or with an empty body",
    requirements: ["HOMP-6.2.6-06", "HOMP-6.2.6-05", "HOMP-7.2.2-05"],
    errata: ["E-HOMP-23", "E-HOMP-25", "E-HOMP-43"],
    group: "basic",
    async run(t) {
      const overlay = await made(t);
      const [one, other] = [await joined(t, overlay), await joined(t, overlay)];
      const reply = await report(t, reportOf(t, overlay.id, one, [other.peerId]));
      succeeds(t, reply, { requirement: ["HOMP-6.2.6-06", "HOMP-7.2.2-05"], what: "the status of a valid report" });
      if (t.dialect.report === "nested") t.warn("PEER_STATUS is taken one level deeper only (E-HOMP-23)");
      const empty = reply.text.trim() === "" || reply.get("overlay") === undefined;
      t.that(
        empty || reply.get("overlay.overlay-id") === overlay.id,
        ["an empty body", `overlay with the overlay-id ${overlay.id}`],
        reply.outcome,
        { requirement: ["HOMP-6.2.6-05", "HOMP-7.2.2-05"], what: "the body of the answer", entry: reply.entry },
      );
    },
  }),
  defineCase({
    id: "homs/report/again",
    title: "a peer reports as often as its paths change",
    requirements: ["HOMP-6.2.6-06"],
    group: "behaviour",
    async run(t) {
      const overlay = await made(t);
      const [one, other] = [await joined(t, overlay), await joined(t, overlay)];
      const before = await peersOf(t, overlay);
      for (const primary of [[other.peerId], [], [other.peerId]]) {
        const reply = await report(t, reportOf(t, overlay.id, one, primary));
        t.answers(reply, accepted, { what: "the status of a valid report" });
      }
      t.equal(await peersOf(t, overlay), before, { what: "num_peers after the reports" });
    },
  }),
  defineCase({
    id: "homs/report/after-leave",
    title: "the report of a peer that left is refused",
    requirements: ["HOMP-6.2.6-06"],
    errata: ["E-HOMP-31"],
    group: "behaviour",
    async run(t) {
      const overlay = await made(t);
      await joined(t, overlay);
      const member = await joined(t, overlay);
      t.answers(await report(t, reportOf(t, overlay.id, member)), accepted, { what: "the report of a member" });
      const leave = await deletion(t, "/peer", leaveOf(overlay.id, member));
      if (!accepted.test(leave)) t.inconclusive(`a valid leave got ${leave.outcome}`);
      const reply = await t.http.post("/peer/report", { body: reportOf(t, overlay.id, member) });
      t.answers(reply, refused, { what: "the report of a peer that left" });
    },
  }),
  defineCase({
    id: "homs/report/wrong-password",
    title: "a report that shows a wrong password is better refused",
    requirements: ["HOMP-6.2.6-06"],
    errata: ["E-HOMP-24"],
    group: "behaviour",
    async run(t) {
      const overlay = await made(t);
      const member = await joined(t, overlay);
      const body = reportOf(t, overlay.id, member);
      const signed = (password: string) => ({ ...body, peer: { "peer-id": member.peerId, auth: { password } } });
      const right = await t.http.post("/peer/report", { body: signed(member.password), malformed: true });
      const wrong = await t.http.post("/peer/report", { body: signed(t.random.hex(24)), malformed: true });
      for (const [what, reply] of [
        ["the right", right],
        ["a wrong", wrong],
      ] as const) {
        t.that(reply.status < 500, ["any 2xx", "any 4xx"], reply.outcome, {
          what: `the status of a report with ${what} password`,
          entry: reply.entry,
        });
      }
      if (accepted.test(wrong)) t.warn("a report with a wrong password is let pass: anybody can forge it (E-HOMP-24)");
      if (!accepted.test(right)) t.warn("a report with the password of the join is refused (E-HOMP-24)");
    },
  }),
  ...refusals([
    { name: "without-overlay-id", requirement: "HOMP-6.2.6-03", delta: () => without("overlay.overlay-id") },
    { name: "without-peer-id", requirement: "HOMP-6.2.6-03", delta: () => without("peer.peer-id") },
    { name: "without-status", requirement: "HOMP-6.2.6-03", delta: () => without("status") },
    {
      name: "by-stranger",
      requirement: "HOMP-6.2.6-06",
      delta: (t) => set("peer.peer-id", t.unique("stranger")),
    },
    {
      name: "unknown-overlay",
      requirement: "HOMP-6.2.6-06",
      delta: (t) => set("overlay.overlay-id", t.unique("none")),
    },
  ]),
];

interface Row {
  readonly name: string;
  readonly requirement: RequirementId;
  readonly delta: (t: HomsTest) => <Message>(message: Message) => Message;
}

function refusals(rows: readonly Row[]) {
  return rows.map(({ name, requirement, delta }) => {
    const what = `a report ${name.replace("-", " ").replace("by s", "by a s").replace("unknown ", "for an unknown ")}`;
    return defineCase({
      id: `homs/report/${name}`,
      title: `${what} is refused`,
      requirements: [requirement],
      errata: ["E-HOMP-24", "E-HOMP-31"],
      group: "behaviour",
      async run(t) {
        const overlay: Overlay = await made(t);
        const member: Member = await joined(t, overlay);
        const before = await peersOf(t, overlay);
        await refuses(t, {
          what,
          valid: () => reportOf(t, overlay.id, member),
          send: (body, as) => t.http.post("/peer/report", { body, ...as }),
          delta: delta(t),
          unchanged: async () => t.equal(await peersOf(t, overlay), before, { what: "num_peers afterwards" }),
        });
      },
    });
  });
}
