import { InvalidArgumentError } from "commander";

/** Parses a whole number within bounds, for commander's `argParser`. */
export function integer(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) {
      throw new InvalidArgumentError(
        most === Number.MAX_SAFE_INTEGER
          ? `a whole number from ${least} on is wanted`
          : `a whole number from ${least} to ${most} is wanted`,
      );
    }
    return value;
  };
}

/** Parses a number of seconds that may have a fraction. */
export function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value <= 0) {
    throw new InvalidArgumentError("a positive number of seconds is wanted");
  }
  return value;
}

/** Parses a comma-separated list. */
export function list(text: string): string[] {
  return text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

/** `host:port`, `[v6]:port` or just `port` (then on loopback). Port 0 lets the system choose. */
export function endpoint(text: string): { host: string; port: number } {
  const match = /^(?:(?:\[([0-9a-fA-F:.]+)\]|([^:]+)):)?(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) throw new InvalidArgumentError("host:port is wanted, such as 127.0.0.1:8080");
  return { host: match[1] ?? match[2] ?? "127.0.0.1", port };
}

/** Parses with a check that throws, whose message then is that of a wrong option. The text itself is what is kept. */
export function checked(check: (text: string) => unknown): (text: string) => string {
  return (text) => {
    try {
      check(text);
    } catch (error) {
      throw new InvalidArgumentError((error as Error).message);
    }
    return text;
  };
}

/** The object without the members that are undefined, as `exactOptionalPropertyTypes` wants it. */
export function defined<T extends object>(members: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
