import type { RejoinProof } from "../../generated/oms/types.js";
import { isSignature, readPublicKey } from "../keys/ed25519.js";
import type { Member } from "./overlay.js";

/** How far the clock of a peer may be off, in ms. */
const skewMs = 300_000;

/** What a member signs that joins again because it lost its token. */
export function rejoinText(overlayId: string, peerId: string, time: number): string {
  return `mp2p rejoin 1\n${JSON.stringify([overlayId, peerId, time])}`;
}

/** Whether the member itself says so, lately. Its last words count again: the answer to them may have been lost. */
export function isRejoinProof(member: Member, proof: RejoinProof | undefined, now: number): boolean {
  const { publicKey = "", provedAt = 0 } = member.record;
  const key = readPublicKey(publicKey);
  if (proof === undefined || key === undefined) return false;
  if (proof.time < provedAt || Math.abs(proof.time - now) > skewMs) return false;
  return isSignature(proof.signature, rejoinText(member.overlay.id, member.peerId, proof.time), key);
}
