import { type BroadcastData, Code, type Hello, type Message } from "../../core/message.js";
import type { LinkHandler, TransportLink } from "../transport.js";

/** What happened on links, in order. */
export interface Watched extends LinkHandler {
  readonly messages: Message[];
  readonly ends: string[];
  /** Links by their first message. */
  readonly links: TransportLink[];
}

export function watched(): Watched {
  const messages: Message[] = [];
  const ends: string[] = [];
  const links: TransportLink[] = [];
  return {
    messages,
    ends,
    links,
    message(link, message) {
      if (!links.includes(link)) links.push(link);
      messages.push(message);
    },
    closed: (_link, reason) => ends.push(reason),
  };
}

export const heartbeat: Message = { code: Code.heartbeat };
export const heartbeatAnswer: Message = { code: Code.heartbeatAnswer };

export function hello(peerId = "peer-1", address = "tcp://127.0.0.1:9000"): Hello {
  return {
    code: Code.hello,
    overlayId: "overlay-1",
    connNum: 3,
    ttl: 3,
    verticalCandidate: false,
    recovery: false,
    peer: { peerId, address, ticketId: 2 },
  };
}

export function data(sequence: number, payload: Uint8Array): BroadcastData {
  return {
    code: Code.broadcastData,
    ack: false,
    candidatePath: false,
    data: { source: "peer-1", sequence, payloadType: "application/octet-stream", appId: "chat", payload },
  };
}
