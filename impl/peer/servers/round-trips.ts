import type { Distances } from "../../unis-client/index.js";

/** Other ends remembered: more than one report may have. */
const maxKept = 1000;
/** What is measured within so many ms is told together. */
const gatherMs = 2_000;

/** Round trips that opening a TCP connection took, for the UNISs of this peer [X.609.10 8.4]. */
export class RoundTrips {
  readonly #told: () => Iterable<Distances>;
  readonly #from: () => { readonly peer_id: string; readonly address: string } | undefined;
  /** By address; the oldest first. */
  readonly #latest = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param told the UNISs, as clients that keep to the interval which each asks for
   * @param from this peer's identifier and address; undefined where nobody can connect to it, so that the UNIS has no place for it
   */
  constructor(
    told: () => Iterable<Distances>,
    from: () => { readonly peer_id: string; readonly address: string } | undefined,
  ) {
    this.#told = told;
    this.#from = from;
  }

  measured(address: string, milliseconds: number): void {
    this.#latest.delete(address);
    this.#latest.set(address, milliseconds);
    const [oldest] = this.#latest.keys();
    if (this.#latest.size > maxKept && oldest !== undefined) this.#latest.delete(oldest);
    this.#timer ??= setTimeout(() => this.#tell(), gatherMs).unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #tell(): void {
    this.#timer = undefined;
    const peer = this.#from();
    if (peer === undefined) return;
    const roundTrips = Array.from(this.#latest, ([address, milliseconds]) => ({ address, milliseconds }));
    for (const unis of this.#told()) void unis.report(peer, roundTrips);
  }
}
