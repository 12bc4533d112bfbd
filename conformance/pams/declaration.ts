import type { Declaration, DeclarationShape } from "../engine/declaration.js";

/** Default of a reading that the product need not declare: every reading is taken, and the differences are not judged. */
const OPEN = "any";

/** What the maker of a PAMS can declare, with what holds if they do not. Add what a case asks for here. */
export const pamsDeclaration = {
  options: {},
  readings: {
    "E-PAMP-01": {
      title:
        "Peers are found at the segment of each operation's own table (A), under /peer only (B) or /peers only (C)",
      letters: ["A", "B", "C"],
      default: "A",
    },
    "E-PAMP-08": {
      title: "Amounts are sent to the product as strings of decimal digits (A) or as numbers (B)",
      letters: ["A", "B"],
      default: "A",
    },
    "E-PAMP-10": {
      title: "A fragment ID in an event and the number in a list or range name the same fragment (A), or need not (B)",
      letters: ["A", "B"],
      default: OPEN,
    },
    "E-PAMP-27": {
      title: "Most uploaded, most downloaded and least left come first (A), or all three run in one direction (B)",
      letters: ["A", "B"],
      default: OPEN,
    },
    "E-PAMP-28": {
      title: "The peers listed in a condition are the candidates (A), or only come first (B)",
      letters: ["A", "B"],
      default: "A",
    },
    "E-PAMP-30": {
      title: "A match holds all fragments of a condition (A), any of them (B), or the best matches come first (C)",
      letters: ["A", "B", "C"],
      default: OPEN,
    },
    "E-PAMP-35": {
      title: "Amounts add up for ordering and the last is returned (A), add up for both (B), or the last counts (C)",
      letters: ["A", "B", "C"],
      default: OPEN,
    },
    "E-PAMP-45": {
      title: "An answer's element stands in a member of its name (A), or is the whole body (B)",
      letters: ["A", "B"],
      default: "A",
    },
    "E-X-01": {
      title: "A repeated registration of an overlay network is taken as a sign of life (A) or refused (B)",
      letters: ["A", "B"],
      default: "B",
    },
  },
  values: {
    headers: {
      title: "Header lines sent with every request, such as credentials: `authorization: Bearer …`",
      default: [],
      secret: true,
    },
    "authenticated-operations": {
      title: "Primitives that are answered 401 unless credentials come along: `PAMP_OVERLAY_NW_REG` …",
      default: [],
    },
    "provider-headers": {
      title: "Header lines of a service provider that may query, in place of `headers`",
      default: [],
      secret: true,
    },
    "peer-token-header": {
      title: "Header of a peer registration's answer with a token, which the peer's later requests show as Bearer",
      default: "",
    },
    "query-carrier": {
      title: "How the conditions of a list query travel: body (of the GET), query (string) or post (E-PAMP-12)",
      default: "body",
    },
    "query-path": {
      title: "Path that takes a list query by POST",
      default: "/pams/{NID}/peer/query",
    },
    "tls-url": {
      title: "Address of the same server over TLS, where --url is not it: https://HOST:PORT",
      default: "",
    },
  },
} as const satisfies DeclarationShape;

/** True where a primitive is declared to want credentials, and some are declared. */
export function wantsCredentials(declared: Declaration, operation: string): boolean {
  const operations = declared.value("authenticated-operations") as readonly string[];
  return operations.includes(operation) && (declared.value("headers") as readonly string[]).length > 0;
}
