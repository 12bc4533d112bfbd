import { createHash, type KeyObject, verify } from "node:crypto";
import { readPublicKey } from "../keys/ed25519.js";
import type { ReceiptBody } from "../peer/core/message.js";
import { decodeReceiptBody } from "../peer/wire/receipt-body.js";
import { confirmedReceiptText, receiptText } from "../peer/wire/signed-texts.js";
import type { ReceiptFault } from "./ledger.js";
import type { ConfirmedReceipt } from "./types.js";

/** What a notary finds out by itself and what it asks for. */
export interface NotaryHost {
  /** Why the body cannot be true, signatures aside. */
  doubt(overlayId: string, reporter: string, body: ReceiptBody): ReceiptFault | undefined;
  /** The public key of a peer, base64url, where it is one to rely on. */
  keyOf(overlayId: string, peerId: string): string | undefined | Promise<string | undefined>;
  /** Both signatures are right: why it does not count nevertheless; otherwise it counts from now on. */
  settle(overlayId: string, body: ReceiptBody): ReceiptFault | undefined | Promise<ReceiptFault | undefined>;
  found(overlayId: string, reporter: string, fault: ReceiptFault, body: ReceiptBody | undefined): void;
}

export interface NotaryFigures {
  confirmed: number;
  /** Came again with the report after: its answer may have got lost. Neither counted nor held against anybody. */
  resent: number;
  readonly faults: Map<ReceiptFault, number>;
}

/** Receipts of one reporter that are verified at a time, and reporters: the thread pool is the store's too. */
const atOnce = 4;
const workers = 4;

/** Keys kept in the form in which they verify. */
const keysKept = 10_000;

/**
 * Verifies receipts behind the back of the reports that bring them: signatures in the thread pool of the process, so that no request waits for
 * one. Those of one reporter are settled in the order in which they came.
 */
export class Notary {
  readonly figures: NotaryFigures = { confirmed: 0, resent: 0, faults: new Map() };
  readonly #host: NotaryHost;
  readonly #limit: number;
  #pending = 0;
  #working = 0;
  readonly #waiting: (() => void)[] = [];
  /** The end of each reporter's queue. */
  readonly #queues = new Map<string, Promise<void>>();
  /** What each reporter brought last, for as long as it may come again. */
  readonly #last = new Map<string, ReadonlySet<string>>();
  readonly #keys = new Map<string, KeyObject>();

  constructor(host: NotaryHost, limit: number) {
    this.#host = host;
    this.#limit = limit;
  }

  /** Receipts not settled yet. */
  get pending(): number {
    return this.#pending;
  }

  /** Whether so many more can be taken now. */
  admits(count: number): boolean {
    return count === 0 || this.#pending + count <= this.#limit;
  }

  /** @param generation tells this registration of the overlay network from an earlier one */
  submit(overlayId: string, reporter: string, receipts: readonly ConfirmedReceipt[], generation = 0): void {
    if (receipts.length === 0) return;
    const name = JSON.stringify([overlayId, generation, reporter]);
    const last = this.#last.get(name);
    const fresh = last === undefined ? receipts : receipts.filter((one) => !last.has(digestOf(one)));
    this.figures.resent += receipts.length - fresh.length;
    // Again is understood once: who goes on with it is found.
    this.#last.delete(name);
    this.#last.set(name, new Set(fresh.map(digestOf)));
    if (this.#last.size > keysKept) {
      const [oldest = ""] = this.#last.keys();
      this.#last.delete(oldest);
    }
    if (fresh.length === 0) return;
    this.#pending += fresh.length;
    const before = this.#queues.get(name) ?? Promise.resolve();
    const done = before.then(() => this.#work(overlayId, reporter, fresh));
    this.#queues.set(name, done);
    void done.then(() => this.#queues.get(name) === done && this.#queues.delete(name));
  }

  /** Resolves when all that was submitted is settled. */
  async idle(): Promise<void> {
    while (this.#queues.size > 0) await Promise.all(this.#queues.values());
  }

  /** Never rejects. */
  async #work(overlayId: string, reporter: string, receipts: readonly ConfirmedReceipt[]): Promise<void> {
    for (let at = 0; at < receipts.length; at += atOnce) {
      const some = receipts.slice(at, at + atOnce);
      while (this.#working >= workers) await new Promise<void>((resolve) => this.#waiting.push(resolve));
      this.#working++;
      try {
        for (const { body, fault } of await Promise.all(some.map((one) => this.#examine(overlayId, reporter, one)))) {
          const reason = fault ?? (body === undefined ? "malformed" : await this.#host.settle(overlayId, body));
          if (reason === undefined) this.figures.confirmed++;
          else this.#found(overlayId, reporter, reason, body);
        }
      } catch {
        // The host could not ask: nothing is known of these.
        this.#found(overlayId, reporter, "unreachable", undefined);
      } finally {
        this.#pending -= some.length;
        this.#working--;
        this.#waiting.shift()?.();
      }
    }
  }

  #found(overlayId: string, reporter: string, fault: ReceiptFault, body: ReceiptBody | undefined): void {
    this.figures.faults.set(fault, (this.figures.faults.get(fault) ?? 0) + 1);
    this.#host.found(overlayId, reporter, fault, body);
  }

  async #examine(
    overlayId: string,
    reporter: string,
    { body: text, receiver_signature, sender_signature }: ConfirmedReceipt,
  ): Promise<{ readonly body?: ReceiptBody; readonly fault?: ReceiptFault }> {
    const octets = Buffer.from(text, "base64url");
    let body: ReceiptBody;
    try {
      body = decodeReceiptBody(octets);
    } catch {
      return { fault: "malformed" };
    }
    const fault = this.#host.doubt(overlayId, reporter, body);
    if (fault !== undefined) return { body, fault };
    const receiver = this.#key(await this.#host.keyOf(overlayId, body.receiver));
    const sender = this.#key(await this.#host.keyOf(overlayId, body.sender));
    if (receiver === undefined || sender === undefined) return { body, fault: "unknown-key" };
    const signature = Buffer.from(receiver_signature, "base64url");
    const verdicts = await Promise.all([
      signed(receiptText(octets), receiver, signature),
      signed(confirmedReceiptText(octets, signature), sender, Buffer.from(sender_signature, "base64url")),
    ]);
    return verdicts.every(Boolean) ? { body } : { body, fault: "forged" };
  }

  #key(text: string | undefined): KeyObject | undefined {
    if (text === undefined) return undefined;
    const known = this.#keys.get(text);
    if (known !== undefined) return known;
    const key = readPublicKey(text);
    if (key === undefined) return undefined;
    if (this.#keys.size >= keysKept) this.#keys.clear();
    this.#keys.set(text, key);
    return key;
  }
}

function digestOf({ body, receiver_signature, sender_signature }: ConfirmedReceipt): string {
  return createHash("sha256").update(`${receiver_signature}${sender_signature}${body}`).digest("base64url");
}

/** In the thread pool. */
function signed(text: Uint8Array, key: KeyObject, signature: Uint8Array): Promise<boolean> {
  return new Promise((resolve) =>
    verify(null, text, key, signature, (error, right) => resolve(error === null && right)),
  );
}
