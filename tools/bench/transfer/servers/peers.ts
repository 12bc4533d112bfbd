import { createHash } from "node:crypto";
import { createSigningKey, readPublicKey, type SigningKey } from "../../../../impl/keys/ed25519.js";
import { systemRandom } from "../../../../impl/net/clock.js";
import { silentLogger } from "../../../../impl/net/logger.js";
import type { Descriptors } from "../../../../impl/peer/core/message.js";
import { defaultSwarmSettings } from "../../../../impl/peer/core/settings.js";
import { Exchange } from "../../../../impl/peer/exchange/exchange.js";
import { createMemoryFragmentStore } from "../../../../impl/peer/storage/memory-store.js";
import { openPeerTransport } from "../../../../impl/peer/transport/peer-transport.js";
import { descriptorsText } from "../../../../impl/peer/wire/signed-texts.js";
import { contentOctets, pieceOctets } from "../content.js";
import { serveParty } from "../party.js";

interface Ticket {
  readonly overlayId: string;
  readonly sourceKey: string;
  readonly addresses: readonly string[];
}

/** What is sent without receipts, as sessions have it. */
const unreceipted = 32 * 1024 * 1024;
/** Fragments that one message describes. */
const described = 64;

/**
 * Source peer and peer of one overlay network: the swarm that `createPeer` runs, with handshake, descriptors, requests, verification and
 * receipts; without the servers that would have told them of each other. Fragments are kept in memory.
 */
await serveParty(async () => {
  let running: Exchange | undefined;
  let store = createMemoryFragmentStore();
  let expected: string | undefined;
  const transport = await openPeerTransport({
    lookup: (overlayId) => (running?.overlay.overlayId === overlayId ? running.overlay : undefined),
  });
  let done: () => void = () => undefined;

  const begin = (role: "peer" | "source-peer", overlayId: string, key: SigningKey, source: string): Exchange => {
    const sourceKey = readPublicKey(source);
    if (sourceKey === undefined) throw new Error("no key");
    store = createMemoryFragmentStore();
    const own = new Exchange({
      overlayId,
      settings: {
        ...defaultSwarmSettings,
        peerId: role,
        role,
        contentType: "FILE",
        fragmentSize: pieceOctets,
        unreceipted,
      },
      key,
      sourceKey,
      store,
      transport,
      admission: () => ({ sessionKey: "", provider: undefined }),
      news(news) {
        if (news.kind === "complete") done();
        else if (news.kind === "culprit") throw new Error(`${news.peerId}: ${news.fault}`);
      },
      confirmed: () => undefined,
      receiptMs: 500,
      random: systemRandom,
      logger: silentLogger,
    });
    running = own;
    return own;
  };

  return {
    async give({ octets }) {
      const key = createSigningKey();
      const overlayId = `bench-${key.publicKey}`;
      const exchange = begin("source-peer", overlayId, key, key.publicKey);
      for (const { descriptors, fragments } of sliced(octets, overlayId, key)) {
        for (const [at, fragment] of fragments.entries()) store.keep(descriptors.first + at, [fragment]);
        exchange.produced(descriptors);
      }
      return { overlayId, sourceKey: key.publicKey, addresses: transport.addresses } satisfies Ticket;
    },
    async take(from, digest) {
      const { overlayId, sourceKey, addresses } = from as Ticket;
      const exchange = begin("peer", overlayId, createSigningKey(), sourceKey);
      const complete = new Promise<void>((resolve) => {
        done = resolve;
      });
      exchange.candidates([{ peerId: "source-peer", addresses }]);
      await complete;
      expected = digest;
    },
    async forget() {
      running?.stop();
      running = undefined;
      if (expected === undefined) return;
      // Each fragment has been verified already; this looks at the whole once more, and not on the clock.
      const hash = createHash("sha256");
      for await (const octets of store.content(contentOctets)) hash.update(octets);
      if (hash.digest("hex") !== expected) throw new Error("what is kept is not what was sent");
      store = createMemoryFragmentStore();
    },
  };
});

/** The content as fragments, with what the source peer says of them. */
function* sliced(content: Uint8Array, overlayId: string, key: SigningKey) {
  for (let from = 0; from < content.length; from += described * pieceOctets) {
    const part = content.subarray(from, from + described * pieceOctets);
    const fragments = Array.from({ length: Math.ceil(part.length / pieceOctets) }, (_, index) =>
      part.subarray(index * pieceOctets, (index + 1) * pieceOctets),
    );
    const items = fragments.map((fragment, index) => ({
      size: fragment.length,
      time: Date.now(),
      digest: createHash("sha256").update(fragment).digest(),
      last: from + (index + 1) * pieceOctets >= content.length,
    }));
    const first = from / pieceOctets;
    const signature = key.signOctets(descriptorsText(overlayId, { first, items }));
    const descriptors: Descriptors = { type: "descriptors", first, items, signature };
    yield { descriptors, fragments };
  }
}
