import { type KeyObject, randomBytes } from "node:crypto";
import { isSignature, readPublicKey, type SigningKey } from "../../keys/ed25519.js";
import { type Clock, systemClock } from "../../net/clock.js";
import type { Proof } from "../core/message.js";
import { type AdmissionStatement, readCertificate } from "./certificate.js";

/** `peer.admission` of a join or refresh answer. */
export interface Admission {
  readonly certificate: string;
  readonly homsKey: string;
}

/** Whom a proof is to be of. */
export interface ProofClaim {
  readonly overlayId: string;
  readonly peerId: string;
  readonly ticketId: number;
  /** The nonce that this end gave. Without it the certificate alone is looked at: it shows that there is such a peer, not that it is here. */
  readonly nonce?: string;
}

/** Proofs of the right to be in a closed overlay, as path management uses them. */
export interface Proofs {
  /** 32 random hex digits for the other end to sign; to be used once. */
  nonce(): string;
  /**
   * What to show to the peer `to`, which gave the nonce; it could show a signature that is for nobody to a third one, so that is
   * taken nowhere. Without a nonce: the certificate only.
   */
  mine(nonce?: string, to?: string): Proof;
  /** Why it is not proved; undefined where it is. */
  verify(proof: Proof | undefined, claim: ProofClaim): string | undefined;
}

export interface ProofsOptions {
  /** The pair whose public half went with the join. */
  readonly key: SigningKey;
  readonly overlayId: string;
  readonly peerId: string;
  /** From the latest answer; undefined before there was one. */
  readonly admission: () => Admission | undefined;
  /** Must agree with the clock of the HOMS to `leewayMs`. */
  readonly clock?: Clock;
  /** How long a certificate is taken after its end: clocks differ, and a refreshed one has to get here. Default 30 s. */
  readonly leewayMs?: number;
}

const nonceForm = /^[0-9a-f]{32}$/;
/** Certificates whose HOMS signature was checked already are remembered: a neighbour shows the same one again and again. */
const remembered = 256;

/** The proofs of one peer in one overlay. */
export function createProofs(options: ProofsOptions): Proofs {
  const { key, overlayId, peerId, admission, clock = systemClock, leewayMs = 30_000 } = options;
  const known = new Map<string, AdmissionStatement>();
  let homsKeyText = "";
  let homsKey: KeyObject | undefined;

  const statementOf = (certificate: string, homs: string): AdmissionStatement | undefined => {
    if (homs !== homsKeyText) {
      known.clear();
      homsKeyText = homs;
      homsKey = readPublicKey(homs);
    }
    const before = known.get(certificate);
    if (before !== undefined || homsKey === undefined) return before;
    const statement = readCertificate(certificate, homsKey);
    if (statement === undefined) return undefined;
    if (known.size >= remembered) known.delete(known.keys().next().value as string);
    known.set(certificate, statement);
    return statement;
  };

  return {
    nonce: () => randomBytes(16).toString("hex"),
    mine(nonce, to = "") {
      const own = admission();
      if (own === undefined) return {};
      const { certificate } = own;
      if (nonce === undefined || !nonceForm.test(nonce)) return { certificate };
      return { certificate, signature: key.sign(presence({ nonce, overlayId, peerId, to, certificate })) };
    },
    verify(proof, claim) {
      const own = admission();
      if (own === undefined) return "this peer has no admission of its own to check others by";
      const { certificate, signature } = proof ?? {};
      if (certificate === undefined) return "proof.certificate is missing";
      const statement = statementOf(certificate, own.homsKey);
      if (statement === undefined) return "proof.certificate is not signed by the HOMS";
      if (statement.overlayId !== claim.overlayId) return "proof.certificate is for another overlay";
      if (statement.peerId !== claim.peerId) return "proof.certificate is for another peer";
      if (statement.ticketId !== claim.ticketId) return "proof.certificate is for another ticket";
      if (statement.notAfter + leewayMs < clock.now()) return "proof.certificate has expired";
      const { nonce } = claim;
      if (nonce === undefined) return undefined;
      if (signature === undefined) return "proof.signature is missing";
      const theirs = readPublicKey(statement.publicKey);
      const text = presence({ nonce, overlayId: claim.overlayId, peerId: claim.peerId, to: peerId, certificate });
      const signed = theirs !== undefined && isSignature(signature, text, theirs);
      return signed ? undefined : "proof.signature is not of this peer, or not for this nonce and peer";
    },
  };
}

interface Presence {
  nonce: string;
  overlayId: string;
  peerId: string;
  to: string;
  certificate: string;
}

/** What a peer signs to show that it is here, now, for this other end. */
function presence({ nonce, overlayId, peerId, to, certificate }: Presence): string {
  return `mp2p presence 1\n${JSON.stringify([nonce, overlayId, peerId, to, certificate])}`;
}
