import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { serve } from "../../child.js";

/** The limit: `node:http` with nothing around it. Parses the JSON that comes and sends it back. */
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const body: unknown = JSON.parse((chunks.length === 1 ? chunks[0] : Buffer.concat(chunks))?.toString() ?? "");
    const text = JSON.stringify(body);
    response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
    response.end(text);
  });
});
server.listen(0, "127.0.0.1", () => serve((server.address() as AddressInfo).port, () => server.closeAllConnections()));
