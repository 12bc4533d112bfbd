import type { SigningKey } from "../../keys/ed25519.js";
import type { Clock, Random } from "../../net/clock.js";
import type { Logger } from "../../net/logger.js";
import type { Message, PeerContact } from "../core/message.js";
import type { CoreHost, CoreMembership, CoreNews, PeerCore } from "../core/ports.js";
import type { CoreSettings } from "../core/settings.js";
import type { MembershipGrant, MembershipNews, PeerPaths } from "../overlay/membership-types.js";
import type { OverlayInfo } from "../overlay/overlay-info.js";
import { createDataSignatures } from "../proof/data-signatures.js";
import { createProofs } from "../proof/proofs.js";
import type { LinkHandler, TransportLink } from "../transport/transport.js";
import { createApplicationInterface } from "./application-interface.js";
import { type CoreDriver, createCoreDriver } from "./core-driver.js";
import type { PeerNetwork } from "./network.js";
import type { PeerTransports } from "./transports.js";

export interface OverlayNetworkOptions {
  readonly peerId: string;
  readonly transports: PeerTransports;
  readonly createCore: (host: CoreHost, settings: CoreSettings) => PeerCore;
  readonly settings: CoreSettings;
  /** The pair whose public half goes with joins of closed overlay networks. */
  readonly key: SigningKey;
  readonly onNews: (overlayId: string, news: CoreNews) => void;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
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

/** One membership's part of a network. */
export interface Attachment {
  granted(grant: MembershipGrant): void;
  membership(news: MembershipNews): void;
  accepted(link: TransportLink, first: Message): LinkHandler;
}

/**
 * Paths and data for applications: what the HOMS says goes to the core, what the core needs is asked of the HOMS [Q.4100 7.2.1.3]. Where
 * the HOMS has lost an overlay network and it is created anew, the applications stay with the network, which gets another membership.
 */
export interface OverlayNetwork {
  readonly network: PeerNetwork;
  /** A membership's paths are this network's from its join on; until then those of the membership before go on. */
  attach(membership: NetworkMembership): Attachment;
  /** Takes leave of all paths. */
  leave(): void;
}

export function createOverlayNetwork(options: OverlayNetworkOptions): OverlayNetwork {
  const { peerId, transports, settings, key, clock } = options;
  const drivers = new Set<CoreDriver<TransportLink>>();
  let current: CoreDriver<TransportLink> | undefined;
  let left = false;

  const applications = createApplicationInterface(() => current as CoreDriver<TransportLink>, options);

  const attach = (membership: NetworkMembership): Attachment => {
    const { overlayId, closed, overlay } = membership;
    let admission: MembershipGrant["admission"];
    let started = false;
    const proofs = closed ? createProofs({ key, overlayId, peerId, admission: () => admission }) : undefined;
    const driver = createCoreDriver<TransportLink>({
      ...options,
      ...membership,
      connect: (to, handler) => transports.connect(to, { overlayId, timeoutMs: settings.answerMs, handler }),
      deliver: applications.deliver,
      onNews(news) {
        options.onNews(overlayId, news);
        applications.news(news);
      },
    });
    current ??= driver;
    drivers.add(driver);
    if (left) driver.leave();

    const signaturesBy = (first: NonNullable<MembershipGrant["admission"]>) =>
      createDataSignatures({ key, overlayId, admission: () => admission ?? first });

    const start = (contacts: readonly PeerContact[]): void => {
      const info = overlay();
      const policy = info.crPolicy ?? {};
      const member: CoreMembership = {
        overlayId,
        type: info.type,
        subType: info.subType,
        sourcePeer: info.type === "sub" ? info.ownerId : undefined,
        // A HOMS that issues no tickets leaves it to the peer; the time of joining grows with the order of joining (E-HOMP-07 B).
        self: {
          peerId,
          address: transports.address,
          ticketId: ticketNumber(membership.ticketId()) ?? Math.floor(clock.now()),
        },
        heartbeatIntervalMs: info.heartbeatInterval * 1000,
        heartbeatTimeoutMs: info.heartbeatTimeout * 1000,
        recoveryBy: policy["recovery-by"],
        cacheMessages: policy.mN_Cache ?? 0,
        cacheMs: (policy.mD_Cache ?? 0) * 1000,
        // A HOMS that certifies nobody leaves its peers nothing to show to each other.
        ...(proofs !== undefined && admission !== undefined && { proofs }),
        ...(settings.signatures && admission !== undefined && { signatures: signaturesBy(admission) }),
      };
      if (settings.signatures && admission === undefined) {
        options.logger.warn(
          { overlayId },
          "data goes unsigned: the HOMS certifies keys in closed overlay networks only",
        );
      }
      started = true;
      if (current !== driver) {
        current?.leave();
        current = driver;
      }
      driver.start(member, contacts);
    };

    return {
      granted(grant) {
        if (grant.admission !== undefined) admission = grant.admission;
        if (grant.signallingToken !== undefined) transports.signallingToken(grant.signallingToken);
      },
      membership(news) {
        if (news.kind !== "joined") return;
        if (news.recovery && started) driver.contacts(news.entryPeers);
        else start(news.entryPeers);
      },
      accepted: driver.accepted,
    };
  };

  return {
    network: applications.network,
    attach,
    leave() {
      left = true;
      for (const driver of drivers) driver.leave();
      applications.stop();
    },
  };
}

function ticketNumber(text: string | undefined): number | undefined {
  const value = Number(text);
  return text !== undefined && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
