import { createOmsClient, type ListedPeer } from "../../generated/oms/index.js";
import { unwrap } from "../../generated/runtime/http-result.js";
import { createSigningKey, type SigningKey } from "../keys/ed25519.js";
import type { Message, PeerRole } from "./core/message.js";
import type { LinkOverlay, PeerLink } from "./transport/overlay.js";
import { openPeerTransport, type PeerTransport } from "./transport/peer-transport.js";
import type { IndexFile } from "./types.js";

export interface RawMemberOptions {
  /** Shown in place of what the OMS gave. */
  readonly sessionKey?: string;
  readonly role?: PeerRole;
  opened?(link: PeerLink): void;
  received(link: PeerLink, message: Message): void;
}

/** A member of the overlay network, admitted by the OMS, that says on its links whatever its owner wants: what other peers have to withstand. */
export class RawMember {
  readonly peerId: string;
  readonly key: SigningKey = createSigningKey();
  readonly links: PeerLink[] = [];
  readonly #options: RawMemberOptions;
  #transport: PeerTransport | undefined;
  #overlay: LinkOverlay | undefined;

  constructor(peerId: string, options: RawMemberOptions) {
    this.peerId = peerId;
    this.#options = options;
  }

  /** What the OMS gave. */
  get sessionKey(): string {
    return this.#overlay?.sessionKey ?? "";
  }

  /** Becomes a member; others find it in their lists. Gives back the list that it got. */
  async join({ oms_url, overlay_network_id: NID }: IndexFile): Promise<readonly ListedPeer[]> {
    const transport = await openPeerTransport({ lookup: () => this.#overlay });
    this.#transport = transport;
    const body = {
      join: { peer_id: this.peerId, public_key: this.key.publicKey, addresses: [...transport.addresses] },
    };
    const { membership } = unwrap(await createOmsClient({ baseUrl: oms_url }).OMS_JOIN({ params: { NID }, body }));
    const { sessionKey = membership.session_key ?? "", role = "peer" } = this.#options;
    this.#overlay = {
      overlayId: NID,
      peerId: this.peerId,
      role,
      key: this.key,
      sessionKey,
      provider: undefined,
      admit: () => undefined,
      opened: (link) => {
        this.links.push(link);
        this.#options.opened?.(link);
        return {
          received: (message) => this.#options.received(link, message),
          drained: () => undefined,
          closed: () => undefined,
        };
      },
    };
    return membership.peer_list;
  }

  /** @throws TransportError where it is not let in */
  async connect(peerId: string, addresses: readonly string[]): Promise<PeerLink> {
    if (this.#transport === undefined || this.#overlay === undefined) throw new Error("join comes first");
    return await this.#transport.connect(this.#overlay, { peerId, addresses });
  }

  async close(): Promise<void> {
    await this.#transport?.close();
  }
}

/** Claims so many fragments from the first on. */
export function claimAll(count: number): Message {
  return { type: "buffermap", first: 0, bits: new Uint8Array(Math.ceil(count / 8)).fill(255) };
}
