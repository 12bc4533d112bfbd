import type { FragmentStore } from "../storage/fragment-store.js";
import type { Received } from "../types.js";

export interface FileReaderOptions {
  readonly store: FragmentStore;
  /** Fragments there are, once known. */
  total(): number | undefined;
  timeOf(index: number): number;
}

/** The fragments of a FILE in their order, each as soon as it and all before it are there. */
export class FileReader {
  readonly #options: FileReaderOptions;
  #changed: (() => void)[] = [];
  #over = false;

  constructor(options: FileReaderOptions) {
    this.#options = options;
  }

  /** A fragment came, the end is known, or everything is over. */
  happened(over = false): void {
    this.#over ||= over;
    for (const resolve of this.#changed.splice(0)) resolve();
  }

  async *read(): AsyncGenerator<Received> {
    const { store, total, timeOf } = this.#options;
    for (let index = 0; index < (total() ?? Number.POSITIVE_INFINITY); ) {
      const changed = new Promise<void>((resolve) => this.#changed.push(resolve));
      const octets = await new Promise<Uint8Array | undefined>((resolve) => store.read(index, resolve));
      if (octets !== undefined) {
        yield { index, octets, time: timeOf(index), missed: 0 };
        index++;
      } else if (this.#over) return;
      else await changed;
    }
  }
}
