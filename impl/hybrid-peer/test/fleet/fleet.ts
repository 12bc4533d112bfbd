import { setTimeout as sleep } from "node:timers/promises";
import { startHomsServer } from "../../../homs/index.js";
import { createMemoryStore } from "../../../store/index.js";
import type { CoreSettings } from "../../core/settings.js";
import { startHybridPeer } from "../../index.js";
import { createLedger, type Ledger } from "./ledger.js";
import { type Member, startMember } from "./member.js";
import type { PeerOrders, Told } from "./protocol.js";
import { type Shape, shapeOf } from "./shape.js";

/** A HOMS, a core tree that loses nothing, and peers in it, each a process of its own. */
export interface Fleet {
  readonly homsPort: number;
  readonly members: readonly Member[];
  readonly ledger: Ledger;
  /** What peers did that they must not. */
  readonly wrong: readonly string[];
  /** Starts a peer; does not wait for it. */
  start(how?: Partial<Omit<PeerOrders, "overlayId">>): Member;
  remove(member: Member): void;
  shape(): Promise<Shape>;
  /** Resolves when there is one tree, or when the time is over. */
  settled(withinMs: number): Promise<Shape>;
  /** Resolves when nothing is missing at those who stayed, or when the time is over; with what is missing. */
  delivered(withinMs: number): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface FleetOptions {
  readonly paths?: Partial<CoreSettings>;
  readonly recoveryBy?: "push" | "pull";
  /** Granted lifetime of memberships, in s. */
  readonly expires?: number;
  hear?(member: Member, told: Told): void;
}

export async function startFleet(options: FleetOptions = {}): Promise<Fleet> {
  const homs = await startHomsServer({ port: 0, store: createMemoryStore() });
  // Owns the overlay network; is no member.
  const owner = await startHybridPeer({ homs: homs.url, listen: false, address: "tcp://127.0.0.1:9", leaveMs: 500 });
  const { overlay } = await owner.create({
    title: "fleet",
    description: "one tree",
    crPolicy: { mN_Cache: 5000, mD_Cache: 60, "recovery-by": options.recoveryBy ?? "push" },
  });
  const members = new Set<Member>();
  const ledger = createLedger();
  const wrong: string[] = [];
  let named = 0;

  function hear(member: Member, told: Told): void {
    if (told.kind === "published") ledger.published(member.peerId, told.first, told.last, told.at);
    else if (told.kind === "got") {
      const fault = ledger.got(member.peerId, told.messages);
      if (fault !== undefined) wrong.push(fault);
    } else if (told.kind === "wrong") wrong.push(told.what);
    options.hear?.(member, told);
  }

  const fleet: Fleet = {
    homsPort: homs.port,
    get members() {
      return [...members];
    },
    ledger,
    wrong,
    start(how) {
      const orders: PeerOrders = {
        homs: homs.url,
        overlayId: overlay.overlayId,
        peerId: `p${++named}`,
        ...(options.paths && { paths: options.paths }),
        ...(options.expires !== undefined && { expires: options.expires }),
        ...how,
      };
      const member = startMember(orders, hear);
      members.add(member);
      return member;
    },
    remove: (member) => void members.delete(member),
    async shape() {
      const paths = await Promise.all(
        [...members].map(async (member) => [member.peerId, await member.paths()] as const),
      );
      return shapeOf(new Map(paths));
    },
    async settled(withinMs) {
      const end = performance.now() + withinMs;
      for (;;) {
        const shape = await fleet.shape();
        if (shape.fault === undefined || performance.now() > end) return shape;
        await sleep(200);
      }
    },
    async delivered(withinMs) {
      const end = performance.now() + withinMs;
      for (;;) {
        const since = new Map(
          [...members].map(({ peerId, placedAt }) => [peerId, placedAt ?? Number.POSITIVE_INFINITY]),
        );
        const missing = ledger.missing(since);
        if (missing.length === 0 || performance.now() > end) return missing;
        await sleep(200);
      }
    },
    async close() {
      await Promise.all([...members].map((member) => member.kill()));
      await owner.close();
      await homs.close();
    },
  };
  return fleet;
}
