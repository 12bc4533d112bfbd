import { spawn } from "node:child_process";
import { Inconclusive } from "./outcome.js";
import type { Test } from "./test.js";
import { octetsOf } from "./transcript.js";

/** What the product hands on, as it comes: for statements on what happens to data behind the product. */
export interface Watch {
  /** True as soon as one of the texts has come by; false after the time. */
  sees(texts: readonly string[], withinMs: number): Promise<boolean>;
}

/**
 * Opens the product's outlet by a template of the declaration: `GET http://127.0.0.1:7680/data` (a response that goes on, such as
 * server-sent events), or a shell command whose standard output is read. `{source}` and MP2P_SOURCE as in a stimulus. Closed after the case.
 *
 * @throws Inconclusive where the template is empty or nothing answers
 */
export async function watch(t: Test, template: string, source: number): Promise<Watch> {
  if (template.trim() === "") throw new Inconclusive("the declaration does not say where data come out (data-hook)");
  let text = "";
  const wakers = new Set<() => void>();
  const add = (chunk: Uint8Array): void => {
    const part = Buffer.from(chunk).toString("latin1");
    text += part;
    t.transcript.add("process", "the product handed on", octetsOf(chunk.subarray(0, 2048)));
    for (const wake of wakers) wake();
  };
  const address = /^GET (https?:\/\/\S+)$/.exec(template.trim())?.[1];
  if (address) await openHttp(t, address.replaceAll("{source}", String(source)), add);
  else openCommand(t, template, source, add);
  return {
    async sees(texts, withinMs) {
      const deadline = performance.now() + withinMs;
      for (;;) {
        if (texts.some((one) => text.includes(one))) return true;
        const left = deadline - performance.now();
        if (left <= 0 || t.signal.aborted) return false;
        await new Promise<void>((resolve) => {
          const wake = (): void => {
            clearTimeout(timer);
            wakers.delete(wake);
            resolve();
          };
          const timer = setTimeout(wake, left);
          wakers.add(wake);
        });
      }
    },
  };
}

async function openHttp(t: Test, url: string, add: (chunk: Uint8Array) => void): Promise<void> {
  t.transcript.add("process", `watching: GET ${url}`);
  const end = new AbortController();
  t.cleanup("the watch on the product's data", () => end.abort());
  const response = await fetch(url, { signal: end.signal }).catch((error: Error) => {
    throw new Inconclusive(`the data hook ${url} cannot be reached: ${error.message}`);
  });
  if (!response.ok || !response.body) throw new Inconclusive(`the data hook ${url} answered ${response.status}`);
  const reader = response.body.getReader();
  const pump = async (): Promise<void> => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      add(value);
    }
  };
  // Ends with the case, by the abort above.
  pump().catch(() => {});
}

function openCommand(t: Test, command: string, source: number, add: (chunk: Uint8Array) => void): void {
  t.transcript.add("process", `watching: ${command}`);
  const child = spawn(command, {
    shell: true,
    detached: true,
    env: { ...process.env, MP2P_SOURCE: String(source) },
    stdio: ["ignore", "pipe", "ignore"],
  });
  child.stdout.on("data", add);
  child.on("error", () => {});
  t.cleanup("the watch on the product's data", () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGTERM");
    } catch {
      // ended already
    }
  });
}
