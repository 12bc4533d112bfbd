import type { RequirementId } from "../../generated/catalogue/requirements.js";
import type { HttpReply } from "../engine/http.js";
import { isObject } from "../engine/matchers.js";
import type { SendAs } from "../engine/refuses.js";
import { set, without } from "../engine/refuses.js";
import type { HomsTest } from "./case.js";
import { defineCase } from "./case.js";
import type { Json, Owner } from "./messages.js";
import { adminKey, deletion, modificationOf, removalOf } from "./messages.js";
import type { Overlay } from "./overlays.js";
import { made, shown } from "./overlays.js";
import { refuses } from "./refusals.js";

type Delta = (t: HomsTest) => <Message>(message: Message) => Message;

interface Row {
  readonly name: string;
  readonly what: string;
  readonly requirements: readonly [RequirementId, ...RequirementId[]];
  readonly delta: Delta;
}

const leaveOut =
  (member: string): Delta =>
  () =>
    without(`overlay.${member}`);

/** Longer by one character: a comparison of beginnings would let it pass. */
const wrongKey: Delta = (t) => (message) => {
  const { overlay } = message as { overlay: { auth: Json } };
  return set(`overlay.auth.${adminKey(t)}`, `${String(overlay.auth[adminKey(t)])}x`)(message);
};

const noKey: Delta = (t) => without(`overlay.auth.${adminKey(t)}`);
const wrongOwner: Delta = (t) => set("overlay.owner-id", t.unique("somebody"));

const modifications: readonly Row[] = [
  {
    name: "without-overlay-id",
    what: "without overlay-id",
    requirements: ["HOMP-6.2.3-04"],
    delta: leaveOut("overlay-id"),
  },
  { name: "without-owner-id", what: "without owner-id", requirements: ["HOMP-6.2.3-05"], delta: leaveOut("owner-id") },
  {
    name: "wrong-owner-id",
    what: "by another owner-id",
    requirements: ["HOMP-6.2.3-05", "HOMP-7.1.1-01"],
    delta: wrongOwner,
  },
  { name: "without-auth", what: "without auth", requirements: ["HOMP-6.2.3-06"], delta: leaveOut("auth") },
  { name: "without-admin-key", what: "without the admin key", requirements: ["HOMP-6.2.3-09"], delta: noKey },
  {
    name: "wrong-admin-key",
    what: "with a wrong admin key",
    requirements: ["HOMP-6.2.3-09", "HOMP-6.1.3-01", "HOMP-7.1.1-01"],
    delta: wrongKey,
  },
  {
    name: "unknown-overlay",
    what: "of an overlay that does not exist",
    requirements: ["HOMP-6.2.3-17"],
    delta: (t) => set("overlay.overlay-id", t.unique("none")),
  },
];

const removals: readonly Row[] = [
  {
    name: "without-overlay-id",
    what: "without overlay-id",
    requirements: ["HOMP-6.2.4-03"],
    delta: leaveOut("overlay-id"),
  },
  { name: "without-owner-id", what: "without owner-id", requirements: ["HOMP-6.2.4-03"], delta: leaveOut("owner-id") },
  {
    name: "wrong-owner-id",
    what: "by another owner-id",
    requirements: ["HOMP-6.2.4-03", "HOMP-7.1.1-01"],
    delta: wrongOwner,
  },
  { name: "without-auth", what: "without auth", requirements: ["HOMP-6.2.4-03"], delta: leaveOut("auth") },
  { name: "without-admin-key", what: "without the admin key", requirements: ["HOMP-6.2.4-04"], delta: noKey },
  {
    name: "wrong-admin-key",
    what: "with a wrong admin key",
    requirements: ["HOMP-6.2.4-04", "HOMP-6.1.3-01", "HOMP-7.1.1-01"],
    delta: wrongKey,
  },
  {
    name: "unknown-overlay",
    what: "of an overlay that does not exist",
    requirements: ["HOMP-6.2.4-06"],
    delta: (t) => set("overlay.overlay-id", t.unique("none")),
  },
];

interface Primitive {
  readonly topic: "modification" | "removal";
  readonly message: (t: HomsTest, overlay: Owner) => Json;
  readonly send: (t: HomsTest, body: Json, as: SendAs) => Promise<HttpReply>;
}

const modification: Primitive = {
  topic: "modification",
  message: (t, overlay) => modificationOf(overlay, { title: t.unique("changed") }),
  send: (t, body, as) => t.http.put("/homs", { body, ...as }),
};

const removal: Primitive = {
  topic: "removal",
  message: (_, overlay) => removalOf(overlay),
  send: (t, body, as) => deletion(t, "/homs", body, as),
};

/** Each on an overlay of its own; afterwards the overlay is there as it was created. */
function cases({ topic, message, send }: Primitive, rows: readonly Row[]) {
  return rows.map(({ name, what, requirements, delta }) =>
    defineCase({
      id: `homs/${topic}/${name}`,
      title: `a ${topic} ${what} is refused`,
      requirements,
      errata: ["E-HOMP-02", "E-HOMP-31"],
      group: "behaviour",
      async run(t) {
        let overlay: Overlay | undefined;
        const cite = { requirement: requirements, what: `a ${topic} ${what}` };
        await refuses(t, {
          ...cite,
          valid: async () => {
            overlay = await made(t);
            return message(t, overlay);
          },
          send: (body, as) => send(t, body, as),
          delta: delta(t),
          unchanged: async () => {
            const after = overlay && (await shown(t, overlay.id));
            t.equal(after?.title, overlay?.info.title, { ...cite, what: "the title of the overlay afterwards" });
          },
        });
      },
    }),
  );
}

/** Without its body no DELETE may do anything: HTTP lets proxies drop it (E-HOMP-11). */
const withoutBody = defineCase({
  id: "homs/removal/without-body",
  title: "a removal without body is refused",
  requirements: ["HOMP-6.2.4-03"],
  errata: ["E-HOMP-11"],
  group: "behaviour",
  async run(t) {
    let overlay: Overlay | undefined;
    await refuses(t, {
      what: "a removal without body",
      valid: async () => {
        overlay = await made(t);
        return { body: removalOf(overlay) };
      },
      send: ({ body }, as) =>
        isObject(body) ? deletion(t, "/homs", body, as) : t.http.delete("/homs", { malformed: true }),
      delta: without("body"),
      unchanged: async () => {
        const after = overlay && (await shown(t, overlay.id));
        t.equal(after?.title, overlay?.info.title, { what: "the title of the overlay afterwards" });
      },
    });
  },
});

/** What a HOMS has to refuse to those who are not the owner [6.2.3, 6.2.4]. */
export const ownerRefusalCases = [...cases(modification, modifications), ...cases(removal, removals), withoutBody];
