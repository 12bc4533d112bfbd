import type { RequirementId } from "../../generated/catalogue/requirements.js";
import { status } from "../engine/http.js";
import { is } from "../engine/matchers.js";
import { set, without } from "../engine/refuses.js";
import { memberOf, refuses, succeeds } from "../streaming/answers.js";
import { moment } from "../streaming/clock.js";
import type { UmsTest } from "./case.js";
import { defineCase } from "./case.js";
import type { Json, User } from "./primitives.js";
import { ask, channel, FORM, grant, granted, requestOf, user, withdraw } from "./primitives.js";

const at = memberOf(FORM);
const SECOND = 1000;
const DAY = 86_400 * SECOND;

/** A refusal says that there is no access, too. */
const denied = status(401, 403, 404);

/** Judges the result of one question. */
async function judges(
  t: UmsTest,
  request: Json,
  expected: boolean,
  what: string,
  requirement: RequirementId = "DS-8.7-a",
) {
  const reply = await ask(t, request);
  if (!expected && denied.test(reply)) {
    t.warn(`a question about ${what} is answered ${reply.status}, where the profile has a result`, requirement);
    return reply;
  }
  succeeds(t, reply, { requirement, what: `the status of a question about ${what}` });
  t.equal(granted(reply), expected, {
    requirement,
    what: `whether access is granted to ${what}`,
    entry: reply.entry,
    ...at("/access_rights/granted"),
  });
  return reply;
}

/** Rights of users to sessions [8.7]. */
export const accessCases = [
  defineCase({
    id: "ums/access/granted",
    title: "a user who may take part in a session is told from one who may not",
    requirements: ["DS-8.7-a"],
    errata: ["E-DS-27"],
    group: "basic",
    async run(t) {
      const [entitled, other] = [await user(t), await user(t)];
      const { overlay } = await channel(t, [{ user_id: entitled.id }]);
      await judges(t, requestOf(entitled, overlay), true, "a user of the channel");
      await judges(t, requestOf(other, overlay), false, "a user who is not on it");
    },
  }),
  defineCase({
    id: "ums/access/each-session",
    title: "a right to one session is none to another",
    requirements: ["DS-8.7-a"],
    group: "behaviour",
    async run(t) {
      const [one, other] = [await user(t), await user(t)];
      const first = await channel(t, [{ user_id: one.id }]);
      const second = await channel(t, [{ user_id: other.id }]);
      await judges(t, requestOf(one, first.overlay), true, "a user of the first session");
      await judges(t, requestOf(one, second.overlay), false, "the same user in the second one");
      await judges(t, requestOf(other, second.overlay), true, "a user of the second session");
      await judges(t, requestOf(other, first.overlay), false, "the same user in the first one");
    },
  }),
  defineCase({
    id: "ums/access/named",
    title: "a session is known by its overlay network, its title and the name of its channel",
    requirements: ["DS-8.7-a"],
    errata: ["E-DS-23"],
    group: "behaviour",
    async run(t) {
      const who = await user(t);
      const { id, title, overlay } = await channel(t, [{ user_id: who.id }]);
      for (const [what, name] of [
        ["its overlay network", overlay],
        ["its title", title],
        ["its channel", id],
      ] as const)
        await judges(t, requestOf(who, name), true, `a session named by ${what}`);
    },
  }),
  ...(
    [
      ["credential", "shows another credential", (more: string) => ({ user_credential: more.repeat(8) })],
      [
        "credential-alike",
        "shows a credential that is another in its last character only",
        (_: string, { credential }: User) => ({
          user_credential: credential.slice(0, -1) + (credential.endsWith("0") ? "1" : "0"),
        }),
      ],
      ["user-unknown", "is not known", (more: string) => ({ user_id: more })],
      ["session-unknown", "asks for a session that there is not", (more: string) => ({ session_id: more })],
      ["peer", "comes by a peer of somebody else", (more: string) => ({ peer_id: more })],
    ] as const
  ).map(([name, what, change]) =>
    defineCase({
      id: `ums/access/${name}`,
      title: `a user who ${what} is granted nothing`,
      requirements: ["DS-8.7-a"],
      group: "behaviour",
      async run(t) {
        const who = await user(t);
        const { overlay } = await channel(t, [{ user_id: who.id }]);
        await t.setup("the valid question", async () => {
          if (granted(await ask(t, requestOf(who, overlay))) !== true) t.inconclusive("it is not granted either");
        });
        const reply = await ask(t, requestOf(who, overlay, change(t.unique("other"), who)));
        // The profile has a result; a refusal says the same.
        t.answers(reply, status("2xx", 401, 403, 404), { what: `the status of a question about a user who ${what}` });
        if (reply.status < 300)
          t.equal(granted(reply), false, {
            what: `whether access is granted to a user who ${what}`,
            entry: reply.entry,
            ...at("/access_rights/granted"),
          });
      },
    }),
  ),
  defineCase({
    id: "ums/access/withdrawn",
    title: "what is given later holds at once, and what is taken away too",
    requirements: ["DS-8.7-a"],
    group: "behaviour",
    async run(t) {
      const who = await user(t);
      const made = await channel(t, []);
      await judges(t, requestOf(who, made.overlay), false, "a user before a grant");
      await grant(t, made, who);
      await judges(t, requestOf(who, made.overlay), true, "a user after a grant");
      await withdraw(t, made, who);
      await judges(t, requestOf(who, made.overlay), false, "a user whose grant was taken back");
    },
  }),
  defineCase({
    id: "ums/access/validity",
    title: "a result says from when and until when it holds",
    requirements: ["DS-8.7-b"],
    group: "behaviour",
    async run(t) {
      const who = await user(t);
      const { overlay } = await channel(t, [{ user_id: who.id }]);
      const reply = await ask(t, requestOf(who, overlay));
      succeeds(t, reply, { what: "the status of a question" });
      const [from, until] = ["valid_from", "valid_until"].map((one) =>
        Date.parse(String(reply.get(`access_rights.${one}`))),
      );
      t.match(
        { from, until },
        { from: is.number, until: is.where("later than valid_from", (one) => Number(one) > Number(from)) },
        { what: "the validity period of the result", entry: reply.entry, ...at("/access_rights") },
      );
      t.that(Number(until) > t.clock() - SECOND, "a period that is not over yet", moment(Number(until) || 0), {
        what: "the end of the validity period",
        entry: reply.entry,
        ...at("/access_rights/valid_until"),
      });
    },
  }),
  defineCase({
    id: "ums/access/ends-with-the-grant",
    title: "a result does not hold longer than the user's access does",
    requirements: ["DS-8.7-b"],
    group: "behaviour",
    async run(t) {
      const who = await user(t);
      const end = t.clock() + 60 * SECOND;
      const { overlay } = await channel(t, [{ user_id: who.id, valid_until: moment(end) }]);
      const reply = await ask(t, requestOf(who, overlay));
      succeeds(t, reply, { what: "the status of a question" });
      const until = Date.parse(String(reply.get("access_rights.valid_until")));
      t.that(until <= end + SECOND, `${moment(end)} or earlier`, reply.get("access_rights.valid_until"), {
        what: "the end of the validity period of access that ends in a minute",
        entry: reply.entry,
      });
    },
  }),
  ...(
    [
      [
        "over",
        "whose access is over",
        (now: number) => ({ valid_from: moment(now - 2 * DAY), valid_until: moment(now - DAY) }),
      ],
      [
        "not-yet",
        "whose access begins tomorrow",
        (now: number) => ({ valid_from: moment(now + DAY), valid_until: moment(now + 2 * DAY) }),
      ],
    ] as const
  ).map(([name, what, times]) =>
    defineCase({
      id: `ums/access/${name}`,
      title: `a user ${what} is granted nothing now`,
      requirements: ["DS-8.7-a"],
      group: "behaviour",
      async run(t) {
        const [now, late] = [await user(t), await user(t)];
        const { overlay } = await channel(t, [{ user_id: now.id }, { user_id: late.id, ...times(t.clock()) }]);
        await judges(t, requestOf(now, overlay), true, "a user whose access holds now");
        await judges(t, requestOf(late, overlay), false, `a user ${what}`);
      },
    }),
  ),
  defineCase({
    id: "ums/access/runs-out",
    title: "access that runs out is not granted any more",
    requirements: ["DS-8.7-a"],
    group: "behaviour",
    async run(t) {
      const who = await user(t);
      const end = t.clock() + 1.5 * SECOND;
      const { overlay } = await channel(t, [{ user_id: who.id, valid_until: moment(end) }]);
      const early = await ask(t, requestOf(who, overlay));
      if (t.clock() > end - 200) t.heldUp(t.clock() - end + 200);
      t.equal(granted(early), true, { what: "whether access is granted before its end", entry: early.entry });
      // The clocks of two machines differ a little.
      await t.sleep(end - t.clock() + SECOND);
      await judges(t, requestOf(who, overlay), false, "a user whose access ended a second ago");
    },
  }),
  defineCase({
    id: "ums/access/class",
    title: "with the result comes the class of the user, of the peer that is asked about",
    requirements: ["PAMP-8.2.5-04"],
    errata: ["E-PAMP-29", "E-PAMP-52"],
    needs: ["service-classes"],
    group: "behaviour",
    async run(t) {
      const [gold, iron] = [await user(t, { service_class: 1 }), await user(t, { service_class: 5 })];
      const { overlay } = await channel(t, [{ user_id: gold.id }, { user_id: iron.id }]);
      for (const { who, expected } of [
        { who: gold, expected: 1 },
        { who: iron, expected: 5 },
      ]) {
        const reply = await ask(t, requestOf(who, overlay));
        succeeds(t, reply, { what: "the status of a question" });
        t.equal(reply.get("access_rights.service_class"), expected, {
          what: `the class of a user of class ${expected}`,
          entry: reply.entry,
          ...at("/access_rights/service_class"),
        });
      }
    },
  }),
  defineCase({
    id: "ums/access/by-peer",
    title: "the user behind a peer is known by the peer's identifier alone",
    requirements: ["PAMP-8.2.5-04"],
    errata: ["E-PAMP-52"],
    needs: ["service-classes"],
    group: "behaviour",
    async run(t) {
      const who = await user(t, { service_class: 3 });
      const { overlay } = await channel(t, [{ user_id: who.id }]);
      const reply = await ask(t, { peer_id: who.peers[0], session_id: overlay });
      t.answers(reply, status("2xx", 400, 401, 403), { what: "the status of a question that names no user" });
      // Whether a peer's identifier proves anything is for each UMS to say; the class must be right where it is told.
      if (granted(reply) === true)
        t.equal(reply.get("access_rights.service_class"), 3, { what: "the class of the user", entry: reply.entry });
      else t.warn("a question that names the peer only is not granted");
    },
  }),
  defineCase({
    id: "ums/access/secret",
    title: "an answer tells no credential, and strangers get none",
    requirements: ["DS-8.7-a"],
    group: "behaviour",
    security: true,
    async run(t) {
      const [who, other] = [await user(t), await user(t)];
      const { overlay } = await channel(t, [{ user_id: who.id }, { user_id: other.id }]);
      const reply = await ask(t, requestOf(who, overlay));
      for (const { credential } of [who, other])
        t.that(!reply.text.includes(credential), "no credential", reply.outcome, {
          what: "the answer to a question",
          entry: reply.entry,
        });
      if (t.declared.value("headers").length === 0) {
        t.warn("no credentials are declared to be wanted of an OMS");
        return;
      }
      const stranger = await ask(t, requestOf(who, overlay), { http: t.user });
      t.answers(stranger, status(401, 403), { what: "the status of a question by one who is no OMS" });
    },
  }),
  ...(
    [
      ["session-missing", "no session", without("session_id")],
      ["peer-missing", "no peer", without("peer_id")],
      ["session-number", "a number as session", set("session_id", 7)],
    ] as const
  ).map(([name, what, delta]) =>
    defineCase({
      id: `ums/access/${name}`,
      title: `a question that names ${what} is granted nothing`,
      requirements: ["DS-8.7-a"],
      group: "behaviour",
      async run(t) {
        const who = await user(t);
        const { overlay } = await channel(t, [{ user_id: who.id }]);
        await refuses<Json>(t, {
          what: `a question that names ${what}`,
          valid: () => requestOf(who, overlay),
          send: (request, as) => ask(t, request, as),
          delta,
          // A result that grants nothing says no more than a refusal.
          permitted: {
            expected: ["any 4xx", "a result that grants nothing"],
            test: (reply) => reply.status >= 400 || (reply.status < 300 && granted(reply) !== true),
          },
        });
      },
    }),
  ),
];
