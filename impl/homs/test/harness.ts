import { createHash } from "node:crypto";
import type { RequestContext } from "../../../generated/runtime/http-server-types.js";
import type { Clock, Random } from "../../net/clock.js";
import type { Logger } from "../../net/logger.js";
import { createMemoryStore } from "../../store/memory-store.js";
import type { Store } from "../../store/store.js";
import { createHoms, type Homs } from "../homs.js";
import type { Probe } from "../losses.js";
import type { HomsSettingsInput } from "../settings.js";

/** A clock that stands still until it is told otherwise. */
export class FakeClock implements Clock {
  #now = 1_700_000_000_000;

  now(): number {
    return this.#now;
  }

  advance(ms: number): void {
    this.#now += ms;
  }
}

/** Repeatable randomness. */
export function seededRandom(seed: string): Random {
  let block = createHash("sha256").update(seed).digest();
  let used = 0;
  return {
    bytes(length) {
      const octets = Buffer.alloc(length);
      for (let i = 0; i < length; i++) {
        if (used === block.length) {
          block = createHash("sha256").update(block).digest();
          used = 0;
        }
        octets[i] = block[used++] as number;
      }
      return octets;
    },
  };
}

/** Keeps every line, as text. */
export function recordingLogger(): Logger & { lines: string[] } {
  const lines: string[] = [];
  const log = (fields: object, message: string): void => void lines.push(`${JSON.stringify(fields)} ${message}`);
  return { lines, debug: log, info: log, warn: log, error: log };
}

/** Looked into freely: the wire tests check types. */
type Json = ReturnType<JSON["parse"]>;

export interface Reply {
  status: number;
  body: Json;
}

type Operation = keyof Homs["handlers"];

/** A HOMS to call: requests as a validated body, answers as plain JSON. */
export class Harness {
  readonly clock = new FakeClock();
  readonly logger = recordingLogger();
  /** Where requests come from. */
  remote = "192.0.2.1";
  readonly homs: Homs;
  readonly store: Store;

  constructor(settings: HomsSettingsInput & { store?: Store; probe?: Probe } = {}) {
    this.store = settings.store ?? createMemoryStore();
    const { clock, logger } = this;
    this.homs = createHoms({ ...settings, store: this.store, clock, logger, random: seededRandom("homs") });
  }

  async call(operation: Operation, body: object): Promise<Reply> {
    const handler = this.homs.handlers[operation] as (request: object, context: object) => Reply | Promise<Reply>;
    const reply = await handler({ params: {}, query: body, body }, { remoteAddress: this.remote } as RequestContext);
    return JSON.parse(JSON.stringify(reply)) as Reply;
  }

  create(info: object = {}): Promise<Reply> {
    return this.call("HybridOverlayCreation", { overlay_info: { ...creationInfo, ...info } });
  }

  /** Creates and gives the overlay-id. */
  async overlay(info: object = {}): Promise<string> {
    const { status, body } = await this.create(info);
    if (status !== 200) throw new Error(`creation: ${JSON.stringify(body)}`);
    return body.overlay["overlay-id"];
  }

  query(parameters: object = {}): Promise<Reply> {
    return this.call("HybridOverlayQuery", parameters);
  }

  async titles(parameters: object = {}): Promise<string[]> {
    return (await this.query(parameters)).body.overlay.map(({ title }: { title: string }) => title);
  }

  modify(id: string, changes: object = {}, auth: object = {}): Promise<Reply> {
    const overlay = { "overlay-id": id, "owner-id": "owner", ...changes, auth: { admin_key: "admin-secret", ...auth } };
    return this.call("HybridOverlayModification", { overlay });
  }

  remove(id: string, changes: object = {}): Promise<Reply> {
    const overlay = { "overlay-id": id, "owner-id": "owner", auth: { admin_key: "admin-secret" }, ...changes };
    return this.call("HybridOverlayRemoval", { overlay });
  }

  join(id: string, peerId: string, overlay: object = {}, peer: object = {}): Promise<Reply> {
    return this.call("HybridOverlayJoin", {
      overlay: { "overlay-id": id, type: "core", "sub-type": "tree", ...overlay },
      peer: { "peer-id": peerId, address: `tcp://${peerId}:1`, auth: { password: `pw${peerId}` }, ...peer },
    });
  }

  /** Joins, fails the test when refused, and gives the names of the entry peers. */
  async entries(id: string, peerId: string, overlay: object = {}): Promise<string[]> {
    const { status, body } = await this.join(id, peerId, overlay);
    if (status !== 200) throw new Error(`join: ${JSON.stringify(body)}`);
    return body.overlay.status.peer_info_list.map((peer: { "peer-id": string }) => peer["peer-id"]);
  }

  report(id: string, peerId: string, primary: string[], peer: object = {}, status: object = {}): Promise<Reply> {
    return this.call("HybridOverlayReport", {
      overlay: { "overlay-id": id },
      peer: { "peer-id": peerId, ...peer },
      status: {
        num_primary: primary.length,
        num_out_candidate: 0,
        num_in_candidate: 0,
        costmap: { primary, outgoing_candidate: [], incoming_candidate: [] },
        ...status,
      },
    });
  }

  refresh(id: string, peerId: string, overlay: object = {}, peer: object = {}): Promise<Reply> {
    return this.call("HybridOverlayRefresh", {
      overlay: { "overlay-id": id, ...overlay },
      peer: { "peer-id": peerId, address: `tcp://${peerId}:1`, auth: { password: `pw${peerId}` }, ...peer },
    });
  }

  leave(id: string, peerId: string, peer: object = {}): Promise<Reply> {
    return this.call("HybridOverlayLeave", {
      overlay: { "overlay-id": id },
      peer: { "peer-id": peerId, auth: { password: `pw${peerId}` }, ...peer },
    });
  }

  async peers(id: string): Promise<number> {
    return (await this.query({ "overlay-id": id })).body.overlay[0]?.status.num_peers;
  }
}

/** A creation that is right in everything. */
export const creationInfo = {
  title: "Weather of the town",
  type: "core",
  "sub-type": "tree",
  "owner-id": "owner",
  description: "Rain and wind, as measured",
  "heartbeat-interval": 10,
  "heartbeat-timeout": 31,
  auth: { type: "open", admin_key: "admin-secret" },
};

export const closed = (auth: object) => ({ auth: { type: "closed", admin_key: "admin-secret", ...auth } });
