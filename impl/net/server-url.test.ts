import { expect, test } from "vitest";
import { serverUrlFault } from "./server-url.js";

test.each([
  ["http://oms.example", true],
  ["https://oms.example:8443/a/b/", true],
  ["HTTP://[2001:db8::1]:80", true],
  ["http://[", false],
  ["http://", false],
  ["http:///x", false],
  ["http://x:99999", false],
  ["http://\\x", false],
  ["http://x/?q", false],
  ["http://x/#f", false],
  ["http://x\r\n", false],
  ["http://user:word@x", false],
  ["ftp://x", false],
])("%j: %s", (text, fits) => expect(serverUrlFault(text) === undefined).toBe(fits));
