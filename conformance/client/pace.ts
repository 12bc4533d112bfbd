import type { RequirementId } from "../../generated/catalogue/requirements.js";
import type { ClientTest } from "./client.js";
import type { ClientRequest } from "./request.js";

/** How long a case watches what follows a refusal, in ms. */
export const WATCHED_MS = 1_500;

export interface Pace {
  /** More requests a second than these come from a loop without any pause only. */
  readonly perSecond: number;
  /** More requests than these in the whole time are remarked on. */
  readonly remarkedAbove: number;
}

/** What arrives in a while after a refusal; a loop without pause is a failure. */
export async function watchPace(
  t: ClientTest,
  requirement: RequirementId,
  what: string,
  { perSecond, remarkedAbove }: Pace,
): Promise<ClientRequest[]> {
  const seen = await t.server.during(WATCHED_MS);
  const rate = Math.round((seen.length * 1000) / WATCHED_MS);
  t.that(rate <= perSecond, `at most ${perSecond} requests a second`, `${rate} a second`, {
    requirement,
    what: `how often it asks ${what}`,
    entry: seen.at(-1)?.entry,
  });
  if (seen.length > remarkedAbove) t.warn(`${seen.length} requests within ${WATCHED_MS / 1000} s ${what}`, requirement);
  return seen;
}
