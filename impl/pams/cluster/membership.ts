import { createHash, randomUUID, timingSafeEqual } from "node:crypto";
import type { Logger } from "../../net/logger.js";
import { type Discovery, openDiscovery } from "../discovery/dht.js";
import { keyOf, Ring, type RingMember } from "../discovery/ring.js";

/** Several PAMSs that share their overlay networks [X.609.1 8.2.1]. */
export interface ClusterOptions {
  /** The secret that they share: whoever shows it is one of them. */
  readonly token: string;
  /** UDP address of this one's DHT node, and `host:port` of others'; none for the first. */
  readonly dht: { readonly host: string; readonly port: number; readonly bootstrap: readonly string[] };
  /** How often the others are looked at, in ms. Default 2,000. */
  readonly pollMs?: number;
  /** For one answer of another PAMS, in ms. Default 1,500. */
  readonly timeoutMs?: number;
}

/** A PAMS of the cluster; `base` is where it answers the others, undefined for this one itself. */
export interface Member extends RingMember {
  readonly base: string | undefined;
  readonly pamsUrl: string;
  peers: number;
}

/** What a PAMS tells the others of itself. */
interface SelfTold {
  readonly id: string;
  readonly pams_url: string;
  readonly peers: number;
  readonly leaving: boolean;
  readonly known: readonly string[];
}

/** Where this PAMS listens. */
export interface OwnPlace {
  /** Ending in /pams/. */
  readonly pamsUrl: string;
  readonly port: number;
  readonly secure: boolean;
}

/** Addresses looked at; those that never answer are dropped first. */
const mostAddresses = 256;
/** Polls without an answer after which an address is forgotten; the DHT brings it back if it lives. */
const forgetAfter = 10;

/** Who the other PAMSs are, which of them live, and who is in charge of a key. */
export class Membership {
  readonly id = randomUUID();
  readonly self: Member;
  leaving = false;
  readonly #options: ClusterOptions;
  readonly #peers: () => number;
  #own: OwnPlace = { pamsUrl: "", port: 0, secure: false };
  readonly #logger: Logger;
  #discovery: Discovery | undefined;
  /** Missed polls by base URL. */
  readonly #addresses = new Map<string, number>();
  readonly #members = new Map<string, Member>();
  #ring: Ring<Member> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #round = 0;
  readonly #gone = new Set<string>();

  /** @param peers how many are registered with this PAMS */
  constructor(options: ClusterOptions, peers: () => number, logger: Logger) {
    this.#options = options;
    this.#peers = peers;
    this.#logger = logger;
    this.self = { id: this.id, base: undefined, pamsUrl: "", peers: 0 };
  }

  /** Joins the DHT and looks around once; the rest comes with time. */
  async start(own: OwnPlace): Promise<void> {
    this.#own = own;
    const { dht, token, pollMs = 2_000 } = this.#options;
    this.#discovery = await openDiscovery({ ...dht, token, announced: this.#own.port });
    await this.#look();
    const again = (): void => {
      this.#timer = setTimeout(() => void this.#look().finally(() => !this.leaving && again()), pollMs).unref();
    };
    again();
  }

  /** Not in charge of anything any more. */
  withdraw(): void {
    this.leaving = true;
    this.#ring = undefined;
  }

  async stop(): Promise<void> {
    this.withdraw();
    clearTimeout(this.#timer);
    await this.#discovery?.close();
  }

  /** UDP port of the DHT node. */
  get dhtPort(): number {
    return this.#discovery?.port ?? 0;
  }

  /** All that live, this one included unless it leaves. */
  get ring(): Ring<Member> {
    this.#ring ??= new Ring([...this.#members.values(), ...(this.leaving ? [] : [this.self])]);
    return this.#ring;
  }

  get others(): readonly Member[] {
    return [...this.#members.values()];
  }

  /** In charge of an overlay network. */
  homeOf(overlayId: string): Member {
    return this.ring.ownerOf(keyOf(overlayId)) ?? this.self;
  }

  /** In charge of a peer that registers now. */
  managerOf(overlayId: string, peerId: string): Member {
    this.self.peers = this.#peers();
    return this.ring.lightestOwnerOf(keyOf(overlayId, peerId)) ?? this.self;
  }

  /** Whether somebody who asks is one of the cluster. */
  admits(authorization: string | undefined): boolean {
    const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
    return timingSafeEqual(digest(authorization ?? ""), digest(`Bearer ${this.#options.token}`));
  }

  tellSelf(): SelfTold {
    const known = [...this.#members.values()].flatMap(({ base }) => base ?? []);
    return { id: this.id, pams_url: this.#own.pamsUrl, peers: this.#peers(), leaving: this.leaving, known };
  }

  /** Another PAMS has asked: it is likely to answer at the same place. */
  askedBy(pamsUrl: unknown): void {
    if (typeof pamsUrl === "string") this.#learn(pamsUrl.replace(/\/pams\/$/, ""));
  }

  /** A PAMS said that it leaves. */
  farewell(id: string): void {
    this.#gone.add(id);
    this.#remove(id);
  }

  /** One question to another PAMS; undefined where it does not answer in time, or not with success. */
  async ask<T>(member: Pick<Member, "base" | "id">, operation: string, input: unknown): Promise<T | undefined> {
    try {
      const response = await fetch(`${member.base}/cluster/${operation}`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${this.#options.token}` },
        body: JSON.stringify(input),
        signal: AbortSignal.timeout(this.#options.timeoutMs ?? 1_500),
      });
      if (response.status !== 200) {
        await response.body?.cancel();
        return undefined;
      }
      return (await response.json()) as T;
    } catch (error) {
      // What cannot be connected to is gone at once; who is merely slow is looked at again.
      if (error instanceof TypeError) this.#remove(member.id);
      return undefined;
    }
  }

  /** The same question to all others at once; those that do not answer are left out. */
  async askAll<T>(operation: string, input: unknown): Promise<{ readonly member: Member; readonly answer: T }[]> {
    const asked = await Promise.all(
      this.others.map(async (member) => ({ member, answer: await this.ask<T>(member, operation, input) })),
    );
    return asked.flatMap(({ member, answer }) => (answer === undefined ? [] : [{ member, answer }]));
  }

  async #look(): Promise<void> {
    try {
      if (this.#round++ % 3 === 0) {
        for (const address of (await this.#discovery?.lookUp()) ?? []) this.#learn(this.#baseOf(address));
        await this.#discovery?.announce();
      }
      await Promise.all([...this.#addresses.keys()].map((base) => this.#visit(base)));
    } catch (error) {
      this.#logger.warn({ err: error }, "looking for other PAMSs failed");
    }
  }

  async #visit(base: string): Promise<void> {
    const told = await this.ask<SelfTold>({ base, id: base }, "self", { pams_url: this.#own.pamsUrl });
    if (told === undefined) {
      const missed = (this.#addresses.get(base) ?? 0) + 1;
      this.#addresses.set(base, missed);
      const member = [...this.#members.values()].find((one) => one.base === base);
      if (member !== undefined && missed >= 2) this.#remove(member.id);
      if (missed >= forgetAfter) this.#addresses.delete(base);
      return;
    }
    this.#addresses.set(base, 0);
    if (told.id === this.id || typeof told.id !== "string" || typeof told.pams_url !== "string") return;
    if (told.leaving || this.#gone.has(told.id)) {
      this.#remove(told.id);
      return;
    }
    for (const other of told.known.slice(0, mostAddresses)) this.#learn(other);
    const known = this.#members.get(told.id);
    if (known?.base === base) {
      known.peers = told.peers;
      return;
    }
    if (known !== undefined) return;
    this.#members.set(told.id, { id: told.id, base, pamsUrl: told.pams_url, peers: told.peers });
    this.#ring = undefined;
    this.#logger.info({ pams: told.pams_url, members: this.#members.size + 1 }, "found another PAMS");
  }

  #learn(base: string): void {
    if (this.#addresses.has(base) || this.#addresses.size >= mostAddresses || !URL.canParse(base)) return;
    this.#addresses.set(base, 0);
  }

  #baseOf(address: string): string {
    return `${this.#own.secure ? "https" : "http"}://${address}`;
  }

  #remove(id: string): void {
    const member = this.#members.get(id);
    if (member === undefined) return;
    this.#members.delete(id);
    this.#ring = undefined;
    this.#logger.warn({ pams: member.pamsUrl, members: this.#members.size + 1 }, "a PAMS is gone");
  }
}
