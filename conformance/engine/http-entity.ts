import type { RunContext } from "./entity.js";
import { Gate } from "./gate.js";
import type { OwnMessageCheck } from "./http.js";
import { Http } from "./http.js";
import { NoAnswer } from "./outcome.js";
import type { Test } from "./test.js";

/** What a case against an HTTP server gets. */
export interface HttpTest extends Test {
  readonly http: Http;
}

/** One for all cases of a run. */
const gates = new WeakMap<RunContext, Gate>();

/** Adds the HTTP instrument to a test. `headers` are the credentials of the declaration, as `Name: value` lines. */
export function equipHttp(t: Test, run: RunContext, headers: readonly string[], check?: OwnMessageCheck): HttpTest {
  const gate = gates.get(run) ?? new Gate(() => run.world.now());
  gates.set(run, gate);
  const options = { base: run.target.url ?? "", timeoutMs: run.timeoutMs, headers: headerLines(headers), gate };
  return Object.assign(t, { http: new Http(t, check ? { ...options, check } : options) });
}

/** `Name: value` lines as headers. */
export function headerLines(lines: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
}

/** A server is alive if it answers anything at all over HTTP. */
export async function httpAlive(t: HttpTest, path: string): Promise<boolean> {
  try {
    await t.http.get(path, { malformed: true });
    return true;
  } catch (error) {
    if (error instanceof NoAnswer) return false;
    throw error;
  }
}
