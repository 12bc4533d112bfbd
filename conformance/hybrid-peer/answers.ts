import { R2, type R2Answer, type R2Message } from "../engine/r2-message.js";
import type { R2Peer } from "../engine/r2-peer.js";
import type { Answers } from "./case.js";

/** What a well-behaved peer answers at once; undefined where that is the case's own affair, and to what asks for no answer. */
export function usualAnswer(
  answer: R2Answer,
  peer: R2Peer,
  overlayId: string,
  { hello = true, bufferMap = () => null, data = () => undefined }: Answers,
): R2Message | undefined {
  const wantsAck = answer.get("operation.ack") === true;
  switch (answer.code) {
    case R2.hello:
      return hello ? { code: R2.helloAccepted } : undefined;
    case R2.probe:
      return { code: R2.probeAnswer, params: { operation: { "ntp-time": answer.get("operation.ntp-time") } } };
    case R2.candidate:
      return { code: R2.candidateAccepted };
    case R2.data:
      return wantsAck ? { code: R2.dataAccepted } : undefined;
    case R2.release:
      return wantsAck ? { code: R2.releaseAccepted } : undefined;
    case R2.heartbeat:
      return { code: R2.heartbeatAnswer };
    case R2.bufferMap:
      return { code: R2.bufferMapAnswer, params: { "overlay-id": overlayId, buffermap: bufferMap() } };
    case R2.getData:
      return data(String(answer.get("source-id")), Number(answer.get("sequence")));
    case R2.scan:
      return leaf(answer, peer);
    default:
      return undefined;
  }
}

/** Stand-ins have one primary path: each is a leaf to those who ask. */
function leaf(answer: R2Answer, peer: R2Peer): R2Message {
  const overlay = (answer.get("overlay") ?? {}) as Readonly<Record<string, unknown>>;
  return {
    code: R2.scanLeaf,
    params: {
      cseq: answer.get("cseq"),
      overlay: { ...overlay, path: [[peer.id, String(peer.ticket), peer.address]] },
      peer: answer.get("peer"),
    },
  };
}
