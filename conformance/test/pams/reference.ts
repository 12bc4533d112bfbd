import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Serving } from "../servers.js";

const root = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

/** Starts a server of the reference system as a process of its own: the suite knows it by its address alone. */
export async function startReference(
  entity: "pams" | "oms" | "ixs" | "unis" | "ums" | "cs",
  ...more: readonly string[]
): Promise<Serving & { readonly said: { readonly url: string; readonly dht?: string } }> {
  const command = ["--import", root("tools/test/run-typescript.mjs"), root("impl/cli/main.ts"), "serve", entity];
  const options = ["--listen", "127.0.0.1:0", "--memory", "--json", "--log-level", "silent", ...more];
  const child = spawn(process.execPath, [...command, ...options], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  const said = JSON.parse(line) as { url: string; dht?: string };
  return {
    said,
    url: said.url,
    close: async () => {
      child.kill("SIGTERM");
      if (child.exitCode === null) await once(child, "exit");
    },
  };
}
