import { describe, expect, it } from "vitest";
import { decode } from "../../../generated/hybrid-peer/frame/index.js";
import * as protocol from "../../../generated/hybrid-peer/index.js";
import type { ValidationIssue } from "../../../generated/runtime/validation.js";
import { writeBye, writeCandidate, writeDescription, writeHello } from "../../net/webrtc/signal.js";
import { profiles } from "./profile.js";
import { everyMessage } from "./test/messages.js";

type Validate = (value: unknown) => readonly ValidationIssue[] | undefined;

/** The schema of each code: spec/hybrid-peer/messages. */
const schemas: Readonly<Record<number, Validate>> = {
  1: protocol.validateHelloRequest,
  1202: protocol.validateHelloResponse,
  2: protocol.validateEstabRequest,
  2200: protocol.validateEstabAccepted,
  2603: protocol.validateEstabRefused,
  3: protocol.validateProbeRequest,
  3200: protocol.validateProbeResponse,
  4: protocol.validatePrimaryRequest,
  4200: protocol.validatePrimaryAccepted,
  4603: protocol.validatePrimaryRefused,
  5: protocol.validateCandidateRequest,
  5200: protocol.validateCandidateResponse,
  6: protocol.validateBroadcastDataRequest,
  6200: protocol.validateBroadcastDataResponse,
  7: protocol.validateReleaseRequest,
  7200: protocol.validateReleaseResponse,
  8: protocol.validateHeartbeatRequest,
  8200: protocol.validateHeartbeatResponse,
  9: protocol.validateScanTreeRequest,
  9100: protocol.validateScanTreeResponse,
  9200: protocol.validateScanTreeResponse,
  10: protocol.validateBufferMapRequest,
  10200: protocol.validateBufferMapResponse,
  11: protocol.validateGetDataRequest,
  11200: protocol.validateGetDataResponse,
  11404: protocol.validateGetDataAbsentResponse,
};

const json = (octets: Uint8Array): unknown => JSON.parse(Buffer.from(octets).toString());
const said = (issues: readonly ValidationIssue[] | undefined): string => protocol.describeIssues(issues ?? []);

describe("what is sent is as its schema says", () => {
  it.each(everyMessage)("$title", ({ message }) => {
    const { header, payload } = decode(profiles.p23.encode(message));
    const validate = schemas[message.code] as Validate;
    expect(said(validate(json(header)))).toBe("");
    // Every schema is of one message alone.
    const others = Object.entries(schemas).filter(
      ([code, other]) => Number(code) !== message.code && other !== validate,
    );
    for (const [, other] of others) expect(other(json(header))).toBeDefined();
    if (!("data" in message)) return;
    const length = payload.length - message.data.payload.length;
    expect(said(protocol.validateExtensionHeader(json(payload.subarray(0, length))))).toBe("");
  });

  it("every code has a message that was tried", () => {
    expect(new Set(everyMessage.map(({ message }) => message.code))).toEqual(new Set(Object.keys(schemas).map(Number)));
  });

  it("signalling", () => {
    const sdp = "v=0\r\n";
    for (const [text, validate] of [
      [writeHello("a", undefined), protocol.validateSignallingHello],
      [writeHello("a", "token"), protocol.validateSignallingHello],
      [writeBye("a"), protocol.validateSignallingBye],
      [writeDescription("a", "b", "offer", sdp), protocol.validateSignallingOffer],
      [writeDescription("a", "b", "answer", sdp), protocol.validateSignallingAnswer],
      [writeCandidate("a", "b", "candidate:1 1 UDP 1 192.0.2.1 9 typ host"), protocol.validateSignallingCandidate],
    ] as const) {
      expect(said(validate(JSON.parse(text)))).toBe("");
    }
  });
});
