/** 100,000 seeded inputs per protocol: the generated servers refuse or understand, and never fail. */
import { createServer } from "node:http";
import { connect } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { hompOperations } from "../../../generated/homp/operations.js";
import { createHompListener, type HompHandlers } from "../../../generated/homp/server.js";
import { pampOperations } from "../../../generated/pamp/operations.js";
import { createPampListener, type PampHandlers } from "../../../generated/pamp/server.js";
import type { Operation } from "../../../generated/runtime/http-operation.js";
import type { Listener } from "../../../generated/runtime/http-server-types.js";
import { type Running, serve } from "./fixture.js";

const INPUTS = 100_000;
const BATCH = 50;

/** Mulberry32: small, and the same everywhere. */
function createRandom(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (n: number) => Math.floor(next() * n);
  const pick = <T>(items: readonly T[]): T => items[below(items.length)] as T;
  return { below, pick, chance: (p: number) => next() < p };
}
type Random = ReturnType<typeof createRandom>;

const oddities: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e308,
  Number.MAX_SAFE_INTEGER,
  2 ** 53,
  "",
  " ",
  "0",
  "-1",
  "1.5",
  "1e3",
  "true",
  "\u0000",
  "\ud800",
  "é",
  "x".repeat(300),
  "x".repeat(70_000),
  [],
  [[]],
  [null],
  {},
  { a: {} },
  { constructor: 1 },
  { toString: null },
];

/** Changes one thing somewhere in a message. */
function mutate(random: Random, value: unknown): unknown {
  if (random.chance(0.15) || typeof value !== "object" || value === null) return random.pick(oddities);
  if (Array.isArray(value)) {
    const items = [...value];
    items[random.below(items.length + 1)] = mutate(random, random.pick([...items, 1]));
    return items;
  }
  const members = { ...(value as Record<string, unknown>) };
  const names = Object.keys(members);
  const name = names.length === 0 ? "x" : random.pick(names);
  switch (random.below(6)) {
    case 0:
      delete members[name];
      return members;
    case 1:
      members[random.pick(["hasOwnProperty", "unknown", `${name} `, name.toUpperCase(), name.replaceAll("_", "-")])] =
        members[name];
      return members;
    case 2:
      return { [name]: value };
    default:
      members[name] = mutate(random, members[name]);
      return members;
  }
}

/** Changes octets of a text. */
function corrupt(random: Random, text: string): string {
  const at = random.below(text.length + 1);
  switch (random.below(5)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + String.fromCharCode(random.below(256)) + text.slice(at + 1);
    case 2:
      return (
        text.slice(0, at) +
        random.pick(["[".repeat(50), '{"a":'.repeat(40), '"__proto__":', "\\u0000", "NaN", "//"]) +
        text.slice(at)
      );
    case 3:
      return text.replace("{", '{"__proto__":{"polluted":true},');
    default:
      return text + text;
  }
}

function path(random: Random, operation: Operation): string {
  const template = random.pick([operation.path, ...operation.alternatives.map((route) => route.path)]);
  const ids = ["n1", "%2F", "%", "%zz", "%C3%A9", "..", ".", "x".repeat(257), "a;b", "", "%00", "*", "é"];
  let text = template.replace(/\{[^}]+\}/g, () =>
    random.chance(0.7) ? "n1" : encodeURI(random.pick(ids)).replaceAll("%25", "%"),
  );
  if (random.chance(0.2)) text = text.endsWith("/") ? text.slice(0, -1) : `${text}/`;
  if (random.chance(0.05)) text += random.pick(["/", "//", "/x", "/query", ";x"]);
  if (random.chance(0.3)) {
    const names = [
      ...operation.query.map(({ parameter }) => parameter),
      ...operation.parameters.map(({ name }) => name),
      "recovery",
      "ticket-id",
      "__proto__",
    ];
    const pairs = Array.from(
      { length: random.below(4) },
      () => `${random.pick(names)}=${random.pick(["1", "x", "%", "", "true", "-1", "9".repeat(30), "%F0%9F%98%80"])}`,
    );
    text += `?${pairs.join("&")}`;
  }
  return text;
}

/** One well-formed HTTP request with whatever content. */
function input(random: Random, operation: Operation, sample: unknown): string {
  const method = random.chance(0.9)
    ? operation.method
    : random.pick(["GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS"]);
  let body = sample === undefined ? "" : JSON.stringify(random.chance(0.2) ? sample : mutate(random, sample));
  if (body === undefined) body = "undefined";
  if (random.chance(0.2)) body = corrupt(random, body);
  if (random.chance(0.05)) body = "";
  const type = random.chance(0.95)
    ? "application/json"
    : random.pick(["text/plain", "application/json;charset=x", ";", "application/x+json"]);
  const headers = [`Host: t`, `Content-Type: ${type}`, `Content-Length: ${Buffer.byteLength(body)}`];
  if (random.chance(0.05)) headers.push(`Accept: ${random.pick(["text/html", "*/*;q=0", ",;,", "application/*"])}`);
  if (random.chance(0.01)) headers.push("Content-Encoding: gzip");
  return `${method} ${path(random, operation)} HTTP/1.1\r\n${headers.join("\r\n")}\r\n\r\n${body}`;
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Sends requests down one connection and takes the answers apart by their lengths. */
function exchange(port: number, requests: readonly string[]): Promise<Answer[]> {
  return new Promise((resolve, reject) => {
    const answers: Answer[] = [];
    let rest = Buffer.alloc(0);
    const socket = connect(port, "127.0.0.1", () => socket.write(requests.join("")));
    socket.on("data", (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      for (;;) {
        const end = rest.indexOf("\r\n\r\n");
        if (end === -1) break;
        const head = rest.toString("latin1", 0, end);
        const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
        if (rest.length < end + 4 + length) break;
        answers.push({ status: Number(head.slice(9, 12)), body: rest.toString("utf8", end + 4, end + 4 + length) });
        rest = rest.subarray(end + 4 + length);
      }
      if (answers.length === requests.length) socket.end();
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(answers));
  });
}

let running: Running | undefined;
afterEach(async () => {
  await running?.close();
  running = undefined;
});

/** A handler is only reached by what its schema allows; it then answers nothing that could hide a failure. */
function guards(operations: readonly Operation[], reached: Map<string, number>): object {
  return Object.fromEntries(
    operations.map(({ id, request }) => [
      id,
      ({ params, body }: { params: Record<string, string>; body: unknown }) => {
        const issues = body === undefined && request?.required !== true ? undefined : request?.validate(body);
        if (issues !== undefined) throw new Error(`${id} got what its schema refuses: ${JSON.stringify(issues)}`);
        for (const value of Object.values(params)) if (value.length > 256 || value === "") throw new Error("bad id");
        reached.set(id, (reached.get(id) ?? 0) + 1);
        return { status: 503, body: { title: "reached", status: 503 } };
      },
    ]),
  );
}

const overlay = {
  "overlay-id": "1",
  type: "core",
  "sub-type": "tree",
  expires: 60,
  auth: { type: "closed", access_key: "k" },
};
const hompPeer = { "peer-id": "p", address: "tcp://127.0.0.1:1", auth: { password: "s" } };
const samples: Record<string, unknown> = {
  PAMP_OVERLAY_NW_REG: { overlay_network_information: { overlay_network_id: "n1", content_type: "FILE" } },
  PAMP_PEER_REG: { peer_information: { peer_id: "p", type: "PEER", delegation_id: "d" } },
  PAMP_PEER_STATUS_REPORT: {
    peer_status: {
      dynamic_status: {
        overlay_event: "STARTED",
        uploaded: "1",
        downloaded: 2,
        left: "3",
        fragment_event: [
          { fragment_event_type: "UPLOADED", fragment_id: "1", fragment_integrity: true, to: "a", from: "b" },
        ],
        fragment_list: { num_of_fragment: 3, fragment_size: 1, fragment: [1, 2, 3] },
        fragment_range: { start_fragment_id: 1, end_fragment_id: 2 },
        num_upload_connection: 1,
      },
      static_status: { max_up_bw: 1, max_num_conn_for_up: 2 },
    },
  },
  PAMP_PEER_LIST_QUERY: {
    peer_query_condition: {
      overlay_status: "STARTED",
      max_peer_num: 3,
      ordering: "LEFT",
      peer_id: ["a"],
      service_class: 1,
    },
  },
  HybridOverlayCreation: {
    overlay_info: {
      title: "t",
      type: "core",
      "sub-type": "tree",
      "owner-id": "o",
      description: "d",
      "heartbeat-interval": 10,
      "heartbeat-timeout": 40,
      auth: { type: "open", admin_key: "k" },
      "cr-policy": { mN_Cache: 1, "recovery-by": "push" },
    },
  },
  HybridOverlayModification: {
    overlay: { "overlay-id": "1", "owner-id": "o", title: "t", auth: { type: "open", admin_key: "k" } },
  },
  HybridOverlayRemoval: { overlay: { "overlay-id": "1", "owner-id": "o", auth: { type: "open", admin_key: "k" } } },
  HybridOverlayJoin: { overlay: { ...overlay, recovery: true, "ticket-id": "1" }, peer: hompPeer },
  HybridOverlayReport: {
    overlay: { "overlay-id": "1" },
    peer: { "peer-id": "p", auth: { password: "s" } },
    status: { num_primary: 1 },
  },
  HybridOverlayRefresh: { overlay, peer: hompPeer },
  HybridOverlayLeave: { overlay: { "overlay-id": "1" }, peer: hompPeer },
};

const protocols: [
  string,
  Readonly<Record<string, Operation>>,
  (handlers: object, onError: (error: Error) => void) => Listener,
][] = [
  ["PAMP", pampOperations, (handlers, onError) => createPampListener(handlers as PampHandlers, { onError })],
  ["HOMP", hompOperations, (handlers, onError) => createHompListener(handlers as HompHandlers, { onError })],
];

describe.each(protocols)("%s", (_name, table, listen) => {
  test(`${INPUTS} inputs`, async () => {
    const operations = Object.values(table);
    const random = createRandom(20_251_121);
    const reached = new Map<string, number>();
    const errors: Error[] = [];
    const listener = listen(guards(operations, reached), (error) => errors.push(error));
    running = await serve(createServer((request, response) => listener(request, response)));

    const counts = new Map<number, number>();
    for (let done = 0; done < INPUTS; done += BATCH) {
      const requests = Array.from({ length: BATCH }, () => {
        const operation = random.pick(operations);
        return input(random, operation, samples[operation.id]);
      });
      const answers = await exchange(running.port, requests);
      expect(errors).toEqual([]);
      for (const [index, { status, body }] of answers.entries()) {
        counts.set(status, (counts.get(status) ?? 0) + 1);
        if (![204, 400, 404, 405, 406, 413, 415, 503].includes(status))
          throw new Error(`${status} for\n${requests[index]}\n${body}`);
        if (status >= 400) JSON.parse(body);
      }
      if (answers.length !== BATCH) throw new Error(`no answer to\n${requests[answers.length]}`);
    }
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    // The fuzzer is worth its time only if it gets everywhere.
    expect([...reached.keys()].sort()).toEqual(operations.map(({ id }) => id).sort());
    for (const status of [400, 404, 405, 406, 415, 503])
      expect(counts.get(status) ?? 0, `${status}`).toBeGreaterThan(20);
  });
});

test("octets that are no HTTP: refused, and the server lives", async () => {
  const random = createRandom(7);
  const listener = createPampListener(guards(Object.values(pampOperations), new Map()) as PampHandlers);
  running = await serve(createServer((request, response) => listener(request, response)));
  const { port } = running;
  const sound = "DELETE /pams/n1/ HTTP/1.1\r\nHost: t\r\n\r\n";
  for (let i = 0; i < 2_000; i++) {
    const octets = Buffer.from(
      random.chance(0.5)
        ? corrupt(random, sound)
        : String.fromCharCode(...Array.from({ length: 40 }, () => random.below(256))),
      "latin1",
    );
    await new Promise<void>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => socket.end(octets));
      socket.on("error", () => {});
      socket.on("close", () => resolve());
      socket.resume();
    });
  }
  expect(await exchange(port, [sound])).toMatchObject([{ status: 503 }]);
});
