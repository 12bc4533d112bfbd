import { parseJson } from "../../../../generated/runtime/json.js";

/** `{"action":"hello"}` as far as it is looked at. */
export interface Hello {
  readonly peerId: string;
  /** Where a peer-id is one of an overlay network. */
  readonly overlayId: string | undefined;
  readonly token: string | undefined;
  readonly password: string | undefined;
}

/** No peer, but somebody who watches: all events (undefined), or asks for the graph of an overlay. */
export interface Watch {
  readonly kind: "monitor";
  readonly overlayId: string | undefined;
  readonly token: unknown;
}

/** What a socket says, as far as the relay looks at it. */
export type RelaySignal =
  | (Hello & { readonly kind: "hello" })
  | { readonly kind: "bye"; readonly peerId: string }
  /** `text`: the message as it is handed on, all its members unchanged. */
  | { readonly kind: "relay"; readonly fromId: string; readonly toId: string; readonly text: string }
  | Watch
  /** Somebody else's business, or of a later version. */
  | { readonly kind: "other" };

const limits = { depth: 16, members: 256 };
/** As for peer-id in HOMP, peer_id and overlay_network_id on R5. */
const longestId = 256;

const isId = (value: unknown): value is string =>
  typeof value === "string" && value.length > 0 && value.length <= longestId;

/** Undefined for what is no message of the relay's. */
export function readRelaySignal(text: string): RelaySignal | undefined {
  let value: unknown;
  try {
    value = parseJson(text, limits);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const message = value as Record<string, unknown>;
  if (message.toid !== undefined) {
    const { fromid: fromId, toid: toId } = message;
    if (!isId(fromId) || !isId(toId) || hasLookalike(message)) return undefined;
    // Written anew: a name that stood there twice would be read differently by different receivers.
    return { kind: "relay", fromId, toId, text: JSON.stringify(message) };
  }
  const { action, "peer-id": peerId, overlay_network_id: overlayId, token, password } = message;
  if (message.server === true) return monitorSignal(message);
  if (action !== "hello" && action !== "bye") return { kind: "other" };
  if (!isId(peerId)) return undefined;
  if (action === "bye") return { kind: "bye", peerId };
  if (overlayId !== undefined && !isId(overlayId)) return undefined;
  return { kind: "hello", peerId, overlayId, token: optionalText(token), password: optionalText(password) };
}

const optionalText = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** Some receivers read names without regard to case, and would take `fromID` for the sender. */
function hasLookalike(message: object): boolean {
  for (const name of Object.keys(message)) {
    if (name === "fromid" || name === "toid") continue;
    const lower = name.toLowerCase();
    if (lower === "fromid" || lower === "toid") return true;
  }
  return false;
}

function monitorSignal({ action, overlay_id: overlayId, token }: Record<string, unknown>): RelaySignal | undefined {
  if (action === "hello") return { kind: "monitor", overlayId: undefined, token };
  if (action !== "get") return { kind: "other" };
  return isId(overlayId) ? { kind: "monitor", overlayId, token } : undefined;
}
