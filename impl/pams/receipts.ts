import type { KeyObject } from "node:crypto";
import { readPublicKey } from "../keys/ed25519.js";
import { readSessionKey } from "../keys/session-key.js";
import type { Clock } from "../net/clock.js";
import type { ReceiptBody } from "../peer/core/message.js";
import type { Fault, PamsCore } from "./core.js";
import type { Incident, ReceiptFault } from "./ledger.js";
import { Notary } from "./notary.js";
import type { Overlay } from "./overlay.js";
import type { PeerRegistration } from "./peer.js";
import type { Runs } from "./possession.js";
import type { PeerInformation } from "./types.js";

/** What another PAMS does where it has the receiver [8.2.1]. */
export interface Colleagues {
  /** The key that a peer registered with another PAMS, if it can be relied on. */
  keyOf(overlayId: string, peerId: string): Promise<string | undefined>;
  /** Lets the PAMS of the receiver count the receipt: the octets that count. */
  receive(overlayId: string, body: ReceiptBody): Promise<ReceiptFault | number>;
}

export interface ReceiptsOptions {
  readonly core: PamsCore;
  readonly clock: Clock;
  /** Signs the session keys of overlay networks that name no provider of their own. */
  readonly provider?: KeyObject | undefined;
}

/** Keys at registration, receipts in reports, and what is found about them [X.609.1 8.2.6]. */
export class Receipts {
  readonly notary: Notary;
  readonly incidents: Incident[] = [];
  readonly #core: PamsCore;
  readonly #clock: Clock;
  readonly #provider: KeyObject | undefined;
  /** The other PAMSs of a cluster. */
  colleagues: Colleagues | undefined;

  constructor({ core, clock, provider }: ReceiptsOptions) {
    this.#core = core;
    this.#clock = clock;
    this.#provider = provider;
    this.notary = new Notary(
      {
        doubt: (overlayId, reporter, body) => this.#doubt(overlayId, reporter, body),
        keyOf: (overlayId, peerId) => this.keyOf(overlayId, peerId) ?? this.colleagues?.keyOf(overlayId, peerId),
        settle: (overlayId, body) => this.#settle(overlayId, body),
        found: (overlayId, reporter, fault, body) => this.#found(overlayId, reporter, fault, body),
      },
      core.limits.receipts,
    );
  }

  /** What is kept of the keys in a registration, or why it is refused [8.2.6 step 3]. */
  register(
    overlayId: string,
    { peer_id, public_key, session_key }: PeerInformation,
  ): Pick<PeerRegistration, "public_key" | "proven"> | Fault | "forbidden" {
    const { receipts } = this.#core.policy;
    const overlay = this.#core.overlays.get(overlayId);
    if (receipts === "ignore" || overlay === undefined) return {};
    if (public_key === undefined) return receipts === "require" ? wanted("public_key") : {};
    if (readPublicKey(public_key) === undefined) {
      return {
        member: "/peer_information/public_key",
        clause: "8.2.6",
        detail: "these octets are no Ed25519 public key",
      };
    }
    const provider = this.#providerOf(overlay);
    if (provider === undefined) return { public_key, proven: true };
    if (session_key === undefined) return receipts === "require" ? wanted("session_key") : { public_key };
    const statement = readSessionKey(session_key, provider);
    const valid =
      statement?.overlayId === overlayId &&
      statement.peerId === peer_id &&
      statement.publicKey === public_key &&
      statement.notAfter > this.#clock.now();
    return valid ? { public_key, proven: true } : "forbidden";
  }

  /** The key of a peer of this PAMS, if it can be relied on. */
  keyOf(overlayId: string, peerId: string): string | undefined {
    const account = this.#core.overlays.get(overlayId)?.ledger.accounts.get(peerId);
    return account?.proven === true ? account.key : undefined;
  }

  /** The receiver's part of a verified receipt: why it does not count, otherwise the octets of it that count from now on. */
  receive(overlayId: string, body: ReceiptBody): ReceiptFault | number {
    const overlay = this.#core.overlays.get(overlayId);
    if (overlay === undefined) return "unknown-key";
    const counted = overlay.ledger.of(body.receiver).receive(body, runsOf(body), this.#core.limits.fragmentRuns);
    if (typeof counted === "number") this.#core.recount(overlay, body.receiver);
    return counted;
  }

  /** Peers that report more uploads than receipts confirm, beyond what may be on its way [REQ-RPT-04]. */
  isOneSided(overlay: Overlay, peerId: string): boolean {
    const peer = overlay.peers.get(peerId);
    const { receipts, unconfirmed } = this.#core.policy;
    if (peer === undefined || receipts === "ignore") return false;
    return peer.toldBefore - peer.uploaded > unconfirmed.kilobytes + unconfirmed.share * peer.toldBefore;
  }

  #providerOf({ characteristics: { provider_public_key } }: Overlay): KeyObject | undefined {
    return provider_public_key === undefined ? this.#provider : readPublicKey(provider_public_key);
  }

  #doubt(overlayId: string, reporter: string, body: ReceiptBody): ReceiptFault | undefined {
    if (body.overlayId !== overlayId || body.sender !== reporter || body.receiver === reporter) return "foreign";
    const { policy, overlays } = this.#core;
    const largest = overlays.get(overlayId)?.characteristics.fragment_size ?? policy.largestFragment;
    let fragments = 0;
    let end = -1;
    for (const { first, count } of body.runs) {
      if (count < 1 || first <= end || !Number.isSafeInteger(first + count)) return "implausible";
      end = first + count - 1;
      fragments += count;
    }
    const possible = body.octets > 0 && fragments > 0 && body.octets <= fragments * largest * 1000 && body.serial > 0;
    return possible && body.time <= this.#clock.now() + policy.clockSkew * 1000 ? undefined : "implausible";
  }

  async #settle(overlayId: string, body: ReceiptBody): Promise<ReceiptFault | undefined> {
    const overlay = this.#core.overlays.get(overlayId);
    if (overlay === undefined) return "unknown-key";
    const here = overlay.ledger.accounts.get(body.receiver)?.key !== undefined || this.colleagues === undefined;
    const counted = here ? this.receive(overlayId, body) : ((await this.colleagues?.receive(overlayId, body)) ?? 0);
    if (typeof counted === "string") return counted;
    overlay.ledger.of(body.sender).give(counted, runsOf(body));
    this.#core.recount(overlay, body.sender);
    return undefined;
  }

  #found(overlayId: string, reporter: string, fault: ReceiptFault, body: ReceiptBody | undefined): void {
    const overlay = this.#core.overlays.get(overlayId);
    if (overlay?.peers.has(reporter) && fault !== "repeated") {
      overlay.ledger.of(reporter).blame(fault);
      this.#core.recount(overlay, reporter);
    }
    const incident: Incident = { at: this.#clock.now(), overlay: overlayId, reporter, fault };
    this.incidents.push(body === undefined ? incident : { ...incident, receiver: body.receiver });
    if (this.incidents.length > this.#core.limits.incidents) this.incidents.shift();
  }
}

function runsOf({ runs }: ReceiptBody): Runs {
  return runs.flatMap(({ first, count }) => [first, first + count - 1]);
}

function wanted(member: "public_key" | "session_key"): Fault {
  const detail = `this PAMS takes reports of peers that sign their receipts only: ${member} is missing`;
  return { member: `/peer_information/${member}`, clause: "8.2.6", detail };
}
