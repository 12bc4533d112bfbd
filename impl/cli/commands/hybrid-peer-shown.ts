import type { Delivery, PathState } from "../../hybrid-peer/index.js";
import { defined } from "../values.js";

/** Data that arrived, as a line of JSON: the payload as `text` where it says that it is text and is, else as `base64`. */
export function shownData({ source, sequence, appId, payloadType, payload, missing, late }: Delivery): object {
  const text = isText(payloadType) ? decoded(payload) : undefined;
  return {
    source,
    sequence,
    "app-id": appId,
    "payload-type": payloadType,
    ...(missing > 0 && { missing }),
    ...(late === true && { late }),
    octets: payload.length,
    ...(text === undefined ? { base64: Buffer.from(payload).toString("base64") } : { text }),
  };
}

export const isText = (payloadType: string): boolean =>
  /^text\/|^application\/([\w.-]+\+)?json\b/i.test(payloadType.trim());

function decoded(payload: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(payload);
  } catch {
    return undefined;
  }
}

/** A path, as a line of JSON. */
export const shownPath = ({ peerId, ticketId, kind, vertical, rttMs, address, queued }: PathState): object =>
  defined({
    kind,
    "peer-id": peerId,
    "ticket-id": ticketId,
    address,
    ...(vertical && { vertical }),
    "rtt-ms": rttMs === undefined ? undefined : Math.round(rttMs * 100) / 100,
    queued,
  });

/** The paths in one line, for people. */
export function pathsLine(paths: readonly PathState[]): string {
  const named = (kind: PathState["kind"]) => paths.filter((path) => path.kind === kind).map(({ peerId }) => peerId);
  const [parent, children] = [named("parent"), named("child")];
  const [outgoing, incoming] = [named("outgoing-candidate"), named("incoming-candidate")];
  const parts = [
    parent.length > 0 ? `parent ${parent.join(", ")}` : "no parent",
    children.length > 0 ? `children ${children.join(", ")}` : "no children",
  ];
  if (outgoing.length > 0) parts.push(`candidates ${outgoing.join(", ")}`);
  if (incoming.length > 0) parts.push(`candidate of ${incoming.join(", ")}`);
  return parts.join(" · ");
}
