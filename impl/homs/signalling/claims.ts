import { matchesSecret } from "../../keys/secret.js";
import type { Closure } from "../../net/webrtc/relay/limits.js";
import type { Hello } from "../../net/webrtc/relay/relay-signal.js";
import type { HomsContext } from "../context.js";
import type { Peer } from "../overlay.js";

/**
 * Who may register a peer-id (E-HOMP-69 B). "token": who shows the token of the join answer, or the peer's HOMP password. "joined": also
 * who shows nothing, for a member that joined in one of the field's forms: those peers know no token. First come, once per membership.
 */
export type SignallingClaims = "token" | "joined";

/** shown: by token or password, so that a newer socket replaces an older one. later: no such member yet. */
export type ClaimResult = "shown" | "first-come" | "later" | Closure;

export class Claims {
  readonly #context: () => HomsContext;
  readonly #reading: SignallingClaims;
  /** Memberships that a socket without proof has had. */
  readonly #used = new WeakSet<Peer>();

  constructor(context: () => HomsContext, reading: SignallingClaims) {
    this.#context = context;
    this.#reading = reading;
  }

  claim({ peerId, token, password }: Hello): ClaimResult {
    const { identity } = this.#context();
    const members = this.#members(peerId);
    if (token !== undefined) {
      if (members.some((peer) => identity.isSignallingToken(peer, token))) return "shown";
      return members.length === 0 ? "notMember" : "notYours";
    }
    if (password !== undefined) {
      if (members.some(({ record }) => matchesSecret(password, record.password))) return "shown";
      return members.length === 0 ? "notMember" : "notYours";
    }
    if (this.#reading === "token") return members.length === 0 ? "notMember" : "notYours";
    if (members.length === 0) return "later";
    const open = members.filter(({ record }) => record.dialect !== undefined);
    if (open.length === 0) return "notYours";
    const unused = open.filter((peer) => !this.#used.has(peer));
    if (unused.length === 0) return "taken";
    for (const peer of unused) this.#used.add(peer);
    return "first-come";
  }

  isMember(peerId: string): boolean {
    return this.#members(peerId).length > 0;
  }

  /** Memberships of the peer that the relay knows by this name; one of another peer of the same name, elsewhere, does not count. */
  #members(peerId: string): readonly Peer[] {
    return this.#context()
      .registry.named(peerId)
      .filter(({ record }) => record.namesake === undefined);
  }
}
