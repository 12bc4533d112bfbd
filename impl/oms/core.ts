import type { Join, MembershipRefresh, OverlayCreation } from "../../generated/oms/types.js";
import { randomToken } from "../keys/bearer.js";
import { hashSecret, matchesSecret } from "../keys/secret.js";
import type { Clock, Random } from "../net/clock.js";
import { uuid } from "../net/uuid.js";
import type { ProviderIdentity } from "./identity.js";
import type { Member, Overlay, OverlayRecord } from "./overlay.js";
import { addressHolder, keyHolder, type Maker, stranger } from "./quota.js";
import { type Refusal, refuse, type Unauthorized, unauthorized, unknownOverlay } from "./refusal.js";
import type { Registry } from "./registry.js";
import { isRejoinProof } from "./rejoin.js";
import { defaultPriority, type OmsLimits, type OmsPolicy } from "./settings.js";

export interface CoreParts {
  readonly registry: Registry;
  readonly identity: ProviderIdentity;
  readonly policy: Readonly<OmsPolicy>;
  readonly limits: Readonly<OmsLimits>;
  readonly clock: Clock;
  readonly random: Random;
}

/** What the UMS said of the user of a peer [8.7]. */
export interface Rights {
  /** Smaller is better; undefined where there are no classes. */
  readonly serviceClass: number | undefined;
  /** Milliseconds since the epoch; undefined where it does not end. */
  readonly until: number | undefined;
}

/** What admits a peer to a closed overlay network beside its list and password: cache servers that this OMS has sent. */
export type IsOwnCacheServer = (overlay: Overlay, password: string | undefined) => boolean;

export interface Admission {
  readonly overlay: Overlay;
  /** The member that this peer is already, and has proved to be. */
  readonly rejoins: Member | undefined;
  /** A virtual peer of a cache server that this OMS has sent. */
  readonly own: boolean;
}

/** Ends of memberships that end with their overlay network. */
const never = Number.MAX_SAFE_INTEGER;

/**
 * What an OMS decides of overlay networks and memberships, without I/O [X.609.10 7.2.4, 8.5]. The clock stands still for the time of
 * a call, and nothing that has expired is ever seen.
 */
export class OmsCore {
  readonly policy: Readonly<OmsPolicy>;
  readonly limits: Readonly<OmsLimits>;
  readonly #parts: CoreParts;
  /** Compared where there is no token, so that both cases take as long. */
  readonly #nobody: string;

  constructor(parts: CoreParts) {
    this.#parts = parts;
    this.policy = parts.policy;
    this.limits = parts.limits;
    this.#nobody = hashSecret("", parts.random);
  }

  get now(): number {
    return this.#parts.clock.now();
  }

  /** The overlay network of this name, if it lives. */
  overlay(id: string): Overlay | undefined {
    this.#parts.registry.sweep(this.now);
    return this.#parts.registry.overlays.get(id);
  }

  get counts(): { overlays: number; peers: number } {
    const { registry } = this.#parts;
    registry.sweep(this.now);
    return { overlays: registry.overlays.size, peers: registry.members };
  }

  /** OMS_OVERLAY_CREATE [8.5 a, b, c, e, f]. */
  create(
    wanted: OverlayCreation,
    maker: Maker = stranger,
  ): { overlay: Overlay; source: Member; token: string } | Refusal<429 | 503> | Unauthorized {
    const { registry, random } = this.#parts;
    const { now, limits } = this;
    registry.sweep(now);
    const { source_peer: source, closed, cs_resources: resources = {} } = wanted;
    const { trusted, origin } = maker;
    if (this.policy.creators === "token" && !trusted) {
      return unauthorized("this takes a token by which the operator lets overlay networks be made", "8.5 a)");
    }
    if (registry.overlays.size >= limits.overlays || registry.members >= limits.peers) return full("overlay networks");
    const excess = trusted ? undefined : this.#excess(source.public_key, origin);
    if (excess !== undefined) return excess;
    const period = Math.min(
      Math.max(wanted.refresh_expiration ?? Math.ceil(this.policy.refreshExpiration), limits.shortestExpiration),
      limits.longestExpiration,
    );
    // Whoever goes away at once keeps nothing for long.
    const first = trusted
      ? period
      : Math.min(period, Math.max(this.policy.firstExpiration, this.policy.refreshExpiration));
    const token = randomToken(random);
    const password = closed?.password === undefined ? null : hashSecret(closed.password, random);
    const overlay = registry.addOverlay(
      uuid(random),
      {
        ...named({
          title: wanted.title,
          description: wanted.description,
          dataSourceId: wanted.data_source_id,
          dataId: wanted.data_id,
          format: wanted.format,
        }),
        contentType: wanted.content_type,
        fragmentSize: wanted.fragment_size,
        sourceId: source.peer_id,
        sourceKey: source.public_key,
        period,
        ...(first < period ? { firstPeriod: first } : {}),
        ...(trusted ? { trusted } : {}),
        ...named({ origin }),
        createdAt: now,
        ownerToken: hashSecret(token, random),
        closed: closed === undefined ? null : { peers: closed.peer_id ?? [], password },
        serviceClasses: wanted.service_classes ?? false,
        umsSession: wanted.ums_session ?? null,
        resources: this.#granted(
          { wanted: resources.wanted ?? 0, max: resources.max ?? 0, priority: resources.priority ?? defaultPriority },
          trusted,
        ),
      },
      now + first * 1000,
    );
    const member = registry.addMember(
      overlay,
      source.peer_id,
      {
        addresses: source.addresses,
        role: source.role ?? "source-peer",
        publicKey: source.public_key,
        token: "",
        joinedAt: now,
      },
      never,
    );
    this.#renewKey(member);
    return { overlay, source: member, token };
  }

  /** Takes a creation back that could not be made durable. */
  undoOverlay(overlay: Overlay): void {
    this.#parts.registry.removeOverlay(overlay);
  }

  /** The overlay network, for who shows its owner token (E-DS-36). */
  owned(id: string, token: string | undefined): Overlay | Refusal<404> | Unauthorized {
    const overlay = this.overlay(id);
    if (overlay === undefined) return unknownOverlay();
    return this.#isOwner(overlay, token) ? overlay : unauthorized("this takes the owner_token of the overlay network");
  }

  /** OMS_OVERLAY_REFRESH [8.5 c, d]: the period begins anew. @returns whether there is a new session key */
  refresh(overlay: Overlay): boolean {
    if (overlay.record.firstPeriod !== undefined) {
      delete overlay.record.firstPeriod;
      this.#parts.registry.saveOverlay(overlay);
    }
    this.#parts.registry.prolongOverlay(overlay, this.now + overlay.record.period * 1000);
    return overlay.source !== undefined && this.#renewKey(overlay.source);
  }

  /** OMS_OVERLAY_REMOVE [7.1.3]. */
  remove(overlay: Overlay): void {
    this.#parts.registry.removeOverlay(overlay);
  }

  /** What resources an overlay network is to have [8.8 a, c]; what is not named stays. */
  setResources(
    overlay: Overlay,
    resources: { wanted?: number; max?: number; priority?: number },
    operator = false,
  ): void {
    const before = overlay.record.resources;
    const wanted = resources.wanted ?? before.wanted;
    const max = resources.max ?? (resources.wanted === undefined ? before.max : 0);
    const trusted = operator || overlay.record.trusted === true;
    const granted = this.#granted({ wanted, max, priority: resources.priority ?? before.priority }, trusted);
    // What an operator has given stays where the owner changes something else.
    if (resources.priority === undefined) granted.priority = before.priority;
    overlay.record.resources = granted;
    this.#parts.registry.saveOverlay(overlay);
  }

  /**
   * Whether a peer may join [8.5 e, f], before the UMS is asked. Strangers to a closed overlay network learn nothing of who is in it.
   */
  admit(id: string, join: Join, isOwn: IsOwnCacheServer): Admission | Refusal<403 | 404 | 409 | 503> {
    // 1. The overlay network has to exist.
    const overlay = this.overlay(id);
    if (overlay === undefined) return unknownOverlay();
    const { peer_id: peerId, password } = join;

    // 2. A closed one admits its list and who has the password; either suffices (E-DS-29).
    const own = join.role === "virtual-peer" && isOwn(overlay, password);
    const proven = own || this.#isOpenTo(overlay, password);
    if (!proven && !overlay.lists(peerId) && peerId !== overlay.record.sourceId) return shut(password);

    // 3. A member is in once; one that lost its token proves that it is the member by its key.
    const member = overlay.members.get(peerId);
    if (member !== undefined) {
      if (!isRejoinProof(member, join.rejoin_proof, this.now)) {
        // Whoever has nothing but its name, which anybody may guess, does not learn that it is in.
        const { publicKey } = member.record;
        if (!proven && (publicKey === undefined || join.public_key !== publicKey)) return shut(password);
        return refuse(409, "8.5", "/join/peer_id", "this peer is in: refresh with its token, or prove it by its key");
      }
      return { overlay, rejoins: member, own };
    }

    // 4. There has to be room.
    const { registry } = this.#parts;
    if (overlay.members.size >= this.limits.peersPerOverlay || registry.members >= this.limits.peers) {
      return full("peers");
    }
    return { overlay, rejoins: undefined, own };
  }

  /** A refusal of the UMS, as a peer is told: who has no password of a closed session does not learn from it that its name is listed. */
  refusedByUms(refusal: Refusal<403 | 503>, overlay: Overlay, { password }: Join): Refusal<403 | 503> {
    return refusal.status !== 403 || this.#isOpenTo(overlay, password) ? refusal : shut(password);
  }

  /** OMS_JOIN, once admitted and granted [8.5]. */
  enter({ overlay, rejoins, own }: Admission, join: Join, rights: Rights): { member: Member; token: string } {
    const { registry, random } = this.#parts;
    const { now } = this;
    const token = randomToken(random);
    const hashed = hashSecret(token, random);
    const expiresAt = this.#membershipEnd(rights.until);
    let member = rejoins;
    if (member === undefined) {
      const { peer_id: peerId, addresses, public_key: publicKey, user_id: userId } = join;
      const { serviceClass, until: rightsUntil } = rights;
      member = registry.addMember(
        overlay,
        peerId,
        {
          addresses,
          role: join.role ?? "peer",
          token: hashed,
          joinedAt: now,
          ...named({ publicKey, userId, serviceClass, rightsUntil }),
        },
        expiresAt,
      );
    } else {
      member.record.addresses = join.addresses;
      member.record.token = hashed;
      if (join.rejoin_proof !== undefined) member.record.provedAt = join.rejoin_proof.time;
      this.grant(member, rights);
      if (!member.isSource) registry.prolongMember(member, expiresAt);
    }
    member.credential = join.user_credential;
    if (own) overlay.virtualPeers.add(member.peerId);
    this.#renewKey(member);
    return { member, token };
  }

  /** Takes a join back that could not be made durable. */
  undoJoin(member: Member): void {
    this.#parts.registry.removeMember(member);
  }

  /** The member, for who shows its token; the source peer may show its owner token instead. */
  member(id: string, peerId: string, token: string | undefined): Member | Refusal<404> | Unauthorized {
    const overlay = this.overlay(id);
    if (overlay === undefined) return unknownOverlay();
    const member = overlay.members.get(peerId);
    const hashed = member?.record.token || this.#nobody;
    const shown = token !== undefined && matchesSecret(token, hashed) && token !== "";
    if (member !== undefined && (shown || (member.isSource && this.#isOwner(overlay, token)))) return member;
    // Who is in a closed overlay network is nobody's business: strangers get one answer for everybody.
    if (member !== undefined || overlay.record.closed !== null) {
      return unauthorized("this takes the peer_token of a membership that lives");
    }
    return refuse(404, "8.5", "PID", "this peer is not in the overlay network");
  }

  /** Whether the access of its user would end before the next refresh is due [8.7 b]. */
  mustAskAgain({ record, overlay }: Member): boolean {
    const { rightsUntil } = record;
    if (overlay.record.umsSession === null || rightsUntil === undefined) return false;
    return rightsUntil - this.now < this.policy.membershipExpires * 1000;
  }

  /** What the UMS has said since. */
  grant(member: Member, { serviceClass, until }: Rights): void {
    const { record } = member;
    if (record.serviceClass === serviceClass && record.rightsUntil === until) return;
    delete record.serviceClass;
    delete record.rightsUntil;
    Object.assign(record, named({ serviceClass, rightsUntil: until }));
    this.#parts.registry.saveMember(member);
  }

  /** OMS_MEMBERSHIP_REFRESH (E-DS-37). @returns whether there is a new session key */
  keep(member: Member, { addresses }: MembershipRefresh): boolean {
    const { registry } = this.#parts;
    if (addresses !== undefined) {
      member.record.addresses = addresses;
      registry.saveMember(member);
    }
    if (!member.isSource) registry.prolongMember(member, this.#membershipEnd(member.record.rightsUntil));
    return this.#renewKey(member);
  }

  /** OMS_LEAVE [7.1.3]; the source peer removes its overlay network instead. */
  leave(member: Member): Refusal<409> | undefined {
    if (member.isSource)
      return refuse(409, "7.1.3", "PID", "the source peer does not leave: remove the overlay network");
    this.expel(member);
    return undefined;
  }

  /** Ends a membership: the rights of its user, or the task of its cache server, are over. */
  expel(member: Member): void {
    member.overlay.virtualPeers.delete(member.peerId);
    this.#parts.registry.removeMember(member);
  }

  /** Whole seconds left of a membership, at least 1 and at most a year, as the schema has it. */
  secondsLeft({ expiresAt, isSource, overlay }: Member): number {
    const left = Math.floor(((isSource ? overlay.expiresAt : expiresAt) - this.now) / 1000);
    return Math.min(31_536_000, Math.max(1, left));
  }

  /** Whether an overlay network admits everybody, or who has this password (E-DS-29). */
  #isOpenTo({ record: { closed } }: Overlay, password: string | undefined): boolean {
    return closed === null || (closed.password !== null && matchesSecret(password ?? "", closed.password));
  }

  /** Why whoever is no friend of the operator's may make no more overlay networks now. */
  #excess(key: string, origin: string | undefined): Refusal<429> | undefined {
    const { holdings } = this.#parts.registry;
    const { overlaysPerKey, overlaysPerAddress } = this.policy;
    if (holdings.of(keyHolder(key)) >= overlaysPerKey) {
      const member = "/overlay_creation/source_peer/public_key";
      return refuse(429, "7.2.4", member, `one source key has no more than ${overlaysPerKey} overlay networks here`);
    }
    if (origin !== undefined && holdings.of(addressHolder(origin)) >= overlaysPerAddress) {
      return refuse(429, "7.2.4", "", `one address has no more than ${overlaysPerAddress} overlay networks here`);
    }
    return undefined;
  }

  /** No more of the cache servers than the policy has for those whom the operator does not know [8.8 c]. */
  #granted(wished: OverlayRecord["resources"], trusted: boolean): OverlayRecord["resources"] {
    const { strangerCacheServers: most, strangerPriority } = this.policy;
    const count = (wanted: number) => (trusted ? wanted : Math.min(wanted, most));
    const wanted = count(wished.wanted);
    const priority = trusted ? wished.priority : Math.max(1, Math.min(wished.priority, strangerPriority));
    return { wanted, max: Math.max(wanted, count(wished.max)), priority };
  }

  #membershipEnd(rightsUntil = never): number {
    return Math.min(this.now + this.policy.membershipExpires * 1000, rightsUntil);
  }

  /** A session key ends with its user's rights at the latest [8.7 b]. @returns whether there is a new one */
  #renewKey(member: Member): boolean {
    const life = this.policy.sessionKeyLife * 1000;
    if (member.record.publicKey === undefined || member.keyUntil - this.now > life / 2) return false;
    const until = Math.min(this.now + life, member.record.rightsUntil ?? never);
    if (until <= member.keyUntil) return false;
    member.keyUntil = until;
    this.#parts.registry.prolongMember(member, member.expiresAt);
    return true;
  }

  #isOwner(overlay: Overlay, token: string | undefined): boolean {
    return token !== undefined && matchesSecret(token, overlay.record.ownerToken);
  }
}

/** One answer for whatever there is in a closed session that a stranger could ask for. */
const shut = (password: string | undefined): Refusal<403> =>
  refuse(
    403,
    password === undefined ? "8.5 e)" : "8.5 f)",
    "/join/password",
    "this session is closed: it admits its list and its password, and users with access rights where it wants any",
  );

const full = (what: string) => refuse(503, "7.2.4", "", `this OMS holds no more ${what}`);

/** The object without the members that are undefined. */
function named<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
