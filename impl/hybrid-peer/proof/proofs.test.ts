import { describe, expect, it } from "vitest";
import { createSigningKey, readPublicKey } from "../../keys/ed25519.js";
import { issueCertificate, readCertificate } from "./certificate.js";
import { createProofs, type ProofClaim } from "./proofs.js";

const homs = createSigningKey();
const start = 1_700_000_000_000;
let now = start;
const clock = { now: () => now };

interface Who {
  peerId: string;
  ticketId: number;
  overlayId?: string;
  notAfter?: number;
  issuer?: typeof homs;
}

function peer({ peerId, ticketId, overlayId = "o", notAfter = start + 60_000, issuer = homs }: Who) {
  const key = createSigningKey();
  const certificate = issueCertificate({ overlayId, peerId, ticketId, publicKey: key.publicKey, notAfter }, issuer);
  const admission = { certificate, homsKey: homs.publicKey };
  return { key, admission, proofs: createProofs({ key, overlayId, peerId, admission: () => admission, clock }) };
}

const a = peer({ peerId: "a", ticketId: 1 });
const b = peer({ peerId: "b", ticketId: 2 });
const claimA: ProofClaim = { overlayId: "o", peerId: "a", ticketId: 1 };

describe("proofs of admission", () => {
  it("are taken from the peer itself, with or without a nonce", () => {
    now = start;
    const nonce = b.proofs.nonce();
    expect(nonce).toMatch(/^[0-9a-f]{32}$/);
    expect(b.proofs.verify(a.proofs.mine(nonce, "b"), { ...claimA, nonce })).toBeUndefined();
    expect(b.proofs.verify(a.proofs.mine(), claimA)).toBeUndefined();
  });

  const nonce = "0123456789abcdef0123456789abcdef";
  const right = a.proofs.mine(nonce, "b");
  const late = peer({ peerId: "a", ticketId: 1, notAfter: start - 30_001 });
  const other = peer({ peerId: "a", ticketId: 1, overlayId: "elsewhere" });
  const forged = peer({ peerId: "a", ticketId: 1, issuer: createSigningKey() });
  const [statement, mark] = a.admission.certificate.split(".") as [string, string];
  const edited = Buffer.from(statement, "base64url").toString().replace('"a",1', '"a",9');

  it.each([
    ["no proof", undefined, {}, "proof.certificate is missing"],
    ["no signature", { certificate: a.admission.certificate }, {}, "proof.signature is missing"],
    ["a replay: a signature for an earlier nonce", right, { nonce: "f".repeat(32) }, "not for this nonce"],
    ["a signature made for nobody", a.proofs.mine(nonce), {}, "not for this nonce"],
    ["a signature made for a third peer", a.proofs.mine(nonce, "c"), {}, "not for this nonce"],
    [
      "another member's signature",
      { ...right, signature: b.proofs.mine(nonce, "b").signature ?? "" },
      {},
      "not of this peer",
    ],
    ["a signature that is none", { ...right, signature: "%%%" }, {}, "not of this peer"],
    ["another member's certificate", b.proofs.mine(nonce, "b"), {}, "for another peer"],
    ["a ticket that is not the certified one", right, { ticketId: 2 }, "for another ticket"],
    ["another overlay", other.proofs.mine(nonce, "b"), {}, "for another overlay"],
    ["a lifetime that is over", late.proofs.mine(nonce, "b"), {}, "has expired"],
    ["a certificate of another HOMS", forged.proofs.mine(nonce, "b"), {}, "not signed by the HOMS"],
    [
      "an edited statement",
      { ...right, certificate: `${Buffer.from(edited).toString("base64url")}.${mark}` },
      { ticketId: 9 },
      "not signed",
    ],
    ["a certificate that is none", { ...right, certificate: "x" }, {}, "not signed"],
    ["a certificate of absurd length", { ...right, certificate: `${"x".repeat(5000)}.y` }, {}, "not signed"],
  ])("are refused: %s", (_what, proof, claim, reason) => {
    now = start;
    const about = { ...claimA, nonce, ...claim };
    expect(b.proofs.verify(right, { ...claimA, nonce })).toBeUndefined();
    expect(b.proofs.verify(proof, about)).toContain(reason);
    expect(b.proofs.verify(right, { ...claimA, nonce })).toBeUndefined();
  });

  it("end with the lifetime, and go on with the renewed certificate", () => {
    now = start + 60_000 + 30_001;
    expect(b.proofs.verify(a.proofs.mine(nonce, "b"), { ...claimA, nonce })).toContain("expired");
    const { key, admission } = a;
    const before = admission.certificate;
    admission.certificate = issueCertificate({ ...claimA, publicKey: key.publicKey, notAfter: now + 1000 }, homs);
    expect(b.proofs.verify(a.proofs.mine(nonce, "b"), { ...claimA, nonce })).toBeUndefined();
    admission.certificate = before;
  });

  it("a peer without admission proves nothing, and takes nobody's word", () => {
    const key = createSigningKey();
    const stranger = createProofs({ key, overlayId: "o", peerId: "x", admission: () => undefined, clock });
    expect(stranger.mine(nonce, "b")).toEqual({});
    expect(stranger.verify(right, { ...claimA, nonce })).toContain("no admission of its own");
  });

  it("a HOMS that signs something else is no reason to fall over", () => {
    const text = Buffer.from("not a statement").toString("base64url");
    const certificate = `${text}.${homs.sign(`mp2p admission 1\n${text}`)}`;
    const key = readPublicKey(homs.publicKey);
    expect(key && readCertificate(certificate, key)).toBeUndefined();
  });
});

describe("signing keys", () => {
  it("come back from their secret", () => {
    // RFC 8032 7.1, test 1.
    const seed = Buffer.from("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "hex");
    const key = createSigningKey(seed);
    expect(Buffer.from(key.publicKey, "base64url").toString("hex")).toBe(
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    );
    expect(() => createSigningKey(seed.subarray(1))).toThrow(RangeError);
  });

  it("are 32 octets", () => {
    expect(readPublicKey("A".repeat(42))).toBeUndefined();
    expect(readPublicKey("%".repeat(43))).toBeUndefined();
  });
});
