import type { Delivery } from "../../core/ports.js";
import type { SimulatedPeer } from "./peer.js";

interface Published {
  readonly source: SimulatedPeer;
  readonly text: string;
  readonly at: number;
}

/** What was published, and what was delivered where: each message once, unchanged, and to whom it must come. */
export interface Journal {
  publish(source: SimulatedPeer, size: number, now: number): void;
  /** @returns what is wrong with this delivery */
  delivered(peer: SimulatedPeer, delivery: Delivery): string | undefined;
  /** Messages that a peer should have by now and has not; of those published from a time on. */
  missing(staying: readonly SimulatedPeer[], from: number): readonly string[];
  readonly published: number;
  readonly deliveries: number;
}

export function createJournal(inOrder: boolean): Journal {
  const published = new Map<string, Published>();
  const counts = new Map<SimulatedPeer, number>();
  const got = new Map<SimulatedPeer, Set<string>>();
  /** Number of the message last delivered, by peer and source. */
  const last = new Map<string, number>();
  let deliveries = 0;

  return {
    publish(source, size, now) {
      const number = (counts.get(source) ?? 0) + 1;
      counts.set(source, number);
      const text = `${source.name}/${number}/`.padEnd(size, "x");
      published.set(`${source.name}/${number}`, { source, text, at: now });
      source.publish(text);
    },
    delivered(peer, { source, payload, appId, payloadType, late = false }) {
      deliveries++;
      const text = decoder.decode(payload);
      const [name, number] = text.split("/");
      const key = `${name}/${number}`;
      const message = published.get(key);
      if (message === undefined) return `${peer.name} was given what nobody published: ${text.slice(0, 40)}`;
      if (name !== source) return `${peer.name} was given ${key} as ${source}'s`;
      if (message.text !== text) return `${peer.name} was given ${key} with another payload`;
      if (appId !== "a" && appId !== "") return `${peer.name} was given ${key} for application "${appId}"`;
      if (payloadType !== "text/plain") return `${peer.name} was given ${key} as ${payloadType}`;
      if (message.source === peer) return `${peer.name} was given its own ${key}`;
      const own = got.get(peer) ?? new Set();
      got.set(peer, own);
      if (own.has(key)) return `${peer.name} was given ${key} twice`;
      own.add(key);
      const before = last.get(`${peer.name} ${name}`) ?? 0;
      if (inOrder && Number(number) < before !== late) return `${peer.name} was given ${key} after ${name}/${before}`;
      if (!late) last.set(`${peer.name} ${name}`, Number(number));
      return undefined;
    },
    missing(staying, from) {
      const lacking: string[] = [];
      for (const [key, { source, at }] of published) {
        if (at < from) continue;
        // What a source said that then vanished counts where anybody has it.
        if (!staying.includes(source) && !staying.some((peer) => got.get(peer)?.has(key))) continue;
        for (const peer of staying) {
          if (peer === source || peer.placedAt === undefined || peer.placedAt > at) continue;
          if (got.get(peer)?.has(key) !== true) lacking.push(`${peer.name} lacks ${key} (of ${at.toFixed(0)} ms)`);
        }
      }
      return lacking;
    },
    get published() {
      return published.size;
    },
    get deliveries() {
      return deliveries;
    },
  };
}

const decoder = new TextDecoder();
