import { describe, expect, it } from "vitest";
import { type Admission, createProofs } from "../hybrid-peer/proof/proofs.js";
import { createSigningKey } from "../keys/ed25519.js";
import { createMemoryStore } from "../store/memory-store.js";
import { Harness } from "./test/harness.js";

type Json = ReturnType<JSON["parse"]>;

const admissionOf = ({ admission }: Json): Admission => ({
  certificate: admission.certificate,
  homsKey: admission["homs-key"],
});

/** A member that can prove it. */
async function member(homs: Harness, overlayId: string, peerId: string) {
  const key = createSigningKey();
  const auth = { password: `pw${peerId}`, "public-key": key.publicKey };
  const { body } = await homs.join(overlayId, peerId, { expires: 100 }, { auth });
  let admission = admissionOf(body.peer);
  const proofs = createProofs({ key, overlayId, peerId, admission: () => admission, clock: homs.clock });
  const refresh = async (): Promise<void> => {
    admission = admissionOf((await homs.refresh(overlayId, peerId)).body.peer);
  };
  return { proofs, refresh, ticketId: Number(body.overlay["ticket-id"]), homsKey: admission.homsKey };
}

describe("admission (E-HOMP-68)", () => {
  it("is proved to other members, to the end of the lifetime, and on after a refresh", async () => {
    const homs = new Harness();
    const overlayId = await homs.overlay();
    const a = await member(homs, overlayId, "a");
    const b = await member(homs, overlayId, "b");
    const about = () => ({ overlayId, peerId: "a", ticketId: a.ticketId, nonce: b.proofs.nonce() });
    const first = about();
    expect(b.proofs.verify(a.proofs.mine(first.nonce, "b"), first)).toBeUndefined();
    expect(b.proofs.verify(a.proofs.mine(first.nonce, "b"), { ...first, ticketId: 9 })).toContain("another ticket");

    homs.clock.advance(90_000);
    await a.refresh();
    homs.clock.advance(90_000);
    const later = about();
    expect(b.proofs.verify(a.proofs.mine(later.nonce, "b"), later)).toBeUndefined();
    homs.clock.advance(41_000);
    expect(b.proofs.verify(a.proofs.mine(later.nonce, "b"), later)).toContain("expired");
  });

  it("has one key, over restarts too", async () => {
    const store = createMemoryStore();
    const homs = new Harness({ store });
    const overlayId = await homs.overlay();
    const { homsKey } = await member(homs, overlayId, "a");
    const again = new Harness({ store });
    expect((await member(again, overlayId, "b")).homsKey).toBe(homsKey);
    expect((await again.refresh(overlayId, "a")).body.peer.admission["homs-key"]).toBe(homsKey);
  });

  it("is given to who brings a key, and to nobody else", async () => {
    const homs = new Harness();
    const overlayId = await homs.overlay();
    expect((await homs.join(overlayId, "plain")).body.peer.admission).toBeUndefined();
    expect((await homs.refresh(overlayId, "plain")).body.peer.admission).toBeUndefined();
    const auth = { password: "pw", "public-key": "x".repeat(42) };
    const { status, body } = await homs.join(overlayId, "b", {}, { auth });
    expect([status, body.errors[0].member]).toEqual([400, "/peer/auth/public-key"]);
  });
});

describe("signalling tokens (E-HOMP-69)", () => {
  const token = async (homs: Harness, overlayId: string, peerId: string, password?: string) =>
    (await homs.join(overlayId, peerId, {}, password === undefined ? {} : { auth: { password } })).body.peer[
      "signalling-token"
    ];

  it("are given where there is a relay", async () => {
    const homs = new Harness();
    expect(await token(homs, await homs.overlay(), "a")).toBeUndefined();
    const relayed = new Harness({ signallingTokens: true });
    const overlayId = await relayed.overlay();
    const [a, b] = [await token(relayed, overlayId, "a"), await token(relayed, overlayId, "b")];
    expect(a).toMatch(/^[\w-]{43}$/);
    expect(b).not.toBe(a);
    expect(relayed.logger.lines.join()).not.toContain(a);
  });

  it("are for the first of a name: another overlay's member needs its password", async () => {
    const homs = new Harness({ signallingTokens: true });
    const [one, two, three] = [await homs.overlay(), await homs.overlay(), await homs.overlay()];
    expect(await token(homs, one, "a")).toBeDefined();
    expect(await token(homs, two, "a", "other")).toBeUndefined();
    expect(await token(homs, three, "a")).toBeDefined();
  });
});
