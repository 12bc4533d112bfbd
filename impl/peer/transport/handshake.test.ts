import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Message } from "../core/message.js";
import { acceptorHandshake, type Handshake, type HandshakeStep, openerHandshake } from "./handshake.js";
import { member } from "./test/peers.js";

const surroundings = { nonce: () => randomBytes(32), now: () => Date.now() };
const [a, b] = [member("a"), member("b")];
const opener = (): Handshake => openerHandshake(a, "b", surroundings);
const acceptor = (): Handshake => acceptorHandshake((overlayId) => (overlayId === "o1" ? b : undefined), surroundings);
const last = (handshake: Handshake, messages: readonly Message[]): HandshakeStep => {
  let step: HandshakeStep = { kind: "wait", send: [] };
  for (const message of messages) step = handshake.receive(message);
  return step;
};
const sent = (step: HandshakeStep): readonly Message[] =>
  step.kind === "wait" || step.kind === "open" ? step.send : [];

describe("hello and proof [X.609.1 8.2.6 step 4]", () => {
  test("three turns, and both know each other", () => {
    const [one, other] = [opener(), acceptor()];
    const answer = sent(last(other, one.begin()));
    expect(answer.map(({ type }) => type)).toEqual(["hello", "proof"]);
    const opened = last(one, answer);
    expect(opened).toMatchObject({ kind: "open", remote: { peerId: "b" }, send: [{ type: "proof" }] });
    expect(last(other, sent(opened))).toMatchObject({ kind: "open", remote: { peerId: "a" }, send: [] });
  });

  test("a proof of another link proves nothing: each has its own nonces", () => {
    const [earlier, other] = [opener(), acceptor()];
    const proof = sent(last(earlier, sent(last(other, earlier.begin()))));
    expect(proof.map(({ type }) => type)).toEqual(["proof"]);
    const replayed = acceptor();
    expect(last(replayed, [...earlier.begin(), ...proof])).toMatchObject({ kind: "refuse", reason: "not-admitted" });
  });

  test("nor does the acceptor's, sent back to it", () => {
    const other = acceptor();
    const answer = sent(last(other, opener().begin()));
    expect(last(other, answer.slice(1))).toMatchObject({ kind: "refuse", reason: "not-admitted" });
  });

  test.each<[string, Handshake, Message[], object]>([
    ["no hello", acceptor(), [{ type: "keep-alive" }], { kind: "refuse", reason: "protocol-error" }],
    [
      "two hellos",
      acceptor(),
      [...opener().begin(), ...opener().begin()],
      { kind: "refuse", reason: "protocol-error" },
    ],
    [
      "a proof first",
      opener(),
      [{ type: "proof", signature: new Uint8Array(64) }],
      { kind: "refuse", reason: "protocol-error" },
    ],
    ["bye", opener(), [{ type: "bye", reason: "too-many-links" }], { kind: "refused", reason: "too-many-links" }],
  ])("%s ends it", (_, handshake, messages, step) => {
    expect(last(handshake, messages)).toMatchObject(step);
  });
});
