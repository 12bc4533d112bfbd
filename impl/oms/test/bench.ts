import type { OmsHandlers } from "../../../generated/oms/server.js";
import type { Join, Membership, OverlayCreation, OverlayNetwork } from "../../../generated/oms/types.js";
import { createMemoryStore, type MemoryDisk } from "../../store/memory-store.js";
import { createOms, type Oms, type OmsOptions } from "../oms.js";
import { creation } from "./laboratory.js";

type Context = Parameters<OmsHandlers["OMS_JOIN"]>[1];

/** What a handler learns of a request that shows this token. */
export function showing(token?: string): Context {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return { operation: "", headers, remoteAddress: "", secure: false, signal: new AbortController().signal };
}

/** An OMS without a network, on a memory disk, with a clock that the test moves. */
export class Bench {
  now = 1_800_000_000_000;
  readonly disk: MemoryDisk = new Map();
  readonly #options: Partial<OmsOptions>;
  store = createMemoryStore({ disk: this.disk });
  oms: Oms;

  constructor(options: Partial<OmsOptions> = {}) {
    this.#options = options;
    this.oms = this.#open();
  }

  get handlers(): OmsHandlers {
    return this.oms.handlers;
  }

  pass(seconds: number): void {
    this.now += seconds * 1000;
  }

  /** Stops, keeping what is on the disk, and starts again `seconds` later. */
  async restart(seconds = 0): Promise<void> {
    await this.store.close();
    this.pass(seconds);
    this.store = createMemoryStore({ disk: this.disk });
    this.oms = this.#open();
  }

  async create(changes: Partial<OverlayCreation> = {}): Promise<OverlayNetwork> {
    const answer = await this.handlers.OMS_OVERLAY_CREATE({ body: creation(changes) }, showing());
    if (answer.status !== 200) throw new Error(`not created: ${answer.status}`);
    return answer.body.overlay_network;
  }

  /** The status, and the membership where there is one. */
  async join(id: string, peer: string, more: Partial<Join> = {}): Promise<{ status: number; membership?: Membership }> {
    const join = { peer_id: peer, addresses: [`tcp://192.0.2.7:${peer.length}`], ...more };
    const answer = await this.handlers.OMS_JOIN({ params: { NID: id }, body: { join } }, showing());
    return answer.status === 200 ? { status: 200, membership: answer.body.membership } : { status: answer.status };
  }

  async keep(id: string, peer: string, token = ""): Promise<number> {
    const request = { params: { NID: id, PID: peer }, body: { membership: {} } };
    return (await this.handlers.OMS_MEMBERSHIP_REFRESH(request, showing(token))).status;
  }

  /** Who an asking member is told of. */
  async peers(id: string, peer: string, token = "", max = 1000): Promise<string[]> {
    const request = { params: { NID: id, PID: peer }, body: { peer_list_request: { max_peer_num: max } } };
    const answer = await this.handlers.OMS_PEER_LIST(request, showing(token));
    return answer.status === 200 ? answer.body.peer_list.map(({ peer_id }) => peer_id) : [];
  }

  async refresh(id: string, owner: string): Promise<number> {
    return (await this.handlers.OMS_OVERLAY_REFRESH({ params: { NID: id } }, showing(owner))).status;
  }

  async lives(id: string): Promise<boolean> {
    return (await this.handlers.OMS_OVERLAY_QUERY({ params: { NID: id } }, showing())).status === 200;
  }

  #open(): Oms {
    const clock = { now: () => this.now };
    return createOms({ store: this.store, clock, ...this.#options }, () => "http://127.0.0.1:1");
  }
}
