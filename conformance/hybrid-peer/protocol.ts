import type { Answer } from "../client/answer.js";
import type { ClientProtocol } from "../client/client.js";
import type { ClientRequest } from "../client/request.js";
import { type Hons, homsProtocol, type Json } from "../homp-hybrid-peer/protocol.js";
import { peerActions } from "./actions.js";
import type { Policy } from "./case.js";

/** What the suite's HOMS says of the overlay network beyond what every HOMS says. */
export interface Rules {
  interval: number;
  timeout: number;
  policy: Policy | undefined;
}

/** Below these Q.4103 has no heartbeats [6.1.1]; a maker who declares them wants them all the same. */
const LEAST = { interval: 6, timeout: 19 };

/** The HOMS of `../homp-hybrid-peer`, with heartbeats and a policy. */
export function peerProtocol(hons: Hons, rules: Rules): ClientProtocol {
  const homs = homsProtocol(hons);
  return {
    ...homs,
    actions: peerActions,
    usual: (request, standIn) => extended(request, homs.usual(request, standIn), rules),
  };
}

function extended(request: ClientRequest, answer: Answer, { interval, timeout, policy }: Rules): Answer {
  const more = {
    "heartbeat-interval": interval,
    "heartbeat-timeout": timeout,
    ...(policy === undefined ? {} : { "cr-policy": policy }),
  };
  const odd = interval < LEAST.interval || timeout < LEAST.timeout || timeout <= 3 * interval;
  const body = answer.body as { readonly overlay?: Json | readonly Json[] } | undefined;
  const { overlay } = body ?? {};
  if (overlay === undefined) return answer;
  const malformed = odd ? { malformed: true } : {};
  if (request.primitive === "HybridOverlayJoin" && !Array.isArray(overlay)) {
    return { ...answer, ...malformed, body: { ...body, overlay: { ...overlay, ...more } } };
  }
  if (request.primitive === "HybridOverlayQuery" && Array.isArray(overlay)) {
    return { ...answer, ...malformed, body: { ...body, overlay: overlay.map((one: Json) => ({ ...one, ...more })) } };
  }
  return answer;
}
