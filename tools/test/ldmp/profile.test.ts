import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Code, codeClass, defaultReadings, profile } from "../../../generated/ldmp/index.js";
import { emitKsy } from "./compile-ksy.js";

const read = (name: string): string => readFileSync(new URL(`../../../spec/ldmp/${name}`, import.meta.url), "utf8");

describe("profile", () => {
  test("covers every request of table 1, with successes of class 2 and refusals of class 4", () => {
    const requests = Object.values(Code).filter((code) => codeClass(code) === 0);
    expect(
      Object.values(profile.requests)
        .map(({ code }) => code)
        .sort(),
    ).toEqual(requests.sort());
    for (const { success, refusals } of Object.values(profile.requests)) {
      expect(codeClass(success)).toBe(2);
      for (const refusal of Object.values(refusals)) expect(codeClass(refusal)).toBe(4);
    }
  });

  test("follows reading A wherever there is a choice", () => {
    for (const [id, letter] of Object.entries(defaultReadings)) {
      expect(letter, id).toBe("A");
      expect(Object.keys(profile.readings[id as keyof typeof profile.readings].options)).toContain(letter);
    }
  });

  test("keeps its defaults within their bounds, and the source peer slower than the data source [9.1, 7.3]", () => {
    for (const { default: value, least, most } of Object.values(profile.variables)) {
      expect(value).toBeGreaterThanOrEqual(least);
      expect(value).toBeLessThanOrEqual(most);
    }
    const { heartbeatTimeSourcePeer, heartbeatTimeDataSource, retransmissionTime, maxRetransmissions } =
      profile.variables;
    expect(heartbeatTimeSourcePeer.default).toBe(60_000);
    expect(heartbeatTimeSourcePeer.default).toBeGreaterThan(heartbeatTimeDataSource.default);
    expect(retransmissionTime.default).toBe(10_000);
    expect(maxRetransmissions.default).toBe(3);
    expect(profile.variables.removalTime.default).toBe((maxRetransmissions.default + 1) * retransmissionTime.default);
  });
});

describe("a mistake in profile.yaml has a place and advice", () => {
  test.each([
    ["success: content", "success: contents", /profile\.yaml:\d+:5: contents is no code of ldmp\.ksy/],
    ["payload: resource", "payload: resources", /:5: resources is no payload/],
    ["refusals: [malformed, unauthenticated,", "refusals: [misformed, unauthenticated,", /: misformed is no refusal/],
    ["default: A", "default: Z", /: Z is none of the options/],
    ["port: 6098", "port: 66000", /: port must be <= 65535/],
    ["unit: ms", "unit: seconds", /: unit must be equal to one of the allowed values \(ms,repeats\)/],
    ["limits:", "limitations:", /must NOT have additional properties \(limitations\)/],
  ])("%s → %s", async (right, wrong, message) => {
    const text = read("profile.yaml");
    expect(text).toContain(right);
    await expect(emitKsy(read("ldmp.ksy"), "ldmp", { profile: text.replace(right, wrong) })).rejects.toThrow(message);
  });
});
