import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { patience, pieces, Servers, sessionOf } from "./test/servers.js";
import type { IndexFile, SessionNews } from "./types.js";

const content = randomBytes(3 * 4096);
let servers: Servers;
let indexFile: IndexFile;
beforeAll(async () => {
  servers = await new Servers().start("oms", "ixs");
  const source = await servers.peer();
  const session = await source.createSession(sessionOf(servers));
  for (const piece of pieces(content, 4096)) await session.append(piece);
  await session.end();
  indexFile = session.indexFile;
});
afterAll(() => servers.close());

test.each<[string, Partial<IndexFile>, string, RegExp]>([
  [
    "more fragments",
    { number_of_fragments: 5, content_size: undefined },
    "ERR_CONTENT",
    /3 fragments .*_fragments 5 \[/,
  ],
  // The source peer seems to claim what there cannot be: it is not listened to, and nobody else has anything.
  [
    "fewer fragments",
    { number_of_fragments: 2, content_size: undefined },
    "ERR_CONTENT",
    /does not keep to what it said/,
  ],
  ["another digest", { content_digest: "0".repeat(64) }, "ERR_CONTENT", /content_digest/],
])(
  "an index file that says %s than there are fails, and is not waited for",
  { timeout: patience },
  async (_, changes, code, message) => {
    const peer = await servers.peer();
    const session = await peer.join({ ...indexFile, ...changes });
    await expect(session.completed).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    await session.leave();
  },
);

test("one that contradicts itself is refused before anything is asked of anybody", async () => {
  const peer = await servers.peer();
  await expect(peer.join({ ...indexFile, number_of_fragments: 2 ** 53 - 1 })).rejects.toMatchObject({
    code: "ERR_INDEX_FILE",
    message: expect.stringContaining("number_of_fragments"),
  });
});

test("an OMS that does not answer is told of while joining waits for it", { timeout: patience }, async () => {
  const peer = await servers.peer();
  const news: SessionNews[] = [];
  const down = new Promise<void>((resolve) => {
    const onNews = (one: SessionNews): void => {
      news.push(one);
      resolve();
    };
    peer.join({ ...indexFile, oms_url: "http://127.0.0.1:1" }, { onNews }).catch(() => undefined);
  });
  await down;
  expect(news[0]).toMatchObject({ kind: "server", server: "OMS", change: "down", reason: expect.any(String) });
});
