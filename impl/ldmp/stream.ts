import { createDecoder, LdmpError, type LdmpMessage } from "../../generated/ldmp/index.js";
import type { Readings } from "./readings.js";

export interface StreamOptions {
  readonly readings: Readings;
  /** Octets of payload accepted. */
  readonly maxPayload: number;
  onMessage(message: LdmpMessage): void;
  /** A message with a reserved value in it, whose end is known: the stream goes on behind it. */
  onInvalid(octets: Uint8Array): void;
}

/** Messages on a TCP connection: one after the other, delimited by their headers (E-LDMP-04 B). */
export interface LdmpStream {
  /** False when the stream cannot be understood any more: the connection is of no further use. */
  push(chunk: Uint8Array): boolean;
  /** Octets of a message that is not complete yet. */
  readonly pending: number;
}

const longestHeader = 10;

export function createLdmpStream(options: StreamOptions): LdmpStream {
  const { onMessage } = options;
  const decoder = createDecoder({
    layout: options.readings.layout,
    maxLength: options.maxPayload + longestHeader,
    onInvalid: (_error, octets) => options.onInvalid(octets),
  });
  return {
    push(chunk) {
      let messages: readonly unknown[];
      let intact = true;
      try {
        messages = decoder.push(chunk);
      } catch (error) {
        if (!(error instanceof LdmpError)) throw error;
        messages = error.preceding;
        intact = false;
      }
      for (const message of messages) onMessage(message as LdmpMessage);
      return intact;
    },
    get pending() {
      return decoder.pending;
    },
  };
}
