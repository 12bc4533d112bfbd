import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROOT = new URL("..", import.meta.url).pathname;

/** What a recording cannot repeat when it is called past the world. */
const outside =
  /\b(performance\.(now|timeOrigin)|Date\.now\(|new Date\(\)|setTimeout\(|setInterval\(|setImmediate\(|AbortSignal\.timeout|Math\.random|randomUUID|process\.stdin|(?<![.\w])(fetch|spawn|createSocket|createServer)\()|from "node:(http|https|http2|net|tls|dgram|child_process|readline|timers)/;

/** The live halves; what runs before and after a run; what is no part of a run. */
const exempt =
  /(^|\/)(world|cli|test|report)\/|\.test\.ts$|^(engine\/lag\.ts|selftest\/.*|compare\/.*|bundle\/.*|pcap\/.*|x290\/.*)$/;

test("nothing but the world looks at the clock, sets timers, opens sockets or starts processes", () => {
  const found = readdirSync(ROOT, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts") && !exempt.test(path))
    .flatMap((path) =>
      readFileSync(join(ROOT, path), "utf8")
        .split("\n")
        .flatMap((line, index) =>
          outside.test(line) && !/^import type /.test(line) && !/STATUS_CODES/.test(line)
            ? [`${path}:${index + 1}: ${line.trim()}`]
            : [],
        ),
    );
  expect(found).toEqual([]);
});
