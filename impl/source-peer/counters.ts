/** What a source peer counts, for its metrics and for tests. */
export interface Counters {
  /** Well-formed messages received. */
  messages: number;
  posts: number;
  registrations: number;
  refusals: number;
  duplicates: number;
  /** Requests sent again for want of an answer. */
  repeats: number;
  /** Datagrams with octets beyond their message, which were ignored. */
  trailing: number;
  readonly removals: {
    released: number;
    silent: number;
    reset: number;
    closed: number;
    replaced: number;
    lost: number;
  };
  /** Messages without effect, by reason. */
  readonly dropped: {
    malformed: number;
    /** Another Destination ID. */
    destination: number;
    /** POST from a sender that is not registered. */
    unregistered: number;
    /** Acknowledgements that answer nothing. */
    unsolicited: number;
    /** Payload longer than the limit. */
    size: number;
    /** Text that is not UTF-8. */
    text: number;
    /** Codes that a source peer does not serve. */
    method: number;
  };
}

export function createCounters(): Counters {
  return {
    messages: 0,
    posts: 0,
    registrations: 0,
    refusals: 0,
    duplicates: 0,
    repeats: 0,
    trailing: 0,
    removals: { released: 0, silent: 0, reset: 0, closed: 0, replaced: 0, lost: 0 },
    dropped: { malformed: 0, destination: 0, unregistered: 0, unsolicited: 0, size: 0, text: 0, method: 0 },
  };
}
