import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { entities } from "../entities.js";

describe("conformance/cases.json", () => {
  it("lists the cases as they are, for the reference pages (npm run reference writes it)", () => {
    const listed = JSON.parse(readFileSync(new URL("../cases.json", import.meta.url), "utf8")) as {
      id: string;
      requirements: string[];
    }[];
    const cases = Object.values(entities).flatMap((entity) => entity.cases);
    expect(listed.map(({ id, requirements }) => [id, requirements])).toEqual(
      cases.map(({ id, requirements }) => [id, [...requirements]]),
    );
  });
});
