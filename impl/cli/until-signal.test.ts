import { afterEach, expect, test, vi } from "vitest";
import { onceSignalled } from "./until-signal.js";

afterEach(() => vi.restoreAllMocks());

test("signals that come in a burst are one; a later one ends the process at once", () => {
  const exit = vi.spyOn(process, "exit").mockReturnValue(undefined as never);
  const now = vi.spyOn(performance, "now").mockReturnValue(5000);
  const end = vi.fn();
  const off = onceSignalled(end, 130);
  for (const signal of ["SIGTERM", "SIGINT", "SIGTERM"] as const) process.emit(signal, signal);
  now.mockReturnValue(5900);
  process.emit("SIGTERM", "SIGTERM");
  expect(end).toHaveBeenCalledTimes(1);
  expect(exit).not.toHaveBeenCalled();
  now.mockReturnValue(6500);
  process.emit("SIGINT", "SIGINT");
  expect(exit).toHaveBeenCalledExactlyOnceWith(130);
  off();
});
