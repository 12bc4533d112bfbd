import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, expectTypeOf, test } from "vitest";
import { errorCodes, isMp2pError, Mp2pError, type Mp2pErrorCode } from "./errors.js";

const folder = import.meta.dirname;
const documented = [...readFileSync(join(folder, "README.md"), "utf8").matchAll(/^\| `(ERR_\w+)` *\| \S/gm)].map(
  ([, code]) => code,
);

describe("codes", () => {
  test("table = documentation", () => {
    expect(documented.sort()).toEqual(Object.keys(errorCodes).sort());
  });

  test("each code is its own name", () => {
    for (const [name, code] of Object.entries(errorCodes)) expect(code).toBe(name);
  });

  test("table = types", () => {
    expectTypeOf<Mp2pErrorCode>().toEqualTypeOf<keyof typeof errorCodes>();
    // @ts-expect-error a code outside the table does not compile
    expect(new Mp2pError("ERR_NONE", "").code).toBe("ERR_NONE");
  });

  test("each code is used by the runtime or by generated code", () => {
    const sources = [folder, join(folder, "../emit"), join(folder, "../emit/ksy"), join(folder, "../../spec/ldmp")]
      .flatMap((path) => readdirSync(path).map((name) => join(path, name)))
      .filter((path) => /(?<!\.test)\.(ts|ksy|yaml)$/.test(path) && !path.endsWith("errors.ts"))
      .map((path) => readFileSync(path, "utf8"))
      .join("\n");
    const unused = Object.keys(errorCodes).filter((code) => !sources.includes(code));
    expect(unused).toEqual([]);
  });
});

describe("isMp2pError", () => {
  const foreign = Object.assign(new Error(), { code: "ERR_TIMEOUT", [Symbol.for("mp2p.error")]: true });
  const cases: [string, unknown, boolean][] = [
    ["an error of this copy", new Mp2pError("ERR_TIMEOUT", "late"), true],
    ["an error of another copy", foreign, true],
    ["any other error", Object.assign(new Error(), { code: "ERR_TIMEOUT" }), false],
    ["null", null, false],
    ["text", "ERR_TIMEOUT", false],
  ];
  test.each(cases)("%s", (_name, value, expected) => {
    expect(isMp2pError(value)).toBe(expected);
    expect(isMp2pError(value, "ERR_TIMEOUT")).toBe(expected);
    expect(isMp2pError(value, "ERR_NETWORK")).toBe(false);
  });

  test("keeps the cause", () => {
    const cause = new Error("beneath");
    expect(new Mp2pError("ERR_NETWORK", "above", { cause })).toMatchObject({
      cause,
      message: "above",
      name: "Mp2pError",
    });
  });
});
