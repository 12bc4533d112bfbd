import { createSocket } from "node:dgram";
import { afterAll, describe, expect, test } from "vitest";
import { Code } from "../../generated/ldmp/index.js";
import type { CaseDefinition } from "../engine/case.js";
import { code, craft } from "../engine/ldmp-message.js";
import type { RunResult } from "../engine/result.js";
import { runConformance } from "../engine/runner.js";
import { entities } from "../entities.js";
import type { SourcePeerTest } from "../ldmp-source-peer/case.js";
import { defineCase } from "../ldmp-source-peer/case.js";

const closing: (() => void)[] = [];
afterAll(() => {
  for (const close of closing.splice(0)) close();
});

interface Asked {
  readonly code: number;
  readonly messageId: number;
  readonly sourceId: number;
  /** How many messages with this code came before from the same stand-in. */
  readonly before: number;
}

/** What is sent for one request: answers, each with its delay in ms. */
type Answers = (asked: Asked) => readonly { code: number; messageId: number; afterMs?: number }[];

const ok: Answers = ({ messageId }) => [{ code: Code.ok, messageId }];

/** A source peer of a few lines; every answer goes where its request came from. */
async function sourcePeer(answers: Answers): Promise<string> {
  const socket = createSocket("udp4");
  const counts = new Map<string, number>();
  socket.on("message", (octets, from) => {
    if (octets.length < 8) return;
    const [code, messageId, sourceId] = [octets[1] ?? 0, octets.readUInt16BE(2), octets.readUInt16BE(4)];
    const key = `${from.port} ${code}`;
    const before = counts.get(key) ?? 0;
    counts.set(key, before + 1);
    for (const { afterMs = 0, ...answer } of answers({ code, messageId, sourceId, before })) {
      const out = craft({ ...answer, type: 2, sourceId: 9, destinationId: sourceId });
      const timer = setTimeout(() => socket.send(out, from.port, from.address), afterMs);
      closing.push(() => clearTimeout(timer));
    }
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  closing.push(() => socket.close());
  return `udp://127.0.0.1:${socket.address().port}`;
}

function judge(
  url: string,
  run: (t: SourcePeerTest) => Promise<void>,
  requirements: CaseDefinition["requirements"] = ["LDMP-7.3-04"],
): Promise<RunResult> {
  const definition = defineCase({
    id: "ldmp-source-peer/test/one",
    title: "one",
    requirements,
    group: "basic",
    budgetMs: 20_000,
    run,
  });
  const entity = { ...entities["ldmp-source-peer"], cases: [definition as unknown as CaseDefinition] };
  return runConformance({
    entity,
    target: { url },
    timeoutMs: 1_000,
    declaration: { readings: { "E-LDMP-01": "A", "E-LDMP-02": "A" }, values: { "peer-id": 9 } },
  });
}

const heartbeat = async (t: SourcePeerTest): Promise<void> => {
  const link = await t.registered();
  t.answers(await link.request({ code: Code.heartbeat }), code("2.xx"), { what: "the answer to a Heartbeat" });
};

describe.concurrent("over a network that loses datagrams", () => {
  test("a request that got lost is asked again, and the run says so", async () => {
    const url = await sourcePeer((asked) => (asked.code === Code.heartbeat && asked.before === 0 ? [] : ok(asked)));
    const run = await judge(url, heartbeat);
    expect(run.cases[0]).toMatchObject({ verdict: "pass" });
    // Probes of its readings may have met the same.
    expect(run.network?.askedAgain).toBeGreaterThan(0);
    expect(run.network?.triedAgain).toEqual([]);
  });

  test("a product that answers none of them fails", async () => {
    const url = await sourcePeer((asked) => (asked.code === Code.heartbeat ? [] : ok(asked)));
    const run = await judge(url, heartbeat);
    expect(run.cases[0]).toMatchObject({ verdict: "fail" });
    expect(run.cases[0]?.reason).toMatch(/silence: an answer to 0.07 Heartbeat \d+, \d+ did not come/);
  });
});

describe("a product whose answers have Message IDs of their own", () => {
  test("is not held to a late answer to an earlier request", async () => {
    let next = 5_000;
    // Later than the suite waits for what it sends wrong on purpose.
    const url = await sourcePeer((asked) => [
      asked.code === 0x1f
        ? { code: Code.methodNotAllowed, messageId: next++, afterMs: 700 }
        : { code: Code.ok, messageId: next++, afterMs: asked.code === Code.heartbeat ? 400 : 0 },
    ]);
    const run = await judge(url, async (t) => {
      const link = await t.registered({ hostile: true });
      await link.request({ code: 0x1f, type: 0 }, { withinMs: 400 });
      t.answers(await link.request({ code: Code.heartbeat }), code(Code.ok), { what: "the answer to a Heartbeat" });
    });
    expect(run.cases.map(({ verdict, reason }) => [verdict, reason])).toEqual([["pass", ""]]);
  });
});

describe("a failure", () => {
  test("that does not come again does not count, and is told", async () => {
    let tries = 0;
    const run = await judge(await sourcePeer(ok), async (t) => {
      t.equal(++tries, 2, { what: "something that goes wrong once" });
    });
    expect(run.cases[0]).toMatchObject({
      verdict: "pass",
      warnings: [{ text: expect.stringMatching("tried 2 times") }],
    });
    expect(run.network?.triedAgain).toMatchObject([{ tries: 2, first: expect.stringMatching(/^fail: something/) }]);
  });

  test("that comes again counts", async () => {
    let tries = 0;
    const run = await judge(await sourcePeer(ok), async (t) => {
      t.equal(++tries, 0, { what: "something wrong" });
    });
    expect(run.cases[0]).toMatchObject({ verdict: "fail", warnings: [] });
    // Two tries, or one more where this machine was held up meanwhile.
    expect([2, 3]).toContain(tries);
    expect(run.network).toBeUndefined();
  });

  test("that is another one each time counts after more tries", async () => {
    const all = ["LDMP-7.3-04", "LDMP-7.1-04", "LDMP-7.2-03", "LDMP-8.1-13", "LDMP-8.1-15"] as const;
    let tries = 0;
    const run = await judge(
      await sourcePeer(ok),
      async (t) => t.fails("a", "b", { requirement: all[tries++] ?? all[0], what: "something" }),
      all,
    );
    expect(run.cases[0]).toMatchObject({ verdict: "fail" });
    expect(tries).toBe(5);
  });
});

test("a product that dies of a case fails, though nothing can be judged afterwards", async () => {
  let dead = false;
  const url = await sourcePeer((asked) => {
    dead ||= asked.code === Code.post;
    return dead ? [] : ok(asked);
  });
  const run = await judge(url, async (t) => {
    const link = await t.registered();
    link.send({ code: Code.post, payload: "x" });
    t.answers(await link.request({ code: Code.heartbeat }), code("2.xx"), { what: "the answer to a Heartbeat" });
  });
  expect(run.cases[0]).toMatchObject({ verdict: "fail" });
});

describe("a message of the suite's own that is not as specified", () => {
  const wrong: [string, { reserved?: number; version?: number; code?: number; type?: number; sourceId?: number }][] = [
    ["version", { version: 2 }],
    ["code", { code: 0x1f }],
    ["T", { type: 2 }],
    ["R", { reserved: 1 }],
    ["Source ID", { sourceId: 1 }],
  ];
  const send = (fields: (typeof wrong)[number][1], hostile: boolean) => async (t: SourcePeerTest) => {
    const link = await t.registered({ hostile });
    const sound = { code: Code.heartbeat, messageId: 1, sourceId: link.ownId, destinationId: 9 };
    link.sendOctets(craft({ ...sound, ...fields }));
    t.passed({ what: "x" });
  };

  test.each(wrong)("in its %s is an error of the suite", async (_, fields) => {
    const run = await judge(await sourcePeer(ok), send(fields, false));
    expect(run.cases[0]).toMatchObject({ verdict: "error", reason: expect.stringMatching("not as specified") });
    expect(run.conclusion).toBe("suite error");
  });

  test("is none on a link that says so", async () => {
    const run = await judge(await sourcePeer(ok), send({ version: 2 }, true));
    expect(run.cases[0]).toMatchObject({ verdict: "pass" });
  });
});
