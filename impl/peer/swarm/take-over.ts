import type { Context } from "./context.js";
import type { Asked, Link } from "./link.js";
import { runsInOrder } from "./possession.js";

/** A fragment is asked of another peer as well where this one would have it in less than so much of the time. */
const worthIt = 0.5;
/** Requests for one fragment at once, at most. */
const maxCopies = 2;
/** FILE: who was overtaken so often and never answered is left what it is asked for next: it answers, or is found out. */
const maxOvertaken = 6;

/** What the taking over of requests needs of the download. */
interface Ports {
  readonly askedOf: ReadonlyMap<number, readonly Link[]>;
  hasRoom(link: Link, now: number): boolean;
  isWithheld(link: Link, index: number, now: number): boolean;
  ask(link: Link, index: number, now: number): void;
  cancel(link: Link, asked: Asked): void;
}

/** Requests that wait at slow links, taken over by those with nothing to do. */
export class TakeOver {
  readonly #c: Context;
  readonly #ports: Ports;

  constructor(context: Context, ports: Ports) {
    this.#c = context;
    this.#ports = ports;
  }

  /** Where nothing is left to pick, links with nothing to do take over what waits at slower ones. */
  look(now: number): void {
    if (this.#ports.askedOf.size === 0) return;
    const idle = [...this.#c.links.values()].filter((link) => link.dry && link.pauseUntil <= now);
    if (idle.length === 0) return;
    idle.sort((a, b) => b.speed - a.speed);
    const fallback = this.#averageSpeed();
    for (const link of idle) this.#takeFor(link, now, fallback);
  }

  #takeFor(link: Link, now: number, fallback: number): void {
    const { settings, host, book } = this.#c;
    const speed = link.speedNow(now, fallback);
    const taken: number[] = [];
    for (const [index, askedOf] of this.#ports.askedOf) {
      if (!this.#ports.hasRoom(link, now)) break;
      const [other] = askedOf;
      if (other === undefined || other === link || askedOf.length >= maxCopies || !link.theirs.has(index)) continue;
      if (this.#c.held.has(index)) continue;
      if (this.#ports.isWithheld(link, index, now)) continue;
      const asked = other.asked.get(index) as Asked;
      const size = book.sizeOf(index);
      const here = (link.askedOctets + size) / speed;
      const theirSpeed = other.speedNow(now, fallback);
      if (asked.received > 0) {
        // It has begun: a second copy, which only pays where nothing else is left to ask for.
        if (this.#c.picker.openCount > 0 || here > worthIt * ((size - asked.received) / theirSpeed)) continue;
      } else {
        if (here > worthIt * (octetsUpTo(other, index, settings.fragmentSize) / theirSpeed)) continue;
        if (!isOnTrial(other)) this.#ports.cancel(other, asked);
        other.overtaken += 1;
      }
      this.#ports.ask(link, index, now);
      taken.push(index);
    }
    if (taken.length > 0) host.send(link.id, { type: "request", runs: runsInOrder(taken) });
  }

  #averageSpeed(): number {
    let sum = 0;
    let count = 0;
    for (const { speed } of this.#c.links.values()) {
      if (speed <= 0) continue;
      sum += speed;
      count += 1;
    }
    return count > 0 ? sum / count : 1;
  }
}

/** Overtaken so often that it is left what it is asked for. */
export function isOnTrial({ overtaken }: Link): boolean {
  return overtaken >= maxOvertaken;
}

function octetsUpTo(link: Link, index: number, size: number): number {
  let octets = 0;
  for (const asked of link.asked.values()) {
    octets += size - asked.received;
    if (asked.index === index) break;
  }
  return octets;
}
