import { describe, expect, test } from "vitest";
import { judge } from "./homs/judge.js";
import { leaks, mutants } from "./homs/mutants.js";

/** Every defect has to be found by a case that claims the statement it breaks, and by a failure that cites it. */
describe.concurrent("a HOMS with one defect fails on the statement that it breaks", () => {
  test.each(mutants.map((one) => [one.breaks, one.what, one] as const))("%s: %s", async (breaks, _, { twist }) => {
    const run = await judge(twist, { only: [breaks] });
    const cited = run.cases
      .flatMap(({ failures }) => failures)
      .filter(({ requirements }) => requirements.includes(breaks));
    expect(cited, JSON.stringify(run.cases.map(({ id, verdict, reason }) => [id, verdict, reason]))).not.toEqual([]);
    expect(run.cases.filter(({ verdict }) => verdict === "error")).toEqual([]);
  });
});

describe("a HOMS that tells secrets", () => {
  test.each(leaks.map((one) => [one.what, one] as const))(
    "fails on secrecy alone: %s",
    async (_, { breaks, twist }) => {
      const run = await judge(twist, { only: [breaks] });
      const failing = run.cases.filter(({ verdict }) => verdict === "fail");
      expect(failing.length).toBeGreaterThan(0);
      expect(failing.filter(({ security }) => !security)).toEqual([]);
      expect(run.security.fail).toBe(failing.length);
      expect(run.conclusion).toBe("conforms");
    },
  );
});
