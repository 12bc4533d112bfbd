import type { Socket as DatagramSocket } from "node:dgram";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { SeededRandom } from "../engine/random.js";
import { shellQuote } from "../engine/shell.js";

/** What becomes of one datagram: a delay in ms for each copy that arrives; none at all where it is lost. */
type Fate = readonly number[];

/** What becomes of one datagram after another, over and over. */
export type Schedule = readonly Fate[];

export interface Impairment {
  readonly seed: string;
  /** Shares of all datagrams, 0 to 1. */
  readonly loss: number;
  readonly duplication: number;
  readonly reordering: number;
  /** Least and most, in ms. */
  readonly delay: readonly [number, number];
}

/** Worse than most networks that anybody would run sensors over. */
export const BAD_NETWORK: Impairment = { seed: "0", loss: 0.03, duplication: 0.03, reordering: 0.05, delay: [0, 12] };

/** What is held back is overtaken by what is sent within so many ms after it. */
const HELD_BACK_MS = 40;

/** The same list for the same impairment: a run over it can be repeated. */
export function scheduleOf({ seed, loss, duplication, reordering, delay }: Impairment, length = 4_093): Schedule {
  const random = new SeededRandom(`impairment/${seed}`);
  const share = (): number => random.integer(0, 999_999) / 1_000_000;
  const wait = (): number => delay[0] + (delay[1] - delay[0]) * share();
  return Array.from({ length }, () => {
    if (share() < loss) return [];
    const late = share() < reordering ? HELD_BACK_MS : 0;
    return share() < duplication ? [wait() + late, wait()] : [wait() + late];
  });
}

/** What a relay did. */
export interface Passed {
  datagrams: number;
  lost: number;
  twice: number;
}

export interface Relay {
  /** Where to send in place of the address behind the relay. */
  readonly url: string;
  readonly passed: Passed;
  close(): Promise<void>;
}

/** Passes datagrams on to `udp://host:port` and back as the schedule has it from there on, in user space, on a port of its own. */
export async function relay(to: string, schedule: Schedule, from = 0): Promise<Relay> {
  const { hostname, port } = new URL(to);
  const passed: Passed = { datagrams: 0, lost: 0, twice: 0 };
  const timers = new Set<NodeJS.Timeout>();
  const behind = new Map<string, DatagramSocket>();
  let closed = false;
  let next = from;
  const pass = (send: () => void): void => {
    const copies = schedule[next++ % schedule.length] ?? [0];
    passed.datagrams++;
    if (copies.length === 0) passed.lost++;
    if (copies.length > 1) passed.twice++;
    for (const delay of copies) {
      const timer = setTimeout(() => {
        timers.delete(timer);
        if (!closed) send();
      }, delay);
      timers.add(timer);
    }
  };
  const front = createSocket("udp4");
  front.on("error", () => {});
  // Each sender keeps an address of its own behind the relay, as it would behind a router.
  const socketFor = (address: string, own: number): DatagramSocket => {
    const key = `${address} ${own}`;
    let socket = behind.get(key);
    if (!socket) {
      socket = createSocket("udp4");
      socket.on("error", () => {});
      // Others on this machine may still send to whoever had the port before.
      socket.on("message", (octets, from) => {
        if (from.port === Number(port)) pass(() => front.send(octets, own, address));
      });
      behind.set(key, socket);
    }
    return socket;
  };
  front.on("message", (octets, { address, port: own }) => {
    const socket = socketFor(address, own);
    pass(() => socket.send(octets, Number(port), hostname));
  });
  front.bind(0, "127.0.0.1");
  await once(front, "listening");
  return {
    url: `udp://127.0.0.1:${front.address().port}`,
    passed,
    close: async () => {
      closed = true;
      for (const timer of timers) clearTimeout(timer);
      for (const socket of behind.values()) socket.close();
      await new Promise<void>((done) => front.close(() => done()));
    },
  };
}

/** A command that reaches the suite through a relay. */
export interface ImpairedCommand {
  readonly command: string;
  /** Of all relays together. */
  passed(): Passed;
  close(): Promise<void>;
}

/**
 * The command of `--exec` with a relay between the product and each `{url}` that it is started with. The shell that it runs in asks this
 * process for a relay, over bash's own sockets, and then becomes the product: no further process is in the way of its signals.
 */
export async function impairedCommand(command: string, schedule: Schedule, from = 0): Promise<ImpairedCommand> {
  const relays: Relay[] = [];
  let next = from;
  const server = createServer((socket) => {
    socket.on("error", () => {});
    createInterface({ input: socket }).on("line", (url) => {
      // Few datagrams go through each: another part of the schedule for every one.
      next += 61;
      relay(url, schedule, next).then(
        (one) => {
          relays.push(one);
          socket.end(`${one.url}\n`);
        },
        () => socket.destroy(),
      );
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const ask = `exec 3<>/dev/tcp/127.0.0.1/${port}; printf '%s\\n' "$0" >&3; read -r to <&3; exec 3>&-`;
  const script = `${ask}; ${command.replaceAll("{url}", '"$to"')}`;
  return {
    command: `exec bash -c ${shellQuote(script)} {url}`,
    passed: () => ({
      datagrams: sum(relays, ({ passed }) => passed.datagrams),
      lost: sum(relays, ({ passed }) => passed.lost),
      twice: sum(relays, ({ passed }) => passed.twice),
    }),
    close: async () => {
      await Promise.all(relays.map((one) => one.close()));
      await new Promise((done) => server.close(done));
    },
  };
}

function sum<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((total, one) => total + of(one), 0);
}
