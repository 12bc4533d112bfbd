/** How the generated operation tables describe a primitive: read by client and server alike, and by the conformance suite. */
import { isOctetSource, OCTETS_TYPE } from "./http-source.js";
import { isProblemDetails } from "./problem.js";
import type { Reader, Validator } from "./validation.js";

export type HttpMethod = "GET" | "PUT" | "POST" | "DELETE" | "PATCH" | "HEAD" | "OPTIONS";

/** A way to reach an operation on a server. */
export interface OperationRoute {
  readonly method: HttpMethod;
  /** Path template: `/pams/{NID}/peer/`. */
  readonly path: string;
  /** Errata that make a receiver take this route; empty for the printed one. */
  readonly errata: readonly string[];
}

/** Bounds of a parameter's value. */
export interface ParameterConstraints {
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: RegExp;
  readonly enum?: readonly (string | number)[];
  readonly minimum?: number;
  readonly maximum?: number;
}

export type ParameterType = "string" | "number" | "integer" | "boolean";

export interface OperationParameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required: boolean;
  readonly type: ParameterType;
  /** Repeatable: the value is an array of `type`. */
  readonly array: boolean;
  readonly constraints: ParameterConstraints;
  readonly clause: string;
}

/** A body member that may come, or go, as a query parameter where a body cannot (GET in a browser). */
export interface QueryCarrier {
  readonly parameter: string;
  /** Member path from the body's root. */
  readonly member: readonly string[];
  readonly type: ParameterType;
  readonly array: boolean;
}

export interface OperationBody {
  /** Name of the generated type. */
  readonly type: string;
  readonly contentType: string;
  readonly clause: string;
  readonly validate: Validator;
  readonly read: Reader;
}

export interface OperationRequestBody extends OperationBody {
  readonly required: boolean;
  /** What an absent body is read as: its wrapper with nothing in it. Undefined where an absent body is refused. */
  readonly absent: readonly string[] | undefined;
}

export interface OperationResponse {
  readonly status: number | "default";
  readonly clause: string;
  readonly description: string;
  /** Undefined: the response has no body. */
  readonly body: OperationBody | undefined;
  /** Client: an absent body is read as `{}`. */
  readonly mayBeEmpty: boolean;
}

/** One repetition by the client in another form, when a server seems to follow another reading. */
export interface OperationFallback {
  /** Statuses that call for it. */
  readonly after: readonly number[];
  /** Another path template. */
  readonly path?: string;
  /** Top-level body members to rename: declared name → other name. */
  readonly rename?: Readonly<Record<string, string>>;
  readonly errata: readonly string[];
}

/** One primitive of a protocol over HTTP. */
export interface Operation {
  /** Name of the primitive as printed: `PAMP_PEER_REG`. */
  readonly id: string;
  /** The Recommendation that defines it. */
  readonly document: string;
  readonly clause: string;
  readonly summary: string;
  readonly errata: readonly string[];
  readonly method: HttpMethod;
  /** Path template as printed; what a client sends to. */
  readonly path: string;
  /** Other routes that a server takes. */
  readonly alternatives: readonly OperationRoute[];
  /** Whether a server takes each path with and without its final slash. */
  readonly trailingSlash: boolean;
  readonly parameters: readonly OperationParameter[];
  readonly query: readonly QueryCarrier[];
  /** Whether a server fills in body members from the query. */
  readonly takesQuery: boolean;
  readonly request: OperationRequestBody | undefined;
  readonly responses: readonly OperationResponse[];
  /** Statuses that a client reads as the declared 200. */
  readonly success: readonly number[];
  readonly fallbacks: readonly OperationFallback[];
  /** Whether a client may repeat it unasked [RFC 9110 9.2.2]. */
  readonly idempotent: boolean;
}

/** Problem details as a body: read loosely, because whoever refuses has troubles enough. */
export function problemBody(clause: string): OperationBody {
  return {
    type: "ProblemDetails",
    contentType: "application/problem+json",
    clause,
    read: (value) => value,
    validate: (value) =>
      isProblemDetails(value) ? undefined : [{ member: "", clause: "RFC 9457 3.1", message: "is no problem details" }],
  };
}

/** Octets as a request body: they travel as they are, so there is nothing to be read in them, and no form that they could break. */
export function octetsBody(clause: string): OperationRequestBody {
  return {
    type: "octets",
    contentType: OCTETS_TYPE,
    clause,
    read: (value) => value,
    validate: (value) =>
      isOctetSource(value) ? undefined : [{ member: "", clause: "RFC 2046 4.5.1", message: "is no source of octets" }],
    required: true,
    absent: undefined,
  };
}

export function takesOctets({ request }: Operation): boolean {
  return request?.contentType === OCTETS_TYPE;
}

/** A clause as problem details and errors give it: with its document. */
export function cite({ document }: Pick<Operation, "document">, clause: string): string {
  return `${document} ${clause}`;
}
