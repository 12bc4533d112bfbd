import type { Production } from "./direct.js";

/** What the servers of a production still keep of any session, by their own health reports; empty where that is nothing [X.609.10 7.1.3]. */
export async function remains({ urls }: Pick<Production, "urls">): Promise<string> {
  const left: string[] = [];
  for (const [server, url] of Object.entries(urls)) {
    const health = (await (await fetch(`${url}/healthz`)).json()) as Readonly<Record<string, unknown>>;
    for (const [what, how] of Object.entries(health)) {
      if (typeof how === "number" && how > 0) left.push(`${server.toUpperCase()}: ${how} ${what}`);
    }
  }
  return left.join(", ");
}
