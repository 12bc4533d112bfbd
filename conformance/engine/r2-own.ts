import * as validators from "../../generated/hybrid-peer/validators.js";
import type { ValidationIssue } from "../../generated/runtime/validation.js";
import { SuiteError } from "./outcome.js";
import { headerOf, nameOf, R2, type R2Message } from "./r2-message.js";

type Validate = (value: unknown) => ValidationIssue[] | undefined;

/** What the spec has for a code, in the spelling of p23. */
const byCode = new Map<number, Validate>([
  [R2.hello, validators.validateHelloRequest],
  [R2.helloAccepted, validators.validateHelloResponse],
  [R2.estab, validators.validateEstabRequest],
  [R2.estabAccepted, validators.validateEstabAccepted],
  [R2.estabRefused, validators.validateEstabRefused],
  [R2.probe, validators.validateProbeRequest],
  [R2.probeAnswer, validators.validateProbeResponse],
  [R2.primary, validators.validatePrimaryRequest],
  [R2.primaryAccepted, validators.validatePrimaryAccepted],
  [R2.primaryRefused, validators.validatePrimaryRefused],
  [R2.candidate, validators.validateCandidateRequest],
  [R2.candidateAccepted, validators.validateCandidateResponse],
  [R2.data, validators.validateBroadcastDataRequest],
  [R2.dataAccepted, validators.validateBroadcastDataResponse],
  [R2.release, validators.validateReleaseRequest],
  [R2.releaseAccepted, validators.validateReleaseResponse],
  [R2.heartbeat, validators.validateHeartbeatRequest],
  [R2.heartbeatAnswer, validators.validateHeartbeatResponse],
  [R2.scan, validators.validateScanTreeRequest],
  [R2.scanNode, validators.validateScanTreeResponse],
  [R2.scanLeaf, validators.validateScanTreeResponse],
  [R2.bufferMap, validators.validateBufferMapRequest],
  [R2.bufferMapAnswer, validators.validateBufferMapResponse],
  [R2.getData, validators.validateGetDataRequest],
  [R2.getDataAnswer, validators.validateGetDataResponse],
]);

/** What the spec finds wrong with a header in the spelling of p23, in words; undefined where that is nothing, or the code is nobody's. */
export function faultIn(code: number, header: unknown): string | undefined {
  const [issue] = byCode.get(code)?.(header) ?? [];
  return issue && `${issue.member === "" ? "it" : issue.member} ${issue.message}`;
}

/** @throws SuiteError where the suite's own message is not as specified */
export function checkOwnMessage(message: R2Message): void {
  // What counts is the message; its spelling is the profile's, and p20 leaves empty parameters out.
  const { params: given = bare.has(message.code) ? {} : undefined, ...rest } = message;
  // P20 counts its scans in text.
  const params = typeof given?.cseq === "string" ? { ...given, cseq: Number(given.cseq) } : given;
  const fault = faultIn(message.code, headerOf("p23", params === undefined ? rest : { ...rest, params }, 1));
  if (fault !== undefined)
    throw new SuiteError(`the suite's own ${nameOf(message.code)} is not as specified: ${fault}`);
}

const bare = new Set<number>([R2.primary, R2.primaryAccepted, R2.primaryRefused]);
