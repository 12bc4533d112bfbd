import type { Message } from "../../core/message.js";
import type { Fault } from "../../core/ports.js";
import { Possession } from "../../swarm/possession.js";
import type { Content } from "./content.js";
import type { Node } from "./node.js";

/** Sees everything in a run, and notes what must never be. */
export interface Witness {
  readonly violations: readonly string[];
  /** Who named whom for what: `namer named fault`. */
  readonly names: readonly { readonly by: Node; readonly peerId: string; readonly fault: Fault }[];
  /** Payload octets put on the network, of all and of the source peer. */
  readonly uploaded: number;
  kept(node: Node, index: number, parts: readonly Uint8Array[]): void;
  dropped(node: Node, below: number): void;
  sent(from: Node, to: Node, message: Message): void;
  received(at: Node, from: Node, message: Message): void;
  confirmed(receiver: Node, sender: string, octets: number): void;
  receipted(sender: Node, receiver: string, octets: number): void;
  named(by: Node, peerId: string, fault: Fault): void;
}

/** A rate over any interval: what went through, less what may have; never above the allowance for bursts. */
class Meter {
  readonly #rate: number;
  readonly #allowance: number;
  #level = 0;
  #at = 0;

  constructor(rate: number, allowance: number) {
    this.#rate = rate / 1000;
    this.#allowance = allowance;
  }

  add(octets: number, now: number): boolean {
    this.#level = Math.max(0, this.#level - (now - this.#at) * this.#rate) + octets;
    this.#at = now;
    return this.#level <= this.#allowance + 1;
  }
}

export function createWitness(content: Content, now: () => number): Witness {
  const violations: string[] = [];
  const names: { by: Node; peerId: string; fault: Fault }[] = [];
  const claims = new Map<string, Set<number>>();
  const uploads = new Map<Node, Meter>();
  const downloads = new Map<Node, Meter>();
  const delivered = new Map<string, number>();
  const confirmed = new Map<string, number>();
  let uploaded = 0;
  const violate = (text: string) => {
    if (violations.length < 20) violations.push(`${now().toFixed(0)} ms: ${text}`);
  };
  const claimsOf = (from: Node, to: Node) => {
    const key = `${from.peerId} ${to.peerId}`;
    const set = claims.get(key) ?? new Set();
    claims.set(key, set);
    return set;
  };
  const meterOf = (meters: Map<Node, Meter>, node: Node, create: () => Meter) => {
    const meter = meters.get(node) ?? create();
    meters.set(node, meter);
    return meter;
  };
  const add = (map: Map<string, number>, key: string, octets: number) => {
    const sum = (map.get(key) ?? 0) + octets;
    map.set(key, sum);
    return sum;
  };

  return {
    violations,
    names,
    get uploaded() {
      return uploaded;
    },
    kept(node, index, parts) {
      let octets = 0;
      for (const part of parts) octets += part.length;
      if (octets !== content.sizeOf(index)) violate(`${node.peerId} keeps ${octets} octets as fragment ${index}`);
      const [first] = parts;
      if (first?.buffer !== content.fragment(index).buffer) violate(`${node.peerId} keeps a corrupt fragment ${index}`);
      if (node.got.has(index)) violate(`${node.peerId} keeps fragment ${index} twice`);
    },
    dropped(node, below) {
      if (node.settings.contentType === "FILE") violate(`${node.peerId} drops fragments of a file, below ${below}`);
    },
    sent(from, to, message) {
      if (message.type === "request") {
        if (from.role === "source-peer") violate(`the source peer ${from.peerId} asks for fragments`);
        const claimed = claimsOf(to, from);
        for (const { first, count } of message.runs) {
          for (let index = first; index < first + count; index++) {
            if (!claimed.has(index)) violate(`${from.peerId} asks ${to.peerId} for ${index}, which it does not claim`);
          }
        }
      }
      if (message.type !== "fragment") return;
      uploaded += message.payload.length;
      const { uploadRate, partSize } = from.settings;
      if (uploadRate === Number.POSITIVE_INFINITY) return;
      const meter = meterOf(uploads, from, () => new Meter(uploadRate, Math.max(partSize, uploadRate / 50) + partSize));
      if (!meter.add(message.payload.length, now())) violate(`${from.peerId} uploads more than its limit`);
    },
    received(at, from, message) {
      if (message.type === "buffermap") {
        const set = claimsOf(from, at);
        set.clear();
        const span = message.first + message.bits.length * 8;
        for (const index of Possession.of(message, span).indices()) set.add(index);
      } else if (message.type === "have") {
        const set = claimsOf(from, at);
        for (const { first, count } of message.runs) for (let own = first; own < first + count; own++) set.add(own);
      } else if (message.type === "fragment") {
        add(delivered, `${from.peerId} ${at.peerId}`, message.payload.length);
        const { downloadRate, fragmentSize } = at.settings;
        if (downloadRate === Number.POSITIVE_INFINITY) return;
        // What was asked for within the limit may come all at once: two seconds' worth or two fragments of each link, and the bucket.
        const allowance = Math.max(2 * downloadRate, 60 * fragmentSize) + downloadRate / 4 + 4 * fragmentSize;
        const meter = meterOf(downloads, at, () => new Meter(downloadRate, allowance));
        if (!meter.add(message.payload.length, now())) violate(`${at.peerId} downloads more than its limit`);
      }
    },
    confirmed(receiver, sender, octets) {
      const key = `${sender} ${receiver.peerId}`;
      if (add(confirmed, key, octets) > (delivered.get(key) ?? 0))
        violate(`${receiver.peerId} confirms more than ${sender} sent`);
    },
    receipted(sender, receiver, octets) {
      if (octets <= 0) violate(`${sender.peerId} got an empty receipt of ${receiver}`);
    },
    named(by, peerId, fault) {
      names.push({ by, peerId, fault });
    },
  };
}
