import type { Socket as DatagramSocket } from "node:dgram";
import { createSocket } from "node:dgram";
import type { Socket } from "node:net";
import { connect, createServer } from "node:net";
import type { Outside } from "../world.js";
import type { Endpoint } from "./wire.js";

/** A socket towards one counterpart, over datagrams or a stream. */
export type SocketEvent =
  | { readonly type: "open"; readonly local: Endpoint; readonly remote: Endpoint }
  /** A datagram, or a part of a stream. */
  | { readonly type: "arrived"; readonly octets: Uint8Array }
  | { readonly type: "failed"; readonly message: string }
  | { readonly type: "closed" };

export type SocketOrder =
  | { readonly type: "send"; readonly octets: Uint8Array }
  /** Takes nothing more from a stream: what the other end sends has to wait there. */
  | { readonly type: "pause" }
  | { readonly type: "close" };

/** Ports that sockets of this process had: a product may go on sending there for as long as its timers run. */
const hadPorts = new Set<number>();
const MOST_HELD = 32;

/** A connected socket on a port that none had before it. */
function openUdp(
  { host, port }: Endpoint,
  told: (socket: DatagramSocket) => void,
  failed: (error: Error) => void,
): void {
  const held: DatagramSocket[] = [];
  const next = (): void => {
    const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
    socket.once("error", failed);
    socket.connect(port, host, () => {
      const own = socket.address().port;
      // Held until another one is found, so that it does not come up again.
      if (hadPorts.has(own) && held.push(socket) <= MOST_HELD) return next();
      for (const one of held) if (one !== socket) one.close();
      hadPorts.add(own);
      socket.off("error", failed);
      told(socket);
    });
  };
  next();
}

export const udpSocket: Outside<Endpoint, SocketEvent, SocketOrder> = {
  kind: "udp",
  start(to, emit) {
    let socket: DatagramSocket | undefined;
    let open = true;
    const fail = ({ message }: Error): void => emit({ type: "failed", message });
    openUdp(
      to,
      (found) => {
        socket = found;
        found.on("message", (octets) => emit({ type: "arrived", octets }));
        found.on("error", fail);
        const [local, remote] = [found.address(), found.remoteAddress()];
        emit({
          type: "open",
          local: { host: local.address, port: local.port },
          remote: { host: remote.address, port: remote.port },
        });
      },
      fail,
    );
    return (order) => {
      if (!open) return;
      if (order.type === "send") return socket?.send(order.octets);
      if (order.type === "pause") return;
      open = false;
      socket?.close(() => emit({ type: "closed" }));
    };
  },
};

export const tcpSocket: Outside<Endpoint, SocketEvent, SocketOrder> = {
  kind: "tcp",
  start({ host, port }, emit) {
    const socket = connect(port, host);
    socket.setNoDelay(true);
    socket.once("connect", () =>
      emit({
        type: "open",
        local: { host: socket.localAddress ?? "", port: socket.localPort ?? 0 },
        remote: { host: socket.remoteAddress ?? "", port: socket.remotePort ?? 0 },
      }),
    );
    return overStream(socket, emit);
  },
};

function overStream(socket: Socket, emit: (event: Exclude<SocketEvent, { type: "open" }>) => void) {
  socket.on("data", (octets: Buffer) => emit({ type: "arrived", octets }));
  socket.on("error", ({ message }) => emit({ type: "failed", message }));
  socket.on("close", () => emit({ type: "closed" }));
  return (order: SocketOrder): void => {
    if (order.type === "close") socket.destroy();
    else if (order.type === "pause") socket.pause();
    else if (!socket.destroyed) socket.write(order.octets);
  };
}

/** A place where counterparts call; `from` numbers the connections of a stream. */
export type ListenerEvent =
  | { readonly type: "listening"; readonly local: Endpoint }
  | { readonly type: "connected"; readonly from: number; readonly remote: Endpoint }
  | { readonly type: "arrived"; readonly from: number; readonly octets: Uint8Array }
  | { readonly type: "failed"; readonly from: number; readonly message: string }
  | { readonly type: "closed"; readonly from: number }
  /** The listener itself. */
  | { readonly type: "unusable"; readonly message: string }
  | { readonly type: "ended" };

export type ListenerOrder =
  | { readonly type: "send"; readonly to: number; readonly octets: Uint8Array }
  | { readonly type: "pause"; readonly to: number }
  | { readonly type: "close"; readonly to: number }
  /** Closes the listener; its connections have to be closed before. */
  | { readonly type: "end" };

/** Counterparts are numbered as they make themselves known; nothing ever closes one. */
export const udpListener: Outside<Endpoint, ListenerEvent, ListenerOrder> = {
  kind: "udp-listener",
  start({ host, port }, emit) {
    const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
    const known: Endpoint[] = [];
    let open = true;
    socket.on("message", (octets, { address, port }) => {
      let from = known.findIndex((one) => one.host === address && one.port === port);
      if (from < 0) {
        const remote = { host: address, port };
        from = known.push(remote) - 1;
        emit({ type: "connected", from, remote });
      }
      emit({ type: "arrived", from, octets });
    });
    socket.on("error", ({ message }) => emit({ type: "unusable", message }));
    socket.bind(port, host, () => emit({ type: "listening", local: { host, port: socket.address().port } }));
    return (order) => {
      if (!open) return;
      if (order.type === "send") {
        const to = known[order.to];
        if (to) socket.send(order.octets, to.port, to.host);
      } else if (order.type === "end") {
        open = false;
        socket.close(() => emit({ type: "ended" }));
      }
    };
  },
};

export const tcpListener: Outside<Endpoint, ListenerEvent, ListenerOrder> = {
  kind: "tcp-listener",
  start({ host, port }, emit) {
    const streams: ((order: SocketOrder) => void)[] = [];
    const server = createServer((socket) => {
      const from = streams.length;
      emit({
        type: "connected",
        from,
        remote: { host: socket.remoteAddress ?? "", port: socket.remotePort ?? 0 },
      });
      streams.push(overStream(socket, (event) => emit({ ...event, from })));
    });
    server.on("error", ({ message }) => emit({ type: "unusable", message }));
    server.listen(port, host, () => {
      const address = server.address();
      emit({
        type: "listening",
        local: { host, port: typeof address === "object" && address ? address.port : port },
      });
    });
    return (order) => {
      if (order.type === "end") server.close(() => emit({ type: "ended" }));
      else streams[order.to]?.(order);
    };
  },
};
