import { createHash, type KeyObject, verify } from "node:crypto";
import { readPublicKey, type SigningKey } from "../../keys/ed25519.js";
import type { Data } from "../core/message.js";
import type { DataSignatures } from "../core/ports.js";
import { readCertificate } from "./certificate.js";
import type { Admission } from "./proofs.js";

export interface DataSignaturesOptions {
  /** The pair whose public half went with the join. */
  readonly key: SigningKey;
  readonly overlayId: string;
  /** From the latest answer of the HOMS. */
  readonly admission: () => Admission;
}

/** Sources whose key is remembered. */
const remembered = 1000;
/** Longer ones are not looked at, in characters. */
const longest = 8192;
const signatureOctets = 64;

/**
 * Signs data as its source, once, and checks that of others in the thread pool. The signature is followed by the source's certificate of
 * admission, so that who never met the source can check it. The certificate binds the key to the peer-id; its end is not looked at,
 * because caches keep data for longer.
 */
export function createDataSignatures({ key, overlayId, admission }: DataSignaturesOptions): DataSignatures {
  /** By certificate: whose key it is; undefined where it is not one of the HOMS for this overlay. */
  const known = new Map<string, { readonly peerId: string; readonly publicKey: KeyObject } | undefined>();
  let homsKeyText = "";
  let homsKey: KeyObject | undefined;

  function holderOf(certificate: string): { readonly peerId: string; readonly publicKey: KeyObject } | undefined {
    const homs = admission().homsKey;
    if (homs !== homsKeyText) {
      known.clear();
      homsKeyText = homs;
      homsKey = readPublicKey(homs);
    }
    if (known.has(certificate) || homsKey === undefined) return known.get(certificate);
    const statement = readCertificate(certificate, homsKey);
    const publicKey = statement?.overlayId === overlayId ? readPublicKey(statement.publicKey) : undefined;
    const holder = statement && publicKey && { peerId: statement.peerId, publicKey };
    if (known.size >= remembered) known.delete(known.keys().next().value as string);
    known.set(certificate, holder);
    return holder;
  }

  function check(data: Data, then: (valid: boolean) => void): void {
    const { signature = "" } = data;
    const dot = signature.indexOf(".");
    const octets = Buffer.from(signature.slice(0, Math.max(0, dot)), "base64url");
    const plausible = dot > 0 && signature.length <= longest && octets.length === signatureOctets;
    const holder = plausible ? holderOf(signature.slice(dot + 1)) : undefined;
    if (holder?.peerId !== data.source) {
      then(false);
      return;
    }
    const text = Buffer.from(signed(overlayId, data), "utf8");
    verify(null, text, holder.publicKey, octets, (error, valid) => then(error === null && valid));
  }

  return {
    sign: (data) => `${key.sign(signed(overlayId, data))}.${admission().certificate}`,
    verify(batch, done) {
      const results = batch.map(() => false);
      let open = batch.length;
      const one = (index: number, valid: boolean): void => {
        results[index] = valid;
        open -= 1;
        if (open === 0) setImmediate(done, results);
      };
      for (const [index, data] of batch.entries()) check(data, (valid) => one(index, valid));
    },
  };
}

function signed(overlayId: string, { source, sequence, payloadType, appId, part, payload }: Data): string {
  const digest = createHash("sha256").update(payload).digest("base64url");
  const { index, count } = part ?? { index: 0, count: 1 };
  return `mp2p data 1\n${JSON.stringify([overlayId, source, sequence, payloadType, appId, index, count, digest])}`;
}
