import { createInterface } from "node:readline";

/** What came of one line: something to tell, or nothing. */
export type ControlHandler = (details: Readonly<Record<string, unknown>>) => unknown;

/** Thrown by a handler for what this program does not do. */
export class Unsupported extends Error {}

/**
 * Serves another program that drives this one: one JSON object per line on standard input, `{"id":1,"do":"join", …}`, is answered by one
 * on standard output, `{"id":1,"ok":true,"result":…}`, `{"id":1,"unsupported":"…"}` or `{"id":1,"error":"…"}`. Resolves at the end of the input.
 */
export async function serveControlLines(handlers: Readonly<Record<string, ControlHandler>>): Promise<void> {
  const answer = (id: unknown, more: object): void => void process.stdout.write(`${JSON.stringify({ id, ...more })}\n`);
  const serve = async (line: string): Promise<void> => {
    const request = read(line);
    if (request === undefined) return answer(null, { error: "the line is no JSON object" });
    const { id = null, do: name, ...details } = request;
    const handler = typeof name === "string" && Object.hasOwn(handlers, name) ? handlers[name] : undefined;
    if (!handler) return answer(id, { unsupported: `there is no ${String(name)} here` });
    try {
      const result = await handler(details);
      answer(id, { ok: true, ...(result === undefined ? {} : { result }) });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      answer(id, error instanceof Unsupported ? { unsupported: message } : { error: message });
    }
  };
  // Side by side: a line may ask for what ends another one that takes long.
  for await (const line of createInterface({ input: process.stdin })) if (line.trim() !== "") void serve(line);
}

function read(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
