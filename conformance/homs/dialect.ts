import { isObject } from "../engine/matchers.js";
import { NoAnswer } from "../engine/outcome.js";
import type { HomsTest } from "./case.js";
import { creationOf, deletion, joinOf, newPeer, overlayInfo, removalOf, reportOf } from "./messages.js";

/**
 * How the product spells what the Recommendation spells in two ways (E-HOMP-01, E-HOMP-02, E-HOMP-23). Learnt once before the cases, so that a
 * spelling fails only the notes of the case that is about it.
 */
export interface Dialect {
  wrapper: "overlay_info" | "overlay";
  keys: "_" | "-";
  /** Whether PEER_STATUS stands in status of a report, or one level deeper (E-HOMP-23). */
  report: "flat" | "nested";
}

export const literalDialect = (): Dialect => ({ wrapper: "overlay_info", keys: "_", report: "flat" });

export function isLiteral({ wrapper, keys, report }: Dialect): boolean {
  return wrapper === "overlay_info" && keys === "_" && report === "flat";
}

/** The literal spellings first; others only where those are refused. Judges nothing, and settles on the literal ones when in doubt: then false. */
export async function learnDialect(t: HomsTest): Promise<boolean> {
  const literal = literalDialect();
  try {
    for (const keys of ["_", "-"] as const) {
      for (const wrapper of ["overlay_info", "overlay"] as const) {
        Object.assign(t.dialect, { wrapper, keys });
        if (await lives(t)) return true;
      }
    }
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
  }
  Object.assign(t.dialect, literal);
  return false;
}

/** An overlay made in the dialect at hand takes reports, and can be removed by its key. */
async function lives(t: HomsTest): Promise<boolean> {
  const info = overlayInfo(t);
  const created = await t.http.post("/homs", { body: creationOf(t, info), malformed: true });
  const id = created.get("overlay.overlay-id");
  if (created.status >= 300 || typeof id !== "string" || !isObject(info.auth)) return false;
  await learnReport(t, id);
  const owner = { id, ownerId: String(info["owner-id"]), auth: info.auth };
  const removed = await deletion(t, "/homs", removalOf(owner), { malformed: true });
  return removed.status < 300;
}

async function learnReport(t: HomsTest, overlayId: string): Promise<void> {
  const peer = newPeer(t);
  await t.http.post("/peer", { body: joinOf({ id: overlayId }, peer), malformed: true });
  for (const report of ["flat", "nested"] as const) {
    t.dialect.report = report;
    const reply = await t.http.post("/peer/report", { body: reportOf(t, overlayId, peer), malformed: true });
    if (reply.status < 300) return;
  }
  t.dialect.report = "flat";
}
