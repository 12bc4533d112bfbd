/** Request bodies that are octets as they are: which ones, and what an operation with one cannot have. */
import { type Cursor, isObject } from "./cursor.js";

const OCTETS = "application/octet-stream";

/** The one schema of octets: `{ type: string, format: binary }`. It has no bound, since a stream has none; a server sets its own. */
export function isOctetsSchema(contentType: string, schema: Cursor): boolean {
  return (
    contentType === OCTETS &&
    isObject(schema.value) &&
    schema.value.type === "string" &&
    schema.value.format === "binary" &&
    schema.keys().length === 2
  );
}

/** @param body a request body, or a response, which has no octets */
export function readsOctets(body: Cursor, place: "request" | "response"): boolean {
  const media = body.get("content").get(OCTETS);
  if (media.value === undefined) return false;
  if (place === "response") {
    media.problem("octets are read in requests only. Answer with JSON, or without a body.");
  } else if (!isOctetsSchema(OCTETS, media.get("schema"))) {
    media.problem(`${OCTETS} has one schema. Write schema: { type: string, format: binary }.`);
  } else return true;
  return false;
}

/** Octets come once, in the body of a request that has one, and hold no members. */
export function checkOctets(operation: Cursor, method: string): void {
  if (!["PUT", "POST", "PATCH"].includes(method)) {
    operation.problem(`octets do not go with ${method}. Use PUT, POST or PATCH.`);
  }
  for (const key of ["x-query", "x-fallback"]) {
    if (operation.has(key)) operation.get(key).problem(`${key} does not go with octets, which come once. Remove it.`);
  }
  const accept = operation.get("x-accept");
  for (const key of ["query", "no-body", "routes"]) {
    if (accept.has(key)) accept.get(key).problem(`x-accept ${key} does not go with octets. Remove it.`);
  }
}
