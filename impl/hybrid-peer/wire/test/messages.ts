import { type BufferMap, Code, type Data, type Message, type ScanTree } from "../../core/message.js";

const peer = { peerId: "peer;1668", address: "tcp://192.0.2.1:4100", ticketId: 3 };
const overlayId = "0b4a8e62";
const proof = { nonce: "0123456789abcdef0123456789abcdef", certificate: "abc.def", signature: "xyz" };
const bufferMap: BufferMap = [
  {
    source: "a",
    ranges: [
      [1, 4],
      [6, 6],
    ],
  },
  { source: "ü", ranges: [] },
];
const data: Data = {
  source: "quelle-ü",
  sequence: 12,
  payloadType: "application/octet-stream",
  appId: "iot",
  payload: Uint8Array.from({ length: 300 }, (_, at) => at & 0xff),
};
const scan = { overlayId, cseq: 123_456_789, peer };

function scanOf(code: ScanTree["code"], path: ScanTree["path"]): ScanTree {
  return { code, ...scan, via: [{ peerId: "b", address: "" }, { peerId: "a", address: "tcp://[::1]:9" }], path }; // biome-ignore format: one line
}

/** At least one of each kind, with and without what is optional. */
export const everyMessage: readonly { readonly title: string; readonly message: Message }[] = Object.entries({
  HELLO: { code: Code.hello, overlayId, connNum: 3, ttl: 3, verticalCandidate: false, recovery: false, peer },
  "HELLO, vertical, recovery, proof": {
    code: Code.hello,
    overlayId,
    connNum: 0,
    ttl: 1,
    verticalCandidate: true,
    recovery: true,
    peer,
    proof,
  },
  ESTAB: { code: Code.estab, overlayId, allowPrimaryRequest: true, peer: { peerId: "e", ticketId: 1 } },
  "ESTAB, depth, proof": {
    code: Code.estab,
    overlayId,
    allowPrimaryRequest: false,
    peer: { peerId: "e", ticketId: 1, address: "tcp://e:1" },
    depth: 2,
    proof: { nonce: "n" },
  },
  "2200": { code: Code.estabAccepted },
  "2200, proof": { code: Code.estabAccepted, proof },
  "2603": { code: Code.estabRefused },
  "1202": { code: Code.helloAccepted },
  PROBE: { code: Code.probe, time: "2023-06-30 10:11:12.345" },
  "3200": { code: Code.probeAnswer, time: "1668" },
  PRIMARY: { code: Code.primary },
  "PRIMARY, push, empty": { code: Code.primary, bufferMap: null },
  "PRIMARY, push": { code: Code.primary, bufferMap },
  "4200": { code: Code.primaryAccepted },
  "4200, push, grandparent": {
    code: Code.primaryAccepted,
    bufferMap,
    parentPeer: { peerId: "g", address: "tcp://192.0.2.9:1" },
    depth: 1,
  },
  "4603": { code: Code.primaryRefused },
  CANDIDATE: { code: Code.candidate },
  "5200": { code: Code.candidateAccepted },
  BROADCAST_DATA: { code: Code.broadcastData, ack: false, candidatePath: false, data },
  "BROADCAST_DATA, part, signature": {
    code: Code.broadcastData,
    ack: true,
    candidatePath: true,
    data: { ...data, part: { index: 1, count: 3 }, signature: "c2ln" },
  },
  "BROADCAST_DATA, empty, no application": {
    code: Code.broadcastData,
    ack: false,
    candidatePath: false,
    data: { ...data, appId: "", payload: new Uint8Array(0) },
  },
  "6200": { code: Code.broadcastAccepted },
  RELEASE: { code: Code.release, ack: true },
  "7200": { code: Code.releaseAccepted },
  HEARTBEAT: { code: Code.heartbeat },
  "8200": { code: Code.heartbeatAnswer },
  SCAN_TREE: scanOf(Code.scanTree, null),
  "9100": scanOf(Code.scanTreeNode, null),
  "9200": scanOf(Code.scanTreeLeaf, [peer]),
  BUFFERMAP: { code: Code.bufferMap, overlayId },
  "10200": { code: Code.bufferMapAnswer, overlayId, bufferMap },
  "10200, empty": { code: Code.bufferMapAnswer, overlayId, bufferMap: null },
  GET_DATA: { code: Code.getData, overlayId, source: "quelle-ü", sequence: 12 },
  "11200": { code: Code.getDataAnswer, data },
  "11404": { code: Code.getDataAbsent, overlayId, source: "quelle-ü", sequence: 12 },
} satisfies Record<string, Message>).map(([title, message]) => ({ title, message }));
