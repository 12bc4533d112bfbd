/** Octets that a caller gives, and a client sends as they come. */
import { Mp2pError } from "./errors.js";

/** The content type of octets as they are. */
export const OCTETS_TYPE = "application/octet-stream";

/** Octets there are, or octets to come. */
type Given = Uint8Array | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

/**
 * Octets to be sent. A function is asked anew for each attempt; of a stream that has begun there is no second attempt. A stream is
 * sent as fast as the server takes it, and is closed when the server wants no more of it.
 */
export type OctetSource = Given | (() => Given | Promise<Given>);

export function isOctetSource(value: unknown): value is OctetSource {
  if (typeof value === "function" || value instanceof Uint8Array) return true;
  return typeof value === "object" && value !== null && ("getReader" in value || Symbol.asyncIterator in value);
}

/** Whether a source that has begun cannot be had anew. */
export function isSpent(source: OctetSource | undefined): boolean {
  return typeof source === "object" && !(source instanceof Uint8Array);
}

/** A body of octets as a transport takes it: piece by piece. */
export interface OctetBody extends AsyncIterable<Uint8Array> {
  /** All of them, where the caller gave them at once: then their number is known. */
  readonly whole: Uint8Array | undefined;
}

/** Told whose turn it is, so that a caller's own silence is not held against the server. */
export interface Turns {
  /** The transport waits for the caller's next octets. */
  callers(): void;
  /** It has them: the server is to take them, or to answer. */
  servers(): void;
}

/** One attempt's octets. */
export interface Outgoing extends OctetBody {
  /** Whether anything was taken from the source. */
  readonly begun: boolean;
  /** What the source threw: the caller's own. */
  readonly failure: { readonly error: unknown } | undefined;
  /** No more is wanted: closes a source that has begun. */
  stop(): void;
}

/** Octets of one piece, where the caller gave all at once: so that progress shows. */
const PIECE = 64 * 1024;

/** What a source is read with; `close` does not wait for a read under way, as an iterator's own `return` would. */
interface Open {
  next(): Promise<Uint8Array | undefined>;
  close(): void;
}

export function outgoing(source: OctetSource, turns: Turns): Outgoing {
  let open: Promise<Open> | undefined;
  let failure: { readonly error: unknown } | undefined;
  let stopped = false;
  const begin = async (): Promise<Open> => openSource(typeof source === "function" ? await source() : source);
  const next = async (): Promise<IteratorResult<Uint8Array, undefined>> => {
    if (stopped) return { done: true, value: undefined };
    turns.callers();
    try {
      open ??= begin();
      const value = await (await open).next();
      if (value === undefined || stopped) return { done: true, value: undefined };
      if (!(value instanceof Uint8Array)) throw new TypeError("a source of octets gave something else than octets");
      return { done: false, value };
    } catch (error) {
      if (!stopped) failure ??= { error };
      throw error;
    } finally {
      if (!stopped) turns.servers();
    }
  };
  const stop = (): void => {
    if (stopped) return;
    stopped = true;
    open?.then(({ close }) => close()).catch(() => {});
  };
  return {
    whole: source instanceof Uint8Array ? source : undefined,
    get begun() {
      return open !== undefined;
    },
    get failure() {
      return failure;
    },
    stop,
    [Symbol.asyncIterator]: () => ({
      next,
      async return() {
        stop();
        return { done: true, value: undefined };
      },
    }),
  };
}

function openSource(source: Given): Open {
  if (source instanceof Uint8Array) {
    let at = 0;
    return {
      async next() {
        const piece = source.subarray(at, at + PIECE);
        at += piece.length;
        return piece.length === 0 ? undefined : piece;
      },
      close() {},
    };
  }
  if ("getReader" in source) {
    const reader = source.getReader();
    return {
      next: async () => (await reader.read()).value,
      close: () => void reader.cancel().catch(() => {}),
    };
  }
  if (!(Symbol.asyncIterator in source)) throw new Mp2pError("ERR_REQUEST_INVALID", "a source of octets is none");
  const iterator = source[Symbol.asyncIterator]();
  return {
    async next() {
      const { done, value } = await iterator.next();
      return done === true ? undefined : value;
    },
    close() {
      // A stream of Node's is destroyed by its iterator too, but only after the read under way.
      const { destroy } = source as { destroy?: unknown };
      if (typeof destroy === "function") destroy.call(source);
      else void Promise.resolve(iterator.return?.()).catch(() => {});
    },
  };
}

/** The same as a stream of the platform, for `fetch`. */
export function streamOf(body: OctetBody): ReadableStream<Uint8Array> {
  const iterator = body[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await iterator.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await iterator.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}
