import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { Code, decode, encode } from "../../generated/ldmp/index.js";
import type { CaseDefinition } from "../engine/case.js";
import { code, craft, decoded } from "../engine/ldmp-message.js";
import type { RunResult } from "../engine/result.js";
import { runConformance } from "../engine/runner.js";
import { entities } from "../entities.js";
import type { DataSourceTest } from "../ldmp-data-source/case.js";
import { defineCase as dataSourceCase } from "../ldmp-data-source/case.js";
import type { SourcePeerTest } from "../ldmp-source-peer/case.js";
import { defineCase as sourcePeerCase } from "../ldmp-source-peer/case.js";

const closing: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Answers every request by the map; sends nothing of its own. */
function answer(octets: Uint8Array, codes: Readonly<Record<number, number>>): Uint8Array | undefined {
  const request = decode(octets, { trailing: "ignore" });
  const reply = codes[request.code];
  if (reply === undefined) return undefined;
  return encode({
    ...request,
    type: 2,
    payloadType: 0,
    payload: undefined,
    code: reply,
    sourceId: 9,
    destinationId: request.sourceId,
  });
}

const usual = { [Code.registration]: Code.ok, [Code.release]: Code.ok, [Code.heartbeat]: Code.ok };

async function udpSourcePeer(codes: Readonly<Record<number, number>>): Promise<string> {
  const socket = createSocket("udp4");
  socket.on("message", (octets, from) => {
    const reply = octets.length < 8 ? undefined : answer(octets, codes);
    if (reply) socket.send(reply, from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  closing.push(() => new Promise<void>((resolve) => socket.close(() => resolve())));
  return `udp://127.0.0.1:${socket.address().port}`;
}

async function tcpSourcePeer(codes: Readonly<Record<number, number>>): Promise<string> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", (octets) => {
      const reply = answer(octets, codes);
      // In two segments, as a network may deliver it.
      if (reply) socket.write(reply.subarray(0, 3), () => setTimeout(() => socket.write(reply.subarray(3)), 5));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  return `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function judgeSourcePeer(url: string, run: (t: SourcePeerTest) => Promise<void>): Promise<RunResult> {
  const definition = sourcePeerCase({
    id: "ldmp-source-peer/test/one",
    title: "one",
    requirements: ["LDMP-7.3-04"],
    group: "basic",
    run,
  });
  const entity = { ...entities["ldmp-source-peer"], cases: [definition as unknown as CaseDefinition] };
  return runConformance({ entity, target: { url }, timeoutMs: 200 });
}

describe.each([
  ["UDP", udpSourcePeer],
  ["TCP", tcpSourcePeer],
])("a source peer over %s", (_, start) => {
  test("is heard", async () => {
    const run = await judgeSourcePeer(await start(usual), async (t) => {
      const link = await t.registered();
      const reply = await link.request({ code: Code.heartbeat });
      t.answers(reply, code("2.xx"), { what: "the answer to a Heartbeat" });
      t.equal(link.peerId, 9, { what: "the source peer's identifier" });
    });
    expect(run.cases[0]).toMatchObject({ verdict: "pass", reason: "" });
  });

  test("that answers wrongly fails, with the octets and their meaning", async () => {
    const run = await judgeSourcePeer(await start({ ...usual, [Code.heartbeat]: Code.notFound }), async (t) => {
      const link = await t.registered();
      t.answers(await link.request({ code: Code.heartbeat }), code("2.xx"), { what: "the answer to a Heartbeat" });
    });
    const [failure] = run.cases[0]?.failures ?? [];
    expect(failure).toMatchObject({
      permitted: ["any 2.xx"],
      actual: expect.stringContaining("4.04 Not Found") as string,
    });
    expect(failure?.reproduce).toMatch(/^printf '\\100\\007.* \| nc (-u )?-w 2 127\.0\.0\.1 \d+ \| xxd$/);
    expect(run.cases[0]?.transcript[failure?.entry ?? -1]).toMatchObject({
      hex: expect.stringMatching(/^6084/) as string,
    });
  });

  test("that stays silent is recorded as silent", async () => {
    const run = await judgeSourcePeer(await start({ [Code.registration]: Code.ok }), async (t) => {
      const link = await t.registered();
      const [first, second] = await Promise.all([link.quiet(60), link.request({ code: Code.heartbeat })]);
      t.equal(first.length, 0, { what: "what arrives" });
      t.answers(second, code("2.xx", "silence"), { what: "the answer to a Heartbeat" });
      t.answers(second, code("2.xx"), { what: "the answer to a Heartbeat" });
    });
    expect(run.cases[0]?.failures[0]?.actual).toMatch(
      /^silence: an answer to 0.07 Heartbeat \d+ did not come within 200 ms$/,
    );
    expect(run.cases[0]?.transcript.filter(({ kind }) => kind === "silence").length).toBeGreaterThanOrEqual(2);
  });

  test("that does not register anybody leaves the case inconclusive", async () => {
    const run = await judgeSourcePeer(await start({ [Code.registration]: Code.forbidden }), async (t) => {
      await t.registered();
      t.passed({ what: "x" });
    });
    expect(run.cases[0]).toMatchObject({
      verdict: "inconclusive",
      reason: expect.stringContaining("4.03 Forbidden") as string,
    });
  });
});

test("octets that are no message are shown as such, and do not end the case", async () => {
  const socket = createSocket("udp4");
  socket.on("message", (octets, from) => {
    socket.send(Buffer.from("c0ffee", "hex"), from.port, from.address);
    socket.send(answer(octets, usual) ?? "", from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  closing.push(() => new Promise<void>((resolve) => socket.close(() => resolve())));
  const run = await judgeSourcePeer(`udp://127.0.0.1:${socket.address().port}`, async (t) => {
    const link = await t.registered();
    const odd = await link.next(({ fault }) => fault !== undefined);
    t.match(odd.outcome, /3 octets that are no message: version/, { what: "octets" });
  });
  expect(run.cases[0]).toMatchObject({ verdict: "pass" });
});

function judgeDataSource(
  target: { exec?: string; listen?: string },
  count: number,
  transport: string,
  run: (t: DataSourceTest) => Promise<void>,
) {
  const cases = Array.from({ length: count }, (_, index) =>
    dataSourceCase({
      id: `ldmp-data-source/test/case-${index}`,
      title: "one",
      requirements: ["LDMP-7.5-07"],
      group: "basic",
      run,
    }),
  );
  const entity = { ...entities["ldmp-data-source"], cases: cases as unknown as readonly CaseDefinition[] };
  return runConformance({
    entity,
    target,
    timeoutMs: 500,
    declaration: { values: { transport, "registers-within": 3 } },
  });
}

async function asksForData(t: DataSourceTest): Promise<void> {
  const { link } = await t.session();
  const content = await link.request({ code: Code.get });
  t.answers(content, code(Code.content), { what: "the answer to GET" });
  t.equal(content.text, "21.5", { what: "its payload" });
}

describe.each(["udp", "tcp"])("a data source over %s", (transport) => {
  test("is started for each case", async () => {
    const run = await judgeDataSource(
      { exec: "node conformance/test/fixtures/data-source.mjs {url}" },
      2,
      transport,
      asksForData,
    );
    expect(run.cases.map(({ verdict, reason }) => [verdict, reason])).toEqual([
      ["pass", ""],
      ["pass", ""],
    ]);
  });

  test("that connects by itself is handed from case to case", async () => {
    const port = await freePort();
    const listen = `${transport}://127.0.0.1:${port}`;
    const product = new Promise<void>((resolve) => {
      setTimeout(() => {
        const started = spawn("node", ["conformance/test/fixtures/data-source.mjs", listen], { stdio: "inherit" });
        closing.push(() => started.kill());
        resolve();
      }, 200);
    });
    const run = await judgeDataSource({ listen }, 3, transport, asksForData);
    await product;
    expect(run.cases.map(({ verdict, reason }) => [verdict, reason])).toEqual(
      Array.from({ length: 3 }, () => ["pass", ""]),
    );
  });
});

test("a data source that never registers is a missing precondition", async () => {
  const run = await judgeDataSource({ exec: "sleep 30 # {url}" }, 1, "udp", asksForData);
  expect(run.preflight[0]).toMatchObject({ holds: false });
  expect(run.conclusion).toBe("inconclusive");
}, 10_000);

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe("octets", () => {
  test.each([
    [
      "a message with text",
      craft({
        code: Code.post,
        type: 1,
        payloadType: 3,
        messageId: 1,
        sourceId: 2,
        destinationId: 3,
        length: 2,
        payload: "ok",
      }),
      /10- {2}Payload "ok"/,
    ],
    [
      "a header cut short",
      craft({ code: Code.get, messageId: 1, sourceId: 2, destinationId: 3 }).subarray(0, 5),
      /5 octets, too few/,
    ],
    [
      "a Length too large",
      craft({ code: Code.post, payloadType: 2, messageId: 1, sourceId: 2, destinationId: 3, length: 9, payload: "a" }),
      /Length 9 \(1 octets follow\)/,
    ],
    [
      "octets not announced",
      craft({ code: Code.get, messageId: 1, sourceId: 2, destinationId: 3, payload: "a" }),
      /1 octets that the header does not announce: 61/,
    ],
  ])("%s are shown field by field", (_, octets, line) => {
    expect(decoded(octets).join("\n")).toMatch(line);
  });
});
