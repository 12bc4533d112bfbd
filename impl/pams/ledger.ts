import type { ReceiptBody } from "../peer/core/message.js";
import { FragmentSet, type FragmentSetRow } from "./fragment-set.js";
import type { Runs } from "./possession.js";

/**
 * Why a receipt does not count [X.609.1 8.2.6].
 *
 * - malformed: not the octets of a receipt body
 * - forged: one of the two signatures is not by the peer that the body names
 * - foreign: of another overlay network, or shown by somebody who is not its sender
 * - replayed: not newer than what the same receiver has confirmed to the same sender before
 * - repeated: confirms nothing but fragments that the receiver has confirmed before, to whomever; no fault of the one who shows it, who may
 *   well have sent what came from elsewhere too
 * - implausible: more octets than the fragments can have, or a time that cannot be
 * - unknown-key: the key of one of the two is not known, or nobody of trust says whose it is; no fault of the one who shows it
 * - unreachable: the receiver's PAMS could not be asked; neither is this
 */
export const receiptFaults = [
  "malformed",
  "forged",
  "foreign",
  "replayed",
  "repeated",
  "implausible",
  "unknown-key",
  "unreachable",
] as const;

export type ReceiptFault = (typeof receiptFaults)[number];

/** What a store keeps of an account. */
export interface AccountRow {
  key?: string;
  proven?: boolean;
  up: number;
  dn: number;
  got?: FragmentSetRow;
  gave?: FragmentSetRow;
  floor?: number;
  serials?: [sender: string, serial: number][];
  faults?: Partial<Record<ReceiptFault, number>>;
}

/** Senders whose last serial is kept per receiver; what they show again after that is found by its fragments. */
const sendersKept = 1024;

/**
 * What receipts prove of one peer in one overlay network. Outlives the registration: a receipt counts once, whoever came and went in
 * between.
 */
export class Account {
  /** Ed25519, base64url. */
  key: string | undefined = undefined;
  /** The service provider stands for the key, or nobody knows of a service provider. */
  proven = false;
  /** Octets. */
  uploaded = 0;
  downloaded = 0;
  /** Fragments that this peer has confirmed, and fragments that others have got of it. */
  got: FragmentSet | undefined = undefined;
  gave: FragmentSet | undefined = undefined;
  readonly faults = new Map<ReceiptFault, number>();
  readonly #serials = new Map<string, number>();
  /** Fragments below count as confirmed: what a stream has left behind is not kept one by one. */
  #floor = 0;

  /** Nothing would be lost with it. */
  get empty(): boolean {
    return this.uploaded === 0 && this.downloaded === 0 && this.#serials.size === 0 && this.faults.size === 0;
  }

  /** Others have got fragments of it, and it never showed what is not true: its word on what it holds counts. */
  get trusted(): boolean {
    if (this.uploaded === 0) return false;
    for (const fault of this.faults.keys()) if (!blameless.has(fault)) return false;
    return true;
  }

  /**
   * Why this receipt of the account's owner does not count; otherwise the octets of it that count from now on. A fragment counts once, though
   * it may have come of two peers that were asked for it.
   */
  receive({ sender, serial, octets: all }: ReceiptBody, runs: Runs, mostRuns: number): ReceiptFault | number {
    if (serial <= (this.#serials.get(sender) ?? 0)) return "replayed";
    const wanted = FragmentSet.of(runs);
    const before = this.got?.countIn(wanted) ?? 0;
    if ((runs[0] ?? 0) < this.#floor || before === wanted.count) return "repeated";
    const octets = Math.round((all * (wanted.count - before)) / wanted.count);
    this.#serials.delete(sender);
    this.#serials.set(sender, serial);
    if (this.#serials.size > sendersKept) {
      const [oldest = ""] = this.#serials.keys();
      this.#serials.delete(oldest);
    }
    this.downloaded += octets;
    this.got = (this.got ?? FragmentSet.of([])).union(runs);
    const { runs: known } = this.got.bits === undefined ? this.got : { runs: [] };
    if (known.length > 2 * mostRuns) {
      const kept = known.slice(mostRuns);
      this.#floor = kept[0] ?? 0;
      this.got = FragmentSet.of(kept);
    }
    return octets;
  }

  /** Takes note of what was confirmed to the account's owner. */
  give(octets: number, runs: Runs): void {
    this.uploaded += octets;
    this.gave = (this.gave ?? FragmentSet.of([])).union(runs);
  }

  blame(fault: ReceiptFault): void {
    this.faults.set(fault, (this.faults.get(fault) ?? 0) + 1);
  }

  /** The row that a store writes: what is known when its group is written. */
  toJSON(): AccountRow {
    const row: AccountRow = { up: this.uploaded, dn: this.downloaded };
    if (this.key !== undefined) row.key = this.key;
    if (this.proven) row.proven = true;
    if (this.got !== undefined) row.got = this.got.toJSON();
    if (this.gave !== undefined) row.gave = this.gave.toJSON();
    if (this.#floor > 0) row.floor = this.#floor;
    if (this.#serials.size > 0) row.serials = [...this.#serials];
    if (this.faults.size > 0) row.faults = Object.fromEntries(this.faults);
    return row;
  }

  static restore(row: AccountRow): Account {
    const account = new Account();
    account.key = row.key;
    account.proven = row.proven ?? false;
    account.uploaded = row.up;
    account.downloaded = row.dn;
    account.got = row.got === undefined ? undefined : FragmentSet.restore(row.got);
    account.gave = row.gave === undefined ? undefined : FragmentSet.restore(row.gave);
    account.#floor = row.floor ?? 0;
    for (const [sender, serial] of row.serials ?? []) account.#serials.set(sender, serial);
    for (const [fault, count] of Object.entries(row.faults ?? {})) account.faults.set(fault as ReceiptFault, count);
    return account;
  }
}

/** Faults that say nothing about whoever shows the receipt. */
const blameless: ReadonlySet<ReceiptFault> = new Set(["unknown-key", "unreachable"]);

/** Accounts of peers that are gone and proved nothing: for receipts on their way. */
const departedKept = 10_000;

/** Something that does not count, for the operator. */
export interface Incident {
  /** ms since the epoch. */
  readonly at: number;
  readonly overlay: string;
  /** Who showed it. */
  readonly reporter: string;
  /** The other peer that the receipt names, where it can be read. */
  readonly receiver?: string;
  readonly fault: ReceiptFault;
}

/** The accounts of one overlay network. */
export class Ledger {
  readonly accounts = new Map<string, Account>();
  readonly #departed = new Set<string>();

  of(peerId: string): Account {
    const known = this.accounts.get(peerId);
    if (known !== undefined) return known;
    const account = new Account();
    this.accounts.set(peerId, account);
    return account;
  }

  /** A peer registered with this key; what it proved before stays its own. */
  open(peerId: string, key: string, proven: boolean): void {
    const account = this.of(peerId);
    account.key = key;
    account.proven = proven;
    this.#departed.delete(peerId);
  }

  /** A peer is gone. Its account is kept where it proves something, and for a while in any case. */
  close(peerId: string): void {
    if (this.accounts.get(peerId)?.empty !== true) return;
    this.#departed.add(peerId);
    if (this.#departed.size <= departedKept) return;
    const [oldest = ""] = this.#departed;
    this.#departed.delete(oldest);
    this.accounts.delete(oldest);
  }
}
