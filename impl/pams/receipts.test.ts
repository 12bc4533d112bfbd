import { beforeEach, describe, expect, test } from "vitest";
import { createSigningKey, readPublicKey, type SigningKey } from "../keys/ed25519.js";
import { issueSessionKey } from "../keys/session-key.js";
import type { ReceiptBody } from "../peer/core/message.js";
import { encodeReceiptBody } from "../peer/wire/receipt-body.js";
import { confirmedReceiptText, receiptText } from "../peer/wire/signed-texts.js";
import { operatorView } from "./operator.js";
import type { PamsPolicy } from "./policy.js";
import { Receipts } from "./receipts.js";
import { Laboratory } from "./test/laboratory.js";
import type { ConfirmedReceipt } from "./types.js";

const keys = new Map<string, SigningKey>();
const keyOf = (peer: string): SigningKey => {
  const key = keys.get(peer) ?? createSigningKey();
  keys.set(peer, key);
  return key;
};
const base64url = (octets: Uint8Array): string => Buffer.from(octets).toString("base64url");

let serial = 0;
/** A receipt of b for a, and who signs it. */
function receipt(changes: Partial<ReceiptBody> = {}, receiver = keyOf("b"), sender = keyOf("a")): ConfirmedReceipt {
  const whole = {
    overlayId: "o",
    receiver: "b",
    sender: "a",
    serial: ++serial,
    time: 1_000_000_000_000,
    octets: 3_000,
  };
  const body = encodeReceiptBody({ ...whole, runs: [{ first: serial * 10, count: 3 }], ...changes });
  const signature = receiver.signOctets(receiptText(body));
  return {
    body: base64url(body),
    receiver_signature: base64url(signature),
    sender_signature: base64url(sender.signOctets(confirmedReceiptText(body, signature))),
  };
}

describe("confirmed receipts [X.609.1 8.2.6, REQ-RPT-04]", () => {
  let lab: Laboratory;
  let receipts: Receipts;
  const start = (policy: Partial<PamsPolicy> = {}): void => {
    lab = new Laboratory({ policy: { receipts: "check", ...policy } });
    open();
    lab.core.registerOverlay("o", "FILE", { fragment_size: 1 });
    for (const id of ["a", "b", "c"]) join(id);
  };
  const open = (): void => {
    receipts = new Receipts({ core: lab.core, clock: { now: () => lab.now } });
  };
  const join = (id: string): void => {
    const kept = receipts.register("o", { peer_id: id, public_key: keyOf(id).publicKey });
    if (kept === "forbidden" || "member" in kept) throw new Error("refused");
    lab.core.registerPeer("o", id, kept);
  };
  const show = async (shown: readonly ConfirmedReceipt[], uploaded = "0", reporter = "a"): Promise<void> => {
    lab.core.report("o", reporter, { dynamic_status: { uploaded } });
    receipts.notary.submit("o", reporter, shown);
    await receipts.notary.idle();
  };
  const uploaded = (id = "a"): number | undefined => lab.core.find("o", id)?.uploaded;
  const faults = (): string[] => receipts.incidents.map(({ reporter, fault }) => `${reporter} ${fault}`);
  beforeEach(() => start());

  test("what both signed counts, for both; what is reported alone does not", async () => {
    await show([receipt(), receipt()], "999999");
    expect(uploaded()).toBe(6);
    expect(lab.core.find("o", "b")?.downloaded).toBe(6);
    lab.core.report("o", "c", { dynamic_status: { uploaded: "5000000" } });
    expect(lab.core.listPeers("o", { ordering: "UPLOADED" })).toEqual(["a", "b", "c"]);
    expect(faults()).toEqual([]);
    // The receiver holds what it confirmed, without having said so.
    const [first = 0] = lab.core.find("o", "b")?.counted?.runs ?? [];
    expect(lab.core.listPeers("o", { fragment_list: { fragment: [first] } })).toEqual(["a", "b"]);
  });

  const stranger = createSigningKey();
  const wrong: [what: string, ConfirmedReceipt, string][] = [
    ["signed for the receiver by somebody else", receipt({}, stranger), "forged"],
    ["countersigned by somebody else", receipt({}, keyOf("b"), stranger), "forged"],
    ["with another body than was signed", { ...receipt(), body: receipt().body }, "forged"],
    ["of another overlay network", receipt({ overlayId: "p" }), "foreign"],
    ["shown by somebody else", receipt({ sender: "c" }, keyOf("b"), keyOf("c")), "foreign"],
    ["of a peer for itself", receipt({ receiver: "a" }, keyOf("a")), "foreign"],
    ["with more octets than three fragments of 1 kB have", receipt({ octets: 3_001 }), "implausible"],
    ["without octets", receipt({ octets: 0 }), "implausible"],
    ["without fragments", receipt({ runs: [] }), "implausible"],
    ["whose fragments lie over each other", receipt({ runs: [run(1, 2), run(2, 2)] }), "implausible"],
    ["of tomorrow", receipt({ time: 1_000_000_000_000 + 86_400_000 }), "implausible"],
    ["of a receiver nobody knows", receipt({ receiver: "x" }, stranger), "unknown-key"],
    ["that is no receipt", { ...receipt(), body: "AAAA" }, "malformed"],
  ];

  test.each(wrong)("a receipt %s does not count and is found", async (_, bad, fault) => {
    await show([bad, receipt()], "100");
    expect(uploaded()).toBe(3);
    expect(faults()).toEqual([`a ${fault}`]);
    const pams = { core: lab.core, receipts } as never;
    expect(operatorView(pams)).toMatchObject({ peers: [{ peer_id: "a", faults: { [fault]: 1 } }] });
  });

  test("a receipt shown again counts once: with the next report it is forgiven, then it is found, also after a restart", async () => {
    const good = receipt();
    await show([good]);
    await show([good]);
    expect(faults()).toEqual([]);
    expect(receipts.notary.figures.resent).toBe(1);
    await show([good]);
    expect(faults()).toEqual(["a replayed"]);
    await lab.restart();
    open();
    await show([good]);
    expect(faults()).toEqual(["a replayed"]);
    expect(uploaded()).toBe(3);
  });

  test("a receipt that was tampered with does not stand in the way of the good one", async () => {
    const good = receipt();
    await show([{ ...good, body: receipt().body }]);
    await show([good]);
    expect(uploaded()).toBe(3);
  });

  test("a peer that comes again with its key does not let old receipts count again", async () => {
    const good = receipt();
    await show([good]);
    for (const id of ["a", "b"]) {
      lab.core.deregisterPeer("o", id);
      join(id);
    }
    await show([receipt()]);
    await show([good]);
    expect(faults()).toEqual(["a replayed"]);
    expect(uploaded()).toBe(6);
  });

  test("fragments confirmed before do not count again, whoever is said to have sent them", async () => {
    await show([receipt({ runs: [run(500, 3)] })]);
    await show([receipt({ runs: [run(502, 1)], octets: 900, sender: "c" }, keyOf("b"), keyOf("c"))], "0", "c");
    expect(faults()).toEqual(["c repeated"]);
    expect(uploaded("c")).toBe(0);
    // What is new in a receipt counts, in proportion; and c, who may have sent the rest in good faith, is under no suspicion.
    await show([receipt({ runs: [run(502, 2)], octets: 2_000, sender: "c" }, keyOf("b"), keyOf("c"))], "0", "c");
    expect(uploaded("c")).toBe(1);
    expect(lab.core.overlays.get("o")?.ledger.accounts.get("c")?.faults.size).toBe(0);
  });

  test("what is held counts for others once somebody was served, and no more when a fault was found", async () => {
    const all = { start_fragment_id: 0, end_fragment_id: 99_999 };
    lab.core.report("o", "a", { dynamic_status: { fragment_range: all } });
    const holders = () => lab.core.find("o", "a")?.counted?.count;
    expect(holders()).toBe(0);
    // Its word is all there is: it is listed for want of somebody proven.
    expect(lab.core.listPeers("o", { fragment_list: { fragment: [7] } })).toEqual(["a"]);
    await show([receipt()]);
    expect(holders()).toBe(100_000);
    await show([receipt({}, stranger)]);
    expect(holders()).toBe(3);
  });

  test("uploads that no receipt confirms are seen to be one-sided, after a report's time for the receipts [REQ-RPT-04]", async () => {
    const pams = { core: lab.core, receipts } as never;
    await show([receipt()], "9000000", "a");
    expect(operatorView(pams).peers).toEqual([]);
    await show([receipt()], "0", "a");
    expect(operatorView(pams).peers).toMatchObject([
      { overlay_network_id: "o", peer_id: "a", reported: 9_000_000, confirmed: 6, one_sided: true, faults: {} },
    ]);
  });

  test("where keys are required nobody registers without; session keys are wanted where the provider is known", () => {
    start({ receipts: "require" });
    const provider = createSigningKey();
    lab.core.registerOverlay("closed", "FILE", { provider_public_key: provider.publicKey });
    const { publicKey } = keyOf("a");
    const statement = { overlayId: "closed", peerId: "a", publicKey, notAfter: lab.now + 1 };
    const attempt = (more: object) => receipts.register("closed", { peer_id: "a", ...more });
    expect(attempt({})).toMatchObject({ member: "/peer_information/public_key" });
    expect(attempt({ public_key: publicKey })).toMatchObject({ member: "/peer_information/session_key" });
    const issue = (changes: object, key = provider) => issueSessionKey({ ...statement, ...changes }, key);
    const good = { public_key: publicKey, session_key: issue({}) };
    expect(attempt(good)).toEqual({ public_key: publicKey, proven: true });
    for (const session_key of [
      issue({}, createSigningKey()),
      issue({ overlayId: "o" }),
      issue({ peerId: "b" }),
      issue({ publicKey: keyOf("b").publicKey }),
      issue({ notAfter: lab.now }),
      "none",
    ]) {
      expect(attempt({ ...good, session_key })).toBe("forbidden");
    }
    // The key that the PAMS was configured with serves overlay networks that name none.
    const configured = new Receipts({
      core: lab.core,
      clock: { now: () => lab.now },
      provider: readPublicKey(provider.publicKey),
    });
    expect(configured.register("o", { peer_id: "a", public_key: publicKey })).toHaveProperty("member");
  });

  test("in a closed overlay a key without the provider's word proves nothing, and is nobody's fault", async () => {
    start();
    lab.core.registerOverlay("closed", "FILE", { provider_public_key: createSigningKey().publicKey });
    for (const id of ["a", "b"]) {
      const kept = receipts.register("closed", { peer_id: id, public_key: keyOf(id).publicKey });
      lab.core.registerPeer("closed", id, kept as object);
    }
    receipts.notary.submit("closed", "a", [receipt({ overlayId: "closed" })]);
    await receipts.notary.idle();
    expect(faults()).toEqual(["a unknown-key"]);
    expect(lab.core.find("closed", "a")?.uploaded).toBe(0);
  });
});

function run(first: number, count: number) {
  return { first, count };
}
