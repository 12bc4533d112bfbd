import type { ClientRequest } from "../client/request.js";
import { NotApplicable } from "../engine/outcome.js";
import { configured } from "../pamp/protocol.js";
import type { Joined, PeerTest } from "./case.js";
import { defineCase } from "./case.js";
import { REG, REPORT } from "./session.js";

const DYNAMIC = "peer_status.dynamic_status";
const PROFILE = "peer_status.static_status";

const isDynamic = (one: ClientRequest): boolean => one.get(DYNAMIC) !== undefined;

/** Nothing but the time can have caused it: no event, no profile (E-PAMP-24 allows reports on events besides). */
function isPlain(one: ClientRequest): boolean {
  const events = one.get(`${DYNAMIC}.fragment_event`);
  return isDynamic(one) && one.get(PROFILE) === undefined && !(Array.isArray(events) && events.length > 0);
}

const gaps = (reports: readonly ClientRequest[]): number[] =>
  reports.slice(1).map((one, index) => Math.round(one.at - (reports[index]?.at ?? 0)));

const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;

/** Watches a peer that is registered, and judges the times between its dynamic reports by the interval that it was told. */
async function keepsInterval(
  t: PeerTest,
  joined: Joined,
  intervalMs: number,
  requirement: Parameters<PeerTest["that"]>[3]["requirement"],
): Promise<void> {
  const cite = {
    ...(requirement === undefined ? {} : { requirement }),
    what: `the times between dynamic reports, of ${intervalMs / 1000} s each`,
  };
  const tolerance = t.declared.value("interval-tolerance");
  const first = await t.report(joined, { ...cite, withinMs: intervalMs * (1 + tolerance), where: isDynamic });
  const lengthMs = 2 * intervalMs * (1 + tolerance);
  await t.server.during(lengthMs);
  const held = t.world.heldUp(lengthMs + 500);
  const reports = t.server.of(REPORT, first.at).filter(isDynamic);
  // The first gap shows when the peer starts to count, the others how long an interval is.
  const long = gaps(reports);
  const plain = gaps(reports.filter(isPlain));
  const most = intervalMs * (1 + tolerance);
  const least = intervalMs * (1 - tolerance);
  const late = long.length < 2 || Math.max(...long) > most;
  const early = plain.length > 1 && mean(plain.slice(1)) < least;
  if ((late || early) && held > (intervalMs * tolerance) / 4) t.heldUp(held);
  t.that(
    !late,
    `a dynamic report every ${intervalMs} ms, or ${Math.round(most)} ms at most`,
    long.length > 0 ? `${long.join(" ms, ")} ms` : "no second one",
    {
      ...cite,
      entry: reports.at(-1)?.entry,
    },
  );
  t.that(!early, `${Math.round(least)} ms at least, but for events`, `${plain.join(" ms, ")} ms`, {
    ...cite,
    entry: reports.at(-1)?.entry,
  });
}

const budget =
  (intervals: number) =>
  (declared: { value(name: never): unknown }): number =>
    8_000 +
    1000 *
      (intervals * Number(declared.value("report-interval" as never)) + Number(declared.value("acts-within" as never)));

export const reportCases = [
  defineCase({
    id: "pamp-peer/report/first",
    title: "a peer that is registered reports its profile and its activity, of itself",
    requirements: [
      "PAMP-9.2.5-03",
      "PAMP-9.2.5-04",
      "PAMP-9.1.11-01",
      "PAMP-8.1.4-01",
      "PAMP-8.1.4.1-01",
      "PAMP-9.2.5-02",
      "PAMP-REQ-RPT-02",
      "PAMP-9.1.9-03",
      "PAMP-6-10",
    ],
    errata: ["E-PAMP-01", "E-PAMP-02", "E-PAMP-09", "E-PAMP-37", "E-PAMP-41", "E-PAMP-45"],
    group: "basic",
    budgetMs: budget(3),
    async run(t) {
      const joined = await t.join();
      const first = await t.report(joined, {
        requirement: ["PAMP-9.2.5-03", "PAMP-9.2.5-04", "PAMP-8.1.4-01"],
        what: "the first report",
      });
      const { entry } = first;
      const { NID, PID } = first.params;
      t.that(
        NID === joined.overlay && PID === joined.peer,
        `${joined.overlay} and ${joined.peer}`,
        `${NID} and ${PID}`,
        {
          requirement: ["PAMP-REQ-RPT-02", "PAMP-9.2.5-03", "PAMP-6-10"],
          what: "the identifiers in the path of a report, against those of the registration",
          entry,
        },
      );
      t.that(
        first.get(DYNAMIC) !== undefined || first.get(PROFILE) !== undefined,
        "peer_status with dynamic_status, static_status, or both",
        first.text,
        {
          requirement: ["PAMP-9.2.5-04", "PAMP-9.1.11-01"],
          what: "the body of the first report",
          entry,
        },
      );
      const profile =
        first.get(PROFILE) !== undefined
          ? first
          : await t.report(joined, {
              requirement: ["PAMP-8.1.4.1-01", "PAMP-9.2.5-02", "PAMP-8.1.4-01"],
              what: "a report of the static status after the registration",
              where: (one) => one.get(PROFILE) !== undefined,
            });
      t.that(profile.get(PROFILE) !== undefined, "a static_status", profile.text, {
        requirement: ["PAMP-8.1.4.1-01", "PAMP-9.2.5-02"],
        what: "the static status after the registration",
        entry: profile.entry,
      });
      const dynamic = isDynamic(first)
        ? first
        : await t.report(joined, {
            requirement: "PAMP-8.1.4-01",
            what: "a report of the dynamic status after the registration",
            where: isDynamic,
          });
      const event = dynamic.get(`${DYNAMIC}.overlay_event`);
      t.oneOf(event, [undefined, "STARTED", "COMPLETED"], {
        requirement: "PAMP-9.1.9-03",
        what: "overlay_event of a peer that has just joined",
        entry: dynamic.entry,
      });
      if (event === undefined) t.warn("the first report has no overlay_event", "PAMP-9.1.9-03");
    },
  }),
  defineCase({
    id: "pamp-peer/report/interval",
    title: "a peer reports its activity at the interval that it was told",
    requirements: [
      "PAMP-REQ-RPT-01",
      "PAMP-8.1.4.2-01",
      "PAMP-8.2.3-01",
      "PAMP-9.2.5-01",
      "PAMP-6-08",
      "DS-7.1.2-04",
      "DS-8.2-01",
      "DS-8.2-c",
    ],
    errata: ["E-PAMP-24", "E-PAMP-41"],
    group: "behaviour",
    budgetMs: budget(6),
    async run(t) {
      const joined = await t.join();
      await keepsInterval(t, joined, t.intervalMs, t.definition.requirements);
    },
  }),
  defineCase({
    id: "pamp-peer/report/other-interval",
    title: "told an interval twice as long, a peer reports half as often",
    requirements: ["PAMP-8.1.2.2-03", "PAMP-REQ-RPT-01"],
    errata: ["E-PAMP-24"],
    group: "behaviour",
    budgetMs: budget(12),
    async run(t) {
      const intervalMs = 2 * t.intervalMs;
      t.server.answer(REG, () => configured(t.server, { report_interval: intervalMs / 1000 }));
      await keepsInterval(t, await t.join(), intervalMs, ["PAMP-8.1.2.2-03", "PAMP-REQ-RPT-01"]);
    },
  }),
  defineCase({
    id: "pamp-peer/report/new-interval",
    title: "a peer that has to register again reports at the interval that it is told then",
    requirements: ["PAMP-REQ-RPT-01"],
    errata: ["E-PAMP-59", "E-PAMP-73"],
    group: "behaviour",
    budgetMs: budget(14),
    async run(t) {
      t.server.answer(REPORT, { status: 404 }, { times: 1 });
      const joined = await t.join();
      const intervalMs = 2 * t.intervalMs;
      t.server.answer(REG, () => configured(t.server, { report_interval: intervalMs / 1000 }));
      const again = await t.server.next(REG, {
        withinMs: t.actsWithinMs + t.intervalMs,
        unless: () => joined.product.ended() !== undefined,
      });
      // It may as well stop in good order [9.2.5.2].
      if (again.silent)
        throw new NotApplicable("a peer that is told that it is unknown does not register again, and need not");
      await keepsInterval(t, joined, intervalMs, "PAMP-REQ-RPT-01");
    },
  }),
  defineCase({
    id: "pamp-peer/report/recommended-profile",
    title: "the profile has the highest bandwidths and the number of connections",
    requirements: ["PAMP-REQ-RPT-05a", "PAMP-REQ-RPT-05b", "PAMP-REQ-RPT-05c"],
    errata: ["E-PAMP-14"],
    group: "capability",
    budgetMs: budget(3),
    async run(t) {
      const joined = await t.join();
      const report = await t.setup("a report of the profile", () =>
        t.report(joined, {
          requirement: "PAMP-REQ-RPT-05a",
          what: "a report of the profile",
          where: (one) => one.get(PROFILE) !== undefined,
        }),
      );
      for (const [requirement, members] of [
        ["PAMP-REQ-RPT-05a", ["max_up_bw"]],
        ["PAMP-REQ-RPT-05b", ["max_dn_bw"]],
        ["PAMP-REQ-RPT-05c", ["max_num_conn_for_up", "max_num_conn_for_dn", "max_num_conn_for_up_per_net"]],
      ] as const) {
        const there = members.some((name) => report.get(`${PROFILE}.${name}`) !== undefined);
        if (there) t.passed({ requirement, what: `${members.join(" or ")} of the profile` });
        else t.warn(`the profile has no ${members.join(" or ")}`, requirement);
      }
    },
  }),
  defineCase({
    id: "pamp-peer/report/recommended-activity",
    title: "a dynamic report says in which state the peer is and how much it has exchanged",
    requirements: ["PAMP-REQ-RPT-06f", "PAMP-REQ-RPT-06h", "PAMP-REQ-RPT-06i"],
    errata: ["E-PAMP-08", "E-PAMP-25"],
    group: "capability",
    budgetMs: budget(3),
    async run(t) {
      const joined = await t.join();
      const report = await t.setup("a dynamic report", () =>
        t.report(joined, { requirement: "PAMP-REQ-RPT-06f", what: "a dynamic report", where: isDynamic }),
      );
      for (const [requirement, name] of [
        ["PAMP-REQ-RPT-06f", "overlay_event"],
        ["PAMP-REQ-RPT-06h", "uploaded"],
        ["PAMP-REQ-RPT-06i", "downloaded"],
      ] as const) {
        if (report.get(`${DYNAMIC}.${name}`) !== undefined)
          t.passed({ requirement, what: `${name} of a dynamic report` });
        else t.warn(`a dynamic report has no ${name}`, requirement);
      }
    },
  }),
];
