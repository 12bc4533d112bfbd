import { RangeSet } from "../../hybrid-peer/data/ranges.js";
import type { Run } from "../core/message.js";
import type { SwarmHost } from "../core/ports.js";
import type { SwarmSettings } from "../core/settings.js";
import type { Conduct } from "./conduct.js";
import type { DescriptorBook } from "./descriptor-book.js";
import type { Dice } from "./dice.js";
import type { Link } from "./link.js";
import type { LiveWindow } from "./live-window.js";
import type { Picker } from "./picker.js";
import { Possession } from "./possession.js";

/** What the parts of one swarm share. */
export interface Context {
  readonly host: SwarmHost;
  readonly settings: SwarmSettings;
  readonly links: Map<number, Link>;
  readonly book: DescriptorBook;
  readonly held: Held;
  readonly picker: Picker;
  /** Of a STREAM. */
  readonly live: LiveWindow | undefined;
  readonly conduct: Conduct;
  readonly dice: Dice;
}

/** What this peer holds: as bits for quick answers, as ranges for reports. */
export class Held {
  readonly bits: Possession;
  readonly #ranges = new RangeSet();

  constructor(span: number) {
    this.bits = new Possession(span);
  }

  get size(): number {
    return this.bits.size;
  }

  has(index: number): boolean {
    return this.bits.has(index);
  }

  add(index: number): boolean {
    if (!this.bits.add(index)) return false;
    this.#ranges.add(index);
    return true;
  }

  delete(index: number): void {
    if (this.bits.delete(index)) this.#ranges.delete(index);
  }

  dropBelow(floor: number): void {
    this.bits.dropBelow(floor);
    this.#ranges.deleteRange(0, floor - 1);
  }

  runs(): Run[] {
    return [...this.#ranges.ranges()].map(([from, to]) => ({ first: from, count: to - from + 1 }));
  }
}
