import type { PeerInformation, StaticStatus } from "../../generated/pamp/index.js";
import type { Auth, ClientOptions } from "../../generated/runtime/http-client-types.js";
import type { Clock, Random } from "../net/clock.js";
import { monotonicClock, systemClock, systemRandom } from "../net/clock.js";
import type { Exchanged, Holding } from "./activity.js";
import type { Backoff } from "./backoff.js";
import { defaultBackoff } from "./backoff.js";
import { clientOf, loss, peerTokenHeader, type Reach, refusal } from "./exchange.js";
import { PeerCore, type PeerNews, type PeerOutcome, type PeerPhase, type PeerRequest } from "./peer-core.js";

export interface PampPeerOptions {
  /** Address of the PAMS, with or without `/pams/` [X.609.1 9.1.1, E-PAMP-22]. */
  readonly pams: string;
  /** Identifier of the overlay network that the peer has joined. */
  readonly overlay: string;
  /** Identifier of the peer, unique in the world [7.1.1]. */
  readonly peer: string;
  /** `PEER` unless given [9.1.3]. */
  readonly type?: string;
  readonly profile?: StaticStatus;
  /** Ed25519, 32 octets in base64url: by it the PAMS verifies what this peer signs [8.2.6 step 3]. */
  readonly publicKey?: string;
  /** What the OMS gave at the join; a function where it is renewed [8.2.6 step 2]. */
  readonly sessionKey?: string | (() => string | undefined);
  readonly auth?: Auth;
  /** For one answer, in ms. Default 5,000. */
  readonly timeoutMs?: number;
  readonly backoff?: Backoff;
  /** Try the other spelling of a path once after 404 or 405 (E-PAMP-01). Default false. */
  readonly fallbacks?: boolean;
  /** No report interval is shorter, in ms, whatever the PAMS tells. Default 100. */
  readonly minIntervalMs?: number;
  /** Counts on when the system's clock is set: intervals are measured by it. */
  readonly clock?: Clock;
  readonly random?: Random;
  readonly transport?: ClientOptions["transport"];
}

/** A peer at its PAMS: registered, reporting at the interval it was told, until it leaves [X.609.1 8.1.2.2, 8.1.4]. */
export interface PampPeer {
  readonly phase: PeerPhase;
  /** Seconds between two reports as the PAMS told; 0 before the registration, and where it reports on events only. */
  readonly intervalS: number;
  /** Called for each thing that happens; gives back how to stop that. */
  onNews(listener: (news: PeerNews) => void): () => void;
  /** Reported at once [8.1.4.1]; members left out stay as they are. */
  changeProfile(profile: StaticStatus): void;
  /** Told in the next report, once [9.1.9]. */
  exchanged(what: Exchanged): void;
  /** What the peer holds from now on, in place of what was said before; with what is left to be downloaded, in kilobytes. */
  hold(what: Holding, left?: number): void;
  /** How many connections exchange data now; told in the next report as what is still free. */
  connected(inUse: { readonly upload: number; readonly download: number }): void;
  /** STOPPED [9.1.9], reported at once. */
  pause(): void;
  /** STARTED again, reported at once. */
  resume(): void;
  /** COMPLETED with nothing left, reported at once. */
  complete(): void;
  /** Deregisters [8.1.2.2], or gives up registering; resolves when that is done or could not be. */
  leave(): Promise<void>;
  /** The same as `leave`. */
  close(): Promise<void>;
}

/** Registers a peer that has joined an overlay network, and keeps reporting. Never throws for what the PAMS does: see `onNews`. */
export function startPampPeer(options: PampPeerOptions): PampPeer {
  const { clock = monotonicClock, random = systemRandom } = options;
  const core = new PeerCore({
    pams: options.pams,
    profile: options.profile ?? {},
    backoff: options.backoff ?? defaultBackoff,
    random,
    minIntervalMs: options.minIntervalMs ?? 100,
  });
  const reach: Reach = {
    auth: options.auth,
    timeoutMs: options.timeoutMs ?? 5_000,
    fallbacks: options.fallbacks ?? false,
    transport: options.transport,
  };
  const listeners = new Set<(news: PeerNews) => void>();
  let timer: NodeJS.Timeout | undefined;
  let busy = false;
  const ended: (() => void)[] = [];

  const look = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    clearTimeout(timer);
    for (let request = core.due(clock.now()); request; request = core.due(clock.now())) {
      const outcome = await perform(request, options, reach);
      for (const news of core.settle(request, outcome, clock.now())) for (const listener of listeners) listener(news);
    }
    busy = false;
    if (core.phase === "left") {
      for (const resolve of ended.splice(0)) resolve();
      return;
    }
    // Beyond 24 days a timer would fire at once: look in between.
    const wait = Math.min(core.wakeAt - clock.now(), 2 ** 31 - 1);
    timer = setTimeout(() => void look(), Math.max(0, wait));
  };
  const changed = (change: () => void): void => {
    change();
    void look();
  };
  const leave = async (): Promise<void> => {
    if (core.phase === "left") return;
    const done = new Promise<void>((resolve) => ended.push(resolve));
    changed(() => core.leave());
    await done;
  };
  void look();
  return {
    get phase() {
      return core.phase;
    },
    get intervalS() {
      return core.intervalS;
    },
    onNews(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    changeProfile: (profile) => changed(() => core.changeProfile(profile)),
    exchanged: (what) => changed(() => core.activity.add(what)),
    hold: (what, left) =>
      changed(() => {
        core.activity.holding = what;
        if (left !== undefined) core.activity.left = left;
      }),
    connected: (inUse) =>
      changed(() => {
        core.activity.inUse = { ...inUse };
      }),
    pause: () => event("STOPPED"),
    resume: () => event("STARTED"),
    complete: () => event("COMPLETED"),
    leave,
    close: leave,
  };

  function event(now: "STARTED" | "STOPPED" | "COMPLETED"): void {
    changed(() => {
      core.activity.event = now;
      if (now === "COMPLETED") core.activity.left = 0;
      core.hurry();
    });
  }
}

/** Sends one message of the peer's. */
async function perform(
  request: PeerRequest,
  { overlay, peer, type = "PEER", publicKey, sessionKey }: PampPeerOptions,
  reach: Reach,
): Promise<PeerOutcome> {
  const params = { NID: overlay, PID: peer };
  try {
    const client = clientOf(request.pams, reach, request.kind === "register" ? undefined : request.token);
    switch (request.kind) {
      case "register": {
        const session = typeof sessionKey === "function" ? sessionKey() : sessionKey;
        const information: PeerInformation = {
          peer_id: peer,
          type,
          ...(publicKey === undefined ? {} : { public_key: publicKey }),
          ...(session === undefined ? {} : { session_key: session }),
        };
        const result = await client.PAMP_PEER_REG({ params, body: { peer_information: information } });
        if (result.status !== 200) return refusal(result, systemClock);
        // Without it, a PAMS that gives tokens would refuse everything that follows [E-PAMP-68].
        const token = result.headers[peerTokenHeader];
        const given = token === undefined ? {} : { peer_token: token };
        return { kind: "granted", configuration: { ...result.body.pam_conf_info, ...given } };
      }
      case "deregister": {
        const result = await client.PAMP_PEER_DEREG({ params });
        return result.ok ? { kind: "granted" } : refusal(result, systemClock);
      }
      case "report": {
        const result = await client.PAMP_PEER_STATUS_REPORT({ params, body: { peer_status: request.status } });
        return result.ok ? { kind: "granted" } : refusal(result, systemClock);
      }
    }
  } catch (error) {
    return loss(error);
  }
}
