import { createSocket, type Socket } from "node:dgram";

/** One simulated data source: a socket of its own, so that the server sees many senders. */
export interface Sender {
  readonly socket: Socket;
  next(): Uint8Array;
}

/** Sends `count` datagrams, each sender's next when its last is answered. @returns messages per second */
export async function exchange(port: number, senders: readonly Sender[], count: number): Promise<number> {
  let left = count;
  const started = performance.now();
  await Promise.all(
    senders.map(
      (sender) =>
        new Promise<void>((resolve, reject) => {
          const silence = setTimeout(() => reject(new Error("no answer within 5 s")), 5000);
          const turn = (): void => {
            silence.refresh();
            if (left-- > 0) return void sender.socket.send(sender.next(), port, "127.0.0.1");
            clearTimeout(silence);
            sender.socket.off("message", turn);
            resolve();
          };
          sender.socket.on("message", turn);
          turn();
        }),
    ),
  );
  return count / ((performance.now() - started) / 1000);
}

/** Sends all datagrams at once, then counts the answers until none has come for half a second. */
export async function burst(port: number, socket: Socket, datagrams: readonly Uint8Array[]): Promise<number> {
  let answered = 0;
  return new Promise((resolve) => {
    const quiet = setTimeout(() => {
      socket.off("message", count);
      resolve(answered);
    }, 500);
    const count = (): void => {
      answered++;
      quiet.refresh();
    };
    socket.on("message", count);
    for (const datagram of datagrams) socket.send(datagram, port, "127.0.0.1");
  });
}

export function openSocket(): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = createSocket({ type: "udp4", recvBufferSize: 4 << 20 });
    socket.bind(0, "127.0.0.1", () => resolve(socket));
  });
}
