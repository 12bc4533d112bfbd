import type { HybridOverlayQueryResponse } from "../../../generated/homp/types.js";
import type { HomsContext } from "../context.js";
import { secondsLeft } from "../lifetime.js";
import type { Overlay } from "../overlay.js";
import { describeOverlay } from "../overlay-info.js";
import { type Answer, refuse } from "../refusal.js";

const clause = "6.2.2";

/** The URI parameters [Table 6-11]; others are ignored (E-HOMP-57). */
export interface HybridOverlayQueryParameters {
  "overlay-id"?: string;
  title?: string;
  description?: string;
}

/**
 * HybridOverlayQuery [6.2.2, 7.1.2]: the overlays that satisfy every parameter given (E-HOMP-15), all of them when none is.
 * Anybody may ask, so the answer holds nothing that is not for everybody.
 */
export function query(
  context: HomsContext,
  parameters: HybridOverlayQueryParameters,
): Answer<HybridOverlayQueryResponse> {
  const { registry, settings, now } = context;
  const { "overlay-id": overlayId, title, description } = parameters;

  // 1. An overlay-id names one overlay or none; keywords are looked for in all, the newest first.
  const one = overlayId === undefined ? undefined : registry.overlays.get(overlayId);
  const candidates =
    overlayId === undefined ? [...registry.overlays.values()].reverse() : one === undefined ? [] : [one];

  // 2. A member that is absent asks nothing; an empty keyword is contained in everything.
  const hidesClosed = settings.readings.closedOverlays === "hidden" && overlayId === undefined;
  const inTitle = matcher(title, settings.readings.keywords === "any-case");
  const inDescription = matcher(description, settings.readings.keywords === "any-case");
  const found: Overlay[] = [];
  for (const overlay of candidates) {
    if (found.length >= settings.limits.queryAnswer) break;
    if (hidesClosed && overlay.record.authType === "closed") continue;
    if (inTitle(overlay.record.title) && inDescription(overlay.record.description)) found.push(overlay);
  }
  if (found.length === 0 && settings.readings.noMatch === "not-found") {
    const asked = overlayId ?? title ?? description;
    if (asked !== undefined) return refuse(404, clause, "", "no overlay matches the query");
  }

  // 3. Whose title is the keyword itself comes first: peers in the field take the first entry.
  const exact = ({ record }: Overlay): number => Number(record.title === title);
  if (title !== undefined) found.sort((a, b) => exact(b) - exact(a));
  return {
    status: 200,
    body: { overlay: found.map((overlay) => describeOverlay(overlay, secondsLeft(overlay, now))) },
  };
}

function matcher(keyword: string | undefined, anyCase: boolean): (text: string) => boolean {
  if (keyword === undefined || keyword === "") return () => true;
  if (!anyCase) return (text) => text.includes(keyword);
  const folded = keyword.toLowerCase();
  return (text) => text.toLowerCase().includes(folded);
}
