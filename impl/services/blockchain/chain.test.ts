import { describe, expect, test } from "vitest";
import { type Block, Chain } from "./chain.js";
import { createWallet } from "./transaction.js";

describe("a chain of blocks", () => {
  const wallet = createWallet();

  test("blocks that come in any order amount to the same chain", () => {
    const maker = new Chain();
    const blocks = [1, 2, 3].map((n) => maker.make("a", [wallet.transaction(`order ${n}`)]));
    const other = new Chain();
    for (const block of [blocks[2], blocks[0], blocks[1]]) other.add(block as Block);
    expect(other.main).toEqual(blocks);
    expect(other.add(blocks[1] as Block)).toBe(false);
  });

  test("of two branches the longer one counts, of equally long ones the one with the smaller hash", () => {
    const [a, b] = [new Chain(), new Chain()];
    const [one, other] = [a.make("a", [wallet.transaction("left")]), b.make("b", [wallet.transaction("right")])];
    a.add(other);
    b.add(one);
    expect(a.tip.hash).toBe([one.hash, other.hash].sort()[0]);
    expect(b.tip.hash).toBe(a.tip.hash);
    const next = b.make("b", [wallet.transaction("longer")]);
    a.add(next);
    expect(a.tip.hash).toBe(next.hash);
  });

  test.each<[string, (block: Block) => Block]>([
    ["its hash is wrong", (block) => ({ ...block, nonce: block.nonce + 1 })],
    ["its hash is wrong", (block) => ({ ...block, transactions: [] })],
    ["its height does not follow", (block) => ({ ...block, height: 5 })],
    [
      "the signature is not the maker's",
      (block) => ({ ...block, transactions: block.transactions.map((one) => ({ ...one, memo: "more" })) }),
    ],
  ])("a block is refused: %s", (reason, change) => {
    const block = new Chain().make("a", [wallet.transaction("pay")]);
    const chain = new Chain();
    expect(() => chain.add(change(block))).toThrow(reason);
    expect(chain.tip.height).toBe(0);
  });

  test("a transaction is in a chain once", () => {
    const chain = new Chain();
    const transaction = wallet.transaction("once");
    chain.make("a", [transaction]);
    expect(() => chain.make("a", [transaction])).toThrow("a transaction is in the chain already");
  });
});
