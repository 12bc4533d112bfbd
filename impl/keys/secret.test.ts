import { expect, test } from "vitest";
import { systemRandom } from "../net/clock.js";
import { hashSecret, matchesSecret } from "./secret.js";

test.each(["k", "admin-secret", "x".repeat(32), "x".repeat(33), "ключ\u0000🔑", "x".repeat(1024), "\ud800"])(
  "a secret matches itself alone: %j",
  (secret) => {
    const hashed = hashSecret(secret, systemRandom);
    expect(matchesSecret(secret, hashed)).toBe(true);
    for (const other of ["", `${secret} `, secret.slice(0, -1), `${secret}${secret}`, hashed]) {
      expect(matchesSecret(other, hashed)).toBe(false);
    }
  },
);

test("the same secret is kept in another form each time, and never in clear", () => {
  const [one, two] = [hashSecret("admin-secret", systemRandom), hashSecret("admin-secret", systemRandom)];
  expect(one).not.toBe(two);
  expect(one).not.toContain("admin");
});

test("one wrong character of the digest is enough", () => {
  const hashed = hashSecret("admin-secret", systemRandom);
  const start = hashed.indexOf(".") + 1;
  // The last character has two bits only.
  for (let i = start; i < hashed.length - 1; i++) {
    const other = hashed[i] === "A" ? "B" : "A";
    expect(matchesSecret("admin-secret", hashed.slice(0, i) + other + hashed.slice(i + 1))).toBe(false);
  }
});

test.each(["", ".", "a", "AAAA."])("what is no hash matches nothing: %j", (hashed) => {
  expect(matchesSecret("", hashed)).toBe(false);
});
