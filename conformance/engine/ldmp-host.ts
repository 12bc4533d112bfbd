import type { Channel, ChannelEvents } from "./ldmp-channel.js";
import { addressOf, overStream, readDatagram } from "./ldmp-channel.js";
import type { Dialect } from "./ldmp-dialect.js";
import type { Test } from "./test.js";
import { octetsOf } from "./transcript.js";
import { shellCommand } from "./world/process.js";
import type { ListenerEvent } from "./world/sockets.js";
import { tcpListener, udpListener } from "./world/sockets.js";
import type { Endpoint } from "./world/wire.js";
import type { Lost, World } from "./world.js";

/** Called for each counterpart that makes itself known; gives back who hears it. */
export type OnCounterpart = (channel: Channel) => ChannelEvents;

export interface Host {
  /** Where the product has to connect: `udp://127.0.0.1:40001`. */
  readonly url: string;
  close(): Promise<void>;
}

/** Listens for data sources on `udp://host:port` or `tcp://host:port` (port 0: any free one). */
export function listen(world: World, url: string, dialect: Dialect, onCounterpart: OnCounterpart): Promise<Host> {
  const { protocol, host, port } = addressOf(url);
  const outside = protocol === "udp" ? udpListener : tcpListener;
  const counterparts = new Map<number, Counterpart>();
  return new Promise((resolve, reject) => {
    let ended = (): void => {};
    const close = async (): Promise<void> => {
      await Promise.all([...counterparts.values()].map(({ channel }) => channel.close()));
      await new Promise<void>((done) => {
        ended = done;
        source.order({ type: "end" });
      });
    };
    const meet = (from: number, remote: Endpoint): Counterpart => {
      const send = (octets: Uint8Array): void => source.order({ type: "send", to: from, octets });
      const hangUp = (): void => source.order({ type: "close", to: from });
      return protocol === "udp"
        ? byDatagrams(send, remote, dialect, onCounterpart)
        : byStream(send, hangUp, remote, dialect, onCounterpart);
    };
    const source = world.open(outside, { host, port }, (event) => {
      if (event.type === "listening") {
        resolve({ url: `${protocol}://${bracketed(host)}:${event.local.port}`, close });
      } else if (event.type === "unusable" || event.type === "lost") {
        reject(new Error(event.type === "lost" ? event.reason : event.message));
        ended();
      } else if (event.type === "ended") {
        ended();
      } else if (event.type === "connected") {
        counterparts.set(event.from, meet(event.from, event.remote));
      } else {
        counterparts.get(event.from)?.hear(event);
      }
    });
  });
}

interface Counterpart {
  readonly channel: Channel;
  hear(event: ListenerEvent | Lost): void;
}

/** Nobody can hang up over datagrams. */
function byDatagrams(
  send: (octets: Uint8Array) => void,
  remote: Endpoint,
  dialect: Dialect,
  onCounterpart: OnCounterpart,
): Counterpart {
  const channel: Channel = { protocol: "udp", ...remote, send, close: async () => {} };
  const events = onCounterpart(channel);
  return {
    channel,
    hear: (event) => {
      if (event.type === "arrived") events.onArrival(readDatagram(event.octets, dialect));
    },
  };
}

function byStream(
  send: (octets: Uint8Array) => void,
  hangUp: () => void,
  { host, port }: Endpoint,
  dialect: Dialect,
  onCounterpart: OnCounterpart,
): Counterpart {
  let events: ChannelEvents | undefined;
  const channel = overStream(
    { order: (order) => (order.type === "send" ? send(order.octets) : hangUp()) },
    host,
    port,
    dialect,
    { onArrival: (arrival) => events?.onArrival(arrival), onEnd: (reason) => events?.onEnd(reason) },
  );
  events = onCounterpart(channel);
  return {
    channel,
    hear: (event) => {
      if (event.type === "arrived" || event.type === "failed" || event.type === "closed") channel.hear(event);
    },
  };
}

function bracketed(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

/** A product that the suite started. */
export interface Product {
  /** Asks it, and everything that it started, to stop (SIGTERM). */
  stop(): void;
}

/** Starts the product by a shell command; `{url}` in it is the suite's address. Ended with everything it started, after the case. */
export function startProduct(t: Test, command: string, url: string): Product {
  const line = command.replaceAll("{url}", url);
  t.transcript.add("process", `started: ${line}`);
  let over = false;
  let gone = (): void => {};
  const child = t.world.open(shellCommand, { command: line, env: { MP2P_URL: url } }, (event) => {
    if (event.type === "output") {
      t.transcript.add("process", "the product printed", octetsOf(event.octets.subarray(0, 2048)));
    } else if (event.type === "exited") {
      t.transcript.add("process", `the product's process ended (${event.signal ?? event.code})`);
    } else if (event.type === "failed") {
      t.transcript.add("process", `the product could not be started: ${event.message}`);
    }
    over ||= event.type !== "output";
    if (over) gone();
  });
  t.cleanup("the product's process", async () => {
    if (over) return;
    const end = new Promise<void>((resolve) => {
      gone = resolve;
    });
    child.order({ type: "signal", signal: "SIGTERM" });
    const cancel = t.world.timer(500, () => child.order({ type: "signal", signal: "SIGKILL" }));
    await end;
    cancel();
  });
  return { stop: () => child.order({ type: "signal", signal: "SIGTERM" }) };
}
