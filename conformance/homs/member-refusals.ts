import type { RequirementId } from "../../generated/catalogue/requirements.js";
import type { HttpReply } from "../engine/http.js";
import type { SendAs } from "../engine/refuses.js";
import { set, without } from "../engine/refuses.js";
import type { HomsTest } from "./case.js";
import { defineCase } from "./case.js";
import type { Json } from "./messages.js";
import { deletion, leaveOf, refreshOf } from "./messages.js";
import type { Member } from "./overlays.js";
import { accepted, joined, made } from "./overlays.js";
import { refuses } from "./refusals.js";

interface Row {
  readonly name: string;
  readonly what: string;
  readonly requirements: readonly [RequirementId, ...RequirementId[]];
  readonly delta: (t: HomsTest) => <Message>(message: Message) => Message;
  readonly tolerated?: string;
}

/** Longer by one character: a comparison of beginnings would let it pass. */
const wrongPassword = () => longer("peer.auth.password");
/** A peer-id that is nobody's. */
const stranger = (t: HomsTest) => set("peer.peer-id", t.unique("stranger"));
const unknownOverlay = (t: HomsTest) => set("overlay.overlay-id", t.unique("none"));

const refreshes: readonly Row[] = [
  {
    name: "without-overlay-id",
    what: "without overlay-id",
    requirements: ["HOMP-6.2.7-04"],
    delta: () => without("overlay.overlay-id"),
  },
  {
    name: "without-peer-id",
    what: "without peer-id",
    requirements: ["HOMP-6.2.7-06"],
    delta: () => without("peer.peer-id"),
  },
  {
    name: "without-address",
    what: "without address",
    requirements: ["HOMP-6.2.7-06"],
    delta: () => without("peer.address"),
    tolerated: "a refresh without address is let pass",
  },
  { name: "without-auth", what: "without auth", requirements: ["HOMP-6.2.7-06"], delta: () => without("peer.auth") },
  {
    name: "wrong-password",
    what: "with a wrong password",
    requirements: ["HOMP-6.2.7-06"],
    delta: wrongPassword,
  },
  { name: "by-stranger", what: "by a peer that never joined", requirements: ["HOMP-6.2.7-09"], delta: stranger },
  {
    name: "unknown-overlay",
    what: "for an overlay that does not exist",
    requirements: ["HOMP-6.2.7-09"],
    delta: unknownOverlay,
  },
];

const leaves: readonly Row[] = [
  {
    name: "without-overlay-id",
    what: "without overlay-id",
    requirements: ["HOMP-6.2.8-06"],
    delta: () => without("overlay.overlay-id"),
  },
  {
    name: "without-peer-id",
    what: "without peer-id",
    requirements: ["HOMP-6.2.8-08"],
    delta: () => without("peer.peer-id"),
  },
  {
    name: "without-auth",
    what: "without the peer's auth",
    requirements: ["HOMP-6.2.8-08", "HOMP-7.2.4-06"],
    delta: () => without("peer.auth"),
  },
  {
    name: "wrong-password",
    what: "with a wrong password",
    requirements: ["HOMP-6.2.8-08", "HOMP-7.2.4-06"],
    delta: wrongPassword,
  },
  { name: "by-stranger", what: "by a peer that never joined", requirements: ["HOMP-6.2.8-10"], delta: stranger },
  {
    name: "unknown-overlay",
    what: "of an overlay that does not exist",
    requirements: ["HOMP-6.2.8-10"],
    delta: unknownOverlay,
  },
];

interface Primitive {
  readonly topic: "refresh" | "leave";
  readonly message: (member: Member) => Json;
  readonly send: (t: HomsTest, body: Json, as: SendAs) => Promise<HttpReply>;
}

const refresh: Primitive = {
  topic: "refresh",
  message: (member) => refreshOf(member.overlayId, member),
  send: (t, body, as) => t.http.put("/peer", { body, ...as }),
};

const leave: Primitive = {
  topic: "leave",
  message: (member) => leaveOf(member.overlayId, member),
  send: (t, body, as) => deletion(t, "/peer", body, as),
};

/** Each by a member of its own; afterwards the member is still in, by the same password. */
function cases({ topic, message, send }: Primitive, rows: readonly Row[]) {
  return rows.map(({ name, what, requirements, delta, tolerated }) =>
    defineCase({
      id: `homs/${topic}/${name}`,
      title: `a ${topic} ${what} is refused`,
      requirements,
      errata: ["E-HOMP-31", "E-HOMP-37"],
      group: "behaviour",
      async run(t) {
        const overlay = await made(t);
        await joined(t, overlay);
        let member: Member | undefined;
        const cite = { requirement: requirements, what: `a ${topic} ${what}` };
        await refuses(t, {
          ...cite,
          valid: async () => {
            member = await joined(t, overlay);
            return message(member);
          },
          send: (body, as) => send(t, body, as),
          delta: delta(t),
          unchanged: async () => {
            if (!member) return;
            const still = await t.http.put("/peer", { body: refreshOf(overlay.id, member) });
            t.answers(still, accepted, { ...cite, what: `the member's own refresh after the ${topic} ${what}` });
          },
          ...(tolerated === undefined ? {} : { tolerated }),
        });
      },
    }),
  );
}

/** The value at a path with one character more. */
function longer(path: string): <Message>(message: Message) => Message {
  return (message) => {
    const value = path.split(".").reduce<unknown>((at, name) => (at as Json)[name], message);
    return set(path, `${String(value)}x`)(message);
  };
}

/** What a HOMS has to refuse to those who are not the member they say [6.2.7, 6.2.8, 7.2.4]. */
export const memberRefusalCases = [...cases(refresh, refreshes), ...cases(leave, leaves)];
