import { describe, expect, it } from "vitest";
import { createSigningKey, readPublicKey } from "./ed25519.js";
import { issueSessionKey, readSessionKey } from "./session-key.js";

const provider = createSigningKey();
const peer = createSigningKey();
const statement = { overlayId: "o1", peerId: "p1", publicKey: peer.publicKey, notAfter: 1_700_000_000_000 };

function keyOf(publicKey: string) {
  const key = readPublicKey(publicKey);
  if (key === undefined) throw new Error("no key");
  return key;
}

describe("session key [X.609.1 8.2.6]", () => {
  const issued = issueSessionKey(statement, provider);

  it("says what the provider stated", () => {
    expect(readSessionKey(issued, keyOf(provider.publicKey))).toEqual(statement);
  });

  it.each([
    ["another provider's", issueSessionKey(statement, peer)],
    ["another peer's name in it", issued.replace(/^[^.]+/, Buffer.from('["o1","p2","x",1]').toString("base64url"))],
    ["without signature", issued.split(".")[0] ?? ""],
    ["too long", `${issued}${"A".repeat(5000)}`],
    ["empty", ""],
  ])("is worth nothing: %s", (_, forged) => {
    expect(readSessionKey(forged, keyOf(provider.publicKey))).toBeUndefined();
  });
});
