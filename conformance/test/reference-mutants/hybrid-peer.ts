import type { RequirementId } from "../../../generated/catalogue/requirements.js";
import type { Mutant } from "./mutant.js";
import { mutantsOf, saying } from "./mutant.js";

const CREATION = "HybridOverlayCreation";
const MODIFICATION = "HybridOverlayModification";
const REMOVAL = "HybridOverlayRemoval";
const JOIN = "HybridOverlayJoin";
const REPORT = "HybridOverlayReport";
const REFRESH = "HybridOverlayRefresh";
const LEAVE = "HybridOverlayLeave";

type Entry = Omit<Mutant, "id" | "entity">;

/** Leaves a member out of a request; `path` from the body, with `?.` between names. */
const without = (operation: string, path: string, ...breaks: readonly RequirementId[]): Entry => {
  const names = path.split(".");
  const member = names.map((name) => `?.["${name}"]`).join("");
  return {
    breaks,
    what: `${operation}: the request lacks ${names.at(-1)}`,
    ...saying(operation, `delete said${member};`),
  };
};

const says = (breaks: readonly RequirementId[], what: string, operation: string, change: string): Entry => ({
  breaks,
  what,
  ...saying(operation, change),
});

const core = (find: string, replace: string) => ({
  file: "impl/hybrid-peer/overlay/membership-core.ts",
  find,
  replace,
});
const messages = (find: string, replace: string) => ({
  file: "impl/hybrid-peer/overlay/membership-messages.ts",
  find,
  replace,
});

/** Defects of a hybrid peer towards its HOMS. */
export const hybridPeerMutants = mutantsOf("homp-hybrid-peer", {
  "creation-without-title": without(CREATION, "overlay_info.title", "HOMP-6.2.1-04"),
  "creation-without-type": without(CREATION, "overlay_info.type", "HOMP-6.2.1-05"),
  "creation-without-sub-type": without(CREATION, "overlay_info.sub-type", "HOMP-6.2.1-06"),
  "creation-without-owner-id": without(CREATION, "overlay_info.owner-id", "HOMP-6.2.1-07"),
  "creation-without-description": without(CREATION, "overlay_info.description", "HOMP-6.2.1-09"),
  "creation-without-heartbeat-interval": without(CREATION, "overlay_info.heartbeat-interval", "HOMP-6.2.1-10"),
  "creation-without-heartbeat-timeout": without(CREATION, "overlay_info.heartbeat-timeout", "HOMP-6.2.1-11"),
  "creation-without-auth": without(CREATION, "overlay_info.auth", "HOMP-6.2.1-12", "HOMP-6.1.3-01", "HOMP-6.1.1-11"),
  "creation-without-admin-key": without(CREATION, "overlay_info.auth.admin_key", "HOMP-6.2.1-12"),
  "creation-heartbeat-interval-5": says(
    ["HOMP-6.2.1-15", "HOMP-6.1.1-09"],
    "a creation asks for a heartbeat-interval of 5 seconds",
    CREATION,
    'said.overlay_info["heartbeat-interval"] = 5;',
  ),
  "creation-heartbeat-timeout-short": says(
    ["HOMP-6.2.1-16", "HOMP-6.1.1-10"],
    "a creation asks for a heartbeat-timeout of three intervals",
    CREATION,
    'said.overlay_info["heartbeat-timeout"] = 3 * said.overlay_info["heartbeat-interval"];',
  ),
  "creation-other-title": says(
    ["HOMP-7.1.1-02", "HOMP-6.1.1-02"],
    "a creation states a title in ASCII only",
    CREATION,
    'said.overlay_info.title = said.overlay_info.title.replace(/[^ -~]/g, "?");',
  ),
  "creation-other-description": says(
    ["HOMP-6.1.1-08"],
    "a creation states an empty description",
    CREATION,
    'said.overlay_info.description = "";',
  ),
  "creation-lifetime-in-milliseconds": says(
    ["HOMP-6.1.1-06"],
    "a creation states its lifetime in milliseconds",
    CREATION,
    "if (said.overlay_info.expires) said.overlay_info.expires *= 1000;",
  ),
  "creation-policy-lost": says(
    ["HOMP-6.1.1-12", "HOMP-6.1.8-05"],
    "a creation does not state the cr-policy that was asked for",
    CREATION,
    'delete said.overlay_info["cr-policy"];',
  ),
  "creation-closed-is-open": says(
    ["HOMP-6.1.3-02"],
    "a closed overlay is created as an open one",
    CREATION,
    'if (said.overlay_info.auth.type === "closed") said.overlay_info.auth.type = "open";',
  ),
  "creation-list-is-text": says(
    ["HOMP-5-02"],
    "the list of peers is one text",
    CREATION,
    'if (said.overlay_info.auth.peerlist) said.overlay_info.auth.peerlist = said.overlay_info.auth.peerlist.join(",");',
  ),
  "creation-wrapper-other": says(
    ["HOMP-6.2.1-03"],
    "the body of a creation has another wrapper",
    CREATION,
    "said.info = said.overlay_info; delete said.overlay_info;",
  ),

  "modification-without-overlay-id": without(MODIFICATION, "overlay.overlay-id", "HOMP-6.2.3-04"),
  "modification-without-owner-id": without(MODIFICATION, "overlay.owner-id", "HOMP-6.2.3-05"),
  "modification-without-auth": without(MODIFICATION, "overlay.auth", "HOMP-6.2.3-06"),
  "modification-without-admin-key": without(MODIFICATION, "overlay.auth.admin_key", "HOMP-6.2.3-09"),
  "modification-other-admin-key": says(
    ["HOMP-6.2.3-09"],
    "a modification has another admin key than the creation",
    MODIFICATION,
    'said.overlay.auth.admin_key += "0";',
  ),
  "modification-of-nothing": says(
    ["HOMP-6.2.3-02", "HOMP-7.1.3-01"],
    "a modification does not say what is to change",
    MODIFICATION,
    "delete said.overlay.title; delete said.overlay.description; delete said.overlay.expires;",
  ),
  "removal-without-overlay-id": without(REMOVAL, "overlay.overlay-id", "HOMP-6.2.4-03"),
  "removal-without-owner-id": without(REMOVAL, "overlay.owner-id", "HOMP-6.2.4-03"),
  "removal-without-auth": without(REMOVAL, "overlay.auth", "HOMP-6.2.4-03"),
  "removal-without-admin-key": without(REMOVAL, "overlay.auth.admin_key", "HOMP-6.2.4-04"),

  "join-without-overlay-id": without(JOIN, "overlay.overlay-id", "HOMP-6.2.5-03", "HOMP-7.2.1-02"),
  "join-without-type": without(JOIN, "overlay.type", "HOMP-6.2.5-03"),
  "join-without-sub-type": without(JOIN, "overlay.sub-type", "HOMP-6.2.5-03"),
  "join-without-peer-id": without(JOIN, "peer.peer-id", "HOMP-6.2.5-08", "HOMP-6.1.2-01"),
  "join-without-address": without(JOIN, "peer.address", "HOMP-6.2.5-08", "HOMP-6.1.2-02"),
  "join-without-auth": without(JOIN, "peer.auth", "HOMP-6.2.5-08", "HOMP-6.1.2-03"),
  "join-password-odd": says(
    ["HOMP-6.1.7-01"],
    "the password has characters other than letters and digits",
    JOIN,
    'said.peer.auth.password += "-!";',
  ),
  "recovery-without-ticket": says(
    ["HOMP-6.2.5-11"],
    "a recovery shows no ticket",
    JOIN,
    'delete said.overlay["ticket-id"];',
  ),
  "recovery-not-marked": says(
    ["HOMP-6.2.5-10"],
    "a recovery is not marked as one",
    JOIN,
    "delete said.overlay.recovery;",
  ),

  "report-without-overlay-id": without(REPORT, "overlay.overlay-id", "HOMP-6.2.6-03"),
  "report-without-peer-id": without(REPORT, "peer.peer-id", "HOMP-6.2.6-03"),
  "report-without-status": without(REPORT, "status", "HOMP-6.2.6-03"),
  "report-primary-not-counted": says(
    ["HOMP-6.1.5-01"],
    "a report counts no primary paths",
    REPORT,
    "said.status.num_primary = 0;",
  ),
  "report-outgoing-not-counted": says(
    ["HOMP-6.1.5-02"],
    "a report counts no outgoing candidates",
    REPORT,
    "said.status.num_out_candidate = 0;",
  ),
  "report-incoming-not-counted": says(
    ["HOMP-6.1.5-03"],
    "a report counts no incoming candidates",
    REPORT,
    "said.status.num_in_candidate = 0;",
  ),
  "report-without-costmap": without(REPORT, "status.costmap", "HOMP-6.1.5-04"),
  "report-primary-left-out": says(
    ["HOMP-6.1.6-01"],
    "a report does not name the peers of primary paths",
    REPORT,
    "said.status.costmap.primary = [];",
  ),
  "report-outgoing-left-out": says(
    ["HOMP-6.1.6-02"],
    "a report does not name the outgoing candidates",
    REPORT,
    "said.status.costmap.outgoing_candidate = [];",
  ),
  "report-incoming-left-out": says(
    ["HOMP-6.1.6-03"],
    "a report does not name the incoming candidates",
    REPORT,
    "said.status.costmap.incoming_candidate = [];",
  ),
  "paths-not-reported": {
    breaks: ["HOMP-7.2.2-01", "HOMP-7.2.2-02", "HP2P-7.3.2.2-02"],
    what: "a change of paths is not reported",
    ...core("if (reportDue()) {", "if (reportDue() && now < 0) {"),
  },
  "applications-not-told": {
    breaks: ["HOMP-7.2.3-04", "HOMP-7.2.2-03"],
    what: "an application that is attached is not told of",
    ...messages(
      "applications.length === 0 ? {} : { applications: [...applications] };",
      "applications.length >= 0 ? {} : {};",
    ),
  },

  "refresh-never": {
    breaks: ["HOMP-6.2.7-02", "HOMP-7.2.3-03"],
    what: "a member does not refresh: it joins again when its lifetime is over",
    ...core("if (now >= refreshDue) {", "if (now >= refreshDue && now < 0) {"),
  },
  "refresh-late": {
    breaks: ["HOMP-6.2.7-02", "HOMP-7.2.3-03"],
    what: "a member refreshes when its lifetime is long over",
    ...core(
      "refreshDue = from + Math.min(expires * share, settings.refreshAtMost) * 1000;",
      "leaseEnds = from + 10 * expires * 1000; refreshDue = from + 3 * expires * 1000;",
    ),
  },
  "refresh-all-the-time": {
    breaks: ["HOMP-6.2.7-02"],
    what: "a member refreshes many times a second",
    ...core("refreshDue = from + Math.min(expires * share, settings.refreshAtMost) * 1000;", "refreshDue = from + 20;"),
  },
  "refresh-without-overlay-id": without(REFRESH, "overlay.overlay-id", "HOMP-6.2.7-04"),
  "refresh-without-peer-id": without(REFRESH, "peer.peer-id", "HOMP-6.2.7-06"),
  "refresh-without-address": without(REFRESH, "peer.address", "HOMP-6.2.7-06"),
  "refresh-without-auth": without(REFRESH, "peer.auth", "HOMP-6.2.7-06"),
  "refresh-refused-is-taken-for-success": {
    breaks: ["HOMP-7.1.4-04"],
    what: "a member whose refresh is refused stays as if nothing had been",
    ...core("uncertain = false;\n          return lose(reason);", "prolong({}, sentAt);\n          return [];"),
    equivalent:
      "HOMP-7.1.4-05, E-HOMP-49: whether a peer stays after that is its own affair, and one that asks again after half a minute does not refresh without end",
  },
  "refresh-refused-is-repeated": {
    breaks: ["HOMP-7.1.4-04"],
    what: "a member whose refresh is refused repeats it four times a second, without end",
    ...core(
      "uncertain = false;\n          return lose(reason);",
      "leaseEnds = now + 60_000;\n          notBefore = now + 250;\n          return [];",
    ),
  },

  "leave-without-overlay-id": without(LEAVE, "overlay.overlay-id", "HOMP-6.2.8-06"),
  "leave-without-peer-id": without(LEAVE, "peer.peer-id", "HOMP-6.2.8-08"),
  "leave-without-auth": without(LEAVE, "peer.auth", "HOMP-6.2.8-08", "HOMP-7.2.4-06"),
  "leave-other-password": says(
    ["HOMP-6.2.8-08"],
    "a leave has another password than the join",
    LEAVE,
    'said.peer.auth.password += "0";',
  ),
  "leave-with-overlay-auth": says(
    ["HOMP-6.2.8-07"],
    "the leave of an open overlay has auth in overlay",
    LEAVE,
    'said.overlay.auth ??= { type: "open", admin_key: "a" };',
  ),
  "leave-without-access-key": {
    ...says(
      ["HOMP-6.2.8-07"],
      "the leave of a closed overlay lacks auth in overlay",
      LEAVE,
      "delete said.overlay.auth;",
    ),
    equivalent: "E-HOMP-37: the password of the peer may do alone, so that the absence of the access key is not judged",
  },
  "stays-in-touch-after-leaving": {
    breaks: ["HOMP-6.2.8-01"],
    what: "a peer that has left joins again",
    ...core(
      'case "leave":\n        return end({ kind: "left" });',
      'case "leave":\n        leaving = false; phase = "joining"; return [];',
    ),
  },
});
