import { describe, expect, test } from "vitest";
import { blemishes } from "./homs/judge.js";
import { judgeStreaming } from "./streaming/judge.js";
import type { ServerId } from "./streaming/products.js";

/** Without the cases that wait or send megabytes: the full tests have these, and each defect and oddity. */
const quick: Readonly<Record<ServerId, readonly string[]>> = {
  ixs: ["ixs/registration", "ixs/update", "ixs/query", "ixs/removal"],
  ums: ["ums/access/granted", "ums/access/named", "ums/access/secret", "ums/channels"],
  unis: ["unis/distances", "unis/preferences"],
  oms: ["oms/creation", "oms/closed", "oms/join", "oms/leave", "oms/removal"],
};

test.each(Object.entries(quick) as [ServerId, readonly string[]][])(
  "a simple %s passes",
  { retry: 2 },
  async (entity, only) => {
    const run = await judgeStreaming(entity, "is plain", { only });
    expect(blemishes(run)).toEqual([]);
    expect(run.conclusion).toBe("conforms");
    expect(run.left).toBe(0);
  },
);

test.each<[ServerId, string, string]>([
  ["ixs", "gives the first version", "ixs/update/newest"],
  ["ums", "looks at no session", "ums/access/each-session"],
  ["unis", "puts the farthest first", "unis/distances/by-policy"],
  ["oms", "looks at no password", "oms/closed/password-wrong"],
])("an %s that %s fails %s", async (entity, quirk, only) => {
  const run = await judgeStreaming(entity, quirk, { only: [only] });
  expect(run.cases.map(({ verdict }) => verdict)).toEqual(["fail"]);
});

test.each([
  ["ixs", "ixs/robustness/registration-null-body"],
  ["oms", "oms/robustness/creation-null-body"],
  ["ums", "ums/robustness/access-null-body"],
] as const)("the valid twins of damaged messages do not stay at an %s", async (entity, only) => {
  const run = await judgeStreaming(entity, "is plain", { only: [only] });
  expect(run.cases.map(({ verdict }) => verdict)).toEqual(["pass"]);
  expect(run.left).toBe(0);
});

describe("a product that ends in the middle of a run", () => {
  test("fails in the case that it ended in, and the rest is counted", async () => {
    const only = ["ixs/robustness/registration-n*", "ixs/robustness/update-null-body", "ixs/query/unknown"];
    const run = await judgeStreaming("ixs", "ends over null", { only });
    const failed = run.cases.filter(({ verdict }) => verdict === "fail").map(({ id }) => id);
    expect(failed).toEqual(["ixs/robustness/registration-null-body"]);
    expect(run.ended).toMatchObject({ case: failed[0], others: [] });
    expect(run.ended?.unjudged).toBe(run.cases.filter(({ verdict }) => verdict === "inconclusive").length);
    // What is harmless came before what is not.
    expect(run.cases.find(({ id }) => id === "ixs/query/unknown")?.verdict).toBe("pass");
  });

  test("fails in one of those that were sent at the same time", async () => {
    const run = await judgeStreaming("ixs", "ends over numbers", { only: ["ixs/registration"] });
    expect(run.cases.filter(({ verdict }) => verdict === "fail")).toHaveLength(1);
    expect(run.conclusion).toBe("fails");
    expect(run.ended?.unjudged).toBe(run.cases.filter(({ verdict }) => verdict === "inconclusive").length);
  });
});

describe("credentials that nobody declared", () => {
  const nobody = { values: { headers: [], "admin-headers": [] } };
  test.each([
    [nobody, /declare the credentials of the administrator.* admin-headers/],
    [{ values: { headers: [] } }, /declare the credentials of the OMS.* headers/],
    [{ values: { headers: ["authorization: Bearer another"] } }, /although headers is declared/],
  ])("end the run in its preconditions (%j)", async (declaration, hint) => {
    const run = await judgeStreaming("ums", "is plain", { declaration, only: ["ums/access/granted"] });
    expect(run.conclusion).toBe("inconclusive");
    expect(run.preflight.find(({ holds }) => !holds)?.hint).toMatch(hint);
    expect(run.left).toBe(0);
  });
});

test("what only the profile asks for draws a remark that names the place", async () => {
  const run = await judgeStreaming("ixs", "says version 0", { only: ["ixs/registration/accepted"] });
  expect(run.cases.map(({ verdict }) => verdict)).toEqual(["pass"]);
  expect(run.cases[0]?.warnings[0]?.text).toMatch(
    /^\/registration\/version is 0, where this project's profile \(spec\/ixs\)/,
  );
});

test("a member that the Recommendation asks for is named by its place, and by who put it there", async () => {
  const run = await judgeStreaming("oms", "gives no identifier", { only: ["oms/creation/accepted"] });
  expect(run.cases[0]?.failures[0]).toMatchObject({
    requirements: ["DS-8.5-b"],
    pointer: "/overlay_network/overlay_network_id",
    form: "spec/oms",
    actual: '""',
  });
});
