import { createServer } from "node:http";
import { afterEach, describe, expect, test, vi } from "vitest";
import { handlers, operations, type Running, serve, serveHandlers } from "../test/http/fixture.js";
import { raw, request } from "../test/http/raw.js";
import { createListener } from "./http-server.js";
import type { RequestContext } from "./http-server-types.js";
import type { ProblemDetails } from "./problem.js";

let running: Running | undefined;
afterEach(async () => {
  await running?.close();
  running = undefined;
});

async function start(...given: Parameters<typeof serveHandlers>): Promise<Running> {
  running = await serveHandlers(...given);
  return running;
}

const challenge = { status: 401, challenge: 'Bearer realm="items"' } as const;
const item = JSON.stringify({ item: { name: "a" } });
const nested = (depth: number) => `{"item":{"name":"a"},"x":${"[".repeat(depth)}${"]".repeat(depth)}}`;

describe("status semantics", () => {
  type Case = [
    name: string,
    method: string,
    target: string,
    options: Parameters<typeof request>[3],
    status: number,
    part?: string,
  ];
  const json = (body: string, headers = {}) => ({ body, headers });
  const cases: Case[] = [
    ["printed path", "POST", "/items/", json(item), 200, item],
    ["without the slash", "POST", "/items", json(item), 200, item],
    ["escaped literal", "POST", "/it%65ms", json(item), 200, item],
    ["absolute-form target", "POST", "http://test/items/", json(item), 200, item],
    ["alias path", "PUT", "/items/1/parts", json(item), 200, ""],
    ["GET with a body", "GET", "/items/1", json(item), 200, item],
    ["GET without a body", "GET", "/items/1", {}, 400, "/item/name"],
    ["GET by query", "GET", "/items/1?name=b&size=3", {}, 200, '{"item":{"name":"b","size":3}}'],
    [
      "GET, the body outranks the query",
      "GET",
      "/items/1?name=b&size=3",
      json(item),
      200,
      '{"item":{"name":"a","size":3}}',
    ],
    ["GET by query, not a number", "GET", "/items/1?name=b&size=x", {}, 400, "/item/size"],
    ["the same by POST", "POST", "/items/1/query", json(item), 200, item],
    ["HEAD", "HEAD", "/items/1?name=b", {}, 200, ""],
    ["DELETE with a body", "DELETE", "/items", json(item), 200, ""],
    ["DELETE without its optional body", "DELETE", "/items", {}, 200, ""],
    ["unknown query parameter", "DELETE", "/items?other=1", {}, 200, ""],
    ["query parameter too long", "DELETE", "/items?why=123456789", {}, 400, "?why"],
    ["query parameter not an integer", "DELETE", "/items?count=1.5", {}, 400, "?count"],
    ["query parameter too small", "DELETE", "/items?count=0", {}, 400, "?count"],
    ["query parameter twice", "DELETE", "/items?count=1&count=2", {}, 400, '"?count"'],
    ["body member by query, twice", "GET", "/items/1?name=b&size=3&size=4", {}, 400, '"?size"'],
    ["malformed query", "DELETE", "/items?why=%zz", {}, 400, "the query is malformed"],
    ["query that is not UTF-8", "DELETE", "/items?why=%ff", {}, 400, "the query is malformed"],
    ["slash where none may be", "DELETE", "/items/", {}, 404, "mind the slash"],
    ["unknown path", "GET", "/nothing", {}, 404, "no operation has this path"],
    ["empty segment", "POST", "/items//query", json(item), 404],
    ["too many segments", "PUT", "/items/1/part/2", json(item), 404],
    ["wrong method", "PATCH", "/items/", json(item), 405, "PATCH"],
    ["excluded by Accept", "POST", "/items/", json(item, { Accept: "text/html" }), 406, "application/json"],
    ["refused by Accept", "POST", "/items/", json(item, { Accept: "application/json;q=0, */*" }), 406],
    ["empty Accept", "POST", "/items/", json(item, { Accept: "" }), 200],
    ["accepted by Accept", "POST", "/items/", json(item, { Accept: "text/html, application/*;q=0.1" }), 200],
    ["Accept does not matter without a body", "PUT", "/items/1/part/", json(item, { Accept: "text/html" }), 200],
    ["wrong content type", "POST", "/items/", json(item, { "Content-Type": "text/plain" }), 415, "application/json"],
    ["wrong charset", "POST", "/items/", json(item, { "Content-Type": "application/json; charset=latin1" }), 415],
    ["right charset", "POST", "/items/", json(item, { "Content-Type": 'application/json; charset="UTF-8"' }), 200],
    ["structured syntax suffix", "POST", "/items/", json(item, { "Content-Type": "application/x.y+json" }), 200],
    ["content coding", "POST", "/items/", json(item, { "Content-Encoding": "gzip" }), 415],
    ["malformed escape in an id", "GET", "/items/%E0%A4%A", {}, 400, "{ID}"],
    ["id too long", "GET", `/items/${"x".repeat(257)}`, {}, 400, "{ID}"],
    ["id of many code points", "GET", `/items/${encodeURIComponent("🔑".repeat(256))}?name=b`, {}, 200],
    ["id of too many code points", "GET", `/items/${encodeURIComponent("🔑".repeat(257))}?name=b`, {}, 400, "{ID}"],
    ["a lone surrogate", "POST", "/items/", json('{"item":{"name":"a\\ud83d"}}'), 400, '"/item/name"'],
    ["a pair of escaped surrogates", "POST", "/items/", json('{"item":{"name":"\\ud83d\\udd11"}}'), 200, "🔑"],
    ["a name that is a lone surrogate", "POST", "/items/", json('{"item":{"name":"a","\\udd11":1}}'), 400, '"/item"'],
    ["missing body", "POST", "/items/", {}, 400, "the body is empty"],
    ["not JSON", "POST", "/items/", json("{"), 400, "is not JSON"],
    ["byte order mark", "POST", "/items/", json(`\uFEFF${item}`), 200, item],
    ["JSON of the wrong type", "POST", "/items/", json("[1]"), 400, "/item"],
    ["schema violation", "POST", "/items/", json('{"item":{"name":1}}'), 400, "/item/name"],
    [
      "other spelling and type",
      "POST",
      "/items/",
      json('{"thing":{"name":"a","size":"4"}}'),
      200,
      '{"item":{"name":"a","size":4}}',
    ],
    ["two spellings", "POST", "/items/", json('{"thing":1,"item":{"name":"a"}}'), 400, "two spellings"],
    ["deep, but allowed", "POST", "/items/", json(nested(31)), 200],
    ["too deep", "POST", "/items/", json(nested(32)), 400, "nested too deeply"],
    ["absurdly deep", "POST", "/items/", json(nested(100_000)), 400, "nested too deeply"],
    [
      "too many members",
      "POST",
      "/items/",
      json(`{${Array.from({ length: 1025 }, (_, i) => `"m${i}":0`).join(",")}}`),
      400,
      "too many members",
    ],
    ["too large", "POST", "/items/", json(" ".repeat(256 * 1024 + 1)), 413, "262144"],
  ];
  test.each(cases)("%s", async (_name, method, target, options, status, part) => {
    const { port } = await start();
    const response = await request(port, method, target, options);
    expect(response.status).toBe(status);
    if (part !== undefined) expect(response.body).toContain(part);
    if (status >= 400) {
      expect(response.headers["content-type"]).toBe("application/problem+json");
      expect((JSON.parse(response.body) as ProblemDetails).status).toBe(status);
    }
    expect(Number(response.headers["content-length"])).toBe(method === "HEAD" ? 21 : Buffer.byteLength(response.body));
  });

  test("refusals by HTTP's own rules say what of the request they are about", async () => {
    const { port } = await start({}, { authorize: (operation) => (operation === "ITEM_DROP" ? challenge : undefined) });
    const seen: [number, string | undefined, string | undefined][] = [];
    for (const [method, target, headers] of [
      ["PATCH", "/items/", {}],
      ["POST", "/items/", { Accept: "text/html" }],
      ["POST", "/items/", { "Content-Type": "text/plain" }],
      ["POST", "/items/", { "Content-Encoding": "gzip" }],
      ["DELETE", "/items", {}],
    ] as const) {
      const { status, body } = await request(port, method, target, { body: item, headers });
      const [error] = (JSON.parse(body) as ProblemDetails).errors ?? [];
      seen.push([status, error?.member, error?.clause]);
    }
    expect(seen).toEqual([
      [405, "", "RFC 9110 15.5.6"],
      [406, "Accept", "RFC 9110 12.5.1"],
      [415, "Content-Type", "RFC 9110 8.3"],
      [415, "Content-Encoding", "RFC 9110 8.4"],
      [401, "Authorization", expect.stringMatching(/^T\.1 /)],
    ]);
  });

  test("parameters that an operation does not know are refused where that is wanted", async () => {
    const { port } = await start({}, { unknownParameters: "refuse" });
    expect((await request(port, "DELETE", "/items?other=1")).body).toContain('"?other"');
    expect((await request(port, "GET", "/items/1?name=b&size=3")).status).toBe(200);
  });

  test("405 and OPTIONS name the methods", async () => {
    const { port } = await start();
    expect((await request(port, "PATCH", "/items/1")).headers.allow).toBe("GET, HEAD, OPTIONS");
    const options = await request(port, "OPTIONS", "/items/");
    expect(options).toMatchObject({ status: 204, body: "" });
    expect(options.headers.allow).toBe("POST, DELETE, OPTIONS");
    expect(options.headers).not.toHaveProperty("access-control-allow-origin");
  });

  test("a refusal names the member and the clause", async () => {
    const { port } = await start();
    const { body } = await request(port, "POST", "/items/", { body: '{"item":{"name":1,"size":"x"}}' });
    expect(JSON.parse(body)).toEqual({
      type: "about:blank",
      title: "Bad Request",
      status: 400,
      detail: expect.any(String),
      errors: [
        { member: "/item/name", clause: "T.1 9.1.1", message: "is not a string" },
        { member: "/item/size", clause: "T.1 9.1.2", message: "is not a number" },
      ],
    });
  });

  test.each(["?why=123456789", "?why=%zz"])(
    "regression: the clause of a refused query had no document: %s",
    async (query) => {
      const { port } = await start();
      const { body } = await request(port, "DELETE", `/items${query}`);
      expect((JSON.parse(body) as ProblemDetails).errors?.[0]?.clause).toMatch(/^T\.1 \S/);
    },
  );
});

describe("bodies on the wire", () => {
  const head = "POST /items/ HTTP/1.1\r\nHost: t\r\nConnection: close\r\nContent-Type: application/json\r\n";

  test("chunked, a character split between chunks", async () => {
    const { port } = await start();
    const octets = Buffer.from('{"item":{"name":"é"}}');
    const cut = octets.indexOf(0xc3) + 1;
    const chunk = (part: Buffer) =>
      Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from("\r\n")]);
    const message = Buffer.concat([
      Buffer.from(`${head}Transfer-Encoding: chunked\r\n\r\n`),
      chunk(octets.subarray(0, cut)),
      chunk(octets.subarray(cut)),
      Buffer.from("0\r\n\r\n"),
    ]);
    expect(await raw(port, message)).toMatchObject({ status: 200, body: '{"item":{"name":"é"}}' });
  });

  test("chunked and too large: refused before its end, without a reset", async () => {
    const { port } = await start({}, { limits: { bodyBytes: 1000 } });
    const chunk = `400\r\n${"x".repeat(1024)}\r\n`;
    const response = await raw(port, `${head}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(64)}0\r\n\r\n`);
    expect(response.status).toBe(413);
    expect(response.headers.connection).toBe("close");
  });

  test("declared too large and never sent", async () => {
    const { port } = await start({}, { limits: { bodyBytes: 10 } });
    const started = performance.now();
    expect((await raw(port, `${head}Content-Length: 11\r\n\r\n`)).status).toBe(413);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  test("not UTF-8", async () => {
    const { port } = await start();
    const octets = Buffer.from('{"item":{"name":"?"}}');
    octets[octets.indexOf("?")] = 0xff;
    const message = Buffer.concat([Buffer.from(`${head}Content-Length: ${octets.length}\r\n\r\n`), octets]);
    expect(await raw(port, message)).toMatchObject({ status: 400, body: expect.stringContaining("UTF-8") });
  });

  test("cut off: no handler runs, the server lives", async () => {
    const handler = vi.fn(() => ({ status: 200, body: { item: { name: "a" } } }));
    const { port } = await start({ ITEM_ADD: handler });
    const { connect } = await import("node:net");
    await new Promise<void>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => {
        socket.write(`${head}Content-Length: 100\r\n\r\n{"item"`, () => socket.destroy());
      });
      socket.on("close", () => resolve());
    });
    expect((await request(port, "PUT", "/items/1/part", { body: item })).status).toBe(200);
    expect(handler).not.toHaveBeenCalled();
  });

  test("__proto__ reaches nobody", async () => {
    const { port } = await start();
    const body = '{"item":{"name":"a","__proto__":{"admin":true}},"__proto__":{"admin":true}}';
    expect((await request(port, "POST", "/items/", { body })).body).toBe(item);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  test("two requests on one connection", async () => {
    const { port } = await start();
    const one = `POST /items/ HTTP/1.1\r\nHost: t\r\nContent-Type: text/plain\r\nContent-Length: ${item.length}\r\n\r\n${item}`;
    const two = one.replace("text/plain", "application/json").replace("Host: t", "Host: t\r\nConnection: close");
    const { status, body } = await raw(port, one + two);
    expect(status).toBe(415);
    expect(body).toContain("HTTP/1.1 200 OK");
  });
});

describe("handlers", () => {
  test("get typed input and a context", async () => {
    const seen: unknown[] = [];
    const { port } = await start({
      ITEM_PUT: (input: unknown, context: RequestContext) => {
        const { operation, remoteAddress, secure, signal } = context;
        seen.push(input, { operation, remoteAddress, secure, aborted: signal.aborted, host: context.headers.host });
        return { status: 200 };
      },
    });
    await request(port, "PUT", "/items/a%2Fb%20%C3%A9/part/", { body: item });
    expect(seen).toEqual([
      { params: { ID: "a/b é" }, query: {}, body: { item: { name: "a" } } },
      { operation: "ITEM_PUT", remoteAddress: "127.0.0.1", secure: false, aborted: false, host: "test" },
    ]);
  });

  test("may answer later, with headers and undeclared problems", async () => {
    const { port } = await start({
      ITEM_PUT: async () => ({
        status: 503,
        body: { title: "Service Unavailable", status: 503 },
        headers: { "Retry-After": 3, "X-Many": ["a", "b"] },
      }),
    });
    const response = await request(port, "PUT", "/items/1/part/", { body: item });
    expect(response).toMatchObject({ status: 503, body: '{"title":"Service Unavailable","status":503}' });
    expect(response.headers).toMatchObject({ "retry-after": "3", "content-type": "application/problem+json" });
  });

  const faults: [string, unknown][] = [
    [
      "throws",
      () => {
        throw new Error("secret");
      },
    ],
    [
      "rejects",
      async () => {
        throw new Error("secret");
      },
    ],
    ["returns nothing", () => undefined],
    ["returns an undeclared status", () => ({ status: 202 })],
    ["returns an undeclared failure without problem details", () => ({ status: 403 })],
    ["returns a body that its schema refuses", () => ({ status: 200, body: { item: { name: 1 } } })],
    ["forgets the body", () => ({ status: 200 })],
    ["gives a body to a status that has none", () => ({ status: 404, body: {} })],
    ["returns what JSON cannot hold", () => ({ status: 200, body: { item: { name: "a", size: 1, big: 1n } } })],
    ["returns malformed headers", () => ({ status: 404, headers: { "X\n": "secret" } })],
  ];
  test.each(faults)("one that %s makes a 500 that tells nothing", async (_name, handler) => {
    const onError = vi.fn();
    const { port } = await start({ ITEM_ADD: handler }, { onError });
    const response = await request(port, "POST", "/items/", { body: item });
    expect(response.status).toBe(500);
    expect(JSON.parse(response.body)).toEqual({ type: "about:blank", title: "Internal Server Error", status: 500 });
    expect(onError).toHaveBeenCalledOnce();
    expect((await request(port, "PUT", "/items/1/part", { body: item })).status).toBe(200);
  });

  test("the signal tells that the client went away", async () => {
    let gone: Promise<unknown> | undefined;
    let abort: () => void = () => {};
    const { url } = await start({
      ITEM_PUT: (_: unknown, { signal }: RequestContext) => {
        gone = new Promise((resolve) => signal.addEventListener("abort", resolve));
        abort();
        return new Promise(() => {});
      },
    });
    const controller = new AbortController();
    abort = () => controller.abort();
    await expect(
      fetch(`${url}/items/1/part`, {
        method: "PUT",
        body: item,
        headers: { "content-type": "application/json" },
        signal: controller.signal,
      }),
    ).rejects.toThrow();
    await gone;
  });

  test("all must be there", () => {
    expect(() => createListener(operations, { ...handlers(), ITEM_PUT: undefined } as never)).toThrow(/ITEM_PUT/);
  });
});

describe("options", () => {
  test("authorize decides before the body is read", async () => {
    const { port } = await start(
      {},
      {
        authorize: async (operation, { headers }) =>
          operation === "ITEM_DROP"
            ? { status: 403, detail: "never" }
            : headers.authorization === "Bearer t"
              ? undefined
              : { status: 401, challenge: 'Bearer realm="items"' },
      },
    );
    const refused = await request(port, "POST", "/items/", { body: "{" });
    expect(refused.status).toBe(401);
    expect(refused.headers["www-authenticate"]).toBe('Bearer realm="items"');
    expect((await request(port, "DELETE", "/items")).status).toBe(403);
    const headers = { Authorization: "Bearer t" };
    expect((await request(port, "POST", "/items/", { body: item, headers })).status).toBe(200);
  });

  test("an authorize that throws lets nobody in", async () => {
    const onError = vi.fn();
    const authorize = () => {
      throw new Error("no");
    };
    const { port } = await start({}, { authorize, onError });
    expect((await request(port, "POST", "/items/", { body: item })).status).toBe(500);
    expect(onError).toHaveBeenCalledOnce();
  });

  test("pathPrefix", async () => {
    const { port } = await start({}, { pathPrefix: "/api/" });
    expect((await request(port, "POST", "/api/items/", { body: item })).status).toBe(200);
    expect((await request(port, "POST", "/items/", { body: item })).status).toBe(404);
    expect((await request(port, "POST", "/apiitems/", { body: item })).status).toBe(404);
  });

  test("onRequest is told about every answer", async () => {
    const onRequest = vi.fn();
    const { port } = await start({}, { onRequest });
    await request(port, "POST", "/items/", { body: item });
    await request(port, "POST", "/items/", { body: "{" });
    await request(port, "PATCH", "/items/");
    await request(port, "GET", "/none");
    expect(onRequest.mock.calls.map(([operation, status]) => [operation, status])).toEqual([
      ["ITEM_ADD", 200],
      ["ITEM_ADD", 400],
      ["", 405],
      ["", 404],
    ]);
    for (const [, , seconds] of onRequest.mock.calls) expect(seconds).toBeGreaterThan(0);
  });

  test("cors: a preflight, an answer, another origin", async () => {
    const { port } = await start({}, { cors: ["http://page"] });
    const preflight = await request(port, "OPTIONS", "/items/1/part/", {
      headers: {
        Origin: "http://page",
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "content-type",
      },
    });
    expect(preflight.headers).toMatchObject({
      "access-control-allow-origin": "http://page",
      "access-control-allow-methods": "PUT, OPTIONS",
      "access-control-allow-headers": "content-type",
      vary: "Origin",
    });
    const answer = await request(port, "POST", "/items/", { body: item, headers: { Origin: "http://page" } });
    expect(answer.headers["access-control-allow-origin"]).toBe("http://page");
    const other = await request(port, "POST", "/items/", { body: item, headers: { Origin: "http://other" } });
    expect(other.headers).not.toHaveProperty("access-control-allow-origin");
  });

  test("validateResponses: false trusts handlers", async () => {
    const { port } = await start(
      { ITEM_ADD: () => ({ status: 200, body: { item: 1 } }) },
      { validateResponses: false },
    );
    expect((await request(port, "POST", "/items/", { body: item })).body).toBe('{"item":1}');
  });
});

test("next gets what the table does not know", async () => {
  const listener = createListener(operations, handlers());
  running = await serve(
    createServer((incoming, answer) => listener(incoming, answer, () => answer.writeHead(418).end(incoming.url))),
  );
  expect(await request(running.port, "GET", "/other?x=1")).toMatchObject({
    status: 418,
    body: expect.stringContaining("/other?x=1"),
  });
  expect((await request(running.port, "DELETE", "/items/")).status).toBe(418);
  expect((await request(running.port, "PATCH", "/items/")).status).toBe(405);
});
