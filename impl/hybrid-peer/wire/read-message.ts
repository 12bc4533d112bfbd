import {
  type Bare,
  type BroadcastData,
  Code,
  type Data,
  type Message,
  type PeerContact,
  type Proof,
  type ScanTree,
  type TicketedPeer,
} from "../core/message.js";
import { readBufferMap } from "./buffer-map.js";
import { WireError } from "./errors.js";
import {
  address,
  flag,
  identifier,
  integer,
  list,
  type Members,
  members,
  optionalMembers,
  optionalText,
  text,
} from "./fields.js";
import { parseHeader } from "./header.js";
import { type Spelling, spellings } from "./spelling.js";

const MAX_TEXT = 256;
const MAX_SECRET = 8192;
const MAX_HOPS = 1024;
const MAX_PARTS = 0xff_ffff;
const NO_MEMBERS: Members = {};

/** The code of a header, and where its parameters stand. */
interface Envelope {
  readonly code: number;
  readonly params: Members;
  readonly path: string;
}

function envelope(header: Members, spelling: Spelling): Envelope {
  const request = header[spelling.reqCode];
  const isRequest = request !== undefined;
  if (!isRequest && header[spelling.rspCode] === undefined) {
    throw new WireError("ERR_FIELD", spelling.reqCode, `missing, and so is ${spelling.rspCode}`);
  }
  const code = integer(header, isRequest ? spelling.reqCode : spelling.rspCode, "", 0);
  // What is asked for under an answer's code, or the other way round, is no message either.
  if (isRequest !== code < 1000) throw unknownCode(code);
  const path = isRequest ? spelling.reqParams : spelling.rspParams;
  return { code, params: optionalMembers(header, path, "") ?? NO_MEMBERS, path };
}

function unknownCode(code: number): WireError {
  return new WireError("ERR_UNKNOWN_CODE", "", `no message has the code ${code}`);
}

function carriesPayload(code: number): boolean {
  return code === Code.broadcastData || code === Code.getDataAnswer;
}

/** Octets behind the header: of the extension header and of the payload. */
export interface Extent {
  readonly extension: number;
  readonly payload: number;
}

const NO_EXTENT: Extent = { extension: 0, payload: 0 };

/** How far a frame reaches behind its header, which on a stream only the header tells. */
export function readExtent(header: Members, spelling: Spelling): Extent {
  const { code, params, path } = envelope(header, spelling);
  if (!carriesPayload(code)) return NO_EXTENT;
  const payload = integer(members(params, "payload", path), "length", `${path}.payload`, 0);
  // V23a sends P22's keys with an extension header: so wherever its length is stated it is there.
  const stated = params[spelling.extHeaderLen];
  if (stated === undefined && !spelling.extensionHeader) return { extension: 0, payload };
  return { extension: integer(params, spelling.extHeaderLen, path, 0), payload };
}

/**
 * The message of a header and what follows it. Payloads are views of `frame`.
 * @throws WireError ERR_FIELD, ERR_UNKNOWN_CODE, ERR_HEADER of the extension header
 */
export function readMessage(
  header: Members,
  extent: Extent,
  frame: Uint8Array,
  behind: number,
  profile: string,
  spelling: Spelling,
): Message {
  const { code, params, path } = envelope(header, spelling);
  switch (code) {
    case Code.broadcastData: {
      const operation = optionalMembers(params, "operation", path) ?? NO_MEMBERS;
      return {
        code,
        ack: flag(operation, "ack", `${path}.operation`),
        candidatePath: flag(operation, spelling.candidatePath, `${path}.operation`),
        data: readData(params, path, extent, frame, behind, spelling),
        frame: { octets: frame, profile },
      } satisfies BroadcastData;
    }
    case Code.getDataAnswer:
      return { code, data: readData(params, path, extent, frame, behind, spelling) };
    case Code.hello: {
      const operation = members(params, "operation", path);
      const at = `${path}.operation`;
      const proof = readProof(params, path);
      return {
        code,
        overlayId: identifier(operation, spelling.overlayId, at),
        connNum: integer(operation, spelling.connNum, at),
        ttl: integer(operation, "ttl", at),
        verticalCandidate: flag(operation, spelling.verticalCandidate, at),
        recovery: flag(operation, "recovery", at),
        peer: readTicketed(params, path, spelling),
        ...(proof === undefined ? {} : { proof }),
      };
    }
    case Code.estab: {
      const peer = members(params, "peer", path);
      const own = peer.address === undefined ? undefined : address(peer, "address", `${path}.peer`);
      const depth = readDepth(params, path);
      const proof = readProof(params, path);
      return {
        code,
        overlayId: identifier(members(params, "operation", path), spelling.overlayId, `${path}.operation`),
        allowPrimaryRequest: flag(params, spelling.allowPrimaryReq, path, true),
        peer: {
          peerId: identifier(peer, spelling.peerId, `${path}.peer`),
          ticketId: integer(peer, spelling.ticketId, `${path}.peer`),
          ...(own === undefined ? {} : { address: own }),
        },
        ...(depth === undefined ? {} : { depth }),
        ...(proof === undefined ? {} : { proof }),
      };
    }
    case Code.probe:
    case Code.probeAnswer: {
      const operation = members(params, "operation", path);
      const time = operation[spelling.ntpTime];
      return {
        code,
        time:
          typeof time === "number" ? String(time) : text(operation, spelling.ntpTime, `${path}.operation`, MAX_TEXT),
      };
    }
    case Code.primary: {
      const bufferMap = readBufferMap(params, "buffermap", path);
      return { code, ...(bufferMap === undefined ? {} : { bufferMap }) };
    }
    case Code.primaryAccepted: {
      const bufferMap = readBufferMap(params, "buffermap", path);
      const parent = optionalMembers(params, spelling.parentPeer, path);
      const depth = readDepth(params, path);
      return {
        code,
        ...(bufferMap === undefined ? {} : { bufferMap }),
        ...(parent === undefined
          ? {}
          : { parentPeer: readContact(parent, `${path}.${spelling.parentPeer}`, spelling) }),
        ...(depth === undefined ? {} : { depth }),
      };
    }
    case Code.release: {
      const operation = optionalMembers(params, "operation", path) ?? NO_MEMBERS;
      return { code, ack: flag(operation, "ack", `${path}.operation`) };
    }
    case Code.scanTree:
    case Code.scanTreeNode:
    case Code.scanTreeLeaf:
      return readScan(code, params, path, spelling);
    case Code.bufferMap:
      return { code, overlayId: identifier(params, spelling.overlayId, path) };
    case Code.bufferMapAnswer:
      return {
        code,
        overlayId: identifier(params, spelling.overlayId, path),
        bufferMap: readBufferMap(params, "buffermap", path) ?? null,
      };
    case Code.getData:
    case Code.getDataAbsent:
      // Alone among the messages it has no parameter object.
      return {
        code,
        overlayId: identifier(header, spelling.overlayId, ""),
        source: identifier(header, spelling.sourceId, ""),
        sequence: integer(header, "sequence", "", 0),
      };
    case Code.helloAccepted:
    case Code.estabAccepted:
    case Code.estabRefused:
    case Code.primaryRefused:
    case Code.candidate:
    case Code.candidateAccepted:
    case Code.broadcastAccepted:
    case Code.releaseAccepted:
    case Code.heartbeat:
    case Code.heartbeatAnswer: {
      const proof = readProof(params, path);
      return { code, ...(proof === undefined ? {} : { proof }) } satisfies Bare;
    }
    default:
      throw unknownCode(code);
  }
}

function readContact(peer: Members, path: string, spelling: Spelling): PeerContact {
  return { peerId: identifier(peer, spelling.peerId, path), address: address(peer, "address", path) };
}

function readTicketed(params: Members, path: string, spelling: Spelling): TicketedPeer {
  const peer = members(params, "peer", path);
  const at = `${path}.peer`;
  return {
    peerId: identifier(peer, spelling.peerId, at),
    address: address(peer, "address", at),
    ticketId: integer(peer, spelling.ticketId, at),
  };
}

function readDepth(params: Members, path: string): number | undefined {
  return params.depth === undefined || params.depth === null ? undefined : integer(params, "depth", path, 0);
}

function readProof(params: Members, path: string): Proof | undefined {
  const proof = optionalMembers(params, "proof", path);
  if (proof === undefined) return undefined;
  const at = `${path}.proof`;
  const nonce = optionalText(proof, "nonce", at, MAX_TEXT);
  const certificate = optionalText(proof, "certificate", at, MAX_SECRET);
  const signature = optionalText(proof, "signature", at, MAX_SECRET);
  return {
    ...(nonce === undefined ? {} : { nonce }),
    ...(certificate === undefined ? {} : { certificate }),
    ...(signature === undefined ? {} : { signature }),
  };
}

function readScan(code: ScanTree["code"], params: Members, path: string, spelling: Spelling): ScanTree {
  const overlay = members(params, "overlay", path);
  const at = `${path}.overlay`;
  return {
    code,
    cseq: integer(params, "cseq", path),
    overlayId: identifier(overlay, spelling.overlayId, at),
    via: list(overlay, "via", at, MAX_HOPS).map((hop, index) => {
      const here = `${at}.via.${index}`;
      const fields = tuple(hop, here);
      return { peerId: identifier(fields, "0", here), address: address(fields, "1", here) };
    }),
    path:
      overlay.path === undefined || overlay.path === null
        ? null
        : list(overlay, "path", at, MAX_HOPS).map((hop, index) => {
            const here = `${at}.path.${index}`;
            const fields = tuple(hop, here);
            return {
              peerId: identifier(fields, "0", here),
              ticketId: integer(fields, "1", here),
              address: address(fields, "2", here),
            };
          }),
    peer: readTicketed(params, path, spelling),
  };
}

function tuple(value: unknown, path: string): Members {
  if (!Array.isArray(value)) throw new WireError("ERR_FIELD", path, "no array");
  return value as unknown as Members;
}

function readData(
  params: Members,
  path: string,
  extent: Extent,
  frame: Uint8Array,
  behind: number,
  spelling: Spelling,
): Data {
  const peer = members(params, "peer", path);
  const payload = members(params, "payload", path);
  // The answer to GET_DATA has it beside the peer; P20 has none at all, and 0 stands for that.
  const numbered = peer.sequence === undefined ? params : peer;
  const from = behind + extent.extension;
  const extension =
    extent.extension > 0
      ? parseHeader(frame, behind, from, "extension header")
      : (optionalMembers(params, "app", path) ?? NO_MEMBERS);
  const where = extent.extension > 0 ? "extension header" : `${path}.app`;
  const part = optionalMembers(extension, "part", where);
  const signature = optionalText(extension, "signature", where, MAX_SECRET);
  const typeName = payload[spelling.payloadType] === undefined ? spellings.p23.payloadType : spelling.payloadType;
  const data = {
    source: identifier(peer, spelling.peerId, `${path}.peer`),
    sequence:
      numbered.sequence === undefined && !spelling.numbered ? 0 : integer(numbered, "sequence", `${path}.peer`, 0),
    payloadType: optionalText(payload, typeName, `${path}.payload`, MAX_TEXT) ?? "",
    appId: optionalText(extension, spelling.appId, where, MAX_TEXT) ?? "",
    payload: new Uint8Array(frame.buffer, frame.byteOffset + from, extent.payload),
  };
  if (part === undefined && signature === undefined) return data;
  return {
    ...data,
    ...(part === undefined ? {} : { part: readPart(part, `${where}.part`) }),
    ...(signature === undefined ? {} : { signature }),
  };
}

function readPart(part: Members, path: string): { index: number; count: number } {
  const count = integer(part, "count", path, 1);
  const index = integer(part, "index", path, 0);
  if (count > MAX_PARTS) throw new WireError("ERR_FIELD", `${path}.count`, `more than ${MAX_PARTS}`);
  if (index >= count) throw new WireError("ERR_FIELD", `${path}.index`, "not below the count");
  return { index, count };
}
