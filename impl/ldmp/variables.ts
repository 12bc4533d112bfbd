/** The protocol variables of X.609.8 [9]. All times in milliseconds. */
export interface ProtocolVariables {
  /** Idle time after which the counterpart is asked for a message [9.1]. */
  readonly heartbeatTime: number;
  /** How long to wait for an acknowledgement before asking again [9.2]. */
  readonly retransmissionTime: number;
  /** How often to ask again [9.3]: repeats, the original not counted (E-LDMP-19 A). */
  readonly maxRetransmissions: number;
  /**
   * How long a request may stay unanswered by a counterpart that says nothing else before it is given up and removed.
   * [7.3] and [7.5] name this time but give it no value: by default one retransmission time after the last repeat
   * (E-LDMP-18 A).
   */
  readonly removalTime: number;
}

/** The source peer stays at the printed default; the data source asks earlier, so that only one of them does (E-LDMP-20). */
const heartbeatTimes = { "source-peer": 60_000, "data-source": 45_000 } as const;

/** Fills in the defaults of [9] for one end. */
export function protocolVariables(
  end: keyof typeof heartbeatTimes,
  given: Partial<ProtocolVariables> = {},
): ProtocolVariables {
  const { heartbeatTime = heartbeatTimes[end], retransmissionTime = 10_000, maxRetransmissions = 3 } = given;
  const { removalTime = (maxRetransmissions + 1) * retransmissionTime } = given;
  for (const [name, value, least] of [
    ["heartbeatTime", heartbeatTime, 1],
    ["retransmissionTime", retransmissionTime, 1],
    ["maxRetransmissions", maxRetransmissions, 0],
    ["removalTime", removalTime, 1],
  ] as const) {
    if (!Number.isFinite(value) || value < least) throw new RangeError(`${name} must be a number from ${least} on`);
  }
  return { heartbeatTime, retransmissionTime, maxRetransmissions, removalTime };
}
