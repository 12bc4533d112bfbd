/** A small protocol for tests of the HTTP runtime, in the shape that the generator gives operation tables. */

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Operation, OperationBody, OperationParameter, OperationResponse } from "../../runtime/http-operation.js";
import { createListener } from "../../runtime/http-server.js";
import type { Listener, ServerOptions } from "../../runtime/http-server-types.js";
import type { ReadContext, ValidationIssue } from "../../runtime/validation.js";

type Members = Record<string, unknown>;

function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `{ item: { name: string, size?: number } }`, `item` also spelt `thing`, `size` also a decimal string. */
const itemBody: OperationBody = {
  type: "ItemMessage",
  contentType: "application/json",
  clause: "9.1",
  read(value: unknown, context: ReadContext) {
    if (!isObject(value)) return value;
    if ("thing" in value && "item" in value && value.thing !== value.item) {
      context.issues.push({ member: "/item", clause: "T.1 9.1", message: "has two spellings with different values" });
    }
    const item = value.item ?? value.thing;
    if (isObject(item) && typeof item.size === "string" && /^\d+$/.test(item.size)) item.size = Number(item.size);
    return item === undefined ? value : { item };
  },
  validate(value: unknown) {
    const issues: ValidationIssue[] = [];
    const item = isObject(value) ? value.item : undefined;
    if (!isObject(item)) issues.push({ member: "/item", clause: "T.1 9.1", message: "is missing" });
    else {
      if (typeof item.name !== "string") {
        issues.push({ member: "/item/name", clause: "T.1 9.1.1", message: "is not a string" });
      }
      if (item.size !== undefined && typeof item.size !== "number") {
        issues.push({ member: "/item/size", clause: "T.1 9.1.2", message: "is not a number" });
      }
    }
    return issues.length === 0 ? undefined : issues;
  },
};

const problemBody: OperationBody = {
  type: "ProblemDetails",
  contentType: "application/problem+json",
  clause: "9",
  read: (value) => value,
  validate: () => undefined,
};

function response(status: number | "default", body?: OperationBody): OperationResponse {
  return { status, clause: "9.2", description: "", body, mayBeEmpty: false };
}

const idParameter: OperationParameter = {
  name: "ID",
  in: "path",
  required: true,
  type: "string",
  array: false,
  constraints: { minLength: 1, maxLength: 256 },
  clause: "9.2",
};

const common = {
  document: "T.1",
  clause: "9.2",
  summary: "",
  errata: [],
  trailingSlash: true,
  alternatives: [],
  parameters: [],
  query: [],
  takesQuery: false,
  request: undefined,
  success: [],
  fallbacks: [],
} as const;

const failures = [response(400, problemBody), response(404), response(409), response("default", problemBody)];
const itemRequest = { ...itemBody, required: true, absent: undefined };

export const ITEM_ADD: Operation = {
  ...common,
  id: "ITEM_ADD",
  method: "POST",
  path: "/items/",
  request: itemRequest,
  responses: [response(200, itemBody), ...failures],
  success: [201],
  idempotent: false,
};

export const ITEM_PUT: Operation = {
  ...common,
  id: "ITEM_PUT",
  method: "PUT",
  path: "/items/{ID}/part/",
  alternatives: [{ method: "PUT", path: "/items/{ID}/parts/", errata: ["E-T-01"] }],
  parameters: [idParameter],
  request: itemRequest,
  responses: [response(200), ...failures],
  fallbacks: [{ after: [404, 405], path: "/items/{ID}/parts/", errata: ["E-T-01"] }],
  idempotent: true,
};

/** A GET with a body, which may be absent, or come as a query, or by POST. */
export const ITEM_QUERY: Operation = {
  ...common,
  id: "ITEM_QUERY",
  method: "GET",
  path: "/items/{ID}",
  alternatives: [{ method: "POST", path: "/items/{ID}/query", errata: ["E-T-02"] }],
  parameters: [idParameter],
  takesQuery: true,
  query: [
    { parameter: "name", member: ["item", "name"], type: "string", array: false },
    { parameter: "size", member: ["item", "size"], type: "integer", array: false },
  ],
  request: { ...itemRequest, absent: ["item"] },
  responses: [response(200, itemBody), ...failures],
  idempotent: true,
};

/** Exactly one slash form, a DELETE with a body, and query parameters of its own. */
export const ITEM_DROP: Operation = {
  ...common,
  id: "ITEM_DROP",
  method: "DELETE",
  path: "/items",
  trailingSlash: false,
  parameters: [
    { ...idParameter, name: "why", in: "query", required: false, constraints: { maxLength: 8 } },
    { ...idParameter, name: "count", in: "query", required: false, type: "integer", constraints: { minimum: 1 } },
  ],
  request: { ...itemRequest, required: false },
  responses: [response(200), ...failures],
  idempotent: true,
};

export const operations: readonly Operation[] = [ITEM_ADD, ITEM_PUT, ITEM_QUERY, ITEM_DROP];

/** Handlers that echo, for tests to override one by one. */
export function handlers(overrides: Record<string, unknown> = {}): object {
  const echo = ({ body }: { body: unknown }) => ({ status: 200, body });
  const empty = () => ({ status: 200 });
  return { ITEM_ADD: echo, ITEM_PUT: empty, ITEM_QUERY: echo, ITEM_DROP: empty, ...overrides };
}

export interface Running {
  readonly url: string;
  readonly port: number;
  readonly server: Server;
  close(): Promise<void>;
}

/** Listens on a free port of 127.0.0.1. */
export async function serve(server: Server): Promise<Running> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    server,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function serveHandlers(overrides: Record<string, unknown> = {}, options: ServerOptions = {}): Promise<Running> {
  const listener: Listener = createListener(operations, handlers(overrides), options);
  return serve(createServer((request, answer) => listener(request, answer)));
}
