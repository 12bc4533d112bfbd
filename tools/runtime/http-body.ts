import { Buffer, isUtf8 } from "node:buffer";
import type { IncomingMessage } from "node:http";
import { DirectRequest } from "./http-request.js";

/** Why a body could not be read. */
export type BodyFailure = "too large" | "not UTF-8";

/** Receives the text of a body (`undefined` when there is none) or the reason why it could not be read. */
export type BodyCallback = (text: string | undefined, failure: BodyFailure | undefined) => void;

/**
 * Collects a body of at most `limit` octets. Nothing is called when the client goes away meanwhile.
 * With a failure "too large" the rest of the body is still to come: see `refuseBody`.
 */
export function readBody(request: IncomingMessage, limit: number, done: BodyCallback) {
  // A stream that somebody else has read to its end will never end again.
  if (request.readableEnded) return done(undefined, undefined);
  const declared = request.headers["content-length"];
  if (declared !== undefined && Number(declared) > limit) return done(undefined, "too large");

  let first: Buffer | undefined;
  let rest: Buffer[] | undefined;
  let size = 0;
  const direct = request instanceof DirectRequest;
  const onData = (chunk: Buffer) => {
    size += chunk.length;
    if (size > limit) {
      if (direct) request.direct(undefined);
      request.off("data", onData);
      request.off("end", onEnd);
      done(undefined, "too large");
    } else if (first === undefined) first = chunk;
    else if (rest === undefined) rest = [first, chunk];
    else rest.push(chunk);
  };
  const onEnd = () => {
    if (first === undefined) return done(undefined, undefined);
    const octets = rest === undefined ? first : Buffer.concat(rest, size);
    if (!isUtf8(octets)) return done(undefined, "not UTF-8");
    done(octets.toString("utf8"), undefined);
  };
  if (direct && request.direct((chunk) => (chunk === null ? onEnd() : onData(chunk)))) return;
  request.on("data", onData);
  request.on("end", onEnd);
}

/** How long a client may go on sending a body that was refused, in ms; it then finds the connection closed. */
const LINGER_MS = 1_000;
/** How much of it is thrown away meanwhile, in octets. */
const LINGER_OCTETS = 16 * 1024 * 1024;

/**
 * Swallows what is left of a refused body before `end` closes the connection: closing at once would make the operating
 * system reset it, and the client would lose the refusal [RFC 9112 9.6].
 */
export function lingerThen(request: IncomingMessage, end: () => void) {
  if (request.complete) return end();
  let size = 0;
  let ended = false;
  const finish = () => {
    if (ended) return;
    ended = true;
    clearTimeout(timer);
    end();
  };
  const timer = setTimeout(finish, LINGER_MS);
  timer.unref();
  request.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > LINGER_OCTETS) finish();
  });
  request.once("end", finish);
  request.once("close", finish);
  request.resume();
}
