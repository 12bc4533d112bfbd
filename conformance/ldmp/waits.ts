import type { Declaration } from "../engine/declaration.js";
import { timersOf } from "../engine/ldmp-declaration.js";
import type { LdmpLink } from "../engine/ldmp-link.js";
import type { Answer } from "../engine/ldmp-message.js";
import type { Test } from "../engine/test.js";

/** Longer waits for the product's timers are not made: the maker declares short timers instead. */
const MOST_MS = 20_000;
/** What a loaded machine or a sleepy timer may add to any wait. */
export const SLACK_MS = 300;

type Timers = ReturnType<typeof timersOf>;

/** The budget of a case that waits for the product's timers, by what it needs of them. */
export function budgetFor(needed: (timers: Timers) => number): (declared: Declaration) => number {
  return (declared) => Math.min(needed(timersOf(declared)), MOST_MS) + 6_000;
}

/** The declared timers; inconclusive where waiting for them would take too long. */
export function timersFor(t: Test, needed: (timers: Timers) => number): Timers {
  const timers = timersOf(t.declared);
  const ms = needed(timers);
  if (ms > MOST_MS) {
    const { heartbeatMs, retransmissionMs } = timers;
    t.inconclusive(
      `with a heartbeat time of ${heartbeatMs / 1000} s and a retransmission time of ${retransmissionMs / 1000} s this takes ${Math.ceil(ms / 1000)} s: run the product with short timers and declare short timers (heartbeat-time, retransmission-time)`,
    );
  }
  return timers;
}

/** How long to listen for an answer that must not, or need not, come. */
export function moment(t: Test): number {
  return Math.min(2 * timersOf(t.declared).retransmissionMs, 500);
}

/** From the time a heartbeat is due to the time it is late. */
export const heartbeatLateMs = ({ heartbeatMs }: Timers): number => heartbeatMs * 1.5 + 2 * SLACK_MS;

/** From the first transmission of a request nobody answers to the time when its sender has surely given up. */
export const givenUpMs = ({ removalMs, retransmissionMs, retransmissions }: Timers): number =>
  Math.max(removalMs, (retransmissions + 1) * retransmissionMs) + retransmissionMs + SLACK_MS;

/** The same request: a repeat may take a new Message ID (E-LDMP-16), the rest has to be the same. */
export function sameRequest(a: Answer, b: Answer): boolean {
  return (
    a.message !== undefined &&
    b.message !== undefined &&
    a.message.code === b.message.code &&
    Buffer.compare(a.message.payload ?? Buffer.alloc(0), b.message.payload ?? Buffer.alloc(0)) === 0
  );
}

/** All transmissions of a request, the first included, up to `forMs` after the first. */
export async function transmissionsOf(t: Test, link: LdmpLink, first: Answer, forMs: number): Promise<Answer[]> {
  await t.sleep(Math.max(0, first.at + forMs - t.transcript.now()));
  return link.arrived.filter((one) => one.at >= first.at && sameRequest(one, first));
}

/** In seconds, for messages. */
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
