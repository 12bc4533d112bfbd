import { createHash, randomBytes } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createSigningKey } from "../keys/ed25519.js";
import type { Descriptors, Message } from "./core/message.js";
import type { Fault } from "./core/ports.js";
import { claimAll, RawMember, type RawMemberOptions } from "./raw-member.js";
import { describeFile, signAll } from "./session/producer.js";
import { collect, patience, pieces, Servers, sessionOf, until } from "./test/servers.js";
import type { PeerLink } from "./transport/overlay.js";
import type { IndexFile, SessionNews, SourceSession } from "./types.js";
import { encodeReceiptBody } from "./wire/receipt-body.js";
import { receiptText } from "./wire/signed-texts.js";

const size = 4096;
const count = 136;
const content = randomBytes(size * count - 100);
const fragment = (index: number): Uint8Array => content.subarray(index * size, (index + 1) * size);

const servers = new Servers();
const hostiles: RawMember[] = [];
let sessions = 0;
beforeAll(async () => void (await servers.start("pams", "ixs", "oms")));
afterEach(async () => {
  for (const hostile of hostiles.splice(0)) await hostile.close();
});
afterAll(() => servers.close());

/** A slow source peer with the content, and a hostile member beside it. */
async function stage(options: RawMemberOptions, uploadRate = 600_000) {
  const title = `hostile ${++sessions}`;
  const source = await servers.peer({ settings: { uploadRate } });
  const session = await source.createSession(sessionOf(servers, { title, dataId: title }));
  for (const piece of pieces(content, size)) await session.append(piece);
  await session.end();
  const indexFile = session.indexFile;
  const genuine = await genuineOf(session);
  const hostile = new RawMember(`hostile-${sessions}`, options);
  hostiles.push(hostile);
  await hostile.join(indexFile);
  return { source, session, indexFile, genuine, hostile };
}

/** The descriptors as the source peer signed them, from another honest peer's point of view. */
async function genuineOf(session: SourceSession): Promise<readonly Descriptors[]> {
  const relayed: Descriptors[] = [];
  const listener = new RawMember(`listener-${sessions}`, {
    received: (_, message) => {
      if (message.type === "descriptors") relayed.push(message);
    },
  });
  await listener.join(session.indexFile);
  const peer = servers.addressesOf(session.indexFile.source_peer_id);
  const link = await listener.connect(session.indexFile.source_peer_id, peer);
  link.send({ type: "request", runs: [{ first: 0, count }] });
  await until(() => relayed.reduce((sum, { items }) => sum + items.length, 0) >= count, "all is described");
  await listener.close();
  return relayed;
}

type Act = (link: PeerLink, index: number, genuine: readonly Descriptors[]) => void;
const send = (link: PeerLink, index: number, more: Partial<Extract<Message, { type: "fragment" }>> = {}): void => {
  const payload = fragment(index);
  link.send({ type: "fragment", index, offset: 0, size: payload.length, payload, ...more });
};
const describing = (genuine: readonly Descriptors[], index: number): Descriptors | undefined =>
  genuine.find(({ first, items }) => index >= first && index < first + items.length);
const say = (link: PeerLink, genuine: readonly Descriptors[], index: number): void => {
  const its = describing(genuine, index);
  if (its !== undefined) link.send(its);
};

const cases: readonly [string, Fault, Act][] = [
  [
    "corrupt fragments",
    "corrupt-fragment",
    (link, index, genuine) => {
      say(link, genuine, index);
      send(link, index, { payload: randomBytes(fragment(index).length) });
    },
  ],
  [
    "an oversized fragment",
    "oversized-fragment",
    (link, index, genuine) => {
      say(link, genuine, index);
      send(link, index, { size: 2 * size, payload: randomBytes(2 * size) });
    },
  ],
  [
    "more than the fragment",
    "oversized-fragment",
    (link, index, genuine) => {
      say(link, genuine, index);
      send(link, index, { offset: 10 });
    },
  ],
  [
    "a fragment that nobody requested",
    "unrequested-fragment",
    (link, index, genuine) => {
      say(link, genuine, index);
      send(link, (index + 70) % count);
    },
  ],
  [
    "the same fragment again",
    "repeated-fragment",
    (link, index, genuine) => {
      say(link, genuine, index);
      send(link, index);
      send(link, index);
    },
  ],
  [
    "descriptors of its own",
    "forged-descriptors",
    (link, index, genuine) => {
      const its = describing(genuine, index);
      if (its !== undefined) link.send({ ...its, signature: new Uint8Array(64).fill(1) });
    },
  ],
  [
    "descriptors with another digest under the genuine signature",
    "forged-descriptors",
    (link, index, genuine) => {
      const its = describing(genuine, index);
      if (its === undefined) return;
      const items = its.items.map((item) => ({ ...item, digest: createHash("sha256").update("x").digest() }));
      link.send({ ...its, items });
    },
  ],
];

describe("whoever sends what it must not is named and cut, and the content is right [X.609.10 8.9]", () => {
  test.each(cases)("%s: %s", { timeout: patience }, async (_, fault, act) => {
    let once = false;
    let known: readonly Descriptors[] | undefined;
    const { hostile, indexFile, genuine, session } = await stage({
      opened: (link) => link.send(claimAll(count)),
      received: (link, message) => {
        if (message.type !== "request" || once || known === undefined) return;
        once = true;
        act(link, message.runs[0]?.first ?? 0, known);
      },
    });
    known = genuine;
    const peer = await servers.peer();
    const joined = await peer.join(indexFile);
    const news: SessionNews[] = [];
    joined.onNews((one) => news.push(one));
    expect((await collect(joined)).octets.equals(content)).toBe(true);
    await joined.completed;
    expect(news.filter(({ kind }) => kind === "culprit")).toMatchObject([{ peerId: hostile.peerId, fault }]);
    expect(joined.state.links.map(({ remote }) => remote.peerId)).not.toContain(hostile.peerId);
    await session.terminate();
  });
});

describe("whoever takes fragments and confirms falsely is named [X.609.1 8.2.6]", () => {
  const receipts: readonly [string, (hostile: RawMember, source: string, overlayId: string) => Message][] = [
    [
      "signed by another key",
      (hostile, source, overlayId) => receiptOf(createSigningKey(), hostile.peerId, source, overlayId),
    ],
    ["of another peer's", (hostile, source, overlayId) => receiptOf(hostile.key, "somebody", source, overlayId)],
    ["for another sender", (hostile, _, overlayId) => receiptOf(hostile.key, hostile.peerId, "another", overlayId)],
    ["of another overlay network", (hostile, source) => receiptOf(hostile.key, hostile.peerId, source, "another")],
    ["for more than was sent", (hostile, source, id) => receiptOf(hostile.key, hostile.peerId, source, id, 1000)],
    ["that is none", () => ({ type: "receipt", body: randomBytes(20), signature: randomBytes(64) })],
  ];
  test.each(receipts)("a receipt %s", { timeout: patience }, async (_, make) => {
    let got = 0;
    const { hostile, session, indexFile, source } = await stage({
      received: (link, message) => {
        if (message.type !== "fragment" || ++got !== 1) return;
        link.send(make(hostile, source.peerId, indexFile.overlay_network_id));
      },
    });
    const news: SessionNews[] = [];
    session.onNews((one) => news.push(one));
    const link = await hostile.connect(source.peerId, source.addresses);
    link.send({ type: "request", runs: [{ first: 0, count: 1 }] });
    const culprits = () => news.filter(({ kind }) => kind === "culprit");
    await until(() => culprits().length > 0, "it is found");
    expect(culprits()).toMatchObject([{ peerId: hostile.peerId, fault: "forged-receipt" }]);
    await session.terminate();
  });

  test("the same receipt twice counts once", { timeout: patience }, async () => {
    const { hostile, session, indexFile, source } = await stage({
      received: (link, message) => {
        if (message.type !== "fragment") return;
        const receipt = receiptOf(hostile.key, hostile.peerId, source.peerId, indexFile.overlay_network_id);
        link.send(receipt);
        link.send(receipt);
      },
    });
    const news: SessionNews[] = [];
    session.onNews((one) => news.push(one));
    const link = await hostile.connect(source.peerId, source.addresses);
    link.send({ type: "request", runs: [{ first: 0, count: 1 }] });
    await until(() => news.some(({ kind }) => kind === "culprit"), "it is found");
    await session.terminate();
  });
});

function receiptOf(
  key: ReturnType<typeof createSigningKey>,
  receiver: string,
  sender: string,
  overlayId: string,
  fragments = 1,
): Message {
  const runs = [{ first: 0, count: fragments }];
  const body = encodeReceiptBody({
    overlayId,
    receiver,
    sender,
    serial: 1,
    time: Date.now(),
    octets: fragments * size,
    runs,
  });
  return { type: "receipt", body, signature: key.signOctets(receiptText(body)) };
}

describe("who is not admitted is not linked [X.609.1 8.2.6 step 4]", () => {
  test.each([
    ["without a session key", ""],
    ["with one that nobody signed", "W10.AAAA"],
  ])("%s", { timeout: patience }, async (_, sessionKey) => {
    const { hostile, session, source } = await stage({ sessionKey, received: () => undefined });
    await expect(hostile.connect(source.peerId, source.addresses)).rejects.toMatchObject({ code: "ERR_UNREACHABLE" });
    await session.terminate();
  });

  test("with the session key of another member", { timeout: patience }, async () => {
    const { hostile, session, source, indexFile } = await stage({ received: () => undefined });
    await hostile.connect(source.peerId, source.addresses);
    const impostor = new RawMember("impostor", { sessionKey: hostile.sessionKey, received: () => undefined });
    hostiles.push(impostor);
    await impostor.join(indexFile);
    await expect(impostor.connect(source.peerId, source.addresses)).rejects.toMatchObject({ code: "ERR_UNREACHABLE" });
    await session.terminate();
  });
});

describe("an index file that is not the source peer's", () => {
  test("another key: nothing is believed", { timeout: patience }, async () => {
    const { session, indexFile, source } = await stage({ received: () => undefined }, Number.POSITIVE_INFINITY);
    const peer = await servers.peer();
    const joined = await peer.join({ ...indexFile, source_public_key: createSigningKey().publicKey });
    const news: SessionNews[] = [];
    joined.onNews((one) => news.push(one));
    const forged = () => news.find((one) => one.kind === "culprit" && one.peerId === source.peerId);
    await until(() => forged() !== undefined, "the source peer's own words are forged, by that index file");
    expect(forged()).toMatchObject({ fault: "forged-descriptors" });
    expect(joined.state.held).toEqual([]);
    await joined.leave();
    await expect(joined.completed).rejects.toMatchObject({ code: "ERR_LEFT" });
    await session.terminate();
  });

  test.each<[string, Partial<IndexFile>]>([
    ["another digest", { content_digest: "0".repeat(64) }],
    ["another size", { content_size: content.length - 1 }],
  ])("%s: the content is not taken for the whole", { timeout: patience }, async (_, changes) => {
    const { session, indexFile } = await stage({ received: () => undefined }, Number.POSITIVE_INFINITY);
    const peer = await servers.peer();
    const joined = await peer.join({ ...indexFile, ...changes });
    await expect(joined.completed).rejects.toMatchObject({ code: "ERR_CONTENT" });
    await session.terminate();
  });

  test.each<[string, Partial<IndexFile>, string]>([
    ["no fragment size", { fragment_size: 0 }, "fragment_size"],
    ["a kind of content that is none", { content_type: "TAPE" as "FILE" }, "content_type"],
    ["a key that is none", { source_public_key: "AAAA" }, "source_public_key"],
  ])("%s: refused before anything is asked of anybody", { timeout: patience }, async (_, changes, member) => {
    const peer = await servers.peer();
    const indexFile = { ...sessionIndex(servers), ...changes };
    await expect(peer.join(indexFile)).rejects.toMatchObject({
      code: "ERR_INDEX_FILE",
      message: expect.stringContaining(member),
    });
  });
});

function sessionIndex(from: Servers): IndexFile {
  return {
    version: 1,
    title: "t",
    oms_url: from.url("oms"),
    overlay_network_id: "o",
    data_source_id: "s",
    data_id: "d",
    fragment_size: size,
    description: "",
    content_type: "FILE",
    source_peer_id: "p",
    source_public_key: createSigningKey().publicKey,
  };
}

test("what is described in one reading of a file is what its source peer signs piece by piece", async () => {
  async function* blocks() {
    for (const block of pieces(content, 100_000)) yield block;
  }
  const { whole, items } = await describeFile(blocks(), size);
  expect(whole).toEqual({
    size: content.length,
    fragments: count,
    digest: createHash("sha256").update(content).digest("hex"),
  });
  expect([...signAll({ overlayId: "o", key: createSigningKey() }, items)].map(({ first }) => first)).toEqual([
    0, 64, 128,
  ]);
  for (const [index, { digest }] of items.entries()) {
    expect(createHash("sha256").update(fragment(index)).digest().equals(digest)).toBe(true);
  }
});
