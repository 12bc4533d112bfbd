import type { DeclarationInput } from "../../engine/declaration.js";
import type { Answer, Twist } from "./proxy.js";
import { bare, inFrontOf, withJson } from "./proxy.js";
import type { Json } from "./twists.js";
import { answered, at, edited, instead, is, isObject, overlayIn } from "./twists.js";

export interface Variant {
  readonly what: string;
  readonly twist: () => Twist;
  /** What such a product has to declare. */
  readonly declaration?: DeclarationInput;
}

const OREG = "PAMP_OVERLAY_NW_REG";
const ODEREG = "PAMP_OVERLAY_NW_DEREG";
const REG = "PAMP_PEER_REG";
const REPORT = "PAMP_PEER_STATUS_REPORT";
const LIST = "PAMP_PEER_LIST_QUERY";
const INFO = "PAMP_PEER_INFO_QUERY";

const variant = (what: string, twist: () => Twist, declaration?: DeclarationInput): Variant =>
  declaration === undefined ? { what, twist } : { what, twist, declaration };

/** Changes every answer in the same way. */
const always =
  (change: (answer: Answer) => Awaited<ReturnType<Twist>>): (() => Twist) =>
  () =>
  async (_, forward) =>
    change(await forward({}));

const rename = (holder: Json, from: string, to: string): void => {
  if (holder[from] === undefined) return;
  holder[to] = holder[from];
  delete holder[from];
};

function reversed(value: unknown): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, one]) => [name, reversed(one)] as const)
      .reverse(),
  );
}

/** Another one in each answer. */
let release = 0;

function enriched(value: unknown): unknown {
  if (!isObject(value)) return value;
  const members = Object.entries(value).map(([name, one]) => [name, enriched(one)] as const);
  return { "x-vendor": { release: ++release }, ...Object.fromEntries(members), "x-more": [null] };
}

const dynamicOf = (json: Json): Json => (at(json, "peer_status", "dynamic_status") ?? {}) as Json;

/** Answers on a condition that reaches the reference in another form, with the list changed afterwards. */
function listed(
  condition: (asked: Json) => Json,
  change: (ids: string[], asked: Json, everybody: () => Promise<string[]>) => string[] | Promise<string[]>,
): Twist {
  return async (request, forward) => {
    const asked = at(request.json, "peer_query_condition");
    if (!is(request, LIST) || !isObject(asked)) return await forward({});
    const ask = async (one: Json): Promise<Answer> => await forward({ json: { peer_query_condition: one } });
    const answer = await ask(condition(asked));
    const ids = at(answer.json, "peer_list", "peer_id");
    if (!Array.isArray(ids)) return answer;
    const everybody = async () => at((await ask({ max_peer_num: 1000 })).json, "peer_list", "peer_id") as string[];
    return withJson(answer, { peer_list: { peer_id: await change(ids as string[], asked, everybody) } });
  };
}

const most = ({ max_peer_num: count }: Json): number => (typeof count === "number" ? count : 100);
const withoutCount = (asked: Json): Json =>
  typeof asked.max_peer_num === "number" ? { ...asked, max_peer_num: 1000 } : asked;

/** Odd, but as X.609.1 and the readings of its errata allow: none of them may fail. */
export const variants: readonly Variant[] = [
  variant("as the reference is", () => async (_, forward) => await forward({})),
  // HTTP and JSON
  variant(
    "writes members in another order",
    always((answer) => (answer.json === undefined ? answer : withJson(answer, reversed(answer.json)))),
  ),
  variant(
    "adds members of its own to every object",
    always((answer) =>
      answer.status === 200 && answer.body.length > 0 ? withJson(answer, enriched(answer.json)) : answer,
    ),
  ),
  variant(
    "writes JSON on many lines",
    always((answer) =>
      answer.json === undefined
        ? answer
        : { ...answer, body: Buffer.from(`\n${JSON.stringify(answer.json, null, 4)}\n`) },
    ),
  ),
  variant(
    "answers in chunks",
    always((answer) => ({ ...answer, delivery: { chunks: 5 } })),
  ),
  variant(
    "sends interim responses before each answer",
    always((answer) => ({ ...answer, delivery: { interim: true } })),
  ),
  variant(
    "cuts its answers into segments of 11 octets, header and all",
    always((answer) => ({ ...answer, delivery: { segments: 11 } })),
  ),
  variant(
    "ends each answer with the connection, without a length",
    always((answer) => ({ ...answer, delivery: { untilClosed: true } })),
  ),
  variant(
    "closes the connection after each answer",
    always((answer) => ({ ...answer, delivery: { close: true } })),
  ),
  variant(
    "takes its time",
    always((answer) => ({ ...answer, delivery: { delayMs: 15 } })),
  ),
  variant(
    "names a charset in Content-Type",
    always((answer) =>
      answer.body.length > 0 && answer.status === 200
        ? { ...answer, headers: { ...answer.headers, "content-type": "Application/JSON;charset=UTF-8" } }
        : answer,
    ),
  ),
  variant(
    "asks for the length of requests in chunks",
    () => async (request, forward) =>
      request.headers["transfer-encoding"] === undefined ? await forward({}) : bare(411),
  ),
  variant(
    "answers 422 where HTTP has 400",
    always((answer) => (answer.status === 400 ? { ...answer, status: 422 } : answer)),
  ),
  variant(
    "explains its refusals in words",
    always((answer) =>
      answer.status >= 400
        ? { ...answer, headers: { "content-type": "text/plain" }, body: Buffer.from("No, because of this and that.") }
        : answer,
    ),
  ),
  variant(
    "explains its refusals in JSON",
    always((answer) => (answer.status >= 400 ? withJson(answer, { error: { code: answer.status } }) : answer)),
  ),
  variant(
    "cuts long requests off",
    () => async (request, forward) => (request.body.length > 20_000 ? undefined : await forward({})),
  ),
  // codes
  variant("answers 404 to queries for what is not there", () =>
    answered([LIST, INFO], (answer) => (answer.status === 409 ? bare(404) : undefined)),
  ),
  variant("answers 201 and 204", () => async (request, forward) => {
    const answer = await forward({});
    if (answer.status !== 200) return answer;
    return is(request, OREG, REG) ? { ...answer, status: 201 } : answer.body.length === 0 ? bare(204) : answer;
  }),
  variant("answers 406 to a second overlay registration", () =>
    answered([OREG], (answer) => (answer.status === 409 ? bare(406) : undefined)),
  ),
  variant(
    "takes a second overlay registration as a sign of life",
    () =>
      answered([OREG], (answer) =>
        answer.status === 409 ? withJson(bare(200), { pam_conf_info: { pam_enabled: true } }) : undefined,
      ),
    { readings: { "E-X-01": "A" } },
  ),
  variant("answers 200 to a second peer registration", () =>
    answered([REG], (answer) => (answer.status === 409 ? withJson(bare(200), { pam_conf_info: {} }) : undefined)),
  ),
  variant("gives the configuration with the refusal of a second peer registration", () =>
    answered([REG], (answer) =>
      answer.status === 409 ? withJson(bare(409), { pam_conf_info: { report_interval: 5 } }) : undefined,
    ),
  ),
  variant("answers a report with its configuration", () =>
    answered([REPORT], (answer) =>
      answer.status === 200 ? withJson(answer, { pam_conf_info: { report_interval: 5 } }) : undefined,
    ),
  ),
  // spellings
  variant("says pam_conf", () => edited([OREG, REG], (json) => rename(json, "pam_conf_info", "pam_conf"))),
  variant("says pam_url", () =>
    edited([OREG, REG], ({ pam_conf_info: info }) => rename(info as Json, "pams_url", "pam_url")),
  ),
  variant("says peers", () => edited([LIST], ({ peer_list: list }) => rename(list as Json, "peer_id", "peers"))),
  variant("says both peers and peer_id", () =>
    edited([LIST], ({ peer_list: list }) => {
      (list as Json).peers = (list as Json).peer_id;
    }),
  ),
  variant('says "peer_status "', () => edited([INFO], (json) => rename(json, "peer_status", "peer_status "))),
  variant("gives amounts as numbers", () =>
    edited([INFO], (json) => {
      const dynamic = dynamicOf(json);
      for (const name of ["uploaded", "downloaded", "left"])
        if (dynamic[name] !== undefined) dynamic[name] = Number(dynamic[name]);
    }),
  ),
  variant("gives fragment IDs as text", () =>
    edited([INFO], (json) => {
      const { fragment_list: list } = dynamicOf(json);
      if (isObject(list) && Array.isArray(list.fragment)) list.fragment = list.fragment.map(String);
    }),
  ),
  variant(
    "answers with bare elements, and declares it",
    () => edited([OREG, REG, LIST, INFO], (json) => Object.values(json)[0]),
    { readings: { "E-PAMP-45": "B" } },
  ),
  // what may be left out, or be there
  variant("gives peers nothing to go by", () =>
    edited([OREG, REG], ({ pam_conf_info: info }) => {
      delete (info as Json).pams_url;
      delete (info as Json).report_interval;
    }),
  ),
  variant("tells peers pam_enabled too, without an interval", () =>
    edited(
      [REG],
      ({ pam_conf_info: info }) => Object.assign(info as Json, { pam_enabled: true, report_interval: 0 }) && undefined,
    ),
  ),
  variant("has pam_enabled null for peers, and a pams_url without path", () =>
    edited([REG, OREG], ({ pam_conf_info: info }, request) => {
      Object.assign(info as Json, { pams_url: "https://pams.example" }, is(request, REG) ? { pam_enabled: null } : {});
    }),
  ),
  variant("shows an empty list of events", () =>
    edited([INFO], (json) => {
      if (at(json, "peer_status", "dynamic_status") !== undefined) dynamicOf(json).fragment_event = [];
    }),
  ),
  variant("shows of a peer no more than its participation and its bandwidth", () =>
    edited([INFO], ({ peer_status: parts }) => {
      const { dynamic_status: dynamic, static_status: profile } = parts as {
        dynamic_status?: Json;
        static_status?: Json;
      };
      return {
        peer_status: {
          ...(dynamic ? { dynamic_status: { overlay_event: dynamic.overlay_event } } : {}),
          ...(profile ? { static_status: { max_up_bw: profile.max_up_bw } } : {}),
        },
      };
    }),
  ),
  variant("shows fragments as a list where a range was reported, and counts that list", () =>
    edited([INFO], (json) => {
      const dynamic = dynamicOf(json);
      const { fragment_list: list, fragment_range: range } = dynamic as { fragment_list?: Json; fragment_range?: Json };
      const ids = [...((list?.fragment as number[] | undefined) ?? [])];
      for (let id = Number(range?.start_fragment_id); id <= Number(range?.end_fragment_id); id++) ids.push(id);
      if (ids.length > 0) dynamic.fragment_list = { ...list, num_of_fragment: ids.length, fragment: ids };
      delete dynamic.fragment_range;
    }),
  ),
  variant("counts 1024 octets to the kilobyte", () =>
    edited([INFO], (json) => {
      const { fragment_list: list } = dynamicOf(json);
      if (isObject(list) && typeof list.fragment_size === "number") list.fragment_size /= 1.024;
    }),
  ),
  variant("gives advice on fragments with every list", () =>
    edited([LIST], ({ peer_list: list }) => {
      Object.assign(list as Json, {
        fragment_list: { num_of_fragment: 3, fragment_size: 100, fragment: [101, 105] },
        fragment_range: { start_fragment_id: 1, end_fragment_id: 99 },
      });
    }),
  ),
  variant("leaves peer_id out of an empty list", () =>
    edited([LIST], ({ peer_list: list }) => {
      if (((list as Json).peer_id as unknown[]).length === 0) delete (list as Json).peer_id;
    }),
  ),
  // state
  variant("loses the profile with the next dynamic report", () => {
    const lost = new Set<string>();
    return async (request, forward) => {
      const path = request.path.replace(/\/peers?\/([^/]+)\/?$/, "/$1");
      if (is(request, REPORT)) {
        if (at(request.json, "peer_status", "static_status") === undefined) lost.add(path);
        else lost.delete(path);
      }
      const answer = await forward({});
      if (!is(request, INFO) || answer.status !== 200 || !lost.has(path)) return answer;
      return withJson(answer, { peer_status: { dynamic_status: dynamicOf(answer.json as Json) } });
    };
  }),
  variant("does not know a peer before its first report", () => {
    const heard = new Set<string>();
    return async (request, forward) => {
      const answer = await forward({});
      const path = request.path.replace(/\/peers?\/([^/]+)\/?$/, "/$1");
      if (is(request, REPORT) && answer.status === 200) heard.add(path);
      return is(request, INFO) && answer.status === 200 && !heard.has(path) ? bare(409) : answer;
    };
  }),
  variant("takes reports for overlays that are gone", () => {
    const gone = new Set<string>();
    return async (request, forward) => {
      const answer = await forward({});
      if (is(request, ODEREG) && answer.status === 200) gone.add(overlayIn(request));
      return is(request, REPORT, REG) && answer.status === 404 && gone.has(overlayIn(request)) ? bare(200) : answer;
    };
  }),
  // lists
  variant("lists the best last", () =>
    listed(withoutCount, (ids, asked) =>
      (asked.ordering === undefined ? ids : [...ids].reverse()).slice(0, most(asked)),
    ),
  ),
  variant("lists others behind the holders of fragments", () =>
    listed(withoutCount, async (ids, asked, everybody) => {
      const wanted = asked.fragment_list !== undefined || asked.fragment_range !== undefined;
      const others =
        wanted && asked.overlay_status === undefined ? (await everybody()).filter((id) => !ids.includes(id)) : [];
      return [...ids, ...others].slice(0, most(asked));
    }),
  ),
  variant(
    "lists named peers first and others after them, and declares it",
    () =>
      listed(withoutCount, async (ids, asked, everybody) => {
        const named = Array.isArray(asked.peer_id) && asked.overlay_status === undefined;
        const others = named ? (await everybody()).filter((id) => !ids.includes(id)) : [];
        return [...ids, ...others].slice(0, most(asked));
      }),
    { readings: { "E-PAMP-28": "B" } },
  ),
  variant("lists one peer fewer than it might", () =>
    listed(
      (asked) => asked,
      (ids, asked) => (ids.length === most(asked) && ids.length > 3 ? ids.slice(0, -1) : ids),
    ),
  ),
  // what may be refused
  variant(
    "wants content_type, type, more than one member, and a body with every query",
    () => async (request, forward) => {
      const bad =
        (is(request, OREG) && at(request.json, "overlay_network_information", "content_type") === undefined) ||
        (is(request, REG) && at(request.json, "peer_information", "type") === undefined) ||
        (is(request, REPORT) && Object.keys(dynamicOf((request.json ?? {}) as Json)).length === 1) ||
        (is(request, LIST) && request.body.length === 0);
      return bad ? bare(400) : await forward({});
    },
  ),
  variant("wants amounts as text, the name without blank and every event complete", () =>
    instead([REPORT], ({ json }) => {
      const dynamic = dynamicOf((json ?? {}) as Json);
      const events = Array.isArray(dynamic.fragment_event) ? dynamic.fragment_event : [];
      const partial = events.some((event) => at(event, "from") === undefined && at(event, "fragment_id") !== "7");
      const odd = typeof dynamic.uploaded === "number" || at(json, "peer_status ") !== undefined || partial;
      return odd ? bare(400) : undefined;
    }),
  ),
  variant("knows the printed paths only", () => async (request, forward) => {
    const literal: Readonly<Record<string, RegExp>> = {
      GET: /^\/pams\/[^/]+\/(peer|peers\/[^/]+)$/,
      PUT: /^\/pams\/[^/]+\/peer\/[^/]+\/$/,
      POST: /^\/pams\/([^/]+\/peer\/)?$/,
      DELETE: /^\/pams\/[^/]+\/(peers\/[^/]+)?$/,
    };
    const { method, path } = request;
    return literal[method]?.test(path) === false && !path.includes("probe") ? bare(404) : await forward({});
  }),
  variant("redirects from one slash to the other", () => async (request, forward) => {
    const { method, path } = request;
    const bound = (method === "POST" || method === "PUT") && !path.endsWith("/");
    return bound ? { ...bare(308), headers: { location: `${path}/` } } : await forward({});
  }),
  variant(
    "has its peers under /peers only, and declares it",
    () => async (request, forward) => (/^\/pams\/[^/]+\/peer(\/|$)/.test(request.path) ? bare(404) : await forward({})),
    { readings: { "E-PAMP-01": "C" } },
  ),
  variant(
    "takes amounts as numbers only, and declares it",
    () =>
      instead([REPORT], ({ json }) => {
        const { uploaded, left } = dynamicOf((json ?? {}) as Json);
        return typeof uploaded === "string" || typeof left === "string" ? bare(400) : undefined;
      }),
    { readings: { "E-PAMP-08": "B" } },
  ),
  variant(
    "takes conditions in the query string only, and declares it",
    () => instead([LIST], ({ body }) => (body.length > 0 ? bare(400) : undefined)),
    { values: { "query-carrier": "query" } },
  ),
  variant("takes conditions by POST only, and declares it", () => instead([LIST], () => bare(405)), {
    values: { "query-carrier": "post" },
  }),
  variant("lets values pass that it does not understand", () => async (request, forward) => {
    const answer = await forward({});
    const lenient =
      (is(request, REPORT) && ["FLYING", '"-5"', '"much"'].some((word) => request.body.includes(word))) ||
      (is(request, LIST) && request.body.includes("FASTEST"));
    if (!lenient) return answer;
    return is(request, REPORT) ? bare(200) : withJson(bare(200), { peer_list: { peer_id: [] } });
  }),
  variant(
    "wants IDs that need no escaping",
    () => async (request, forward) =>
      /%(?!2f|ff)/i.test(request.path) || /ä/.test(request.body.toString()) ? bare(400) : await forward({}),
  ),
];

/** Several oddities at once, those of HTTP outermost: all that need no declaration are in one of the mixtures. */
export function mixtures(count: number): Variant[] {
  const mixable = variants.filter(({ declaration }) => declaration === undefined);
  return Array.from({ length: count }, (_, i) => {
    const members = mixable.filter((_, at) => at % count === i);
    return {
      what: members.map(({ what }) => what).join("; "),
      twist: () => members.map(({ twist }) => twist()).reduceRight((inner, outer) => inFrontOf(outer, inner)),
    };
  });
}
