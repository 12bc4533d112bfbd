import { Inconclusive } from "./outcome.js";
import type { Test } from "./test.js";
import { octetsOf } from "./transcript.js";
import { controlRequest } from "./world/control.js";
import { shellCommand } from "./world/process.js";

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
      const deadline = t.world.now() + withinMs;
      for (;;) {
        if (texts.some((one) => text.includes(one))) return true;
        const left = deadline - t.world.now();
        if (left <= 0 || t.signal.aborted) return false;
        await new Promise<void>((resolve) => {
          const wake = (): void => {
            cancel();
            wakers.delete(wake);
            resolve();
          };
          const cancel = t.world.timer(left, wake);
          wakers.add(wake);
        });
      }
    },
  };
}

async function openHttp(t: Test, url: string, add: (chunk: Uint8Array) => void): Promise<void> {
  t.transcript.add("process", `watching: GET ${url}`);
  await new Promise<void>((resolve, reject) => {
    let answered = false;
    const source = t.world.open(controlRequest, { url, method: "GET", headers: {} }, (event) => {
      if (event.type === "chunk") return add(event.octets);
      if (event.type === "head" && event.status >= 200 && event.status < 300) {
        answered = true;
        return resolve();
      }
      if (answered || event.type === "end") return;
      const why =
        event.type === "head"
          ? `answered ${event.status}`
          : `cannot be reached: ${event.type === "failed" ? event.message : event.reason}`;
      reject(new Inconclusive(`the data hook ${url} ${why}`));
    });
    t.cleanup("the watch on the product's data", () => source.order({ type: "stop" }));
  });
}

function openCommand(t: Test, command: string, source: number, add: (chunk: Uint8Array) => void): void {
  t.transcript.add("process", `watching: ${command}`);
  const child = t.world.open(shellCommand, { command, env: { MP2P_SOURCE: String(source) } }, (event) => {
    if (event.type === "output" && event.stream === "stdout") add(event.octets);
  });
  t.cleanup("the watch on the product's data", () => child.order({ type: "signal", signal: "SIGTERM" }));
}
