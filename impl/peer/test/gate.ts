import type { AddressInfo } from "node:net";
import { connect, createServer, type Server, type Socket } from "node:net";

/** A way to a server on loopback that can be closed and opened: the network between a peer and a server. */
export class Gate {
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  #open = true;

  private constructor(target: URL) {
    this.#server = createServer((socket) => {
      if (!this.#open) return void socket.destroy();
      const onward = connect(Number(target.port), target.hostname);
      for (const one of [socket, onward]) {
        this.#sockets.add(one);
        one.on("error", () => undefined);
        one.once("close", () => {
          this.#sockets.delete(one);
          socket.destroy();
          onward.destroy();
        });
      }
      socket.pipe(onward).pipe(socket);
    });
  }

  static async to(url: string): Promise<Gate> {
    const gate = new Gate(new URL(url));
    await new Promise<void>((resolve) => gate.#server.listen(0, "127.0.0.1", resolve));
    return gate;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  set open(open: boolean) {
    this.#open = open;
    if (!open) for (const socket of this.#sockets) socket.destroy();
  }

  close(): void {
    this.open = false;
    this.#server.close();
  }
}
