import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { guardedDeclaration, judge, TOKEN } from "./pams/judge.js";
import { leaks, mutants } from "./pams/mutants.js";
import { startReference } from "./pams/reference.js";
import type { Serving } from "./servers.js";

let open: Serving;
let guarded: Serving;
beforeAll(async () => {
  [open, guarded] = await Promise.all([
    startReference("pams"),
    startReference("pams", "--oms-token", TOKEN, "--peer-tokens"),
  ]);
});
afterAll(async () => {
  await Promise.all([open?.close(), guarded?.close()]);
});

/** Every defect has to be found by a case that claims the statement it breaks, and by a failure that cites it. */
describe.concurrent("a PAMS with one defect fails on the statement that it breaks", () => {
  test.each(mutants.map((one) => [one.breaks, one.what, one] as const))("%s: %s", async (breaks, _, mutant) => {
    const declaration = mutant.guarded ? guardedDeclaration : {};
    const run = await judge(mutant.guarded ? guarded.url : open.url, mutant.twist(), { only: [breaks], declaration });
    const cited = run.cases
      .flatMap(({ failures }) => failures)
      .filter(({ requirements }) => requirements.includes(breaks));
    expect(cited, JSON.stringify(run.cases.map(({ id, verdict, reason }) => [id, verdict, reason]))).not.toEqual([]);
    expect(run.cases.filter(({ verdict }) => verdict === "error")).toEqual([]);
  });
});

describe("a PAMS that tells secrets", () => {
  test.each(leaks.map((one) => [one.what, one] as const))(
    "fails on secrecy alone: %s",
    async (_, { breaks, twist }) => {
      const run = await judge(open.url, twist(), { only: [breaks] });
      const failing = run.cases.filter(({ verdict }) => verdict === "fail");
      expect(failing.length).toBeGreaterThan(0);
      expect(failing.filter(({ security }) => !security)).toEqual([]);
      expect(run.conclusion).toBe("conforms");
    },
  );
});

test.each(["PAMP-REQ-SEC-01", "PAMP-REQ-TRANS-01"] as const)(
  "%s: an address with TLS that is declared but not there is noted, and the product conforms",
  async (requirement) => {
    const declaration = { values: { "tls-url": open.url.replace("http:", "https:") } };
    const run = await judge(open.url, async (_, forward) => await forward({}), { only: [requirement], declaration });
    expect(run.cases).toMatchObject([{ id: "pams/transport/tls", verdict: "fail", level: "recommended" }]);
    expect(run.conclusion).toBe("conforms");
  },
);
