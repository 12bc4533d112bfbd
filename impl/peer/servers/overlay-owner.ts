import type { KeyObject } from "node:crypto";
import {
  createOmsClient,
  type OmsClient,
  type OverlayCreation,
  type OverlayNetwork,
} from "../../../generated/oms/index.js";
import { readPublicKey } from "../../keys/ed25519.js";
import type { Logger } from "../../net/logger.js";
import { PeerError } from "../errors.js";
import { type Contact, pause, refused } from "./contact.js";
import type { Place, Pointers } from "./membership.js";

export interface OverlayOwnerOptions {
  readonly oms: string;
  /** Shown at the creation; from then on its own token counts. */
  readonly creatorToken?: string | undefined;
  readonly creation: OverlayCreation;
  readonly contact: Contact;
  /** It is refreshed at least so often: an OMS that has lost it is found out soon. */
  readonly aliveMs: number;
  readonly logger: Logger;
  onPointers(pointers: Pointers): void;
  /** The OMS has answered a refresh: the session lives. */
  onRefreshed?(): void;
  /** The OMS knows the overlay network no more; told once. */
  onGone(reason: string): void;
}

/** The source peer's overlay network at the OMS [X.609.10 8.5]: created, refreshed at half its lifetime, removed. */
export class OverlayOwner implements Place {
  readonly #options: OverlayOwnerOptions;
  readonly #client: OmsClient;
  readonly #stop = new AbortController();
  #network: OverlayNetwork | undefined;
  #signalling: string | undefined;
  /** Not told to the OMS yet. */
  #addresses: readonly string[] | undefined;
  #expiresS = 300;
  #sessionKey = "";
  #provider: KeyObject | undefined;
  #keeping: Promise<void> | undefined;

  constructor(options: OverlayOwnerOptions) {
    this.#options = options;
    const token = (): string | undefined => this.#network?.owner_token ?? options.creatorToken;
    this.#client = createOmsClient(options.contact.clientOptions(options.oms, token));
  }

  get sessionKey(): string {
    return this.#sessionKey;
  }

  get provider(): KeyObject | undefined {
    return this.#provider;
  }

  get relay(): Place["relay"] {
    return this.#network && { url: this.#signalling, token: this.#network.owner_token };
  }

  announce(addresses: readonly string[]): void {
    this.#addresses = addresses;
    void this.#tellAddresses().catch((error: unknown) => {
      this.#options.logger.error({ err: error }, "the addresses of the source peer cannot be told");
    });
  }

  /** The source peer is a member, whose token is the owner's. */
  async #tellAddresses(): Promise<void> {
    const addresses = this.#addresses;
    if (addresses === undefined || this.#network === undefined || this.#stop.signal.aborted) return;
    const { contact, creation } = this.#options;
    const params = { NID: this.#network.overlay_network_id, PID: creation.source_peer.peer_id };
    const body = { membership: { addresses: [...addresses] } };
    const result = await contact.once(() => this.#client.OMS_MEMBERSHIP_REFRESH({ params, body }));
    if (result?.status === 200 && addresses === this.#addresses) this.#addresses = undefined;
  }

  /** Seconds without a refresh until the OMS removes it. */
  get expiresS(): number {
    return this.#expiresS;
  }

  /** One attempt, since it would not be known whether one without an answer has made an overlay network. @throws PeerError */
  async create(): Promise<OverlayNetwork> {
    const { contact, creation } = this.#options;
    const result = await contact.once(() => this.#client.OMS_OVERLAY_CREATE({ body: { overlay_creation: creation } }));
    if (result === undefined) throw contact.unavailable();
    if (result.status !== 200) throw refused("creating the overlay network", result);
    const network = result.body.overlay_network;
    this.#network = network;
    this.#signalling = network.signalling_url;
    this.#expiresS = network.refresh_expiration;
    this.#sessionKey = network.session_key;
    this.#provider = readPublicKey(network.provider_public_key);
    this.#options.onPointers({ pams: network.pams_url, unis: network.unis_url });
    this.#keeping = this.#keep().catch((error: unknown) => {
      if (!this.#stop.signal.aborted)
        this.#options.logger.error({ err: error }, "the overlay network is not refreshed");
    });
    return network;
  }

  /** The source peer is a member by itself: its list has the peers that it may connect to. */
  async remove(signal: AbortSignal): Promise<void> {
    this.#stop.abort(new PeerError("ERR_LEFT", "the session is terminated"));
    await this.#keeping;
    if (this.#network === undefined) return;
    const params = { NID: this.#network.overlay_network_id };
    const result = await this.#options.contact.until(() => this.#client.OMS_OVERLAY_REMOVE({ params }), signal);
    // 404: it expired, or an attempt before this one removed it.
    if (!result.ok && result.code !== 404) throw refused("removing the overlay network", result);
  }

  async #keep(): Promise<void> {
    const { contact } = this.#options;
    const { signal } = this.#stop;
    const params = { NID: this.#network?.overlay_network_id ?? "" };
    for (let waitMs = this.#refreshMs; ; ) {
      await pause(waitMs, signal);
      const result = await contact.once(() => this.#client.OMS_OVERLAY_REFRESH({ params }));
      waitMs = contact.waitMs;
      if (result === undefined) continue;
      if (result.status !== 200) return this.#options.onGone(refused("refreshing the overlay network", result).message);
      const { refresh_expiration, session_key, pams_url, unis_url, signalling_url } = result.body;
      this.#expiresS = refresh_expiration;
      if (session_key !== undefined) this.#sessionKey = session_key;
      waitMs = this.#refreshMs;
      this.#signalling = signalling_url;
      this.#options.onPointers({ pams: pams_url, unis: unis_url });
      this.#options.onRefreshed?.();
      await this.#tellAddresses();
    }
  }

  get #refreshMs(): number {
    return Math.min(500 * this.#expiresS, this.#options.aliveMs);
  }
}
