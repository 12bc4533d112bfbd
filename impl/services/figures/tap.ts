import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** A request and its answer, as they went over the wire; null where there was no JSON. */
export interface Overheard {
  readonly path: string;
  readonly request: unknown;
  readonly answer: unknown;
}

/** Stands between a peer and its OMS, passes everything on, and tells what was said: a figure shows messages, and these are they. */
export async function openTap(
  target: string,
  heard: (exchange: Overheard) => void,
): Promise<{ readonly url: string; close(): void }> {
  const server = createServer(async (request, response) => {
    try {
      const { method = "GET", url: path = "/", headers } = request;
      const body = await textOf(request);
      const { "content-type": type, authorization } = headers;
      const reply = await fetch(new URL(path, target), {
        method,
        headers: { ...(type && { "content-type": type }), ...(authorization && { authorization }) },
        ...(body !== "" && { body }),
      });
      const answer = await reply.text();
      if (reply.ok) heard({ path, request: parsed(body), answer: parsed(answer) });
      response.writeHead(reply.status, { "content-type": reply.headers.get("content-type") ?? "application/json" });
      response.end(answer);
    } catch {
      response.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let all = "";
  for await (const chunk of request.setEncoding("utf8")) all += String(chunk);
  return all;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
