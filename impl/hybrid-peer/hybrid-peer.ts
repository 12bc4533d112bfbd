import { sleep } from "../../generated/runtime/http-retry.js";
import { defaultBackoff, fraction, pauseMs, randomAlphanumerics } from "../net/backoff.js";
import { monotonicClock, systemRandom } from "../net/clock.js";
import { silentLogger } from "../net/logger.js";
import { checkOptions } from "./control/configuration/configuration.js";
import type { OverlayNetwork } from "./control/overlay-network.js";
import { createPeerNetworks } from "./control/peer-networks.js";
import type { CoreNews } from "./core/ports.js";
import { HybridPeerError } from "./errors.js";
import type { HybridPeerOptions, JoinOptions } from "./options.js";
import { dialectTransport } from "./overlay/dialects/dialect-transport.js";
import { createHomsInterface } from "./overlay/homs-interface.js";
import { createMembership, type Membership, type OwnMembership } from "./overlay/membership.js";
import { defaultMembershipSettings, type MembershipNews } from "./overlay/membership-types.js";
import { type OverlayInfo, overlayInfo } from "./overlay/overlay-info.js";
import {
  createOverlay,
  type FoundOverlay,
  modifyOverlay,
  type OverlayChanges,
  type OverlayProperties,
  type OverlayQuery,
  type Ownership,
  queryOverlays,
  removeOverlay,
} from "./overlay/overlay-management.js";
import { type KeptOverlay, keepOverlay, type OwnedOverlay, type OwnerNews } from "./overlay/owned-overlay.js";

/** What happens to a hybrid peer, for whoever watches it. */
export type HybridPeerNews =
  | (MembershipNews & { readonly overlayId: string })
  | OwnerNews
  /** Of the paths and data of a membership. */
  | { readonly kind: "network"; readonly overlayId: string; readonly news: CoreNews }
  /** Something asked for once is tried again in `retryMs`. */
  | { readonly kind: "retry"; readonly reason: string; readonly retryMs: number };

export interface CreateOptions extends OverlayProperties {
  /** The owner's key phrase. Default: made at random. */
  readonly adminKey?: string;
  /** Extend the lifetime before it ends for as long as this peer runs [Q.4103 7.1.4 NOTE 2]. Default true. */
  readonly extend?: boolean;
}

/** How an overlay network is joined, beside which. */
type Entry = Pick<JoinOptions, "accessKey" | "expires">;

/** Looks for an overlay network that its owner may have created anew; by then the pauses are at their longest. */
const FOLLOW_ATTEMPTS = 20;

export interface HybridPeer {
  readonly peerId: string;
  readonly address: string;
  readonly memberships: readonly Membership[];
  /**
   * Creates an overlay network that this peer owns; it is no member by that (E-HOMP-48). Where the HOMS loses the overlay network and
   * this peer had joined it, it is created anew, under another overlay-id.
   *
   * @throws HybridPeerError ERR_REFUSED, ERR_UNAVAILABLE, ERR_ANSWER, ERR_CLOSED
   */
  create(options: CreateOptions): Promise<OwnedOverlay>;
  /** @throws HybridPeerError ERR_REFUSED, ERR_UNAVAILABLE, ERR_CLOSED */
  query(query?: OverlayQuery): Promise<FoundOverlay[]>;
  /** Changes an overlay network created by an earlier instance of this owner. @throws HybridPeerError as `query` */
  modify(ownership: Omit<Ownership, "ownerId">, changes: OverlayChanges): Promise<void>;
  /** Removes one. @throws HybridPeerError as `query` */
  remove(ownership: Omit<Ownership, "ownerId">): Promise<void>;
  /**
   * Joins and stays: resolves when it is a member for the first time; from then on the membership is kept up until it is left.
   * While the HOMS cannot be reached, it goes on trying.
   *
   * @throws HybridPeerError ERR_REFUSED, ERR_NOT_FOUND, ERR_UNAVAILABLE, ERR_CLOSED
   */
  join(options: JoinOptions): Promise<Membership>;
  /** Names the applications attached to this peer; the HOMS is told in each membership [Q.4103 7.2.2, 7.2.3, E-HOMP-36]. */
  attach(applications: readonly string[]): void;
  /** Gives back what ends it. */
  onNews(listener: (news: HybridPeerNews) => void): () => void;
  /** Leaves all overlay networks, and ends. What it owns lives on until it is removed or expires. */
  close(): Promise<void>;
}

/**
 * Starts a hybrid peer of Q.4100 [7.2]: its overlay management, over HOMP (Q.4103), and the transports over which it is going to have
 * paths to other peers. Sends nothing by itself.
 *
 * @throws Mp2pError ERR_BASE_URL
 * @throws HybridPeerError ERR_CONFIGURATION, ERR_TRANSPORT; the system's error where it cannot listen
 */
export async function startHybridPeer(options: HybridPeerOptions): Promise<HybridPeer> {
  const { logger = silentLogger, clock = monotonicClock, random = systemRandom, timeoutMs = 10_000 } = options;
  checkOptions(options);
  const peerId = options.peerId ?? `peer-${randomAlphanumerics(16, random)}`;
  const password = options.password ?? randomAlphanumerics(24, random);
  const backoff = { ...defaultBackoff, ...options.backoff };
  const { auth, fetch, homsDialect: dialect = "text" } = options;
  const transport = dialectTransport({
    baseUrl: options.homs,
    dialect,
    instance: 1 + Math.floor(fraction(random) * 0x7fff_ffff),
    fetch,
    onDetected: (name) => logger.info({ dialect: name }, "the HOMS is spoken to in its own way"),
  });
  const how = transport !== undefined ? { transport } : fetch && { fetch };
  const homs = createHomsInterface({ baseUrl: options.homs, timeoutMs, ...(auth && { auth }), ...how }, logger);
  const ending = new AbortController();
  const listeners = new Set<(news: HybridPeerNews) => void>();
  const memberships = new Set<OwnMembership>();
  const owned = new Set<KeptOverlay>();
  const known = new Set<string>();
  let applications: readonly string[] = [];
  let closing: Promise<void> | undefined;

  const tell = (news: HybridPeerNews): void => {
    logger.debug({ peerId, ...news }, "overlay management");
    for (const listener of listeners) {
      try {
        listener(news);
      } catch (error) {
        logger.error({ err: error }, "a listener failed");
      }
    }
  };
  const persistence = {
    attempts: options.attempts ?? 5,
    backoff,
    random,
    signal: ending.signal,
    onRetry: (reason: string, retryMs: number) => tell({ kind: "retry", reason, retryMs }),
  };
  const networks = await createPeerNetworks({
    ...options,
    ...{ peerId, clock, random, logger, named: options.peerId !== undefined },
    onNews: (overlayId, news) => tell({ kind: "network", overlayId, news }),
  });
  // Path management decides when it needs the HOMS, and whom it cannot reach.
  const recoverAlone = networks === undefined;
  const settings = { ...defaultMembershipSettings, ...options.membership, recoverAlone, backoff };
  const leastContacts = networks === undefined ? (options.leastContacts ?? 1) : 0;
  const address = networks?.address ?? options.address ?? "";
  const alive = (): void => {
    if (closing !== undefined) throw new HybridPeerError("ERR_CLOSED", "the peer is closed");
  };
  const query = (parameters: OverlayQuery = {}) => queryOverlays(homs, parameters, persistence);

  /** @param instead the network of a membership that is over, which goes on with this one */
  const enter = (overlay: OverlayInfo, how: Entry, instead?: OverlayNetwork): OwnMembership => {
    const { overlayId } = overlay;
    const { accessKey, expires } = how;
    const closed = overlay.access === "closed" || accessKey !== undefined;
    let successor: OwnMembership | undefined;
    const entered = networks?.enter(
      {
        ...{ overlayId, closed },
        overlay: () => membership.overlay,
        ticketId: () => membership.ticketId,
        report: (paths) => membership.report(paths),
        recover: () => membership.recover(),
      },
      instead,
    );
    const network = entered && {
      network: entered.all.network,
      granted: entered.granted,
      leave() {
        if (successor === undefined) entered.all.leave();
        else void successor.leave();
      },
    };
    const publicKey = closed ? networks?.publicKey : undefined;
    const membership: OwnMembership = createMembership({
      identity: { overlay, peerId, address, password, accessKey, expires, publicKey },
      ...{ overlay, homs, settings, leastContacts, timeoutMs, clock, random, network },
      leaveMs: options.leaveMs ?? 3000,
      onNews: (news) => {
        tell({ ...news, overlayId });
        entered?.membership(news);
        if (news.kind === "left" || news.kind === "refused" || news.kind === "gone") memberships.delete(membership);
        if (news.kind !== "gone") return;
        void findAgain(membership.overlay).then((next) => {
          if (closing !== undefined) return;
          if (next !== undefined) successor = enter(next, how, entered?.all);
          else entered?.all.leave();
        });
      },
    });
    memberships.add(membership);
    membership.attach(applications);
    membership.start();
    return membership;
  };
  /**
   * The HOMS has lost an overlay network, by a restart or because its lifetime ran out: its owner creates it anew, and where the others
   * have paths to lose they look for what it has created.
   */
  const findAgain = async ({ overlayId, title, ownerId, subType }: OverlayInfo): Promise<OverlayInfo | undefined> => {
    const mine = [...owned].find(({ overlay }) => overlay.overlayId === overlayId);
    if (mine !== undefined && closing === undefined) {
      try {
        return await mine.recreate();
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        tell({ kind: "abandoned", overlayId, reason });
        return undefined;
      }
    }
    if (networks === undefined || title === undefined || ownerId === undefined || ownerId === peerId) return undefined;
    for (let failures = 1; failures <= FOLLOW_ATTEMPTS; failures++) {
      await sleep(pauseMs(failures, backoff, random), ending.signal).catch(() => undefined);
      if (closing !== undefined) return undefined;
      const found = await queryOverlays(homs, { title }, { ...persistence, attempts: 1 }).catch(() => []);
      const next = found.find((one) => one.title === title && one.ownerId === ownerId && one.subType === subType);
      if (next !== undefined) return next;
    }
    return undefined;
  };

  return {
    peerId,
    address,
    get memberships() {
      return [...memberships];
    },
    async create({ adminKey = randomAlphanumerics(32, random), extend = true, ...properties }) {
      alive();
      const ownership = { ownerId: peerId, adminKey };
      const created = await createOverlay(homs, properties, ownership, persistence, known);
      known.add(created.overlay.overlayId);
      tell({ kind: "created", overlay: created.overlay, expires: created.expires, again: false });
      const kept = keepOverlay({ homs, persistence, properties, ownership, created, extend, known, onNews: tell });
      owned.add(kept);
      return {
        get overlay() {
          return kept.overlay;
        },
        adminKey,
        modify: kept.modify,
        remove() {
          owned.delete(kept);
          return kept.remove();
        },
      };
    },
    async query(parameters) {
      alive();
      return await query(parameters);
    },
    async modify({ overlayId, adminKey }, { access, ...changes }) {
      alive();
      await modifyOverlay(homs, { overlayId, adminKey, ownerId: peerId }, changes, access, persistence);
      tell({ kind: "modified", overlayId });
    },
    async remove({ overlayId, adminKey }) {
      alive();
      await removeOverlay(homs, { overlayId, adminKey, ownerId: peerId }, persistence);
      tell({ kind: "removed", overlayId });
    },
    async join({ overlayId, type, subType, ...how }) {
      alive();
      let overlay = overlayInfo({ "overlay-id": overlayId, type, "sub-type": subType });
      const unknown = type === undefined || subType === undefined;
      // Paths and data depend on more than a join has to say: owner, access, policy.
      if (unknown || networks !== undefined) {
        const found = (await query({ overlayId })).find((one) => one.overlayId === overlayId);
        if (found === undefined && unknown) {
          throw new HybridPeerError("ERR_NOT_FOUND", `the HOMS knows no overlay network ${overlayId}`);
        }
        overlay = found ?? overlay;
        alive();
      }
      const membership = enter(overlay, how);
      await membership.joined();
      return membership;
    },
    attach(names) {
      applications = [...names];
      for (const membership of memberships) membership.attach(applications);
    },
    onNews(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      closing ??= (async () => {
        ending.abort();
        for (const one of owned) one.stop();
        await Promise.all([...memberships].map((membership) => membership.leave()));
        await networks?.close();
      })();
      return closing;
    },
  };
}
