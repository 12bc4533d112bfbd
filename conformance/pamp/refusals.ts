import type { RequirementId } from "../../generated/catalogue/requirements.js";
import type { Answer } from "../client/answer.js";
import type { ClientTest } from "../client/client.js";
import { watchPace } from "../client/pace.js";
import type { ClientRequest } from "../client/request.js";

/** So many requests a second come from a loop without any pause only. */
export const LOOP_PER_SECOND = 40;

/** What arrives in a while after a refusal; a loop without pause is a failure. */
export function afterwards(t: ClientTest, requirement: RequirementId, what: string): Promise<ClientRequest[]> {
  return watchPace(t, requirement, what, { perSecond: LOOP_PER_SECOND, remarkedAbove: 5 });
}

/** 401 for whoever comes without credentials. */
export function toAuthorised(granted: Answer): (request: ClientRequest) => Answer {
  return (request) =>
    request.header("authorization") === ""
      ? { status: 401, headers: { "www-authenticate": 'Bearer realm="conformance", Basic realm="conformance"' } }
      : granted;
}

/** What was answered 401 comes again with credentials, unless it had them at once [9.2]. */
export async function comesWithCredentials(t: ClientTest, first: ClientRequest, primitive: string): Promise<void> {
  const asked = first.header("authorization") === "";
  const second = asked ? await t.server.next(primitive, { withinMs: t.actsWithinMs }) : first;
  t.that(
    !second.silent && second.header("authorization") !== "",
    "the registration with an Authorization header",
    second.outcome,
    { what: "what follows 401", entry: second.entry },
  );
}
