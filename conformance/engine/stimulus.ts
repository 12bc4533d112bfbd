import { Inconclusive } from "./outcome.js";
import type { Test } from "./test.js";
import { octetsOf } from "./transcript.js";
import { controlRequest } from "./world/control.js";
import { shellCommand } from "./world/process.js";

/** What came of a stimulus. */
export interface Stimulated {
  readonly output: string;
  /** A 2xx status, or exit code 0. */
  readonly succeeded: boolean;
}

/**
 * Makes the product do something that LDMP itself has no message for, by a template of the declaration:
 *
 * - `POST http://127.0.0.1:7610/sources/{source}/get {payload}`: an HTTP request (method, address, body); in the address the
 *   values are percent-encoded, in the body `{payload}` stands as it is and `{json}` as a JSON string;
 * - anything else is a shell command, with the values in the environment as MP2P_SOURCE, MP2P_PAYLOAD.
 *
 * @throws Inconclusive where the template is empty or the product refuses: the suite cannot then see what it wants to judge
 */
export async function stimulate(
  t: Test,
  template: string,
  values: { source: number; payload?: string },
): Promise<Stimulated> {
  if (template.trim() === "") throw new Inconclusive("the declaration gives no stimulus for this");
  const http = /^(GET|PUT|POST|DELETE|PATCH) (https?:\/\/\S+)(?: ([\s\S]*))?$/.exec(template);
  return http ? await byHttp(t, http[1] ?? "", http[2] ?? "", http[3], values) : await byCommand(t, template, values);
}

async function byHttp(
  t: Test,
  method: string,
  address: string,
  bodyTemplate: string | undefined,
  values: { source: number; payload?: string },
): Promise<Stimulated> {
  const payload = values.payload ?? "";
  const url = address
    .replaceAll("{source}", String(values.source))
    .replaceAll("{payload}", encodeURIComponent(payload));
  const body = bodyTemplate
    ?.replaceAll("{source}", String(values.source))
    .replaceAll("{json}", JSON.stringify(payload))
    .replaceAll("{payload}", payload);
  t.transcript.add("process", `stimulus: ${method} ${url}`, body === undefined ? {} : { text: body });
  const headers =
    body === undefined ? {} : { "content-type": /^\s*[[{"]/.test(body) ? "application/json" : "text/plain" };
  const chunks: Uint8Array[] = [];
  const status = await new Promise<number>((resolve, reject) => {
    let answered = 0;
    const asked = { url, method, headers, ...(body === undefined ? {} : { body }) };
    const source = t.world.open(controlRequest, asked, (event) => {
      if (event.type === "head") answered = event.status;
      else if (event.type === "chunk") chunks.push(event.octets);
      else if (event.type === "end") resolve(answered);
      else {
        const why = event.type === "failed" ? event.message : event.reason;
        reject(new Inconclusive(`the stimulus ${method} ${url} did not get through: ${why}`));
      }
    });
    whenOver(t, () => source.order({ type: "stop" }));
  });
  const text = Buffer.concat(chunks).toString("utf8");
  t.transcript.add("process", `stimulus answered ${status}`, { text });
  return { output: text, succeeded: status >= 200 && status < 300 };
}

/** Stops what the case leaves behind when its time is up. */
function whenOver(t: Test, stop: () => void): void {
  if (t.signal.aborted) stop();
  else t.signal.addEventListener("abort", stop, { once: true });
}

async function byCommand(t: Test, command: string, values: { source: number; payload?: string }): Promise<Stimulated> {
  t.transcript.add("process", `stimulus: ${command}`);
  const env = { MP2P_SOURCE: String(values.source), MP2P_PAYLOAD: values.payload ?? "" };
  const chunks: Uint8Array[] = [];
  const code = await new Promise<number | null>((resolve) => {
    const child = t.world.open(shellCommand, { command, env }, (event) => {
      if (event.type === "output") chunks.push(event.octets);
      else if (event.type === "ended") resolve(event.code);
      else if (event.type !== "exited") resolve(-1);
    });
    whenOver(t, () => child.order({ type: "signal", signal: "SIGTERM" }));
  });
  const output = Buffer.concat(chunks);
  t.transcript.add("process", `stimulus ended with ${code}`, octetsOf(output));
  return { output: output.toString("utf8"), succeeded: code === 0 };
}
