import { createHash } from "node:crypto";

/** Randomness that one seed repeats: every case draws from its own stream, so that order and concurrency do not matter. */
export class SeededRandom {
  readonly #stream: string;
  #drawn = 0;

  constructor(stream: string) {
    this.#stream = stream;
  }

  bytes(length: number): Uint8Array {
    const blocks: Buffer[] = [];
    for (let have = 0; have < length; have += 32) {
      blocks.push(
        createHash("sha256")
          .update(`${this.#stream}#${this.#drawn++}`)
          .digest(),
      );
    }
    return new Uint8Array(Buffer.concat(blocks).subarray(0, length));
  }

  /** An integer from `low` to `high`, both included; the range may be up to 2^32 wide. */
  integer(low: number, high: number): number {
    const [a = 0, b = 0, c = 0, d = 0] = this.bytes(4);
    const draw = a * 0x1000000 + b * 0x10000 + c * 0x100 + d;
    return low + Math.floor((draw / 0x1_0000_0000) * (high - low + 1));
  }

  hex(digits: number): string {
    return Buffer.from(this.bytes(Math.ceil(digits / 2)))
      .toString("hex")
      .slice(0, digits);
  }

  pick<T>(choices: readonly T[]): T {
    const choice = choices[this.integer(0, choices.length - 1)];
    if (choice === undefined) throw new RangeError("nothing to pick from");
    return choice;
  }
}
