import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CsClient, createCsClient } from "../../../generated/cs/index.js";
import { startIxsServer } from "../../ixs/index.js";
import { type OmsServerOptions, startOmsServer } from "../../oms/index.js";
import { createPeer, type Peer, type PeerOptions, type Session } from "../../peer/index.js";
import { createMemoryStore, type MemoryDisk, type Store } from "../../store/index.js";
import { type CacheServer, type CacheServerOptions, startCacheServer } from "../index.js";

/** So long that a busy machine does not make live data late. */
export const delayMs = 60_000;

/** Real servers and peers in this process, on ports of their own; closed together, those started last first. */
export class Stage {
  readonly #open: { close(): Promise<unknown> }[] = [];

  keep<T extends { close(): Promise<unknown> }>(one: T): T {
    this.#open.push(one);
    return one;
  }

  async servers(oms: Partial<OmsServerOptions> = {}): Promise<{ oms: string; ixs: string }> {
    const ixs = this.keep(await startIxsServer({ store: this.keep(createMemoryStore()) }));
    const served = this.keep(await startOmsServer({ store: this.keep(createMemoryStore()), ...oms }));
    return { oms: served.url, ixs: ixs.url };
  }

  async cacheServer(options: Partial<CacheServerOptions> & { disk?: MemoryDisk } = {}): Promise<CacheServer> {
    const { disk, ...rest } = options;
    const store: Store = this.keep(createMemoryStore(disk === undefined ? {} : { disk }));
    return this.keep(
      await startCacheServer({
        store,
        ...rest,
        times: { lookMs: 50, drainMs: 50, retryMs: 20, delayMs, ...rest.times },
      }),
    );
  }

  async peer(options: PeerOptions = {}): Promise<Peer> {
    return this.keep(await createPeer(options));
  }

  folder(): string {
    const folder = mkdtempSync(join(tmpdir(), "mp2p-cs-"));
    this.#open.push({ close: async () => rmSync(folder, { recursive: true, force: true }) });
    return folder;
  }

  async close(): Promise<void> {
    for (const one of this.#open.splice(0).reverse()) await one.close();
  }
}

export function clientOf(cs: { readonly url: string }, bearer?: string): CsClient {
  return createCsClient({ baseUrl: cs.url, retry: false, ...(bearer !== undefined && { auth: { bearer } }) });
}

/** All that a session gives, until it has given so many octets or is over. */
export async function octetsOf(session: Session, count = Number.POSITIVE_INFINITY): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const { octets } of session.read()) {
    chunks.push(octets);
    size += octets.length;
    if (size >= count) break;
  }
  return Buffer.concat(chunks);
}
