import type { Clock, Random } from "../../net/clock.js";
import type { Logger } from "../../net/logger.js";
import type { Message } from "../core/message.js";
import { createPeerCore } from "../core/peer-core.js";
import type { CoreNews } from "../core/ports.js";
import { defaultCoreSettings } from "../core/settings.js";
import { HybridPeerError } from "../errors.js";
import type { HybridPeerOptions } from "../options.js";
import type { PeerPaths } from "../overlay/membership-types.js";
import type { OverlayInfo } from "../overlay/overlay-info.js";
import { createSigningKey } from "../proof/ed25519.js";
import { defaultTransportLimits, type LinkHandler, type TransportLink } from "../transport/transport.js";
import { createOverlayNetwork, type OverlayNetwork } from "./overlay-network.js";
import { openTransports, wantsTransports } from "./transports.js";

/** The memberships' networks of one peer, over the transports that they share. */
export interface PeerNetworks {
  readonly address: string;
  /** Ed25519, for closed overlay networks (E-HOMP-68). */
  readonly publicKey: string;
  /** @throws HybridPeerError ERR_CONFIGURATION where this peer is in that overlay network already */
  enter(membership: NetworkMembership): OverlayNetwork;
  close(): Promise<void>;
}

/** What a network needs of the membership that it belongs to. */
export interface NetworkMembership {
  readonly overlayId: string;
  /** Whether peers have to prove their admission to each other. */
  readonly closed: boolean;
  readonly overlay: () => OverlayInfo;
  readonly ticketId: () => string | undefined;
  readonly report: (paths: PeerPaths) => void;
  readonly recover: () => void;
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
  const { peerId, clock, random, logger } = options;
  // Under an identifier of its own each run counts from 1. One that is given may have been used by an earlier run, whose sequences
  // the others remember: this run begins above them.
  const firstSequence = options.named ? Math.floor(clock.now() * 1000) : defaultCoreSettings.firstSequence;
  const settings = { ...defaultCoreSettings, firstSequence, ...options.paths };
  const { maxLinks, maxQueued } = settings;
  const limits = { ...defaultTransportLimits, maxLinks, maxQueued, ...options.links };
  const networks = new Map<string, OverlayNetwork>();
  const key = createSigningKey();

  /** The overlay network that a link is for stands in its first message: HELLO or ESTAB. */
  const onLink = (link: TransportLink, first: Message): LinkHandler | undefined => {
    const overlayId = "overlayId" in first ? first.overlayId : undefined;
    const network = overlayId === undefined ? undefined : networks.get(overlayId);
    if (network === undefined) {
      logger.info(
        { remote: link.remote, code: first.code, "overlay-id": overlayId },
        "a link for no overlay of this peer",
      );
    }
    return network?.accepted(link, first);
  };
  const transports = await openTransports({ ...options, limits, onLink });

  return {
    address: transports.address,
    publicKey: key.publicKey,
    enter({ overlayId, closed, ...membership }) {
      if (networks.has(overlayId)) {
        throw new HybridPeerError("ERR_CONFIGURATION", `this peer is in ${overlayId} already`);
      }
      const network = createOverlayNetwork({
        ...membership,
        ...{ peerId, overlayId, transports, createCore: createPeerCore, settings, clock, random, logger },
        key: closed ? key : undefined,
        onNews: (news) => options.onNews(overlayId, news),
      });
      const entered: OverlayNetwork = {
        ...network,
        leave() {
          networks.delete(overlayId);
          network.leave();
        },
      };
      networks.set(overlayId, entered);
      return entered;
    },
    async close() {
      for (const network of [...networks.values()]) network.leave();
      await transports.close();
    },
  };
}
