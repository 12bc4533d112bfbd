import { createHash } from "node:crypto";
import { faultOf, type Transaction } from "./transaction.js";

/** As it travels: JSON. The hash covers all else, and begins with as many zeros as its maker had to work for. */
export interface Block {
  readonly height: number;
  /** Hash of the block before. */
  readonly previous: string;
  readonly producer: string;
  readonly transactions: readonly Transaction[];
  readonly nonce: number;
  readonly hash: string;
}

/** Hexadecimal zeros at the head of a block's hash. */
const WORK = "000";
/** Blocks kept while the one before them is missing. */
const MOST_WAITING = 1000;

const hashOf = ({ height, previous, producer, transactions, nonce }: Omit<Block, "hash">, digest: string): string =>
  createHash("sha256")
    .update(JSON.stringify([height, previous, producer, transactions.length, digest, nonce]))
    .digest("hex");

const digestOf = (transactions: readonly Transaction[]): string =>
  createHash("sha256")
    .update(JSON.stringify(transactions.map(({ id }) => id)))
    .digest("hex");

const genesis: Block = { height: 0, previous: "", producer: "", transactions: [], nonce: 0, hash: "0".repeat(64) };

/** The longest chain of valid blocks; of equally long ones that with the smallest hash at its tip, so that all nodes agree. */
export class Chain {
  readonly #blocks = new Map<string, Block>([[genesis.hash, genesis]]);
  readonly #waiting = new Map<string, Block[]>();
  #waitingCount = 0;
  #tip = genesis;

  get tip(): Block {
    return this.#tip;
  }

  /** From the block after genesis to the tip. */
  get main(): readonly Block[] {
    return this.#branch(this.#tip);
  }

  /** @returns whether it is new and valid; false as well while the block before it is missing @throws Error saying what is wrong with it */
  add(block: Block): boolean {
    if (this.#blocks.has(block.hash)) return false;
    const before = this.#blocks.get(block.previous);
    if (before === undefined) {
      this.#keepWaiting(block);
      return false;
    }
    const fault = this.#fault(block, before);
    if (fault !== undefined) throw new Error(`block ${block.height} of ${block.producer}: ${fault}`);
    this.#blocks.set(block.hash, block);
    const { height, hash } = this.#tip;
    if (block.height > height || (block.height === height && block.hash < hash)) this.#tip = block;
    const next = this.#waiting.get(block.hash) ?? [];
    this.#waiting.delete(block.hash);
    this.#waitingCount -= next.length;
    for (const one of next) this.add(one);
    return true;
  }

  /** Makes a block on the tip, and adds it. */
  make(producer: string, transactions: readonly Transaction[]): Block {
    const head = { height: this.#tip.height + 1, previous: this.#tip.hash, producer, transactions };
    const digest = digestOf(transactions);
    for (let nonce = 0; ; nonce++) {
      const hash = hashOf({ ...head, nonce }, digest);
      if (!hash.startsWith(WORK)) continue;
      const block = { ...head, nonce, hash };
      this.add(block);
      return block;
    }
  }

  #branch(tip: Block): Block[] {
    const branch: Block[] = [];
    for (
      let block: Block | undefined = tip;
      block !== undefined && block.height > 0;
      block = this.#blocks.get(block.previous)
    ) {
      branch.push(block);
    }
    return branch.reverse();
  }

  #fault(block: Block, before: Block): string | undefined {
    if (block.height !== before.height + 1) return "its height does not follow";
    if (!block.hash.startsWith(WORK) || block.hash !== hashOf(block, digestOf(block.transactions)))
      return "its hash is wrong";
    const known = new Set(this.#branch(before).flatMap(({ transactions }) => transactions.map(({ id }) => id)));
    for (const transaction of block.transactions) {
      if (known.has(transaction.id)) return "a transaction is in the chain already";
      known.add(transaction.id);
      const fault = faultOf(transaction);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  #keepWaiting(block: Block): void {
    if (this.#waitingCount >= MOST_WAITING) return;
    const waiting = this.#waiting.get(block.previous) ?? [];
    if (waiting.some(({ hash }) => hash === block.hash)) return;
    this.#waiting.set(block.previous, [...waiting, block]);
    this.#waitingCount++;
  }
}
