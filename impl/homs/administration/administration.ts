import type { Express, Response } from "express";
import { problem } from "../../../generated/runtime/problem.js";
import type { Clock } from "../../net/clock.js";
import type { HomsContext } from "../context.js";
import { coreTree } from "../core-tree.js";
import type { Homs } from "../homs.js";
import { secondsLeft } from "../lifetime.js";
import type { Overlay, Peer } from "../overlay.js";
import { describeOverlay } from "../overlay-info.js";
import { EventStream, type EventStreamLimits } from "./event-stream.js";
import { livePage } from "./live-page.js";
import { tokenGuard } from "./token-guard.js";

/** An overlay with more members is cut in the list of all; `GET /overlays/{overlay-id}` has every one, and the tree. */
const listedPeers = 100;

interface AdministrationOptions {
  /** Whoever shows it may see everything that is here. */
  readonly token: string;
  readonly clock: Clock;
  readonly events?: Partial<EventStreamLimits>;
}

/**
 * The administrator's view [Q.4100 7.3.1.3], for who shows the token (`Authorization: Bearer …`, or as a password of Basic): overlays
 * as JSON, what happens as server-sent events, and a page that shows both. Not part of HOMP; no secrets here either.
 */
export function mountAdministration(app: Express, homs: Homs, options: AdministrationOptions): EventStream {
  const guard = tokenGuard(options.token);
  const stream = new EventStream(homs, options.clock, options.events);
  const find = (response: Response, overlayId: unknown): Overlay | undefined => {
    const overlay = homs.context().registry.overlays.get(String(overlayId));
    if (overlay === undefined) refuse(response, 404, "there is no such overlay");
    return overlay;
  };
  const watch = (response: Response, overlayId: string | undefined, last: unknown): void => {
    const served = stream.serve(response, overlayId, typeof last === "string" ? last : undefined);
    if (!served) refuse(response, 503, "as many clients watch as this server serves");
  };

  app.use("/overlays", (_request, response, next) => {
    response.set("cache-control", "no-store");
    next();
  });
  app.get("/overlays", guard, (_request, response) => {
    const context = homs.context();
    const newest = [...context.registry.overlays.values()].reverse().slice(0, context.settings.limits.queryAnswer);
    response.json({
      overlays: newest.map((overlay) => view(overlay, context, listedPeers)),
      "last-event-id": stream.position,
    });
  });
  app.get("/overlays/live", guard, (_request, response) => void livePage(response));
  app.get("/overlays/events", guard, (request, response) => {
    watch(response, undefined, request.get("last-event-id") ?? request.query["last-event-id"]);
  });
  app.get("/overlays/:overlayId/events", guard, (request, response) => {
    const overlay = find(response, request.params.overlayId);
    const last = request.get("last-event-id") ?? request.query["last-event-id"];
    if (overlay !== undefined) watch(response, overlay.record.overlayId, last);
  });
  app.get("/overlays/:overlayId", guard, (request, response) => {
    const overlay = find(response, request.params.overlayId);
    if (overlay === undefined) return;
    response.json({ ...view(overlay, homs.context(), Number.POSITIVE_INFINITY), "last-event-id": stream.position });
  });
  return stream;
}

function refuse(response: Response, status: number, detail: string): void {
  response.status(status).type("application/problem+json").json(problem(status, { detail }));
}

function view(overlay: Overlay, { now, losses }: HomsContext, limit: number) {
  const peers: object[] = [];
  for (const peer of overlay.members) {
    if (peers.length >= limit) break;
    peers.push(viewPeer(peer, now));
  }
  return {
    ...describeOverlay(overlay, secondsLeft(overlay, now)),
    peerlist: overlay.record.peerlist,
    peers,
    losses: { removed: overlay.lost, suspects: losses.suspects(overlay) },
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
            reported: new Date(report.at).toISOString(),
          },
  };
}
