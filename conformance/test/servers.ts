import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface Serving {
  readonly url: string;
  close(): Promise<void>;
}

/** A throw-away server for the suite's own tests. */
export async function serve(
  handle: (request: IncomingMessage, response: ServerResponse, body: unknown) => void,
): Promise<Serving> {
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => handle(request, response, parse(Buffer.concat(chunks).toString())));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

type Overlay = Record<string, unknown>;

/** The creation of a HOMS and nothing else, right unless told to be wrong. */
export function creationServer(
  wrong: (overlay: Overlay) => { status: number; overlay?: Overlay } | undefined = () => undefined,
) {
  return serve((request, response, body) => {
    const send = (status: number, value?: unknown): void => {
      response
        .writeHead(status, { "content-type": "application/json" })
        .end(value === undefined ? "" : JSON.stringify(value));
    };
    if (request.method !== "POST" || request.url !== "/homs") return send(404);
    const asked = (body as { overlay_info?: Overlay } | undefined)?.overlay_info ?? {};
    const answer = wrong(asked);
    if (answer) return send(answer.status, answer.overlay && { overlay: answer.overlay });
    const interval = Number(asked["heartbeat-interval"]);
    if (typeof asked.title !== "string" || !(interval > 5)) return send(400);
    send(200, { overlay: created(asked) });
  });
}

export function created(asked: Overlay): Overlay {
  return { "overlay-id": "o1", expires: 86_400, ...asked };
}
