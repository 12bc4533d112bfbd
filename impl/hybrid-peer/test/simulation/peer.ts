import type { Message, PeerContact } from "../../core/message.js";
import type { CoreHost, CoreMembership, CoreNews, Delivery, PathState, PeerCore } from "../../core/ports.js";
import type { CoreSettings } from "../../core/settings.js";
import type { SimulatedHoms } from "./homs.js";
import type { Host, Network, SimulatedLink } from "./network.js";
import type { Dice } from "./random.js";
import type { Schedule } from "./schedule.js";

export type CoreFactory = (host: CoreHost, settings: CoreSettings) => PeerCore;

/** Of the lease, after which it is extended. */
export const REFRESH_SHARE = 0.4;

/** What a peer needs of the world it is in. */
export interface Surroundings {
  readonly schedule: Schedule;
  readonly network: Network;
  readonly homs: SimulatedHoms;
  /** Where the HOMS is on the network. */
  readonly homsHost: Host;
  readonly leaseMs: number;
  readonly tickLate: number;
  readonly settings: CoreSettings;
  readonly membership: Omit<CoreMembership, "self" | "sourcePeer">;
  readonly sourcePeer: string | undefined;
  readonly createCore: CoreFactory;
  find(peerId: string): Host | undefined;
  /** What the core did that it must not. */
  fail(what: string): void;
  trace(peer: SimulatedPeer, what: () => string): void;
  delivered(peer: SimulatedPeer, delivery: Delivery): void;
  news(peer: SimulatedPeer, news: CoreNews): void;
}

/** A process with a core in it, and the membership that drives it, on the simulated network. */
export class SimulatedPeer implements Host {
  readonly name: string;
  readonly core: PeerCore;
  state: Host["state"] = "up";
  ticketId: number | undefined;
  hasLeft = false;
  /** When the core was first given a place: attached, or root. */
  placedAt: number | undefined;
  /** Its paths were reported, or news came: they are worth a look. */
  isChanged = false;

  readonly #around: Surroundings;
  readonly #dice: Dice;
  readonly #inbox: (() => void)[] = [];
  #tickDue = false;
  #wakeAt: number | undefined;
  #armedFor: number | undefined;
  #isRecovering = false;
  #isJoining = false;

  constructor(name: string, around: Surroundings, dice: Dice) {
    this.name = name;
    this.#around = around;
    this.#dice = dice;
    this.core = around.createCore(this.#host(), around.settings);
    this.#join();
  }

  get isMember(): boolean {
    return this.ticketId !== undefined && !this.hasLeft && (this.state === "up" || this.state === "paused");
  }

  /** Stays to the end, as far as one knows. */
  get isAlive(): boolean {
    return !this.hasLeft && (this.state === "up" || this.state === "paused");
  }

  parent(): PathState | undefined {
    return this.core.paths().find(({ kind }) => kind === "parent");
  }

  /** The application sends; nothing happens while the process is paused. */
  publish(text: string): void {
    if (this.state !== "up" || !this.isMember) throw new Error(`${this.name} cannot publish now`);
    this.into(() => this.core.publish({ appId: "a", payloadType: "text/plain", payload: encoder.encode(text) }));
  }

  leave(): void {
    this.#around.trace(this, () => "leaves");
    this.hasLeft = true;
    if (this.ticketId !== undefined) this.into(() => this.core.leave());
    this.#around.homs.leave(this.name);
    this.#around.schedule.after(1000, () => this.end(true));
  }

  /** The process, or where `told` is false the machine, is gone. */
  end(told: boolean): void {
    if (this.state === "refused" || this.state === "silent") return;
    this.#around.trace(this, () => (told ? "is killed" : "crashes"));
    this.state = told ? "refused" : "silent";
    this.#around.network.ended(this, told);
  }

  pause(): void {
    if (this.state === "up") this.state = "paused";
    this.#around.trace(this, () => "is paused");
  }

  resume(): void {
    if (this.state !== "paused") return;
    this.#around.trace(this, () => "goes on");
    this.state = "up";
    const timersFirst = this.#dice.chance(0.5);
    if (timersFirst) this.#tick();
    for (const action of this.#inbox.splice(0)) action();
    if (!timersFirst) this.#tick();
  }

  /** The HOMS forgets it. */
  lapse(): void {
    this.#around.trace(this, () => "is forgotten by the HOMS");
    this.#around.homs.leave(this.name);
    this.look(() => this.#join());
  }

  look(action: () => void): void {
    if (this.state === "up") action();
    else if (this.state === "paused") this.#inbox.push(action);
  }

  accepted(link: SimulatedLink, first: Message): void {
    this.#around.trace(this, () => `<- ${link.peer.name} (new ${link.id}) ${describe(first)}`);
    if (this.ticketId === undefined || this.hasLeft) link.close();
    else this.into(() => this.core.accepted(link, first));
  }

  received(link: SimulatedLink, message: Message): void {
    this.#around.trace(this, () => `<- ${link.peer.name} (${link.id}) ${describe(message)}`);
    this.into(() => this.core.received(link, message));
  }

  closed(link: SimulatedLink, reason: string): void {
    this.#around.trace(this, () => `${link.peer.name} (${link.id}) closed: ${reason}`);
    this.into(() => this.core.closed(link, reason));
  }

  /** Calls the core, which never throws but where its contract says so. */
  into(action: () => void): void {
    if (this.state !== "up") return;
    try {
      action();
    } catch (error) {
      this.#around.fail(`${this.name}: the core threw ${error instanceof Error ? error.stack : String(error)}`);
    }
  }

  #host(): CoreHost {
    const { schedule, network, homs } = this.#around;
    return {
      now: () => schedule.now,
      random: this.#dice,
      connect: (to, token) => {
        this.#around.trace(this, () => `connects to ${to.peerId}`);
        const host = this.#around.find(to.peerId);
        const failed = (reason: string): void => this.into(() => this.core.connectFailed(token, reason));
        if (host === undefined || host === this) schedule.after(1, () => this.look(() => failed("no such peer")));
        else network.connect(this, host, (link) => this.into(() => this.core.connected(token, link)), failed);
      },
      report: (paths) => {
        this.isChanged = true;
        this.#ask(() => homs.report(this.name, paths));
      },
      recover: () => this.#recover(),
      deliver: (delivery) => this.#around.delivered(this, delivery),
      news: (news) => {
        this.isChanged = true;
        this.#around.trace(this, () => `news ${JSON.stringify(news)}`);
        this.#around.news(this, news);
      },
      wake: (at) => {
        this.#wakeAt = at;
        this.#arm();
      },
    };
  }

  #arm(): void {
    const at = this.#wakeAt;
    if (at === undefined || (this.#armedFor !== undefined && this.#armedFor <= at)) return;
    const armed = Math.max(at, this.#around.schedule.now);
    this.#armedFor = armed;
    this.#around.schedule.at(armed, () => {
      if (this.#armedFor !== armed) return;
      this.#armedFor = undefined;
      if (this.#wakeAt === undefined) return;
      if (this.#wakeAt > this.#around.schedule.now) {
        this.#arm();
        return;
      }
      if (this.#around.tickLate === 0) return this.#tick();
      this.#around.schedule.after(this.#dice.fraction() * this.#around.tickLate, () => this.#tick());
    });
  }

  #tick(): void {
    if (this.state === "paused") this.#tickDue = true;
    if (this.state !== "up") return;
    const { now } = this.#around.schedule;
    if (!this.#tickDue && (this.#wakeAt === undefined || this.#wakeAt > now)) {
      this.#arm();
      return;
    }
    this.#tickDue = false;
    this.#wakeAt = undefined;
    this.into(() => this.core.tick());
  }

  /** An exchange with the HOMS: taken up again until it is served, as overlay management does. */
  #ask(served: () => void): void {
    const { schedule, network, homs, homsHost } = this.#around;
    schedule.after(2 + this.#dice.fraction() * 10, () =>
      this.look(() => {
        if (homs.isUp && network.reaches(this, homsHost)) served();
        else schedule.after(300 + this.#dice.fraction() * 700, () => this.look(() => this.#ask(served)));
      }),
    );
  }

  #join(): void {
    const { homs, schedule, leaseMs } = this.#around;
    if (this.#isJoining) return;
    this.#isJoining = true;
    this.#ask(() => {
      this.#isJoining = false;
      if (this.hasLeft) return;
      const { ticketId, contacts } = homs.join({ peerId: this.name, address: `sim://${this.name}` }, schedule.now);
      schedule.after(5, () =>
        this.look(() => {
          if (this.hasLeft) return;
          this.#around.trace(this, () => `joined with ticket ${ticketId}: ${contacts.map(({ peerId }) => peerId)}`);
          const isFirst = this.ticketId === undefined;
          this.ticketId = ticketId;
          this.into(() => this.core.start(this.#membership(ticketId), contacts));
          if (isFirst) schedule.after(REFRESH_SHARE * leaseMs, () => this.look(() => this.#refresh()));
        }),
      );
    });
  }

  #membership(ticketId: number): CoreMembership {
    const { membership, sourcePeer } = this.#around;
    return { ...membership, sourcePeer, self: { peerId: this.name, address: `sim://${this.name}`, ticketId } };
  }

  #refresh(): void {
    const { homs, schedule, leaseMs } = this.#around;
    this.#ask(() => {
      if (this.hasLeft) return;
      if (!homs.refresh(this.name, schedule.now)) this.#join();
      schedule.after(REFRESH_SHARE * leaseMs, () => this.look(() => this.#refresh()));
    });
  }

  /** One recovery join at a time, as overlay management makes them. */
  #recover(): void {
    if (this.#isRecovering) return;
    this.#isRecovering = true;
    this.#ask(() => {
      this.#isRecovering = false;
      const contacts: readonly PeerContact[] | undefined = this.#around.homs.recover(
        this.name,
        this.#around.schedule.now,
      );
      if (contacts === undefined) return this.#join();
      this.#around.trace(this, () => `may recover with ${contacts.map(({ peerId }) => peerId)}`);
      this.#around.schedule.after(5, () => this.look(() => this.into(() => this.core.contacts(contacts))));
    });
  }
}

const encoder = new TextEncoder();

const describe = (message: Message): string =>
  JSON.stringify(message, (key, value: unknown) => {
    if (key === "frame") return undefined;
    if (key === "payload" && value instanceof Uint8Array) return new TextDecoder().decode(value.subarray(0, 30));
    return value;
  });
