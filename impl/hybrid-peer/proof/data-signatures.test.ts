import { describe, expect, it } from "vitest";
import { createSigningKey } from "../../keys/ed25519.js";
import type { Data } from "../core/message.js";
import { issueCertificate } from "./certificate.js";
import { createDataSignatures } from "./data-signatures.js";

const homs = createSigningKey();

function peer(peerId: string, { issuer = homs, overlayId = "o" } = {}) {
  const key = createSigningKey();
  const statement = { overlayId, peerId, ticketId: 1, publicKey: key.publicKey, notAfter: 0 };
  const admission = { certificate: issueCertificate(statement, issuer), homsKey: homs.publicKey };
  return createDataSignatures({ key, overlayId: "o", admission: () => admission });
}

const [a, b] = [peer("a"), peer("b")];
const data: Data = { source: "a", sequence: 7, payloadType: "t", appId: "x", payload: new Uint8Array([1, 2, 3]) };
const good: Data = { ...data, signature: a.sign(data) };
const [mark = "", ...certificate] = a.sign(data).split(".");

const check = (batch: readonly Data[]) => new Promise<readonly boolean[]>((resolve) => b.verify(batch, resolve));

describe("signatures of data", () => {
  it.each<[string, Data]>([
    ["none", data],
    ["other octets", { ...good, payload: new Uint8Array([1, 2, 4]) }],
    ["another sequence", { ...good, sequence: 8 }],
    ["another application", { ...good, appId: "y" }],
    ["another place in a message", { ...good, part: { index: 0, count: 2 } }],
    ["another source's", { ...data, signature: b.sign(data) }],
    ["another source", { ...good, source: "b" }],
    ["no certificate", { ...data, signature: mark }],
    [
      "a certificate that the HOMS did not sign",
      { ...data, signature: peer("a", { issuer: createSigningKey() }).sign(data) },
    ],
    ["a certificate of another overlay", { ...data, signature: peer("a", { overlayId: "p" }).sign(data) }],
    ["a signature that is none", { ...data, signature: `%%%.${certificate.join(".")}` }],
    ["a long one", { ...data, signature: `${good.signature}${"x".repeat(9000)}` }],
  ])("%s: not taken, among others that are", async (_, bad) => {
    expect(await check([good, bad, good])).toEqual([true, false, true]);
  });
});
