import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressOf, blockOf, octetsOf } from "./address.js";
import { Network } from "./network.js";
import { PrefixTrie } from "./prefix-trie.js";
import { readPrefix, readRelation } from "./table-lines.js";

describe("addresses", () => {
  test.each([
    ["192.0.2.1", "c0000201"],
    ["192.0.2.1:9000", "c0000201"],
    ["tcp://192.0.2.1:9000", "c0000201"],
    ["https://user:word@192.0.2.1/path?x", "c0000201"],
    ["2001:db8::1", "20010db8000000000000000000000001"],
    ["[2001:db8::1]:9000", "20010db8000000000000000000000001"],
    ["wss://[2001:db8::1]", "20010db8000000000000000000000001"],
    ["::", "0".repeat(32)],
    ["1:2:3:4:5:6:7:8", "00010002000300040005000600070008"],
    ["::ffff:192.0.2.1", "c0000201"],
    ["::ffff:c000:201", "c0000201"],
    ["64:ff9b::192.0.2.1", "0064ff9b0000000000000000c0000201"],
    ["example.net", undefined],
    ["192.0.2", undefined],
    ["192.0.2.256", undefined],
    ["fe80::1%eth0", undefined],
    ["", undefined],
    ["[", undefined],
  ])("%s", (text, hex) => {
    const octets = addressOf(text);
    expect(octets && Buffer.from(octets).toString("hex")).toBe(hex);
  });

  test.each([
    ["192.0.2.77", 24, "4:c00002/24"],
    ["192.0.2.77", 25, "4:c0000200/25"],
    ["192.0.2.200", 25, "4:c0000280/25"],
    ["192.0.2.77", 0, "4:/0"],
    ["2001:db8:ffff::1", 33, "6:20010db880/33"],
  ])("the block of %s/%i", (text, length, block) => {
    expect(blockOf(octetsOf(text) as Uint8Array, length)).toBe(block);
  });
});

test("the trie finds the longest prefix, as looking at every one does", () => {
  const octets = (value: number) => Uint8Array.of(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
  const mask = (length: number) => (length === 0 ? 0 : (-1 << (32 - length)) >>> 0);
  const prefix = fc.tuple(fc.nat(0xffff), fc.nat(32)).map(([value, length]) => ({
    base: (((value << 16) | (value * 7919)) & mask(length)) >>> 0,
    length,
  }));
  fc.assert(
    fc.property(
      fc.array(prefix, { maxLength: 60 }),
      fc.array(fc.nat(0xffff), { maxLength: 60 }),
      (prefixes, values) => {
        const trie = new PrefixTrie();
        for (const [index, { base, length }] of prefixes.entries()) trie.insert(octets(base), length, index);
        for (const value of values) {
          const address = ((value << 16) | (value * 7919)) >>> 0;
          let best: number | undefined;
          for (const [index, { base, length }] of prefixes.entries()) {
            const inside = (address & mask(length)) >>> 0 === base;
            if (inside && (best === undefined || length >= (prefixes[best]?.length ?? 0))) best = index;
          }
          expect(trie.match(octets(address))).toBe(best);
        }
      },
    ),
    { numRuns: 100 },
  );
});

describe("lines of published tables", () => {
  test.each([
    ["192.0.2.0\t24\t64500", "192.0.2.9", "4:c00002/24", [64500]],
    ["192.0.2.0\t24\t64500\r", "192.0.2.9", "4:c00002/24", [64500]],
    ["192.0.2.0/24,64500", "192.0.2.9", "4:c00002/24", [64500]],
    ["192.0.2.0/24,AS64500,Some name", "192.0.2.9", "4:c00002/24", [64500]],
    ['"192.0.2.0","24","64500"', "192.0.2.9", "4:c00002/24", [64500]],
    ["192.0.2.0/24 4294967295", "192.0.2.9", "4:c00002/24", [4294967295]],
    ["192.0.2.0\t24\t64500_64501", "192.0.2.9", "4:c00002/24", [64500, 64501]],
    ["192.0.2.0\t24\t64500,64501_64502", "192.0.2.9", "4:c00002/24", [64500, 64501, 64502]],
    ["2001:db8::\t32\t64500", "2001:db8:1::9", "6:20010db8/32", [64500]],
    ["::ffff:192.0.2.0/120,64500", "192.0.2.9", "4:c00002/24", [64500]],
    ["0.0.0.0/0,1", "203.0.113.9", "4:/0", [1]],
    ["# comment", "192.0.2.9", "4:c00002/24", []],
    ["prefix,length,asn", "192.0.2.9", "4:c00002/24", []],
    ["", "2001:db8::9", "6:20010db80000/48", []],
  ])("%j", (line, address, prefix, systems) => {
    const network = new Network();
    expect(readPrefix(line, network)).toBeUndefined();
    expect(network.place(octetsOf(address) as Uint8Array)).toMatchObject({ prefix, systems });
  });

  test.each([
    ["192.0.2\t24\t64500", /"192.0.2" is no address/],
    ["192.0.2.0\t33\t64500", /"33" is no prefix length/],
    ["192.0.2.0\t\t64500", /no prefix length|no AS number/],
    ["192.0.2.0/24", /"" is no AS number/],
    ["192.0.2.0/24,AS", /"AS" is no AS number/],
    ["192.0.2.0/24,4294967296", /"4294967296" is no AS number/],
    ["<html>", /is no address/],
  ])("%j is refused", (line, wrong) => {
    const network = new Network();
    expect(readPrefix(line, network)).toMatch(wrong);
    expect(network.prefixes).toBe(0);
  });

  test("relations go both ways", () => {
    const network = new Network();
    for (const line of ["# source", "1|2|-1", "1|3|0", "1|3|0|bgp"])
      expect(readRelation(line, network)).toBeUndefined();
    expect(network.relations).toBe(2);
    expect([network.relation(1, 2), network.relation(2, 1)]).toEqual(["customer", "provider"]);
    expect([network.relation(1, 3), network.relation(3, 1)]).toEqual(["peer", "peer"]);
    expect(network.relation(2, 3)).toBeUndefined();
    expect(readRelation("1|x|0", network)).toMatch(/"x" is no AS number/);
    expect(readRelation("1|2|1", network)).toMatch(/neither -1 nor 0/);
  });
});
