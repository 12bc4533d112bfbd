import { profile } from "../../generated/ldmp/index.js";
import type { Readings } from "./readings.js";

/** The protocol variables of X.609.8 [9] that can be given. All times in milliseconds; defaults are the profile's. */
export interface VariableOptions {
  /** Idle time after which the counterpart is asked for a message [9.1]. Default 60000; data source: 45000 (E-LDMP-20). */
  readonly heartbeatTime?: number;
  /** How long to wait for an acknowledgement before asking again [9.2]. Default 10000. */
  readonly retransmissionTime?: number;
  /** How often to ask again [9.3]. Default 3. */
  readonly maxRetransmissions?: number;
  /** How long a silent counterpart may leave a request unanswered before it is removed; giving it is reading B of E-LDMP-18. */
  readonly removalTime?: number;
  /** Longest pause between a data source's attempts to register (E-LDMP-22). Default 60000. */
  readonly registrationBackoffMost?: number;
}

/** The protocol variables as they work out under the readings chosen. */
export interface ProtocolVariables {
  readonly heartbeatTime: number;
  readonly retransmissionTime: number;
  /** Transmissions of one request beside the first. */
  readonly repeats: number;
  readonly removalTime: number;
  readonly registrationBackoffMost: number;
}

/** @throws RangeError for a value outside the profile's bounds */
export function protocolVariables(
  end: "source-peer" | "data-source",
  readings: Pick<Readings, "removalTime" | "retransmissions">,
  given: VariableOptions = {},
): ProtocolVariables {
  const bounds = {
    ...profile.variables,
    heartbeatTime:
      end === "source-peer" ? profile.variables.heartbeatTimeSourcePeer : profile.variables.heartbeatTimeDataSource,
  };
  const variable = (name: keyof VariableOptions): number => {
    const { default: initial, least, most } = bounds[name];
    const value = given[name] ?? initial;
    if (!(value >= least && value <= most)) throw new RangeError(`${name} must be a number from ${least} to ${most}`);
    return value;
  };
  const retransmissionTime = variable("retransmissionTime");
  // E-LDMP-19: whether the maximum counts the repeats alone (A) or every transmission (B).
  const repeats = Math.max(0, variable("maxRetransmissions") - (readings.retransmissions === "B" ? 1 : 0));
  // E-LDMP-18: the removal time of [7.3] and [7.5] has no value of its own in [9].
  const reading = given.removalTime === undefined ? readings.removalTime : "B";
  const removalTime = {
    A: (repeats + 1) * retransmissionTime,
    B: variable("removalTime"),
    C: Math.max(1, repeats) * retransmissionTime,
  }[reading];
  return {
    heartbeatTime: variable("heartbeatTime"),
    retransmissionTime,
    repeats,
    removalTime,
    registrationBackoffMost: variable("registrationBackoffMost"),
  };
}
