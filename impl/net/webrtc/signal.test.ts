import { describe, expect, test } from "vitest";
import { readSignal, writeBye, writeCandidate, writeDescription, writeHello } from "./signal.js";

const sdp = "v=0\r\no=- 6386 2 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n";
const candidate = "candidate:3833 1 udp 2130706431 127.0.0.1 59248 typ host";

describe("signalling in the field's words", () => {
  test.each([
    [writeHello("A;1795", undefined), { action: "hello", "peer-id": "A;1795" }],
    [writeHello("A;1795", "t"), { action: "hello", "peer-id": "A;1795", token: "t" }],
    [writeBye("A;1795"), { action: "bye", "peer-id": "A;1795" }],
    [
      writeDescription("A", "B", "offer", sdp),
      { fromid: "A", toid: "B", fromticketid: "", sdp: { type: "offer", sdp }, type: "offer" },
    ],
    [writeCandidate("A", "B", candidate), { fromid: "A", toid: "B", candidate, type: "candidate" }],
  ])("%s", (text, message) => {
    expect(JSON.parse(text)).toEqual(message);
  });

  test.each([
    ["an offer", { fromid: "A", toid: "B", fromticketid: "", sdp: { type: "offer", sdp }, type: "offer" }, "offer"],
    ["an answer", { toid: "B", fromid: "A", sdp: { sdp, type: "answer" }, type: "answer", fromticketid: "" }, "answer"],
    ["a description that is not nested", { fromid: "A", toid: "B", sdp, type: "answer" }, "answer"],
  ])("%s is read", (_name, message, kind) => {
    expect(readSignal(JSON.stringify(message))).toEqual({ kind, from: "A", sdp });
  });

  test("a candidate is read without sdpMid, and with it; so is what the relay says", () => {
    const plain = { fromid: "A", toid: "B", candidate, type: "candidate" };
    for (const message of [plain, { ...plain, sdpMid: "0", sdpMLineIndex: 0 }]) {
      expect(readSignal(JSON.stringify(message))).toEqual({ kind: "candidate", from: "A", candidate });
    }
    const undeliverable = { action: "undeliverable", toid: "B" };
    expect(readSignal(JSON.stringify(undeliverable))).toEqual({ kind: "undeliverable", to: "B" });
  });

  test.each([
    ["", "no JSON"],
    ["null", "no object"],
    ["[]", "type: neither"],
    ['{"type":"toString"}', "type: neither"],
    ['{"type":"offer","sdp":"v=0"}', "fromid: no peer-id"],
    ['{"type":"offer","fromid":"A","sdp":{}}', "sdp: no description"],
    ['{"type":"answer","fromid":"A","sdp":null}', "sdp: no description"],
    [`{"type":"candidate","fromid":"A","candidate":"${"c".repeat(1025)}"}`, "candidate: none"],
    ['{"action":"undeliverable"}', "toid: no peer-id"],
  ])("%s is passed over", (text, reason) => {
    expect(readSignal(text)).toContain(reason);
  });
});
