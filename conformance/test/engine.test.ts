import { afterEach, describe, expect, test } from "vitest";
import type { CaseDefinition } from "../engine/case.js";
import { status } from "../engine/http.js";
import { set } from "../engine/refuses.js";
import type { RunResult } from "../engine/result.js";
import { runConformance } from "../engine/runner.js";
import { entities } from "../entities.js";
import type { HomsTest } from "../homs/case.js";
import { defineCase } from "../homs/case.js";
import { homs } from "../homs/entity.js";
import type { Serving } from "./servers.js";
import { created, creationServer, serve } from "./servers.js";

let serving: Serving | undefined;
afterEach(async () => {
  await serving?.close();
  serving = undefined;
});

/** Runs the suite's own creation cases, or others, against a throw-away server. */
async function judge(
  server: Promise<Serving>,
  cases?: readonly CaseDefinition<HomsTest>[],
  timeoutMs = 400,
): Promise<RunResult> {
  serving = await server;
  const entity = {
    ...entities.homs,
    cases: cases ?? homs.cases.filter(({ id }) => /creation\/(accepted|without-title|heartbeat-interval-3)$/.test(id)),
  };
  return await runConformance({
    entity: entity as typeof entities.homs,
    target: { url: serving.url },
    timeoutMs,
    seed: "0",
  });
}

function verdicts(run: RunResult): Record<string, string> {
  return Object.fromEntries(run.cases.map(({ id, verdict }) => [id.replace("homs/creation/", ""), verdict]));
}

const one = (run: (t: HomsTest) => Promise<void>, more: Partial<CaseDefinition<HomsTest>> = {}) =>
  defineCase({ id: "homs/test/one", title: "one", requirements: ["HOMP-6.2.1-20"], group: "basic", run, ...more });

describe("a server", () => {
  test("that does as specified conforms", async () => {
    const run = await judge(creationServer());
    expect(verdicts(run)).toEqual({ accepted: "pass", "without-title": "pass", "heartbeat-interval-3": "pass" });
    expect(run.conclusion).toBe("conforms");
  });

  test("with a wrong member fails, with everything a reader needs", async () => {
    const run = await judge(
      creationServer((asked) => ({ status: 200, overlay: { ...created(asked), "owner-id": "other" } })),
    );
    expect(run.conclusion).toBe("fails");
    const [failure] = run.cases.find(({ id }) => id.endsWith("accepted"))?.failures ?? [];
    expect(failure).toMatchObject({
      requirements: ["HOMP-6.2.1-22"],
      clauses: ["Q.4103 6.2.1 Table 6-10"],
      level: "required",
      what: "owner-id",
      permitted: [expect.stringMatching(/^"owner-/)],
      actual: '"other"',
      reproduce: expect.stringMatching(/^curl -i -X POST 'http:\/\/127|^curl -i -X POST http:\/\/127/),
    });
    const entry = run.cases.find(({ id }) => id.endsWith("accepted"))?.transcript[failure?.entry ?? -1];
    expect(entry?.text).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*"owner-id":"other"/);
  });

  test("that accepts what has to be refused fails the negative cases only", async () => {
    const run = await judge(creationServer((asked) => ({ status: 200, overlay: created(asked) })));
    expect(verdicts(run)).toEqual({ accepted: "pass", "without-title": "fail", "heartbeat-interval-3": "fail" });
  });

  test("that refuses everything passes no negative case", async () => {
    const run = await judge(creationServer(() => ({ status: 400 })));
    expect(verdicts(run)).toEqual({
      accepted: "fail",
      "without-title": "inconclusive",
      "heartbeat-interval-3": "inconclusive",
    });
  });

  test("that hangs on one request, and answers others, fails within the time for an answer", async () => {
    const begun = performance.now();
    const run = await judge(
      serve((request, response) => {
        if (request.method === "GET") response.writeHead(404).end();
      }),
    );
    expect(performance.now() - begun).toBeLessThan(3_000);
    expect(verdicts(run)).toMatchObject({ accepted: "fail", "without-title": "inconclusive" });
    expect(run.cases[0]?.failures[0]?.permitted).toEqual(["an answer"]);
  });

  test("that is not there leaves everything inconclusive, and says what to do", async () => {
    serving = await creationServer();
    await serving.close();
    const run = await runConformance({ entity: homs as typeof entities.homs, target: { url: serving.url } });
    expect(run.conclusion).toBe("inconclusive");
    expect(run.preflight.at(-1)).toMatchObject({ holds: false, hint: expect.stringContaining("start the server") });
    expect(new Set(run.cases.map(({ verdict }) => verdict))).toEqual(new Set(["inconclusive"]));
  });

  test("that dies of the refused message fails", async () => {
    let dead = false;
    const run = await judge(
      serve((request, response, body) => {
        if (dead) return void request.socket.destroy();
        // A HOMS, and no server that says yes to everything.
        if (!request.url?.startsWith("/homs")) return void response.writeHead(404).end();
        const interval = (body as { overlay_info?: { "heartbeat-interval"?: number } } | undefined)?.overlay_info?.[
          "heartbeat-interval"
        ];
        dead = interval === 5;
        response.writeHead(dead ? 400 : 200).end();
      }),
      homs.cases.filter(({ id }) => id.endsWith("heartbeat-interval-5")),
    );
    expect(run.cases[0]).toMatchObject({ verdict: "fail", failures: [{ actual: "it no longer answers" }] });
  });
});

describe("a case", () => {
  test.each<[string, CaseDefinition<HomsTest>, RegExp]>([
    ["throws", one(async () => void JSON.parse("{")), /SyntaxError/],
    [
      "sends a message that is not as specified",
      one(async (t) => void (await t.http.post("/homs", { body: { overlay_info: { title: 1 } } }))),
      /own POST \/homs is not as specified: .*title/,
    ],
    [
      "sends to an address of no primitive",
      one(async (t) => void (await t.http.get("/hons"))),
      /no primitive is GET \/hons/,
    ],
    [
      "cites what it does not claim",
      one(async (t) => t.passed({ requirement: "HOMP-6.2.1-21", what: "x" })),
      /does not claim/,
    ],
    ["claims what it does not check", one(async () => {}), /claims HOMP-6.2.1-20, but no check/],
    [
      "refuses a message that differs in two places",
      one(async (t) => {
        await t.refuses({
          what: "x",
          valid: () => ({ a: 1, b: 1 }),
          send: () => t.http.get("/homs"),
          accepted: status("4xx"),
          delta: () => ({ a: 2, b: 2 }),
          permitted: status("4xx"),
        });
      }),
      /differs in a, b/,
    ],
  ])("that %s is an error of the suite, not of the product", async (_, definition, reason) => {
    const run = await judge(creationServer(), [definition]);
    expect(run.cases[0]).toMatchObject({ verdict: "error", reason: expect.stringMatching(reason) as string });
    expect(run.conclusion).toBe("suite error");
  });

  test("that takes longer than its budget is inconclusive", async () => {
    const run = await judge(creationServer(), [one((t) => t.sleep(60_000), { budgetMs: 100 })]);
    expect(run.cases[0]).toMatchObject({ verdict: "inconclusive" });
    expect(run.milliseconds).toBeLessThan(2_000);
  });

  test("keeps its verdict when clean-up goes wrong", async () => {
    const run = await judge(creationServer(), [
      one(async (t) => {
        t.cleanup("what cannot be undone", () => Promise.reject(new Error("no")));
        t.passed({ what: "x" });
      }),
    ]);
    expect(run.cases[0]).toMatchObject({ verdict: "pass" });
    expect(run.cases[0]?.transcript.at(-1)?.summary).toContain("clean-up of what cannot be undone");
  });

  test("whose option is not declared is not applicable, and a run of such cases conforms to nothing", async () => {
    const run = await judge(creationServer(), [one(async () => {}, { needs: () => false })]);
    expect(run.cases[0]).toMatchObject({ verdict: "n/a" });
    expect(run.conclusion).toBe("inconclusive");
  });

  test("that breaks only what is not mandatory goes on, and does not make the product fail", async () => {
    const run = await judge(creationServer(), [
      defineCase({
        id: "homs/test/soft",
        title: "soft",
        requirements: ["HOMP-6.2.1-20", "HOMP-6.2.2-13"],
        group: "basic",
        async run(t) {
          t.equal(1, 2, { requirement: "HOMP-6.2.2-13", what: "something optional" });
          t.passed({ requirement: "HOMP-6.2.1-20", what: "something required" });
        },
      }),
    ]);
    expect(run.cases[0]).toMatchObject({
      verdict: "fail",
      level: "optional",
      failures: [{ what: "something optional" }],
    });
    expect(run.totals.optional.fail).toBe(1);
    expect(run.conclusion).toBe("conforms");
  });

  test("draws the same names from the same seed", async () => {
    const names: string[] = [];
    const definition = one(async (t) => {
      names.push(t.unique("peer"));
      t.passed({ what: "x" });
    });
    await judge(creationServer(), [definition]);
    await serving?.close();
    await judge(creationServer(), [definition]);
    expect(names[0]).toBe(names[1]);
  });
});

test.each([
  ["tried again, and judged", 1, "pass"],
  ["not tried for ever", 9, "inconclusive"],
])("a case during which the suite's machine was held up is %s", async (_, busy, verdict) => {
  let tries = 0;
  const run = await judge(creationServer(), [
    one(async (t) => {
      if (++tries <= busy) t.heldUp(120);
      t.passed({ what: "the time" });
    }),
  ]);
  expect(run.cases.map((each) => each.verdict)).toEqual([verdict]);
  expect(tries).toBe(Math.min(busy + 1, 3));
});

test("a delta that leaves out a member the valid message lacks is an error", async () => {
  expect(() => set("a.b", 1)({ c: 1 })).toThrow(/no object to hold a\.b/);
});
