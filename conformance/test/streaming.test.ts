import { expect, test } from "vitest";
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
