import { afterEach, expect, test, vi } from "vitest";
import type { SessionNews } from "../../peer/index.js";
import { print, reportFailure } from "../output.js";
import { newsShown } from "./peer-shown.js";

afterEach(() => vi.restoreAllMocks());

const remote = { peerId: "\u001b[31mred\nline", role: "peer", publicKey: "", incoming: true, address: "" } as const;

test.each<[string, SessionNews[], string[]]>([
  ["a stranger's name", [{ kind: "link", change: "up", remote }], ["\\u{1b}[31mred\\u{a}line (peer): link up"]],
  [
    "a server that answers that it cannot",
    [{ kind: "server", server: "OMS", change: "down", reason: "503: the UMS does not answer" }],
    ["OMS cannot serve now (503: the UMS does not answer): waiting for it"],
  ],
  [
    "a server that is not there",
    [{ kind: "server", server: "IXS", change: "down", reason: "connect ECONNREFUSED" }],
    ["IXS does not answer: connect ECONNREFUSED"],
  ],
  [
    "a PAMS that does not know the overlay network, once",
    [
      { kind: "server", server: "PAMS", change: "down", reason: "404" },
      { kind: "pams", what: "failed", reason: "register: 404" },
      { kind: "pams", what: "failed", reason: "register: 404" },
      { kind: "pams", what: "registered" },
      { kind: "pams", what: "failed", reason: "report: 401" },
    ],
    [
      "the PAMS does not know this overlay network, or not yet (register: 404)",
      "the PAMS does not take this peer's report (report: 401)",
    ],
  ],
])("%s is told in words", (_, news, lines) => {
  const written = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const show = newsShown(false);
  for (const one of news) show(one);
  expect(written.mock.calls.map(([line]) => String(line).trimEnd())).toEqual(lines);
});

test("results and failures steer no terminal either; JSON is as it is", () => {
  const out = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const err = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  print({ title: "a\u009bb", list: [{ "\u001bkey": "x\ny" }] }, false);
  print("drawn\n└── \u202ename", false);
  print({ title: "\u001b" }, true);
  reportFailure(new Error("it said \u001b]0;owned\u0007"), false);
  expect(out.mock.calls.map(([text]) => text)).toEqual([
    "title: a\\u{9b}b\nlist:\n  - \\u{1b}key: x\\u{a}y\n",
    "drawn\n└── \\u{202e}name\n",
    '{"title":"\\u001b"}\n',
  ]);
  expect(err.mock.calls[0]?.[0]).toBe("mp2p: it said \\u{1b}]0;owned\\u{7}\n");
});
