import type { Answer, Forward, Passing, Twist } from "./proxy.js";
import { bare, withJson } from "./proxy.js";

export type Json = Record<string, unknown>;

/** The primitives by method and path, in any spelling of the path. */
const primitives = {
  PAMP_OVERLAY_NW_REG: /^POST \/pams\/?$/,
  PAMP_OVERLAY_NW_DEREG: /^DELETE \/pams\/[^/]+\/?$/,
  PAMP_PEER_REG: /^POST \/pams\/[^/]+\/peers?\/?$/,
  PAMP_PEER_DEREG: /^DELETE \/pams\/[^/]+\/peers?\/[^/]+\/?$/,
  PAMP_PEER_STATUS_REPORT: /^PUT \/pams\/[^/]+\/peers?\/[^/]+\/?$/,
  PAMP_PEER_LIST_QUERY: /^GET \/pams\/[^/]+\/peers?\/?(\?|$)/,
  PAMP_PEER_INFO_QUERY: /^GET \/pams\/[^/]+\/peers?\/[^/]+\/?$/,
} as const;

export type Primitive = keyof typeof primitives;

export function is({ method, path }: Passing, ...of: readonly Primitive[]): boolean {
  return of.some((one) => primitives[one].test(`${method} ${path}`));
}

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The member at a path of names, or undefined. */
export function at(value: unknown, ...names: readonly string[]): unknown {
  return names.reduce<unknown>((holder, name) => (isObject(holder) ? holder[name] : undefined), value);
}

/** The NID of the path. */
export const overlayIn = ({ path }: Passing): string => path.split("/")[2] ?? "";
/** The PID of the path. */
export const peerIn = ({ path }: Passing): string => path.split("/")[4] ?? "";

export type Change = (
  answer: Answer,
  request: Passing,
  forward: Forward,
) => Answer | undefined | Promise<Answer | undefined>;

/** Changes the answers to a primitive; where the change gives back nothing, the answer stays. */
export function answered(of: readonly Primitive[], change: Change): Twist {
  return async (request, forward) => {
    const answer = await forward({});
    return is(request, ...of) ? ((await change(answer, request, forward)) ?? answer) : answer;
  };
}

/** Changes what stands in a good answer, in place. */
export function edited(of: readonly Primitive[], change: (json: Json, request: Passing) => unknown): Twist {
  return answered(of, (answer, request) => {
    if (answer.status !== 200 || !isObject(answer.json)) return undefined;
    const json = structuredClone(answer.json);
    const other = change(json, request);
    return withJson(answer, isObject(other) ? other : json);
  });
}

/** Turns one status of a primitive into another, without a body. */
export function status(of: Primitive, from: number, to: number): Twist {
  return answered([of], (answer) => (answer.status === from ? (to < 300 ? success(of, to) : bare(to)) : undefined));
}

/** A success as the primitive's table has it. */
export function success(of: Primitive, code = 200): Answer {
  switch (of) {
    case "PAMP_OVERLAY_NW_REG":
    case "PAMP_PEER_REG":
      return withJson(bare(code), {
        pam_conf_info: { pam_enabled: true, pams_url: "http://127.0.0.1/pams/", report_interval: 10 },
      });
    case "PAMP_PEER_LIST_QUERY":
      return withJson(bare(code), { peer_list: { peer_id: [] } });
    case "PAMP_PEER_INFO_QUERY":
      return withJson(bare(code), { peer_status: { dynamic_status: { overlay_event: "STARTED" } } });
    default:
      return bare(code);
  }
}

/** Changes the body of a request, in place. */
export function asked(of: readonly Primitive[], change: (json: Json, request: Passing) => unknown): Twist {
  return async (request, forward) => {
    if (!is(request, ...of) || !isObject(request.json)) return await forward({});
    const json = structuredClone(request.json);
    change(json, request);
    return await forward({ json });
  };
}

/** Answers some requests itself. */
export function instead(of: readonly Primitive[], answer: (request: Passing) => Answer | undefined): Twist {
  return async (request, forward) => (is(request, ...of) ? answer(request) : undefined) ?? (await forward({}));
}

/** Says that it did, and does nothing. */
export function idle(of: Primitive): Twist {
  return instead([of], () => success(of));
}
