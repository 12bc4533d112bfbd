import type { PampHandlers } from "../../generated/pamp/server.js";
import type { PamConfInfo, PeerList } from "../../generated/pamp/types.js";
import type { RequestContext } from "../../generated/runtime/http-server-types.js";
import { problem } from "../../generated/runtime/problem.js";
import type { Logger } from "../net/logger.js";
import type { Store } from "../store/store.js";
import type { Fault, PamsCore } from "./core.js";
import { challenge, type Gatekeeper, peerTokenHeader } from "./credentials.js";
import type { PeerRegistration } from "./peer.js";
import type { Receipts } from "./receipts.js";
import type { DynamicStatus, PeerStatus } from "./types.js";

export interface HandlerParts {
  readonly core: PamsCore;
  readonly receipts: Receipts;
  readonly store: Store;
  readonly gatekeeper: Gatekeeper;
  readonly logger: Logger;
  /** The URL to hand out, ending in /pams/. */
  pamsUrl(context: RequestContext): string;
}

/**
 * The primitives over the core. Registrations and deregistrations are answered when they are on disk; reports and queries
 * at once, without a promise in between.
 */
export function createHandlers({ core, receipts, store, gatekeeper, logger, pamsUrl }: HandlerParts): PampHandlers {
  const { policy } = core;
  const configuration = (context: RequestContext): PamConfInfo => ({
    pams_url: pamsUrl(context),
    report_interval: policy.reportInterval,
  });
  const written = async (undo?: () => void): Promise<boolean> => {
    try {
      await store.commit();
      return true;
    } catch (error) {
      logger.error({ err: error }, "a registration or deregistration could not be written");
      undo?.();
      return false;
    }
  };

  return {
    async PAMP_OVERLAY_NW_REG({ body: { overlay_network_information: information } }, context) {
      const { overlay_network_id: id, content_type, fragment_size, provider_public_key } = information;
      const outcome = core.registerOverlay(id, content_type, {
        ...(fragment_size === undefined ? {} : { fragment_size }),
        ...(provider_public_key === undefined ? {} : { provider_public_key }),
      });
      if (outcome === "duplicate") return { status: 409 };
      if (outcome === "full") return full(`this PAMS keeps no more than ${core.limits.overlays} overlay networks`);
      const overlay = core.overlays.get(id);
      const undo = () => overlay !== undefined && outcome === "registered" && core.undoOverlay(overlay);
      if (!(await written(undo))) return unwritten("not registered");
      return { status: 200, body: { pam_conf_info: { pam_enabled: policy.pamEnabled, ...configuration(context) } } };
    },

    async PAMP_OVERLAY_NW_DEREG({ params: { NID } }) {
      if (core.deregisterOverlay(NID) === "unknown") return { status: 404 };
      return (await written()) ? { status: 200 } : unwritten("deregistered, but perhaps not for good");
    },

    async PAMP_PEER_REG({ params: { NID }, body: { peer_information: information } }, context) {
      const { peer_id: id, type, delegation_id } = information;
      const issued = gatekeeper.tokens ? gatekeeper.issue() : undefined;
      const keys = receipts.register(NID, information);
      if (keys === "forbidden") return forbidden();
      if ("member" in keys) return faulty(keys);
      const registration: PeerRegistration = { ...keys };
      if (type !== undefined) registration.type = type;
      if (delegation_id !== undefined) registration.delegation_id = delegation_id;
      if (issued !== undefined) registration.proof = issued.proof;
      const outcome = core.registerPeer(NID, id, registration);
      if (outcome === "unknown") return { status: 404 };
      if (outcome === "duplicate") return { status: 409 };
      if (outcome === "full") return full("this PAMS keeps no more peers");
      const overlay = core.overlays.get(NID);
      const peer = overlay?.peers.get(id);
      const fresh = outcome === "registered";
      const undo = () => overlay !== undefined && peer !== undefined && fresh && core.undoPeer(overlay, peer);
      if (!(await written(undo))) return unwritten("not registered");
      const body = { pam_conf_info: configuration(context) };
      if (issued === undefined || !fresh) return { status: 200, body };
      return { status: 200, body, headers: { [peerTokenHeader]: issued.token } };
    },

    async PAMP_PEER_DEREG({ params: { NID, PID } }, { headers: { authorization } }) {
      const proof = core.find(NID, PID)?.registration.proof;
      if (!gatekeeper.admitsPeer(proof, authorization) && !gatekeeper.isOms(authorization)) return unauthorized();
      if (core.deregisterPeer(NID, PID) === "unknown") return { status: 404 };
      return (await written()) ? { status: 200 } : unwritten("deregistered, but perhaps not for good");
    },

    PAMP_PEER_STATUS_REPORT({ params: { NID, PID }, body }, { headers }) {
      if (gatekeeper.tokens) {
        const proof = core.find(NID, PID)?.registration.proof;
        if (!gatekeeper.admitsPeer(proof, headers.authorization)) return unauthorized();
      }
      const shown = core.policy.receipts === "ignore" ? [] : (body.peer_status.dynamic_status?.receipts ?? []);
      if (!receipts.notary.admits(shown.length))
        return full("more receipts wait for their verification than this PAMS keeps");
      const outcome = core.report(NID, PID, body.peer_status);
      if (outcome === "taken") {
        receipts.notary.submit(NID, PID, shown, core.overlays.get(NID)?.generation);
        return { status: 200 };
      }
      return outcome === "unknown" ? { status: 404 } : faulty(outcome);
    },

    PAMP_PEER_LIST_QUERY({ params: { NID }, body }) {
      const peers = core.listPeers(NID, body.peer_query_condition);
      if (peers === "unknown") return { status: policy.unknownInQuery };
      if (!Array.isArray(peers)) return faulty(peers);
      const list: PeerList = { peer_id: peers };
      const fragment = core.advise(NID, body.peer_query_condition);
      if (fragment.length > 0) list.fragment_list = { fragment };
      return { status: 200, body: { peer_list: list } };
    },

    PAMP_PEER_INFO_QUERY({ params: { NID, PID } }) {
      const status = core.peerStatus(NID, PID);
      if (status === "unknown") return { status: policy.unknownInQuery };
      return { status: 200, body: { peer_status: policy.amounts === "number" ? withNumbers(status) : status } };
    },
  };
}

function unauthorized() {
  return { status: 401, headers: { "WWW-Authenticate": challenge } } as const;
}

function forbidden() {
  const detail =
    "session_key does not say, in the service provider's name, that this peer with this public key is admitted now";
  const member = "/peer_information/session_key";
  return { status: 403, body: problem(403, { detail, member, clause: "X.609.1 8.2.6" }) } as const;
}

export function faulty({ member, clause, detail }: Fault) {
  return { status: 400, body: problem(400, { detail, member, clause: `X.609.1 ${clause}` }) } as const;
}

function full(detail: string) {
  return { status: 503, body: problem(503, { detail }) } as const;
}

function unwritten(what: string) {
  return { status: 503, body: problem(503, { detail: `${what}: the PAMS cannot write to its store` }) } as const;
}

/** Amounts as JSON numbers, for an OMS that follows the printed examples [E-PAMP-08]. */
function withNumbers({ dynamic_status: dynamic, ...rest }: PeerStatus): PeerStatus {
  if (dynamic === undefined) return rest;
  const numbers: Record<string, number> = {};
  for (const name of ["uploaded", "downloaded", "left"] as const) {
    if (dynamic[name] !== undefined) numbers[name] = Number(dynamic[name]);
  }
  return { ...rest, dynamic_status: { ...dynamic, ...(numbers as DynamicStatus) } };
}
