/** Who published what, and who got it: numbers of messages, by source. */
export interface Ledger {
  published(source: string, first: number, last: number, at: number): void;
  /** @returns what is wrong: messages that came twice, or to their own source */
  got(peer: string, messages: Readonly<Record<string, readonly number[]>>): string | undefined;
  /**
   * What peers that stayed lack. Of sources that are gone counts what anybody has who stayed.
   * @param since of each peer that stayed: from when on it must have everything
   */
  missing(since: ReadonlyMap<string, number>): readonly string[];
  readonly deliveries: number;
  readonly messages: number;
}

export function createLedger(): Ledger {
  /** By source: when each number was published, as far as the source could tell. */
  const publications = new Map<string, Map<number, number>>();
  const received = new Map<string, Map<string, Set<number>>>();
  let deliveries = 0;

  const numbersOf = (peer: string, source: string): Set<number> => {
    const own = received.get(peer) ?? new Map<string, Set<number>>();
    received.set(peer, own);
    const numbers = own.get(source) ?? new Set<number>();
    own.set(source, numbers);
    return numbers;
  };

  return {
    published(source, first, last, at) {
      const own = publications.get(source) ?? new Map<number, number>();
      publications.set(source, own);
      for (let number = first; number <= last; number++) own.set(number, at);
    },
    got(peer, messages) {
      let wrong: string | undefined;
      for (const [source, numbers] of Object.entries(messages)) {
        if (source === peer) wrong = `${peer} was given its own ${numbers[0]}`;
        const known = numbersOf(peer, source);
        for (const number of numbers) {
          if (known.has(number)) wrong = `${peer} was given ${source}/${number} twice`;
          known.add(number);
          deliveries++;
        }
      }
      return wrong;
    },
    missing(since) {
      const lacking: string[] = [];
      for (const [source, numbers] of publications) {
        for (const [number, at] of numbers) {
          const counts =
            since.has(source) || [...since.keys()].some((peer) => received.get(peer)?.get(source)?.has(number));
          if (!counts) continue;
          for (const [peer, from] of since) {
            if (peer === source || from > at || received.get(peer)?.get(source)?.has(number)) continue;
            lacking.push(`${peer} lacks ${source}/${number}`);
          }
        }
      }
      return lacking;
    },
    get deliveries() {
      return deliveries;
    },
    get messages() {
      let count = 0;
      for (const numbers of publications.values()) count += numbers.size;
      return count;
    },
  };
}
