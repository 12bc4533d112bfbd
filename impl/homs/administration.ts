import { createHash, timingSafeEqual } from "node:crypto";
import type { Express, RequestHandler } from "express";
import { problem } from "../../generated/runtime/problem.js";
import type { HomsContext } from "./context.js";
import { coreTree } from "./core-tree.js";
import type { Homs } from "./homs.js";
import { secondsLeft } from "./lifetime.js";
import type { Overlay, Peer } from "./overlay.js";
import { describeOverlay } from "./overlay-info.js";

/** An overlay with more members is cut in the list of all; `GET /overlays/{overlay-id}` has every one, and the tree. */
const listedPeers = 100;

/**
 * The administrator's view [Q.4100 7.3.1.3]: `GET /overlays` (the newest, as many as a query gives) and `GET /overlays/{overlay-id}`, for who shows the token
 * (`Authorization: Bearer …`). Not part of HOMP. Shows who is a member and how the core tree lies; no secrets here either.
 */
export function mountAdministration(app: Express, homs: Homs, token: string): void {
  const guard = bearer(token);
  app.get("/overlays", guard, (_request, response) => {
    const context = homs.context();
    const newest = [...context.registry.overlays.values()].reverse().slice(0, context.settings.limits.queryAnswer);
    response.json({ overlays: newest.map((overlay) => view(overlay, context, listedPeers)) });
  });
  app.get("/overlays/:overlayId", guard, (request, response) => {
    const context = homs.context();
    const overlay = context.registry.overlays.get(String(request.params.overlayId));
    if (overlay === undefined) {
      response
        .status(404)
        .type("application/problem+json")
        .json(problem(404, { detail: "there is no such overlay" }));
      return;
    }
    response.json(view(overlay, context, Number.POSITIVE_INFINITY));
  });
}

function view(overlay: Overlay, { now }: HomsContext, limit: number) {
  const peers: object[] = [];
  for (const peer of overlay.members) {
    if (peers.length >= limit) break;
    peers.push(viewPeer(peer, now));
  }
  return {
    ...describeOverlay(overlay, secondsLeft(overlay, now)),
    peerlist: overlay.record.peerlist,
    peers,
    ...(peers.length < overlay.members.size ? { truncated: true } : { "core-tree": coreTree(overlay) }),
  };
}

function viewPeer({ record }: Peer, now: number) {
  const { report } = record;
  return {
    "peer-id": record.peerId,
    address: record.address,
    "ticket-id": String(record.ticket),
    expires: Math.ceil((record.expiresAt - now) / 1000),
    applications: record.applications,
    status:
      report === null
        ? null
        : {
            num_primary: report.numPrimary,
            num_out_candidate: report.numOutCandidate,
            num_in_candidate: report.numInCandidate,
            costmap: {
              primary: report.primary,
              outgoing_candidate: report.outgoingCandidate,
              incoming_candidate: report.incomingCandidate,
            },
          },
  };
}

/** Lets pass who shows the token; compared through a hash, so that neither its value nor its length shows in the time taken. */
function bearer(token: string): RequestHandler {
  const digest = (text: string): Buffer => createHash("sha256").update(text, "utf8").digest();
  const expected = digest(token);
  return (request, response, next) => {
    const [, shown] = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? "") ?? [];
    if (shown !== undefined && timingSafeEqual(digest(shown), expected)) return next();
    response
      .status(401)
      .set("www-authenticate", 'Bearer realm="homs"')
      .type("application/problem+json")
      .json(problem(401, { detail: "the administrator's view wants its bearer token" }));
  };
}
