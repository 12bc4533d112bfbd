/** Octets in requests: the generated client and server of CS_DATA_UPLOAD, over real sockets. */
import { createServer } from "node:http";
import { connect } from "node:net";
import express from "express";
import { afterEach, describe, expect, test } from "vitest";
import { createCsRouter } from "../../../generated/cs/express.js";
import {
  type CsClient,
  createCsClient,
  HttpError,
  isMp2pError,
  type OctetSource,
} from "../../../generated/cs/index.js";
import { csOperations } from "../../../generated/cs/operations.js";
import {
  type CsHandlers,
  createCsListener,
  type OctetStream,
  problem,
  type ServerOptions,
} from "../../../generated/cs/server.js";
import { createFrontServer } from "../../../generated/runtime/http-front.js";
import { boundRequest } from "../../../generated/runtime/http-octets.js";
import { type Running, serve } from "./fixture.js";
import { raw, request } from "./raw.js";

let running: Running | undefined;
afterEach(async () => {
  await running?.close();
  running = undefined;
});

type Upload = CsHandlers["CS_DATA_UPLOAD"];
const PATH = "/cs/sessions/s/data";
const params = { SID: "s" };

const handlersOf = (upload: Upload): CsHandlers => {
  const others = Object.keys(csOperations).map((id) => [id, () => ({ status: 503, body: problem(503) })]);
  return { ...Object.fromEntries(others), CS_DATA_UPLOAD: upload } as CsHandlers;
};

const status = (received: number, wrong: Record<string, unknown> = {}) => ({
  status: 200 as const,
  body: {
    session_status: { session_id: "s", overlay_network_id: "n", received, fragments: 0, ended: false, ...wrong },
  },
  headers: { "Upload-Offset": String(received) },
});

/** Takes everything. */
const take: Upload = async ({ query: { offset = 0 }, body }) => status(offset + (await sizeOf(body)));

async function sizeOf(body: OctetStream): Promise<number> {
  let size = 0;
  for await (const octets of body) size += octets.length;
  return size;
}

async function start(upload: Upload = take, options: ServerOptions = {}): Promise<Running & { client: CsClient }> {
  running = await serve(createFrontServer(createCsListener(handlersOf(upload), options), { streams: true }));
  return { ...running, client: createCsClient({ baseUrl: running.url }) };
}

/** A handler's own view of how a body ended. */
function witness(then: (code: string | undefined, message: string) => void, begins = () => {}): Upload {
  return async (request, context) => {
    begins();
    try {
      return await take(request, context);
    } catch (error) {
      then(isMp2pError(error) ? error.code : undefined, String(error));
      throw error;
    }
  };
}

async function* pieces(count: number, size = 1_000): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < count; i++) yield new Uint8Array(size).fill(i);
}

describe("what is sent arrives", () => {
  const whole = new Uint8Array(300_000).fill(7);
  const web = (count: number) => {
    const source = pieces(count);
    return new ReadableStream<Uint8Array>({
      async pull(controller) {
        const { done, value } = await source.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
    });
  };
  const sources: [string, OctetSource | (() => OctetSource), number, string | undefined][] = [
    ["octets", whole, 300_000, "300000"],
    ["no octets", new Uint8Array(0), 0, "0"],
    ["an async iterable", pieces(50), 50_000, undefined],
    ["a stream", web(50), 50_000, undefined],
    ["a stream without octets", web(0), 0, "0"],
    ["a function", () => pieces(3), 3_000, undefined],
  ];
  describe.each([
    ["node:http", {}],
    ["fetch", { fetch: (...given: Parameters<typeof fetch>) => fetch(...given) }],
  ])("over %s", (name, options) => {
    test.each(sources)("%s", async (_, source, size, length) => {
      const seen: unknown[] = [];
      const { url } = await start((request, context) => {
        const { headers } = context;
        seen.push(request.query, headers["content-length"], headers["transfer-encoding"], headers["content-type"]);
        return take(request, context);
      });
      // Streams are used up by the first of the two.
      const body =
        name === "fetch" && typeof source === "object" && !(source instanceof Uint8Array)
          ? pieces(size / 1_000)
          : source;
      const client = createCsClient({ baseUrl: url, ...options });
      const result = await client.CS_DATA_UPLOAD({
        params,
        query: { offset: 5, last: true },
        body: body as OctetSource,
      });
      expect(result).toMatchObject({ status: 200, body: { session_status: { received: size + 5 } } });
      expect(result.headers).toMatchObject({ "upload-offset": String(size + 5) });
      const chunked = length === undefined ? "chunked" : undefined;
      expect(seen).toEqual([{ offset: 5, last: true }, length, chunked, "application/octet-stream"]);
    });
  });

  test("nothing that a source must not be, and nothing that a source must not give", async () => {
    const { client } = await start();
    for (const body of ["text", 5, {}, null] as unknown as OctetSource[])
      await expect(client.CS_DATA_UPLOAD({ params, body })).rejects.toMatchObject({ code: "ERR_REQUEST_INVALID" });
    const texts = (async function* () {
      yield "text";
    })() as unknown as OctetSource;
    await expect(client.CS_DATA_UPLOAD({ params, body: texts })).rejects.toThrow("something else than octets");
  });
});

describe("backpressure", () => {
  test.each([
    ["node:http", {}],
    ["fetch", { fetch: (...given: Parameters<typeof fetch>) => fetch(...given) }],
  ])(
    "a source over %s is read no faster than the handler reads, and closed when the handler has enough",
    async (_, options) => {
      let given = 0;
      let closed = false;
      const endless = async function* () {
        try {
          for (;;) {
            given++;
            yield new Uint8Array(256 * 1024);
          }
        } finally {
          closed = true;
        }
      };
      const { url } = await start(async ({ body }) => {
        for await (const _ of body) {
          // Read one piece, and wait until the source stands still.
          for (let before = -1; before !== given; ) {
            before = given;
            await new Promise((resolve) => setTimeout(resolve, 30));
          }
          break;
        }
        return { status: 409, body: problem(409, { detail: "enough" }), headers: { "Upload-Offset": "1" } };
      });
      const client = createCsClient({ baseUrl: url, ...options });
      const result = await client.CS_DATA_UPLOAD({ params, body: endless() });
      expect(result).toMatchObject({ status: 409, body: { detail: "enough" }, headers: { "upload-offset": "1" } });
      expect(given).toBeLessThan(200);
      await expect.poll(() => closed).toBe(true);
    },
  );

  test("a silent source is not late, a silent server is", async () => {
    const { client } = await start();
    const slow = async function* () {
      yield new Uint8Array(1);
      await new Promise((resolve) => setTimeout(resolve, 60));
      yield new Uint8Array(1);
    };
    const patient = { timeoutMs: 50 };
    // What the server has to do takes no time to speak of, but the machine may be busy.
    expect(await client.CS_DATA_UPLOAD({ params, body: slow() }, { timeoutMs: 5_000 })).toMatchObject({ status: 200 });
    await expect(client.CS_DATA_UPLOAD({ params, body: slow() }, { deadlineMs: 30 })).rejects.toMatchObject({
      code: "ERR_DEADLINE",
    });
    await running?.close();
    const silent = await start(() => new Promise(() => {}));
    await expect(silent.client.CS_DATA_UPLOAD({ params, body: pieces(1) }, patient)).rejects.toMatchObject({
      code: "ERR_TIMEOUT",
    });
  });
});

describe("uploads that do not come to their end", () => {
  test.each<[string, () => OctetSource, object]>([
    [
      "the caller aborts",
      () =>
        (async function* () {
          yield new Uint8Array(10);
          await new Promise(() => {});
        })(),
      { code: "ERR_ABORTED" },
    ],
    [
      "the source fails",
      () =>
        (async function* () {
          yield new Uint8Array(10);
          await new Promise((resolve) => setTimeout(resolve, 20));
          throw new RangeError("the disk is gone");
        })(),
      new RangeError("the disk is gone"),
    ],
  ])("%s", async (_, source, expected) => {
    const codes: (string | undefined)[] = [];
    const statuses: number[] = [];
    const errors: Error[] = [];
    const abort = new AbortController();
    const begins = () => expected instanceof Error || abort.abort();
    const { client } = await start(
      witness((code) => codes.push(code), begins),
      { onRequest: (_operation, code) => statuses.push(code), onError: (error) => errors.push(error) },
    );
    const sent = client.CS_DATA_UPLOAD({ params, body: source() }, { signal: abort.signal });
    if (expected instanceof Error) await expect(sent).rejects.toBeInstanceOf(RangeError);
    else await expect(sent).rejects.toMatchObject(expected);
    await expect.poll(() => statuses).toEqual([499]);
    expect(codes).toEqual(["ERR_ABORTED"]);
    expect(errors).toEqual([]);
  });

  test("a client that falls silent is cut off; a handler may take its time", async () => {
    const ends: string[] = [];
    const limits = { octetsSilenceMs: 40 };
    const head = `PUT ${PATH} HTTP/1.1\r\nHost: t\r\nConnection: close\r\nContent-Length: 10\r\n\r\n`;
    const { port } = await start(
      witness((code, message) => ends.push(`${code} ${message}`)),
      { limits },
    );
    expect((await raw(port, `${head}01234`)).body).toBe("");
    expect(ends).toEqual([expect.stringMatching(/^ERR_ABORTED .*fell silent/)]);
    await running?.close();
    const thoughtful = await start(
      async ({ body }) => {
        for await (const _ of body) await new Promise((resolve) => setTimeout(resolve, 120));
        return status(1);
      },
      { limits },
    );
    expect((await raw(thoughtful.port, `${head}0123456789`)).status).toBe(200);
  });

  test("of a stream that has begun there is no second attempt; of what can be had anew there is", async () => {
    const idempotent = { ...csOperations.CS_DATA_UPLOAD, idempotent: true };
    let asked = 0;
    const { client } = await start(async ({ body }) => {
      asked++;
      const size = await sizeOf(body);
      return asked % 2 === 1 ? { status: 503, body: problem(503) } : status(size);
    });
    const options = { retry: { baseMs: 1, capMs: 2 } };
    const call = (body: OctetSource) => client.call(idempotent, { params, body }, options);
    expect([(await call(() => pieces(2))).code, asked]).toEqual([200, 2]);
    expect([(await call(new Uint8Array(2))).code, asked]).toEqual([200, 4]);
    expect([(await call(pieces(2))).code, asked]).toEqual([503, 5]);
  });

  test("a source is left alone where nobody listens", async () => {
    const { url } = await start();
    await running?.close();
    let begun = false;
    const body = (async function* () {
      begun = true;
      yield new Uint8Array(1);
    })();
    const failure = await createCsClient({ baseUrl: url })
      .CS_DATA_UPLOAD({ params, body })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(HttpError);
    expect(failure).toMatchObject({ code: "ERR_NETWORK" });
    expect(begun).toBe(false);
  });
});

describe("refusals", () => {
  const chunked = (octets: string) => `${octets.length.toString(16)}\r\n${octets}\r\n`;
  const put = (headers: string, body = "", query = "") =>
    `PUT ${PATH}${query} HTTP/1.1\r\nHost: t\r\nConnection: close\r\n${headers}\r\n${body}`;
  const type = "Content-Type: application/octet-stream\r\n";
  test.each<[string, string, number, string, number]>([
    ["announced beyond the limit", put("Content-Length: 1001\r\n", "0".repeat(1_001)), 413, "more than 1000", 0],
    [
      "beyond the limit, chunked",
      put(`${type}Transfer-Encoding: chunked\r\n`, `${chunked("0".repeat(900))}${chunked("0".repeat(900))}0\r\n\r\n`),
      413,
      "more than 1000",
      1,
    ],
    [
      "within it, chunked",
      put(`${type}Transfer-Encoding: chunked\r\n`, `${chunked("0".repeat(900))}0\r\n\r\n`),
      200,
      '"received":900',
      1,
    ],
    [
      "within it, with length",
      put("Content-Type: Application/Octet-Stream; x=y\r\nContent-Length: 3\r\n", "012"),
      200,
      '"received":3',
      1,
    ],
    ["no content type", put("Content-Length: 3\r\n", "012"), 200, '"received":3', 1],
    ["JSON", put("Content-Type: application/json\r\nContent-Length: 3\r\n", "{ }"), 415, '"Content-Type"', 0],
    ["a coding", put("Content-Encoding: gzip\r\nContent-Length: 3\r\n", "012"), 415, '"Content-Encoding"', 0],
    ["an offset below zero", put("Content-Length: 3\r\n", "012", "?offset=-1"), 400, '"?offset"', 0],
    ["a last that is neither", put("Content-Length: 3\r\n", "012", "?last=1"), 400, '"?last"', 0],
  ])("%s", async (_, text, code, part, handled) => {
    let asked = 0;
    const { port, client } = await start(
      (given, context) => {
        asked++;
        return take(given, context);
      },
      { limits: { octets: 1_000 } },
    );
    const answer = await raw(port, text);
    expect([answer.status, asked]).toEqual([code, handled]);
    expect(answer.body).toContain(part);
    expect((await client.CS_DATA_UPLOAD({ params, body: new Uint8Array(1_000) })).status).toBe(200);
  });

  test("too large for the client too, however it sends", async () => {
    const { client } = await start(take, { limits: { octets: 100_000 } });
    for (const body of [new Uint8Array(5_000_000), pieces(5_000)])
      expect(await client.CS_DATA_UPLOAD({ params, body })).toMatchObject({ status: 413, ok: false });
  });

  test("an answer before the end closes the connection, and what is left is no request", async () => {
    const { port } = await start(() => ({ status: 404, body: problem(404) }));
    const answer = await raw(
      port,
      `PUT ${PATH} HTTP/1.1\r\nHost: t\r\nContent-Length: 30\r\n\r\n${"GET /cs HTTP/1.1\r\nHost: t\r\n\r\n".padEnd(30)}`,
    );
    expect([answer.status, answer.headers.connection]).toEqual([404, "close"]);
    expect(answer.body.match(/HTTP\/1\.1/g)).toBe(null);
  });

  test("what a handler must not answer, or throws, is a 500", async () => {
    const errors: Error[] = [];
    const options = { onError: (error: Error) => void errors.push(error) };
    const wrong = await start(async ({ body }) => status(await sizeOf(body), { received: -1 }), options);
    expect((await wrong.client.CS_DATA_UPLOAD({ params, body: pieces(1) })).code).toBe(500);
    await running?.close();
    const broken = await start(() => Promise.reject(new Error("no")), options);
    expect((await broken.client.CS_DATA_UPLOAD({ params, body: pieces(1) })).code).toBe(500);
    expect(errors.map((error) => (error as HttpError).code)).toEqual(["ERR_HANDLER_RESULT", "ERR_HANDLER"]);
  });
});

test("only a handler that reads gets more time than others", async () => {
  const listener = createCsListener(
    handlersOf((given, context) => (context.headers.authorization ? take(given, context) : new Promise(() => {}))),
  );
  running = await serve(
    createServer((given, answer) => {
      boundRequest(given, answer, 50);
      listener(given, answer);
    }),
  );
  const { port } = running;
  const head = (method: string, more = "") =>
    `${method} ${PATH} HTTP/1.1\r\nHost: t\r\nContent-Length: 9\r\n${more}\r\n`;
  const cut = ["POST", "PUT"].map((method) => raw(port, `${head(method)}0`));
  expect((await Promise.all(cut)).map(({ body }) => body)).toEqual(["", ""]);
  const socket = connect(port, "127.0.0.1");
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk.toString();
  });
  socket.write(`${head("PUT", "Authorization: yes\r\n")}01234567`);
  await new Promise((resolve) => setTimeout(resolve, 120));
  expect(socket.destroyed).toBe(false);
  socket.write("8");
  await expect.poll(() => text).toContain('"received":9');
  socket.destroy();
});

describe("the Express router", () => {
  test.each<[string, express.RequestHandler | undefined]>([
    ["no parser", undefined],
    ["express.json()", express.json()],
    ["express.raw()", express.raw({ type: "*/*" })],
  ])("after %s", async (_, parser) => {
    const app = express();
    if (parser !== undefined) app.use(parser);
    app.use("/api", createCsRouter(handlersOf(take)));
    running = await serve(createServer(app));
    const client = createCsClient({ baseUrl: `${running.url}/api` });
    const result = await client.CS_DATA_UPLOAD({ params, body: new Uint8Array(50_000) });
    expect(result).toMatchObject({ status: 200, body: { session_status: { received: 50_000 } } });
  });

  test.each<[string, express.RequestHandler]>([
    ["of text", express.text({ type: "*/*" })],
    ["that keeps them", (given, _, next) => void given.resume().once("end", next)],
  ])("a parser %s is the operator's mistake", async (_, parser) => {
    const app = express();
    app.use(parser);
    const errors: Error[] = [];
    app.use(createCsRouter(handlersOf(take), { onError: (error) => errors.push(error) }));
    running = await serve(createServer(app));
    const headers = { "Content-Type": "application/octet-stream" };
    expect((await request(running.port, "PUT", PATH, { headers, body: "abc" })).status).toBe(500);
    expect(errors[0]?.message).toContain("has read its octets");
  });
});
