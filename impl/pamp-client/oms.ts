import type {
  FragmentList,
  FragmentRange,
  OverlayNetworkInformation,
  PeerQueryCondition,
  PeerStatus,
} from "../../generated/pamp/index.js";
import type { Auth, ClientOptions } from "../../generated/runtime/http-client-types.js";
import type { Random } from "../net/clock.js";
import { systemClock, systemRandom } from "../net/clock.js";
import type { Backoff } from "./backoff.js";
import { defaultBackoff, waitAfter } from "./backoff.js";
import { PampRefused } from "./errors.js";
import { clientOf, loss, type Reach, refusal } from "./exchange.js";

export interface PampOmsOptions {
  /** Address of the one PAMS that this OMS knows, with or without `/pams/` [X.609.1 8.2.1, E-PAMP-22]. */
  readonly pams: string;
  readonly auth?: Auth;
  /** For one answer, in ms. Default 5,000. */
  readonly timeoutMs?: number;
  readonly backoff?: Backoff;
  /** Try the other spelling of a path once after 404 or 405 (E-PAMP-01). Default false. */
  readonly fallbacks?: boolean;
  readonly random?: Random;
  readonly transport?: ClientOptions["transport"];
}

/** What is known of an overlay network's activity management. */
export interface ManagedOverlay {
  readonly overlay: string;
  /** What a joining peer is to be told [7.2.1.1]; undefined where activity is not managed, or not yet. */
  readonly pamsUrl: string | undefined;
  /** Seconds between two reports of a peer, after which the registration may be repeated [X.609.10 8.1 c]; undefined where the PAMS did not say. */
  readonly reportInterval: number | undefined;
  /** False where the PAMS only said that it has it already, and what was told at the first registration is not known here. */
  readonly configured: boolean;
}

/** What an overlay network is registered with, beside its name and type. */
export interface OverlayRegistration {
  /** Kilobytes of a full fragment, by which receipts are judged (E-PAMP-76). */
  readonly fragmentSize?: number;
  /** Signs the session keys of this overlay network [8.2.6]. */
  readonly providerPublicKey?: string;
}

/** The answer to a list query [9.1.8]: the peers in order, and fragments worth fetching first. */
export interface PeerListAnswer {
  readonly peers: readonly string[];
  readonly fragment_list?: FragmentList;
  readonly fragment_range?: FragmentRange;
}

/** The part of an OMS that talks to a PAMS (R1) [X.609.1 8.1.2.1, 8.1.3]. */
export interface PampOms {
  /**
   * Registers an overlay network; asks again, with more and more patience, while the PAMS cannot be reached or is overloaded. One that
   * is registered already is as good as registered (E-PAMP-05).
   *
   * @param contentType `FILE`, `STREAM` or a word of your own [9.1.2]
   * @throws PampRefused when the PAMS does not want it
   */
  createOverlay(
    overlay: string,
    contentType: string,
    options?: OverlayRegistration & { readonly signal?: AbortSignal },
  ): Promise<ManagedOverlay>;
  /**
   * The same in one attempt, for whoever repeats it by itself: at each report interval, or when it suits better [X.609.10 8.1 c].
   *
   * @throws PampRefused, or HttpError when there is no answer
   */
  registerOverlay(overlay: string, contentType: string, options?: OverlayRegistration): Promise<ManagedOverlay>;
  /** Deregisters it. The overlay network is closed here whatever the PAMS says [9.2.2.2]. */
  closeOverlay(overlay: string): Promise<void>;
  /**
   * The same for whoever goes on until the PAMS has nothing left of it: one that it does not know is as good as deregistered.
   *
   * @throws PampRefused, or HttpError when there is no answer
   */
  deregisterOverlay(overlay: string): Promise<void>;
  /** The PAMS that a peer joining this overlay network is told. */
  pamsOf(overlay: string): string | undefined;
  /**
   * `condition.requesting_peer` names the peer for which it is asked [8.2.3].
   *
   * @throws PampRefused, or HttpError when there is no answer
   */
  listPeers(overlay: string, condition?: PeerQueryCondition): Promise<PeerListAnswer>;
  /** @throws PampRefused, or HttpError when there is no answer */
  peerStatus(overlay: string, peer: string): Promise<PeerStatus>;
  /** Gives up what is under way. Overlay networks stay registered: an OMS that restarts finds them again. */
  close(): Promise<void>;
}

/** Statuses by which a PAMS says that trying later may help. */
const passing: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

export function createPampOms(options: PampOmsOptions): PampOms {
  const { backoff = defaultBackoff, random = systemRandom } = options;
  const reach: Reach = {
    auth: options.auth,
    timeoutMs: options.timeoutMs ?? 5_000,
    fallbacks: options.fallbacks ?? false,
    transport: options.transport,
  };
  const client = clientOf(options.pams, reach);
  const overlays = new Map<string, ManagedOverlay>();
  const stop = new AbortController();

  const informationOf = (
    overlay: string,
    contentType: string,
    { fragmentSize, providerPublicKey }: OverlayRegistration,
  ): OverlayNetworkInformation => ({
    overlay_network_id: overlay,
    content_type: contentType,
    ...(fragmentSize === undefined ? {} : { fragment_size: fragmentSize }),
    ...(providerPublicKey === undefined ? {} : { provider_public_key: providerPublicKey }),
  });

  /** One attempt: what is to be told to peers, or the refusal. */
  const ask = async (information: OverlayNetworkInformation) => {
    const overlay = information.overlay_network_id;
    const result = await client.PAMP_OVERLAY_NW_REG({ body: { overlay_network_information: information } });
    if (result.status === 200) {
      const { pam_enabled = true, pams_url = options.pams, report_interval } = result.body.pam_conf_info;
      // Peers are not pointed at a PAMS that does not manage them (E-PAMP-18).
      const pamsUrl = pam_enabled ? pams_url : undefined;
      const managed = { overlay, pamsUrl, reportInterval: report_interval, configured: true };
      return { kind: "granted", managed } as const;
    }
    if (result.status === 406 || result.status === 409) {
      // What was learnt when it was registered still holds.
      const before = overlays.get(overlay);
      const managed = before ?? { overlay, pamsUrl: options.pams, reportInterval: undefined, configured: false };
      return { kind: "granted", managed } as const;
    }
    return refusal(result, systemClock);
  };

  return {
    async createOverlay(overlay, contentType, { signal, ...registration } = {}) {
      const information = informationOf(overlay, contentType, registration);
      const ends = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
      for (let failures = 1; ; failures++) {
        const outcome = await ask(information).catch(loss);
        if (outcome.kind === "granted") {
          overlays.set(overlay, outcome.managed);
          return outcome.managed;
        }
        if (outcome.kind === "refused" && !passing.has(outcome.status)) {
          throw new PampRefused("PAMP_OVERLAY_NW_REG", outcome.status);
        }
        const asked = outcome.kind === "refused" ? (outcome.retryAfterMs ?? 0) : 0;
        await pause(Math.max(asked, waitAfter(failures, backoff, random)), ends);
      }
    },
    async registerOverlay(overlay, contentType, registration = {}) {
      const outcome = await ask(informationOf(overlay, contentType, registration));
      if (outcome.kind === "refused") throw new PampRefused("PAMP_OVERLAY_NW_REG", outcome.status);
      overlays.set(overlay, outcome.managed);
      return outcome.managed;
    },
    async closeOverlay(overlay) {
      overlays.delete(overlay);
      // The outcome changes nothing here: what the PAMS still knows, it forgets or is asked about no more.
      await client.PAMP_OVERLAY_NW_DEREG({ params: { NID: overlay } }).catch(loss);
    },
    async deregisterOverlay(overlay) {
      const result = await client.PAMP_OVERLAY_NW_DEREG({ params: { NID: overlay } });
      if (result.status !== 200 && result.code !== 404) throw new PampRefused("PAMP_OVERLAY_NW_DEREG", result.code);
      overlays.delete(overlay);
    },
    pamsOf: (overlay) => overlays.get(overlay)?.pamsUrl,
    async listPeers(overlay, condition = {}) {
      const result = await client.PAMP_PEER_LIST_QUERY({
        params: { NID: overlay },
        body: { peer_query_condition: condition },
      });
      if (result.status !== 200) throw new PampRefused("PAMP_PEER_LIST_QUERY", result.code);
      const { peer_id = [], fragment_list, fragment_range } = result.body.peer_list;
      return {
        peers: peer_id,
        ...(fragment_list === undefined ? {} : { fragment_list }),
        ...(fragment_range === undefined ? {} : { fragment_range }),
      };
    },
    async peerStatus(overlay, peer) {
      const result = await client.PAMP_PEER_INFO_QUERY({ params: { NID: overlay, PID: peer } });
      if (result.status !== 200) throw new PampRefused("PAMP_PEER_INFO_QUERY", result.code);
      return result.body.peer_status;
    },
    close: async () => stop.abort(),
  };
}

/** Rejects with the signal's reason when that comes first. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal.addEventListener("abort", stop, { once: true });
  });
}
