import type { Clock, Random } from "../../net/clock.js";
import type { Logger } from "../../net/logger.js";
import type { Message, PeerContact } from "../core/message.js";
import type { CoreHost, CoreMembership, CoreNews, PeerCore } from "../core/ports.js";
import type { CoreSettings } from "../core/settings.js";
import type { MembershipGrant, MembershipNews, PeerPaths } from "../overlay/membership-types.js";
import type { OverlayInfo } from "../overlay/overlay-info.js";
import type { SigningKey } from "../proof/ed25519.js";
import { createProofs, type Proofs } from "../proof/proofs.js";
import type { LinkHandler, TransportLink } from "../transport/transport.js";
import { createCoreDriver } from "./core-driver.js";
import type { PeerNetwork } from "./network.js";
import type { PeerTransports } from "./transports.js";

export interface OverlayNetworkOptions {
  readonly peerId: string;
  readonly overlayId: string;
  readonly transports: PeerTransports;
  readonly createCore: (host: CoreHost, settings: CoreSettings) => PeerCore;
  readonly settings: CoreSettings;
  /** The pair whose public half goes with the join; where the overlay network is closed. */
  readonly key: SigningKey | undefined;
  readonly overlay: () => OverlayInfo;
  readonly ticketId: () => string | undefined;
  readonly report: (paths: PeerPaths) => void;
  readonly recover: () => void;
  readonly onNews: (news: CoreNews) => void;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** A membership's paths and data: what the HOMS says goes to the core, what the core needs is asked of the HOMS [Q.4100 7.2.1.3]. */
export interface OverlayNetwork {
  readonly network: PeerNetwork;
  granted(grant: MembershipGrant): void;
  membership(news: MembershipNews): void;
  accepted(link: TransportLink, first: Message): LinkHandler;
  /** Takes leave of all paths. */
  leave(): void;
}

export function createOverlayNetwork(options: OverlayNetworkOptions): OverlayNetwork {
  const { peerId, overlayId, transports, overlay, clock } = options;
  let admission: MembershipGrant["admission"];
  const proofs: Proofs | undefined =
    options.key && createProofs({ key: options.key, overlayId, peerId, admission: () => admission });
  const driver = createCoreDriver<TransportLink>({
    ...options,
    connect: (to, handler) => transports.connect(to, { overlayId, timeoutMs: options.settings.answerMs, handler }),
  });
  let ticket = 0;

  const start = (contacts: readonly PeerContact[]): void => {
    // A HOMS that issues no tickets leaves it to the peer; the time of joining grows with the order of joining (E-HOMP-07 B).
    ticket = ticketNumber(options.ticketId()) ?? Math.floor(clock.now());
    const info = overlay();
    const policy = info.crPolicy ?? {};
    const membership: CoreMembership = {
      overlayId,
      type: info.type,
      subType: info.subType,
      sourcePeer: info.type === "sub" ? info.ownerId : undefined,
      self: { peerId, address: transports.address, ticketId: ticket },
      heartbeatIntervalMs: info.heartbeatInterval * 1000,
      heartbeatTimeoutMs: info.heartbeatTimeout * 1000,
      recoveryBy: policy["recovery-by"],
      cacheMessages: policy.mN_Cache ?? 0,
      cacheMs: (policy.mD_Cache ?? 0) * 1000,
      // A HOMS that certifies nobody leaves its peers nothing to show to each other.
      ...(proofs !== undefined && admission !== undefined && { proofs }),
    };
    driver.start(membership, contacts);
  };

  return {
    network: driver.network,
    granted(grant) {
      if (grant.admission !== undefined) admission = grant.admission;
      if (grant.signallingToken !== undefined) transports.signallingToken(grant.signallingToken);
    },
    membership(news) {
      if (news.kind !== "joined") return;
      if (news.recovery && ticket !== 0) driver.contacts(news.entryPeers);
      else start(news.entryPeers);
    },
    accepted: driver.accepted,
    leave: driver.leave,
  };
}

function ticketNumber(text: string | undefined): number | undefined {
  const value = Number(text);
  return text !== undefined && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
