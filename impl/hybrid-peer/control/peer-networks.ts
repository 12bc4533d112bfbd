import { createSigningKey } from "../../keys/ed25519.js";
import type { Clock, Random } from "../../net/clock.js";
import type { Logger } from "../../net/logger.js";
import type { Message } from "../core/message.js";
import { createPeerCore } from "../core/peer-core.js";
import type { CoreNews } from "../core/ports.js";
import { defaultCoreSettings } from "../core/settings.js";
import { HybridPeerError } from "../errors.js";
import type { HybridPeerOptions } from "../options.js";
import { defaultTransportLimits, type LinkHandler, type TransportLink } from "../transport/transport.js";
import {
  type Attachment,
  createOverlayNetwork,
  type NetworkMembership,
  type OverlayNetwork,
} from "./overlay-network.js";
import { openTransports, wantsTransports } from "./transports.js";

/** The networks of one peer's memberships, over the transports that they share. */
export interface PeerNetworks {
  readonly address: string;
  /** Ed25519, for closed overlay networks (E-HOMP-68). */
  readonly publicKey: string;
  /**
   * @param instead the network whose membership is over, and which this one is to go on with
   * @throws HybridPeerError ERR_CONFIGURATION where this peer is in that overlay network already
   */
  enter(membership: NetworkMembership, instead: OverlayNetwork | undefined): Entered;
  close(): Promise<void>;
}

export interface Entered extends Attachment {
  readonly all: OverlayNetwork;
}

export interface PeerNetworksOptions extends HybridPeerOptions {
  readonly peerId: string;
  /** The identifier was given, not made for this run. */
  readonly named: boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly onNews: (overlayId: string, news: CoreNews) => void;
}

/** Undefined where the peer is to be overlay management alone. @throws as `openTransports` */
export async function createPeerNetworks(options: PeerNetworksOptions): Promise<PeerNetworks | undefined> {
  if (!wantsTransports(options)) return undefined;
  const { peerId, clock, random, logger, onNews } = options;
  // Under an identifier of its own each run counts from 1. One that is given may have been used by an earlier run, whose sequences
  // the others remember: this run begins above them.
  const firstSequence = options.named ? Math.floor(clock.now() * 1000) : defaultCoreSettings.firstSequence;
  const settings = { ...defaultCoreSettings, firstSequence, ...options.paths };
  const { maxLinks, maxQueued } = settings;
  const limits = { ...defaultTransportLimits, maxLinks, maxQueued, ...options.links };
  const attached = new Map<string, Entered>();
  const key = createSigningKey();

  /** The overlay network that a link is for stands in its first message: HELLO or ESTAB. */
  const onLink = (link: TransportLink, first: Message): LinkHandler | undefined => {
    const overlayId = "overlayId" in first ? first.overlayId : undefined;
    const network = overlayId === undefined ? undefined : attached.get(overlayId);
    if (network === undefined) {
      const about = { remote: link.remote, code: first.code, "overlay-id": overlayId };
      logger.info(about, "a link for no overlay of this peer");
    }
    return network?.accepted(link, first);
  };
  const transports = await openTransports({ ...options, limits, onLink });

  return {
    address: transports.address,
    publicKey: key.publicKey,
    enter(membership, instead) {
      const { overlayId } = membership;
      const before = attached.get(overlayId);
      if (before !== undefined && before.all !== instead) {
        throw new HybridPeerError("ERR_CONFIGURATION", `this peer is in ${overlayId} already`);
      }
      const shared = { peerId, transports, createCore: createPeerCore, settings, key, clock, random, logger, onNews };
      const network = instead ?? createOverlayNetwork(shared);
      const forget = (): void => {
        for (const [id, one] of attached) if (one.all === all) attached.delete(id);
      };
      const all: OverlayNetwork = instead ?? {
        ...network,
        leave() {
          forget();
          network.leave();
        },
      };
      const entered = { ...network.attach(membership), all };
      attached.set(overlayId, entered);
      return entered;
    },
    async close() {
      for (const { all } of [...attached.values()]) all.leave();
      await transports.close();
    },
  };
}
