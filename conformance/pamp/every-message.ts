import type { ErratumId } from "../../generated/catalogue/errata.js";
import type { RequirementId } from "../../generated/catalogue/requirements.js";
import type { Rule } from "../client/every-message.js";
import type { ClientRequest } from "../client/request.js";
import { isObject, show, valueAt } from "../engine/matchers.js";

/** A member with the type that clause 9.1 prints for it. */
export interface Member {
  readonly primitive: string;
  readonly path: string;
  readonly type: "STRING" | "NUMBER" | "BOOLEAN" | "amount" | "fragment-id" | "array";
  /** The only words, where bars separate some and `other` is not among them. */
  readonly words?: readonly string[];
  /** The statement on this member, where there is one that binds the sender. */
  readonly requirement?: RequirementId;
  readonly errata?: readonly ErratumId[];
  /** Members of each entry of an array. */
  readonly each?: true;
}

const hasBody = ({ arrived }: ClientRequest): boolean => arrived.body.length > 0;

/** The name of the element that a primitive's body is. */
const elements: Readonly<Record<string, string>> = {
  PAMP_OVERLAY_NW_REG: "overlay_network_information",
  PAMP_PEER_REG: "peer_information",
  PAMP_PEER_STATUS_REPORT: "peer_status",
  PAMP_PEER_LIST_QUERY: "peer_query_condition",
};

const base: readonly Rule[] = [
  {
    name: "http",
    title: "what the product sends are requests of HTTP, complete as they say themselves",
    requirements: ["PAMP-9-01"],
    errata: ["E-PAMP-19", "E-PAMP-58"],
    what: "a message as HTTP",
    about: () => true,
    broken: ({ arrived: { fault } }) => (fault === undefined ? undefined : ["an HTTP request", fault]),
  },
  {
    name: "json",
    title: "a body is JSON in UTF-8",
    requirements: ["PAMP-9-01"],
    errata: ["E-PAMP-13", "E-PAMP-58"],
    what: "the body of a message",
    about: hasBody,
    broken: ({ json, text, arrived: { body } }) => {
      if (json === undefined) return ["JSON", text.slice(0, 200)];
      return Buffer.from(text).equals(body) ? undefined : ["text in UTF-8", "octets that are no UTF-8"];
    },
  },
  {
    name: "content-type",
    title: "a body is announced as application/json",
    requirements: ["PAMP-9.2-04"],
    errata: ["E-PAMP-19", "E-PAMP-20"],
    what: "Content-Type of a message with a body",
    about: hasBody,
    broken: (request) => {
      const type = request.header("content-type");
      return /^application\/json\s*(;|$)/i.test(type) ? undefined : ["application/json", type === "" ? "none" : type];
    },
  },
];

/** Rules that hold for what this kind of client sends. */
export function pampRules(of: {
  /** Statements on single elements, beside the general one: `PAMP-9.1.3-01`. */
  readonly elements: readonly RequirementId[];
  readonly members: readonly Member[];
  /** Primitives without a body, with the statement that says so. */
  readonly bodiless: Readonly<Record<string, RequirementId>>;
}): Rule[] {
  const general = of.members.filter(({ requirement }) => requirement === undefined);
  const single = of.members.filter((one) => one.requirement !== undefined);
  return [
    ...base,
    {
      name: "element",
      title: "a body is the element that its table names, in a member of that name",
      requirements: ["PAMP-9.1-01", ...of.elements],
      errata: ["E-PAMP-09", "E-PAMP-45"],
      what: "the body of a message",
      about: (request) => hasBody(request) && elements[request.primitive] !== undefined,
      broken: ({ json, primitive }, t) => {
        const name = elements[primitive] ?? "";
        const names = isObject(json) ? Object.keys(json) : [];
        if (names.some((one) => one.trim() === name)) return undefined;
        if (t.declared.reading("E-PAMP-45" as never) === "B" && isObject(json)) return undefined;
        return [`an object with a member ${name}`, show(json)];
      },
      odd: ({ json, primitive }) => {
        const names = isObject(json) ? Object.keys(json) : [];
        const blank = names.find((one) => one !== one.trim() && one.trim() === elements[primitive]);
        return blank === undefined
          ? undefined
          : `the element is named ${JSON.stringify(blank)}, with a blank (E-PAMP-09)`;
      },
    },
    {
      name: "types",
      title:
        "members have the JSON type that is printed for them, arrays where brackets are, one of the words where bars are",
      requirements: ["PAMP-9.1-02", "PAMP-9.1-03"],
      errata: ["E-PAMP-08", "E-PAMP-10", "E-PAMP-46"],
      what: "the members of a message",
      about: hasBody,
      broken: (request) => firstFault(request, [...general, ...single]),
    },
    ...single.map((member): Rule => {
      const { requirement, path } = member;
      const name = path.split(".").at(-1) ?? "";
      return {
        name: `member-${path.split(".").slice(-2).join("-").replaceAll("_", "-")}`,
        title: `${name} is ${printed(member)}`,
        requirements: [requirement as RequirementId],
        errata: member.errata ?? [],
        what: name,
        about: (request) => request.primitive === member.primitive && valuesOf(request, member).length > 0,
        broken: (request) => firstFault(request, [member]),
        optional: true,
      };
    }),
    {
      name: "no-body",
      title: "messages that have no element are sent without a body",
      requirements: Object.values(of.bodiless) as [RequirementId, ...RequirementId[]],
      what: "the body of a message that has none",
      about: ({ primitive }) => of.bodiless[primitive] !== undefined,
      broken: ({ arrived, text, primitive }) =>
        arrived.body.length === 0 ? undefined : [`${primitive} without a body`, `a body: ${text.slice(0, 200)}`],
    },
  ];
}

function firstFault(request: ClientRequest, members: readonly Member[]): readonly [string, string] | undefined {
  for (const member of members) {
    if (member.primitive !== request.primitive) continue;
    const wrong = valuesOf(request, member).find((value) => !fits(value, member));
    if (wrong !== undefined) return [`${member.path}: ${printed(member)}`, `${member.path}: ${show(wrong)}`];
  }
  return undefined;
}

/** The values that a member has in a message, as they were sent, by whichever name an erratum allows. */
function valuesOf({ json }: ClientRequest, { path, each, primitive }: Member): unknown[] {
  const element = elements[primitive] ?? "";
  const body = named(json, element) ?? json;
  const inner = path.slice(element.length + 1);
  if (!each) return present(valueAt(body, inner), inner, body);
  const at = inner.lastIndexOf(".");
  const list = listAt(body, inner.slice(0, at));
  return list.flatMap((one) => present(valueAt(one, inner.slice(at + 1)), "", one));
}

function present(value: unknown, path: string, body: unknown): unknown[] {
  if (value !== undefined) return [value];
  const hyphened = path.replace("fragment_event", "fragment-event");
  const other = hyphened === path ? undefined : valueAt(body, hyphened);
  return other === undefined ? [] : [other];
}

function listAt(body: unknown, path: string): readonly unknown[] {
  const [found] = present(valueAt(body, path), path, body);
  return Array.isArray(found) ? (found as unknown[]) : [];
}

function named(json: unknown, name: string): unknown {
  if (!isObject(json)) return undefined;
  return Object.entries(json).find(([one]) => one.trim() === name)?.[1];
}

function fits(value: unknown, { type, words }: Member): boolean {
  switch (type) {
    case "STRING":
      return typeof value === "string" && (words === undefined || words.includes(value));
    case "NUMBER":
      return typeof value === "number";
    case "BOOLEAN":
      return typeof value === "boolean";
    case "array":
      return Array.isArray(value);
    // E-PAMP-08, E-PAMP-10: a number, or a string of decimal digits.
    case "amount":
    case "fragment-id":
      return (
        typeof value === "number" ||
        (typeof value === "string" && /^\s*\d+(\.\d+)?\s*$/.test(value)) ||
        (type === "fragment-id" && typeof value === "string" && value !== "")
      );
  }
}

function printed({ type, words }: Member): string {
  if (words) return words.map((one) => JSON.stringify(one)).join(" or ");
  const texts = {
    STRING: "a string",
    NUMBER: "a number",
    BOOLEAN: "true or false",
    array: "an array",
    amount: "a string of decimal digits, or a number",
    "fragment-id": "a string, or a number",
  };
  return texts[type];
}
