import { CodecError } from "./codec.js";

/** What a stream decoder needs to know about one kind of message. */
export interface Framing<Message, Failure extends CodecError> {
  /** Octets that the message at `start` has at least, as far as the octets up to `end` tell; exact once they suffice. */
  needed(bytes: Uint8Array, start: number, end: number): number;
  /** What the part of a message that has arrived already shows to be wrong. */
  check(bytes: Uint8Array, start: number, end: number): Failure | undefined;
  /** The message that fills `start` to `end`; undefined when it is wrong. */
  read(bytes: Uint8Array, start: number, end: number): Message | undefined;
  /** The fault of a message longer than the limit. */
  tooLong(needed: number, limit: number): Failure;
  /** The fault of octets that `read` refuses, such as those of a stream that ends inside a message. */
  fault(bytes: Uint8Array, start: number, end: number): Failure;
}

export interface StreamOptions<Failure extends CodecError> {
  /** Longest message taken, in octets; a longer one is an ERR_SPACE before its octets are kept. */
  readonly maxLength?: number;
  /**
   * Called with a faulty message whose extent is known, and the stream goes on behind it. Without it, and for faults
   * that leave the extent unknown, `push` throws and the decoder stays failed. `octets` is a view.
   */
  readonly onInvalid?: (error: Failure, octets: Uint8Array) => void;
}

/** Cuts a stream into messages. Holds at most one incomplete message. */
export interface StreamDecoder<Message> {
  /**
   * The messages that `chunk` completes, in order. A message that lies within one chunk is decoded in place: its
   * payload is a view of the chunk, so copy what must outlive it.
   *
   * @throws CodecError at the first fault, and again on every later call; `preceding` has the messages before it
   */
  push(chunk: Uint8Array): Message[];
  /** Octets held of an incomplete message. */
  readonly pending: number;
  /** Says that the stream is over. @throws CodecError ERR_TRUNCATED inside a message, or the earlier fault */
  end(): void;
}

const FIRST_ALLOCATION = 256;
const NOTHING = new Uint8Array(0);

export function createStreamDecoder<Message, Failure extends CodecError>(
  framing: Framing<Message, Failure>,
  { maxLength = Number.POSITIVE_INFINITY, onInvalid }: StreamOptions<Failure>,
): StreamDecoder<Message> {
  let held = NOTHING;
  let pending = 0;
  let failed = false;
  let failure: unknown;

  const neededAt = (bytes: Uint8Array, start: number, end: number): number => {
    const needed = framing.needed(bytes, start, end);
    if (needed > maxLength) throw framing.tooLong(needed, maxLength);
    return needed;
  };

  /** An incomplete message: reject it now if it cannot become a good one, and not when a slow sender completes it. */
  const checkPart = (bytes: Uint8Array, start: number, end: number): void => {
    const wrong = framing.check(bytes, start, end);
    if (wrong !== undefined && (onInvalid === undefined || wrong.fatal)) throw wrong;
  };

  const take = (bytes: Uint8Array, start: number, end: number, messages: Message[]): void => {
    const message = framing.read(bytes, start, end);
    if (message !== undefined) {
      messages.push(message);
      return;
    }
    const wrong = framing.fault(bytes, start, end);
    if (onInvalid === undefined || wrong.fatal) throw wrong;
    onInvalid(wrong, new Uint8Array(bytes.buffer, bytes.byteOffset + start, end - start));
  };

  /** Room grows with what has arrived, not with what a length field promises. */
  const hold = (chunk: Uint8Array, from: number, to: number, needed: number): void => {
    const total = pending + (to - from);
    if (held.length < total) {
      const room = new Uint8Array(
        Math.min(Math.max(total, held.length * 2, FIRST_ALLOCATION), Math.max(needed, total)),
      );
      room.set(new Uint8Array(held.buffer, held.byteOffset, pending));
      held = room;
    }
    held.set(new Uint8Array(chunk.buffer, chunk.byteOffset + from, to - from), pending);
    pending = total;
  };

  /** Completes the held message from the head of the chunk; gives back where the next one starts. */
  const fill = (chunk: Uint8Array, messages: Message[]): number => {
    let at = 0;
    for (;;) {
      const needed = neededAt(held, 0, pending);
      if (pending >= needed) {
        const complete = held;
        held = NOTHING;
        pending = 0;
        take(complete, 0, needed, messages);
        return at;
      }
      if (at === chunk.length) {
        checkPart(held, 0, pending);
        return at;
      }
      const to = Math.min(chunk.length, at + needed - pending);
      hold(chunk, at, to, needed);
      at = to;
    }
  };

  const cut = (chunk: Uint8Array, messages: Message[]): void => {
    const end = chunk.length;
    let at = pending > 0 ? fill(chunk, messages) : 0;
    while (at < end) {
      const needed = neededAt(chunk, at, end);
      if (needed > end - at) {
        checkPart(chunk, at, end);
        hold(chunk, at, end, needed);
        return;
      }
      take(chunk, at, at + needed, messages);
      at += needed;
    }
  };

  return {
    push(chunk) {
      if (failed) throw failure;
      const messages: Message[] = [];
      try {
        cut(chunk, messages);
      } catch (error) {
        held = NOTHING;
        pending = 0;
        if (error instanceof CodecError) error.preceding = messages;
        failed = true;
        failure = error;
        throw error;
      }
      return messages;
    },
    get pending() {
      return pending;
    },
    end() {
      if (failed) throw failure;
      if (pending > 0) {
        failed = true;
        failure = framing.fault(held, 0, pending);
        throw failure;
      }
    },
  };
}
