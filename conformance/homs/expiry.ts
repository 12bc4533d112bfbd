import type { Declaration } from "../engine/declaration.js";
import type { HomsTest } from "./case.js";
import { defineCase } from "./case.js";
import { joinOf, modificationOf, newPeer, refreshOf } from "./messages.js";
import type { Member, Overlay } from "./overlays.js";
import {
  accepted,
  entriesOf,
  entryPeersOf,
  isOverlayLifetime,
  joined,
  lifetimeOf,
  made,
  OVERLAY_LIFETIME,
  peersOf,
  refused,
  shown,
} from "./overlays.js";

/** How often a waiting case looks again, in ms. */
const LOOK_EVERY = 250;

/** Lifetime and grace in ms, as declared. */
function timesOf(declared: Declaration): { lifetime: number; grace: number } {
  return {
    lifetime: Number(declared.value("short-expires")) * 1000,
    grace: Number(declared.value("expiry-grace")) * 1000,
  };
}

/** `lifetimes` times the short lifetime, one grace, and some for the exchanges. */
const budget = (lifetimes: number) => (declared: Declaration) => {
  const { lifetime, grace } = timesOf(declared);
  return lifetimes * lifetime + grace + 4_000;
};

const shortExpires = (t: HomsTest): number => t.declared.value("short-expires");

/** The lifetime granted, in ms; a longer one than asked for cannot be waited for. */
function granted(t: HomsTest, seconds: unknown): number {
  if (typeof seconds !== "number" || seconds <= 0) t.inconclusive(`the lifetime answered is ${String(seconds)}`);
  // The lifetime of the overlay where a peer asked for its own: reading B of E-HOMP-33.
  if (isOverlayLifetime(seconds)) return shortExpires(t) * 1000;
  if (seconds > shortExpires(t)) {
    t.inconclusive(`${shortExpires(t)} s asked for, ${seconds} s granted: declare the shortest as short-expires`);
  }
  return seconds * 1000;
}

/** A look that came too late, because this machine was busy, says nothing about the product. */
function inTime(t: HomsTest, since: number, lifetime: number): void {
  if (t.world.now() - since <= lifetime - 100) return;
  t.inconclusive(
    `no answer in time to look within the lifetime of ${lifetime / 1000} s: declare a longer short-expires`,
  );
}

/** Waits out the lifetime, then looks until it holds or the grace is over; gives back the last look. */
async function afterExpiry(t: HomsTest, lifetime: number, gone: () => Promise<boolean>): Promise<boolean> {
  await t.sleep(lifetime);
  const end = t.world.now() + timesOf(t.declared).grace;
  while (!(await gone())) {
    if (t.world.now() >= end) return false;
    await t.sleep(LOOK_EVERY);
  }
  return true;
}

/** A member whose lifetime is short, in an overlay where another one stays. */
async function shortMember(
  t: HomsTest,
): Promise<{ overlay: Overlay; member: Member; before: number; lifetime: number; since: number }> {
  const overlay = await made(t, { expires: OVERLAY_LIFETIME });
  await joined(t, overlay);
  const before = await peersOf(t, overlay);
  const since = t.world.now();
  const member = await joined(t, overlay, { expires: shortExpires(t) });
  return { overlay, member, before, lifetime: granted(t, lifetimeOf(member.reply)), since };
}

/** What ends by itself when its time is over, and what prolongs it [6.1.1, 6.2.5, 7.1.4, 7.2.3]. */
export const expiryCases = [
  defineCase({
    id: "homs/expiry/overlay",
    title: "an overlay whose lifetime is over is in no query and cannot be joined",
    requirements: ["HOMP-6.1.1-06", "HOMP-7.1.4-06", "HOMP-7.1.2-03"],
    errata: ["E-HOMP-21", "E-HOMP-45"],
    group: "behaviour",
    budgetMs: budget(1),
    async run(t) {
      const all = ["HOMP-6.1.1-06", "HOMP-7.1.4-06", "HOMP-7.1.2-03"] as const;
      const begun = t.world.now();
      const overlay = await made(t, { expires: shortExpires(t) });
      const lifetime = granted(t, overlay.reply.get("overlay.expires"));
      const found = await shown(t, overlay.id);
      inTime(t, begun, lifetime);
      t.that(found !== undefined, "the overlay", "none", {
        requirement: all,
        what: "a query right after the creation",
      });
      const gone = await afterExpiry(t, lifetime, async () => (await shown(t, overlay.id)) === undefined);
      t.that(gone, "no such overlay", "the overlay", { requirement: all, what: "a query after the lifetime" });
      const list = (entriesOf(await t.http.get("/homs")) ?? []).map((one) => one["overlay-id"]);
      t.that(!list.includes(overlay.id), `no ${overlay.id}`, "it is listed", {
        requirement: "HOMP-7.1.2-03",
        what: "a query without parameters after the lifetime",
      });
      const join = await t.http.post("/peer", { body: joinOf(overlay, newPeer(t)) });
      t.answers(join, refused, { requirement: "HOMP-7.1.4-06", what: "a join after the lifetime" });
    },
  }),
  defineCase({
    id: "homs/expiry/overlay-members",
    title: "the members of an overlay whose lifetime is over are refused",
    requirements: ["HOMP-7.1.4-06"],
    errata: ["E-HOMP-45"],
    group: "behaviour",
    budgetMs: budget(1),
    async run(t) {
      const begun = t.world.now();
      const overlay = await made(t, { expires: shortExpires(t) });
      const lifetime = granted(t, overlay.reply.get("overlay.expires"));
      const member = await joined(t, overlay);
      const refresh = () => t.http.put("/peer", { body: refreshOf(overlay.id, member) });
      const first = await refresh();
      inTime(t, begun, lifetime);
      t.answers(first, accepted, { what: "a member's refresh within the lifetime" });
      await afterExpiry(t, lifetime, async () => (await shown(t, overlay.id)) === undefined);
      t.answers(await refresh(), refused, { what: "a member's refresh after the lifetime of the overlay" });
    },
  }),
  defineCase({
    id: "homs/expiry/overlay-extended",
    title: "an overlay whose owner asked for a longer lifetime outlives the first one",
    requirements: ["HOMP-7.1.4-07"],
    errata: ["E-HOMP-21"],
    group: "behaviour",
    budgetMs: budget(1),
    async run(t) {
      const begun = t.world.now();
      const overlay = await made(t, { expires: shortExpires(t) });
      const lifetime = granted(t, overlay.reply.get("overlay.expires"));
      const reply = await t.http.put("/homs", { body: modificationOf(overlay, { expires: 600 }) });
      inTime(t, begun, lifetime);
      t.answers(reply, accepted, { what: "the status of the extension" });
      await t.sleep(lifetime + timesOf(t.declared).grace / 2);
      t.that((await shown(t, overlay.id)) !== undefined, "the overlay", "none", {
        what: "a query after the end of the first lifetime",
      });
    },
  }),
  defineCase({
    id: "homs/expiry/overlay-shortened",
    title: "an overlay whose owner asked for a shorter lifetime ends with that",
    requirements: ["HOMP-6.1.1-06", "HOMP-7.1.3-01"],
    errata: ["E-HOMP-21"],
    group: "behaviour",
    budgetMs: budget(1),
    async run(t) {
      const both = ["HOMP-6.1.1-06", "HOMP-7.1.3-01"] as const;
      const overlay = await made(t, { expires: 600 });
      const reply = await t.http.put("/homs", { body: modificationOf(overlay, { expires: shortExpires(t) }) });
      // That a lifetime can be changed at all is judged with a long one; so short a one need not be granted.
      if (refused.test(reply))
        t.inconclusive(
          `a lifetime of ${shortExpires(t)} s got ${reply.outcome}: declare the shortest as short-expires`,
        );
      t.answers(reply, accepted, { requirement: both, what: "the status of the modification" });
      const gone = await afterExpiry(t, shortExpires(t) * 1000, async () => (await shown(t, overlay.id)) === undefined);
      t.that(gone, "no such overlay", "the overlay", { requirement: both, what: "a query after the shorter lifetime" });
    },
  }),
  defineCase({
    id: "homs/expiry/peer",
    title: "a peer that does not refresh is out when its lifetime is over",
    requirements: ["HOMP-6.2.5-09", "HOMP-6.2.8-02", "HOMP-7.2.3-02"],
    errata: ["E-HOMP-20", "E-HOMP-53", "E-HOMP-64"],
    group: "behaviour",
    budgetMs: budget(1),
    async run(t) {
      const all = ["HOMP-6.2.5-09", "HOMP-6.2.8-02", "HOMP-7.2.3-02"] as const;
      const { overlay, member, before, lifetime } = await shortMember(t);
      const gone = await afterExpiry(t, lifetime, async () => (await peersOf(t, overlay)) === before);
      t.that(gone, `${before}, as before the join`, await peersOf(t, overlay), {
        requirement: all,
        what: "num_peers after the lifetime",
      });
      const next = await joined(t, overlay);
      const ids = (entryPeersOf(next.reply) ?? []).map((one) => one["peer-id"]);
      t.that(!ids.includes(member.peerId), `no ${member.peerId}`, ids, {
        requirement: all,
        what: "the entry peers of a later join",
      });
      const refresh = await t.http.put("/peer", { body: refreshOf(overlay.id, member) });
      t.answers(refresh, refused, { requirement: all, what: "a refresh after the lifetime" });
    },
  }),
  defineCase({
    id: "homs/expiry/peer-joins-again",
    title: "a peer that is out because its lifetime is over may join as at first",
    requirements: ["HOMP-7.2.3-02"],
    errata: ["E-HOMP-07"],
    group: "behaviour",
    budgetMs: budget(1),
    async run(t) {
      const { overlay, member, before, lifetime } = await shortMember(t);
      await afterExpiry(t, lifetime, async () => (await peersOf(t, overlay)) === before);
      const reply = await t.http.post("/peer", { body: joinOf(overlay, { ...newPeer(t), peerId: member.peerId }) });
      t.answers(reply, accepted, { what: "a first join, by the same peer-id and a new password" });
      t.equal(await peersOf(t, overlay), before + 1, { what: "num_peers after that" });
    },
  }),
  defineCase({
    id: "homs/expiry/silent-peer-stays",
    title: "a peer that went silent stays until its lifetime is over",
    requirements: ["HOMP-7.2.4-03"],
    errata: ["E-HOMP-53"],
    group: "behaviour",
    budgetMs: budget(1),
    async run(t) {
      const overlay = await made(t);
      const silent = await joined(t, overlay, { expires: 60 });
      const before = await peersOf(t, overlay);
      await t.sleep(timesOf(t.declared).lifetime / 2);
      t.equal(await peersOf(t, overlay), before, { what: "num_peers while the lifetime runs" });
      const next = await joined(t, overlay);
      const handedOut = (entryPeersOf(next.reply) ?? []).some((one) => one["peer-id"] === silent.peerId);
      t.step(handedOut ? "the silent peer is handed out to the next one" : "the silent peer is not handed out");
    },
  }),
  defineCase({
    id: "homs/expiry/refreshed-peer-stays",
    title: "a refresh prolongs the lifetime: the peer outlives the first one, and is out after the second",
    requirements: ["HOMP-7.2.3-05", "HOMP-6.2.5-09"],
    errata: ["E-HOMP-53", "E-HOMP-58"],
    group: "behaviour",
    budgetMs: budget(2),
    async run(t) {
      const { overlay, member, before, lifetime, since } = await shortMember(t);
      await t.sleep(lifetime * 0.65 - (t.world.now() - since));
      const refreshed = t.world.now();
      const refresh = await t.http.put("/peer", {
        body: refreshOf(overlay.id, member, { expires: shortExpires(t) }),
      });
      inTime(t, since, lifetime);
      t.answers(refresh, accepted, { requirement: "HOMP-7.2.3-05", what: "a refresh within the lifetime" });
      const second = granted(t, lifetimeOf(refresh));
      // Past the first end, well before the second.
      await t.sleep(lifetime * 0.45);
      const between = await peersOf(t, overlay);
      inTime(t, refreshed, second);
      t.equal(between, before + 1, {
        requirement: "HOMP-7.2.3-05",
        what: "num_peers after the end of the first lifetime",
      });
      const gone = await afterExpiry(t, second - lifetime * 0.45, async () => (await peersOf(t, overlay)) === before);
      t.that(gone, `${before}, as before the join`, "one more", {
        requirement: "HOMP-6.2.5-09",
        what: "num_peers after the end of the second lifetime",
      });
    },
  }),
  defineCase({
    id: "homs/expiry/refused-refresh-does-not-count",
    title: "a refresh that was refused does not prolong anything",
    requirements: ["HOMP-7.2.3-02"],
    group: "behaviour",
    budgetMs: budget(1),
    async run(t) {
      const { overlay, member, before, lifetime } = await shortMember(t);
      const wrong = { ...member, password: `${member.password}x` };
      const refresh = await t.http.put("/peer", { body: refreshOf(overlay.id, wrong, { expires: 600 }) });
      if (!refused.test(refresh)) t.inconclusive(`a refresh with a wrong password got ${refresh.outcome}`);
      const gone = await afterExpiry(t, lifetime, async () => (await peersOf(t, overlay)) === before);
      t.that(gone, `${before}, as before the join`, "one more", { what: "num_peers after the lifetime" });
    },
  }),
];
