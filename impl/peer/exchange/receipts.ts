import { isSignatureOf, readPublicKey, type SigningKey } from "../../keys/ed25519.js";
import type { Receipt, Run } from "../core/message.js";
import type { RemotePeer } from "../core/ports.js";
import { decodeReceiptBody, encodeReceiptBody } from "../wire/receipt-body.js";
import { confirmedReceiptText, receiptText } from "../wire/signed-texts.js";

/** A receipt with both signatures, as the PAMS takes it [X.609.1 8.2.6 step 8]; all in base64url. */
export interface ConfirmedReceipt {
  readonly body: string;
  readonly receiver_signature: string;
  readonly sender_signature: string;
}

/**
 * One more receipt is due after so many fragments or octets, whatever the time. Well below what senders give without one
 * (session/settings.ts); not less, because each costs three signatures, on a fast link a tenth of all that sender and receiver do.
 */
const manyFragments = 64;
const manyOctets = 8 * 1024 * 1024;

interface Due {
  readonly remote: RemotePeer;
  readonly indices: number[];
  octets: number;
  readonly since: number;
}

/** What this peer received and has not confirmed: gathered, so that one signature stands for many fragments. */
export class ReceiptsDue {
  readonly #due = new Map<number, Due>();
  readonly #serials = new Map<string, number>();
  readonly #overlayId: string;
  readonly #peerId: string;
  readonly #key: SigningKey;

  constructor(overlayId: string, peerId: string, key: SigningKey) {
    this.#overlayId = overlayId;
    this.#peerId = peerId;
    this.#key = key;
  }

  /** @returns whether the receipt of this link should go out now */
  add(link: number, remote: RemotePeer, runs: readonly Run[], octets: number, now: number): boolean {
    const due = this.#due.get(link) ?? { remote, indices: [], octets: 0, since: now };
    this.#due.set(link, due);
    for (const { first, count } of runs) for (let at = 0; at < count; at++) due.indices.push(first + at);
    due.octets += octets;
    return due.indices.length >= manyFragments || due.octets >= manyOctets;
  }

  /** Links with something to confirm. */
  links(): readonly number[] {
    return [...this.#due.keys()];
  }

  /** The receipt for all that is due on this link. */
  take(link: number): Receipt | undefined {
    const due = this.#due.get(link);
    if (due === undefined) return undefined;
    this.#due.delete(link);
    const sender = due.remote.peerId;
    const now = Date.now();
    // Grows over restarts too: whoever saw a receipt of an earlier process takes those of this one.
    const serial = Math.max(now * 1000, (this.#serials.get(sender) ?? 0) + 1);
    this.#serials.set(sender, serial);
    const body = encodeReceiptBody({
      overlayId: this.#overlayId,
      receiver: this.#peerId,
      sender,
      serial,
      time: now,
      octets: due.octets,
      runs: runsOf(due.indices),
    });
    return { type: "receipt", body, signature: this.#key.signOctets(receiptText(body)) };
  }

  forget(link: number): void {
    this.#due.delete(link);
  }
}

/** The sender's side: what others confirm, countersigned. */
export class ReceiptsConfirmed {
  readonly #last = new Map<string, number>();
  readonly #overlayId: string;
  readonly #peerId: string;
  readonly #key: SigningKey;

  constructor(overlayId: string, peerId: string, key: SigningKey) {
    this.#overlayId = overlayId;
    this.#peerId = peerId;
    this.#key = key;
  }

  /** What a receipt of this peer says; undefined where it is forged, shown again, or of something else. */
  verify(
    { body, signature }: Receipt,
    { peerId, publicKey }: RemotePeer,
  ): { readonly runs: readonly Run[]; readonly octets: number } | undefined {
    const key = readPublicKey(publicKey);
    if (key === undefined) return undefined;
    try {
      const { overlayId, receiver, sender, serial, runs, octets } = decodeReceiptBody(body);
      if (overlayId !== this.#overlayId || receiver !== peerId || sender !== this.#peerId) return undefined;
      if (serial <= (this.#last.get(peerId) ?? 0)) return undefined;
      if (!isSignatureOf(signature, receiptText(body), key)) return undefined;
      this.#last.set(peerId, serial);
      return { runs, octets };
    } catch {
      return undefined;
    }
  }

  /** Signs one that was verified, and confirms what was sent. */
  countersign({ body, signature }: Receipt): ConfirmedReceipt {
    const own = this.#key.signOctets(confirmedReceiptText(body, signature));
    return { body: text(body), receiver_signature: text(signature), sender_signature: text(own) };
  }
}

const text = (octets: Uint8Array): string => Buffer.from(octets).toString("base64url");

function runsOf(indices: readonly number[]): Run[] {
  const runs: { first: number; count: number }[] = [];
  for (const index of Float64Array.from(indices).sort()) {
    const run = runs.at(-1);
    if (run !== undefined && index === run.first + run.count) run.count++;
    else runs.push({ first: index, count: 1 });
  }
  return runs;
}
