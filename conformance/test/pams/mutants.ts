import type { RequirementId } from "../../../generated/catalogue/requirements.js";
import type { Twist } from "./proxy.js";
import { bare, withJson } from "./proxy.js";
import type { Json, Primitive } from "./twists.js";
import {
  answered,
  asked,
  at,
  edited,
  idle,
  instead,
  is,
  isObject,
  overlayIn,
  peerIn,
  status,
  success,
} from "./twists.js";

export interface Mutant {
  readonly what: string;
  /** The statement that the defect breaks: a case that claims it has to fail on it. */
  readonly breaks: RequirementId;
  /** Made anew for each run, since some remember. */
  readonly twist: () => Twist;
  /** Judged where credentials and tokens are wanted. */
  readonly guarded?: true;
}

const OREG = "PAMP_OVERLAY_NW_REG";
const ODEREG = "PAMP_OVERLAY_NW_DEREG";
const REG = "PAMP_PEER_REG";
const DEREG = "PAMP_PEER_DEREG";
const REPORT = "PAMP_PEER_STATUS_REPORT";
const LIST = "PAMP_PEER_LIST_QUERY";
const INFO = "PAMP_PEER_INFO_QUERY";

const mutant = (breaks: RequirementId, what: string, twist: () => Twist): Mutant => ({ breaks, what, twist });

// ---- how a defect is written down ----

/** Drops a condition from list queries. */
const deaf = (breaks: RequirementId, name: string): Mutant =>
  mutant(breaks, `list queries: ${name} is not looked at`, () =>
    asked([LIST], ({ peer_query_condition: condition }) => {
      if (isObject(condition)) delete condition[name];
    }),
  );

const turns = (breaks: RequirementId, of: Primitive, from: number, to: number): Mutant =>
  mutant(breaks, `${of}: ${to} instead of ${from}`, () => status(of, from, to));

const does_nothing = (breaks: RequirementId, of: Primitive): Mutant =>
  mutant(breaks, `${of}: answered, not carried out`, () => idle(of));

/** Changes the reports before they are taken. */
const mishears = (breaks: RequirementId, what: string, change: (dynamic: Json, profile: Json) => unknown): Mutant =>
  mutant(breaks, `reports: ${what}`, () =>
    asked([REPORT], ({ peer_status: peerStatus }) => {
      const parts = isObject(peerStatus) ? peerStatus : {};
      change(
        isObject(parts.dynamic_status) ? parts.dynamic_status : {},
        isObject(parts.static_status) ? parts.static_status : {},
      );
    }),
  );

/** Changes what a query for one peer shows. */
const shows = (
  breaks: RequirementId,
  what: string,
  change: (dynamic: Json, profile: Json, json: Json) => unknown,
): Mutant =>
  mutant(breaks, `a query for one peer ${what}`, () =>
    edited([INFO], (json) => {
      const dynamic = at(json, "peer_status", "dynamic_status");
      const profile = at(json, "peer_status", "static_status");
      return change(isObject(dynamic) ? dynamic : {}, isObject(profile) ? profile : {}, json);
    }),
  );

const configures = (
  breaks: RequirementId,
  what: string,
  of: readonly Primitive[],
  change: (info: Json) => unknown,
): Mutant =>
  mutant(breaks, `configuration: ${what}`, () => edited(of, ({ pam_conf_info: info }) => void change(info as Json)));

/** Lists a peer that was registered last in another overlay. */
function mixesOverlays(): Twist {
  const last = new Map<string, string>();
  return async (request, forward) => {
    const answer = await forward({});
    const overlay = overlayIn(request);
    if (is(request, REG)) last.set(overlay, String(at(request.json, "peer_information", "peer_id")));
    if (!is(request, LIST) || answer.status !== 200) return answer;
    const foreign = [...last].find(([one]) => one !== overlay)?.[1];
    const ids = at(answer.json, "peer_list", "peer_id");
    return foreign && Array.isArray(ids) ? withJson(answer, { peer_list: { peer_id: [foreign, ...ids] } }) : answer;
  };
}

/** Tells in answers of a primitive what a registration said under a name. */
const tells = (breaks: RequirementId, of: Primitive, name: string): Mutant =>
  mutant(breaks, `${of} tells ${name} of the registration`, () => {
    const told = new Map<string, unknown>();
    return async (request, forward) => {
      if (is(request, REG)) told.set(overlayIn(request), at(request.json, "peer_information", name));
      const answer = await forward({});
      if (!is(request, of) || !isObject(answer.json)) return answer;
      return withJson(answer, { ...answer.json, [name]: told.get(overlayIn(request)) });
    };
  });

/** Takes for right what the reference refuses with 400 or 415. */
const careless = (breaks: RequirementId, of: Primitive): Mutant =>
  mutant(breaks, `${of}: whatever is wrong is answered as if it were right`, () =>
    answered([of], (answer) => ([400, 415].includes(answer.status) ? success(of) : undefined)),
  );

const closed = (breaks: RequirementId, of: Primitive): Mutant =>
  mutant(breaks, `${of}: unknown members are refused`, () =>
    instead([of], ({ body }) => (body.includes("x-conformance") ? bare(400) : undefined)),
  );

const orderedAs = (breaks: RequirementId, what: string, order: (ids: string[]) => string[]): Mutant =>
  mutant(breaks, what, () =>
    edited([LIST], ({ peer_list: list }) => {
      if (isObject(list) && Array.isArray(list.peer_id)) list.peer_id = order(list.peer_id as string[]);
    }),
  );

/** Defects of a PAMS, one statement each. */
export const mutants: readonly Mutant[] = [
  // the whole
  mutant("PAMP-REQ-GEN-01", "there is no query for one peer", () => instead([INFO], () => bare(501))),
  mutant("PAMP-REQ-OPR-01", "there is no deregistration of peers", () => instead([DEREG], () => bare(405))),
  mutant(
    "PAMP-9.2-01",
    "a report is not answered",
    () => async (request, forward) => (is(request, REPORT) ? undefined : await forward({})),
  ),
  does_nothing("PAMP-6-01", REPORT),
  // what X.609.10 asks for on R1 and R2
  turns("DS-8.1-a", OREG, 200, 500),
  careless("DS-8.1-a-i", OREG),
  configures("DS-8.1-b", "report_interval is a list", [OREG], (info) => {
    info.report_interval = [10];
  }),
  mutant("DS-8.1-d", "there is no list query", () => instead([LIST], () => bare(501))),
  mutant("DS-8.1-01", "a list answer has no list", () => edited([LIST], () => ({ peers: true }))),
  deaf("DS-8.1-d-i", "overlay_status"),
  deaf("DS-8.1-d-ii", "max_peer_num"),
  orderedAs("DS-8.1-d-iii", "a list is shuffled", (ids) => [...ids.slice(2), ...ids.slice(0, 2)]),
  mutant("DS-8.1-d-iv", "list queries: fragments are not looked at", () =>
    asked([LIST], ({ peer_query_condition: condition }) => {
      if (!isObject(condition)) return;
      delete condition.fragment_list;
      delete condition.fragment_range;
    }),
  ),
  does_nothing("DS-8.1-e", ODEREG),
  mutant("DS-8.1-f", "a query for one peer is answered with a list", () => instead([INFO], () => success(LIST))),
  turns("DS-8.2-a", REG, 200, 500),
  careless("DS-8.2-a-i", REG),
  configures("DS-8.2-b", "a peer's report_interval is text", [REG], (info) => {
    info.report_interval = "10 s";
  }),
  does_nothing("DS-8.2-d", DEREG),
  does_nothing("DS-7.2.5-01", REPORT),
  orderedAs("DS-7.2.5-02", "a list is in no order", (ids) => [...ids.slice(1, 3), ...ids.slice(0, 1), ...ids.slice(3)]),
  does_nothing("PAMP-6-05", REPORT),
  shows("PAMP-6-03", "has other amounts", (dynamic) => {
    dynamic.left = "1";
  }),
  shows("PAMP-6-04", "has another profile", (_, profile) => {
    profile.max_up_bw = 1;
  }),
  // overlay registration
  turns("PAMP-9.2.1-04", OREG, 200, 403),
  mutant("PAMP-9.2.1-05", "an overlay registration is answered without configuration", () =>
    answered([OREG], (answer) => (answer.status === 200 ? bare(200) : undefined)),
  ),
  mutant("PAMP-9.1.1-01", "the configuration is called config", () =>
    edited([OREG, REG], ({ pam_conf_info }) => ({ config: pam_conf_info })),
  ),
  configures("PAMP-9.1.1-02", "no pam_enabled", [OREG], (info) => delete info.pam_enabled),
  configures("PAMP-9.1.1-02", "pam_enabled is a word", [OREG], (info) => {
    info.pam_enabled = "true";
  }),
  configures("PAMP-9.1.1-03", "pams_url is a path", [OREG, REG], (info) => {
    info.pams_url = "/pams/";
  }),
  configures("PAMP-9.1.1-04", "report_interval is text", [OREG, REG], (info) => {
    info.report_interval = "10 s";
  }),
  configures("PAMP-9.1.1-04", "report_interval is negative", [REG], (info) => {
    info.report_interval = -1;
  }),
  turns("PAMP-9.2.1-07", OREG, 409, 200),
  turns("PAMP-9.2.1-07", OREG, 409, 400),
  turns("PAMP-REQ-OREG-04", OREG, 409, 500),
  mutant("PAMP-9.2.1-07", "a refused overlay registration empties the one there is", () =>
    answered([OREG], async (answer, request, forward) => {
      const id = String(at(request.json, "overlay_network_information", "overlay_network_id"));
      if (answer.status !== 409) return undefined;
      await forward({ method: "DELETE", path: `/pams/${id}/`, body: Buffer.alloc(0) });
      await forward({});
      return bare(409);
    }),
  ),
  careless("PAMP-9.1.2-02", OREG),
  // overlay deregistration
  mutant("PAMP-9.2.2-03", "an overlay deregistration is answered with a body", () =>
    answered([ODEREG], (answer) => (answer.status === 200 ? withJson(answer, { done: true }) : undefined)),
  ),
  turns("PAMP-9.2.2-05", ODEREG, 404, 200),
  turns("PAMP-9.2.2-05", ODEREG, 404, 409),
  does_nothing("PAMP-9.2.2-05", ODEREG),
  mutant("PAMP-9.2.2-03", "an overlay with peers is not deregistered", () => {
    const inhabited = new Set<string>();
    return async (request, forward) => {
      if (is(request, REG)) inhabited.add(overlayIn(request));
      return is(request, ODEREG) && inhabited.has(overlayIn(request)) ? bare(409) : await forward({});
    };
  }),
  mutant("PAMP-8.1.2.1-03", "reports after the end of an overlay are answered 500", () => {
    const gone = new Set<string>();
    return async (request, forward) => {
      if (is(request, ODEREG)) gone.add(overlayIn(request));
      return is(request, REPORT) && gone.has(overlayIn(request)) ? bare(500) : await forward({});
    };
  }),
  // peer registration
  turns("PAMP-9.2.3-04", REG, 200, 503),
  turns("PAMP-8.1.2.2-02", REG, 200, 403),
  configures("PAMP-REQ-PREG-04", "the interval is given in words", [REG], (info) => {
    info.report_interval = "often";
  }),
  turns("PAMP-9.2.3-06", REG, 404, 409),
  turns("PAMP-9.2.3-06", REG, 404, 200),
  turns("PAMP-9.2.3-07", REG, 409, 404),
  turns("PAMP-REQ-PREG-03", REG, 409, 500),
  mutant("PAMP-9.2.3-07", "a peer can be registered in one overlay only", () => {
    const known = new Set<unknown>();
    return async (request, forward) => {
      const id = at(request.json, "peer_information", "peer_id");
      if (is(request, REG) && known.has(id)) return bare(409);
      if (is(request, REG)) known.add(id);
      return await forward({});
    };
  }),
  mutant("PAMP-9.1.3-04", "delegation_id is refused", () =>
    instead([REG], ({ json }) => (at(json, "peer_information", "delegation_id") === undefined ? undefined : bare(400))),
  ),
  careless("PAMP-9.1.3-02", REG),
  mutant("PAMP-9.1.3-03", "a peer of a type of its own is refused", () =>
    instead([REG], ({ json }) =>
      ["PEER", "CS", "RS", undefined].includes(at(json, "peer_information", "type") as string) ? undefined : bare(400),
    ),
  ),
  mutant("PAMP-9.1.2-03", "STREAM is refused", () =>
    instead([OREG], ({ json }) =>
      at(json, "overlay_network_information", "content_type") === "STREAM" ? bare(400) : undefined,
    ),
  ),
  // peer deregistration
  does_nothing("PAMP-9.2.4-03", DEREG),
  mutant("PAMP-9.2.4-03", "a peer deregistration is answered with a body", () =>
    answered([DEREG], (answer) => (answer.status === 200 ? withJson(answer, {}) : undefined)),
  ),
  turns("PAMP-9.2.4-05", DEREG, 404, 200),
  turns("PAMP-9.2.4-05", DEREG, 404, 400),
  mutant("PAMP-9.2.4-03", "who leaves one overlay leaves all", () => {
    const overlays = new Set<string>();
    return async (request, forward) => {
      overlays.add(overlayIn(request));
      const answer = await forward({});
      if (!is(request, DEREG)) return answer;
      for (const NID of overlays) await forward({ path: `/pams/${NID}/peers/${peerIn(request)}` });
      return answer;
    };
  }),
  does_nothing("PAMP-9.2.6-08", DEREG),
  // reports
  turns("PAMP-REQ-RPT-03", REPORT, 200, 503),
  turns("PAMP-9.2.5-05", REPORT, 200, 302),
  mutant("PAMP-9.2.5-02", "a report of one part is refused", () =>
    instead([REPORT], ({ json }) =>
      Object.keys((at(json, "peer_status") ?? {}) as Json).length === 1 ? bare(400) : undefined,
    ),
  ),
  mutant("PAMP-9.2.5-04", "only the name with a blank is taken", () =>
    instead([REPORT], ({ json }) => (at(json, "peer_status") === undefined ? undefined : bare(400))),
  ),
  mutant("PAMP-9.2.5-04", "fragment events are refused", () =>
    instead([REPORT], ({ body }) => (body.includes("fragment_event") ? bare(400) : undefined)),
  ),
  turns("PAMP-9.2.5-06", REPORT, 404, 200),
  turns("PAMP-9.2.5-06", REPORT, 404, 409),
  mutant("PAMP-9.2.5-07", "a dynamic report sets the profile to nought", () =>
    asked([REPORT], ({ peer_status: parts }) => {
      if (isObject(parts)) parts.static_status ??= { max_up_bw: 0 };
    }),
  ),
  mutant("PAMP-9.2.7-03", "only the first report of a peer counts", () => {
    const heard = new Set<string>();
    return async (request, forward) => {
      if (!is(request, REPORT) || request.path.includes("never")) return await forward({});
      if (heard.has(request.path)) return bare(200);
      heard.add(request.path);
      return await forward({});
    };
  }),
  careless("PAMP-9.1-02", REPORT),
  mutant("PAMP-9.1-03", "STOPPED is refused", () =>
    instead([REPORT], ({ json }) =>
      at(json, "peer_status", "dynamic_status", "overlay_event") === "STOPPED" ? bare(400) : undefined,
    ),
  ),
  // list queries
  mutant("PAMP-9.1.8-01", "the IDs of a list are called ids", () =>
    edited([LIST], ({ peer_list: list }) => ({ peer_list: { ids: at(list, "peer_id") } })),
  ),
  mutant("PAMP-9.1.8-01", "a list holds objects", () =>
    edited([LIST], ({ peer_list: list }) => ({
      peer_list: { peer_id: (at(list, "peer_id") as string[]).map((id) => ({ id })) },
    })),
  ),
  mutant("PAMP-9.2.6-05", "a list answer has lost its braces, as the printed one", () =>
    answered([LIST], (answer) =>
      answer.status === 200 ? { ...answer, body: answer.body.subarray(1, answer.body.length - 1) } : undefined,
    ),
  ),
  mutant("PAMP-8.2.5-06", "without named peers the list is empty", () =>
    answered([LIST], (answer, { json }) =>
      answer.status === 200 && at(json, "peer_query_condition", "peer_id") === undefined ? success(LIST) : undefined,
    ),
  ),
  deaf("PAMP-9.1.7-02", "overlay_status"),
  deaf("PAMP-9.1.7-03", "max_peer_num"),
  deaf("PAMP-9.1.7-04", "ordering"),
  deaf("PAMP-REQ-QRY-02N2", "max_peer_num"),
  deaf("PAMP-9.1.7-05", "peer_id"),
  deaf("PAMP-9.1.7-07", "fragment_list"),
  deaf("PAMP-8.2.2-03", "fragment_list"),
  deaf("PAMP-9.1.7-08", "fragment_range"),
  deaf("PAMP-9.1.5-03", "fragment_list"),
  mutant("PAMP-9.1.7-02", "peers that stopped count as started", () =>
    asked([LIST], ({ peer_query_condition: condition }) => {
      if (isObject(condition) && condition.overlay_status === "STARTED") delete condition.overlay_status;
    }),
  ),
  mutant("PAMP-9.1.7-04", "LEFT is ordered by what was uploaded", () =>
    asked([LIST], ({ peer_query_condition: condition }) => {
      if (isObject(condition) && condition.ordering === "LEFT") condition.ordering = "UPLOADED";
    }),
  ),
  orderedAs("PAMP-9.1.7-04", "the best peer comes second", ([first, second, ...rest]) =>
    [second, first, ...rest].flatMap((id) => id ?? []),
  ),
  orderedAs("PAMP-9.1.7-05", "a list is in the order of the IDs", (ids) => [...ids].sort()),
  orderedAs("PAMP-REQ-QRY-03", "the last peer is left out", (ids) => ids.slice(0, -1)),
  mutant("PAMP-9.1.7-04", "amounts are compared as text", () => {
    const uploaded = new Map<string, string>();
    return async (request, forward) => {
      if (is(request, REPORT)) {
        uploaded.set(peerIn(request), String(at(request.json, "peer_status", "dynamic_status", "uploaded")));
      }
      const answer = await forward({});
      const ids = at(answer.json, "peer_list", "peer_id");
      if (at(request.json, "peer_query_condition", "ordering") !== "UPLOADED" || !Array.isArray(ids)) return answer;
      const sorted = [...(ids as string[])].sort((a, b) =>
        (uploaded.get(a) ?? "") < (uploaded.get(b) ?? "") ? 1 : -1,
      );
      return withJson(answer, { peer_list: { peer_id: sorted } });
    };
  }),
  mutant("PAMP-9.1.7-06", "service_class is refused", () =>
    instead([LIST], ({ body }) => (body.includes("service_class") ? bare(400) : undefined)),
  ),
  mutant("PAMP-9.2.6-08", "peers of other overlays are listed", mixesOverlays),
  mutant("PAMP-REQ-ID-02", "fragments are looked for in every overlay", mixesOverlays),
  mutant("PAMP-9.2.6-08", "a named stranger is listed", () =>
    answered([LIST], (answer, { json }) => {
      const named = at(json, "peer_query_condition", "peer_id");
      return answer.status === 200 && Array.isArray(named)
        ? withJson(answer, { peer_list: { peer_id: named } })
        : undefined;
    }),
  ),
  turns("PAMP-9.2.6-07", LIST, 409, 200),
  turns("PAMP-9.2.6-07", LIST, 409, 500),
  mutant("PAMP-9.2.6-04", "fragment_list is refused without the number of fragments", () =>
    instead([LIST], ({ body }) =>
      body.includes("fragment_list") && !body.includes("num_of_fragment") ? bare(400) : undefined,
    ),
  ),
  mutant("PAMP-9.1.8-02", "advice on fragments is text", () =>
    edited([LIST], ({ peer_list: list }) => ({ peer_list: { ...(list as Json), fragment_list: { fragment: "1,3" } } })),
  ),
  mutant("PAMP-9.1.8-03", "advice on a range runs backwards", () =>
    edited([LIST], ({ peer_list: list }) => ({
      peer_list: { ...(list as Json), fragment_range: { start_fragment_id: 9, end_fragment_id: 1 } },
    })),
  ),
  mishears("PAMP-9.1.6-01", "a range begins behind its first fragment", ({ fragment_range: range }) => {
    if (isObject(range) && range.start_fragment_id !== range.end_fragment_id)
      range.start_fragment_id = Number(range.start_fragment_id) + 1;
  }),
  mishears("PAMP-9.1.6-02", "a range ends before its last fragment", ({ fragment_range: range }) => {
    if (isObject(range) && range.start_fragment_id !== range.end_fragment_id)
      range.end_fragment_id = Number(range.end_fragment_id) - 1;
  }),
  mishears("PAMP-9.1.7-07", "a list beside a range does not count", (dynamic) => {
    if (dynamic.fragment_range !== undefined) delete dynamic.fragment_list;
  }),
  mishears("PAMP-9.1.7-08", "a range beside a list does not count", (dynamic) => {
    if (dynamic.fragment_list !== undefined) delete dynamic.fragment_range;
  }),
  // queries for one peer
  shows("PAMP-9.2.7-03", "adds to what was uploaded", (dynamic) => {
    dynamic.uploaded = `${dynamic.uploaded}0`;
  }),
  shows("PAMP-9.2.7-03", "is answered with a peer list", () => ({ peer_list: { peer_id: ["p"] } })),
  shows("PAMP-9.2.7-03", "shows nothing", () => ({ peer_status: {} })),
  shows("PAMP-9.1.11-01", "shows the parts as text", (dynamic, profile) => ({
    peer_status: { dynamic_status: JSON.stringify(dynamic), static_status: JSON.stringify(profile) },
  })),
  shows("PAMP-9.2.7-07", "shows another bandwidth", (_, profile) => {
    profile.max_dn_bw = 1;
  }),
  shows("PAMP-9.2.7-07", "shows upload and download connections the wrong way round", (dynamic) => {
    [dynamic.num_upload_connection, dynamic.num_download_connection] = [
      dynamic.num_download_connection,
      dynamic.num_upload_connection,
    ];
  }),
  shows("PAMP-9.2.7-07", "shows a fragment too many", (dynamic) => {
    if (isObject(dynamic.fragment_list)) dynamic.fragment_list.fragment = [1, 2, 3, 5];
  }),
  shows("PAMP-9.1.5-01", "shows another number of fragments", ({ fragment_list: list }) => {
    if (isObject(list)) list.num_of_fragment = 7;
  }),
  shows("PAMP-9.1.5-02", "shows the size of a fragment in octets", ({ fragment_list: list }) => {
    if (isObject(list)) list.fragment_size = Number(list.fragment_size) * 1000;
  }),
  shows("PAMP-9.1.5-03", "shows the last fragment no more", ({ fragment_list: list }) => {
    if (isObject(list) && Array.isArray(list.fragment)) list.fragment.pop();
  }),
  shows("PAMP-9.1.10-06", "shows another max_num_conn_for_dn", (_, profile) => {
    profile.max_num_conn_for_dn = 0;
  }),
  shows("PAMP-9.2.7-04", "shows fragment events", (dynamic) => {
    dynamic.fragment_event = [{ fragment_event_type: "UPLOADED", fragment_id: "7" }];
  }),
  mutant("PAMP-9.2.7-03", "every peer shows what was reported last by any", () => {
    let last: unknown;
    return async (request, forward) => {
      if (is(request, REPORT)) last = request.json;
      const answer = await forward({});
      return is(request, INFO) && answer.status === 200 ? withJson(answer, last) : answer;
    };
  }),
  turns("PAMP-9.2.7-06", INFO, 409, 200),
  turns("PAMP-9.2.7-06", INFO, 409, 500),
  // elements
  mutant("PAMP-9.1-01", "a list answer is the bare element", () => edited([LIST], ({ peer_list: list }) => list)),
  shows("PAMP-9.1-02", "shows bandwidths as text", (_, profile) => {
    profile.max_up_bw = "1000 kB/s";
  }),
  mutant("PAMP-9.1-03", "a list of one peer is that peer's ID", () =>
    edited([LIST], ({ peer_list: list }) => {
      const ids = at(list, "peer_id");
      if (isObject(list) && Array.isArray(ids) && ids.length === 1) list.peer_id = ids[0];
    }),
  ),
  mutant("PAMP-9.2-05", "the refusal of a list query has a list", () =>
    answered([LIST], (answer) => (answer.status === 409 ? { ...success(LIST), status: 409 } : undefined)),
  ),
  // extension
  closed("PAMP-REQ-EXT-01", OREG),
  closed("PAMP-REQ-EXT-01", REG),
  closed("PAMP-REQ-EXT-01", REPORT),
  closed("PAMP-REQ-EXT-01", LIST),
  // transport and robustness
  mutant("PAMP-9-01", "answers are said to be HTML", () => async (_, forward) => {
    const answer = await forward({});
    return answer.body.length > 0 ? { ...answer, headers: { "content-type": "text/html" } } : answer;
  }),
  mutant(
    "PAMP-9-01",
    "a request in chunks loses its body",
    () => async (request, forward) =>
      request.headers["transfer-encoding"] === undefined ? await forward({}) : bare(400),
  ),
  mutant(
    "PAMP-9-01",
    "a charset is refused",
    () => async (request, forward) =>
      request.headers["content-type"]?.includes("charset") ? bare(415) : await forward({}),
  ),
  mutant("PAMP-9.2-04", "Content-Length is too small", () => async (_, forward) => {
    const answer = await forward({});
    return { ...answer, delivery: answer.body.length > 10 ? { length: answer.body.length - 5 } : {} };
  }),
  mutant("PAMP-9.2-02", "malformed JSON brings about 500", () => async (_, forward) => {
    const answer = await forward({});
    return answer.status === 400 ? bare(500) : answer;
  }),
  careless("PAMP-9.2-02", OREG),
  careless("PAMP-9.2-02", REPORT),
  mutant("PAMP-9.2-02", "wrong methods are taken for right ones", () => async (_, forward) => {
    const answer = await forward({});
    return answer.status === 405 ? bare(200) : answer;
  }),
  mutant("PAMP-9.2-02", "a report with deep nesting is the last", () => {
    let dead = false;
    return async (request, forward) => {
      dead ||= request.body.includes("[".repeat(1000));
      return dead ? undefined : await forward({});
    };
  }),
  mutant("PAMP-9.2-02", "a refused message puts out the peers that reported", () => {
    const reported: string[] = [];
    return answered([REPORT, REG, OREG], async (answer, request, forward) => {
      if (answer.status === 200 && is(request, REPORT)) reported.push(request.path);
      if (answer.status !== 400) return undefined;
      for (const path of reported) await forward({ method: "DELETE", path, body: Buffer.alloc(0) });
      return undefined;
    });
  }),
  // credentials
  { ...turns("PAMP-9.2.6-06", LIST, 401, 403), guarded: true },
  { ...turns("PAMP-9.2.1-06", OREG, 401, 200), guarded: true },
  ...(
    [
      ["PAMP-9.2.2-04", ODEREG],
      ["PAMP-9.2.4-04", DEREG],
      ["PAMP-9.2.7-05", INFO],
    ] as const
  ).map(([breaks, of]) => ({
    ...mutant(breaks, `${of}: no credentials are wanted`, () => {
      let seen = "";
      return async (request, forward) => {
        const { authorization } = request.headers;
        if (authorization !== undefined && is(request, OREG)) seen = authorization;
        return is(request, of)
          ? await forward({ headers: { ...request.headers, authorization: seen } })
          : await forward({});
      };
    }),
    guarded: true as const,
  })),
  {
    ...mutant("PAMP-REQ-RPT-04", "a report is not verified", () => {
      const tokens = new Map<string, string>();
      return async (request, forward) => {
        const token = tokens.get(peerIn(request));
        const shown = is(request, REPORT) && token !== undefined ? { authorization: `Bearer ${token}` } : {};
        const answer = await forward({ headers: { ...request.headers, ...shown } });
        const issued = answer.headers?.["pamp-peer-token"];
        if (issued) tokens.set(String(at(request.json, "peer_information", "peer_id")), issued);
        return answer;
      };
    }),
    guarded: true,
  },
  {
    ...mutant("PAMP-9.2-03", "who was refused once is refused for ever", () => {
      let refused = false;
      return answered([LIST], (answer) => {
        refused ||= answer.status === 401;
        return refused ? bare(401) : undefined;
      });
    }),
    guarded: true,
  },
  {
    ...mutant("PAMP-REQ-QRY-02", "nobody but an OMS may query", () => instead([LIST], () => bare(403))),
    guarded: true,
  },
];

/** Defects of secrecy: they are reported apart. */
export const leaks: readonly Mutant[] = [
  tells("PAMP-REQ-SEC-02", INFO, "password"),
  tells("PAMP-REQ-SEC-02", INFO, "ip_address"),
  tells("PAMP-REQ-SEC-03", LIST, "private_key"),
  tells("PAMP-REQ-SEC-03", LIST, "ip_address"),
];
