import type { RequirementId } from "../../../generated/catalogue/requirements.js";
import type { Mutant } from "./mutant.js";
import { answering, asked, mutantsOf, turning } from "./mutant.js";

const REPORT = "PAMP_PEER_STATUS_REPORT";
const LIST = "PAMP_PEER_LIST_QUERY";
const INFO = "PAMP_PEER_INFO_QUERY";

type Entry = Omit<Mutant, "id" | "entity">;

const turns = (breaks: RequirementId, operation: string, from: number, to: number): Entry => ({
  breaks: [breaks],
  what: `${operation}: ${to} instead of ${from}`,
  ...turning(operation, from, to),
});

/** Drops a condition from list queries. */
const deaf = (member: string, ...breaks: readonly RequirementId[]): Entry => ({
  breaks,
  what: `list queries: ${member} is not looked at`,
  ...asked(LIST, `delete asked.peer_query_condition?.${member};`),
});

const refusing = (breaks: RequirementId, what: string, operation: string, when: string): Entry => ({
  breaks: [breaks],
  what,
  ...asked(operation, `if (${when}) return refuse(exchange, 400, {});`),
});

const lists = (breaks: RequirementId, what: string, change: string): Entry => ({
  breaks: [breaks],
  what,
  ...answering(LIST, `const list = sent.peer_list; if (list) { ${change} }`),
});

/** Changes what a query for one peer shows: `dynamic`, `profile`. */
const shows = (breaks: RequirementId, what: string, change: string): Entry => ({
  breaks: [breaks],
  what: `a query for one peer ${what}`,
  ...answering(
    INFO,
    `const { dynamic_status: dynamic = {}, static_status: profile = {} } = sent.peer_status ?? {}; ${change}`,
  ),
});

const core = (find: string, replace: string) => ({ file: "impl/pams/core.ts", find, replace });
const select = (find: string, replace: string) => ({ file: "impl/pams/select.ts", find, replace });
const advice = (find: string, replace: string) => ({ file: "impl/pams/advice.ts", find, replace });
const possession = (find: string, replace: string) => ({ file: "impl/pams/possession.ts", find, replace });

/** Defects of a PAMS in what peers report and queries are answered. */
export const pamsActivityMutants = mutantsOf("pams", {
  "report-refused": turns("PAMP-REQ-RPT-03", REPORT, 200, 503),
  "report-redirected": turns("PAMP-9.2.5-05", REPORT, 200, 302),
  "report-with-body": {
    breaks: ["PAMP-9.2.5-05"],
    what: "a report is answered with a body",
    file: "generated/runtime/http-answer.ts",
    find: 'if (body === undefined) return send(exchange, status, undefined, "", headers);',
    replace: `if (body === undefined) return operation.id === "${REPORT}" && status === 200 ? send(exchange, status, "{}", "application/json", headers) : send(exchange, status, undefined, "", headers);`,
    equivalent: "E-PAMP-73: a body of the acknowledgement does no harm; the suite remarks on it",
  },
  "report-of-one-part-refused": refusing(
    "PAMP-9.2.5-02",
    "a report of one part is refused",
    REPORT,
    "Object.keys(asked.peer_status ?? {}).length === 1",
  ),
  "report-with-events-refused": refusing(
    "PAMP-9.2.5-04",
    "a report with fragment events is refused",
    REPORT,
    'JSON.stringify(asked).includes("fragment_event")',
  ),
  "report-extension-refused": refusing(
    "PAMP-REQ-EXT-01",
    "a report with a member that PAMP does not know is refused",
    REPORT,
    'JSON.stringify(asked).includes("x-conformance")',
  ),
  "report-stopped-refused": refusing(
    "PAMP-9.1-03",
    "a report of STOPPED is refused",
    REPORT,
    'asked.peer_status?.dynamic_status?.overlay_event === "STOPPED"',
  ),
  "report-unknown-taken": turns("PAMP-9.2.5-06", REPORT, 404, 200),
  "report-unknown-conflict": turns("PAMP-9.2.5-06", REPORT, 404, 409),
  "report-profile-not-kept": {
    breaks: ["PAMP-9.2.5-07"],
    what: "a report without profile removes the profile",
    ...core("const staticStatus = profile ?? peer.staticStatus;", "const staticStatus = profile;"),
    equivalent: "E-PAMP-40: whether a part left out stays is open; the suite remarks that it is lost",
  },
  "report-status-not-kept": {
    breaks: ["PAMP-9.2.5-07"],
    what: "a report without dynamic part removes the one there was",
    ...core(
      "const told = dynamic === undefined ? peer : kept(dynamic, held);",
      "const told: any = dynamic === undefined ? {} : kept(dynamic, held);",
    ),
    equivalent: "E-PAMP-40: whether a part left out stays is open; the suite remarks that it is lost",
  },
  "report-profile-set-to-nought": {
    breaks: ["PAMP-9.2.5-07"],
    what: "a report without profile sets the bandwidths of the profile to 0",
    ...core(
      "const staticStatus = profile ?? peer.staticStatus;",
      "const staticStatus = profile ?? (peer.staticStatus && { ...peer.staticStatus, max_up_bw: 0 });",
    ),
  },
  "report-status-started-over": {
    breaks: ["PAMP-9.2.5-07"],
    what: "a report without dynamic part sets the peer back to STARTED",
    ...core(
      "const told = dynamic === undefined ? peer : kept(dynamic, held);",
      'const told: any = dynamic === undefined ? { ...peer, dynamicStatus: peer.dynamicStatus && { ...peer.dynamicStatus, overlay_event: "STARTED" } } : kept(dynamic, held);',
    ),
  },
  "report-first-counts": {
    breaks: ["PAMP-9.2.7-03"],
    what: "only the first report of a peer is shown",
    ...core(
      "const told = dynamic === undefined ? peer : kept(dynamic, held);",
      "const told: any = peer.dynamicStatus !== undefined || dynamic === undefined ? peer : kept(dynamic, held);",
    ),
  },
  "report-profile-first-counts": {
    breaks: ["PAMP-9.2.7-03"],
    what: "only the first profile of a peer is shown",
    ...core("const staticStatus = profile ?? peer.staticStatus;", "const staticStatus = peer.staticStatus ?? profile;"),
  },
  "report-shared-by-all": {
    breaks: ["PAMP-9.2.7-03"],
    what: "every peer shows what was reported last by any",
    ...core(
      "if (peer.dynamicStatus !== undefined) status.dynamic_status = asTold(peer.dynamicStatus, peer.listed);",
      "const last = [...(this.overlays.get(overlayId)?.peers.values() ?? [])].at(-1); if (last?.dynamicStatus !== undefined) status.dynamic_status = last.dynamicStatus;",
    ),
  },
  "report-events-shown": {
    breaks: ["PAMP-9.2.7-04"],
    what: "fragment events of a report are shown to who asks for the peer",
    ...core(
      "const told = dynamic === undefined ? peer : kept(dynamic, held);",
      "const told: any = dynamic === undefined ? peer : { dynamicStatus: dynamic, listed: undefined };",
    ),
  },
  "report-events-ignored": {
    breaks: ["PAMP-9.1.7-07"],
    what: "fragments that events say were received do not count as held",
    ...core(
      "if (dynamic.fragment_event === undefined) return reported;",
      "if (dynamic !== undefined) return reported;",
    ),
  },
  "report-amounts-of-the-last-only": {
    breaks: ["PAMP-9.1.7-04"],
    what: "a list is ordered by what the last report uploaded, not by all of them",
    ...core(
      "const standing = this.#standing(account, { held, toldUp, toldDown });",
      "const standing = this.#standing(account, { held, toldUp: uploaded, toldDown: downloaded });",
    ),
  },

  "list-ids-renamed": lists(
    "PAMP-9.1.8-01",
    "the IDs of a list are called ids",
    "list.ids = list.peer_id; delete list.peer_id;",
  ),
  "list-of-objects": lists(
    "PAMP-9.1.8-01",
    "a list holds objects",
    "list.peer_id = list.peer_id.map((id: string) => ({ id }));",
  ),
  "list-without-braces": {
    breaks: ["PAMP-9.2.6-05"],
    what: "a list answer has lost its braces, as the printed one",
    ...answering(
      LIST,
      "if (status === 200) return send(exchange, status, JSON.stringify(sent).slice(1, -1), type, headers);",
    ),
  },
  "list-bare-element": {
    breaks: ["PAMP-9.1-01"],
    what: "a list answer is the bare element",
    ...answering(
      LIST,
      "if (status === 200) return send(exchange, status, JSON.stringify(sent.peer_list), type, headers);",
    ),
  },
  "list-of-one-is-no-list": lists(
    "PAMP-9.1-03",
    "a list of one peer is that peer's ID",
    "if (list.peer_id.length === 1) list.peer_id = list.peer_id[0];",
  ),
  "list-empty-without-names": {
    breaks: ["PAMP-8.2.5-06"],
    what: "without named peers the list is empty",
    ...select("else fromAll(overlay, plan, selection, limits);", ""),
  },
  "list-status-ignored": deaf("overlay_status", "PAMP-9.1.7-02", "DS-8.1-d-i"),

  "list-status-started-is-any": {
    breaks: ["PAMP-9.1.7-02"],
    what: "peers of every status count as started",
    ...select(
      "(status !== undefined && status !== peer.event)",
      '(status !== undefined && status !== "STARTED" && status !== peer.event)',
    ),
  },
  "list-maximum-ignored": deaf("max_peer_num", "PAMP-9.1.7-03", "PAMP-REQ-QRY-02N2"),
  "list-maximum-one-more": {
    breaks: ["PAMP-9.1.7-03", "DS-8.1-d-ii"],
    what: "a list has one peer more than its maximum",
    ...select(
      "return Math.min(max_peer_num ?? limits.answerDefault, limits.answerPeers);",
      "return Math.min((max_peer_num ?? limits.answerDefault) + 1, limits.answerPeers);",
    ),
  },
  "list-ordering-ignored": deaf("ordering", "PAMP-9.1.7-04"),
  "list-ordering-left-is-uploaded": {
    breaks: ["PAMP-9.1.7-04"],
    what: "LEFT is ordered by what was uploaded",
    file: "impl/pams/ranking.ts",
    find: "return left;",
    replace: "return -uploaded;",
  },
  "list-ordering-downloaded-is-uploaded": {
    breaks: ["PAMP-9.1.7-04", "DS-8.1-d-iii", "DS-7.2.5-02"],
    what: "DOWNLOADED is ordered by what was uploaded",
    file: "impl/pams/ranking.ts",
    find: "return -downloaded;",
    replace: "return -uploaded;",
  },
  "list-ordering-as-text": {
    breaks: ["PAMP-9.1.7-04"],
    what: "amounts are compared as text",
    ...select(
      "const x = rankKey(criterion, a);\n  const y = rankKey(criterion, b);",
      'const x: any = criterion === "LEFT" ? String(a.left) : String(rankKey(criterion, a)).replace("-", "");\n  const y: any = criterion === "LEFT" ? String(b.left) : String(rankKey(criterion, b)).replace("-", "");\n  if (criterion !== "LEFT" && criterion !== "NONE") return x > y ? -1 : x < y ? 1 : byId(a, b);',
    ),
  },
  "list-ordering-best-second": lists(
    "PAMP-9.1.7-04",
    "the best peer comes second",
    "if (list.peer_id.length > 1) list.peer_id = [list.peer_id[1], list.peer_id[0], ...list.peer_id.slice(2)];",
  ),
  "list-named-ignored": deaf("peer_id", "PAMP-9.1.7-05"),
  "list-named-unordered": {
    breaks: ["PAMP-9.1.7-05"],
    what: "named peers are listed as named, whatever the ordering",
    ...select('if (plan.criterion !== "NONE") peers.sort((a, b) => inOrder(plan.criterion, a, b));', ""),
  },
  "list-last-left-out": {
    ...lists("PAMP-REQ-QRY-03", "the last peer of a list is left out", "list.peer_id.pop();"),
    breaks: ["PAMP-REQ-QRY-03", "DS-8.1-d"],
  },
  "list-service-class-refused": refusing(
    "PAMP-9.1.7-06",
    "a query with service_class is refused",
    LIST,
    "asked.peer_query_condition?.service_class !== undefined",
  ),
  "list-fragments-ignored": deaf(
    "fragment_list",
    "PAMP-9.1.7-07",
    "PAMP-8.2.2-03",
    "PAMP-9.1.5-03",
    "DS-8.1-d-iv",
    "DS-7.2.5-02",
  ),

  "list-range-ignored": deaf("fragment_range", "PAMP-9.1.7-08"),
  "list-fragments-need-their-number": refusing(
    "PAMP-9.2.6-04",
    "fragment_list is refused without num_of_fragment",
    LIST,
    "asked.peer_query_condition?.fragment_list && !asked.peer_query_condition.fragment_list.num_of_fragment",
  ),
  "list-extension-refused": refusing(
    "PAMP-REQ-EXT-01",
    "a query with a member that PAMP does not know is refused",
    LIST,
    'JSON.stringify(asked).includes("x-conformance")',
  ),
  "list-of-all-overlays": {
    breaks: ["PAMP-REQ-ID-02", "PAMP-9.2.6-08"],
    what: "a list has peers of every overlay",
    ...core(
      "const part = selectPeers(overlay, condition, this.limits, this.#patience, this.#clock.now(), need);",
      "const parts = [...this.overlays.values()].map((one) => selectPeers(one, condition, this.limits, this.#patience, this.#clock.now(), need)); const part = { live: 0, entries: parts.flatMap(({ entries }) => entries) };",
    ),
  },
  "list-of-named-strangers": {
    breaks: ["PAMP-9.2.6-08"],
    what: "a named peer is listed even if nobody knows it",
    ...asked(LIST, "(exchange as any).named = asked.peer_query_condition?.peer_id;"),
    also: [
      answering(
        LIST,
        "const { named } = exchange as any; if (status === 200 && named) sent.peer_list.peer_id = named;",
      ),
    ],
  },
  "list-unknown-overlay-taken": turns("PAMP-9.2.6-07", LIST, 409, 200),
  "list-unknown-overlay-breaks-down": turns("PAMP-9.2.6-07", LIST, 409, 500),
  "list-refusal-with-list": {
    breaks: ["PAMP-9.2-05"],
    what: "the refusal of a list query has a list",
    file: "generated/runtime/http-answer.ts",
    find: 'if (body === undefined) return send(exchange, status, undefined, "", headers);',
    replace: `if (operation.id === "${LIST}" && status === 409) return send(exchange, 409, '{"peer_list":{"peer_id":[]}}', "application/json", headers); if (body === undefined) return send(exchange, status, undefined, "", headers);`,
  },
  "list-helpers-busiest-first": {
    breaks: ["PAMP-8.2.3-06"],
    what: "a peer in need is sent to the busiest first",
    file: "impl/pams/ranking.ts",
    find: "return -free;",
    replace: "return free;",
  },
  "list-advice-on-all": {
    breaks: ["PAMP-8.2.4-05"],
    what: "every fragment counts as rare",
    ...advice(
      "const threshold = fragments === 0 ? 0 : (fraction * held) / fragments;",
      "const threshold = Number.POSITIVE_INFINITY;",
    ),
  },
  "list-advice-on-none": {
    breaks: ["PAMP-8.2.4-06", "PAMP-8.2.4-02"],
    what: "no fragment counts as rare",
    ...advice("const threshold = fragments === 0 ? 0 : (fraction * held) / fragments;", "const threshold = 0;"),
  },
  "list-advice-on-old-ones": {
    breaks: ["PAMP-8.2.5-07"],
    what: "in a stream the newest fragment is not advised",
    ...advice("const from = head - Math.min(back, window - 1);", "const from = head - 1;"),
  },
  "list-advice-without-end": {
    breaks: ["PAMP-8.2.5-12"],
    what: "in a stream fragments are advised however old they are",
    ...core(
      "newest(distribution, { window: liveWindow, back: below * liveStep }, options)",
      "newest(distribution, { window: 1e9, back: 0 }, options)",
    ),
  },
  "receipts-not-verified": {
    breaks: ["PAMP-8.2.6-14"],
    what: "signatures of receipts are not looked at",
    file: "impl/pams/notary.ts",
    find: 'return verdicts.every(Boolean) ? { body } : { body, fault: "forged" };',
    replace: "return { body };",
    setting: "signed",
  },
  "receipts-without-keys": {
    breaks: ["PAMP-8.2.6-06"],
    what: "the second key that registers is not kept",
    file: "impl/pams/ledger.ts",
    find: "account.key = key;",
    replace: 'if (peerId !== "bob") account.key = key;',
    setting: "signed",
  },
  "list-advice-text": lists(
    "PAMP-9.1.8-02",
    "advice on fragments is text",
    'list.fragment_list = { fragment: "1,3" };',
  ),
  "list-advice-backwards": lists(
    "PAMP-9.1.8-03",
    "advice on a range runs backwards",
    "list.fragment_range = { start_fragment_id: 9, end_fragment_id: 1 };",
  ),
  "range-begins-late": {
    breaks: ["PAMP-9.1.6-01"],
    what: "a range that a peer reports begins behind its first fragment",
    ...core(
      "const runs = runsOf(dynamic.fragment_list, dynamic.fragment_range);",
      "const range: any = dynamic.fragment_range; const cut = range && range.start_fragment_id < range.end_fragment_id ? { ...range, start_fragment_id: range.start_fragment_id + 1 } : range; const runs = runsOf(dynamic.fragment_list, cut);",
    ),
  },
  "range-ends-early": {
    breaks: ["PAMP-9.1.6-02"],
    what: "a range that a peer reports ends before its last fragment",
    ...core(
      "const runs = runsOf(dynamic.fragment_list, dynamic.fragment_range);",
      "const range: any = dynamic.fragment_range; const cut = range && range.start_fragment_id < range.end_fragment_id ? { ...range, end_fragment_id: range.end_fragment_id - 1 } : range; const runs = runsOf(dynamic.fragment_list, cut);",
    ),
  },
  "range-beside-list-wins": {
    breaks: ["PAMP-9.1.7-07"],
    what: "a list of fragments beside a range does not count",
    ...possession(
      "return union(runsOfNumbers(list.fragment), bounds ?? []);",
      "return bounds ?? runsOfNumbers(list.fragment);",
    ),
  },
  "list-beside-range-wins": {
    breaks: ["PAMP-9.1.7-08"],
    what: "a range of fragments beside a list does not count",
    ...possession("return union(runsOfNumbers(list.fragment), bounds ?? []);", "return runsOfNumbers(list.fragment);"),
  },

  "info-amount-changed": {
    ...shows(
      "PAMP-9.2.7-03",
      "adds to what was uploaded",
      "if (dynamic.uploaded) dynamic.uploaded = `${dynamic.uploaded}0`;",
    ),
    breaks: ["PAMP-9.2.7-03", "PAMP-6-03"],
  },
  "info-empty": {
    ...shows("PAMP-9.2.7-03", "shows nothing", "if (status === 200) sent.peer_status = {};"),
    breaks: ["PAMP-9.2.7-03", "DS-8.1-f", "DS-8.1-01"],
  },
  "info-with-peer-list": shows(
    "PAMP-9.2.7-03",
    "is answered with a peer list",
    'if (status === 200) return send(exchange, 200, JSON.stringify({ peer_list: { peer_id: ["p"] } }), type, headers);',
  ),
  "info-parts-as-text": shows(
    "PAMP-9.1.11-01",
    "shows the parts as text",
    "if (status === 200) sent.peer_status = { dynamic_status: JSON.stringify(dynamic), static_status: JSON.stringify(profile) };",
  ),
  "info-other-bandwidth": {
    ...shows("PAMP-9.2.7-07", "shows another bandwidth", "profile.max_dn_bw = 1;"),
    breaks: ["PAMP-9.2.7-07", "PAMP-6-04"],
  },
  "info-connections-swapped": shows(
    "PAMP-9.2.7-07",
    "shows upload and download connections the wrong way round",
    "[dynamic.num_upload_connection, dynamic.num_download_connection] = [dynamic.num_download_connection, dynamic.num_upload_connection];",
  ),
  "info-fragment-too-many": shows(
    "PAMP-9.2.7-07",
    "shows a fragment too many",
    "dynamic.fragment_list?.fragment?.push(987654);",
  ),
  "info-other-number-of-fragments": shows(
    "PAMP-9.1.5-01",
    "shows another number of fragments",
    "if (dynamic.fragment_list) dynamic.fragment_list.num_of_fragment = 7;",
  ),
  "info-fragment-size-in-octets": shows(
    "PAMP-9.1.5-02",
    "shows the size of a fragment in octets",
    "if (dynamic.fragment_list) dynamic.fragment_list.fragment_size *= 1000;",
  ),
  "info-last-fragment-missing": shows(
    "PAMP-9.1.5-03",
    "shows the last fragment no more",
    "dynamic.fragment_list?.fragment?.pop();",
  ),
  "info-range-shortened": shows(
    "PAMP-9.1.6-02",
    "shows a range that ends early",
    "if (dynamic.fragment_range) dynamic.fragment_range.end_fragment_id--;",
  ),
  "info-other-connection-limit": shows(
    "PAMP-9.1.10-06",
    "shows another max_num_conn_for_dn",
    "profile.max_num_conn_for_dn = 0;",
  ),
  "info-bandwidth-as-text": shows("PAMP-9.1-02", "shows bandwidths as text", 'profile.max_up_bw = "1000 kB/s";'),
  "info-unknown-taken": turns("PAMP-9.2.7-06", INFO, 409, 200),
  "info-unknown-breaks-down": turns("PAMP-9.2.7-06", INFO, 409, 500),
});
