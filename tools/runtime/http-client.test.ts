import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { afterEach, describe, expect, test, vi } from "vitest";
import { ITEM_ADD, ITEM_DROP, ITEM_PUT, ITEM_QUERY, type Running, serve, serveHandlers } from "../test/http/fixture.js";
import { createHttpClient } from "./http-client.js";
import type { AnyRequest, AnyResult, CallOptions, ClientOptions } from "./http-client-types.js";
import { HttpError } from "./http-client-types.js";
import type { Operation } from "./http-operation.js";
import { unwrap } from "./http-result.js";
import { fetchTransport } from "./http-transport.js";

let running: Running | undefined;
afterEach(async () => {
  vi.unstubAllGlobals();
  await running?.close();
  running = undefined;
});

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

type Answer = (response: ServerResponse, seen: Seen, count: number) => void;

/** A server that answers as told and keeps what it was asked. */
async function stub(answer: Answer): Promise<{ url: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  running = await serve(
    createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { method = "", url = "", headers } = request;
      seen.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
      answer(response, seen.at(-1) as Seen, seen.length);
    }),
  );
  return { url: running.url, seen };
}

const ITEM = { item: { name: "a" } };
const PUT: [Operation, AnyRequest] = [ITEM_PUT, { params: { ID: "1" }, body: ITEM }];
const fast = { baseMs: 1, capMs: 2 };

function call(
  url: string,
  [operation, request]: [Operation, AnyRequest],
  options: Partial<ClientOptions> = {},
  callOptions?: CallOptions,
): Promise<AnyResult> {
  return createHttpClient({ baseUrl: url, retry: fast, ...options }).call(operation, request, callOptions);
}

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  };
const bare =
  (status: number, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(status, headers).end();
  };

describe("what is sent", () => {
  const cases: [string, Operation, AnyRequest, Partial<ClientOptions>, Partial<Seen>][] = [
    ["a body", ITEM_ADD, { body: ITEM }, {}, { method: "POST", url: "/items/", body: '{"item":{"name":"a"}}' }],
    [
      "an id that needs escapes",
      ITEM_PUT,
      { params: { ID: "a/b é?#%" }, body: ITEM },
      {},
      { url: "/items/a%2Fb%20%C3%A9%3F%23%25/part/" },
    ],
    [
      "GET with a body",
      ITEM_QUERY,
      { params: { ID: "1" }, body: ITEM },
      {},
      { method: "GET", url: "/items/1", body: '{"item":{"name":"a"}}' },
    ],
    [
      "GET by its query carrier, over another fetch",
      ITEM_QUERY,
      { params: { ID: "1" }, body: { item: { name: "a b", size: 3 } } },
      { fetch: (...parameters) => fetch(...parameters) },
      { method: "GET", url: "/items/1?name=a+b&size=3", body: "" },
    ],
    ["GET without a body", ITEM_QUERY, { params: { ID: "1" } }, { validate: "off" }, { url: "/items/1", body: "" }],
    [
      "DELETE with a body and a query",
      ITEM_DROP,
      { query: { why: "x", count: 2, other: undefined }, body: ITEM },
      {},
      { method: "DELETE", url: "/items?why=x&count=2", body: '{"item":{"name":"a"}}' },
    ],
  ];
  test.each(cases)("%s", async (_name, operation, request, options, expected) => {
    const { url, seen } = await stub(json(200, ITEM));
    expect(await call(url, [operation, request], options)).toMatchObject({ status: 200, ok: true, code: 200 });
    expect(seen[0]).toMatchObject(expected);
  });

  const bases: [string, string | undefined, string][] = [
    ["", undefined, "/items/"],
    ["/", undefined, "/items/"],
    ["/prefix/", undefined, "/prefix/items/"],
    ["/items/", "items", "/items/"],
    ["/items", "items", "/items/"],
    ["/a/items/?x=1#y", "items", "/a/items/"],
    ["/myitems/", "items", "/myitems/items/"],
  ];
  test.each(bases)("base URL %j with segment %j", async (path, segment, expected) => {
    const { url, seen } = await stub(json(200, ITEM));
    await createHttpClient({ baseUrl: new URL(url + path) }, segment).call(ITEM_ADD, { body: ITEM });
    expect(seen[0]?.url).toBe(expected);
  });

  test.each(["", "items", "ftp://h/", "http://u:p@h/"])("base URL %j is refused", (baseUrl) => {
    expect(() => createHttpClient({ baseUrl })).toThrow(expect.objectContaining({ code: "ERR_BASE_URL" }));
  });

  const credentials: [string, ClientOptions["auth"], string | undefined][] = [
    ["bearer", { bearer: "t" }, "Bearer t"],
    ["basic, UTF-8", { basic: { username: "ü", password: "p:q" } }, `Basic ${Buffer.from("ü:p:q").toString("base64")}`],
    ["a function", async () => "Own x", "Own x"],
    ["a function without any", () => undefined, undefined],
  ];
  test.each(credentials)("credentials: %s", async (_name, auth, expected) => {
    const { url, seen } = await stub(bare(200));
    await call(url, PUT, auth === undefined ? {} : { auth });
    expect(seen[0]?.headers.authorization).toBe(expected);
  });

  test("headers of the client and of the call", async () => {
    const { url, seen } = await stub(bare(200));
    await call(url, PUT, { headers: { "X-A": "1", "X-B": "1" } }, { headers: { "x-b": "2" } });
    expect(seen[0]?.headers).toMatchObject({ "x-a": "1", "x-b": "2", "content-type": "application/json" });
    expect(seen[0]?.headers.accept).toContain("application/json");
  });

  const invalid: [string, Operation, AnyRequest, string][] = [
    ["body", ITEM_ADD, { body: { item: { name: 1 } } }, "/item/name"],
    ["missing body", ITEM_ADD, {}, ""],
    ["missing id", ITEM_PUT, { body: ITEM }, "{ID}"],
    ["long id", ITEM_PUT, { params: { ID: "x".repeat(257) }, body: ITEM }, "{ID}"],
    ["query", ITEM_DROP, { query: { count: 0 } }, "?count"],
  ];
  test.each(invalid)("an invalid request is not sent: %s", async (_name, operation, request, member) => {
    const { url, seen } = await stub(bare(200));
    const error = await call(url, [operation, request]).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "ERR_REQUEST_INVALID", issues: [{ member }] });
    expect(seen).toEqual([]);
  });

  test.each([".", "..", "\ud800", ""])("an id that no URL can carry: %j", async (ID) => {
    const { url, seen } = await stub(bare(200));
    await expect(call(url, [ITEM_PUT, { params: { ID }, body: ITEM }])).rejects.toMatchObject({
      code: "ERR_REQUEST_INVALID",
    });
    expect(seen).toEqual([]);
  });

  test("a GET body that the query cannot carry, where the platform sends none", async () => {
    const { url } = await stub(json(200, ITEM));
    const transport = fetchTransport();
    const request = { params: { ID: "1" }, body: { item: { name: "a", more: true } } };
    await expect(call(url, [ITEM_QUERY, request], { transport })).rejects.toMatchObject({ code: "ERR_GET_BODY" });
  });

  test("without node's modules the query carrier is used", async () => {
    const { url, seen } = await stub(json(200, ITEM));
    vi.stubGlobal("process", { ...process, getBuiltinModule: undefined });
    const client = createHttpClient({ baseUrl: url });
    vi.unstubAllGlobals();
    await client.call(ITEM_QUERY, { params: { ID: "1" }, body: ITEM });
    expect(seen[0]).toMatchObject({ method: "GET", url: "/items/1?name=a", body: "" });
  });
});

describe("what is received", () => {
  const problem = { title: "Nope", status: 400, detail: "because" };
  const cases: [string, Answer, object][] = [
    ["a success", json(200, ITEM), { status: 200, code: 200, ok: true, body: ITEM, operation: "ITEM_ADD" }],
    ["another success, read as the declared one", json(201, ITEM), { status: 200, code: 201, ok: true, body: ITEM }],
    [
      "another spelling and type",
      json(200, { thing: { name: "a", size: "3" } }),
      { body: { item: { name: "a", size: 3 } } },
    ],
    ["a byte order mark", (response) => response.end(`\uFEFF${JSON.stringify(ITEM)}`), { status: 200, body: ITEM }],
    ["unknown members", json(200, { ...ITEM, more: 1 }), { status: 200, body: ITEM }],
    ["a declared failure with problem details", json(400, problem), { status: 400, ok: false, body: problem }],
    ["a declared failure without a body", bare(404), { status: 404, ok: false, body: undefined }],
    ["a declared failure that explains itself", json(409, problem), { status: 409, ok: false, body: problem }],
    ["a declared failure with something else", json(409, [1]), { status: 409, ok: false, body: undefined }],
    ["an undeclared failure", json(418, { a: 1 }), { status: "other", code: 418, ok: false, body: { a: 1 } }],
    [
      "an undeclared failure in HTML",
      (response) => response.writeHead(500).end("<p>"),
      { status: "other", code: 500, body: "<p>" },
    ],
    ["an undeclared success", bare(206), { status: "other", code: 206, ok: false, body: undefined }],
    ["a redirection", bare(307, { location: "/x" }), { status: "other", code: 307, headers: { location: "/x" } }],
  ];
  test.each(cases)("%s", async (_name, answer, expected) => {
    const { url } = await stub(answer);
    expect(await call(url, [ITEM_ADD, { body: ITEM }])).toMatchObject(expected);
  });

  const bad: [string, Answer, string][] = [
    ["not JSON", (response) => response.end("{"), "ERR_RESPONSE_JSON"],
    ["no body", bare(200), "ERR_RESPONSE_JSON"],
    ["another shape", json(200, { item: { name: 1 } }), "ERR_RESPONSE_INVALID"],
    ["two spellings", json(200, { thing: 1, item: { name: "a" } }), "ERR_RESPONSE_INVALID"],
    ["too large", json(200, { item: { name: "x".repeat(2000) } }), "ERR_RESPONSE_SIZE"],
    ["absurdly deep", (response) => response.end("[".repeat(400) + "]".repeat(400)), "ERR_RESPONSE_JSON"],
    [
      "cut off",
      (response) => response.writeHead(200, { "content-length": 100 }).write("{", () => response.destroy()),
      "ERR_NETWORK",
    ],
  ];
  test.each(bad)("a success that is %s", async (_name, answer, code) => {
    const { url } = await stub(answer);
    for (const [operation, request] of [
      [ITEM_ADD, { body: ITEM }],
      [ITEM_QUERY, { params: { ID: "1" }, body: ITEM }],
    ] as const) {
      const error = await call(url, [operation, request], { maxResponseBytes: 1000 }).catch(
        (caught: unknown) => caught,
      );
      expect(error).toBeInstanceOf(HttpError);
      expect(error).toMatchObject({ code, operation: operation.id });
    }
  });

  test("validate: warn tells and goes on, off keeps quiet, but both canonicalise", async () => {
    const { url } = await stub(json(200, { thing: { name: 1 } }));
    const onWarning = vi.fn();
    const request: [Operation, AnyRequest] = [ITEM_ADD, { body: ITEM }];
    expect(await call(url, request, { validate: { response: "warn" }, onWarning })).toMatchObject({
      body: { item: { name: 1 } },
    });
    expect(onWarning).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ code: "ERR_RESPONSE_INVALID", status: 200 }),
    );
    expect(await call(url, request, { validate: "off", onWarning })).toMatchObject({ body: { item: { name: 1 } } });
    expect(onWarning).toHaveBeenCalledOnce();
  });

  test("unwrap gives the body of a success and throws a failure", async () => {
    const good = await stub(json(200, ITEM));
    expect(unwrap(await call(good.url, [ITEM_ADD, { body: ITEM }]))).toEqual(ITEM);
    await running?.close();
    const { url } = await stub(json(409, problem, { "x-a": "1" }));
    const result = await call(url, [ITEM_ADD, { body: ITEM }]);
    expect(() => unwrap(result)).toThrow(
      expect.objectContaining({
        code: "ERR_STATUS",
        status: 409,
        body: problem,
        message: "ITEM_ADD answered 409: because",
      }),
    );
  });
});

describe("repetition", () => {
  const failThen =
    (failures: number, failure: Answer, then: Answer = bare(200)): Answer =>
    (response, seen, count) =>
      (count <= failures ? failure : then)(response, seen, count);
  const drop: Answer = (response) => response.destroy();

  const repeated: [string, Answer][] = [
    ["503", bare(503)],
    ["502", bare(502)],
    ["504", bare(504)],
    ["429", bare(429)],
    ["408", bare(408)],
    ["a lost connection", drop],
  ];
  test.each(repeated)("an idempotent operation survives %s", async (_name, failure) => {
    const { url, seen } = await stub(failThen(2, failure));
    expect(await call(url, PUT)).toMatchObject({ status: 200 });
    expect(seen).toHaveLength(3);
  });

  test.each(repeated)("others are not repeated after %s", async (_name, failure) => {
    const { url, seen } = await stub(failure);
    const outcome = await call(url, [ITEM_ADD, { body: ITEM }]).catch((error: HttpError) => error);
    expect(outcome).toHaveProperty(outcome instanceof HttpError ? "code" : "status");
    expect(seen).toHaveLength(1);
  });

  test.each([500, 501, 400, 404])("%i is final", async (status) => {
    const { url, seen } = await stub(bare(status));
    expect(await call(url, PUT)).toMatchObject({ code: status });
    expect(seen).toHaveLength(1);
  });

  test("attempts run out: the last outcome counts", async () => {
    const { url, seen } = await stub(bare(503));
    expect(await call(url, PUT, { retry: { ...fast, attempts: 2 } })).toMatchObject({ status: "other", code: 503 });
    expect(seen).toHaveLength(2);
    expect(await call(url, PUT, {}, { retry: false })).toMatchObject({ code: 503 });
    expect(seen).toHaveLength(3);
  });

  test("Retry-After is obeyed, unless the deadline comes first", async () => {
    const { url, seen } = await stub(failThen(1, bare(503, { "retry-after": "1" })));
    const started = Date.now();
    expect(await call(url, PUT)).toMatchObject({ status: 200 });
    expect(Date.now() - started).toBeGreaterThanOrEqual(990);
    expect(seen).toHaveLength(2);
    await running?.close();
    const second = await stub(bare(503, { "retry-after": "3600" }));
    expect(await call(second.url, PUT)).toMatchObject({ code: 503 });
    expect(second.seen).toHaveLength(1);
  });

  test("a retry has a signal of its own", async () => {
    const { url, seen } = await stub((response, _seen, count) => count > 1 && response.end());
    expect(await call(url, PUT, { timeoutMs: 50 })).toMatchObject({ status: 200 });
    expect(seen).toHaveLength(2);
  });

  const silent: Answer = () => {};

  test("timeout, when all attempts have had theirs", async () => {
    const { url, seen } = await stub(silent);
    await expect(call(url, PUT, { timeoutMs: 30 })).rejects.toMatchObject({ code: "ERR_TIMEOUT" });
    expect(seen).toHaveLength(3);
  });

  test("deadline, over all attempts", async () => {
    const { url } = await stub(silent);
    const started = Date.now();
    await expect(call(url, PUT, { timeoutMs: 80, deadlineMs: 120 })).rejects.toMatchObject({ code: "ERR_DEADLINE" });
    expect(Date.now() - started).toBeLessThan(2_000);
  });

  test.each([
    ["before", 0],
    ["during an attempt", 30],
  ])("abort %s", async (_name, delay) => {
    const { url } = await stub(silent);
    const controller = new AbortController();
    const reason = new Error("enough");
    if (delay === 0) controller.abort(reason);
    else setTimeout(() => controller.abort(reason), delay);
    const { signal } = controller;
    await expect(call(url, PUT, {}, { signal })).rejects.toMatchObject({ code: "ERR_ABORTED", cause: reason });
    const query: [Operation, AnyRequest] = [ITEM_QUERY, { params: { ID: "1" }, body: ITEM }];
    await expect(call(url, query, {}, { signal })).rejects.toMatchObject({ code: "ERR_ABORTED", cause: reason });
  });

  test("abort between attempts", async () => {
    const { url, seen } = await stub(bare(503, { "retry-after": "5" }));
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    await expect(call(url, PUT, {}, { signal: controller.signal })).rejects.toMatchObject({ code: "ERR_ABORTED" });
    expect(seen).toHaveLength(1);
  });

  test("regression: without bounds a call waits, and was over after a millisecond", async () => {
    const { url } = await stub((response) => setTimeout(() => response.end(), 50));
    const endless = { timeoutMs: Number.POSITIVE_INFINITY, deadlineMs: Number.POSITIVE_INFINITY };
    expect(await call(url, PUT, endless)).toMatchObject({ status: 200 });
  });

  test("regression: a Retry-After beyond setTimeout's range was no wait at all", async () => {
    const { url, seen } = await stub(bare(503, { "retry-after": "99999999999" }));
    const signal = AbortSignal.timeout(100);
    const waiting = call(url, PUT, { deadlineMs: Number.POSITIVE_INFINITY }, { signal });
    await expect(waiting).rejects.toMatchObject({ code: "ERR_ABORTED" });
    expect(seen).toHaveLength(1);
  });

  test("regression: credentials that never come kept a call from ending", async () => {
    const { url, seen } = await stub(bare(200));
    const auth = () => new Promise<string>(() => {});
    await expect(call(url, PUT, { auth, deadlineMs: 30 })).rejects.toMatchObject({ code: "ERR_DEADLINE" });
    const { signal } = new AbortController();
    const ending = AbortSignal.timeout(30);
    await expect(call(url, PUT, { auth }, { signal: ending })).rejects.toMatchObject({ code: "ERR_ABORTED" });
    await expect(call(url, PUT, { auth: () => Promise.reject(new Error("vault")) }, { signal })).rejects.toThrow(
      "vault",
    );
    expect(seen).toHaveLength(0);
  });

  test("regression: an upgrade that nobody asked for left a GET with a body waiting for ever", async () => {
    running = await serve(
      createServer((request) => {
        request.socket.end("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n");
      }),
    );
    const query: [Operation, AnyRequest] = [ITEM_QUERY, { params: { ID: "1" }, body: ITEM }];
    await expect(call(running.url, query)).rejects.toMatchObject({ code: "ERR_NETWORK" });
  });

  test("nobody there", async () => {
    const { url } = await stub(bare(200));
    await running?.close();
    const error = await call(url, PUT).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "ERR_NETWORK", cause: expect.any(Error) });
    expect((error as HttpError).message).toContain("ECONNREFUSED");
  });
});

describe("another reading", () => {
  const spelling: Answer = (response, { url }) => response.writeHead(url.includes("/parts") ? 200 : 404).end();

  test("is tried once when asked for", async () => {
    const { url, seen } = await stub(spelling);
    expect(await call(url, PUT)).toMatchObject({ status: 404 });
    expect(await call(url, PUT, { fallbacks: true })).toMatchObject({ status: 200 });
    expect(seen.map((one) => one.url)).toEqual(["/items/1/part/", "/items/1/part/", "/items/1/parts/"]);
  });

  test("refused too: the first refusal counts", async () => {
    const { url } = await stub((response, _seen, count) => response.writeHead(count === 1 ? 405 : 404).end());
    expect(await call(url, PUT, { fallbacks: true })).toMatchObject({ code: 405 });
  });

  test("may rename members", async () => {
    const { url, seen } = await stub(json(400, {}));
    const operation = { ...ITEM_ADD, fallbacks: [{ after: [400], rename: { item: "thing" }, errata: [] }] };
    await call(url, [operation, { body: ITEM }], { fallbacks: true });
    expect(seen[1]?.body).toBe('{"thing":{"name":"a"}}');
  });
});

test("client and server understand each other", async () => {
  running = await serveHandlers();
  const client = createHttpClient({ baseUrl: running.url });
  for (const operation of [ITEM_ADD, ITEM_QUERY]) {
    const params = { ID: "ü/ ?" };
    expect(await client.call(operation, { params, body: ITEM })).toMatchObject({ status: 200, body: ITEM });
  }
  expect(await client.call(ITEM_DROP, { query: { why: "&=" }, body: ITEM })).toMatchObject({ status: 200 });
});
