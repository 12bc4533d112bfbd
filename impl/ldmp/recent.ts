import type { Answer } from "./counterpart-types.js";

/** Requests of one counterpart that were seen lately, with the answer each got (E-LDMP-17). */
export interface RecentMessages {
  readonly entries: RecentMessage[];
  /** Where the next entry goes once the window is full. */
  next: number;
}

export interface RecentMessage {
  /** Message ID and Code: a counterpart that restarts its counter may reuse an identifier for something else. */
  key: number;
  at: number;
  /** What a duplicate is answered with; absent while the answer is being made, and for what is never answered. */
  answer: Answer | undefined;
}

/** How many messages the window holds: a retransmission comes soon, since few requests are outstanding at a time. */
const windowSize = 16;

export function createRecentMessages(): RecentMessages {
  return { entries: [], next: 0 };
}

/** The entry of this message when it is a duplicate; undefined when it is new or when `lifetime` ms have passed. */
export function recall(
  recent: RecentMessages,
  messageId: number,
  code: number,
  now: number,
  lifetime: number,
): RecentMessage | undefined {
  const key = (code << 16) | messageId;
  for (const entry of recent.entries) {
    if (entry.key === key) return now - entry.at <= lifetime ? entry : undefined;
  }
  return undefined;
}

/** Notes a message; the oldest one is forgotten when the window is full. */
export function remember(recent: RecentMessages, messageId: number, code: number, now: number): RecentMessage {
  const key = (code << 16) | messageId;
  const { entries } = recent;
  const outdated = entries.find((entry) => entry.key === key);
  if (outdated !== undefined) {
    outdated.at = now;
    outdated.answer = undefined;
    return outdated;
  }
  if (entries.length < windowSize) {
    const entry: RecentMessage = { key, at: now, answer: undefined };
    entries.push(entry);
    return entry;
  }
  const entry: RecentMessage = { key, at: now, answer: undefined };
  entries[recent.next] = entry;
  recent.next = (recent.next + 1) % windowSize;
  return entry;
}
