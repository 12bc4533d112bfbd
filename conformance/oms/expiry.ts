import type { Declaration } from "../engine/declaration.js";
import { is } from "../engine/matchers.js";
import { accepted, asInProfile, lived, memberOf, notThere, ready, succeeds } from "../streaming/answers.js";
import type { OmsTest } from "./case.js";
import { defineCase } from "./case.js";
import type { Overlay } from "./primitives.js";
import { create, creationOf, FORM, facts, join, joinOf, overlay, refresh } from "./primitives.js";

/** How often a waiting case looks again, in ms. */
const LOOK_EVERY = 200;
/** So long before its end a lifetime is not looked at: the answer may take as long. */
const MARGIN = 300;

const shortest = (declared: Declaration): number => 1000 * Number(declared.value("short-refresh"));
const grace = (declared: Declaration): number => 1000 * Number(declared.value("expiry-grace"));
const budget = (lifetimes: number) => (declared: Declaration) =>
  lifetimes * shortest(declared) + grace(declared) + 8_000;

/** An overlay network that ends soon, and when it was asked for. */
async function brief(
  t: OmsTest,
): Promise<{ readonly made: Overlay; readonly before: number; readonly after: number; readonly lifetime: number }> {
  const before = t.world.now();
  const made = await overlay(t, { refresh_expiration: t.declared.value("short-refresh") });
  const after = t.world.now();
  const lifetime = 1000 * made.expiration;
  if (!(lifetime <= shortest(t.declared)))
    t.inconclusive(
      `${t.declared.value("short-refresh")} s asked for, ${made.expiration} s granted: declare the shortest as short-refresh`,
    );
  return { made, before, after, lifetime };
}

const exists = async (t: OmsTest, { id }: Overlay): Promise<boolean> => accepted.test(await facts(t, id));

/** Looks until the overlay network is gone or the grace is over: whether it went. */
async function goes(t: OmsTest, made: Overlay, end: number): Promise<boolean> {
  await t.sleep(Math.max(0, end - t.world.now()));
  while (await exists(t, made)) {
    if (t.world.now() >= end + grace(t.declared)) return false;
    await t.sleep(LOOK_EVERY);
  }
  return true;
}

/** What is not refreshed is removed, and not before [8.5 c), d)]. */
export const expiryCases = [
  defineCase({
    id: "oms/expiry/told",
    title: "the answer to a creation tells the time to refresh, in seconds",
    requirements: ["DS-8.5-c"],
    errata: ["E-DS-07"],
    group: "basic",
    async run(t) {
      const reply = ready(t, "a valid creation", await create(t, creationOf(t)));
      t.match(reply.get("overlay_network.refresh_expiration"), is.positive, {
        what: "the refresh expiration, not asked for",
        entry: reply.entry,
        ...memberOf(FORM)("/overlay_network/refresh_expiration"),
      });
    },
  }),
  defineCase({
    id: "oms/expiry/removed",
    title: "an overlay network that nobody refreshed is gone: nobody finds or joins it",
    requirements: ["DS-8.5-c"],
    errata: ["E-DS-07", "E-X-09"],
    group: "behaviour",
    budgetMs: budget(1),
    async run(t) {
      const { made, after, lifetime } = await brief(t);
      t.that(await goes(t, made, after + lifetime), "no overlay network of this identifier", "it is still shown", {
        what: `the overlay network ${made.expiration} s after its creation, with a grace of ${grace(t.declared)} ms`,
      });
      t.answers(await join(t, made.id, joinOf(t)), notThere, { what: "the status of a join after the expiration" });
    },
  }),
  defineCase({
    id: "oms/expiry/not-before",
    title: "an overlay network is there until its time is over",
    requirements: ["DS-8.5-c"],
    errata: ["E-DS-07"],
    group: "behaviour",
    budgetMs: budget(1),
    async run(t) {
      const { made, before, lifetime } = await brief(t);
      await t.sleep(Math.max(0, before + lifetime - MARGIN - t.world.now()));
      const reply = await facts(t, made.id);
      if (t.world.now() > before + lifetime) t.heldUp(t.world.now() - before - lifetime);
      t.answers(reply, accepted, { what: `the status of a query ${MARGIN} ms before the expiration` });
    },
  }),
  defineCase({
    id: "oms/expiry/refreshed",
    title:
      "an overlay network that is refreshed in time outlives its first expiration, and ends when the refreshing does",
    requirements: ["DS-8.5-c"],
    errata: ["E-DS-07"],
    group: "behaviour",
    budgetMs: budget(3),
    async run(t) {
      const { made, before, lifetime } = await brief(t);
      let last = before;
      for (const which of ["first", "second", "third"]) {
        await t.sleep(Math.max(0, last + lifetime / 2 - t.world.now()));
        const reply = await refresh(t, made.id, made.token);
        if (t.world.now() > last + lifetime) t.heldUp(t.world.now() - last - lifetime);
        succeeds(t, reply, { what: `the status of the ${which} refresh, in time` });
        asInProfile(t, reply, { "/refresh_expiration": is.positive }, FORM);
        last = t.world.now();
      }
      const seen = await facts(t, made.id);
      if (t.world.now() > last + lifetime) t.heldUp(t.world.now() - last - lifetime);
      t.answers(seen, accepted, { what: "the status of a query after the first expiration, refreshed in time" });
      t.that(await goes(t, made, last + lifetime), "no overlay network of this identifier", "it is still shown", {
        what: "the overlay network after the refreshing ended",
      });
    },
  }),
  defineCase({
    id: "oms/expiry/too-late",
    title: "a refresh after the expiration brings nothing back",
    requirements: ["DS-8.5-c"],
    errata: ["E-DS-07"],
    group: "behaviour",
    budgetMs: budget(1),
    async run(t) {
      const { made, after, lifetime } = await brief(t);
      // Nobody asks for it before: an overlay network that is over only when somebody looks is over all the same.
      await t.sleep(Math.max(0, after + lifetime + grace(t.declared) - t.world.now()));
      t.answers(await refresh(t, made.id, made.token), notThere, { what: "the status of a refresh that is too late" });
      t.answers(await facts(t, made.id), notThere, { what: "the status of a query afterwards" });
    },
  }),
  defineCase({
    id: "oms/expiry/others-stay",
    title: "an overlay network that is over takes no other with it",
    requirements: ["DS-8.5-c"],
    group: "behaviour",
    budgetMs: budget(1),
    async run(t) {
      const other = await overlay(t, { refresh_expiration: 300 });
      const { made, after, lifetime } = await brief(t);
      await t.setup("the expiration", async () => {
        if (!(await goes(t, made, after + lifetime))) t.inconclusive("the overlay network does not go");
      });
      t.answers(await facts(t, other.id), accepted, { what: "the status of a query for another overlay network" });
    },
  }),
  defineCase({
    id: "oms/expiry/stranger",
    title: "who did not make an overlay network does not keep it alive",
    requirements: ["DS-8.5-c"],
    errata: ["E-DS-36"],
    group: "behaviour",
    security: true,
    async run(t) {
      const [made, other] = [await overlay(t), await overlay(t)];
      const permitted = t.declared.reading("E-DS-36") === "A" ? notThere : lived;
      t.answers(await refresh(t, made.id, other.token), permitted, {
        what: "the status of a refresh by the owner of another overlay network",
      });
      t.answers(await refresh(t, made.id, ""), permitted, { what: "the status of a refresh by nobody" });
      succeeds(t, await refresh(t, made.id, made.token), { what: "the status of the owner's refresh" });
    },
  }),
];
