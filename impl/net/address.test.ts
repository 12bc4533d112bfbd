import { isIP } from "node:net";
import { describe, expect, test } from "vitest";
import { advertisedAddress, formatAddress, parseAddress } from "./address.js";

describe("PEER_INFO.address [Q.4103 6.1.2]", () => {
  test.each([
    ["tcp://192.0.2.1:9000", { scheme: "tcp", host: "192.0.2.1", port: 9000 }],
    ["tls://peer.example:1", { scheme: "tls", host: "peer.example", port: 1 }],
    ["tcp://[2001:db8::1]:65535", { scheme: "tcp", host: "2001:db8::1", port: 65535 }],
  ])("%s is read and written alike", (address, parts) => {
    expect(parseAddress(address)).toEqual(parts);
    expect(formatAddress(parseAddress(address))).toBe(address);
  });

  test("a scheme in capitals and a slash behind are taken", () => {
    expect(parseAddress("TCP://localhost:80/")).toEqual({ scheme: "tcp", host: "localhost", port: 80 });
  });

  test.each([
    ["192.0.2.1:9000", "no scheme"],
    ["ws://127.0.0.1:8082", "not tcp:// or tls:// but ws://"],
    ["tcp://127.0.0.1", "not host:port"],
    ["tcp://2001:db8::1:9000", "not host:port"],
    ["tcp://[127.0.0.1]:9000", "no IPv6 address"],
    ["tcp://:9000", "no host"],
    ["tcp://-x:9000", "no host"],
    ["tcp://user@host:9000", "no host"],
    [`tcp://${"a".repeat(254)}:9000`, "no host"],
    ["tcp://host:", "no port"],
    ["tcp://host:0", "no port"],
    ["tcp://host:65536", "no port"],
    ["tcp://host:9000/path", "no port"],
    ["", "no scheme"],
  ])("%s is refused: %s", (address, reason) => {
    expect(() => parseAddress(address)).toThrow(expect.objectContaining({ code: "ERR_ADDRESS" }));
    expect(() => parseAddress(address)).toThrow(reason);
  });
});

describe("what others are told of a listening socket", () => {
  const bound = { scheme: "tcp", host: "0.0.0.0", port: 4711 } as const;

  test.each([
    ["peer.example", "tcp://peer.example:4711"],
    ["peer.example:80", "tcp://peer.example:80"],
    ["2001:db8::1", "tcp://[2001:db8::1]:4711"],
    ["[2001:db8::1]:80", "tcp://[2001:db8::1]:80"],
    ["tls://front.example:443", "tls://front.example:443"],
  ])("advertised as %s", (advertise, address) => {
    expect(advertisedAddress(bound, advertise)).toBe(address);
  });

  test("without it, where the socket listens; never an address that means all interfaces", () => {
    expect(advertisedAddress({ ...bound, host: "192.0.2.7" }, undefined)).toBe("tcp://192.0.2.7:4711");
    for (const host of ["0.0.0.0", "::"]) {
      const told = parseAddress(advertisedAddress({ ...bound, host }, undefined));
      expect(isIP(told.host)).not.toBe(0);
      expect(["0.0.0.0", "::"]).not.toContain(told.host);
    }
  });

  test("one that leads nowhere is an error", () => {
    expect(() => advertisedAddress(bound, "http://peer.example:80")).toThrow("not tcp:// or tls://");
  });
});
