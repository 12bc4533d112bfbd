import type { FragmentList, FragmentRange, ListedPeer, PeerListRequest } from "../../generated/oms/types.js";
import type { PeerQueryCondition } from "../../generated/pamp/index.js";
import type { Random } from "../net/clock.js";
import type { PeerListAnswer } from "../pamp-client/index.js";
import type { Distances } from "../unis-client/index.js";
import type { Activity } from "./activity.js";
import type { Member, Overlay } from "./overlay.js";
import type { OmsLimits, OmsPolicy } from "./settings.js";

export interface PeerListParts {
  readonly activity: Activity | undefined;
  readonly distances: Distances | undefined;
  readonly policy: Readonly<OmsPolicy>;
  readonly limits: Readonly<OmsLimits>;
  readonly random: Random;
}

export interface PeerList {
  peer_list: ListedPeer[];
  fragment_list?: FragmentList;
  fragment_range?: FragmentRange;
}

type Known = ReadonlyMap<string, number>;

/** Peers offered to choose from, however many are wanted. */
const mostCandidates = 200;

/**
 * Who goes into a peer list [X.609.10 8.1, 8.3, 8.5; X.609.1 8.2.2-8.2.5]: members drawn at random, the near ones before the far ones as
 * far as the UNIS knows, weighed by what the PAMS knows, and always the source peer and the cache servers that were sent to help.
 */
export class PeerLists {
  readonly #parts: PeerListParts;

  constructor(parts: PeerListParts) {
    this.#parts = parts;
  }

  async compose(member: Member, request: PeerListRequest): Promise<PeerList> {
    const { policy, limits } = this.#parts;
    const count = Math.min(request.max_peer_num ?? policy.peerList, limits.peerList);
    if (count === 0) return { peer_list: [] };
    const { overlay } = member;

    // 1. Who is listed in any case.
    const fixed = this.#fixed(member);

    // 2. Candidates for the rest, the near ones first [8.3].
    const candidates = this.#parts.distances
      ? overlay.sample(Math.min(mostCandidates, count * policy.candidates), this.#parts.random, member)
      : overlay.sample(Math.min(mostCandidates, count), this.#parts.random, member);
    const known = await this.#distances(member, [...new Set([...fixed, ...candidates])]);
    const near = this.#nearFirst(candidates, count, known);

    // 3. What the PAMS knows: who meets the conditions, helps this peer, suits its class; what to fetch first [8.1 d].
    const answer = await this.#ask(member, request, count, near);
    const found = answer === undefined ? [] : membersOf(overlay, answer.peers, member);
    const rest = answer !== undefined && isNarrowed(request) ? [] : near;

    // 4. Together, each once; without a PAMS, or as far as it named too few, chance fills up.
    const chosen =
      isNarrowed(request) && answer !== undefined
        ? together(count, found, holdersOf(request, fixed))
        : together(count, fixed, found, rest);
    const missing = chosen.filter(({ peerId }) => !known.has(peerId));
    const distances = missing.length === 0 ? known : new Map([...known, ...(await this.#distances(member, missing))]);
    return {
      peer_list: chosen.map((peer) => listed(peer, distances.get(peer.peerId))),
      ...(answer?.fragment_list?.fragment === undefined
        ? {}
        : { fragment_list: { fragment: answer.fragment_list.fragment } }),
      ...completeRange(answer?.fragment_range),
    };
  }

  /** The source peer, and some of the virtual peers. */
  #fixed(member: Member): Member[] {
    const { overlay } = member;
    const { source } = overlay;
    const helpers = membersOf(overlay, overlay.virtualPeers, member);
    const first = helpers.length === 0 ? 0 : (this.#parts.random.bytes(1)[0] ?? 0) % helpers.length;
    const some = [...helpers.slice(first), ...helpers.slice(0, first)].slice(0, this.#parts.policy.virtualPeers);
    return source === undefined || source === member ? some : [source, ...some];
  }

  /** Distances from a member, as far as the UNIS says in time: what it has said is remembered [8.3 b, c]. */
  async #distances(member: Member, others: readonly Member[]): Promise<Known> {
    const { distances } = this.#parts;
    const here = located(member);
    if (distances === undefined || here === undefined) return new Map();
    const ranked = await distances.order(
      here,
      others.flatMap((other) => located(other) ?? []),
    );
    return new Map(ranked.flatMap(({ peer_id, distance }) => (distance === undefined ? [] : [[peer_id, distance]])));
  }

  /** A part by distance and a part by chance, so that neighbourhoods stay connected with each other; then all by distance. */
  #nearFirst(candidates: readonly Member[], count: number, known: Known): Member[] {
    if (known.size === 0) return [...candidates];
    const distance = ({ peerId }: Member): number => known.get(peerId) ?? Number.POSITIVE_INFINITY;
    const byDistance = (a: Member, b: Member): number => {
      const [x, y] = [distance(a), distance(b)];
      return x === y ? 0 : x - y;
    };
    const near = new Set(
      [...candidates].sort(byDistance).slice(0, Math.ceil(count * (1 - this.#parts.policy.farShare))),
    );
    const far = candidates.filter((member) => !near.has(member)).slice(0, count - near.size);
    return [...near, ...far].sort(byDistance);
  }

  /**
   * Fragments, status and order are the PAMS's to find among all peers [X.609.1 8.2.2], and so is what suits a class [8.2.5]; otherwise
   * it chooses among these candidates, and says what is rare among them [8.2.4].
   */
  async #ask(
    { overlay, peerId, record }: Member,
    request: PeerListRequest,
    count: number,
    candidates: readonly Member[],
  ): Promise<PeerListAnswer | undefined> {
    const { activity } = this.#parts;
    if (activity === undefined) return undefined;
    const { ordering, overlay_status, fragment_list, fragment_range } = request;
    const serviceClass = overlay.record.serviceClasses ? record.serviceClass : undefined;
    const free = isNarrowed(request) || serviceClass !== undefined;
    const condition: PeerQueryCondition = {
      requesting_peer: peerId,
      max_peer_num: count,
      ...(ordering === undefined ? {} : { ordering }),
      ...(overlay_status === undefined ? {} : { overlay_status }),
      ...(fragment_list === undefined ? {} : { fragment_list }),
      ...(fragment_range === undefined ? {} : { fragment_range }),
      ...(serviceClass === undefined ? {} : { service_class: serviceClass }),
      ...(free ? {} : { peer_id: candidates.map((candidate) => candidate.peerId) }),
    };
    return activity.list(overlay, condition);
  }
}

function located({ peerId, record }: Member): { peer_id: string; address: string } | undefined {
  const [address] = record.addresses;
  return address === undefined ? undefined : { peer_id: peerId, address };
}

const isNarrowed = ({ ordering, overlay_status, fragment_list, fragment_range }: PeerListRequest): boolean =>
  ordering !== undefined || overlay_status !== undefined || (fragment_list ?? fragment_range) !== undefined;

/** The source peer holds every fragment there is, whatever it reported; nothing is known of its place in an order. */
function holdersOf({ overlay_status, ordering }: PeerListRequest, fixed: readonly Member[]): readonly Member[] {
  return overlay_status === undefined && ordering === undefined ? fixed : [];
}

/** Those of these that are in, and can be reached: who has left since, or never came by this OMS, is not told [X.609.1 8.2.2 step 4]. */
function membersOf({ members }: Overlay, peerIds: Iterable<string>, without: Member): Member[] {
  const found: Member[] = [];
  for (const peerId of peerIds) {
    const member = members.get(peerId);
    if (member !== undefined && member !== without && member.place !== -1) found.push(member);
  }
  return found;
}

function together(count: number, ...parts: readonly (readonly Member[])[]): Member[] {
  const chosen = new Set<Member>();
  for (const part of parts) {
    for (const member of part) {
      if (chosen.size === count) return [...chosen];
      if (member.place !== -1) chosen.add(member);
    }
  }
  return [...chosen];
}

/** All that is ever told of a peer [X.609.1 REQ-SEC-02, REQ-SEC-03]. */
function listed({ peerId, record: { addresses, role } }: Member, distance: number | undefined): ListedPeer {
  return { peer_id: peerId, addresses, role, ...(distance === undefined ? {} : { distance }) };
}

function completeRange(range: PeerListAnswer["fragment_range"]): { fragment_range?: FragmentRange } {
  const { start_fragment_id, end_fragment_id } = range ?? {};
  if (start_fragment_id === undefined || end_fragment_id === undefined) return {};
  return { fragment_range: { start_fragment_id, end_fragment_id } };
}
