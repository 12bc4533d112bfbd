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
  /** Set where some messages may be handed over in parts. */
  readonly parts?: PartFraming<Message, Failure> | undefined;
}

/** A message that ends in octets, of which parts are as good as the whole. */
export interface PartFraming<Message, Failure extends CodecError> {
  /** Octets before those; 0 where the message comes whole, or not enough of it is there to tell. */
  head(bytes: Uint8Array, start: number, end: number): number;
  /** The message whose head lies there, with no octets behind it; undefined when it is wrong. */
  open(bytes: Uint8Array, start: number, end: number): Message | undefined;
  /** The same with these octets, which stand so far behind the first. */
  part(message: Message, from: number, octets: Uint8Array): Message;
  /** The fault of a stream that ends inside the octets. */
  cutOff(missing: number): Failure;
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
  /** The same, each message handed over as soon as it is found: what that changes, such as `maxLength`, is in force for the next one. */
  each(chunk: Uint8Array, take: (message: Message) => void): void;
  /** Longest message taken, in octets. */
  maxLength: number;
  /** Octets held of an incomplete message. */
  readonly pending: number;
  /** Says that the stream is over. @throws CodecError ERR_TRUNCATED inside a message, or the earlier fault */
  end(): void;
}

const FIRST_ALLOCATION = 256;
const NOTHING = new Uint8Array(0);

export function createStreamDecoder<Message, Failure extends CodecError>(
  framing: Framing<Message, Failure>,
  { maxLength: longest = Number.POSITIVE_INFINITY, onInvalid }: StreamOptions<Failure>,
): StreamDecoder<Message> {
  let maxLength = longest;
  let held = NOTHING;
  let pending = 0;
  /** The message of which octets are to come. */
  let open: { readonly message: Message; readonly size: number; left: number } | undefined;
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

  const take = (bytes: Uint8Array, start: number, end: number, give: (message: Message) => void): void => {
    const message = framing.read(bytes, start, end);
    if (message !== undefined) {
      give(message);
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

  /** A message that is not all there, and may come in parts: its head is enough. Octets of the head, or 0. */
  const headAt = (bytes: Uint8Array, start: number, end: number, needed: number): number => {
    const head = framing.parts?.head(bytes, start, end) ?? 0;
    return head < needed ? head : 0;
  };

  const begin = (bytes: Uint8Array, start: number, head: number, needed: number): void => {
    checkPart(bytes, start, start + head);
    const message = framing.parts?.open(bytes, start, start + head);
    if (message === undefined) throw framing.fault(bytes, start, start + head);
    open = { message, size: needed - head, left: needed - head };
  };

  /** The octets of the open message at the head of the chunk; gives back where others start. */
  const goOn = (chunk: Uint8Array, at: number, give: (message: Message) => void): number => {
    if (open === undefined || framing.parts === undefined || at === chunk.length) return at;
    const { message, size, left } = open;
    const count = Math.min(left, chunk.length - at);
    open.left -= count;
    if (open.left === 0) open = undefined;
    give(framing.parts.part(message, size - left, new Uint8Array(chunk.buffer, chunk.byteOffset + at, count)));
    return at + count;
  };

  /** Completes the held message from the head of the chunk; gives back where the next one starts. */
  const fill = (chunk: Uint8Array, give: (message: Message) => void): number => {
    let at = 0;
    for (;;) {
      const needed = neededAt(held, 0, pending);
      const head = headAt(held, 0, pending, needed);
      const wanted = head === 0 ? needed : head;
      if (pending >= wanted) {
        const complete = held;
        held = NOTHING;
        pending = 0;
        if (head === 0) take(complete, 0, needed, give);
        else begin(complete, 0, head, needed);
        return at;
      }
      if (at === chunk.length) {
        checkPart(held, 0, pending);
        return at;
      }
      const to = Math.min(chunk.length, at + wanted - pending);
      hold(chunk, at, to, wanted);
      at = to;
    }
  };

  const cut = (chunk: Uint8Array, give: (message: Message) => void): void => {
    const end = chunk.length;
    let at = goOn(chunk, pending > 0 ? fill(chunk, give) : 0, give);
    while (at < end) {
      const needed = neededAt(chunk, at, end);
      if (needed > end - at) {
        const head = headAt(chunk, at, end, needed);
        if (head === 0 || head > end - at) {
          checkPart(chunk, at, end);
          hold(chunk, at, end, head === 0 ? needed : head);
          return;
        }
        begin(chunk, at, head, needed);
        at = goOn(chunk, at + head, give);
        continue;
      }
      take(chunk, at, at + needed, give);
      at += needed;
    }
  };

  const each = (chunk: Uint8Array, give: (message: Message) => void): void => {
    if (failed) throw failure;
    try {
      cut(chunk, give);
    } catch (error) {
      held = NOTHING;
      pending = 0;
      failed = true;
      failure = error;
      throw error;
    }
  };

  return {
    push(chunk) {
      const messages: Message[] = [];
      try {
        each(chunk, (message) => messages.push(message));
      } catch (error) {
        if (error instanceof CodecError && messages.length > 0) error.preceding = messages;
        throw error;
      }
      return messages;
    },
    each,
    get maxLength() {
      return maxLength;
    },
    set maxLength(octets) {
      maxLength = octets;
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
      if (open !== undefined) {
        failed = true;
        failure = framing.parts?.cutOff(open.left);
        throw failure;
      }
    },
  };
}
