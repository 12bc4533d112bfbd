import { printfOctets } from "./shell.js";

/** Header lines that hold credentials whatever the declaration says. */
const ALWAYS = ["authorization", "cookie"];

/** True of a header whose value does not belong into a report that people pass on. `declared`: those that the declaration gives. */
export function isCredential(name: string, declared: readonly string[]): boolean {
  return [...ALWAYS, ...declared].includes(name.toLowerCase());
}

/** Octets of a request without the values of such header lines. */
export function withoutCredentials(octets: Uint8Array, declared: readonly string[]): Buffer {
  return Buffer.concat(
    parts(octets, declared).map(({ text, variable }) => Buffer.from(variable ? "(not shown)" : text, "latin1")),
  );
}

/** The octets as a `printf` for a shell; credentials come from the environment there: AUTHORIZATION, X_KEY. */
export function printfLine(octets: Uint8Array, declared: readonly string[]): string {
  const found = parts(octets, declared);
  const format = found.map(({ text, variable }) => (variable ? "'%s'" : printfOctets(Buffer.from(text, "latin1"))));
  return ["printf", format.join(""), ...found.flatMap(({ variable }) => (variable ? [`"$${variable}"`] : []))].join(
    " ",
  );
}

/** The variable of a shell that stands for the value of a header: `X_KEY` for X-Key. */
export function variableOf(name: string): string {
  return name.toUpperCase().replace(/[^A-Z0-9]/g, "_");
}

/** The octets in pieces, each a credential, with its variable, or what stands between. */
function parts(octets: Uint8Array, declared: readonly string[]): { text: string; variable?: string }[] {
  const text = Buffer.from(octets).toString("latin1");
  const found: { text: string; variable?: string }[] = [];
  let done = 0;
  for (const line of text.matchAll(/^([!#$%&'*+.^_`|~\w-]+): (.+)$/gm)) {
    const [, name = "", value = ""] = line;
    if (!isCredential(name, declared)) continue;
    const at = line.index + name.length + 2;
    // A dot takes in no line end, of either kind.
    found.push({ text: text.slice(done, at) }, { text: value, variable: variableOf(name) });
    done = at + value.length;
  }
  return [...found, { text: text.slice(done) }].filter((one) => one.text !== "");
}
