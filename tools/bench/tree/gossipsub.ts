import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Broadcaster, nodes } from "./broadcaster.js";

/** What the bench uses of js-libp2p, which is no dependency of this project: too much for one bench. */
interface Node {
  readonly services: {
    readonly pubsub: {
      subscribe(topic: string): void;
      publish(topic: string, data: Uint8Array): Promise<unknown>;
      getSubscribers(topic: string): readonly unknown[];
      readonly mesh: Map<string, Set<string>>;
      addEventListener(
        type: "message",
        listener: (event: { readonly detail: { readonly data: Uint8Array } }) => void,
      ): void;
    };
  };
  getMultiaddrs(): readonly unknown[];
  dial(address: unknown): Promise<unknown>;
  stop(): Promise<void>;
}

const packages =
  "libp2p@3.3.11 @libp2p/tcp@11.0.28 @libp2p/plaintext@3.0.26 @chainsafe/libp2p-yamux@8.0.1 @libp2p/gossipsub@17.1.1 @libp2p/identify@4.1.14";
const absent = `gossipsub is absent: mkdir -p FOLDER && cd FOLDER && npm init -y && npm install --ignore-scripts ${packages}, then run with MP2P_GOSSIPSUB=FOLDER`;
const topic = "bench";

/**
 * Plain text, no signatures: the fastest that js-libp2p can be set to.
 *
 * @param tree connections of a binary tree only, so that nothing comes twice; else all are connected, as nodes that discover each other
 * are, and gossipsub makes a mesh of its own
 */
export async function startGossipsub(tree: boolean): Promise<Broadcaster | string> {
  const folder = process.env.MP2P_GOSSIPSUB;
  if (!folder) return absent;
  shim();
  const require = createRequire(resolve(folder, "package.json"));
  const load = async (name: string, made: string): Promise<(options?: object) => unknown> => {
    const url = pathToFileURL(resolveEsm(require, folder, name)).href;
    const make = ((await import(url)) as Record<string, unknown>)[made];
    if (typeof make !== "function") throw new Error(`${name} has no ${made}`);
    return (options) => make(options);
  };
  const createLibp2p = await load("libp2p", "createLibp2p");
  const tcp = await load("@libp2p/tcp", "tcp");
  const plaintext = await load("@libp2p/plaintext", "plaintext");
  const yamux = await load("@chainsafe/libp2p-yamux", "yamux");
  const gossipsub = await load("@libp2p/gossipsub", "gossipsub");
  const identify = await load("@libp2p/identify", "identify");
  const start = async (): Promise<Node> =>
    (await createLibp2p({
      addresses: { listen: ["/ip4/127.0.0.1/tcp/0"] },
      transports: [tcp()],
      connectionEncrypters: [plaintext()],
      streamMuxers: [yamux()],
      connectionManager: { inboundConnectionThreshold: 1000 },
      services: { identify: identify(), pubsub: gossipsub({ globalSignaturePolicy: "StrictNoSign", emitSelf: false }) },
    })) as Node;
  const all = await Promise.all(Array.from({ length: nodes }, start));
  const [first] = all;
  if (first === undefined) throw new Error("no node");
  const system: Broadcaster = {
    receivers: nodes - 1,
    onDelivery: () => undefined,
    send: (payload) => void first.services.pubsub.publish(topic, payload),
    close: async () => void (await Promise.all(all.map((node) => node.stop()))),
  };
  for (const [index, node] of all.entries()) {
    node.services.pubsub.subscribe(topic);
    if (index === 0) continue;
    node.services.pubsub.addEventListener("message", ({ detail }) => system.onDelivery(detail.data));
    for (const other of tree ? all.slice((index - 1) >> 1, ((index - 1) >> 1) + 1) : all.slice(0, index)) {
      await node.dial(other.getMultiaddrs()[0]);
    }
  }
  // Within a few of its heartbeats each edge of the tree is grafted into the mesh; else as many as it wants.
  const grafted = (): boolean =>
    all.every(({ services }, index) => {
      const size = services.pubsub.mesh.get(topic)?.size ?? 0;
      if (!tree) return size >= 4;
      return size === (index === 0 ? 0 : 1) + [2 * index + 1, 2 * index + 2].filter((child) => child < nodes).length;
    });
  for (let waited = 0; !grafted(); waited += 100) {
    if (waited > 20_000) throw new Error("gossipsub has no mesh after 20 s");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return system;
}

/** js-libp2p 3 wants Node 22. */
function shim(): void {
  const promise = Promise as unknown as { withResolvers?: () => unknown };
  promise.withResolvers ??= () => {
    let resolve: unknown;
    let reject: unknown;
    const own = new Promise((one, other) => {
      resolve = one;
      reject = other;
    });
    return { promise: own, resolve, reject };
  };
}

/** ES modules only: `require.resolve` finds no entry, but every one of them has it in the same place. */
function resolveEsm(require: NodeJS.Require, folder: string, name: string): string {
  try {
    return require.resolve(name);
  } catch {
    return resolve(folder, "node_modules", name, "dist/src/index.js");
  }
}
