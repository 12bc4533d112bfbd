import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { type Broadcaster, nodes } from "./broadcaster.js";

/**
 * A binary tree of sockets written for nothing else: four octets of length, then the message; each node hands every message to its
 * application and to its two children.
 *
 * @param corked all messages that came in one piece leave in one write; else there is a write for each
 */
export async function startRawTree(corked: boolean): Promise<Broadcaster> {
  const children: Socket[][] = Array.from({ length: nodes }, () => []);
  const servers = await Promise.all(
    children.map(async (own) => {
      const server = createServer({ noDelay: true }, (socket) => own.push(socket));
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      return server;
    }),
  );
  const system: Broadcaster = {
    receivers: nodes - 1,
    onDelivery: () => undefined,
    send(payload) {
      const frame = Buffer.allocUnsafe(4 + payload.length);
      frame.writeUInt32BE(payload.length, 0);
      frame.set(payload, 4);
      for (const socket of children[0] ?? []) socket.write(frame);
    },
    close: () => {
      for (const server of servers) server.close();
    },
  };
  for (let node = 1; node < nodes; node++) {
    const above = (node - 1) >> 1;
    const { port } = (servers[above] as Server).address() as AddressInfo;
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    relay(corked, socket, children[node] ?? [], (payload) => system.onDelivery(payload));
    await once(socket, "connect");
    while (children[above]?.length !== node - 2 * above) await new Promise((resolve) => setImmediate(resolve));
  }
  return system;
}

function relay(corked: boolean, from: Socket, to: readonly Socket[], deliver: (payload: Uint8Array) => void): void {
  let rest: Buffer = Buffer.alloc(0);
  from.on("data", (chunk) => {
    const octets = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    if (corked) for (const socket of to) socket.cork();
    let start = 0;
    while (octets.length - start >= 4) {
      const end = start + 4 + octets.readUInt32BE(start);
      if (end > octets.length) break;
      const frame = octets.subarray(start, end);
      for (const socket of to) socket.write(frame);
      deliver(frame.subarray(4));
      start = end;
    }
    if (corked) for (const socket of to) socket.uncork();
    rest = octets.subarray(start);
  });
}
