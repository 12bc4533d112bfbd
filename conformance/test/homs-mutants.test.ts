import { describe, expect, test } from "vitest";
import { toJunit } from "../engine/report/junit.js";
import { renderRun } from "../engine/report/terminal.js";
import { homs } from "../homs/entity.js";
import { judge } from "./homs/judge.js";
import { leaks, mutants } from "./homs/mutants.js";

/** Every defect has to be found by a case that claims the statement it breaks, and by a failure that cites it. */
describe.concurrent("a HOMS with one defect fails on the statement that it breaks", () => {
  test.each(mutants.map((one) => [one.breaks, one.what, one] as const))(
    "%s: %s",
    async (breaks, _, { twist, declaration = {} }) => {
      const run = await judge(twist, { only: [breaks], declaration });
      const failures = run.cases.flatMap((one) => one.failures);
      const seen = run.cases.map(({ id, verdict, reason }) => [id, verdict, reason]);
      expect(
        failures.filter(({ requirements }) => requirements.includes(breaks)),
        JSON.stringify(seen),
      ).not.toEqual([]);
      expect(run.cases.filter(({ verdict }) => verdict === "error")).toEqual([]);
    },
  );
});

test("every statement that a case claims has a defect that breaks it", () => {
  const broken = new Set([...mutants, ...leaks].map(({ breaks }) => breaks));
  const claimed = new Set(homs.cases.flatMap(({ requirements }) => requirements));
  expect([...claimed].filter((id) => !broken.has(id))).toEqual([]);
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
      expect(renderRun(run, { colour: false })).toMatch(/fail \(security\)[\s\S]*SECRETS SHOWN[\s\S]*CONFORMS/);
      expect(toJunit(run)).toMatch(/failures="0"[\s\S]*<skipped message="security: /);
    },
  );
});
