import { Buffer } from "node:buffer";
import { IncomingMessage } from "node:http";

/** Receives each piece of a body as it comes, then null. */
export type BodySink = (chunk: Buffer | null) => void;

/**
 * A request that can hand its body over as the parser delivers it, past the queues, ticks and events of a stream: a twentieth of a
 * whole request. Who does not ask for that sees an ordinary stream.
 */
export class DirectRequest extends IncomingMessage {
  #sink: BodySink | undefined;
  #queued = false;

  /** Directs what is still to come to `sink`, or back into the stream. @returns false when the stream has some of it already */
  direct(sink: BodySink | undefined): boolean {
    if (this.#queued) return false;
    this.#sink = sink;
    return true;
  }

  override push(chunk: unknown, encoding?: BufferEncoding): boolean {
    const sink = this.#sink;
    if (sink !== undefined && (chunk === null || Buffer.isBuffer(chunk))) {
      // The server looks whether a request was ever read, and would read it to the end itself.
      if (chunk === null) this._read(0);
      sink(chunk);
      return true;
    }
    this.#queued = true;
    return super.push(chunk, encoding);
  }
}
