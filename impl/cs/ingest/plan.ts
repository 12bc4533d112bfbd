import { isIP } from "node:net";
import type { SessionRequest } from "../../../generated/cs/types.js";
import { leastRecordFragment, longestId } from "../../records/index.js";
import { tsPacket } from "../rtp/packet.js";

/** Why something that a data source wants is not done, as HTTP says it. */
export class IngestRefusal extends Error {
  readonly status: 400 | 404 | 409 | 413 | 503 | 507;
  /** JSON pointer to the member at fault. */
  readonly member: string | undefined;
  readonly clause: string;

  constructor(status: IngestRefusal["status"], detail: string, member?: string, clause = "X.609.10 8.11") {
    super(detail);
    this.status = status;
    this.member = member;
    this.clause = clause;
  }
}

/** How the data of a session become fragments. */
export interface Plan {
  /** As the index file says it. */
  readonly format: string;
  /** Data become records; otherwise the octets follow one another. */
  readonly records: boolean;
  readonly fragmentSize: number;
}

const sizes = { file: 256 * 1024, stream: 16 * 1024, mpegTs: tsPacket * 336 };

/** What the request leaves open, decided [X.609.10 6] (E-DS-25). @throws IngestRefusal */
export function planOf(request: SessionRequest): Plan {
  const { methods, content_type } = request;
  const rtp = methods.includes("rtp");
  const format = request.format ?? (methods.includes("ldmp") ? "records" : rtp ? "video/mp2t" : "octets");
  const records = format === "records";
  if (rtp && records)
    throw new IngestRefusal(400, "what comes by RTP is one stream of MPEG-TS, and no records", "/session/methods");
  if (methods.includes("ldmp") && !records)
    throw new IngestRefusal(400, "data by LDMP become records: leave format out", "/session/format");
  if (records && content_type === "FILE")
    throw new IngestRefusal(400, "records are for a STREAM", "/session/content_type");
  if (rtp && content_type === "FILE") throw new IngestRefusal(400, "RTP is for a STREAM", "/session/content_type");
  if (content_type === "FILE" && request.content_size === 0)
    throw new IngestRefusal(400, "a FILE has one octet at least", "/session/content_size");
  if (request.rtp_sender !== undefined && !rtp)
    throw new IngestRefusal(400, "only RTP has a sender to be announced", "/session/rtp_sender");
  if (request.rtp_sender !== undefined && isIP(request.rtp_sender) === 0)
    throw new IngestRefusal(400, "the sender is an IP address, of version 4 or 6", "/session/rtp_sender");
  for (const member of ["data_source_id", "data_id"] as const) {
    if (records && Buffer.byteLength(request[member]) > longestId)
      throw new IngestRefusal(400, `identifiers in records have at most ${longestId} octets`, `/session/${member}`);
  }
  const fragmentSize =
    request.fragment_size ?? (content_type === "FILE" ? sizes.file : rtp ? sizes.mpegTs : sizes.stream);
  if (records && fragmentSize < leastRecordFragment)
    throw new IngestRefusal(
      400,
      `fragments of records have at least ${leastRecordFragment} octets`,
      "/session/fragment_size",
    );
  if (rtp && fragmentSize < tsPacket)
    throw new IngestRefusal(400, `fragments of MPEG-TS have at least ${tsPacket} octets`, "/session/fragment_size");
  return { format, records, fragmentSize };
}
