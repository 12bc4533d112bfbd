import { describe, it } from "vitest";
import { everythingArrives, orderIsKept } from "./test/churn.js";

describe.each(["push", "pull"] as const)("churn under %s", (recoveryBy) => {
  it("everything reaches everyone exactly once", () => everythingArrives(recoveryBy, 1000));

  it("everything after the first contact is delivered once and in its order", () => orderIsKept(recoveryBy, 700));
});
