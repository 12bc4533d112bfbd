import type { RequirementId } from "../../../generated/catalogue/requirements.js";
import type { Mutant } from "./mutant.js";
import { mutantsOf, saying } from "./mutant.js";

const OREG = "PAMP_OVERLAY_NW_REG";
const REG = "PAMP_PEER_REG";
const REPORT = "PAMP_PEER_STATUS_REPORT";
const LIST = "PAMP_PEER_LIST_QUERY";

type Entry = Omit<Mutant, "id" | "entity">;

const says = (breaks: readonly RequirementId[], what: string, operation: string, change: string): Entry => ({
  breaks,
  what,
  ...saying(operation, change),
});

const oms = (find: string, replace: string) => ({ file: "impl/pamp-client/oms.ts", find, replace });
const peer = (find: string, replace: string) => ({ file: "impl/pamp-client/peer.ts", find, replace });
const core = (find: string, replace: string) => ({ file: "impl/pamp-client/peer-core.ts", find, replace });
const activity = (find: string, replace: string) => ({ file: "impl/pamp-client/activity.ts", find, replace });

const deregister = "await client.PAMP_OVERLAY_NW_DEREG({ params: { NID: overlay } }).catch(loss);";

/** Defects of an OMS towards its PAMS. */
export const pampOmsMutants = mutantsOf("pamp-oms", {
  "registration-without-identifier": says(
    ["PAMP-REQ-OREG-01", "PAMP-9.1.2-02", "PAMP-9.2.1-03", "DS-8.1-a-i"],
    "an overlay is registered without overlay_network_id",
    OREG,
    "delete said.overlay_network_information.overlay_network_id;",
  ),
  "registration-without-element": says(
    ["PAMP-9.1.2-01", "PAMP-9.2.1-03"],
    "an overlay is registered without overlay_network_information",
    OREG,
    "said.overlay = said.overlay_network_information; delete said.overlay_network_information;",
  ),
  "registration-content-type-number": says(
    ["PAMP-9.1.2-03"],
    "content_type is a number",
    OREG,
    "said.overlay_network_information.content_type = 7;",
  ),
  "registration-of-streams-as-files": says(
    ["PAMP-8.2.5-08"],
    "an overlay for streaming is registered as one for files",
    OREG,
    'said.overlay_network_information.content_type = "FILE";',
  ),
  "registration-answer-with-unknown-members-refused": {
    breaks: ["PAMP-REQ-EXT-01"],
    what: "an overlay is taken for not registered when the answer has members that it does not know",
    ...oms(
      "const { pam_enabled = true, pams_url = options.pams, report_interval } = result.body.pam_conf_info;",
      'if (JSON.stringify(result.body).includes("x-")) throw new PampRefused("PAMP_OVERLAY_NW_REG", 400);\n        const { pam_enabled = true, pams_url = options.pams, report_interval } = result.body.pam_conf_info;',
    ),
    also: [
      oms(
        "overlays.delete(overlay);\n      // The outcome",
        "if (!overlays.delete(overlay)) return;\n      // The outcome",
      ),
    ],
  },
  "deregistration-never": {
    breaks: ["PAMP-REQ-OREG-03", "PAMP-REQ-OPR-01", "PAMP-9.2.2-01", "PAMP-8.1.2.1-02"],
    what: "an overlay that is closed is not deregistered",
    ...oms(deregister, ""),
  },
  "deregistration-of-all": {
    breaks: ["PAMP-REQ-OREG-03"],
    what: "closing one overlay deregisters all of them",
    ...oms(
      deregister,
      "for (const NID of [overlay, ...overlays.keys()]) await client.PAMP_OVERLAY_NW_DEREG({ params: { NID } }).catch(loss);",
    ),
  },
  "deregistration-of-another": {
    breaks: ["PAMP-REQ-OREG-01", "PAMP-9.2.2-02", "DS-8.1-e-i"],
    what: "the deregistration names another overlay than the registration",
    ...oms(deregister, deregister.replace("NID: overlay", "NID: `${overlay}0`")),
  },
  "peers-not-told": {
    breaks: ["PAMP-REQ-PREG-01"],
    what: "a peer that joins is not told the PAMS",
    ...oms("pamsOf: (overlay) => overlays.get(overlay)?.pamsUrl,", "pamsOf: () => undefined,"),
  },
  "peers-told-the-first": {
    breaks: ["PAMP-8.2.1-06"],
    what: "peers are told the PAMS that the OMS knows, not the one that was selected",
    ...oms(
      "const pamsUrl = pam_enabled ? pams_url : undefined;",
      "const pamsUrl = pam_enabled ? options.pams : undefined;",
    ),
  },
  "peers-told-though-disabled": {
    breaks: ["PAMP-9.1.1-02"],
    what: "peers are told a PAMS that does not manage their overlay",
    ...oms("const pamsUrl = pam_enabled ? pams_url : undefined;", "const pamsUrl = pams_url;"),
  },
  "list-query-without-fragments": says(
    ["PAMP-8.2.2-02", "DS-8.1-d-iv"],
    "a list query does not say which fragments are wanted",
    LIST,
    "delete said.peer_query_condition.fragment_list; delete said.peer_query_condition.fragment_range;",
  ),
  "list-query-other-status": says(
    ["DS-8.1-d-i"],
    "a list query asks for another status than was wanted",
    LIST,
    'if (said.peer_query_condition.overlay_status) said.peer_query_condition.overlay_status = "STOPPED";',
  ),
  "list-query-other-maximum": says(
    ["DS-8.1-d-ii", "PAMP-REQ-QRY-02N2"],
    "a list query asks for more peers than were wanted",
    LIST,
    "if (said.peer_query_condition.max_peer_num) said.peer_query_condition.max_peer_num++;",
  ),
  "list-query-other-ordering": says(
    ["DS-8.1-d-iii", "PAMP-REQ-QRY-02N2"],
    "a list query asks for another order than was wanted",
    LIST,
    'const { ordering } = said.peer_query_condition; if (ordering) said.peer_query_condition.ordering = ordering === "LEFT" ? "UPLOADED" : "LEFT";',
  ),
  "info-query-never": {
    breaks: ["DS-8.1-f", "PAMP-8.1.3-01"],
    what: "a peer's status is made up, without asking the PAMS",
    ...oms(
      "const result = await client.PAMP_PEER_INFO_QUERY(",
      'if (overlay !== "") return {} as any;\n      const result = await client.PAMP_PEER_INFO_QUERY(',
    ),
  },
  "list-not-given": {
    breaks: ["PAMP-8.2.2-04"],
    what: "a peer is not given the list that the PAMS answered",
    ...oms("peers: peer_id,", "peers: [],"),
  },
});

/** Defects of a peer towards its PAMS. */
export const pampPeerMutants = mutantsOf("pamp-peer", {
  "registration-without-identifier": says(
    ["PAMP-REQ-PREG-02", "PAMP-9.2.3-03", "PAMP-9.1.3-02", "DS-8.2-a-i"],
    "a peer registers without peer_id",
    REG,
    "delete said.peer_information.peer_id;",
  ),
  "registration-type-number": says(["PAMP-9.1.3-03"], "type is a number", REG, "said.peer_information.type = 7;"),
  "registration-answer-with-unknown-members-refused": {
    breaks: ["PAMP-REQ-EXT-01"],
    what: "a peer whose registration is answered with members that it does not know does not report",
    ...core(
      "#registered({ pams_url, report_interval = 0, peer_token }: Configuration, now: number): PeerNews[] {",
      '#registered({ pams_url, report_interval = 0, peer_token, ...more }: Configuration, now: number): PeerNews[] {\n    if (Object.keys(more).some((name) => name.startsWith("x-"))) { this.#notBefore = Number.POSITIVE_INFINITY; return []; }',
    ),
  },
  "registration-elsewhere-ignored": {
    breaks: ["PAMP-8.2.1-09"],
    what: "a peer that is told another PAMS stays with the first",
    ...core("if (pams_url !== undefined && URL.canParse(pams_url)) this.#pams = pams_url;", ""),
  },
  "deregistration-never": {
    breaks: ["PAMP-REQ-OPR-01", "PAMP-9.2.4-01", "PAMP-8.1.2.2-04"],
    what: "a peer that leaves does not deregister",
    ...core('this.phase = this.#known ? "leaving" : "left";', 'this.phase = "left";'),
  },
  "deregistration-of-another": {
    breaks: ["PAMP-REQ-PREG-02", "PAMP-9.2.4-02", "DS-8.2-d-i"],
    what: "the deregistration names another peer than the registration",
    ...peer("PAMP_PEER_DEREG({ params })", "PAMP_PEER_DEREG({ params: { ...params, PID: `${params.PID}0` } })"),
  },
  "report-of-another": {
    breaks: ["PAMP-REQ-RPT-02", "PAMP-9.2.5-03"],
    what: "reports name another peer than the registration",
    ...peer(
      "PAMP_PEER_STATUS_REPORT({ params, body",
      "PAMP_PEER_STATUS_REPORT({ params: { ...params, PID: `${params.PID}0` }, body",
    ),
  },
  "reports-after-leaving": {
    breaks: ["PAMP-9.2.4-06"],
    what: "a peer that has deregistered reports on",
    ...core(
      'this.phase = "left";\n          return [{ kind: "left" }];',
      'this.phase = "registered";\n          return [];',
    ),
  },
  "report-interval-tripled": {
    breaks: ["PAMP-REQ-RPT-01", "PAMP-8.1.4.2-01", "DS-8.2-c"],
    what: "a peer reports at three times the interval that it was given",
    ...core(
      "this.#nextReport = now + 1000 * this.intervalS;",
      "this.intervalS *= 3; this.#nextReport = now + 1000 * this.intervalS;",
    ),
  },
  "report-interval-third": {
    breaks: ["PAMP-REQ-RPT-01"],
    what: "a peer reports at a third of the interval that it was given",
    ...core(
      "this.#nextReport = now + 1000 * this.intervalS;",
      "this.intervalS /= 3; this.#nextReport = now + 1000 * this.intervalS;",
    ),
  },
  "report-once": {
    breaks: ["PAMP-REQ-RPT-01"],
    what: "a peer reports once",
    ...core("const periodic = this.intervalS > 0 && now >= this.#nextReport;", "const periodic = this.intervalS < 0;"),
  },
  "report-without-profile": says(
    ["PAMP-8.1.4.1-01"],
    "reports have no static status",
    REPORT,
    "delete said.peer_status.static_status;",
  ),
  "report-empty": says(
    ["PAMP-9.2.5-04", "PAMP-9.1.11-01"],
    "reports have neither part",
    REPORT,
    "said.peer_status = {};",
  ),
  "report-event-other": says(
    ["PAMP-9.1.9-03"],
    "a peer that has just joined says STOPPED",
    REPORT,
    'if (said.peer_status.dynamic_status) said.peer_status.dynamic_status.overlay_event = "STOPPED";',
  ),
  "report-without-fragments": {
    breaks: ["PAMP-REQ-ID-02", "PAMP-9.1.9-08"],
    what: "reports do not say which fragments are held",
    ...activity("...this.holding,", ""),
  },
});
