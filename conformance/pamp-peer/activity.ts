import type { RequirementId } from "../../generated/catalogue/requirements.js";
import type { Act } from "../client/drive.js";
import type { ClientRequest } from "../client/request.js";
import { NotApplicable } from "../engine/outcome.js";
import type { PeerAction } from "./actions.js";
import type { Joined, PeerTest } from "./case.js";
import { defineCase } from "./case.js";
import { REPORT } from "./session.js";

const DYNAMIC = "peer_status.dynamic_status";
const PROFILE = "peer_status.static_status";
const budgetMs = (declared: { value(name: never): unknown }): number =>
  10_000 +
  1000 * (6 * Number(declared.value("report-interval" as never)) + 2 * Number(declared.value("acts-within" as never)));

type Details = Readonly<Record<string, unknown>>;

/** A peer that has reported once and is asked to do something. Without a way to ask it, the case is n/a. */
async function asked(
  t: PeerTest,
  action: PeerAction,
  details: Details = {},
): Promise<{ joined: Joined; act: Act; since: number }> {
  const joined = await t.join({ later: [action], details: { [action]: details } });
  await t.setup("a peer that reports", () =>
    t.report(joined, { requirement: t.definition.requirements[0] as RequirementId, what: "the first report" }),
  );
  const since = t.server.arrived[0]?.at ?? 0;
  const act = joined.product.do(action, details);
  return { joined, act, since };
}

/** The report that the act has to bring; n/a where nobody knows whether the product was asked. */
async function brings(
  t: PeerTest,
  act: Act,
  what: string,
  where: (one: ClientRequest) => boolean,
): Promise<ClientRequest | undefined> {
  const found = t.server.of(REPORT).find(where);
  if (found) return found;
  const report = await t.server.next(REPORT, {
    withinMs: 1.5 * t.intervalMs + t.actsWithinMs,
    where,
    unless: () => act.done?.how === "unsupported" || act.done?.how === "failed",
  });
  if (!report.silent) return report;
  const { how, reason } = await act.over;
  if (how !== "asked") throw new NotApplicable(`${what} cannot be seen: ${reason}`);
  return undefined;
}

const amount = (report: ClientRequest, name: string): number => Number(report.get(`${DYNAMIC}.${name}`) ?? 0);

const eventsOf = (report: ClientRequest): Details[] => {
  const events = report.get(`${DYNAMIC}.fragment_event`);
  return Array.isArray(events) ? (events as Details[]) : [];
};

const PROFILE_MEMBERS = [
  ["PAMP-9.1.10-01", "max_up_bw", 1234],
  ["PAMP-9.1.10-02", "max_dn_bw", 4321],
  ["PAMP-9.1.10-03", "max_up_bw_per_net", 123],
  ["PAMP-9.1.10-04", "max_dn_bw_per_net", 432],
  ["PAMP-9.1.10-05", "max_num_conn_for_up", 12],
  ["PAMP-9.1.10-06", "max_num_conn_for_dn", 34],
  ["PAMP-9.1.10-07", "max_num_conn_for_up_per_net", 5],
  ["PAMP-9.1.10-08", "max_num_active_net", 6],
] as const;

export const activityCases = [
  defineCase({
    id: "pamp-peer/activity/profile",
    title: "a peer whose profile changes reports the new one",
    requirements: [
      "PAMP-8.1.4.1-02",
      "PAMP-9.2.5-01",
      "PAMP-6-09",
      ...PROFILE_MEMBERS.map(([requirement]) => requirement),
    ],
    errata: ["E-PAMP-14", "E-PAMP-33", "E-PAMP-40"],
    group: "behaviour",
    budgetMs,
    async run(t) {
      const profile = Object.fromEntries(PROFILE_MEMBERS.map(([, name, value]) => [name, value]));
      const { act, since } = await asked(t, "change-profile", { static_status: profile });
      const shows = (one: ClientRequest): boolean =>
        one.at > since && PROFILE_MEMBERS.some(([, name, value]) => one.get(`${PROFILE}.${name}`) === value);
      const report = await brings(t, act, "a changed profile", shows);
      const last = t.server.of(REPORT).at(-1);
      t.that(report !== undefined, "a report with the new static_status", last?.text ?? "none", {
        requirement: ["PAMP-8.1.4.1-02", "PAMP-9.2.5-01", "PAMP-9.1.10-01", "PAMP-6-09"],
        what: "what a peer reports whose profile has changed",
        entry: last?.entry,
      });
      for (const [requirement, name, value] of PROFILE_MEMBERS) {
        const seen = report?.get(`${PROFILE}.${name}`);
        t.oneOf(seen, [value, undefined], { requirement, what: `${name} of the new profile`, entry: report?.entry });
        if (seen === undefined) t.warn(`the new profile has no ${name}`, requirement);
      }
    },
  }),
  defineCase({
    id: "pamp-peer/activity/exchange",
    title:
      "an exchange of fragments shows in the next reports, once: as events, and as amounts since the report before",
    requirements: [
      "PAMP-9.1.4-01",
      "PAMP-9.1.4-02",
      "PAMP-9.1.4-03",
      "PAMP-9.1.4-04",
      "PAMP-9.1.4-05",
      "PAMP-9.1.4-06",
      "PAMP-9.1.9-04",
      "PAMP-9.1.9-05",
      "PAMP-9.1.9-07",
      "PAMP-REQ-RPT-06a",
      "PAMP-REQ-RPT-06b",
      "PAMP-8.2.4-01",
      "PAMP-8.2.5-01",
    ],
    errata: ["E-PAMP-08", "E-PAMP-10", "E-PAMP-15", "E-PAMP-33", "E-PAMP-35", "E-PAMP-38"],
    group: "behaviour",
    budgetMs,
    async run(t) {
      const [to, from] = [t.unique("peer"), t.unique("peer")];
      const wishes = [
        { fragment_event_type: "UPLOADED", fragment_id: "17", fragment_integrity: true, to },
        { fragment_event_type: "DOWNLOADED", fragment_id: "18", fragment_integrity: true, from },
      ];
      const { act } = await asked(t, "exchange", { uploaded: 3000, downloaded: 2000, events: wishes });
      const first = await brings(
        t,
        act,
        "an exchange",
        (one) => eventsOf(one).length > 0 || amount(one, "uploaded") > 0,
      );
      t.that(first !== undefined, "a report of the exchange", "none", {
        requirement: ["PAMP-9.1.4-01", "PAMP-8.2.4-01", "PAMP-8.2.5-01"],
        what: "what a peer reports that has exchanged fragments",
      });
      await t.server.during(2 * t.intervalMs);
      const reports = t.server.of(REPORT);
      const events = reports.flatMap(eventsOf);
      const entry = first?.entry;
      const seen = (id: number): Details[] => events.filter(({ fragment_id }) => Number(fragment_id) === id);
      for (const [id, type] of [
        [17, "UPLOADED"],
        [18, "DOWNLOADED"],
      ] as const) {
        t.equal(seen(id).length, 1, {
          requirement: ["PAMP-9.1.4-01", "PAMP-9.1.9-07", "PAMP-8.2.4-01", "PAMP-8.2.5-01"],
          what: `the number of events that tell of fragment ${id}, over all reports`,
          entry,
        });
        t.equal(seen(id)[0]?.fragment_event_type, type, {
          requirement: "PAMP-9.1.4-02",
          what: `the type of the event of fragment ${id}`,
          entry,
        });
        t.oneOf(seen(id)[0]?.fragment_integrity, [true, undefined], {
          requirement: "PAMP-9.1.4-04",
          what: `fragment_integrity of fragment ${id}, which is sound`,
          entry,
        });
      }
      t.passed({ requirement: "PAMP-9.1.4-03", what: "fragment_id of an event" });
      t.equal(seen(17)[0]?.to, to, {
        requirement: ["PAMP-9.1.4-05", "PAMP-REQ-RPT-06b"],
        what: "to of an upload",
        entry,
      });
      t.equal(seen(18)[0]?.from, from, {
        requirement: ["PAMP-9.1.4-06", "PAMP-REQ-RPT-06a"],
        what: "from of a download",
        entry,
      });
      for (const [requirement, name, wanted] of [
        ["PAMP-9.1.9-04", "uploaded", 3000],
        ["PAMP-9.1.9-05", "downloaded", 2000],
      ] as const) {
        const sum = reports.reduce((total, one) => total + amount(one, name), 0);
        // A kilobyte has 1000 octets or 1024 (E-PAMP-33).
        t.that(Math.abs(sum - wanted) <= wanted * 0.03, `${wanted} over all reports, by 3 percent`, String(sum), {
          requirement,
          what: `${name}, added up over all reports`,
          entry: reports.at(-1)?.entry,
        });
      }
    },
  }),
  defineCase({
    id: "pamp-peer/activity/fragments",
    title: "the fragments that a peer holds stand in its reports, as a list, as a range, or as both",
    requirements: [
      "PAMP-9.1.9-08",
      "PAMP-9.1.9-09",
      "PAMP-9.1.5-01",
      "PAMP-9.1.5-02",
      "PAMP-9.1.5-03",
      "PAMP-9.1.6-01",
      "PAMP-9.1.6-02",
      "PAMP-REQ-RPT-06c",
      "PAMP-REQ-RPT-06d",
      "PAMP-REQ-RPT-06e",
      "PAMP-REQ-ID-02",
    ],
    errata: ["E-PAMP-10", "E-PAMP-16", "E-PAMP-32", "E-PAMP-33", "E-PAMP-36", "E-PAMP-69"],
    group: "behaviour",
    budgetMs,
    async run(t) {
      const fragment = [1, 5, 9];
      const held = [...fragment, ...Array.from({ length: 11 }, (_, index) => 10 + index)];
      const { act } = await asked(t, "hold", {
        fragment,
        start_fragment_id: 10,
        end_fragment_id: 20,
        num_of_fragment: 100,
        fragment_size: 64,
      });
      const report = await brings(
        t,
        act,
        "what it holds",
        (one) =>
          one.get(`${DYNAMIC}.fragment_list`) !== undefined || one.get(`${DYNAMIC}.fragment_range`) !== undefined,
      );
      t.that(report !== undefined, "a report with fragment_list or fragment_range", "none", {
        requirement: ["PAMP-9.1.9-08", "PAMP-REQ-ID-02"],
        what: "what a peer reports that holds fragments",
      });
      const member = (path: string): unknown => report?.get(`${DYNAMIC}.${path}`);
      const entry = report?.entry;
      const list = member("fragment_list.fragment") ?? [];
      const listed = Array.isArray(list) ? list.map(Number) : [];
      const [start, end] = [member("fragment_range.start_fragment_id"), member("fragment_range.end_fragment_id")];
      const ranged = typeof start === "number" && typeof end === "number";
      const all = new Set([...listed, ...held.filter((id) => ranged && id >= start && id <= end)]);
      const missing = held.filter((id) => !all.has(id));
      t.equal(missing, [], {
        requirement: ["PAMP-9.1.9-08", "PAMP-9.1.5-03", "PAMP-REQ-ID-02"],
        what: "fragments that the peer holds, and that neither list nor range has",
        entry,
      });
      const bounds = (requirement: RequirementId, name: string, value: unknown): void =>
        t.that(
          value === undefined || (typeof value === "number" && held.includes(value)),
          "a fragment that the peer holds, or nothing",
          value,
          { requirement: [requirement, "PAMP-9.1.9-09"], what: name, entry },
        );
      bounds("PAMP-9.1.6-01", "start_fragment_id", start);
      bounds("PAMP-9.1.6-02", "end_fragment_id", end);
      const total = member("fragment_list.num_of_fragment");
      t.oneOf(total, [undefined, 100, listed.length], {
        requirement: "PAMP-9.1.5-01",
        what: "num_of_fragment of content with 100 fragments",
        entry,
      });
      if (total === listed.length)
        t.warn("num_of_fragment is the length of the list, not the total (E-PAMP-32)", "PAMP-9.1.5-01");
      const size = member("fragment_list.fragment_size");
      t.that(
        size === undefined || (typeof size === "number" && Math.abs(size - 64) <= 2),
        "64 by 3 percent, or nothing",
        size,
        {
          requirement: "PAMP-9.1.5-02",
          what: "fragment_size in kilobytes",
          entry,
        },
      );
      for (const [requirement, name, value] of [
        ["PAMP-REQ-RPT-06c", "list of fragments", listed[0]],
        ["PAMP-REQ-RPT-06d", "range of fragments", start],
        ["PAMP-REQ-RPT-06e", "fragment_size", size],
      ] as const) {
        if (value === undefined) t.warn(`the report has no ${name}`, requirement);
        else t.passed({ requirement, what: name });
      }
    },
  }),
  defineCase({
    id: "pamp-peer/activity/pause",
    title: "a peer that pauses reports STOPPED",
    requirements: ["PAMP-9.1.9-02"],
    errata: ["E-PAMP-25"],
    group: "behaviour",
    budgetMs,
    async run(t) {
      const { act } = await asked(t, "pause");
      const event = `${DYNAMIC}.overlay_event`;
      const report = await brings(t, act, "a pause", (one) => one.get(event) === "STOPPED");
      const last = t.server.of(REPORT).at(-1);
      t.that(report !== undefined, "STOPPED", last?.get(event), {
        what: "overlay_event of a peer that pauses",
        entry: last?.entry,
      });
    },
  }),
  defineCase({
    id: "pamp-peer/activity/complete",
    title: "a peer that has received everything reports COMPLETED, and nothing left",
    requirements: ["PAMP-9.1.9-01", "PAMP-9.1.9-06"],
    errata: ["E-PAMP-08", "E-PAMP-25", "E-PAMP-72"],
    group: "behaviour",
    budgetMs,
    async run(t) {
      const { act } = await asked(t, "complete");
      const event = `${DYNAMIC}.overlay_event`;
      const report = await brings(t, act, "completion", (one) => one.get(event) === "COMPLETED");
      const last = t.server.of(REPORT).at(-1);
      t.that(report !== undefined, "COMPLETED", last?.get(event), {
        requirement: ["PAMP-9.1.9-01", "PAMP-9.1.9-06"],
        what: "overlay_event of a peer that has everything",
        entry: last?.entry,
      });
      const left = report?.get(`${DYNAMIC}.left`);
      t.that(left === undefined || Number(left) === 0, "0, or nothing", left, {
        requirement: "PAMP-9.1.9-06",
        what: "left of a peer that has everything",
        entry: report?.entry,
      });
    },
  }),
];
