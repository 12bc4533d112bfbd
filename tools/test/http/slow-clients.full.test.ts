/** Clients that take their time: cut off, while others are served. */
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createPampServer } from "../../../generated/pamp/express.js";
import { type Running, serve } from "./fixture.js";
import { pampHandlers } from "./pamp-handlers.js";
import { request } from "./raw.js";

let running: Running;
beforeAll(async () => {
  running = await serve(createPampServer(pampHandlers()));
});
afterAll(() => running.close());

/** Sends one octet of endless text per interval; resolves with the seconds until the server has had enough. */
function drip(start: string, intervalMs: number): Promise<number> {
  const began = performance.now();
  return new Promise((resolve) => {
    const socket = connect(running.port, "127.0.0.1", () => socket.write(start));
    const timer = setInterval(() => socket.write("x"), intervalMs);
    socket.on("error", () => {});
    socket.on("close", () => {
      clearInterval(timer);
      resolve((performance.now() - began) / 1000);
    });
    socket.resume();
  });
}

const head = "POST /pams/n1/peer/ HTTP/1.1\r\nHost: t\r\n";

test.concurrent.each([
  ["silence before any octet", "", 1 << 30, 30],
  ["a head, octet by octet", `${head}X: `, 500, 10],
  ["a body, octet by octet", `${head}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n`, 500, 30],
] as const)("%s", async (_name, start, intervalMs, limit) => {
  const seconds = await drip(start, intervalMs);
  expect(seconds).toBeLessThan(limit + 8);
  if (start !== "") expect(seconds).toBeGreaterThan(limit - 1);
});

test("meanwhile others are served", async () => {
  const slow = Array.from({ length: 200 }, () => connect(running.port, "127.0.0.1"));
  for (const socket of slow) socket.on("error", () => {}).write(head);
  expect((await request(running.port, "DELETE", "/pams/n1/")).status).toBe(200);
  for (const socket of slow) socket.destroy();
});
