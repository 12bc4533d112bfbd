import { encode, profile } from "../../../generated/hybrid-peer/frame/index.js";
import { Code, type Data, type Message, type PeerContact, type Proof, type TicketedPeer } from "../core/message.js";
import { writeBufferMap } from "./buffer-map.js";
import { WireError } from "./errors.js";
import type { Spelling } from "./spelling.js";

const MAX_HEADER = profile.limits.header.most;
const NOTHING = new Uint8Array(0);

type Written = Readonly<Record<string, unknown>>;

/** @throws WireError ERR_TOO_LARGE */
export function writeFrame(message: Message, spelling: Spelling): Uint8Array {
  const data = "data" in message ? message.data : undefined;
  const extension =
    data !== undefined && spelling.extensionHeader
      ? Buffer.from(JSON.stringify(writeExtension(data, spelling)))
      : NOTHING;
  const header = Buffer.from(JSON.stringify(writeHeader(message, extension.length, spelling)));
  if (header.length > MAX_HEADER) {
    throw new WireError("ERR_TOO_LARGE", "", `a header of ${header.length} octets, more than ${MAX_HEADER}`);
  }
  return encode({ version: 1, type: 1, header, payload: joined(extension, data?.payload ?? NOTHING) }, spelling.frame);
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const both = Buffer.allocUnsafe(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

function writeHeader(message: Message, extensionLength: number, spelling: Spelling): Written {
  const { code } = message;
  const request = code < 1000;
  const name = request ? spelling.reqCode : spelling.rspCode;
  if (code === Code.getData || code === Code.getDataAbsent) {
    const { overlayId, source, sequence } = message;
    return { [name]: code, [spelling.overlayId]: overlayId, [spelling.sourceId]: source, sequence };
  }
  const params = writeParams(message, extensionLength, spelling);
  if (params === undefined) return { [name]: code };
  return { [name]: code, [request ? spelling.reqParams : spelling.rspParams]: params };
}

/** In the order in which the field writes them. */
function writeParams(message: Message, extensionLength: number, spelling: Spelling): Written | undefined {
  switch (message.code) {
    case Code.hello: {
      const { overlayId, connNum, ttl, verticalCandidate, recovery, peer, proof } = message;
      return {
        operation: {
          [spelling.overlayId]: overlayId,
          [spelling.connNum]: connNum,
          ttl,
          ...(recovery || !spelling.numbered ? { recovery } : {}),
          ...(verticalCandidate ? { [spelling.verticalCandidate]: true } : {}),
        },
        peer: writeTicketed(peer, spelling),
        ...writeProof(proof),
      };
    }
    case Code.estab: {
      const { overlayId, allowPrimaryRequest, peer, depth, proof } = message;
      return {
        operation: { [spelling.overlayId]: overlayId },
        peer: {
          [spelling.peerId]: peer.peerId,
          [spelling.ticketId]: peer.ticketId,
          ...(peer.address === undefined ? {} : { address: peer.address }),
        },
        ...(allowPrimaryRequest && !spelling.numbered ? {} : { [spelling.allowPrimaryReq]: allowPrimaryRequest }),
        ...(depth === undefined ? {} : { depth }),
        ...writeProof(proof),
      };
    }
    case Code.probe:
    case Code.probeAnswer:
      return { operation: { [spelling.ntpTime]: message.time } };
    case Code.primary:
      return orEmpty(message.bufferMap === undefined ? {} : { buffermap: writeBufferMap(message.bufferMap) }, spelling);
    case Code.primaryAccepted: {
      const { bufferMap, parentPeer, depth } = message;
      return orEmpty(
        {
          ...(bufferMap === undefined ? {} : { buffermap: writeBufferMap(bufferMap) }),
          ...(parentPeer === undefined ? {} : { [spelling.parentPeer]: writeContact(parentPeer, spelling) }),
          ...(depth === undefined ? {} : { depth }),
        },
        spelling,
      );
    }
    case Code.primaryRefused:
      return orEmpty(writeProof(message.proof), spelling);
    case Code.broadcastData:
      return {
        operation: {
          ack: message.ack,
          ...(message.candidatePath || spelling.extensionHeader
            ? { [spelling.candidatePath]: message.candidatePath }
            : {}),
        },
        ...writeData(message.data, extensionLength, spelling),
      };
    case Code.getDataAnswer: {
      if (!spelling.extensionHeader) {
        // The parameters of the broadcast as it once was.
        return { operation: { ack: false }, ...writeData(message.data, extensionLength, spelling) };
      }
      const { sequence } = message.data;
      const { payload } = writeData(message.data, extensionLength, spelling);
      return {
        peer: { [spelling.peerId]: message.data.source },
        sequence,
        payload,
        [spelling.extHeaderLen]: extensionLength,
      };
    }
    case Code.release:
      return { operation: { ack: message.ack } };
    case Code.scanTree:
    case Code.scanTreeNode:
    case Code.scanTreeLeaf: {
      const { cseq, overlayId, via, path, peer } = message;
      return {
        cseq: spelling.textCseq ? String(cseq) : cseq,
        overlay: {
          [spelling.overlayId]: overlayId,
          via: via.map((hop) => [hop.peerId, hop.address]),
          path: path === null ? null : path.map((hop) => [hop.peerId, String(hop.ticketId), hop.address]),
        },
        peer: writeTicketed(peer, spelling),
      };
    }
    case Code.bufferMap:
      return { [spelling.overlayId]: message.overlayId };
    case Code.bufferMapAnswer:
      return { [spelling.overlayId]: message.overlayId, buffermap: writeBufferMap(message.bufferMap) };
    case Code.getData:
    case Code.getDataAbsent:
      return undefined;
    default:
      return message.proof === undefined ? undefined : writeProof(message.proof);
  }
}

function orEmpty(params: Written, spelling: Spelling): Written | undefined {
  return spelling.emptyParams || Object.keys(params).length > 0 ? params : undefined;
}

function writeContact(peer: PeerContact, spelling: Spelling): Written {
  return { [spelling.peerId]: peer.peerId, address: peer.address };
}

function writeTicketed(peer: TicketedPeer, spelling: Spelling): Written {
  return { ...writeContact(peer, spelling), [spelling.ticketId]: peer.ticketId };
}

function writeProof(proof: Proof | undefined): Written {
  return proof === undefined ? {} : { proof };
}

function writeData(data: Data, extensionLength: number, spelling: Spelling): Written {
  const { source, sequence, payload, payloadType, appId, part, signature } = data;
  const named = appId !== "" || part !== undefined || signature !== undefined;
  return {
    // P20 numbers nothing; its peers take no notice of the member.
    peer: { [spelling.peerId]: source, ...(!spelling.numbered && sequence === 0 ? {} : { sequence }) },
    ...(named && !spelling.extensionHeader ? { app: writeExtension(data, spelling) } : {}),
    payload: { length: payload.length, [spelling.payloadType]: payloadType },
    ...(spelling.extensionHeader ? { [spelling.extHeaderLen]: extensionLength } : {}),
  };
}

function writeExtension({ appId, part, signature }: Data, spelling: Spelling): Written {
  return {
    [spelling.appId]: appId,
    ...(part === undefined ? {} : { part: { index: part.index, count: part.count } }),
    ...(signature === undefined ? {} : { signature }),
  };
}
