/** How the profiles spell what they say: spec/hybrid-peer/profile.yaml, field by field. */
export interface Spelling {
  /** Unsigned header length in octets 2 and 3. */
  readonly littleEndian: boolean;
  readonly reqCode: string;
  readonly rspCode: string;
  readonly reqParams: string;
  readonly rspParams: string;
  readonly overlayId: string;
  readonly peerId: string;
  readonly ticketId: string;
  readonly sourceId: string;
  readonly ntpTime: string;
  readonly verticalCandidate: string;
  readonly allowPrimaryReq: string;
  readonly parentPeer: string;
  readonly candidatePath: string;
  readonly payloadType: string;
  readonly appId: string;
  readonly extHeaderLen: string;
  /** Data carry an extension header between header and payload. */
  readonly extensionHeader: boolean;
  /** Empty parameters where a message has none to state: an object in P22 and P23, left out in P20. */
  readonly emptyParams: boolean;
  /** The ways of P20 alone: `cseq` is text, data are unnumbered, flags that it does not know are left out where they say nothing. */
  readonly prototype: boolean;
}

const p23: Spelling = {
  littleEndian: false,
  reqCode: "req-code",
  rspCode: "rsp-code",
  reqParams: "req-params",
  rspParams: "rsp-params",
  overlayId: "overlay-id",
  peerId: "peer-id",
  ticketId: "ticket-id",
  sourceId: "source-id",
  ntpTime: "ntp-time",
  verticalCandidate: "vertical-candidate",
  allowPrimaryReq: "allow-primary-req",
  parentPeer: "parent-peer",
  candidatePath: "candidate-path",
  payloadType: "payload-type",
  appId: "app-id",
  extHeaderLen: "ext-header-len",
  extensionHeader: true,
  emptyParams: true,
  prototype: false,
};

const p22: Spelling = {
  ...p23,
  reqCode: "ReqCode",
  rspCode: "RspCode",
  reqParams: "ReqParams",
  rspParams: "RspParams",
  payloadType: "content-type",
  extensionHeader: false,
};

const p20: Spelling = {
  ...p22,
  littleEndian: true,
  overlayId: "overlay_id",
  peerId: "peer_id",
  ticketId: "ticket_id",
  sourceId: "source_id",
  ntpTime: "ntp_time",
  verticalCandidate: "vertical_candidate",
  allowPrimaryReq: "allow_primary_req",
  parentPeer: "parent_peer",
  candidatePath: "candidate_path",
  payloadType: "type",
  appId: "app_id",
  emptyParams: false,
  prototype: true,
};

export const spellings = { p23, p22, p20 } as const;
