import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { createSensorFeed, startDataSource } from "../../data-source/index.js";
import { startHomsServer } from "../../homs/index.js";
import { startPamsServer } from "../../pams/index.js";
import { startSourcePeer } from "../../source-peer/index.js";
import { openSqliteStore } from "../../store/index.js";
import { print, wantsJson } from "../output.js";
import { createLogger, runUntilSignal } from "../service.js";
import { describe, line } from "./source-peer.js";

/** `mp2p demo`: every entity on loopback, a data source posting this machine's readings. `npm start` runs it. */
export function addDemoCommand(program: Command): void {
  program
    .command("demo")
    .description(
      "PAMS, HOMS and an LDMP source peer on loopback with SQLite; a data source posts this machine's readings",
    )
    .option("--data <folder>", "where the SQLite files are kept (default: a temporary folder, removed at the end)")
    .action((options: { data?: string }, command: Command) => demo(options, wantsJson(command)));
}

async function demo(options: { data?: string }, json: boolean): Promise<void> {
  const folder = options.data ?? mkdtempSync(join(tmpdir(), "mp2p-demo-"));
  const logger = createLogger("warn");
  const store = (name: string) => openSqliteStore(join(folder, `${name}.sqlite`));
  const stores = { pams: store("pams"), homs: store("homs"), sourcePeer: store("source-peer") };

  const pams = await startPamsServer({ store: stores.pams, logger });
  const homs = await startHomsServer({ store: stores.homs, logger });
  const sourcePeer = await startSourcePeer({
    store: stores.sourcePeer,
    logger,
    id: 1,
    tcp: { host: "127.0.0.1", port: 0 },
  });
  const udp = `udp://127.0.0.1:${sourcePeer.udp?.port}`;
  sourcePeer.onData((data) => print(json ? describe(data) : line(data), json));
  const dataSource = await startDataSource({
    id: 1001,
    sourcePeer: udp,
    feed: await createSensorFeed({ period: 5 }),
    logger,
  });

  const addresses = {
    PAMS: pams.url,
    HOMS: homs.url,
    "source peer": `${udp} and tcp://127.0.0.1:${sourcePeer.tcp?.port}`,
    "its control": `${sourcePeer.url}/data-sources`,
    state: folder,
  };
  if (!json) introduce(addresses, pams.url, homs.url);
  const folderKept: { close(): Promise<void> } = {
    async close() {
      if (options.data === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
  await runUntilSignal(
    json ? { entity: "demo", ...addresses } : "Readings as they arrive through LDMP; Ctrl-C ends it.",
    json,
    [dataSource, sourcePeer, homs, pams, ...Object.values(stores), folderKept],
  );
}

function introduce(addresses: Record<string, string>, pams: string, homs: string): void {
  for (const [name, address] of Object.entries(addresses)) print(`${name.padEnd(12)} ${address}`, false);
  print(
    `
In another terminal (or open the addresses in a browser):
  npx mp2p pams register-overlay --pams ${pams} --overlay demo
  npx mp2p overlay create --homs ${homs} --owner me --admin-key secret --title demo
  npx mp2p conformance homs --url ${homs}
`,
    false,
  );
}
