import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test, vi } from "vitest";
import { type HybridPeer, type Membership, startHybridPeer } from "../hybrid-peer/index.js";
import { type Member, startMember } from "../hybrid-peer/test/fleet/member.js";
import { createMemoryStore } from "../store/memory-store.js";
import type { HomsEvent } from "./events.js";
import { startHomsServer } from "./server.js";
import { creationInfo } from "./test/harness.js";

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

const wait = { timeout: 60_000, interval: 50 };

/** A HOMS that can be killed, and comes back at its port with its file. */
class KillableHoms {
  url = "";
  #child: ChildProcess | undefined;
  readonly #file: string;

  constructor() {
    const folder = mkdtempSync(join(tmpdir(), "mp2p-homs-peers-"));
    this.#file = join(folder, "homs.db");
    open.push(async () => {
      await this.kill();
      rmSync(folder, { recursive: true, force: true });
    });
  }

  async start(): Promise<void> {
    const loader = fileURLToPath(new URL("../../tools/test/run-typescript.mjs", import.meta.url));
    const program = fileURLToPath(new URL("./test/homs-process.ts", import.meta.url));
    const args = ["--import", loader, program, this.#file, new URL(this.url || "http://h:0").port || "0"];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    this.#child = child;
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    this.url = line.toString().trim();
  }

  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  }

  /** What the administrator sees of each member. */
  async members(overlayId: string): Promise<Map<string, { ticket: string; expires: number; primary: string[] }>> {
    const response = await fetch(`${this.url}/overlays/${overlayId}`, { headers: { authorization: "Bearer token" } });
    const { peers } = (await response.json()) as {
      peers: {
        "peer-id": string;
        "ticket-id": string;
        expires: number;
        status: { costmap: { primary: string[] } } | null;
      }[];
    };
    return new Map(
      peers.map((peer) => [
        peer["peer-id"],
        { ticket: peer["ticket-id"], expires: peer.expires, primary: peer.status?.costmap.primary ?? [] },
      ]),
    );
  }
}

describe("hybrid peers and their HOMS", () => {
  test("peers of a closed overlay go on without the HOMS, and with it again: same tickets, reports, newcomers", async () => {
    const homs = new KillableHoms();
    await homs.start();
    const start = async (peerId: string): Promise<HybridPeer> => {
      const backoff = { baseMs: 100, capMs: 500 };
      const peer = await startHybridPeer({ homs: homs.url, peerId, backoff, leaveMs: 500 });
      open.push(() => peer.close());
      return peer;
    };
    const owner = await start("p0");
    const { overlay } = await owner.create({
      title: "closed",
      description: "proves itself",
      access: { accessKey: "opensesame" },
      crPolicy: { mN_Cache: 100, mD_Cache: 60, "recovery-by": "push" },
    });
    const { overlayId } = overlay;
    const received = new Map<string, string[]>();
    const enter = async (peer: HybridPeer): Promise<Membership> => {
      const membership = await peer.join({ overlayId, accessKey: "opensesame", expires: 40 });
      const got: string[] = [];
      received.set(peer.peerId, got);
      membership.network?.onData(({ payload }) => got.push(Buffer.from(payload).toString()));
      return membership;
    };
    const memberships = [await enter(owner)];
    for (let i = 1; i < 6; i++) memberships.push(await enter(await start(`p${i}`)));
    const everybodyGot = (text: string, from: string) =>
      vi.waitUntil(() => [...received].every(([id, got]) => id === from || got.includes(text)), wait);
    const primaries = (i: number): number =>
      (memberships[i]?.network?.paths() ?? []).filter(({ kind }) => kind === "parent" || kind === "child").length;
    const connected = () => vi.waitUntil(() => memberships.every((_, i) => primaries(i) > 0), wait);
    await connected();
    memberships[3]?.network?.application("chat").send("before");
    await everybodyGot("before", "p3");
    const everyMember = (is: (member: { primary: string[]; expires: number }, id: string) => boolean) =>
      vi.waitUntil(async () => [...(await homs.members(overlayId))].every(([id, member]) => is(member, id)), {
        ...wait,
        interval: 500,
      });
    const paths = () => everyMember(({ primary }) => primary.length > 0);
    await paths();
    const before = await homs.members(overlayId);
    // A report reaches the disk within the soft window of the store, 500 ms, not before it is answered.
    await sleep(1500);

    await homs.kill();
    memberships[5]?.network?.application("chat").send("without");
    await everybodyGot("without", "p5");

    await homs.start();
    const returned = await homs.members(overlayId);
    const at = Date.now();
    // Who refreshes will live longer than it was to.
    const lived = (): number => (Date.now() - at) / 1000;
    await everyMember(({ expires }, id) => expires + lived() > (returned.get(id)?.expires ?? 0) + 5);
    const tickets = (of: typeof before) => Object.fromEntries([...of].map(([id, { ticket }]) => [id, ticket]));
    expect(tickets(await homs.members(overlayId))).toEqual(tickets(before));

    // Its certificate is of the key that the HOMS had before.
    memberships.push(await enter(await start("p6")));
    await connected();
    memberships[6]?.network?.application("chat").send("anew");
    await everybodyGot("anew", "p6");
    await paths();
    expect((await homs.members(overlayId)).size).toBe(7);
  }, 180_000);

  test("a peer that was killed is out of the overlay long before its lifetime ends", async () => {
    const homs = await startHomsServer({ store: createMemoryStore(), losses: { confirmMs: 1000 } });
    open.push(() => homs.close());
    const events: HomsEvent[] = [];
    homs.homs.events.subscribe((event) => void events.push(event));
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ overlay_info: creationInfo });
    const created = await fetch(`${homs.url}/homs`, { method: "POST", headers, body });
    const { overlay } = (await created.json()) as { overlay: { "overlay-id": string } };
    const overlayId = overlay["overlay-id"];
    const members: Member[] = [];
    for (const peerId of ["a", "b", "c", "d"]) {
      const member = startMember({ homs: homs.url, overlayId, peerId, expires: 3600 }, () => {});
      open.push(() => member.kill());
      members.push(member);
      await member.joined();
    }
    const reported = () =>
      homs.homs.coreTree(overlayId)?.nodes.filter(({ parent, confirmed }) => parent !== null && confirmed).length;
    await vi.waitUntil(() => reported() === 3, wait);

    await members[1]?.kill();
    await vi.waitUntil(() => events.some(({ kind }) => kind === "peer-lost"), wait);
    expect(events.filter(({ kind }) => kind === "peer-lost")).toEqual([{ kind: "peer-lost", overlayId, peerId: "b" }]);
    expect(events.some((event) => event.kind === "loss-reported" && event.lost === "b")).toBe(true);
    await vi.waitUntil(() => reported() === 2, wait);
    expect(homs.homs.counts().peers).toBe(3);
  }, 180_000);
});
