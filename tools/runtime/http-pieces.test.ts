import { describe, expect, test } from "vitest";
import { acceptsJson, isJsonContentType } from "./http-negotiation.js";
import type { QueryCarrier } from "./http-operation.js";
import { convertText, fillFromQuery, parseQuery, queryFromBody } from "./http-parameters.js";
import { backoffMs, retryAfterMs } from "./http-retry.js";
import { Router } from "./http-router.js";
import { isProblemDetails, problem } from "./problem.js";
import { describeIssues } from "./validation.js";

describe("Router", () => {
  const router = new Router<string>();
  router.add("POST", "/a/", "add", "both");
  router.add("GET", "/a/{ID}", "get", "printed");
  router.add("PUT", "/a/{ID}/b/{X}/", "put", "printed");
  router.add("GET", "/a/list", "list", "printed");
  router.add("DELETE", "/a/list/", "drop", "printed");
  router.add("DELETE", "/a/list", "drop", "printed");

  const cases: [string, string, string | undefined, string[]?][] = [
    ["POST", "/a", "add", []],
    ["POST", "/a/", "add", []],
    ["GET", "/a/1", "get", ["1"]],
    ["GET", "/a/list", "list", []],
    ["GET", "/a/lis%74", "list", []],
    ["PUT", "/a/1/b/2/", "put", ["1", "2"]],
    ["PUT", "/a/%2F/b/%/", "put", ["%2F", "%"]],
    ["GET", "/", undefined],
    ["GET", "/a/1/b", undefined],
    ["GET", "/a/1/b/2/3", undefined],
    ["GET", "/a//b/2", undefined],
    ["GET", "//a", undefined],
    ["GET", "/A/1", undefined],
  ];
  test.each(cases)("%s %s → %s", (method, path, target, values) => {
    const match = router.match(path);
    expect(match?.methods.get(method)?.target).toBe(target);
    if (values !== undefined) expect(match?.values).toEqual(values);
  });

  test("slashes as printed, either where both are printed", () => {
    expect(router.match("/a/1")?.methods.get("GET")?.trailingSlash).toBe(false);
    expect(router.match("/a/1/b/2")?.methods.get("PUT")?.trailingSlash).toBe(true);
    expect(router.match("/a/list")?.methods.get("DELETE")?.trailingSlash).toBeUndefined();
    expect(router.match("/a/1/")?.trailingSlash).toBe(true);
  });

  test("two claims on one route", () => {
    expect(() => router.add("GET", "/a/{OTHER}", "other", "both")).toThrow(/two operations claim GET/);
  });
});

test.each([
  [undefined, true],
  ["application/json", true],
  ["Application/JSON ; Charset=UTF8", true],
  ["application/merge-patch+json", true],
  ["application/json; profile=x", true],
  ["application/json; charset=utf-16", false],
  ["text/json", false],
  ["application/jsonx", false],
  ["application/x-www-form-urlencoded", false],
  ["", false],
])("isJsonContentType %j → %s", (value, expected) => {
  expect(isJsonContentType(value)).toBe(expected);
});

test.each([
  [undefined, true],
  ["*/*", true],
  ["text/html, application/json;q=0.1", true],
  ["application/*", true],
  ["application/json;q=0", false],
  ["application/json; q=0.0, */*", false],
  ["*/*;q=0", false],
  ["text/*", false],
  ["application/problem+json", false],
])("acceptsJson %j → %s", (value, expected) => {
  expect(acceptsJson(value)).toBe(expected);
});

test.each([
  ["3", "integer", 3],
  ["-1", "integer", -1],
  ["1.5", "integer", undefined],
  ["9007199254740992", "integer", undefined],
  ["1.5", "number", 1.5],
  ["1e3", "number", undefined],
  ["0x10", "number", undefined],
  ["", "number", undefined],
  ["true", "boolean", true],
  ["1", "boolean", undefined],
  ["x", "string", "x"],
] as const)("convertText %j as %s → %j", (text, type, expected) => {
  expect(convertText(text, type)).toBe(expected);
});

describe("query carriers", () => {
  const carriers: QueryCarrier[] = [
    { parameter: "max", member: ["c", "max"], type: "integer", array: false },
    { parameter: "id", member: ["c", "ids"], type: "string", array: true },
    { parameter: "start", member: ["c", "range", "start"], type: "integer", array: false },
  ];
  const round: [string, unknown][] = [
    ["max=3&id=a&id=b+c&start=0", { c: { max: 3, ids: ["a", "b c"], range: { start: 0 } } }],
    ["", { c: {} }],
    ["id=%26", { c: { ids: ["&"] } }],
  ];
  test.each(round)("%j", (text, body) => {
    expect(queryFromBody(body, carriers)).toBe(text);
    if (text !== "") expect(fillFromQuery({}, carriers, parseQuery(text) ?? {})).toEqual(body);
  });

  test.each([{ c: { other: 1 } }, { c: { ids: [] } }, { c: { max: null }, d: 1 }, 3])("no query carries %j", (body) => {
    expect(queryFromBody(body, carriers)).toBeUndefined();
  });

  test("the body outranks the query, and text that is no number stays for the validator", () => {
    const query = parseQuery("max=x&start=1") ?? {};
    expect(fillFromQuery({ c: { range: { start: 5 } } }, carriers, query)).toEqual({
      c: { max: "x", range: { start: 5 } },
    });
    expect(fillFromQuery([1], carriers, query)).toEqual([1]);
    expect(fillFromQuery({ c: 1 }, carriers, query)).toEqual({ c: 1 });
  });

  test("parseQuery refuses what is malformed or absurd, and has no prototype", () => {
    expect(parseQuery("a=%G0")).toBeUndefined();
    expect(parseQuery("a&".repeat(300))).toBeUndefined();
    expect(parseQuery("__proto__=1&a=1&a=2")).toEqual(
      Object.assign(Object.create(null), { ["__proto__"]: ["1"], a: ["1", "2"] }),
    );
  });
});

test.each([
  ["3", 3000],
  [" 0 ", 0],
  ["Thu, 01 Jan 1970 00:00:10 GMT", 9000],
  ["Thu, 01 Jan 1970 00:00:00 GMT", 0],
  ["soon", undefined],
  [undefined, undefined],
])("retryAfterMs %j → %j", (value, expected) => {
  expect(retryAfterMs(value, 1000)).toBe(expected);
});

test.each([
  [1, 100],
  [2, 200],
  [5, 1600],
  [6, 2000],
  [99, 2000],
])("backoff before attempt %i is at most %i ms, with full jitter", (attempt, bound) => {
  expect(backoffMs(attempt, { random: () => 1 })).toBe(bound);
  expect(backoffMs(attempt, { random: () => 0 })).toBe(0);
});

describe("problem", () => {
  test("names the status, the member and the clause", () => {
    expect(problem(409)).toEqual({ type: "about:blank", title: "Conflict", status: 409 });
    expect(problem(400, { detail: "is odd", member: "/a", clause: "9.1" })).toEqual({
      type: "about:blank",
      title: "Bad Request",
      status: 400,
      detail: "is odd",
      errors: [{ member: "/a", clause: "9.1", message: "is odd" }],
    });
    expect(problem(499, { title: "Own" }).title).toBe("Own");
  });

  test.each([
    [{ title: "x" }, true],
    [{ status: 400, more: 1 }, true],
    [{}, false],
    [{ error: "x" }, false],
    [{ title: 1 }, false],
    [[], false],
    ["x", false],
    [null, false],
  ])("isProblemDetails %j → %s", (value, expected) => {
    expect(isProblemDetails(value)).toBe(expected);
  });

  test("issues in one line", () => {
    const issues = [
      { member: "/a", clause: "X 1", message: "is odd" },
      { member: "", clause: "X 2", message: "is empty" },
    ];
    expect(describeIssues(issues)).toBe("/a is odd [X 1]; message is empty [X 2]");
  });
});
