import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { printfLine, withoutCredentials } from "./http-credentials.js";

const REQUEST = Buffer.from(
  "GET /a%20b?c='d' HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer s3cret\r\nX-Key: k3y\r\n\r\n\u0000\u00ff%s",
  "latin1",
);

test("credentials are not shown, whatever their name, and all else is", () => {
  const shown = withoutCredentials(REQUEST, ["x-key"]).toString("latin1");
  expect(shown).toContain("Authorization: (not shown)\r\nX-Key: (not shown)\r\n\r\n\u0000\u00ff%s");
  expect(withoutCredentials(REQUEST, []).toString("latin1")).toContain("X-Key: k3y\r\n");
});

test("a line for a shell sends the same octets, with the credentials of the environment", () => {
  const line = printfLine(REQUEST, ["x-key"]);
  for (const secret of ["s3cret", "k3y"]) {
    expect(line).not.toContain(secret);
    expect(line).not.toContain(Buffer.from(secret).toString("hex"));
  }
  expect(line).toMatch(/ "\$AUTHORIZATION" "\$X_KEY"$/);
  const sent = execFileSync("sh", ["-c", line], { env: { AUTHORIZATION: "Bearer s3cret", X_KEY: "k3y" } });
  expect(sent.equals(REQUEST)).toBe(true);
});
