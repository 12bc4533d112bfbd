import type { Operation } from "../../generated/runtime/http-operation.js";
import type { ValidationIssue } from "../../generated/runtime/validation.js";
import { valueAt } from "../engine/matchers.js";
import type { Outcome, Permitted } from "../engine/refuses.js";
import type { Arrived } from "./http-reader.js";
import { nothing } from "./http-reader.js";

/** What the product sent, or that it sent nothing: then `silent` is true and only `outcome` and `entry` mean anything. */
export interface ClientRequest extends Outcome {
  readonly silent: boolean;
  /** Milliseconds since the case began. */
  readonly at: number;
  /** The primitive by method and path; empty where it is none. */
  readonly primitive: string;
  readonly operation: Operation | undefined;
  /** The path is one that an erratum allows, not the one printed. */
  readonly otherPath: boolean;
  readonly method: string;
  readonly target: string;
  /** Decoded values of the path's variables: `params.NID`. */
  readonly params: Readonly<Record<string, string>>;
  readonly text: string;
  /** The body as it came; undefined where it is no JSON. */
  readonly json: unknown;
  /** The body in the spelling of the spec, whichever of the readings it came in. */
  readonly body: unknown;
  /** What the spec finds wrong with `body`; empty where it is sound. */
  readonly issues: readonly ValidationIssue[];
  readonly arrived: Arrived;
  /** Header by its name in lower case; empty where absent. */
  header(name: string): string;
  /** Member of `body` by dotted path. */
  get(path: string): unknown;
}

export interface Route {
  readonly operation: Operation;
  readonly method: string;
  readonly pattern: RegExp;
  readonly names: readonly string[];
  readonly printed: boolean;
}

/** Every way to address a primitive; printed ones first. A final slash more or less makes no difference. */
export function routesOf(operations: Readonly<Record<string, Operation>>): Route[] {
  const all = Object.values(operations);
  const printed = all.map((operation) => routeOf(operation, operation.method, operation.path, true));
  const others = all.flatMap((operation) =>
    operation.alternatives.map(({ method, path }) => routeOf(operation, method, path, false)),
  );
  return [...printed, ...others];
}

function routeOf(operation: Operation, method: string, path: string, printed: boolean): Route {
  const names = [...path.matchAll(/\{([^}]*)\}/g)].map(([, name = ""]) => name);
  const literal = path
    .replace(/\/$/, "")
    .split(/\{[^}]*\}/)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
    .join("([^/]+)");
  return { operation, method, pattern: new RegExp(`^${literal}/?$`), names, printed };
}

/** Reads a request as far as it goes. */
export function readRequest(arrived: Arrived, routes: readonly Route[], at: number, entry: number): ClientRequest {
  const { method, target, headers, body: octets, fault } = arrived;
  // A client may write the whole address [RFC 7230 5.3.2].
  const [path = ""] = target.replace(/^http:\/\/[^/]+/i, "").split("?");
  const route = routes.find((one) => one.method === method && one.pattern.test(path));
  const text = octets.toString("utf8");
  const json = parse(text);
  const read = canonical(route?.operation, json);
  const name = route?.operation.id;
  const line = fault === undefined ? `${method} ${target}` : `octets that are no HTTP request (${fault})`;
  return {
    silent: false,
    at,
    entry,
    outcome: name === undefined ? line : `${name} (${line})`,
    primitive: name ?? "",
    operation: route?.operation,
    otherPath: route !== undefined && !route.printed,
    method,
    target,
    params: paramsOf(route, path),
    text,
    json,
    ...read,
    arrived,
    header: (wanted) => headers.find(([one]) => one === wanted)?.[1] ?? "",
    get: (wanted) => valueAt(read.body, wanted),
  };
}

/** What stands for a request that did not come. */
export function silence(at: number, entry: number, withinMs: number): ClientRequest {
  return {
    silent: true,
    at,
    entry,
    outcome: `nothing within ${Math.round(withinMs)} ms`,
    primitive: "",
    operation: undefined,
    otherPath: false,
    method: "",
    target: "",
    params: {},
    text: "",
    json: undefined,
    body: undefined,
    issues: [],
    arrived: nothing,
    header: () => "",
    get: () => undefined,
  };
}

/** Permitted requests, by primitive: `t.answers(request, primitive("PAMP_PEER_REG"), …)`; `"silence"` permits none at all. */
export function primitive(...permitted: readonly string[]): Permitted<ClientRequest> {
  return {
    expected: permitted.map((one) => (one === "silence" ? "no request" : one)),
    test: ({ silent, primitive: seen }) =>
      silent ? permitted.includes("silence") : seen !== "" && permitted.includes(seen),
  };
}

/** A body in the declared spelling, by the generated reader, and what the generated validator says of it. */
export function canonical(
  operation: Operation | undefined,
  json: unknown,
): { readonly body: unknown; readonly issues: readonly ValidationIssue[] } {
  const declared = operation?.request;
  if (!declared || json === undefined) return { body: json, issues: [] };
  const issues: ValidationIssue[] = [];
  const body = declared.read(structuredClone(json), { issues });
  return { body, issues: [...issues, ...(declared.validate(body) ?? [])] };
}

function paramsOf(route: Route | undefined, path: string): Record<string, string> {
  const values = route?.pattern.exec(path)?.slice(1) ?? [];
  return Object.fromEntries(values.map((value, index) => [route?.names[index] ?? "", decode(value)]));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
