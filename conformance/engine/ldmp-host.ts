import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { createServer } from "node:net";
import type { Channel, ChannelEvents } from "./ldmp-channel.js";
import { addressOf, overStream, readDatagram } from "./ldmp-channel.js";
import type { Dialect } from "./ldmp-dialect.js";
import type { Test } from "./test.js";
import { octetsOf } from "./transcript.js";

/** Called for each counterpart that makes itself known; gives back who hears it. */
export type OnCounterpart = (channel: Channel) => ChannelEvents;

export interface Host {
  /** Where the product has to connect: `udp://127.0.0.1:40001`. */
  readonly url: string;
  close(): Promise<void>;
}

/** Listens for data sources on `udp://host:port` or `tcp://host:port` (port 0: any free one). */
export function listen(url: string, dialect: Dialect, onCounterpart: OnCounterpart): Promise<Host> {
  const { protocol, host, port } = addressOf(url);
  return protocol === "udp"
    ? listenUdp(host, port, dialect, onCounterpart)
    : listenTcp(host, port, dialect, onCounterpart);
}

function listenUdp(host: string, port: number, dialect: Dialect, onCounterpart: OnCounterpart): Promise<Host> {
  const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
  const known = new Map<string, ChannelEvents>();
  socket.on("message", (octets, from) => {
    const key = `${from.address} ${from.port}`;
    let events = known.get(key);
    if (!events) {
      events = onCounterpart({
        protocol: "udp",
        host: from.address,
        port: from.port,
        send: (out) => socket.send(out, from.port, from.address),
        close: async () => {},
      });
      known.set(key, events);
    }
    events.onArrival(readDatagram(octets, dialect));
  });
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.bind(port, host, () => {
      socket.off("error", reject);
      socket.on("error", () => {});
      resolve({
        url: `udp://${bracketed(host)}:${socket.address().port}`,
        close: () => new Promise((done) => socket.close(() => done())),
      });
    });
  });
}

function listenTcp(host: string, port: number, dialect: Dialect, onCounterpart: OnCounterpart): Promise<Host> {
  const open = new Set<Channel>();
  const server = createServer((socket) => {
    let events: ChannelEvents | undefined;
    const channel = overStream(socket, socket.remoteAddress ?? "", socket.remotePort ?? 0, dialect, {
      onArrival: (arrival) => events?.onArrival(arrival),
      onEnd: (reason) => events?.onEnd(reason),
    });
    open.add(channel);
    events = onCounterpart(channel);
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      const address = server.address();
      const bound = typeof address === "object" && address ? address.port : port;
      resolve({
        url: `tcp://${bracketed(host)}:${bound}`,
        close: async () => {
          await Promise.all([...open].map((channel) => channel.close()));
          await new Promise<void>((done) => server.close(() => done()));
        },
      });
    });
  });
}

function bracketed(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

/** Starts the product by a shell command; `{url}` in it is the suite's address. Ended with everything it started, after the case. */
export function startProduct(t: Test, command: string, url: string): ChildProcess {
  const line = command.replaceAll("{url}", url);
  t.transcript.add("process", `started: ${line}`);
  const child = spawn(line, {
    shell: true,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, MP2P_URL: url },
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) =>
      t.transcript.add("process", "the product printed", octetsOf(chunk.subarray(0, 2048))),
    );
  }
  child.on("exit", (code, signal) => t.transcript.add("process", `the product's process ended (${signal ?? code})`));
  child.on("error", (error) => t.transcript.add("process", `the product could not be started: ${error.message}`));
  t.cleanup("the product's process", async () => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    endGroup(child.pid, "SIGTERM");
    const force = setTimeout(() => endGroup(child.pid ?? 0, "SIGKILL"), 500);
    await gone;
    clearTimeout(force);
  });
  return child;
}

/** The shell and the product under it are one process group. */
function endGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // ended already
  }
}
