import { createHash, randomBytes } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createOmsClient } from "../../generated/oms/index.js";
import { unwrap } from "../../generated/runtime/http-result.js";
import { createSigningKey } from "../keys/ed25519.js";
import type { Descriptors } from "./core/message.js";
import { RawMember } from "./raw-member.js";
import { collect, patience, pieces, Servers, sessionOf, until } from "./test/servers.js";
import type { LinkOverlay, PeerLink } from "./transport/overlay.js";
import { openPeerTransport, type PeerTransport } from "./transport/peer-transport.js";
import type { IndexFile, Session, SessionNews } from "./types.js";
import { descriptorsText } from "./wire/signed-texts.js";

const size = 1_000;
const servers = new Servers();
const open: { close(): Promise<void> }[] = [];
beforeAll(async () => void (await servers.start("pams", "ixs", "oms")));
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});
afterAll(() => servers.close());

/** A source peer that signs and says whatever the test wants. */
class RawSource {
  readonly peerId: string;
  readonly links: PeerLink[] = [];
  mute = false;
  readonly #key = createSigningKey();
  #transport: PeerTransport | undefined;
  #overlayId = "";

  constructor(peerId: string) {
    this.peerId = peerId;
  }

  async begin(contentType: "FILE" | "STREAM"): Promise<IndexFile> {
    let overlay: LinkOverlay | undefined;
    const transport = await openPeerTransport({ lookup: () => overlay });
    this.#transport = transport;
    const { publicKey } = this.#key;
    const source_peer = { peer_id: this.peerId, public_key: publicKey, addresses: [...transport.addresses] };
    const client = createOmsClient({ baseUrl: servers.url("oms") });
    const { overlay_network } = unwrap(
      await client.OMS_OVERLAY_CREATE({
        body: {
          overlay_creation: { title: this.peerId, content_type: contentType, fragment_size: size, source_peer },
        },
      }),
    );
    this.#overlayId = overlay_network.overlay_network_id;
    overlay = {
      overlayId: this.#overlayId,
      peerId: this.peerId,
      role: "source-peer",
      key: this.#key,
      sessionKey: overlay_network.session_key ?? "",
      provider: undefined,
      admit: () => undefined,
      opened: (link) => {
        this.links.push(link);
        return {
          received: (message) => {
            if (message.type === "request" && !this.mute) this.#answer(link, message.runs);
          },
          drained: () => undefined,
          closed: () => undefined,
        };
      },
    };
    return {
      version: 1,
      title: this.peerId,
      oms_url: servers.url("oms"),
      overlay_network_id: this.#overlayId,
      data_source_id: this.peerId,
      data_id: this.peerId,
      fragment_size: size,
      description: "",
      content_type: contentType,
      source_peer_id: this.peerId,
      source_public_key: publicKey,
    };
  }

  claim(...runs: readonly (readonly [first: number, count: number])[]): void {
    for (const link of this.links) link.send({ type: "have", runs: runs.map(([first, count]) => ({ first, count })) });
  }

  async close(): Promise<void> {
    await this.#transport?.close();
  }

  /** Whatever is asked for is there, and described by itself. */
  #answer(link: PeerLink, runs: readonly { readonly first: number; readonly count: number }[]): void {
    for (const { first, count } of runs) {
      for (let index = first; index < first + count; index++) {
        const payload = new Uint8Array(size).fill(index % 251);
        link.send(this.#describe(index, payload));
        link.send({ type: "fragment", index, offset: 0, size, payload });
      }
    }
  }

  #describe(first: number, payload: Uint8Array): Descriptors {
    const digest = createHash("sha256").update(payload).digest();
    const items = [{ size, time: Date.now(), digest, last: false }];
    const signature = this.#key.signOctets(descriptorsText(this.#overlayId, { first, items }));
    return { type: "descriptors", first, items, signature };
  }
}

/** The process still does other things: each of these turns would wait behind what blocks it. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
}

const heldOf = (session: Session): number => session.state.held.reduce((sum, { count }) => sum + count, 0);

describe("a source peer that means no good", () => {
  test("numbers a stream's fragments with a jump: the receiver goes on behind it", { timeout: patience }, async () => {
    const source = new RawSource("jumper");
    open.push(source);
    const indexFile = await source.begin("STREAM");
    const joined = await (await servers.peer()).join(indexFile);
    await until(() => source.links.length > 0, "they are linked");
    source.claim([0, 3]);
    await until(() => heldOf(joined) === 3, "the first ones come");
    for (const far of [2 ** 32, 2 ** 50, Number.MAX_SAFE_INTEGER - 9]) {
      source.claim([far, 1]);
      await until(() => joined.state.held.some(({ first }) => first === far), "the one far away comes");
      source.claim([far + 1, 2]);
      await until(() => joined.state.held.some(({ first, count }) => first === far && count === 3), "and those behind");
    }
    expect(joined.state.links).toHaveLength(1);
    await joined.leave();
  });

  test("claims millions of fragments that do not exist, and takes it back, again and again", {
    timeout: patience,
  }, async () => {
    const source = new RawSource("boaster");
    open.push(source);
    const indexFile = await source.begin("FILE");
    const joined = await (await servers.peer()).join(indexFile);
    const news: SessionNews[] = [];
    joined.onNews((one) => news.push(one));
    await until(() => source.links.length > 0, "they are linked");
    source.mute = true;
    source.claim([0, 2 ** 22]);
    await turns(50);
    for (let round = 0; round < 3; round++) {
      for (const link of source.links) link.send({ type: "buffermap", first: 0, bits: new Uint8Array(0) });
      source.claim([0, 2 ** 22]);
      await turns(10);
    }
    await until(() => news.some(({ kind }) => kind === "culprit"), "it is found out");
    expect(news.find(({ kind }) => kind === "culprit")).toMatchObject({ peerId: "boaster", fault: "false-claim" });
    await joined.leave();
  });
});

test("members that do nothing do not keep others from the source peer", { timeout: 2 * patience }, async () => {
  const settings = { maxLinks: 6 };
  const source = await servers.peer({ settings });
  const content = randomBytes(200_000);
  const session = await source.createSession(sessionOf(servers, { title: "crowded", dataId: "crowded" }));
  for (const piece of pieces(content, 4_096)) await session.append(piece);
  await session.end();
  const idle = Array.from({ length: 12 }, (_, at) => new RawMember(`idle-${at}`, { received: () => undefined }));
  open.push(...idle);
  for (const member of idle) {
    await member.join(session.indexFile);
    await member.connect(source.peerId, source.addresses).catch(() => undefined);
  }
  const alive = setInterval(() => {
    for (const { links } of idle) for (const link of links) link.send({ type: "keep-alive" });
  }, 500);
  try {
    const joined = await (await servers.peer({ settings })).join(session.indexFile);
    expect((await collect(joined)).octets.equals(content)).toBe(true);
    await joined.completed;
  } finally {
    clearInterval(alive);
  }
  await session.terminate();
});
