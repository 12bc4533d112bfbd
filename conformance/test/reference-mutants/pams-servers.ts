import type { RequirementId } from "../../../generated/catalogue/requirements.js";
import type { Mutant } from "./mutant.js";
import { answering, asked, mutantsOf, overlooking, turning } from "./mutant.js";

const OREG = "PAMP_OVERLAY_NW_REG";
const ODEREG = "PAMP_OVERLAY_NW_DEREG";
const REG = "PAMP_PEER_REG";
const DEREG = "PAMP_PEER_DEREG";
const REPORT = "PAMP_PEER_STATUS_REPORT";
const LIST = "PAMP_PEER_LIST_QUERY";
const INFO = "PAMP_PEER_INFO_QUERY";

type Entry = Omit<Mutant, "id" | "entity">;

const turns = (breaks: RequirementId, operation: string, from: number, to: number): Entry => ({
  breaks: [breaks],
  what: `${operation}: ${to} instead of ${from}`,
  ...turning(operation, from, to),
});

const configures = (breaks: RequirementId, what: string, operation: string, change: string): Entry => ({
  breaks: [breaks],
  what,
  ...answering(operation, `const info = sent.pam_conf_info; if (info) { ${change} }`),
});

/** A body where PAMP has none. */
const bodied = (breaks: RequirementId, operation: string): Entry => ({
  breaks: [breaks],
  what: `${operation}: a success has a body`,
  file: "generated/runtime/http-answer.ts",
  find: 'if (body === undefined) return send(exchange, status, undefined, "", headers);',
  replace: `if (body === undefined) return operation.id === "${operation}" && status === 200 ? send(exchange, status, "{}", "application/json", headers) : send(exchange, status, undefined, "", headers);`,
});

const refusing = (breaks: RequirementId, what: string, operation: string, when: string): Entry => ({
  breaks: [breaks],
  what,
  ...asked(operation, `if (${when}) return refuse(exchange, 400, {});`),
});

/** Takes for right whatever is wrong in a request. */
const careless = (breaks: RequirementId, operation: string): Entry => ({
  breaks: [breaks],
  what: `${operation}: whatever is wrong with the message is answered as if it were right`,
  file: "generated/runtime/http-server.ts",
  find: "if (issues.length > 0) return refuseIssues(exchange, issues);",
  replace: `if (issues.length > 0) return operation.id === "${operation}" ? send(exchange, 200, undefined, "", undefined) : refuseIssues(exchange, issues);`,
});

const handlers = (find: string, replace: string) => ({ file: "impl/pams/handlers.ts", find, replace });
const core = (find: string, replace: string) => ({ file: "impl/pams/core.ts", find, replace });
const credentials = (find: string, replace: string) => ({
  file: "impl/pams/credentials.ts",
  find,
  replace,
  setting: "guarded" as const,
});

/** Defects of a PAMS in registration, deregistration, transport and admission. */
export const pamsServerMutants = mutantsOf("pams", {
  "no-query-for-one-peer": {
    breaks: ["PAMP-REQ-GEN-01"],
    what: "there is no query for one peer",
    ...turning(INFO, "any", 501),
  },
  "no-peer-deregistration": {
    breaks: ["PAMP-REQ-OPR-01"],
    what: "there is no deregistration of peers",
    ...turning(DEREG, "any", 405),
  },
  "report-unanswered": {
    breaks: ["PAMP-9.2-01"],
    what: "a report is not answered",
    file: "generated/runtime/http-answer.ts",
    find: 'if (body === undefined) return send(exchange, status, undefined, "", headers);',
    replace: `if (operation.id === "${REPORT}") return; if (body === undefined) return send(exchange, status, undefined, "", headers);`,
  },
  "report-not-kept": {
    breaks: ["PAMP-6-01", "PAMP-6-05", "DS-7.2.5-01"],
    what: "reports are answered and not kept",
    ...handlers(
      "const outcome = core.report(NID, PID, body.peer_status);",
      'const outcome: any = core.find(NID, PID) ? "taken" : "unknown";',
    ),
  },

  "overlay-registration-refused": {
    ...turns("PAMP-9.2.1-04", OREG, 200, 403),
    breaks: ["PAMP-9.2.1-04", "DS-8.1-a"],
  },
  "overlay-registration-without-configuration": turns("PAMP-9.2.1-05", OREG, 200, 200),
  "overlay-registration-configuration-renamed": {
    breaks: ["PAMP-9.1.1-01"],
    what: "the configuration of an overlay registration is called config",
    ...answering(OREG, "sent.config = sent.pam_conf_info; delete sent.pam_conf_info;"),
  },
  "overlay-registration-without-pam-enabled": configures(
    "PAMP-9.1.1-02",
    "pam_enabled is left out",
    OREG,
    "delete info.pam_enabled;",
  ),
  "overlay-registration-pam-enabled-word": configures(
    "PAMP-9.1.1-02",
    "pam_enabled is a word",
    OREG,
    'info.pam_enabled = "true";',
  ),
  "overlay-registration-pams-url-path": configures(
    "PAMP-9.1.1-03",
    "pams_url is a path",
    OREG,
    'info.pams_url = "/pams/";',
  ),
  "overlay-registration-report-interval-text": {
    ...configures("PAMP-9.1.1-04", "report_interval is text", OREG, 'info.report_interval = "10 s";'),
    breaks: ["PAMP-9.1.1-04", "DS-8.1-b", "DS-8.2-b"],
  },
  "overlay-registration-report-interval-negative": configures(
    "PAMP-9.1.1-04",
    "report_interval is negative",
    OREG,
    "info.report_interval = -1;",
  ),
  "overlay-registration-duplicate-taken": turns("PAMP-9.2.1-07", OREG, 409, 200),
  "overlay-registration-duplicate-bad-request": turns("PAMP-9.2.1-07", OREG, 409, 400),
  "overlay-registration-duplicate-breaks-down": turns("PAMP-REQ-OREG-04", OREG, 409, 500),
  "overlay-registration-duplicate-empties": {
    breaks: ["PAMP-9.2.1-07"],
    what: "a refused overlay registration empties the overlay that is there",
    ...core(
      "if (this.overlays.has(id)) return this.#duplicate();",
      "if (this.overlays.has(id)) { this.overlays.get(id)?.peers.clear(); return this.#duplicate(); }",
    ),
  },
  "overlay-registration-without-identifier": {
    breaks: ["PAMP-9.1.2-02", "DS-8.1-a-i"],
    what: "an overlay registration without overlay_network_id is taken",
    ...overlooking(OREG, "/overlay_network_information/overlay_network_id"),
  },
  "overlay-registration-stream-refused": refusing(
    "PAMP-9.1.2-03",
    "an overlay of content_type STREAM is refused",
    OREG,
    'asked.overlay_network_information?.content_type === "STREAM"',
  ),
  "overlay-registration-extension-refused": refusing(
    "PAMP-REQ-EXT-01",
    "an overlay registration with a member that PAMP does not know is refused",
    OREG,
    'JSON.stringify(asked).includes("x-conformance")',
  ),

  "overlay-deregistration-with-body": bodied("PAMP-9.2.2-03", ODEREG),
  "overlay-deregistration-with-peers-refused": {
    breaks: ["PAMP-9.2.2-03"],
    what: "an overlay with peers is not deregistered",
    ...handlers(
      'if (core.deregisterOverlay(NID) === "unknown") return { status: 404 };',
      'if ((core.overlays.get(NID)?.peers.size ?? 0) > 0) return { status: 503, body: problem(503, {}) }; if (core.deregisterOverlay(NID) === "unknown") return { status: 404 };',
    ),
  },
  "overlay-deregistration-of-all": {
    breaks: ["PAMP-9.2.2-03"],
    what: "the deregistration of an overlay takes the others along",
    ...handlers(
      'if (core.deregisterOverlay(NID) === "unknown") return { status: 404 };',
      'if (core.deregisterOverlay(NID) === "unknown") return { status: 404 }; for (const id of [...core.overlays.keys()]) core.deregisterOverlay(id);',
    ),
  },
  "overlay-deregistration-not-carried-out": {
    breaks: ["PAMP-9.2.2-05", "DS-8.1-e"],
    what: "an overlay deregistration is answered and the overlay stays",
    ...handlers(
      'if (core.deregisterOverlay(NID) === "unknown") return { status: 404 };',
      "if (!core.overlays.has(NID)) return { status: 404 };",
    ),
  },
  "overlay-deregistration-unknown-taken": turns("PAMP-9.2.2-05", ODEREG, 404, 200),
  "overlay-deregistration-unknown-conflict": turns("PAMP-9.2.2-05", ODEREG, 404, 409),
  "overlay-deregistration-reports-break-down": {
    breaks: ["PAMP-8.1.2.1-03"],
    what: "a report to an overlay that is gone is answered 500",
    ...turning(REPORT, 404, 500),
  },

  "peer-registration-refused": {
    ...turns("PAMP-9.2.3-04", REG, 200, 503),
    breaks: ["PAMP-9.2.3-04", "DS-8.2-a"],
  },
  "peer-registration-forbidden": turns("PAMP-8.1.2.2-02", REG, 200, 403),
  "peer-registration-configuration-renamed": {
    breaks: ["PAMP-9.1.1-01"],
    what: "the configuration of a peer registration is called config",
    ...answering(REG, "sent.config = sent.pam_conf_info; delete sent.pam_conf_info;"),
  },
  "peer-registration-report-interval-words": configures(
    "PAMP-REQ-PREG-04",
    "the interval is given to peers in words",
    REG,
    'info.report_interval = "often";',
  ),
  "peer-registration-pam-enabled": {
    ...configures("PAMP-9.2.3-05", "pam_enabled is in the answer to a peer", REG, "info.pam_enabled = true;"),
    equivalent: "E-PAMP-18: the printed answer has it, so that the suite remarks on it only",
  },
  "peer-registration-without-configuration": {
    breaks: ["PAMP-9.2.3-05", "PAMP-9.2.3-04"],
    what: "a peer registration is answered without configuration",
    ...turning(REG, 200, 200),
  },
  "peer-registration-unknown-overlay-conflict": turns("PAMP-9.2.3-06", REG, 404, 409),
  "peer-registration-unknown-overlay-taken": turns("PAMP-9.2.3-06", REG, 404, 200),
  "peer-registration-duplicate-not-found": turns("PAMP-9.2.3-07", REG, 409, 404),
  "peer-registration-duplicate-taken": {
    ...turns("PAMP-9.2.3-07", REG, 409, 200),
    equivalent: "E-PAMP-07: a peer that is registered already may be answered 200; the suite remarks on it",
  },
  "peer-registration-duplicate-breaks-down": turns("PAMP-REQ-PREG-03", REG, 409, 500),
  "peer-registration-in-one-overlay-only": {
    breaks: ["PAMP-9.2.3-07"],
    what: "a peer can be registered in one overlay only",
    ...core(
      "const known = overlay.find(peerId, now, this.#patience);",
      "const known = [...this.overlays.values()].map((one) => one.find(peerId, now, this.#patience)).find((one) => one !== undefined);",
    ),
  },
  "peer-registration-delegation-refused": refusing(
    "PAMP-9.1.3-04",
    "a peer registration with delegation_id is refused",
    REG,
    "asked.peer_information?.delegation_id !== undefined",
  ),
  "peer-registration-without-identifier": {
    breaks: ["PAMP-9.1.3-02", "DS-8.2-a-i"],
    what: "a peer registration without peer_id is taken",
    ...overlooking(REG, "/peer_information/peer_id"),
  },
  "peer-registration-other-type-refused": refusing(
    "PAMP-9.1.3-03",
    "a peer of a type of its own is refused",
    REG,
    '!["PEER", "CS", "RS", undefined].includes(asked.peer_information?.type)',
  ),
  "peer-registration-extension-refused": refusing(
    "PAMP-REQ-EXT-01",
    "a peer registration with a member that PAMP does not know is refused",
    REG,
    'JSON.stringify(asked).includes("x-conformance")',
  ),

  "peer-deregistration-not-carried-out": {
    breaks: ["PAMP-9.2.4-03", "PAMP-9.2.6-08", "DS-8.2-d"],
    what: "a peer deregistration is answered and the peer stays",
    ...core(
      "#forget(overlay: Overlay, peer: Peer): void {\n    overlay.remove(peer);\n    this.#peers--;",
      "#forget(overlay: Overlay, peer: Peer): void {",
    ),
  },
  "peer-deregistration-with-body": bodied("PAMP-9.2.4-03", DEREG),
  "peer-deregistration-of-all-overlays": {
    breaks: ["PAMP-9.2.4-03"],
    what: "who leaves one overlay leaves all",
    ...handlers(
      'if (core.deregisterPeer(NID, PID) === "unknown") return { status: 404 };',
      'if (core.deregisterPeer(NID, PID) === "unknown") return { status: 404 }; for (const id of core.overlays.keys()) core.deregisterPeer(id, PID);',
    ),
  },
  "peer-deregistration-of-all-peers": {
    breaks: ["PAMP-9.2.4-03"],
    what: "when one peer leaves, all do",
    ...handlers(
      'if (core.deregisterPeer(NID, PID) === "unknown") return { status: 404 };',
      'if (core.deregisterPeer(NID, PID) === "unknown") return { status: 404 }; for (const id of [...(core.overlays.get(NID)?.peers.keys() ?? [])]) core.deregisterPeer(NID, id);',
    ),
  },
  "peer-deregistration-unknown-taken": turns("PAMP-9.2.4-05", DEREG, 404, 200),
  "peer-deregistration-unknown-bad-request": turns("PAMP-9.2.4-05", DEREG, 404, 400),

  "private-data-shown": {
    breaks: ["PAMP-REQ-SEC-02"],
    what: "a query for one peer shows all that its registration said",
    ...handlers("if (type !== undefined) registration.type = type;", "Object.assign(registration, information);"),
    also: [
      handlers(
        "return { status: 200, body: { peer_status: policy.amounts",
        "return { status: 200, body: { ...core.find(NID, PID)?.registration, peer_status: policy.amounts",
      ),
    ],
  },
  "private-data-distributed": {
    breaks: ["PAMP-REQ-SEC-03"],
    what: "a list shows all that the registrations of its peers said",
    ...handlers("if (type !== undefined) registration.type = type;", "Object.assign(registration, information);"),
    also: [
      handlers(
        "return { status: 200, body: { peer_list: list } };",
        "return { status: 200, body: { peer_list: list, registrations: peers.map((id) => core.find(NID, id)?.registration) } as any };",
      ),
    ],
  },

  "answers-are-html": {
    breaks: ["PAMP-9-01"],
    what: "answers say that they are HTML",
    file: "generated/runtime/http-answer.ts",
    find: "const type = declared?.body?.contentType ?? PROBLEM_TYPE;",
    replace: 'const type = "text/html";',
  },
  "chunked-requests-refused": {
    breaks: ["PAMP-9-01"],
    what: "a request in chunks is refused",
    file: "generated/runtime/http-server.ts",
    find: "const parsed = (request as { body?: unknown }).body;",
    replace:
      'if (request.headers["transfer-encoding"] !== undefined) return refuse(exchange, 400, {}); const parsed = (request as { body?: unknown }).body;',
  },
  "charset-refused": {
    breaks: ["PAMP-9-01"],
    what: "a Content-Type that names its charset is refused",
    file: "generated/runtime/http-negotiation.ts",
    find: 'if (value === undefined || value === "application/json") return true;\n  const [type',
    replace:
      'if (value === undefined || value === "application/json") return true;\n  if (value.includes("charset")) return false;\n  const [type',
  },
  "content-length-too-small": {
    breaks: ["PAMP-9.2-04"],
    what: "Content-Length is five octets short",
    file: "generated/runtime/http-exchange.ts",
    find: '"Content-Length": Buffer.byteLength(text) };',
    replace: '"Content-Length": Math.max(0, Buffer.byteLength(text) - 5) };',
  },
  "malformed-breaks-down": {
    breaks: ["PAMP-9.2-02"],
    what: "whatever is malformed brings about 500",
    file: "generated/runtime/http-exchange.ts",
    find: 'refuse(exchange, 400, { detail: "the request does not have',
    replace: 'refuse(exchange, 500, { detail: "the request does not have',
  },
  "no-json-taken": {
    breaks: ["PAMP-9.2-02"],
    what: "a registration that is no JSON is answered 200",
    file: "generated/runtime/http-server.ts",
    find: 'refuseIssues(exchange, [{ member: "", clause, message }]);',
    replace: 'send(exchange, 200, undefined, "", undefined);',
  },
  "malformed-registration-taken": careless("PAMP-9.2-02", OREG),
  "malformed-report-taken": careless("PAMP-9.1-02", REPORT),
  "method-unknown-succeeds": {
    breaks: ["PAMP-9.2-02"],
    what: "a method that a resource does not know is answered 200",
    file: "generated/runtime/http-server.ts",
    find: 'return refuse(exchange, 405, { detail, member: "", clause: "RFC 9110 15.5.6" }, headers);',
    replace: 'return send(exchange, 200, "{}", JSON_TYPE, headers);',
  },
  "deep-nesting-is-the-last": {
    breaks: ["PAMP-9.2-02"],
    what: "the server ends on a body that is nested too deeply",
    file: "generated/runtime/json.ts",
    find: 'if (depth <= 0) throw new Mp2pError("ERR_JSON_DEPTH", "the JSON text is nested too deeply");',
    replace: "if (depth <= 0) process.exit(1);",
  },
  "long-path-breaks-down": {
    breaks: ["PAMP-9.2-02"],
    what: "an identifier that is too long brings about 500",
    file: "generated/runtime/http-server.ts",
    find: "if (value === undefined || fault !== undefined) {",
    replace: "if (value === undefined || fault !== undefined) { refuse(exchange, 500, {}); return false;",
  },

  "open-to-all": {
    breaks: ["PAMP-9.2.1-06", "PAMP-9.2.2-04"],
    what: "overlays are registered and deregistered without credentials",
    ...credentials(
      "if (administration.has(operation)) return this.#knows(this.#oms, authorization);",
      "if (administration.has(operation)) return true;",
    ),
  },
  "queries-open-to-all": {
    breaks: ["PAMP-9.2.6-06", "PAMP-9.2.7-05"],
    what: "queries need no credentials",
    ...credentials(
      "if (queries.has(operation)) return this.#knows(this.#inquirers, authorization);",
      "if (queries.has(operation)) return true;",
    ),
  },
  "list-query-forbidden-instead-of-unauthorized": {
    breaks: ["PAMP-9.2.6-06"],
    what: "a list query without credentials is answered 403",
    file: "generated/runtime/http-server.ts",
    find: 'return refuseStranger(exchange, { "WWW-Authenticate": refusal.challenge }, refusal.detail);',
    replace: `return exchange.operation === "${LIST}" ? refuse(exchange, 403, {}) : refuseStranger(exchange, { "WWW-Authenticate": refusal.challenge }, refusal.detail);`,
    setting: "guarded",
  },
  "deregistration-by-anybody": {
    breaks: ["PAMP-9.2.4-04"],
    what: "anybody may deregister a peer",
    ...handlers(
      "if (!gatekeeper.admitsPeer(proof, authorization) && !gatekeeper.isOms(authorization)) return unauthorized();",
      "",
    ),
    setting: "guarded",
  },
  "report-by-anybody": {
    breaks: ["PAMP-REQ-RPT-04"],
    what: "anybody may report for a peer",
    ...handlers("if (!gatekeeper.admitsPeer(proof, headers.authorization)) return unauthorized();", ""),
    setting: "guarded",
  },
  "refused-once-refused-for-ever": {
    breaks: ["PAMP-9.2-03"],
    what: "who was refused a query once is refused for ever",
    ...credentials(
      "if (queries.has(operation)) return this.#knows(this.#inquirers, authorization);",
      "if (queries.has(operation)) return ((globalThis as any).lasting = ((globalThis as any).lasting ?? true) && this.#knows(this.#inquirers, authorization));",
    ),
  },
  "queries-for-nobody": {
    breaks: ["PAMP-REQ-QRY-02"],
    what: "nobody is answered a list query, a service provider neither",
    ...turning(LIST, 200, 403),
    setting: "guarded",
  },
});
