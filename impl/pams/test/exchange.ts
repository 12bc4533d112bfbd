import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";

export interface Answer {
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  /** Parsed when it is JSON, else the text. */
  body: unknown;
}

/** One request exactly as told: any method with any body, which `fetch` would not do. */
export function exchange(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
  ca?: string,
): Promise<Answer> {
  const text = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const request = url.startsWith("https:") ? httpsRequest : httpRequest;
    const outgoing = request(new URL(path, url), {
      method,
      ...(ca === undefined ? {} : { ca, agent: false }),
      headers: {
        ...(text === undefined
          ? {}
          : { "content-type": "application/json", "content-length": Buffer.byteLength(text) }),
        ...headers,
      },
    });
    outgoing.on("error", reject);
    outgoing.on("response", (response) => {
      let received = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        received += chunk;
      });
      response.on("error", reject);
      response.on("end", () => {
        const json = /json/.test(response.headers["content-type"] ?? "") && received !== "";
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: json ? (JSON.parse(received) as unknown) : received,
        });
      });
    });
    outgoing.end(text);
  });
}
