import { pampOperations } from "../../generated/pamp/operations.js";
import type { Declaration, DeclarationShape } from "../engine/declaration.js";
import { headerLine } from "../engine/http-declaration.js";

/** Default of a reading that the product need not declare: every reading is taken, and the differences are not judged. */
const OPEN = "any";

/** What the maker of a PAMS can declare, with what holds if they do not. Add what a case asks for here. */
export const pamsDeclaration = {
  options: {
    // The use cases of clause 8.2: what a PAMS does for them binds it where it takes part in them.
    "pams-discovery": {
      title:
        "Is one of several PAMSs that find the one in charge, and names it in pams_url; the suite can reach them all",
      clause: "X.609.1 8.2.1",
      requirement: "PAMP-8.2.1-05",
      status: "o",
      default: false,
    },
    "helper-peers": {
      title: "A list asked for by helper-condition begins with peers that can help the peer named",
      clause: "X.609.1 8.2.3",
      requirement: "PAMP-8.2.3-06",
      status: "o",
      default: false,
    },
    "rarest-fragments": {
      title: "Answers to list queries name the rarest fragments",
      clause: "X.609.1 8.2.4",
      requirement: "PAMP-8.2.4-05",
      status: "o",
      default: false,
    },
    "live-lists": {
      title: "In an overlay network of the type STREAM, answers to list queries name the newest fragments",
      clause: "X.609.1 8.2.5",
      requirement: "PAMP-8.2.5-07",
      status: "o",
      default: false,
    },
    "confirmed-order": {
      title:
        "Lists are ordered by what confirmed receipts prove, not by what peers report (signed-report with a rival)",
      clause: "X.609.1 8.2.6",
      requirement: "PAMP-8.2.6-14",
      status: "o",
      default: false,
    },
    "service-classes": {
      title: "Users of two classes (two-service-classes) are given different lists",
      clause: "X.609.1 8.2.5",
      requirement: "PAMP-8.2.5-07",
      status: "o",
      default: false,
    },
  },
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
      form: headerLine,
    },
    "authenticated-operations": {
      title: "Primitives that are answered 401 unless credentials come along: `PAMP_OVERLAY_NW_REG` …",
      default: [],
      oneOf: Object.keys(pampOperations),
    },
    "provider-headers": {
      title: "Header lines of a service provider that may query, in place of `headers`",
      default: [],
      secret: true,
      form: headerLine,
    },
    "peer-token-header": {
      title: "Header of a peer registration's answer with a token, which the peer's later requests show as Bearer",
      default: "",
    },
    "query-carrier": {
      title: "How the conditions of a list query travel: body (of the GET), query (string) or post (E-PAMP-12)",
      default: "body",
      oneOf: ["body", "query", "post"],
    },
    "query-path": {
      title: "Path that takes a list query by POST",
      default: "/pams/{NID}/peer/query",
      form: { pattern: /^\/.*\{NID\}/, example: "/pams/{NID}/peer/query" },
      placeholders: ["{NID}"],
    },
    "helper-condition": {
      title: "The condition of a list query for helper peers, as JSON; {peer} is the peer in need (E-PAMP-28)",
      default: '{"peer_id":["{peer}"],"max_peer_num":1}',
    },
    "two-service-classes": {
      title: "Two values of service_class whose lists differ (E-PAMP-29)",
      default: ["1", "2"],
    },
    "signed-report": {
      title:
        'A signed exchange, as JSON (E-PAMP-51): {"overlay": ID, "peers": [peer_information …], "reporter": peer ID, "report": dynamic_status, "tampered": {"path": member of the report, "value": …}, "rival": {"reporter": peer ID, "report": dynamic_status with a good receipt for less}}; rival is for confirmed-order',
      default: "",
    },
    "tls-url": {
      title: "Address of the same server over TLS, where --url is not it: https://HOST:PORT",
      default: "",
      form: { pattern: /^https:\/\/[^/]/, example: "https://127.0.0.1:8443" },
    },
  },
} as const satisfies DeclarationShape;

/** True where a primitive is declared to want credentials, and some are declared. */
export function wantsCredentials(declared: Declaration, operation: string): boolean {
  const operations = declared.value("authenticated-operations") as readonly string[];
  return operations.includes(operation) && (declared.value("headers") as readonly string[]).length > 0;
}
