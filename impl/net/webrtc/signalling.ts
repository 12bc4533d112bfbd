import { WebSocket } from "ws";
import { defaultBackoff, pauseMs } from "../backoff.js";
import { type Random, systemRandom } from "../clock.js";
import type { Logger } from "../logger.js";
import { TransportError } from "../transport-errors.js";
import { type PeerSignal, readSignal, writeBye, writeHello } from "./signal.js";

export interface SignallingOptions {
  /** `ws://host:port` or `wss://…`, with a path or without. */
  readonly url: string;
  readonly peerId: string;
  /** The relay is an OMS's: peers are members of an overlay network there, and are told that they are registered. */
  readonly overlayId?: string | undefined;
  readonly token?: string | undefined;
  readonly logger: Logger;
  onSignal(signal: PeerSignal): void;
  /** There is a connection with the relay, for the first time or again; at an OMS's, this peer is registered. */
  onUp(): void;
  /** And now no more. */
  onDown?(): void;
  readonly random?: Random;
}

/** This peer's registration at the signalling relay, kept up until it is closed. */
export interface Signalling {
  readonly url: string;
  /** Registers anew where the relay wanted to see it. */
  token(token: string): void;
  /** @returns false where there is no connection with the relay */
  send(text: string): boolean;
  /** Resolves when there is a connection, with false after `timeoutMs`, and where the relay does not want this peer. */
  ready(timeoutMs: number): Promise<boolean>;
  close(): Promise<void>;
}

const CONNECT_MS = 5000;
/** For a relay of an OMS to say that this peer is registered. */
const ANSWER_MS = 10_000;
const PING_MS = 15_000;
const FAREWELL_MS = 500;
const MAX_MESSAGE = 64 * 1024;
/** A connection that lasted so long is no failure, however it ended. */
const LASTED_MS = 10_000;
/** The relay wants to know first whether this peer may have the peer-id (4001 to 4003), or its membership has ended (4006). */
const wantsProof = (code: number): boolean => (code >= 4001 && code <= 4003) || code === 4006;
/** What relays close with, by a reason of theirs. */
const isRefusal = (code: number): boolean => code >= 4000 && code <= 4010;

/** @throws TransportError ERR_ADDRESS */
export function openSignalling(options: SignallingOptions): Signalling {
  const { peerId, overlayId, logger, onSignal, onUp, onDown, random = systemRandom } = options;
  const url = relayUrl(options.url);
  const waiting = new Set<() => void>();
  let token = options.token;
  /** There is a connection, and what else `onUp` wants. */
  let up = false;
  let refused = false;
  /** Why there was none when that was said last: it is said again only where it is another one. */
  let said = "";
  let socket: WebSocket | undefined;
  let failures = 0;
  let retry: NodeJS.Timeout | undefined;
  let closed = false;

  function open(): void {
    retry = undefined;
    const shown = token;
    const own = new WebSocket(url, {
      handshakeTimeout: CONNECT_MS,
      maxPayload: MAX_MESSAGE,
      perMessageDeflate: false,
      followRedirects: false,
    });
    socket = own;
    let since = Number.POSITIVE_INFINITY;
    let failure = "";
    let stopPinging = (): void => {};
    let answer: NodeJS.Timeout | undefined;
    const standing = (): void => {
      if (up || socket !== own) return;
      clearTimeout(answer);
      up = true;
      refused = false;
      if (overlayId !== undefined) said = "";
      for (const resolve of [...waiting]) resolve();
      onUp();
    };
    own.on("open", () => {
      since = performance.now();
      stopPinging = keepAlive(own);
      own.send(writeHello(peerId, token, overlayId));
      if (overlayId === undefined) return standing();
      answer = setTimeout(() => {
        failure = "it does not answer the hello: no relay of an OMS";
        own.terminate();
      }, ANSWER_MS);
    });
    own.on("message", (octets, isBinary) => {
      const signal = isBinary ? "binary" : readSignal(octets.toString());
      if (typeof signal === "object" && signal.kind === "registered") standing();
      else if (typeof signal !== "string") onSignal(signal);
      else logger.info({ relay: url, reason: signal }, "a message from the signalling relay is passed over");
    });
    own.on("error", (error) => {
      failure = error.message;
    });
    own.on("close", (code, reason) => {
      stopPinging();
      clearTimeout(answer);
      if (socket === own) socket = undefined;
      if (closed) return;
      const wasUp = up;
      up = false;
      const lasted = performance.now() - since;
      failures = lasted > LASTED_MS ? 0 : failures + 1;
      const newProof = wantsProof(code) && token !== shown;
      const afterMs = newProof ? 0 : pauseMs(failures, defaultBackoff, random);
      const why = failure || `closed with ${code} ${printable(reason.toString())}`;
      const fields = { relay: url, reason: why, retryMs: Math.round(afterMs) };
      refused = isRefusal(code) && shown !== undefined && !newProof;
      if (wantsProof(code) && shown === undefined) {
        logger.debug(fields, "the signalling relay waits for this peer to join");
      } else {
        const again = why === said && lasted <= LASTED_MS;
        const what = refused ? "the signalling relay refuses this peer" : "no connection with the signalling relay";
        logger[again ? "debug" : "warn"](fields, what);
        said = why;
      }
      retry = setTimeout(open, afterMs);
      if (refused) for (const resolve of [...waiting]) resolve();
      if (wasUp) onDown?.();
    });
  }
  open();

  return {
    url,
    token(next) {
      if (closed || next === token) return;
      token = next;
      failures = 0;
      if (retry !== undefined) {
        clearTimeout(retry);
        open();
      } else if (socket?.readyState === WebSocket.OPEN) {
        socket.send(writeHello(peerId, token, overlayId));
      }
    },
    send(text) {
      if (socket?.readyState !== WebSocket.OPEN) return false;
      socket.send(text);
      return true;
    },
    ready(timeoutMs) {
      if (closed || up || refused) return Promise.resolve(up && !closed);
      return new Promise((resolve) => {
        const end = (there: boolean): void => {
          clearTimeout(timer);
          waiting.delete(wake);
          resolve(there);
        };
        const wake = (): void => end(up && !closed);
        const timer = setTimeout(() => end(false), timeoutMs);
        waiting.add(wake);
      });
    },
    async close() {
      if (closed) return;
      closed = true;
      clearTimeout(retry);
      for (const resolve of [...waiting]) resolve();
      const own = socket;
      if (own === undefined) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => own.terminate(), FAREWELL_MS);
        own.once("close", () => {
          clearTimeout(timer);
          resolve();
        });
        if (own.readyState === WebSocket.OPEN) own.send(writeBye(peerId));
        own.close();
      });
    },
  };
}

/** A relay that once answered pings and does so no more is gone. @returns what ends it */
function keepAlive(socket: WebSocket): () => void {
  let answered: boolean | undefined;
  socket.on("pong", () => {
    answered = true;
  });
  const timer = setInterval(() => {
    if (answered === false) {
      socket.terminate();
      return;
    }
    if (answered) answered = false;
    socket.ping();
  }, PING_MS);
  return () => clearInterval(timer);
}

/** The relay as it is written in full. @throws TransportError ERR_ADDRESS */
export function relayUrl(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if ((parsed?.protocol !== "ws:" && parsed?.protocol !== "wss:") || parsed.hostname === "" || parsed.hash !== "") {
    throw new TransportError("ERR_ADDRESS", `signalling relay ${JSON.stringify(url)}: not ws://host:port or wss://…`);
  }
  return parsed.href;
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?");
}
