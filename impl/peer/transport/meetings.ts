import type { Logger } from "../../net/logger.js";
import { TransportError } from "../../net/transport-errors.js";
import { type ChannelUser, type OpenChannel, Rendezvous, type RendezvousLimits } from "../../net/webrtc/rendezvous.js";
import { relayUrl } from "../../net/webrtc/signalling.js";
import type { WebRtcLibrary } from "../../net/webrtc/webrtc-library.js";
import type { RelayEntry, WebRtcOptions } from "./transport.js";

export interface MeetingsOptions extends WebRtcOptions {
  readonly loaded: WebRtcLibrary;
  readonly limits: RendezvousLimits;
  readonly logger: Logger;
  /** A data channel that another peer has opened. */
  offered(channel: OpenChannel): ChannelUser;
}

interface Meeting {
  readonly rendezvous: Rendezvous;
  /** As others are told: undefined where nobody reaches this peer there. */
  address: string | undefined;
  away: NodeJS.Timeout | undefined;
}

/** A relay that is away for no longer is not worth telling everybody. */
const AWAY_MS = 5000;

/** Where data channels of this peer are arranged: the relay of each overlay network, at which it is registered as a member. */
export class Meetings {
  readonly #options: MeetingsOptions;
  /** The relay of all overlay networks, where one was named. */
  readonly #named: string | undefined;
  readonly #meetings = new Map<string, Meeting>();
  readonly #ending = new Set<Promise<void>>();
  readonly #without = new Set<string>();

  /** @throws TransportError ERR_ADDRESS */
  constructor(options: MeetingsOptions) {
    this.#options = options;
    this.#named = options.signalling === undefined ? undefined : relayUrl(options.signalling);
  }

  addressIn(overlayId: string): string | undefined {
    return this.#meetings.get(overlayId)?.address;
  }

  /** Registers at the relay; again, where it is another one or another token. */
  enter(overlayId: string, { url: told, peerId, token, changed }: RelayEntry): void {
    const { logger } = this.#options;
    const url = this.#urlOf(overlayId, told);
    if (url === undefined) return;
    const before = this.#meetings.get(overlayId);
    if (before?.rendezvous.url === url) {
      before.rendezvous.token(token);
      return;
    }
    if (before !== undefined) this.#end(overlayId, before);
    const { loaded: library, limits, iceServers, bindAddress, offered: opened } = this.#options;
    const meeting: Meeting = {
      rendezvous: new Rendezvous({
        library,
        signalling: url,
        peerId,
        overlayId,
        token,
        limits,
        logger,
        opened,
        standing: (reachable) => this.#standing(meeting, reachable, changed),
        ...(iceServers !== undefined && { iceServers }),
        ...(bindAddress !== undefined && { bindAddress }),
      }),
      address: undefined,
      away: undefined,
    };
    this.#meetings.set(overlayId, meeting);
  }

  /** One that is not told, or not usable, leaves the one before; said once. */
  #urlOf(overlayId: string, told: string | undefined): string | undefined {
    if (this.#named !== undefined) return this.#named;
    const { logger } = this.#options;
    try {
      if (told !== undefined) return relayUrl(told);
      if (this.#without.has(overlayId) || this.#meetings.has(overlayId)) return undefined;
      logger.warn({ overlayId }, "the OMS has no signalling relay: no data channels in this overlay network");
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      logger.warn({ overlayId, reason: error.message }, "the OMS tells a signalling relay that is none");
    }
    this.#without.add(overlayId);
    return undefined;
  }

  /** @throws TransportError as `Rendezvous.connect`, and ERR_ADDRESS where the address is not that of the relay */
  connect<User extends ChannelUser>(
    overlayId: string,
    { peerId, address }: { readonly peerId: string; readonly address: string },
    timeoutMs: number,
    opened: (channel: OpenChannel) => User,
  ): Promise<User> {
    const { rendezvous } = this.#meetings.get(overlayId) ?? {};
    if (rendezvous === undefined) throw new TransportError("ERR_ADDRESS", `${address}: this peer is at no relay`);
    if (!URL.canParse(address) || new URL(address).href !== rendezvous.url) {
      throw new TransportError("ERR_ADDRESS", `${address}: not the relay of this peer, ${rendezvous.url}`);
    }
    return rendezvous.connect(peerId, timeoutMs, opened);
  }

  leave(overlayId: string): void {
    this.#without.delete(overlayId);
    const meeting = this.#meetings.get(overlayId);
    if (meeting !== undefined) this.#end(overlayId, meeting);
  }

  async close(): Promise<void> {
    for (const overlayId of [...this.#meetings.keys()]) this.leave(overlayId);
    await Promise.all(this.#ending);
  }

  #end(overlayId: string, meeting: Meeting): void {
    this.#meetings.delete(overlayId);
    clearTimeout(meeting.away);
    const ended = meeting.rendezvous.close().finally(() => this.#ending.delete(ended));
    this.#ending.add(ended);
  }

  #standing(meeting: Meeting, reachable: boolean, changed: () => void): void {
    clearTimeout(meeting.away);
    const { url } = meeting.rendezvous;
    const tell = (address: string | undefined): void => {
      if (meeting.address === address) return;
      meeting.address = address;
      changed();
    };
    if (reachable) tell(url);
    else meeting.away = setTimeout(() => tell(undefined), AWAY_MS).unref();
  }
}
