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

const nothing: Known = new Map();

/** Peers offered to UNIS and PAMS to choose from, however many are wanted: among so many there is one near, and one that can help. */
const leastCandidates = 50;
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

    // 1. Who is listed in any case: the source peer, which holds whatever there is, and cache servers that were sent to help.
    const source = overlay.source === member || overlay.source?.place === -1 ? undefined : overlay.source;
    const helpers = this.#helpers(member);

    // 2. Candidates for the rest, the near ones first [8.3].
    const chooses = this.#parts.distances !== undefined || this.#parts.activity !== undefined;
    const offered = chooses ? Math.max(leastCandidates, count * policy.candidates) : count;
    const candidates = overlay.sample(Math.min(mostCandidates, offered), this.#parts.random, member);
    const fixed = source === undefined ? helpers : [source, ...helpers];
    const known = await this.#distances(member, fixed, candidates);
    const near = this.#nearFirst(candidates, count, known);

    // 3. What the PAMS knows: who meets the conditions, helps this peer, suits its class; what to fetch first [8.1 d].
    const answer = await this.#ask(member, request, count, new Set([...helpers, ...near, ...candidates]));
    const found = answer === undefined ? [] : membersOf(overlay, answer.peers, member);

    // 4. Together, each once. Chance fills up what the PAMS leaves free, except where only it knows who meets the conditions.
    const narrowed = isNarrowed(request) && answer !== undefined;
    const parts = narrowed ? [found] : [helpers, found, near];
    const added = narrowed && !isAboutFragments(request) ? undefined : source;
    const chosen = together(added === undefined ? count : count - 1, added, parts);
    if (added !== undefined) chosen.splice(narrowed ? chosen.length : this.#placeOf(added, chosen, known), 0, added);
    // Whom the PAMS found, the UNIS has not been asked about.
    const distances = found.length === 0 ? known : await this.#distances(member, chosen);
    const advised = answer?.fragment_list?.fragment;
    return {
      peer_list: chosen.map((peer) => listed(peer, distances.get(peer.peerId))),
      ...(advised === undefined ? {} : { fragment_list: { fragment: advised } }),
      ...completeRange(answer?.fragment_range),
    };
  }

  /** Some of the virtual peers, others for each list. */
  #helpers(member: Member): Member[] {
    const all = membersOf(member.overlay, member.overlay.virtualPeers, member);
    const first = all.length === 0 ? 0 : this.#below(all.length);
    return [...all.slice(first), ...all.slice(0, first)].slice(0, this.#parts.policy.virtualPeers);
  }

  /** By distance; where that is not known anywhere, so that not all of a large overlay network turn to its source peer first. */
  #placeOf(source: Member, chosen: readonly Member[], known: Known): number {
    const distance = known.get(source.peerId);
    if (distance === undefined) return this.#below(chosen.length + 1);
    const farther = chosen.findIndex(({ peerId }) => (known.get(peerId) ?? Number.POSITIVE_INFINITY) > distance);
    return farther === -1 ? chosen.length : farther;
  }

  #below(bound: number): number {
    return Math.floor((Buffer.from(this.#parts.random.bytes(4)).readUInt32LE() / 2 ** 32) * bound);
  }

  /** Distances from a member, as far as the UNIS says in time: what it has said is remembered [8.3 b, c]. */
  async #distances(member: Member, ...others: readonly (readonly Member[])[]): Promise<Known> {
    const { distances } = this.#parts;
    const here = located(member);
    if (distances === undefined || here === undefined) return nothing;
    const there = [...new Set(others.flat())].flatMap((other) => located(other) ?? []);
    if (there.length === 0) return nothing;
    const ranked = await distances.order(here, there);
    return new Map(ranked.flatMap(({ peer_id, distance }) => (distance === undefined ? [] : [[peer_id, distance]])));
  }

  /** A part by distance and a part by chance, so that neighbourhoods stay connected with each other; then all by distance. */
  #nearFirst(candidates: readonly Member[], count: number, known: Known): readonly Member[] {
    if (known.size === 0) return candidates.slice(0, count);
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
   * it takes these candidates as they come, those who can help a peer that is served badly first [8.2.3], and says what is rare [8.2.4].
   */
  async #ask(
    { overlay, peerId, record }: Member,
    request: PeerListRequest,
    count: number,
    candidates: ReadonlySet<Member>,
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
      ...(free ? {} : { peer_id: [...candidates].map((candidate) => candidate.peerId) }),
    };
    return activity.list(overlay, condition);
  }
}

/** The address at a signalling relay tells where the relay is, and nothing of the peer. */
function located({ peerId, record }: Member): { peer_id: string; address: string } | undefined {
  const address = record.addresses.find((one) => !/^wss?:/i.test(one));
  return address === undefined ? undefined : { peer_id: peerId, address };
}

const isNarrowed = ({ ordering, overlay_status, fragment_list, fragment_range }: PeerListRequest): boolean =>
  ordering !== undefined || overlay_status !== undefined || (fragment_list ?? fragment_range) !== undefined;

/** The source peer holds every fragment there is, whatever it reported; of its place in an order, or its status, nothing is known. */
const isAboutFragments = ({ overlay_status, ordering }: PeerListRequest): boolean =>
  overlay_status === undefined && ordering === undefined;

/** Those of these that are in, and can be reached: who has left since, or never came by this OMS, is not told [X.609.1 8.2.2 step 4]. */
function membersOf({ members }: Overlay, peerIds: Iterable<string>, without: Member): Member[] {
  const found: Member[] = [];
  for (const peerId of peerIds) {
    const member = members.get(peerId);
    if (member !== undefined && member !== without && member.place !== -1) found.push(member);
  }
  return found;
}

function together(count: number, without: Member | undefined, parts: readonly (readonly Member[])[]): Member[] {
  const chosen = new Set<Member>();
  for (const member of parts.flat()) {
    if (chosen.size === count) break;
    if (member !== without && member.overlay.members.get(member.peerId) === member) chosen.add(member);
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
