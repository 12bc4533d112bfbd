import type { Dice } from "../../../hybrid-peer/test/simulation/random.js";
import type { Message } from "../../core/message.js";
import type { Fault } from "../../core/ports.js";
import type { Content } from "./content.js";
import type { Node } from "./node.js";

/** How a peer breaks the rules: it runs the same core, and changes what goes out and what comes in. */
export interface Behaviour {
  readonly name: string;
  /** The faults that it may be named for. */
  readonly faults: readonly Fault[];
  /** What goes out in place of a message. */
  out(node: Node, link: number, message: Message): readonly Message[];
  /** @returns true where the core is not to see it */
  in?(node: Node, link: number, message: Message): boolean;
  opened?(node: Node, link: number): void;
}

const same = (_: Node, __: number, message: Message): readonly Message[] => [message];

/** Takes, and hides what it has. */
const hider = (): Behaviour => ({
  name: "hider",
  faults: ["free-rider"],
  out: (_, __, message) => {
    if (message.type === "have") return [];
    if (message.type === "buffermap") return [{ type: "buffermap", first: 0, bits: new Uint8Array(0) }];
    return [message];
  },
});

/** Takes, says what it has, and is always busy. */
const refuser = (): Behaviour => ({
  name: "refuser",
  faults: ["free-rider"],
  out: same,
  in: (node, link, message) => {
    if (message.type !== "request") return false;
    node.inject(link, { type: "refuse", reason: "busy", runs: message.runs });
    return true;
  },
});

/** Claims everything, and never answers: who takes much meanwhile is a free-rider too. */
const liar = (content: Content): Behaviour => ({
  name: "liar",
  faults: ["false-claim", "free-rider"],
  out: (_, __, message) => {
    if (message.type !== "buffermap") return message.type === "have" ? [] : [message];
    return [
      {
        type: "buffermap",
        first: 0,
        bits: new Uint8Array(Math.ceil(content.count / 8)).fill(0xff, 0, Math.floor(content.count / 8)),
      },
    ];
  },
  in: (_, __, message) => message.type === "request",
});

/** Sends wrong octets now and then. */
const corrupter = (content: Content, dice: Dice): Behaviour => {
  const rotten = new Map<string, boolean>();
  return {
    name: "corrupter",
    faults: ["corrupt-fragment"],
    out: (_, link, message) => {
      if (message.type !== "fragment") return [message];
      const key = `${link} ${message.index}`;
      if (!rotten.has(key)) rotten.set(key, dice.chance(0.3));
      if (rotten.get(key) !== true) return [message];
      const { offset, payload } = message;
      return [{ ...message, payload: content.corrupt(message.index).subarray(offset, offset + payload.length) }];
    },
  };
};

/** Pushes fragments that nobody asked for. */
const pusher = (content: Content): Behaviour => ({
  name: "pusher",
  faults: ["unrequested-fragment", "repeated-fragment", "undescribed-fragment"],
  out: (_, __, message) => {
    if (message.type !== "have" || message.runs[0] === undefined) return [message];
    const index = message.runs[0].first;
    const size = content.sizeOf(index);
    return [message, { type: "fragment", index, offset: 0, size, payload: content.fragment(index).subarray(0, 1024) }];
  },
});

/** Says that the source peer said otherwise. */
const forger = (): Behaviour => ({
  name: "forger",
  faults: ["forged-descriptors"],
  out: (_, __, message) =>
    message.type === "descriptors"
      ? [{ ...message, items: message.items.map((item) => ({ ...item, time: item.time + 1 })) }]
      : [message],
});

/** Asks for what nobody has said to have. */
const asker = (): Behaviour => ({
  name: "asker",
  faults: ["invalid-request"],
  out: (_, __, message) =>
    message.type === "request" ? [message, { type: "request", runs: [{ first: 1_000_000, count: 100 }] }] : [message],
});

export function createBehaviours(content: Content, dice: Dice): readonly (() => Behaviour)[] {
  return [
    hider,
    refuser,
    () => liar(content),
    () => corrupter(content, dice.fork()),
    () => pusher(content),
    forger,
    asker,
  ];
}
