import { setTimeout as sleep } from "node:timers/promises";
import { startFleet } from "../fleet/fleet.js";
import type { Member } from "../fleet/member.js";
import type { Told } from "../fleet/protocol.js";
import { createProxy, freePort } from "./proxy.js";
import { createReattachment, type Reattachment } from "./reattachment.js";

export type FailureKind = "kill" | "pause" | "cut" | "leave" | "homs";

export interface ChurnOptions {
  readonly minutes: number;
  readonly peers: number;
  /** Mean pause between two failures. */
  readonly everyMs: number;
  /** Pause between two messages of one peer. */
  readonly publishMs: number;
  readonly recoveryBy: "push" | "pull";
  /** Parent and children of one peer together: the fewer, the deeper the tree, and the more have somebody below them. */
  readonly maxPrimary: number;
  /** Chosen from at random; one named twice twice as often. */
  readonly kinds: readonly FailureKind[];
  log?(line: string): void;
}

export interface ChurnReport {
  readonly failures: Readonly<Partial<Record<FailureKind, number>>>;
  readonly messages: number;
  readonly deliveries: number;
  /** What those lack who stayed, and what came twice, or wrong. */
  readonly missing: readonly string[];
  readonly wrong: readonly string[];
  /** What keeps the peers from being one tree in the end. */
  readonly shapeFault: string | undefined;
  /** Messages that a peer gave up as lost. */
  readonly givenUp: number;
  /** How long orphans were without a parent. */
  readonly reattachment: Reattachment;
}

const size = 200;

/** Peers that come and go while all publish: what is missing in the end, and how long orphans were orphans. */
export async function runChurn(options: ChurnOptions): Promise<ChurnReport> {
  const { log = () => undefined } = options;
  const started = Date.now();
  const line = (text: string): void => log(`${((Date.now() - started) / 1000).toFixed(1).padStart(6)} s  ${text}`);
  const proxy = createProxy();
  const reattachment = createReattachment();
  const failures: Partial<Record<FailureKind, number>> = {};
  const disturbed = new Set<Member>();
  let givenUp = 0;

  const fleet = await startFleet({
    recoveryBy: options.recoveryBy,
    expires: 30,
    paths: { maxPrimary: options.maxPrimary },
    hear(member: Member, told: Told) {
      reattachment.hear(member.peerId, told);
      if (told.kind === "attached")
        line(`${member.peerId} has a parent again after ${told.afterMs.toFixed(0)} ms, by ${told.by}`);
      if (told.kind === "lost") {
        givenUp += told.to - told.from + 1;
        line(`${member.peerId} gives up ${told.source} ${told.from} to ${told.to}`);
      }
    },
  });
  let named = 0;
  async function add(): Promise<Member> {
    const peerId = `p${++named}`;
    const port = await freePort();
    const [advertised, homs] = await Promise.all([
      proxy.lead(port, peerId, ""),
      proxy.lead(fleet.homsPort, "homs", peerId),
    ]);
    const member = fleet.start({
      peerId,
      port,
      address: `tcp://127.0.0.1:${advertised}`,
      homs: `http://127.0.0.1:${homs}`,
    });
    member.joined().then(
      () => member.tell({ kind: "publish-every", ms: options.publishMs, size }),
      () => {
        // Somebody else has taken its port meanwhile; or it was killed on the way in.
        if (!fleet.members.includes(member)) return;
        fleet.remove(member);
        void add();
      },
    );
    return member;
  }

  const repairs = new Set<Promise<unknown>>();
  const later = (ms: number, repair: () => void): void => {
    const done = sleep(ms).then(repair);
    repairs.add(done);
    void done.then(() => repairs.delete(done));
  };

  function fail(kind: FailureKind): void {
    const whole = fleet.members.filter((member) => member.placedAt !== undefined && !disturbed.has(member));
    const member = whole[Math.floor(Math.random() * whole.length)];
    if (member === undefined || whole.length < options.peers / 2) return;
    failures[kind] = (failures[kind] ?? 0) + 1;
    const ms = 500 + Math.random() * 5000;
    const { peerId, child } = member;
    line(
      `${kind} ${kind === "homs" ? "" : peerId}${kind === "kill" || kind === "leave" ? "" : ` for ${ms.toFixed(0)} ms`}`,
    );
    if (kind !== "homs") reattachment.failed(kind, peerId, kind === "kill" || kind === "leave");
    if (kind === "kill" || kind === "leave") {
      fleet.remove(member);
      if (kind === "kill") void member.kill();
      else {
        member.tell({ kind: "leave" });
        later(5000, () => void member.kill());
      }
      // Somebody else comes in its place.
      later(ms / 2, () => void add());
    } else if (kind === "homs") {
      proxy.cut("homs");
      later(ms, () => proxy.mend("homs"));
    } else {
      disturbed.add(member);
      if (kind === "pause") child.kill("SIGSTOP");
      else proxy.cut(peerId);
      later(ms, () => {
        if (kind === "pause") child.kill("SIGCONT");
        else proxy.mend(peerId);
        reattachment.mended(peerId);
        // A moment for it to find its place before something else happens to it.
        later(3000, () => disturbed.delete(member));
      });
    }
  }

  try {
    for (let count = 0; count < options.peers; count++) {
      const member = await add();
      if (count === 0) await member.joined();
    }
    await Promise.all(fleet.members.map((member) => member.joined()));
    const first = await fleet.settled(120_000);
    line(`${fleet.members.length} peers; ${first.fault ?? `one tree of depth ${first.depth}`}`);
    const end = Date.now() + options.minutes * 60_000;
    while (Date.now() < end) {
      await sleep(Math.min(options.everyMs * (0.5 + Math.random()), Math.max(0, end - Date.now())));
      const kind = options.kinds[Math.floor(Math.random() * options.kinds.length)];
      if (kind !== undefined && Date.now() < end) fail(kind);
    }
    while (repairs.size > 0) await Promise.all(repairs);
    await Promise.allSettled(fleet.members.map((member) => member.joined()));
    for (const member of fleet.members) member.tell({ kind: "publish-every", ms: 0, size });
    const { fault } = await fleet.settled(120_000);
    for (const member of fleet.members) member.tell({ kind: "publish", size });
    await sleep(500);
    const missing = await fleet.delivered(90_000);
    return {
      failures,
      messages: fleet.ledger.messages,
      deliveries: fleet.ledger.deliveries,
      missing,
      wrong: fleet.wrong,
      shapeFault: fault,
      givenUp,
      reattachment,
    };
  } finally {
    await fleet.close();
    proxy.close();
  }
}
