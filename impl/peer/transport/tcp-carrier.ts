import type { Connection, ConnectionHandler } from "../../net/tcp.js";
import type { Carrier, CarrierHandler } from "./carrier.js";

/** A part of a fragment on TCP: what a small message that comes up meanwhile has to wait for. */
const maxPayload = 128 * 1024;

/** A TCP connection, or a TLS session on one. */
export function tcpCarrier(connection: Connection): Carrier {
  const { address, port } = connection;
  return {
    address: address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`,
    maxPayload,
    get queued() {
      return connection.queued;
    },
    write: (frames) => connection.writeAll(frames.flat()),
    pause: (paused) => connection.pause(paused),
    end: () => connection.end(),
    destroy: () => connection.destroy(),
  };
}

/** What the connection tells, for the link. */
export function tcpHandler(link: CarrierHandler): ConnectionHandler {
  return {
    data: (chunk) => link.data(chunk),
    drained: () => link.drained(),
    ended: () => link.ended(),
    closed: (error) => link.closed(error),
  };
}
