import { isSignatureOf, readPublicKey } from "../../keys/ed25519.js";
import { readSessionKey } from "../../keys/session-key.js";
import type { ByeReason, Hello, Message } from "../core/message.js";
import { helloText } from "../wire/signed-texts.js";
import type { LinkOverlay } from "./overlay.js";

/** What one end of a new link does next. Messages to be sent stand in order. */
export type HandshakeStep =
  | { readonly kind: "wait"; readonly send: readonly Message[] }
  | { readonly kind: "open"; readonly send: readonly Message[]; readonly overlay: LinkOverlay; readonly remote: Hello }
  /** This end does not want the link: `reason` is for the other end, `why` for people. */
  | { readonly kind: "refuse"; readonly reason: ByeReason; readonly why: string }
  /** The other end does not want it. */
  | { readonly kind: "refused"; readonly reason: ByeReason };

export interface HandshakeSurroundings {
  /** 32 random octets, other ones at each call. */
  nonce(): Uint8Array;
  /** Milliseconds since the epoch. */
  now(): number;
}

/**
 * Two ends show each other who they are [X.609.1 8.2.6 step 4]: the opener says hello; the other end answers with its own and a proof over
 * both; the opener's proof completes it. Without I/O and time of its own.
 */
export interface Handshake {
  begin(): readonly Message[];
  receive(message: Message): HandshakeStep;
}

/** Of the end that opens the link, to a peer with this identifier. */
export function openerHandshake(overlay: LinkOverlay, wanted: string, surroundings: HandshakeSurroundings): Handshake {
  const own = helloOf(overlay, surroundings);
  let remote: Hello | undefined;
  return {
    begin: () => [own],
    receive: (message) =>
      unlessBye(message, () => {
        if (remote === undefined) {
          if (message.type !== "hello") return outOfTurn(message, "hello");
          if (message.overlayId !== overlay.overlayId) {
            return { kind: "refuse", reason: "protocol-error", why: "its hello is for another overlay network" };
          }
          if (message.peerId !== wanted) {
            return { kind: "refuse", reason: "not-admitted", why: `it is not ${wanted} but ${message.peerId}` };
          }
          const refusal = refusalOf(message, overlay, surroundings.now());
          if (refusal !== undefined) return refusal;
          remote = message;
          return { kind: "wait", send: [] };
        }
        const wrong = wrongProof(message, own, remote);
        return wrong ?? { kind: "open", send: [proofOf(overlay, remote, own)], overlay, remote };
      }),
  };
}

/** Of the end that another peer has connected to; the hello says which overlay network it is for. */
export function acceptorHandshake(
  lookup: (overlayId: string) => LinkOverlay | undefined,
  surroundings: HandshakeSurroundings,
): Handshake {
  let known: { readonly overlay: LinkOverlay; readonly own: Hello; readonly remote: Hello } | undefined;
  return {
    begin: () => [],
    receive: (message) =>
      unlessBye(message, () => {
        if (known !== undefined) {
          const { overlay, own, remote } = known;
          return wrongProof(message, own, remote) ?? { kind: "open", send: [], overlay, remote };
        }
        if (message.type !== "hello") return outOfTurn(message, "hello");
        const overlay = lookup(message.overlayId);
        if (overlay === undefined) {
          return { kind: "refuse", reason: "overlay-unknown", why: "its hello is for an overlay network unknown here" };
        }
        const refusal = refusalOf(message, overlay, surroundings.now());
        if (refusal !== undefined) return refusal;
        const own = helloOf(overlay, surroundings);
        known = { overlay, own, remote: message };
        return { kind: "wait", send: [own, proofOf(overlay, message, own)] };
      }),
  };
}

function unlessBye(message: Message, next: () => HandshakeStep): HandshakeStep {
  return message.type === "bye" ? { kind: "refused", reason: message.reason } : next();
}

function helloOf(overlay: LinkOverlay, { nonce }: HandshakeSurroundings): Hello {
  const { overlayId, peerId, role, key, sessionKey } = overlay;
  const publicKey = Buffer.from(key.publicKey, "base64url");
  return { type: "hello", overlayId, peerId, role, publicKey, nonce: nonce(), sessionKey };
}

function proofOf(overlay: LinkOverlay, received: Hello, own: Hello): Message {
  return { type: "proof", signature: overlay.key.signOctets(helloText(received, own)) };
}

function refusalOf(
  remote: Hello,
  { overlayId, peerId, provider }: LinkOverlay,
  now: number,
): HandshakeStep | undefined {
  if (remote.peerId === peerId) return { kind: "refuse", reason: "same-peer", why: "it is this peer itself" };
  if (provider === undefined) return undefined;
  const why = wrongSessionKey(remote, overlayId, readSessionKey(remote.sessionKey, provider), now);
  return why === undefined ? undefined : { kind: "refuse", reason: "not-admitted", why };
}

function wrongSessionKey(
  remote: Hello,
  overlayId: string,
  statement: ReturnType<typeof readSessionKey>,
  now: number,
): string | undefined {
  if (statement === undefined) return "its session key is not of this service provider";
  if (statement.overlayId !== overlayId) return "its session key is for another overlay network";
  if (statement.peerId !== remote.peerId) return "its session key is for another peer";
  if (statement.publicKey !== textOf(remote.publicKey)) return "its session key is for another public key";
  return now >= statement.notAfter ? "its session key has expired" : undefined;
}

function wrongProof(message: Message, own: Hello, remote: Hello): HandshakeStep | undefined {
  if (message.type !== "proof") return outOfTurn(message, "proof");
  const key = readPublicKey(textOf(remote.publicKey));
  // The other end signs what it received first: this end's hello.
  if (key !== undefined && isSignatureOf(message.signature, helloText(own, remote), key)) return undefined;
  return { kind: "refuse", reason: "not-admitted", why: "its proof is not by the key of its hello" };
}

function outOfTurn(message: Message, expected: string): HandshakeStep {
  return { kind: "refuse", reason: "protocol-error", why: `${message.type} where ${expected} was expected` };
}

function textOf(publicKey: Uint8Array): string {
  return Buffer.from(publicKey).toString("base64url");
}
