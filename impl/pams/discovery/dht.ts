import { createHmac } from "node:crypto";
import DHT from "bittorrent-dht";

export interface DiscoveryOptions {
  /** UDP. */
  readonly host: string;
  readonly port: number;
  /** `host:port` of PAMSs that are there already; empty for the first one. */
  readonly bootstrap: readonly string[];
  /** What the PAMSs of one operator share; only a digest of it is seen by others. */
  readonly token: string;
  /** TCP port at which this PAMS answers the others. */
  readonly announced: number;
}

/** The other PAMSs of a cluster, found by a DHT [X.609.1 8.2.1]. */
export interface Discovery {
  /** UDP port. */
  readonly port: number;
  /** `host:port` of whoever has announced itself; some may be gone, some may be no PAMS. */
  lookUp(): Promise<readonly string[]>;
  announce(): Promise<void>;
  close(): Promise<void>;
}

/** An announcement is forgotten after this long; it is renewed far more often. */
const maxAgeMs = 60_000;
/** Longest time for one look-up: nodes that are gone do not answer. */
const patienceMs = 5_000;
/** Addresses in one answer. */
const most = 1_000;

export async function openDiscovery({ host, port, bootstrap, token, announced }: DiscoveryOptions): Promise<Discovery> {
  const dht = new DHT({ bootstrap: bootstrap.length === 0 ? false : bootstrap, maxAge: maxAgeMs, host });
  // Packets that nobody can read, nodes that are gone: daily life of a DHT.
  dht.on("warning", () => undefined);
  await new Promise<void>((resolve, reject) => {
    dht.once("error", reject);
    dht.listen(port, host, () => {
      dht.off("error", reject);
      resolve();
    });
  });
  dht.on("error", () => undefined);
  for (const node of bootstrap) {
    const at = node.lastIndexOf(":");
    dht.addNode({ host: node.slice(0, at), port: Number(node.slice(at + 1)) });
  }
  const rendezvous = createHmac("sha256", token).update("mp2p pams cluster 1").digest().subarray(0, 20);
  return {
    port: dht.address().port,
    async lookUp() {
      const found = new Set<string>();
      const onPeer = (peer: { readonly host: string; readonly port: number }, key: Buffer): void => {
        if (key.equals(rendezvous) && found.size < most) found.add(`${peer.host}:${peer.port}`);
      };
      dht.on("peer", onPeer);
      await bounded((done) => dht.lookup(rendezvous, done));
      dht.off("peer", onPeer);
      return [...found];
    },
    announce: () => bounded((done) => dht.announce(rendezvous, announced, done)),
    close: () => new Promise((resolve) => dht.destroy(() => resolve())),
  };
}

function bounded(start: (done: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, patienceMs);
    start(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
