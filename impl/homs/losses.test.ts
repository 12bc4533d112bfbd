import { createServer, type Server } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import type { HomsEvent } from "./events.js";
import { probeByTcp, probeTarget } from "./probe-target.js";
import { Harness } from "./test/harness.js";

/** Ports that answer in these tests, which run without a network. */
const answering = new Set<number>();
const probe = async ({ port }: { port: number }): Promise<boolean> => answering.has(port);

afterEach(() => answering.clear());

const password = (peerId: string) => ({ auth: { password: `pw${peerId}` } });

/** a over b and c, b over d and e; everybody has reported. `ws`: addressed by a relay, which cannot be tried. */
async function tree(settings = {}, address = (peer: string) => `tcp://192.0.2.1:${port(peer)}`) {
  const h = new Harness({ probe, losses: { confirmMs: 2000 }, ...settings });
  const events: HomsEvent[] = [];
  h.homs.events.subscribe((event) => void events.push(event));
  const id = await h.overlay();
  for (const peer of "abcde") {
    await h.join(id, peer, {}, { address: address(peer) });
    answering.add(port(peer));
  }
  const paths = { a: "bc", b: "ade", c: "a", d: "b", e: "b" };
  for (const [peer, primary] of Object.entries(paths)) await h.report(id, peer, [...primary], password(peer));
  h.homs.sweep();
  await turn();
  events.length = 0;
  return {
    h,
    id,
    kinds: () => events.map(({ kind }) => kind),
    report: (peer: string, primary: string, lost?: string) =>
      h.report(id, peer, [...primary], password(peer), lost === undefined ? {} : { lost: [...lost] }),
    /** Who is in after `ms`, looked at every second. */
    async later(ms: number): Promise<string> {
      for (let passed = 0; passed < ms; passed += 1000) {
        h.clock.advance(1000);
        h.homs.sweep();
        await turn();
      }
      return (
        h.homs
          .coreTree(id)
          ?.nodes.map((node) => node["peer-id"])
          .sort()
          .join("") ?? ""
      );
    },
  };
}

const port = (peer: string): number => 9000 + peer.charCodeAt(0);
const relayed = (): string => "ws://relay.example:8082";

describe("a lost peer [Q.4100 7.3.2.2]", () => {
  test("that one neighbour names is removed when its address takes no connection", async () => {
    const { h, id, report, later, kinds } = await tree();
    answering.delete(port("c"));
    await report("a", "b", "c");
    expect(await later(1000)).toBe("abcde");
    expect(await later(2000)).toBe("abde");
    expect(kinds()).toEqual(["paths-changed", "loss-reported", "peer-lost"]);
    expect((await h.refresh(id, "c")).status).toBe(404);
    expect(await h.entries(id, "x")).not.toContain("c");
  });

  test("is named last to newcomers as long as it is suspected", async () => {
    const { h, id, report } = await tree();
    expect((await h.entries(id, "x"))[0]).toBe("a");
    await report("b", "de", "a");
    expect((await h.entries(id, "y")).at(0)).not.toBe("a");
    await h.refresh(id, "a");
    expect((await h.entries(id, "z"))[0]).toBe("a");
  });

  test("whose path vanished from a report that it still claims is found without being named", async () => {
    const { report, later } = await tree();
    answering.delete(port("c"));
    await report("a", "b");
    expect(await later(3000)).toBe("abde");
  });

  test("stays as long as a neighbour still reports a path with it", async () => {
    const { report, later } = await tree();
    answering.delete(port("b"));
    await report("a", "c", "b");
    await report("d", "c", "b");
    expect(await later(5000)).toBe("abcde");
    await report("e", "c", "b");
    expect(await later(3000)).toBe("acde");
  });

  test("and its lost neighbour do not vouch for each other", async () => {
    const { report, later } = await tree();
    answering.delete(port("b"));
    answering.delete(port("d"));
    await report("a", "c", "b");
    await report("e", "a", "b");
    expect(await later(5000)).toBe("ace");
  });

  test("behind a relay is removed when two peers lost it", async () => {
    const { report, later } = await tree({}, relayed);
    await report("a", "c", "b");
    expect(await later(5000)).toBe("abcde");
    await report("d", "c", "b");
    await report("e", "c", "b");
    expect(await later(3000)).toBe("acde");
  });
});

describe("a living peer is not removed", () => {
  test("by a liar, because its address answers", async () => {
    const { report, later } = await tree();
    await report("a", "b", "c");
    expect(await later(40_000)).toBe("abcde");
  });

  test("by a liar alone, where its address never took a connection", async () => {
    answering.clear();
    const { h, id, report, later } = await tree({ probe: async () => false });
    await report("a", "b", "c");
    expect(await later(40_000)).toBe("abcde");
    expect((await h.refresh(id, "c")).status).toBe(200);
  });

  test("by a liar alone, where its address cannot be tried", async () => {
    const { report, later } = await tree({}, relayed);
    for (let i = 0; i < 5; i++) {
      await report("a", "b", "c");
      expect(await later(10_000)).toBe("abcde");
    }
  });

  test.each([
    ["refreshes", async ({ h, id }: Awaited<ReturnType<typeof tree>>) => h.refresh(id, "c")],
    ["reports", async ({ report }: Awaited<ReturnType<typeof tree>>) => report("c", "b")],
  ])("when it %s meanwhile", async (_what, live) => {
    const setting = await tree();
    answering.delete(port("c"));
    await setting.report("a", "b", "c");
    await setting.later(1000);
    expect((await live(setting)).status).toBe(200);
    expect(await setting.later(5000)).toBe("abcde");
  });

  test("on the word of a peer that had no path with it", async () => {
    const { report, later, kinds } = await tree();
    answering.delete(port("e"));
    await report("c", "a", "e");
    expect(await later(5000)).toBe("abcde");
    expect(kinds()).not.toContain("loss-reported");
  });

  test("on the word of who shows no password", async () => {
    const { h, id, later } = await tree();
    answering.delete(port("c"));
    await h.report(id, "a", ["b"], {}, { lost: ["c"] });
    expect(await later(5000)).toBe("abcde");
  });

  test("where losses are not to be acted on (E-HOMP-53 A)", async () => {
    const { report, later } = await tree({ readings: { lossReports: "ignore" } });
    answering.delete(port("c"));
    await report("a", "b", "c");
    expect(await later(5000)).toBe("abcde");
  });
});

describe("addresses that are tried", () => {
  test.each([
    ["tcp://192.0.2.1:9000", "192.0.2.1", { host: "192.0.2.1", port: 9000 }],
    ["tls://192.0.2.1:9000/", "::ffff:192.0.2.1", { host: "192.0.2.1", port: 9000 }],
    ["tcp://[2001:DB8::1]:9000", "2001:db8::1", { host: "2001:DB8::1", port: 9000 }],
    ["tcp://192.0.2.2:9000", "192.0.2.1", undefined],
    ["tcp://localhost:9000", "127.0.0.1", undefined],
    ["ws://192.0.2.1:8082", "192.0.2.1", undefined],
    ["tcp://192.0.2.1:0", "192.0.2.1", undefined],
    ["tcp://192.0.2.1:70000", "192.0.2.1", undefined],
    ["tcp://192.0.2.1:9000", undefined, undefined],
  ])("%s, of a peer on %s", (address, remote, target) => {
    expect(probeTarget(address, remote)).toEqual(target);
  });

  test("are connected to", async () => {
    const server: Server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const target = { host: "127.0.0.1", port: typeof address === "object" ? (address?.port ?? 0) : 0 };
    expect(await probeByTcp(target)).toBe(true);
    await new Promise((resolve) => server.close(resolve));
    expect(await probeByTcp(target)).toBe(false);
  });
});
