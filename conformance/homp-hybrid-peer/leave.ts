import { is } from "../engine/matchers.js";
import type { Begun, HybridPeerTest } from "./case.js";
import { budget, defineCase, needsToBeTold } from "./case.js";
import { LEAVE, REFRESH, REPORT } from "./session.js";

export const leaveCases = [
  defineCase({
    id: "homp-hybrid-peer/leave/request",
    title: "a member that goes leaves by DELETE to /peer, with the overlay network, itself and its password",
    requirements: [
      "HOMP-6.2.8-01",
      "HOMP-6.2.8-05",
      "HOMP-6.2.8-06",
      "HOMP-6.2.8-08",
      "HOMP-7.2.4-06",
      "HOMP-6.1.1-01",
      "HOMP-6.1.2-01",
      "HOMP-6.1.2-03",
    ],
    errata: ["E-HOMP-11", "E-HOMP-12", "E-HOMP-38"],
    needs: (declared) =>
      declared.reading("E-HOMP-11" as never) === "A" || "DELETE carries its members elsewhere (E-HOMP-11 B)",
    group: "basic",
    budgetMs: budget(1, 3),
    async run(t) {
      const begun = await t.enter();
      await member(t, begun);
      const act = begun.product.do("leave");
      const request = await t.due(LEAVE, act, { requirement: "HOMP-6.2.8-01", what: "what a member does that goes" });
      const { entry } = request;
      t.match(
        request.body,
        { overlay: is.object, peer: is.object },
        { requirement: "HOMP-6.2.8-05", what: "its body", entry },
      );
      t.equal(request.get("overlay.overlay-id"), t.hon.overlayId, {
        requirement: ["HOMP-6.2.8-06", "HOMP-6.1.1-01"],
        what: "the overlay-id of a leave",
        entry,
      });
      t.equal(request.get("peer.peer-id"), begun.peer, {
        requirement: ["HOMP-6.2.8-08", "HOMP-6.1.2-01"],
        what: "the peer-id of a leave",
        entry,
      });
      t.equal(request.get("peer.auth.password"), begun.request.get("peer.auth.password"), {
        requirement: ["HOMP-6.2.8-08", "HOMP-7.2.4-06", "HOMP-6.1.2-03"],
        what: "the password of a leave: that of the join",
        entry,
      });
    },
  }),
  defineCase({
    id: "homp-hybrid-peer/leave/quiet",
    title: "a peer that has left neither refreshes nor reports nor leaves again",
    requirements: ["HOMP-6.2.8-01"],
    group: "behaviour",
    budgetMs: budget(1, 3),
    async run(t) {
      const begun = await t.enter();
      await member(t, begun);
      await t.due(LEAVE, begun.product.do("leave"), { what: "what a member does that goes" });
      const seen = await t.server.during(Math.min(2_000, 1000 * t.hon.lifetime));
      const stays = seen.filter(({ primitive }) => primitive === REFRESH || primitive === REPORT);
      t.equal(
        stays.map(({ outcome }) => outcome),
        [],
        { what: "what a peer sends after it has left", entry: stays[0]?.entry },
      );
      if (seen.some(({ primitive }) => primitive === LEAVE)) t.warn("it leaves twice", "HOMP-6.2.8-01");
    },
  }),
  defineCase({
    id: "homp-hybrid-peer/leave/open",
    title: "the leave of an open overlay network has no auth in overlay",
    requirements: ["HOMP-6.2.8-07"],
    errata: ["E-HOMP-10"],
    group: "capability",
    budgetMs: budget(1, 3),
    async run(t) {
      const begun = await t.enter();
      await member(t, begun);
      const request = await t.due(LEAVE, begun.product.do("leave"), { what: "what a member does that goes" });
      t.match(request.get("overlay.auth"), is.absent, {
        what: "overlay.auth in the leave of an open overlay network",
        entry: request.entry,
      });
    },
  }),
  defineCase({
    id: "homp-hybrid-peer/leave/closed",
    title: "the leave of a closed overlay network shows the access key, or the password of the peer alone",
    requirements: ["HOMP-6.2.8-07", "HOMP-6.2.8-08"],
    errata: ["E-HOMP-10", "E-HOMP-37"],
    needs: (declared) =>
      declared.reading("E-HOMP-11" as never) !== "A"
        ? "DELETE carries its members elsewhere (E-HOMP-11 B)"
        : declared.option("closed" as never) || "it enters no closed overlay networks",
    group: "capability",
    budgetMs: budget(1, 3),
    async run(t) {
      needsToBeTold(t);
      t.hon.access = "closed";
      t.hon.accessKey = `key${t.random.hex(12)}`;
      const begun = await t.enter();
      await member(t, begun);
      const request = await t.due(LEAVE, begun.product.do("leave"), {
        requirement: "HOMP-6.2.8-07",
        what: "what a member does that goes",
      });
      t.match(request.get("overlay.auth"), is.optional({ access_key: is.optional(t.hon.accessKey) }), {
        requirement: "HOMP-6.2.8-07",
        what: "overlay.auth in the leave of a closed overlay network",
        entry: request.entry,
      });
      t.match(
        request.get("peer.auth"),
        { password: is.nonEmptyString },
        {
          requirement: "HOMP-6.2.8-08",
          what: "the password of a leave",
          entry: request.entry,
        },
      );
    },
  }),
];

/** A refresh proves that the product takes itself for a member. */
async function member(t: HybridPeerTest, begun: Begun): Promise<void> {
  const what = "a refresh, which shows that the product takes itself for a member";
  await t.setup("a member", () =>
    t.refresh(begun, begun.request, { requirement: t.definition.requirements.slice(0, 1), what }),
  );
}
