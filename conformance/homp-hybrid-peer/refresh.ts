import { is } from "../engine/matchers.js";
import { budget, defineCase } from "./case.js";
import { joined, refreshed } from "./protocol.js";
import { JOIN, LEAVE, REFRESH } from "./session.js";

export const refreshCases = [
  defineCase({
    id: "homp-hybrid-peer/refresh/request",
    title: "a member refreshes by PUT to /peer, with the overlay network and itself",
    requirements: [
      "HOMP-6.2.7-01",
      "HOMP-6.2.7-03",
      "HOMP-6.2.7-04",
      "HOMP-6.2.7-05",
      "HOMP-6.2.7-06",
      "HOMP-6.1.1-01",
      "HOMP-6.1.2-01",
    ],
    errata: ["E-HOMP-04", "E-HOMP-08", "E-HOMP-12", "E-HOMP-52", "E-HOMP-58"],
    group: "basic",
    budgetMs: budget(1),
    async run(t) {
      const begun = await t.enter();
      const request = await t.refresh(begun, begun.request, {
        requirement: "HOMP-6.2.7-01",
        what: "the refresh of a member",
      });
      const { entry } = request;
      t.match(
        request.body,
        { overlay: is.object, peer: is.object },
        { requirement: "HOMP-6.2.7-03", what: "its body", entry },
      );
      t.equal(request.get("overlay.overlay-id"), t.hon.overlayId, {
        requirement: ["HOMP-6.2.7-04", "HOMP-6.1.1-01"],
        what: "the overlay-id of a refresh",
        entry,
      });
      t.match(
        request.get("overlay"),
        { expires: is.optional(is.positive), auth: is.optional(is.object) },
        { requirement: "HOMP-6.2.7-05", what: "expires and auth of a refresh", entry },
      );
      t.equal(request.get("peer.peer-id"), begun.peer, {
        requirement: ["HOMP-6.2.7-06", "HOMP-6.1.2-01"],
        what: "the peer-id of a refresh",
        entry,
      });
      t.match(request.get("peer.address"), is.nonEmptyString, {
        requirement: "HOMP-6.2.7-06",
        what: "the address of a refresh",
        entry,
      });
      t.equal(request.get("peer.auth.password"), begun.request.get("peer.auth.password"), {
        requirement: "HOMP-6.2.7-06",
        what: "the password of a refresh: that of the join",
        entry,
      });
    },
  }),
  defineCase({
    id: "homp-hybrid-peer/refresh/each-lifetime",
    title: "a member refreshes in each of three lifetimes in a row, before it ends",
    requirements: ["HOMP-6.2.7-02", "HOMP-7.2.3-03"],
    errata: ["E-HOMP-33", "E-HOMP-58"],
    group: "behaviour",
    budgetMs: budget(3),
    async run(t) {
      const begun = await t.enter();
      const requirement = ["HOMP-6.2.7-02", "HOMP-7.2.3-03"] as const;
      let granted = begun.request;
      for (const which of ["first", "second", "third"]) {
        granted = await t.refresh(begun, granted, { requirement, what: `the refresh within the ${which} lifetime` });
      }
      t.that(t.server.of(LEAVE).length === 0, "no HybridOverlayLeave", "a HybridOverlayLeave", {
        requirement,
        what: "whether a member stays that nobody asked to leave",
      });
    },
  }),
  defineCase({
    id: "homp-hybrid-peer/refresh/shorter-lifetime",
    title: "a member whose lifetime the HOMS shortens in a refresh keeps to the new one",
    requirements: ["HOMP-7.2.3-03"],
    errata: ["E-HOMP-20", "E-HOMP-58"],
    group: "behaviour",
    budgetMs: budget(3),
    async run(t) {
      const { hon } = t;
      const long = hon.lifetime;
      const short = Math.max(1, Math.ceil(long / 3));
      t.server.answer(REFRESH, (request) =>
        refreshed({ ...hon, lifetime: short }, String(request.get("peer.peer-id"))),
      );
      const begun = await t.enter();
      const cite = { requirement: "HOMP-7.2.3-03" } as const;
      const first = await t.refresh(begun, begun.request, { ...cite, what: `the refresh within ${long} s` });
      await t.refresh(begun, first, {
        ...cite,
        what: `the refresh within the ${short} s of the last answer`,
        lifetime: short,
      });
    },
  }),
  defineCase({
    id: "homp-hybrid-peer/refresh/no-flood",
    title: "a member refreshes a few times in a lifetime, not all the time",
    requirements: ["HOMP-6.2.7-02"],
    group: "behaviour",
    budgetMs: budget(2),
    async run(t) {
      const begun = await t.enter();
      await t.refresh(begun, begun.request, { what: "the refresh of a member" });
      const before = t.server.of(REFRESH).length;
      const seen = await t.server.during(1000);
      const most = MOST_PER_SECOND;
      t.that(seen.length <= most, `at most ${most} requests in a second`, `${seen.length} requests`, {
        what: "how often a member asks that has just been refreshed",
      });
      if (t.server.of(REFRESH).length - before > 4) t.warn("more than four refreshes in a second", "HOMP-6.2.7-02");
    },
  }),
  defineCase({
    id: "homp-hybrid-peer/refresh/overlay-gone",
    title: "a member that is told by 404 that its overlay network is gone does not go on refreshing",
    requirements: ["HOMP-7.1.4-04"],
    errata: ["E-HOMP-31", "E-HOMP-45", "E-HOMP-49"],
    group: "behaviour",
    budgetMs: budget(3),
    async run(t) {
      t.server.answer(REFRESH, { status: 404 });
      t.server.answer(JOIN, { status: 404 });
      t.server.answer(JOIN, (request) => joined(t.hon, String(request.get("peer.peer-id"))), { times: 1 });
      const begun = await t.enter();
      await t.setup("a member that refreshes", () =>
        t.refresh(begun, begun.request, { what: "the refresh of a member" }),
      );
      const watched = Math.min(3, t.hon.lifetime) * 1000;
      const seen = await t.server.during(watched);
      const refreshes = seen.filter(({ primitive }) => primitive === REFRESH);
      const most = 3;
      t.that(refreshes.length <= most, `at most ${most} more refreshes`, `${refreshes.length} more`, {
        what: `the refreshes within ${watched / 1000} s after one was answered 404`,
        entry: refreshes.at(-1)?.entry,
      });
      t.that(
        seen.length <= MOST_PER_SECOND * (watched / 1000),
        `at most ${MOST_PER_SECOND} requests a second`,
        `${seen.length} requests`,
        {
          what: `all requests within ${watched / 1000} s after that`,
          entry: seen.at(-1)?.entry,
        },
      );
      if (refreshes.length > 0) t.warn("it refreshes again what is gone", "HOMP-7.1.4-04");
    },
  }),
];

/** So many requests a second come from a loop without any pause only. */
export const MOST_PER_SECOND = 20;
