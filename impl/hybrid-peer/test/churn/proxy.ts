import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/**
 * The network between peers: everybody is reached through a port of this process, which can stop to hand on what one of them sends or
 * is sent, as a cable that is pulled would. Nothing gets lost that arrives again in time: TCP's sender repeats it.
 */
export interface Proxy {
  /**
   * A port that leads to another one.
   * @param to who is behind it; @param from who uses it: "" where the first message tells
   */
  lead(port: number, to: string, from: string): Promise<number>;
  cut(peerId: string): void;
  mend(peerId: string): void;
  close(): void;
}

export function createProxy(): Proxy {
  const cut = new Set<string>();
  const pairs = new Set<{ readonly ends: readonly string[]; readonly sockets: readonly Socket[] }>();
  const servers: Server[] = [];

  const isCut = (ends: readonly string[]): boolean => ends.some((end) => cut.has(end));
  const waiting = new Set<() => void>();

  /** Resolves when both can be reached. */
  function whole(ends: readonly string[]): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (isCut(ends)) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  }

  async function join(inbound: Socket, port: number, to: string, from: string): Promise<void> {
    inbound.on("error", () => undefined);
    inbound.pause();
    let first: Buffer | undefined;
    let user = from;
    if (user === "") {
      [first] = (await once(inbound.resume(), "data")) as [Buffer];
      inbound.pause();
      // HELLO and ESTAB say who sends them.
      user = [...first.toString("latin1").matchAll(/"peer-id":"([^"]+)"/g)][0]?.[1] ?? "";
    }
    const ends = [to, user];
    await whole(ends);
    const outbound = connect({ port, host: "127.0.0.1", noDelay: true });
    outbound.on("error", () => undefined);
    const pair = { ends, sockets: [inbound, outbound] };
    pairs.add(pair);
    if (first !== undefined) outbound.write(first);
    for (const [one, other] of [
      [inbound, outbound],
      [outbound, inbound],
    ] as const) {
      one.on("data", (chunk) => other.write(chunk));
      one.on("close", async () => {
        // Even the end of a connection does not get through.
        await whole(ends);
        pairs.delete(pair);
        other.destroySoon();
      });
      if (isCut(ends)) one.pause();
      else one.resume();
    }
  }

  return {
    async lead(port, to, from) {
      const server = createServer({ noDelay: true }, (socket) => {
        join(socket, port, to, from).catch(() => socket.destroy());
      });
      servers.push(server);
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      return (server.address() as AddressInfo).port;
    },
    cut(peerId) {
      cut.add(peerId);
      for (const { ends, sockets } of pairs) if (isCut(ends)) for (const socket of sockets) socket.pause();
    },
    mend(peerId) {
      cut.delete(peerId);
      for (const { ends, sockets } of pairs) if (!isCut(ends)) for (const socket of sockets) socket.resume();
      for (const look of waiting) look();
    },
    close() {
      for (const server of servers) server.close();
      for (const { sockets } of pairs) for (const socket of sockets) socket.destroy();
    },
  };
}

/** A port that nobody has at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
