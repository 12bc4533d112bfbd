import { pampOperations } from "../../generated/pamp/operations.js";
import type { OperationBody } from "../../generated/runtime/http-operation.js";
import type { ValidationIssue } from "../../generated/runtime/validation.js";
import { describeIssues } from "../../generated/runtime/validation.js";
import type { HttpReply } from "../engine/http.js";
import { status } from "../engine/http.js";
import { isObject } from "../engine/matchers.js";
import { SuiteError } from "../engine/outcome.js";
import type { Cite } from "../engine/test.js";
import type { PamsTest } from "./case.js";
import type { Json } from "./messages.js";

/** Whatever is not a refusal: 200 is expected, another 2xx draws a remark (E-PAMP-44). */
export const accepted = status("2xx");
/** Where no table names a code: any 4xx (E-PAMP-67). */
export const refused = status("4xx");
/** A query for what is not there (E-PAMP-06, E-PAMP-42). */
export const unknownInQuery = status(409, 404);

/** Judges that a request was carried out. */
export function succeeds(t: PamsTest, reply: HttpReply, cite: Cite): void {
  t.answers(reply, accepted, cite);
  if (reply.status !== 200) t.warn(`${cite.what}: ${reply.status} instead of 200 (E-PAMP-44)`);
}

/** Judges a refusal of a query for what is not there, and notes which of the two codes it has. */
export function refusesQuery(t: PamsTest, reply: HttpReply, cite: Cite): void {
  t.answers(reply, unknownInQuery, cite);
  if (reply.status === 404) t.warn(`${cite.what}: 404, where the table prints 409 (E-PAMP-06)`);
}

// ---- elements ----

/** Elements that answers carry, with the spellings that the errata allow, the defined one first. */
const elements = {
  pam_conf_info: {
    spellings: ["pam_conf_info", "pam_conf"],
    body: bodyOf("PAMP_OVERLAY_NW_REG"),
    erratum: "E-PAMP-03",
  },
  peer_list: { spellings: ["peer_list"], body: bodyOf("PAMP_PEER_LIST_QUERY"), erratum: "" },
  peer_status: {
    spellings: ["peer_status", "peer_status "],
    body: bodyOf("PAMP_PEER_INFO_QUERY"),
    erratum: "E-PAMP-09",
  },
} as const;

export type ElementName = keyof typeof elements;
export const elementNames = ["pam_conf_info", "peer_list", "peer_status"] as const satisfies readonly ElementName[];

function bodyOf(id: keyof typeof pampOperations): OperationBody {
  const body = pampOperations[id].responses.find(({ status }) => status === 200)?.body;
  if (!body) throw new SuiteError(`${id} has no body for 200`);
  return body;
}

/** The name under which the body holds the element; "" where it is the whole body and that is declared (E-PAMP-45). */
function wrapperOf(t: PamsTest, reply: HttpReply, name: ElementName): string | undefined {
  const { json } = reply;
  if (!isObject(json)) return undefined;
  const found = elements[name].spellings.find((spelling) => isObject(json[spelling]));
  return found ?? (t.declared.reading("E-PAMP-45") === "B" ? "" : undefined);
}

/** An answer's element in canonical form, or undefined where it has none. Judges nothing. */
export function elementOf(t: PamsTest, reply: HttpReply, name: ElementName): Json | undefined {
  const wrapper = wrapperOf(t, reply, name);
  if (wrapper === undefined) return undefined;
  const body = elements[name].body.read(structuredClone(reply.json), { issues: [] });
  const inner = isObject(body) ? body[name] : undefined;
  // A bare object without any member cannot be told from another element's, but there is no other to be expected.
  const bare = wrapper === "" && isObject(reply.json) && Object.keys(reply.json).length === 0;
  return isObject(inner) ? inner : bare ? {} : undefined;
}

/** Judges that the answer is 200 with the element, and gives the element in canonical form. */
export function carries(t: PamsTest, reply: HttpReply, name: ElementName, cite: Cite): Json {
  succeeds(t, reply, cite);
  const element = elementOf(t, reply, name);
  t.that(element !== undefined, `an object with the member ${name}`, reply.outcome, {
    ...cite,
    what: `the element in ${cite.what.replace(/^the status of /, "the answer to ")}`,
    entry: reply.entry,
  });
  const wrapper = wrapperOf(t, reply, name);
  if (wrapper === "") t.warn(`${name} is the whole body (E-PAMP-45)`);
  else if (wrapper !== name) t.warn(`${name} is called ${JSON.stringify(wrapper)} (${elements[name].erratum})`);
  return element ?? {};
}

/** Judges the whole body by the generated validator, after the tolerant reading (E-PAMP-08, E-PAMP-10). */
export function wellTyped(t: PamsTest, reply: HttpReply, name: ElementName, cite: Cite): void {
  const { body } = elements[name];
  const issues: ValidationIssue[] = [];
  const read = body.read(structuredClone(reply.json), { issues });
  issues.push(...(body.validate(read) ?? []));
  t.that(issues.length === 0, `types as X.609.1 ${body.clause} has them`, describeIssues(issues), {
    entry: reply.entry,
    ...cite,
  });
}

// ---- what stands in them ----

/** The IDs of a list answer under either name (E-PAMP-11); none where the member is absent. */
export function idsOf(t: PamsTest, reply: HttpReply): unknown {
  const list = elementOf(t, reply, "peer_list");
  return list === undefined ? undefined : (list.peer_id ?? []);
}

/** Judges that a list query is answered with a list of IDs, and gives them. */
export function listedIn(t: PamsTest, reply: HttpReply, cite: Cite): string[] {
  const list = carries(t, reply, "peer_list", cite);
  const ids = list.peer_id ?? [];
  const holds = Array.isArray(ids) && ids.every((id) => typeof id === "string");
  t.that(holds, "a list of strings", ids, { ...cite, what: `the peers in ${cite.what}`, entry: reply.entry });
  return holds ? ids : [];
}

/** The number in an amount of either type (E-PAMP-08); undefined for anything else. */
export function amountOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
}

/** All fragments that a status or a list names, one by one or as a range (E-PAMP-16). */
export function fragmentsOf(holder: Json): Set<number> {
  const list = isObject(holder.fragment_list) ? holder.fragment_list.fragment : undefined;
  const ids = new Set<number>(Array.isArray(list) ? list.map(Number) : []);
  if (!isObject(holder.fragment_range)) return ids;
  const { start_fragment_id: start, end_fragment_id: end } = holder.fragment_range;
  for (let id = Number(start); id <= Number(end) && ids.size < 100_000; id++) ids.add(id);
  return ids;
}
