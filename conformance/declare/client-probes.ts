import type { ErratumId } from "../../generated/catalogue/errata.js";
import type { RequirementId } from "../../generated/catalogue/requirements.js";
import type { ClientTest } from "../client/client.js";
import type { ClientRequest } from "../client/request.js";
import { isObject } from "../engine/matchers.js";
import type { Observation, Probe } from "./probe.js";

/** An option that shows by what the product sends; that it did not come says nothing, for nothing may have called for it. */
function sends(
  option: string,
  requirement: RequirementId,
  what: string,
  which: (request: ClientRequest) => boolean,
): Probe<ClientTest> {
  return {
    item: `options.${option}`,
    requirement,
    observe: async (t) => {
      const count = t.run.heard.filter(({ request }) => which(request)).length;
      return count === 0
        ? undefined
        : { shows: true, because: `it sent ${what} ${count === 1 ? "once" : `${count} times`}` };
    },
  };
}

/** A reading that shows in messages of a kind: by all of them alike, else nothing is said. */
function alike(
  erratum: ErratumId,
  requirement: RequirementId,
  words: Readonly<Record<"A" | "B", string>>,
  letterOf: (request: ClientRequest) => "A" | "B" | undefined,
): Probe<ClientTest> {
  return {
    item: `readings.${erratum}`,
    requirement,
    observe: async (t): Promise<Observation | undefined> => {
      const letters = t.run.heard.flatMap(({ request }) => letterOf(request) ?? []);
      const [shows] = letters;
      if (shows === undefined || letters.some((one) => one !== shows)) return undefined;
      return {
        shows,
        excludes: [shows === "A" ? "B" : "A"],
        because: `${words[shows]} in all ${letters.length} messages`,
      };
    },
  };
}

const carriesCredentials = (request: ClientRequest): boolean => request.header("authorization") !== "";

/** An element in a member of its name, or as the whole body, which is known by a member of its own. */
function wrapping(element: string, member: string, primitive: string) {
  return ({ primitive: seen, json }: ClientRequest): "A" | "B" | undefined => {
    if (seen !== primitive || !isObject(json)) return undefined;
    if (isObject(json[element])) return "A";
    return json[member] === undefined ? undefined : "B";
  };
}

const bodies = { A: "its elements stand in members of their names", B: "its elements are whole bodies" };

export const omsProbes: readonly Probe<ClientTest>[] = [
  sends("queries-lists", "PAMP-REQ-QRY-01", "list queries", ({ primitive }) => primitive === "PAMP_PEER_LIST_QUERY"),
  sends("queries-peers", "PAMP-REQ-QRY-01", "peer queries", ({ primitive }) => primitive === "PAMP_PEER_INFO_QUERY"),
  sends("has-credentials", "PAMP-9.2-03", "credentials", carriesCredentials),
  alike(
    "E-PAMP-45",
    "PAMP-9.2.1-03",
    bodies,
    wrapping("overlay_network_information", "overlay_network_id", "PAMP_OVERLAY_NW_REG"),
  ),
  alike(
    "E-PAMP-12",
    "PAMP-9.2.6-02",
    { A: "conditions are the body of a GET", B: "conditions do not travel in the body of a GET" },
    ({ primitive, method, target, text }) => {
      if (primitive !== "PAMP_PEER_LIST_QUERY") return undefined;
      if (method === "GET" && text !== "") return "A";
      return method === "POST" || target.includes("?") ? "B" : undefined;
    },
  ),
];

export const peerProbes: readonly Probe<ClientTest>[] = [
  sends("deregisters", "PAMP-8.1.2.2-04", "deregistrations", ({ primitive }) => primitive === "PAMP_PEER_DEREG"),
  sends("has-credentials", "PAMP-9.2-03", "credentials", carriesCredentials),
  alike("E-PAMP-45", "PAMP-9.2.3-03", bodies, wrapping("peer_information", "peer_id", "PAMP_PEER_REG")),
];

const creates = ({ primitive }: ClientRequest): boolean => primitive === "HybridOverlayCreation";

export const hybridPeerProbes: readonly Probe<ClientTest>[] = [
  sends("owner", "HP2P-7.2.4.1-01", "creations", creates),
  sends("queries", "HOMP-7.1.2-01", "queries", ({ primitive }) => primitive === "HybridOverlayQuery"),
  sends(
    "closed",
    "HOMP-6.1.3-02",
    "creations of closed overlay networks",
    (request) => creates(request) && request.get("overlay_info.auth.type") === "closed",
  ),
  sends("reports", "HOMP-7.2.2-02", "reports", ({ primitive }) => primitive === "HybridOverlayReport"),
  sends(
    "recovery",
    "HOMP-6.2.5-10",
    "joins with recovery",
    (request) => request.primitive === "HybridOverlayJoin" && request.get("overlay.recovery") === true,
  ),
  sends(
    "cr-policy",
    "HOMP-6.2.1-13",
    "creations with cr-policy",
    (request) => creates(request) && isObject(request.get("overlay_info.cr-policy")),
  ),
  alike(
    "E-HOMP-11",
    "HOMP-6.2.8-06",
    { A: "DELETE carries its members in the body", B: "DELETE has no body" },
    ({ primitive, json, text }) => {
      if (primitive !== "HybridOverlayLeave" && primitive !== "HybridOverlayRemoval") return undefined;
      if (isObject(json) && isObject(json.overlay) && json.overlay["overlay-id"] !== undefined) return "A";
      return text === "" ? "B" : undefined;
    },
  ),
];
