import type { KeyObject } from "node:crypto";
import {
  createOmsClient,
  type Join,
  type Membership as JoinedMembership,
  type OmsClient,
  type OmsPeerListResponse,
  type PeerListRequest,
} from "../../../generated/oms/index.js";
import { readPublicKey, type SigningKey } from "../../keys/ed25519.js";
import { fraction } from "../../net/backoff.js";
import type { Random } from "../../net/clock.js";
import type { Logger } from "../../net/logger.js";
import { PeerError } from "../errors.js";
import { type Contact, pause, refused } from "./contact.js";

/** Peers and advice, as the OMS gives them. */
export type PeerListing = OmsPeerListResponse;

/** Where else the OMS points its members; may change while a session lasts. */
export interface Pointers {
  readonly pams: string | undefined;
  readonly unis: string | undefined;
}

/** A place among the members of an overlay network at the OMS. */
export interface Place {
  /** What the relay for data channels is told by it; undefined before there is one. */
  readonly relay: { readonly url: string | undefined; readonly token: string } | undefined;
  /** Where other peers reach this one from now on; told to the OMS as soon as it answers. */
  announce(addresses: readonly string[]): void;
}

export interface MembershipOptions {
  readonly oms: string;
  readonly overlayId: string;
  readonly peerId: string;
  readonly key: SigningKey;
  readonly join: Omit<Join, "peer_id" | "public_key" | "rejoin_proof">;
  readonly contact: Contact;
  readonly random: Random;
  readonly logger: Logger;
  onPointers(pointers: Pointers): void;
  /** In again after the OMS had forgotten this peer. */
  onRejoined(listing: PeerListing): void;
  /** The OMS knows the overlay network no more, or does not want this peer any longer. */
  onEnded(reason: string): void;
}

/** A peer's place at the OMS [X.609.10 8.5]: joined, kept alive at half its lifetime, joined again where the OMS has lost it. */
export class Membership implements Place {
  readonly #options: MembershipOptions;
  readonly #client: OmsClient;
  readonly #params: { readonly NID: string; readonly PID: string };
  readonly #stop = new AbortController();
  #joined: JoinedMembership | undefined;
  #signalling: string | undefined;
  /** In place of those of the join. */
  #addresses: readonly string[] | undefined;
  #untold = false;
  #expiresS = 60;
  #sessionKey = "";
  #provider: KeyObject | undefined;
  #keeping: Promise<void> | undefined;
  #rejoining: Promise<void> | undefined;

  constructor(options: MembershipOptions) {
    this.#options = options;
    const { oms, overlayId, peerId, contact } = options;
    this.#params = { NID: overlayId, PID: peerId };
    this.#client = createOmsClient(contact.clientOptions(oms, () => this.#joined?.peer_token));
  }

  get sessionKey(): string {
    return this.#sessionKey;
  }

  get provider(): KeyObject | undefined {
    return this.#provider;
  }

  get relay(): Place["relay"] {
    return this.#joined && { url: this.#signalling, token: this.#joined.peer_token };
  }

  announce(addresses: readonly string[]): void {
    this.#addresses = addresses;
    this.#untold = true;
    if (this.#joined === undefined || this.#stop.signal.aborted) return;
    void this.#refresh().catch((error: unknown) => this.#unlessStopped(error));
  }

  /** Waits for an OMS that is down. @throws PeerError ERR_REFUSED, ERR_NOT_FOUND */
  async join(signal?: AbortSignal): Promise<PeerListing> {
    const ends = signal === undefined ? this.#stop.signal : AbortSignal.any([signal, this.#stop.signal]);
    const membership = await this.#join(ends);
    this.#keeping = this.#keep().catch((error: unknown) => this.#unlessStopped(error));
    return membership;
  }

  /** Undefined where the OMS does not answer, or had forgotten this peer: then it joins again by itself. */
  async list(request: PeerListRequest): Promise<PeerListing | undefined> {
    if (this.#stop.signal.aborted || this.#rejoining !== undefined) return undefined;
    const body = { peer_list_request: request };
    const result = await this.#options.contact.once(() => this.#client.OMS_PEER_LIST({ params: this.#params, body }));
    if (result?.status === 200) return result.body;
    if (result !== undefined) this.#lost(result.code);
    return undefined;
  }

  /** Deregisters; gives up when the signal says so. */
  async leave(signal: AbortSignal): Promise<void> {
    this.#stop.abort(new PeerError("ERR_LEFT", "left the overlay network"));
    await this.#keeping;
    if (this.#joined === undefined) return;
    const { contact } = this.#options;
    await contact.until(() => this.#client.OMS_LEAVE({ params: this.#params }), signal).catch(() => undefined);
  }

  async #join(signal: AbortSignal): Promise<JoinedMembership> {
    const { contact, peerId, overlayId, key, join } = this.#options;
    const attempt = (proof?: Join["rejoin_proof"]) =>
      contact.until(
        () =>
          this.#client.OMS_JOIN({
            params: { NID: overlayId },
            body: {
              join: {
                ...join,
                ...(this.#addresses && { addresses: [...this.#addresses] }),
                peer_id: peerId,
                public_key: key.publicKey,
                ...(proof && { rejoin_proof: proof }),
              },
            },
          }),
        signal,
      );
    let result = await attempt();
    // An earlier process of this peer, or an answer that got lost: the same key shows that it is the same peer.
    if (result.status === 409) result = await attempt(rejoinProof(overlayId, peerId, key));
    if (result.status !== 200) throw refused("joining the overlay network", result);
    const { membership } = result.body;
    const provider = readPublicKey(membership.provider_public_key);
    if (provider === undefined) {
      throw new PeerError("ERR_REFUSED", "provider_public_key of the OMS is no Ed25519 key [X.609.1 8.2.6]");
    }
    this.#joined = membership;
    this.#expiresS = membership.expires;
    this.#sessionKey = membership.session_key ?? "";
    this.#provider = provider;
    this.#signalling = membership.signalling_url;
    this.#options.onPointers({ pams: membership.pams_url, unis: membership.unis_url });
    return membership;
  }

  async #keep(): Promise<void> {
    const { contact, random } = this.#options;
    const { signal } = this.#stop;
    for (let waitMs = this.#halfLife(random); ; ) {
      await pause(waitMs, signal);
      if (this.#rejoining !== undefined) await this.#rejoining;
      waitMs = (await this.#refresh()) ? this.#halfLife(random) : contact.waitMs;
    }
  }

  /** @returns false where the OMS does not answer */
  async #refresh(): Promise<boolean> {
    const { contact, join } = this.#options;
    const addresses = this.#untold ? this.#addresses : undefined;
    // An OMS that was started again knows the credential no more, and rights must be asked for again before they end [X.609.10 8.7 b)].
    const membership = {
      ...(join.user_credential !== undefined && { user_credential: join.user_credential }),
      ...(addresses !== undefined && { addresses: [...addresses] }),
    };
    const body = { membership };
    const result = await contact.once(() => this.#client.OMS_MEMBERSHIP_REFRESH({ params: this.#params, body }));
    if (result === undefined) return false;
    if (result.status !== 200) {
      this.#lost(result.code);
      return true;
    }
    const { expires, session_key, pams_url, unis_url, signalling_url } = result.body;
    if (addresses === this.#addresses) this.#untold = false;
    this.#expiresS = expires;
    if (session_key !== undefined) this.#sessionKey = session_key;
    this.#signalling = signalling_url;
    this.#options.onPointers({ pams: pams_url, unis: unis_url });
    return true;
  }

  /** Somewhat before half of it, so that members who joined together do not come together. */
  #halfLife(random: Random): number {
    return 1000 * this.#expiresS * (0.4 + 0.1 * fraction(random));
  }

  /** The OMS refused what only a member may: another token, or none of its members (E-DS-37). */
  #lost(code: number): void {
    if (this.#stop.signal.aborted) return;
    if (code === 403) this.#options.onEnded("the OMS admits this peer no longer");
    if (code !== 401 && code !== 404) return;
    this.#rejoining ??= this.#rejoin()
      .catch((error: unknown) => this.#unlessStopped(error))
      .finally(() => {
        this.#rejoining = undefined;
      });
  }

  async #rejoin(): Promise<void> {
    try {
      const listing = await this.#join(this.#stop.signal);
      this.#options.onRejoined(listing);
    } catch (error) {
      if (!(error instanceof PeerError) || error.code === "ERR_LEFT") throw error;
      this.#options.onEnded(error.message);
    }
  }

  #unlessStopped(error: unknown): void {
    if (!this.#stop.signal.aborted) this.#options.logger.error({ err: error }, "the membership is not kept any longer");
  }
}

/** That it is the peer of this key which joined before and has lost its token. */
function rejoinProof(overlayId: string, peerId: string, key: SigningKey): NonNullable<Join["rejoin_proof"]> {
  const time = Date.now();
  return { time, signature: key.sign(`mp2p rejoin 1\n${JSON.stringify([overlayId, peerId, time])}`) };
}
