import { connect, type Socket } from "node:net";

/** Prepared octets of one request, keep-alive. */
export function request(method: string, path: string, body: unknown): Buffer {
  const json = Buffer.from(JSON.stringify(body));
  const head = `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAccept: application/json\r\nContent-Length: ${json.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), json]);
}

/**
 * Sends `count` requests over `connections` keep-alive connections, the next as soon as the one before is answered.
 * Nothing but a raw socket, so that the server is what limits the pace.
 *
 * @throws Error when an answer is not 200, or the connection ends early
 */
export async function drive(
  port: number,
  requests: readonly Buffer[],
  options: { readonly count: number; readonly connections: number },
): Promise<{ readonly seconds: number }> {
  let sent = 0;
  const started = performance.now();
  const next = (): Buffer | undefined => (sent < options.count ? requests[sent++ % requests.length] : undefined);
  await Promise.all(Array.from({ length: options.connections }, () => converse(port, next)));
  return { seconds: (performance.now() - started) / 1000 };
}

function converse(port: number, next: () => Buffer | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({ port, host: "127.0.0.1", noDelay: true });
    let buffered = "";
    const turn = (): void => {
      const octets = next();
      if (octets === undefined) socket.end(resolve);
      else socket.write(octets);
    };
    socket.setEncoding("latin1");
    socket.on("connect", turn);
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("the server closed the connection")));
    socket.on("data", (chunk: string) => {
      buffered = buffered === "" ? chunk : buffered + chunk;
      const end = buffered.indexOf("\r\n\r\n");
      if (end === -1) return;
      const length = /content-length: (\d+)/i.exec(buffered)?.[1];
      if (length === undefined) return void socket.destroy(new Error(`an answer without Content-Length: ${buffered}`));
      if (buffered.length < end + 4 + Number(length)) return;
      if (!buffered.startsWith("HTTP/1.1 200")) {
        return void socket.destroy(new Error(`unexpected answer: ${buffered.slice(0, 300)}`));
      }
      buffered = "";
      turn();
    });
  });
}
