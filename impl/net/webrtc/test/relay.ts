import { WebSocketServer } from "ws";

/** A signalling relay as the field has it, with a transcript: forwards whatever has a `toid`, knows peers by their hello. */
export interface TestRelay {
  readonly url: string;
  readonly seen: readonly Record<string, unknown>[];
  /** Cuts all sockets. */
  cut(): void;
  close(): Promise<void>;
}

export interface TestRelayOptions {
  readonly port?: number;
  /** Tells senders of messages for nobody, as this project's relay does. */
  readonly undeliverable?: boolean;
}

export async function startRelay({ port = 0, undeliverable = false }: TestRelayOptions = {}): Promise<TestRelay> {
  const seen: Record<string, unknown>[] = [];
  const registered = new Map<string, import("ws").WebSocket>();
  const server = new WebSocketServer({ host: "127.0.0.1", port });
  await new Promise((resolve) => server.once("listening", resolve));
  server.on("connection", (socket) => {
    socket.on("message", (octets) => {
      const message = JSON.parse(octets.toString()) as Record<string, unknown>;
      seen.push(message);
      if (message.action === "hello") registered.set(String(message["peer-id"]), socket);
      else if (message.toid !== undefined) {
        const target = registered.get(String(message.toid));
        if (target !== undefined) target.send(JSON.stringify(message));
        else if (undeliverable) socket.send(JSON.stringify({ action: "undeliverable", toid: message.toid }));
      }
    });
  });
  const cut = (): void => {
    for (const socket of server.clients) socket.terminate();
  };
  return {
    url: `ws://127.0.0.1:${(server.address() as { port: number }).port}`,
    seen,
    cut,
    close: () =>
      new Promise((resolve) => {
        cut();
        server.close(() => resolve());
      }),
  };
}
