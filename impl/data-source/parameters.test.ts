import { describe, expect, test } from "vitest";
import { Code } from "../../generated/ldmp/index.js";
import { parseSourcePeer, sourcePeerName } from "./address.js";
import { createParameterSet, secondsParameter } from "./parameters.js";

describe("PUT", () => {
  test.each([
    ['{"period":2}', Code.changed, 2],
    ['{"period":2,"name":"x"}', Code.changed, 2],
    ['{"period":2,"other":1}', Code.notFound, 5],
    ['{"period":0}', Code.notAcceptable, 5],
    ['{"period":"2"}', Code.notAcceptable, 5],
    ['{"name":"x","period":1e9}', Code.notAcceptable, 5],
    ["{}", Code.badRequest, 5],
    ['{"period":{}}', Code.badRequest, 5],
    ['{"period":null}', Code.badRequest, 5],
    ["[2]", Code.badRequest, 5],
    ["2", Code.badRequest, 5],
    ["", Code.badRequest, 5],
    [`{"a":${"[".repeat(50)}${"]".repeat(50)}}`, Code.badRequest, 5],
    ['{"__proto__":{"period":2}}', Code.badRequest, 5],
  ])("%s", (text, code, period) => {
    let name = "";
    const set = createParameterSet([
      secondsParameter("period", 5, () => undefined),
      {
        name: "name",
        initial: "",
        accepts: (value) => typeof value === "string",
        apply: (value) => {
          name = String(value);
        },
      },
    ]);
    expect(set.put(text)).toBe(code);
    expect(set.get("period")).toBe(period);
    // All or nothing.
    expect(name).toBe(code === Code.changed && text.includes("name") ? "x" : "");
    set.reset();
    expect([set.get("period"), set.get("name")]).toEqual([5, ""]);
  });
});

describe("addresses of source peers", () => {
  test.each([
    ["udp://127.0.0.1:5000", { transport: "udp", host: "127.0.0.1", port: 5000 }],
    ["tcp://peer.example:5000#9", { transport: "tcp", host: "peer.example", port: 5000, id: 9 }],
    ["tls://[::1]:5000/", { transport: "tls", host: "::1", port: 5000 }],
    ["udp://localhost", { transport: "udp", host: "localhost", port: 6098 }],
    ["tls://localhost", { transport: "tls", host: "localhost", port: 6099 }],
  ])("%s", (text, want) => {
    expect(parseSourcePeer(text)).toEqual(want);
    expect(parseSourcePeer(sourcePeerName(parseSourcePeer(text)))).toMatchObject({ host: want.host, port: want.port });
  });

  test.each(["127.0.0.1:5000", "http://a:1", "udp://", "udp://a:0", "udp://a:70000", "udp://a:1#0", "udp://a:1#70000"])(
    "%s is none",
    (text) => {
      expect(() => parseSourcePeer(text)).toThrow(TypeError);
    },
  );
});
