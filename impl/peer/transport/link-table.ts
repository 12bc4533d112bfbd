import type { Hello } from "../core/message.js";
import type { Link } from "./link.js";
import type { LinkOverlay } from "./overlay.js";

/** Which links stand: one for each overlay network and peer. */
export class LinkTable {
  readonly #links = new Map<string, Link>();
  readonly #halfOpen = new Map<string, number>();
  #halfOpenTotal = 0;

  /**
   * Makes this the link with the peer, or says that the one there is stays. Both ends decide alike: where each has opened one, that of the
   * peer whose identifier comes first stays; where one end has opened two, the newer one, as it knows best whether the older still works.
   * Nobody takes the place of a peer with another key.
   *
   * @returns the link whose place was taken, or "stays"
   */
  take(
    link: Link,
    { overlayId, peerId }: LinkOverlay,
    { peerId: remoteId, publicKey }: Hello,
  ): Link | undefined | "stays" {
    const key = keyOf(overlayId, remoteId);
    const there = this.#links.get(key);
    if (there !== undefined && !there.over) {
      if (there.remote.publicKey !== Buffer.from(publicKey).toString("base64url")) return "stays";
      const ownFirst = peerId < remoteId;
      if (there.incoming !== link.incoming && link.incoming === ownFirst) return "stays";
    }
    this.#links.set(key, link);
    return there;
  }

  /** Forgets a link that is gone; without effect where another one has taken its place. */
  leave(link: Link): void {
    const key = keyOf(link.overlayId, link.remote.peerId);
    if (this.#links.get(key) === link) this.#links.delete(key);
  }

  /** Counts a link in its handshake, unless there are too many: of its network address, or in all. */
  begin(address: string, most: number, mostPerAddress: number): boolean {
    const count = this.#halfOpen.get(address) ?? 0;
    if (this.#halfOpenTotal >= most || count >= mostPerAddress) return false;
    this.#halfOpen.set(address, count + 1);
    this.#halfOpenTotal++;
    return true;
  }

  /** The handshake is through, one way or the other. */
  finish(address: string): void {
    const count = this.#halfOpen.get(address) ?? 0;
    if (count <= 1) this.#halfOpen.delete(address);
    else this.#halfOpen.set(address, count - 1);
    this.#halfOpenTotal--;
  }
}

function keyOf(overlayId: string, peerId: string): string {
  return JSON.stringify([overlayId, peerId]);
}
