import type { Test } from "../engine/test.js";
import { octetsOf } from "../engine/transcript.js";
import type { ControlEvent } from "../engine/world/control.js";
import { controlRequest } from "../engine/world/control.js";
import type { CommandEvent } from "../engine/world/process.js";
import { shellCommand } from "../engine/world/process.js";

export interface Stimulated {
  readonly succeeded: boolean;
  /** JSON that the product answered with, if it did. */
  readonly result: unknown;
  readonly text: string;
}

/**
 * Makes the product act by a template of the declaration, as it is: `POST http://127.0.0.1:9000/overlays {"id":{json:overlay-id}}` is an
 * HTTP request, anything else a shell command. `{name}` is a wish of the case, percent-encoded in an address; `{json:name}` stands for its
 * JSON in a body; a command finds all of them in MP2P_… variables.
 */
export async function stimulate(
  t: Test,
  template: string,
  wishes: Readonly<Record<string, unknown>>,
  env: Readonly<Record<string, string>>,
): Promise<Stimulated> {
  const http = /^(GET|PUT|POST|DELETE|PATCH) (https?:\/\/\S+)(?: ([\s\S]*))?$/.exec(template);
  const [, method = "", address = "", body] = http ?? [];
  const url = fill(address, wishes, encodeURIComponent);
  const content = body === undefined ? undefined : fill(body, wishes, String);
  t.transcript.add(
    "process",
    http ? `stimulus: ${method} ${url}` : `stimulus: ${template}`,
    content === undefined ? {} : { text: content },
  );
  const chunks: Uint8Array[] = [];
  const outcome = await new Promise<string>((resolve) => {
    if (http) {
      let status = "";
      const headers = content === undefined ? {} : { "content-type": "application/json" };
      const asked = { url, method, headers, ...(content === undefined ? {} : { body: content }) };
      t.world.open(controlRequest, asked, (event: ControlEvent | { type: "lost"; reason: string }) => {
        if (event.type === "head") status = `answered ${event.status}`;
        else if (event.type === "chunk") chunks.push(event.octets);
        else if (event.type === "end") resolve(status);
        else resolve(event.type === "failed" ? `did not get through: ${event.message}` : event.reason);
      });
      return;
    }
    t.world.open(shellCommand, { command: template, env }, (event: CommandEvent | { type: "lost"; reason: string }) => {
      if (event.type === "output") chunks.push(event.octets);
      else if (event.type === "ended") resolve(`ended with ${event.code}`);
      else if (event.type === "failed") resolve(`could not be started: ${event.message}`);
      else if (event.type === "lost") resolve(event.reason);
    });
  });
  const octets = Buffer.concat(chunks);
  t.transcript.add("process", `the stimulus ${outcome}`, octetsOf(octets));
  return {
    succeeded: /^(answered 2\d\d|ended with 0)$/.test(outcome),
    result: parse(octets.toString("utf8")),
    text: outcome,
  };
}

function fill(text: string, wishes: Readonly<Record<string, unknown>>, as: (value: string) => string): string {
  return text
    .replace(/\{json:([a-z-]+)\}/g, (whole, name: string) =>
      name in wishes ? (JSON.stringify(wishes[name]) ?? "null") : whole,
    )
    .replace(/\{([a-z-]+)\}/g, (whole, name: string) => (name in wishes ? as(plain(wishes[name])) : whole));
}

/** A wish as text: strings as they are, anything else as JSON. */
export function plain(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
