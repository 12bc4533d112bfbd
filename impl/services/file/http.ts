import { once } from "node:events";
import { open } from "node:fs/promises";
import { createServer, get, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { count, type Role, text } from "../stage/stage.js";

const CHUNK = 64 * 1024;

/** Role: an HTTP server that gives the file to everybody, all together no faster than the source peer uploads. */
export const httpServerRole: Role = async (wishes, stage) => {
  const rate = count(wishes, "uploadRate");
  const file = await open(text(wishes, "file"));
  const { size } = await file.stat();
  const began = performance.now();
  let sent = 0;
  /** Waits until the octets fit what the limit has allowed since the first of them. */
  const spend = async (octets: number): Promise<void> => {
    sent += octets;
    const due = began + (sent / rate) * 1000 - performance.now();
    if (due > 0) await sleep(due);
  };
  const give = async (response: ServerResponse): Promise<void> => {
    response.writeHead(200, { "content-length": size });
    for (let at = 0; at < size; at += CHUNK) {
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(CHUNK), 0, CHUNK, at);
      await spend(bytesRead);
      if (!response.write(buffer.subarray(0, bytesRead))) await once(response, "drain");
    }
    response.end();
  };
  const server = createServer((_request, response) => void give(response).catch(() => response.destroy()));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  stage.say({ event: "ready", url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` });
  await stage.ended;
  server.closeAllConnections();
  server.close();
  await file.close();
};

/** How long `downloads` downloads at once take, in ms. */
export async function downloadAll(url: string, downloads: number, size: number): Promise<number> {
  const began = performance.now();
  const one = async (): Promise<void> => {
    let octets = 0;
    const [response] = await once(get(url, { agent: false }), "response");
    for await (const chunk of response) octets += (chunk as Buffer).length;
    if (octets !== size) throw new Error(`a download over HTTP gave ${octets} octets of ${size}`);
  };
  await Promise.all(Array.from({ length: downloads }, one));
  return performance.now() - began;
}
