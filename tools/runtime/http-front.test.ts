import { createServer } from "node:http";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { handlers, operations, type Running, serve } from "../test/http/fixture.js";
import { createFrontServer } from "./http-front.js";
import { createListener } from "./http-server.js";
import type { Listener, ServerOptions } from "./http-server-types.js";

let running: Running | undefined;
afterEach(async () => {
  await running?.close();
  running = undefined;
});

const post = (body: string, more = ""): string =>
  `POST /items/ HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n${more}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
const item = (name: string): string => JSON.stringify({ item: { name } });

/** Bodies reach a listener past the request's stream in the one kind of server, through it in the other. */
describe.each([
  ["createFrontServer", (listener: Listener) => createFrontServer(listener)],
  ["node's own createServer", (listener: Listener) => createServer((request, answer) => listener(request, answer))],
])("%s", (_name, create) => {
  /** Sends the pieces, some time apart. @returns all that came back until the server closed */
  async function converse(
    pieces: readonly string[],
    overrides: Record<string, unknown> = {},
    options: ServerOptions = {},
    leave = false,
  ): Promise<string> {
    running = await serve(create(createListener(operations, handlers(overrides), options)));
    const socket = connect(running.port, "127.0.0.1");
    let received = "";
    const closed = new Promise<string>((resolve, reject) => {
      socket.setEncoding("utf8");
      socket.on("data", (text: string) => (received += text));
      socket.on("close", () => resolve(received));
      socket.on("error", reject);
    });
    for (const piece of pieces) {
      socket.write(piece);
      await delay(10);
    }
    if (leave) socket.end();
    return closed;
  }

  const last = "Connection: close\r\n";
  const whole = post(item("äb"), last);

  test.each([
    ["at once", [whole]],
    ["head and body apart", [whole.slice(0, -15), whole.slice(-15)]],
    ["character by character at its end", [whole.slice(0, -3), ...whole.slice(-3)]],
    [
      "in chunks",
      [
        `POST /items/ HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n${last}Transfer-Encoding: chunked\r\n\r\n`,
        `9\r\n{"item":{\r\n`,
        `e\r\n"name":"äb"}}\r\n0\r\n\r\n`,
      ],
    ],
  ])("a body %s", async (_how, pieces) => {
    const answer = await converse(pieces);
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer).toContain('{"item":{"name":"äb"}}');
  });

  test("one connection, several requests, answered in their order though not handled in it", async () => {
    const wait: Record<string, number> = { a: 40, b: 0, c: 20 };
    const answer = await converse([post(item("a")) + post(item("b")) + post(item("c"), last)], {
      ITEM_ADD: async ({ body }: { body: { item: { name: string } } }) => {
        await delay(wait[body.item.name]);
        return { status: 200, body };
      },
    });
    expect(answer.match(/HTTP\/1\.1 200/g)).toHaveLength(3);
    expect(answer.match(/"name":"."/g)).toEqual(['"name":"a"', '"name":"b"', '"name":"c"']);
  });

  test("a body that came while authorize was thinking", async () => {
    const authorize = async (): Promise<undefined> => {
      await delay(30);
      return undefined;
    };
    expect(await converse([whole], {}, { authorize })).toContain('{"item":{"name":"äb"}}');
  });

  test("a body that turns out too large is refused, and what is left of it swallowed", async () => {
    const chunk = `400\r\n${" ".repeat(1024)}\r\n`;
    const head = `POST /items/ HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const answer = await converse([head, chunk, chunk, chunk, "0\r\n\r\n"], {}, { limits: { bodyBytes: 1500 } });
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toMatch(/connection: close/i);
  });

  test("a client that leaves within its body is forgotten", async () => {
    let handled = 0;
    const answer = await converse(
      [whole.slice(0, -5)],
      {
        ITEM_ADD: () => {
          handled++;
          return { status: 200, body: {} };
        },
      },
      {},
      true,
    );
    expect(handled).toBe(0);
    // Node answers the broken request itself, or just closes.
    expect(answer).not.toContain("200");
  });

  test("a request whose body nobody wants does not hold up the next", async () => {
    const answer = await converse([post("x".repeat(500)).replace("/items/", "/nowhere"), whole]);
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
    expect(answer).toContain('{"item":{"name":"äb"}}');
  });
});

test("an app behind reads its bodies as streams", async () => {
  const listener = createListener(operations, handlers());
  const server = createFrontServer(listener, {
    app: async (request: AsyncIterable<Buffer>, response: { end(text: string): void }) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      response.end(Buffer.concat(chunks).toString());
    },
  });
  running = await serve(server);
  const response = await fetch(`http://127.0.0.1:${running.port}/app`, { method: "POST", body: "for the app" });
  expect(await response.text()).toBe("for the app");
});
