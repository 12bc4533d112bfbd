import type { RequirementId } from "../../generated/catalogue/requirements.js";
import type { HttpReply } from "../engine/http.js";
import { set } from "../engine/refuses.js";
import type { HomsTest } from "./case.js";
import { defineCase } from "./case.js";
import {
  adminKey,
  closedAuth,
  deletion,
  joinOf,
  keyOf,
  leaveOf,
  modificationOf,
  newPeer,
  refreshOf,
  removalOf,
  reportOf,
} from "./messages.js";
import type { Member, Overlay } from "./overlays.js";
import { entriesOf, joined, made, queryPath, refused, view } from "./overlays.js";

interface Secrets {
  readonly admin: string;
  readonly access: string;
  readonly passwords: readonly string[];
}

interface Scene {
  readonly overlay: Overlay;
  readonly members: readonly [Member, Member];
  readonly key: string;
  readonly secrets: Secrets;
}

/** A closed overlay with two members, and everything about it that is secret. */
async function scene(t: HomsTest): Promise<Scene> {
  const key = t.unique("accesskey");
  const overlay = await made(t, { auth: closedAuth(t, { key, peers: [t.unique("listed")] }) });
  const auth = keyOf(t, key);
  const members = [await joined(t, overlay, { auth }), await joined(t, overlay, { auth })] as const;
  const admin = String(overlay.auth[adminKey(t)]);
  return { overlay, members, key, secrets: { admin, access: key, passwords: members.map((one) => one.password) } };
}

/** No secret anywhere in the octets of an answer: neither where the tables have a place for it, nor in a message for people. */
function tells(t: HomsTest, reply: HttpReply, secret: string, what: string, requirement: RequirementId): void {
  t.that(!reply.text.includes(secret), `an answer without ${what}`, `an answer with ${what}`, {
    requirement,
    what: `whether the answer shows ${what}`,
    entry: reply.entry,
  });
}

/** Secrecy of keys and passwords: reported apart from conformance (E-HOMP-13, E-HOMP-14). */
export const securityCases = [
  defineCase({
    id: "homs/security/query-keys",
    title: "a query tells nobody the admin key or the access key",
    requirements: ["HOMP-6.2.2-14"],
    errata: ["E-HOMP-13", "E-HOMP-56"],
    security: true,
    group: "behaviour",
    async run(t) {
      const { overlay, secrets } = await scene(t);
      const queries = [{ "overlay-id": overlay.id }, { title: String(overlay.info.title) }];
      for (const query of queries) {
        const reply = await t.http.get(queryPath(query));
        tells(t, reply, secrets.admin, "the admin key", "HOMP-6.2.2-14");
        tells(t, reply, secrets.access, "the access key", "HOMP-6.2.2-14");
        for (const { auth } of (entriesOf(reply) ?? []) as { auth?: Record<string, unknown> }[]) {
          if (auth?.peerlist !== undefined) t.warn("a query tells strangers who is on the list of peers (E-HOMP-13)");
        }
      }
    },
  }),
  defineCase({
    id: "homs/security/query-passwords",
    title: "a query tells nobody the password of a peer",
    requirements: ["HOMP-6.2.2-12"],
    errata: ["E-HOMP-14"],
    security: true,
    group: "behaviour",
    async run(t) {
      const overlay = await made(t);
      const { password } = await joined(t, overlay);
      for (const path of [queryPath({ "overlay-id": overlay.id }), "/homs"]) {
        tells(t, await t.http.get(path), password, "a peer's password", "HOMP-6.2.2-12");
      }
    },
  }),
  defineCase({
    id: "homs/security/join",
    title: "a join answer tells the admin key and the access key to nobody",
    requirements: ["HOMP-6.2.5-15"],
    errata: ["E-HOMP-13", "E-HOMP-14"],
    security: true,
    group: "behaviour",
    async run(t) {
      const { overlay, key, secrets } = await scene(t);
      const peer = newPeer(t);
      const reply = await t.http.post("/peer", { body: joinOf(overlay, peer, { auth: keyOf(t, key) }) });
      tells(t, reply, secrets.admin, "the admin key", "HOMP-6.2.5-15");
      // The joining peer has just shown the access key itself: repeating it tells it nothing new.
      if (reply.text.includes(key)) t.warn("the join answer repeats the access key");
      if (secrets.passwords.some((one) => reply.text.includes(one))) {
        t.warn("the join answer tells members the passwords of others, as one reading has it (E-HOMP-14 A)");
      }
    },
  }),
  defineCase({
    id: "homs/security/refused-join",
    title: "the refusal of a join tells nothing of the overlay's keys and members",
    requirements: ["HOMP-6.2.5-17"],
    errata: ["E-HOMP-59"],
    security: true,
    group: "behaviour",
    async run(t) {
      const { overlay, members, secrets } = await scene(t);
      const claimed = "HOMP-6.2.5-17";
      for (const auth of [undefined, keyOf(t, t.unique("guess"))]) {
        const reply = await t.http.post("/peer", { body: joinOf(overlay, newPeer(t), auth ? { auth } : {}) });
        if (!refused.test(reply)) t.inconclusive(`a join without the right key got ${reply.outcome}`);
        tells(t, reply, secrets.admin, "the admin key", claimed);
        tells(t, reply, secrets.access, "the access key", claimed);
        for (const password of secrets.passwords) tells(t, reply, password, "a peer's password", claimed);
        for (const { address } of members) tells(t, reply, address, "a peer's address", claimed);
      }
    },
  }),
  defineCase({
    id: "homs/security/refused-owner",
    title: "the refusal of a modification or removal by a wrong key does not tell the right one",
    requirements: ["HOMP-6.2.3-17", "HOMP-6.2.4-06"],
    errata: ["E-HOMP-41", "E-HOMP-59"],
    security: true,
    group: "behaviour",
    async run(t) {
      const { overlay, secrets } = await scene(t);
      const guess = set(`overlay.auth.${adminKey(t)}`, t.unique("guess"));
      const modification = await t.http.put("/homs", { body: guess(modificationOf(overlay, { title: "taken" })) });
      const removal = await deletion(t, "/homs", guess(removalOf(overlay)));
      for (const [reply, requirement] of [
        [modification, "HOMP-6.2.3-17"],
        [removal, "HOMP-6.2.4-06"],
      ] as const) {
        if (!refused.test(reply)) t.inconclusive(`a message by a wrong admin key got ${reply.outcome}`);
        tells(t, reply, secrets.admin, "the admin key", requirement);
        // The request carried the access key as well, so that only the admin key is looked for.
      }
    },
  }),
  defineCase({
    id: "homs/security/peer-answers",
    title: "answers to reports, refreshes and leaves tell no key and no password of another peer",
    requirements: ["HOMP-6.2.6-06", "HOMP-6.2.7-09", "HOMP-6.2.8-10"],
    security: true,
    group: "behaviour",
    async run(t) {
      const { overlay, members, key, secrets } = await scene(t);
      const [member, other] = members;
      const auth = keyOf(t, key);
      const report = await t.http.post("/peer/report", { body: reportOf(t, overlay.id, member, [other.peerId]) });
      const refresh = await t.http.put("/peer", { body: refreshOf(overlay.id, member, { auth }) });
      const leave = await deletion(t, "/peer", leaveOf(overlay.id, member, { auth }));
      for (const [reply, requirement] of [
        [report, "HOMP-6.2.6-06"],
        [refresh, "HOMP-6.2.7-09"],
        [leave, "HOMP-6.2.8-10"],
      ] as const) {
        tells(t, reply, secrets.admin, "the admin key", requirement);
        tells(t, reply, other.password, "the password of another peer", requirement);
      }
    },
  }),
  defineCase({
    id: "homs/security/after-modification",
    title: "a query after a modification tells neither the old nor the new keys",
    requirements: ["HOMP-6.2.2-14"],
    errata: ["E-HOMP-13"],
    security: true,
    group: "behaviour",
    async run(t) {
      const { overlay, secrets } = await scene(t);
      const fresh = t.unique("freshkey");
      const changed = { ...overlay, auth: { ...overlay.auth, ...keyOf(t, fresh) } };
      await t.http.put("/homs", { body: modificationOf(changed, { description: "other words" }) });
      const reply = await t.http.get(queryPath({ "overlay-id": overlay.id }));
      for (const secret of [secrets.admin, secrets.access, fresh]) tells(t, reply, secret, "a key", "HOMP-6.2.2-14");
    },
  }),
  defineCase({
    id: "homs/security/transport",
    title: "keys and passwords travel over TLS",
    requirements: ["HOMP-6.2-03"],
    errata: ["E-HOMP-42"],
    security: true,
    group: "basic",
    async run(t) {
      const overlay = await made(t);
      t.equal((await view(t, overlay))["overlay-id"], overlay.id, { what: "an exchange at the declared address" });
      if (!t.http.base.startsWith("https:")) t.warn("keys and passwords travel in clear: no TLS (E-HOMP-42)");
    },
  }),
];
