import type { ClientTest } from "../client/client.js";
import { everyMessageCases, type Rule } from "../client/every-message.js";
import type { ClientRequest } from "../client/request.js";
import { isObject } from "../engine/matchers.js";
import { defineCase } from "./case.js";
import { CREATION, JOIN, LEAVE, MODIFICATION, QUERY, REFRESH, REMOVAL, REPORT, standInsOf } from "./session.js";

type JsonType = "string" | "number" | "boolean" | "object" | "list of strings";

/** Members of Tables 6-1 to 6-8 by name, wherever they stand, with the type that the tables print. */
const types: Readonly<Record<string, JsonType>> = {
  "overlay-id": "string",
  title: "string",
  type: "string",
  "sub-type": "string",
  "owner-id": "string",
  expires: "number",
  description: "string",
  "heartbeat-interval": "number",
  "heartbeat-timeout": "number",
  auth: "object",
  "cr-policy": "object",
  trans_policy: "object",
  "trans-policy": "object",
  "peer-id": "string",
  address: "string",
  Address: "string",
  admin_key: "string",
  access_key: "string",
  peerlist: "list of strings",
  num_primary: "number",
  num_out_candidate: "number",
  num_in_candidate: "number",
  costmap: "object",
  password: "string",
  mN_Cache: "number",
  mD_Cache: "number",
  "recovery-by": "string",
  recovery: "boolean",
};

/** The first member, in whatever depth, that is not of its type. */
function mistyped(value: unknown, path = ""): string | undefined {
  if (Array.isArray(value)) return value.map((one, index) => mistyped(one, `${path}[${index}]`)).find(Boolean);
  if (!isObject(value)) return undefined;
  for (const [name, member] of Object.entries(value)) {
    const wanted = types[name];
    // An opaque object has members of its own.
    if (wanted !== undefined && !isOf(member, wanted)) return `${path}${name} is ${kindOf(member)}, not a ${wanted}`;
    const within = name.startsWith("trans") ? undefined : mistyped(member, `${path}${name}.`);
    if (within !== undefined) return within;
  }
  return undefined;
}

function isOf(value: unknown, wanted: JsonType): boolean {
  if (wanted === "object") return isObject(value);
  if (wanted === "list of strings") return Array.isArray(value) && value.every((one) => typeof one === "string");
  return typeof value === wanted;
}

const kindOf = (value: unknown): string =>
  value === null ? "null" : Array.isArray(value) ? "a list" : `a ${typeof value}`;

const withBody = (request: ClientRequest): boolean => request.primitive !== "" && request.primitive !== QUERY;
const ofPeer = ({ primitive }: ClientRequest): boolean => [JOIN, REFRESH, REPORT, LEAVE].includes(primitive);

/** All that one start of the product brought; a case that is tried again starts it again. */
function instance(t: ClientTest, request: ClientRequest): readonly ClientRequest[] {
  return standInsOf(t.run).find(({ arrived }) => arrived.includes(request))?.arrived ?? [request];
}

const passwordOf = (request: ClientRequest): unknown => request.get("peer.auth.password");

const rules: readonly Rule[] = [
  {
    name: "json",
    title: "whatever has a body is JSON, and says so",
    requirements: ["HOMP-6-01"],
    what: "the coding of its messages",
    about: withBody,
    broken: (request) => {
      if (!isObject(request.json))
        return ["a JSON object", request.text === "" ? "no body" : request.text.slice(0, 120)];
      const type = request.header("content-type");
      return /^application\/([a-z0-9.-]+\+)?json\s*(;|$)/i.test(type)
        ? undefined
        : ["content-type application/json", type === "" ? "none" : type];
    },
  },
  {
    name: "types",
    title: "every member is of the type that the tables print",
    requirements: ["HOMP-5-01", "HOMP-5-02"],
    errata: ["E-HOMP-06", "E-HOMP-07", "E-HOMP-44"],
    what: "the types of its members",
    about: withBody,
    broken: ({ json }) => {
      const fault = mistyped(json);
      return fault === undefined ? undefined : ["members of the types of Tables 6-1 to 6-8", fault];
    },
  },
  {
    name: "mandatory",
    title: "every message has all that is marked m for it",
    requirements: ["HOMP-6.2-02"],
    errata: ["E-HOMP-01", "E-HOMP-02", "E-HOMP-10", "E-HOMP-23"],
    what: "the members of its messages",
    about: ({ primitive }) => primitive !== "",
    broken: ({ issues, primitive }, t) => {
      const elsewhere =
        t.declared.reading("E-HOMP-11" as never) === "B" && (primitive === REMOVAL || primitive === LEAVE);
      const [issue] = issues;
      return issue === undefined || elsewhere
        ? undefined
        : [`a ${primitive} as specified`, `${issue.member} ${issue.message} (${issue.clause})`];
    },
  },
  {
    name: "primitives",
    title: "every request is one of the eight primitives, at its path",
    requirements: ["HOMP-6.2-03"],
    errata: ["E-HOMP-12"],
    what: "the method and path of its requests",
    about: () => true,
    broken: ({ primitive, arrived, outcome }) =>
      primitive === "" || arrived.fault !== undefined ? ["a primitive of Q.4103", outcome] : undefined,
    odd: ({ target }) =>
      /^[^?]*\/(\?|$)/.test(target)
        ? "paths have a slash at their end that the Recommendation does not print"
        : undefined,
  },
  {
    name: "host",
    title: "every request is HTTP/1.1 with a Host, or HTTP/1.0",
    requirements: ["HOMP-6.2-03"],
    what: "the Host header of its requests",
    about: () => true,
    broken: (request) =>
      request.arrived.version !== "1.1" || request.header("host") !== "" ? undefined : ["a Host header", "none"],
  },
  {
    name: "overlay-type",
    title: "type is core or sub",
    requirements: ["HOMP-6.1.1-03"],
    errata: ["E-HOMP-28", "E-HOMP-44"],
    what: "type",
    about: (request) => typeOf(request, "type") !== undefined,
    broken: (request) => among(typeOf(request, "type"), ["core", "sub"]),
  },
  {
    name: "overlay-sub-type",
    title: "sub-type is tree or mesh",
    requirements: ["HOMP-6.1.1-04"],
    errata: ["E-HOMP-28", "E-HOMP-44"],
    what: "sub-type",
    about: (request) => typeOf(request, "sub-type") !== undefined,
    broken: (request) => among(typeOf(request, "sub-type"), ["tree", "mesh"]),
  },
  {
    name: "access-type",
    title: "type of auth is open or closed",
    requirements: ["HOMP-6.1.3-02"],
    errata: ["E-HOMP-29", "E-HOMP-52"],
    what: "type of auth",
    about: (request) => authOf(request)?.type !== undefined,
    broken: (request) => among(authOf(request)?.type, ["open", "closed"]),
  },
  {
    name: "peer-id",
    title: "a peer goes by one identifier in all its messages",
    requirements: ["HOMP-6.1.2-01"],
    what: "the identifiers of a peer",
    about: ofPeer,
    broken: (request, t) => {
      const id = request.get("peer.peer-id");
      const other = instance(t, request).find((one) => ofPeer(one) && one.get("peer.peer-id") !== id);
      if (typeof id !== "string" || id === "") return ["a non-empty string", JSON.stringify(id) ?? "none"];
      return other === undefined
        ? undefined
        : [`one peer-id, such as ${id}`, `${String(other.get("peer.peer-id"))} as well`];
    },
  },
  {
    name: "password",
    title: "a password has letters and digits only, and stays the same for as long as the peer runs",
    requirements: ["HOMP-6.1.7-01"],
    errata: ["E-HOMP-38"],
    what: "the password of a peer",
    about: (request) => ofPeer(request) && passwordOf(request) !== undefined,
    broken: (request, t) => {
      const password = passwordOf(request);
      if (typeof password !== "string" || !/^[A-Za-z0-9]+$/.test(password)) {
        return ["letters and digits, one at least", "something else"];
      }
      const other = instance(t, request).find(
        (one) => ofPeer(one) && ![password, undefined].includes(passwordOf(one) as string),
      );
      return other === undefined ? undefined : ["the same password in all messages of a peer", "another one later"];
    },
  },
  {
    name: "new-password",
    title: "a peer makes up a new password whenever it starts",
    requirements: ["HOMP-6.1.7-02"],
    errata: ["E-HOMP-38"],
    what: "the passwords of a peer that is started several times",
    optional: true,
    // One product for the whole run starts once.
    about: (request) => request.primitive === JOIN && passwordOf(request) !== undefined,
    broken: (request, t) => {
      if (t.run.shared !== undefined) return undefined;
      const own = instance(t, request);
      const same = t.run.heard.find(
        ({ request: one }) => one.primitive === JOIN && !own.includes(one) && passwordOf(one) === passwordOf(request),
      );
      return same === undefined
        ? undefined
        : ["a password of its own for each start", `one that it had in ${same.caseId} too`];
    },
  },
  {
    name: "admin-key",
    title: "the admin key goes into creation, modification and removal, and nowhere else",
    requirements: ["HOMP-6.1.3-03"],
    errata: ["E-HOMP-02", "E-HOMP-30"],
    what: "where the admin key goes",
    about: (request) => withBody(request),
    broken: (request) => {
      const owns = [CREATION, MODIFICATION, REMOVAL].includes(request.primitive);
      return !owns && /"admin[_-]key"/.test(request.text)
        ? [`no admin key in a ${request.primitive}`, "one"]
        : undefined;
    },
  },
  {
    name: "trans-policy",
    title: "a policy of floor control, if there is one, is an object",
    requirements: ["HOMP-6.1.1-13", "HOMP-6.2.3-08"],
    errata: ["E-HOMP-03", "E-HOMP-39"],
    what: "trans_policy",
    optional: true,
    about: (request) => request.get("overlay.trans_policy") !== undefined,
    broken: (request) =>
      isObject(request.get("overlay.trans_policy"))
        ? undefined
        : ["an object", kindOf(request.get("overlay.trans_policy"))],
  },
];

const typeOf = (request: ClientRequest, name: string): unknown =>
  request.get(`overlay_info.${name}`) ?? request.get(`overlay.${name}`);

function authOf(request: ClientRequest): Readonly<Record<string, unknown>> | undefined {
  const found = request.get("overlay_info.auth") ?? request.get("overlay.auth");
  return isObject(found) ? found : undefined;
}

function among(value: unknown, words: readonly string[]): readonly [string, string] | undefined {
  return words.includes(value as string) ? undefined : [words.join(" or "), JSON.stringify(value) ?? "none"];
}

export const messageCases = everyMessageCases("homp-hybrid-peer", defineCase, rules);
