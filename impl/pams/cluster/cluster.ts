import type { PampHandlers } from "../../../generated/pamp/server.js";
import type { OverlayNetworkInformation, PeerInformation } from "../../../generated/pamp/types.js";
import type { RequestContext } from "../../../generated/runtime/http-server-types.js";
import type { ReceiptBody } from "../../peer/core/message.js";
import type { PamsCore, PeerHandover } from "../core.js";
import { peerTokenHeader } from "../credentials.js";
import { Distribution } from "../distribution.js";
import { FragmentSet, type FragmentSetRow } from "../fragment-set.js";
import type { ReceiptFault } from "../ledger.js";
import type { Overlay } from "../overlay.js";
import type { Receipts } from "../receipts.js";
import type { Need, Part } from "../select.js";
import type { PeerQueryCondition } from "../types.js";
import type { Membership } from "./membership.js";
import type { Questions } from "./questions.js";

export interface ClusterParts {
  readonly core: PamsCore;
  readonly receipts: Receipts;
  /** What this PAMS does by itself. */
  readonly own: PampHandlers;
  readonly membership: Membership;
}

/** What a PAMS knows of an overlay network and of one peer in it. */
export interface LookedUp {
  readonly information: OverlayNetworkInformation;
  readonly registered: boolean;
  /** It was handed over by a PAMS that left, and has not come itself yet. */
  readonly moved: boolean;
}

/** What a PAMS has for a list answer. */
export interface ListedHere {
  readonly information: OverlayNetworkInformation;
  readonly part: Part;
  /** [first, last, holders, …] */
  readonly segments: readonly number[];
  readonly everywhere: number;
}

export interface RegisteredThere {
  readonly status: number;
  readonly token?: string;
  readonly body?: unknown;
}

/** Overlay networks deregistered lately, so that a PAMS that was away does not bring them back. */
const tombstones = 10_000;
/** Registrations for others that may be asked for again. */
const answersKept = 1_000;
/** Numbers of one distribution that travel. */
const mostSegments = 90_000;
/** Peers in one message when they are handed over, and overlay networks in one when they are compared. */
const batch = 200;

/** The part of a PAMS that speaks with the others that share its overlay networks [X.609.1 8.2.1]. */
export class Cluster {
  readonly membership: Membership;
  readonly core: PamsCore;
  readonly #receipts: Receipts;
  readonly #own: PampHandlers;
  readonly #gone = new Set<string>();
  readonly #answers = new Map<string, Promise<RegisteredThere>>();

  constructor({ core, receipts, own, membership }: ClusterParts) {
    this.core = core;
    this.#receipts = receipts;
    this.#own = own;
    this.membership = membership;
    receipts.colleagues = {
      keyOf: async (overlay, peer) => {
        const answers = await membership.askAll<{ key: string }>("key", { overlay, peer });
        return answers[0]?.answer.key;
      },
      receive: async (overlay, body) => {
        const answers = await membership.askAll<{ counted: ReceiptFault | number }>("receive", { overlay, body });
        return answers[0]?.answer.counted ?? "unreachable";
      },
    };
  }

  /** Makes sure that this PAMS has the overlay network. */
  ensure(information: OverlayNetworkInformation): void {
    const { overlay_network_id: id, content_type, ...characteristics } = information;
    if (!this.core.overlays.has(id)) this.core.registerOverlay(id, content_type, characteristics);
  }

  buried(overlayId: string): void {
    this.#gone.add(overlayId);
    const [oldest = ""] = this.#gone;
    if (this.#gone.size > tombstones) this.#gone.delete(oldest);
  }

  revived(overlayId: string): void {
    this.#gone.delete(overlayId);
  }

  listedHere(overlayId: string, condition: PeerQueryCondition, need: Need): ListedHere | undefined {
    const overlay = this.core.overlays.get(overlayId);
    const part = this.core.listPart(overlayId, condition, need);
    if (overlay === undefined || part === "unknown" || "member" in part) return undefined;
    const known = this.core.distribution(overlayId, condition);
    const segments: number[] = [];
    known?.distribution.visit((first, last, holders) => {
      if (segments.length < mostSegments) segments.push(first, last, holders);
    });
    return { information: informationOf(overlay), part, segments, everywhere: known?.everywhere ?? 0 };
  }

  /** What others may ask of this PAMS. */
  readonly questions: Questions = {
    self: ({ pams_url }) => {
      this.membership.askedBy(pams_url);
      return this.membership.tellSelf();
    },
    farewell: ({ id }) => {
      this.membership.farewell(String(id));
      return {};
    },
    "look-up": ({ overlay, peer }): LookedUp | undefined => {
      const known = this.core.overlays.get(String(overlay));
      if (known === undefined) return undefined;
      const found = typeof peer === "string" ? this.core.find(known.id, peer) : undefined;
      return { information: informationOf(known), registered: found !== undefined, moved: found?.moved ?? false };
    },
    "register-overlay": ({ attempt, information }) =>
      this.#once(attempt, async () => {
        const body = { overlay_network_information: information as OverlayNetworkInformation };
        this.revived(body.overlay_network_information.overlay_network_id);
        return { status: (await this.#own.PAMP_OVERLAY_NW_REG({ body }, nobody)).status };
      }),
    "deregister-overlay": async ({ overlay }): Promise<RegisteredThere> => {
      this.buried(String(overlay));
      return { status: (await this.#own.PAMP_OVERLAY_NW_DEREG({ params: { NID: String(overlay) } }, nobody)).status };
    },
    "register-peer": ({ attempt, information, peer }) =>
      this.#once(attempt, async () => {
        this.ensure(information as OverlayNetworkInformation);
        const { overlay_network_id: NID } = information as OverlayNetworkInformation;
        const body = { peer_information: peer as PeerInformation };
        const { status, ...rest } = await this.#own.PAMP_PEER_REG({ params: { NID }, body }, nobody);
        const { headers, body: said } = rest as { headers?: Record<string, unknown>; body?: unknown };
        const token = headers?.[peerTokenHeader];
        return { status, ...(typeof token === "string" ? { token } : {}), ...(status === 200 ? {} : { body: said }) };
      }),
    "deregister-peer": async ({ overlay, peer, authorization }): Promise<RegisteredThere> => {
      const headers = typeof authorization === "string" ? { authorization } : {};
      const params = { NID: String(overlay), PID: String(peer) };
      return { status: (await this.#own.PAMP_PEER_DEREG({ params }, { ...nobody, headers })).status };
    },
    status: async ({ overlay, peer }) => {
      const params = { NID: String(overlay), PID: String(peer) };
      const found = this.core.find(params.NID, params.PID);
      if (found === undefined) return undefined;
      const answer = await this.#own.PAMP_PEER_INFO_QUERY({ params }, nobody);
      return answer.status === 200 ? { at: found.lastHeard, body: answer.body } : undefined;
    },
    need: ({ overlay, condition }) => {
      const need = this.core.needOf(String(overlay), condition as PeerQueryCondition);
      return need === undefined ? undefined : { lack: need.lack, held: need.held ?? null };
    },
    list: ({ overlay, condition, lack, held }) => {
      const need = { lack: Number(lack), held: held ? FragmentSet.restore(held as FragmentSetRow) : undefined };
      return this.listedHere(String(overlay), condition as PeerQueryCondition, need);
    },
    promise: ({ overlay, peers, condition, lack }) => {
      const need = { lack: Number(lack), held: undefined };
      this.core.promise(String(overlay), peers as string[], condition as PeerQueryCondition, need);
      return {};
    },
    key: ({ overlay, peer }) => {
      const key = this.#receipts.keyOf(String(overlay), String(peer));
      return key === undefined ? undefined : { key };
    },
    receive: ({ overlay, body }) => {
      const receipt = body as ReceiptBody;
      if (this.#receipts.keyOf(String(overlay), receipt.receiver) === undefined) return undefined;
      return { counted: this.#receipts.receive(String(overlay), receipt) };
    },
    compare: ({ overlays }) => {
      const gone: string[] = [];
      for (const information of overlays as OverlayNetworkInformation[]) {
        if (this.#gone.has(information.overlay_network_id)) gone.push(information.overlay_network_id);
        else this.ensure(information);
      }
      return { gone };
    },
    "hand-over": ({ information, peers }) => {
      this.ensure(information as OverlayNetworkInformation);
      const { overlay_network_id: id } = information as OverlayNetworkInformation;
      for (const one of peers as PeerHandover[]) this.core.takeOver(id, one);
      return {};
    },
  };

  /** What is asked again because the answer was late is answered again, and not done again. */
  #once(attempt: unknown, act: () => Promise<RegisteredThere>): Promise<RegisteredThere> {
    const name = String(attempt);
    const answer = this.#answers.get(name) ?? act();
    this.#answers.set(name, answer);
    const [oldest = ""] = this.#answers.keys();
    if (this.#answers.size > answersKept) this.#answers.delete(oldest);
    return answer;
  }

  /** Asks the home of each overlay network that is here whether it is still wanted; a home that did not know it knows it then. */
  async compare(): Promise<void> {
    const homes = new Map<string, OverlayNetworkInformation[]>();
    for (const overlay of this.core.overlays.values()) {
      const home = this.membership.homeOf(overlay.id);
      if (home.base !== undefined) homes.set(home.id, [...(homes.get(home.id) ?? []), informationOf(overlay)]);
    }
    for (const home of this.membership.others) {
      const overlays = homes.get(home.id) ?? [];
      for (let at = 0; at < overlays.length; at += batch) {
        const some = overlays.slice(at, at + batch);
        const answer = await this.membership.ask<{ gone: string[] }>(home, "compare", { overlays: some });
        for (const id of answer?.gone ?? []) this.core.deregisterOverlay(id);
      }
    }
  }

  /** Says farewell and hands the peers to those who are in charge of them from now on. What nobody takes stays here. */
  async leave(): Promise<void> {
    const { membership, core } = this;
    membership.withdraw();
    await membership.askAll("farewell", { id: membership.id });
    for (const overlay of [...core.overlays.values()]) {
      const heirs = new Map<string, string[]>();
      for (const peerId of overlay.peers.keys()) {
        const heir = membership.managerOf(overlay.id, peerId);
        if (heir.base === undefined) return;
        heir.peers++;
        heirs.set(heir.id, [...(heirs.get(heir.id) ?? []), peerId]);
      }
      for (const heir of membership.others) {
        const all = heirs.get(heir.id) ?? [];
        for (let at = 0; at < all.length; at += batch) {
          const some = all.slice(at, at + batch);
          const peers = some.flatMap((id) => core.handover(overlay.id, id) ?? []);
          const taken = await membership.ask(heir, "hand-over", { information: informationOf(overlay), peers });
          if (taken !== undefined) for (const id of some) core.deregisterPeer(overlay.id, id);
        }
      }
    }
  }
}

/** For what others ask in the name of somebody else. */
const nobody: RequestContext = {
  operation: "",
  headers: {},
  remoteAddress: "",
  secure: false,
  signal: new AbortController().signal,
};

export function informationOf({ id, contentType, characteristics }: Overlay): OverlayNetworkInformation {
  return {
    overlay_network_id: id,
    ...characteristics,
    ...(contentType === undefined ? {} : { content_type: contentType }),
  };
}

/** Distributions of several PAMSs as one. */
export function together(parts: readonly ListedHere[]): { distribution: Distribution; everywhere: number } {
  const distribution = new Distribution();
  let everywhere = 0;
  for (const part of parts) {
    everywhere += part.everywhere;
    const { segments } = part;
    for (let i = 0; i < segments.length; i += 3) {
      distribution.step(segments[i] as number, segments[i + 2] as number);
      distribution.step((segments[i + 1] as number) + 1, -(segments[i + 2] as number));
    }
  }
  return { distribution, everywhere };
}
