import { createCipheriv, createHash } from "node:crypto";

/** What is transferred: the same octets in every process, without anything to compress or to guess. */
export interface Content {
  readonly octets: Buffer;
  /** SHA-256 in hexadecimal digits. */
  readonly digest: string;
}

export const contentOctets = Number(process.env.MP2P_TRANSFER_MIB ?? 512) * 1024 * 1024;
/** Of a fragment, of a piece of WebTorrent's, of a write on the raw socket. */
export const pieceOctets = 256 * 1024;

export function makeContent(): Content {
  const cipher = createCipheriv("aes-128-ctr", Buffer.alloc(16, 1), Buffer.alloc(16));
  const octets = Buffer.alloc(contentOctets);
  const zeros = Buffer.alloc(pieceOctets);
  for (let at = 0; at < contentOctets; at += pieceOctets) cipher.update(zeros).copy(octets, at);
  return { octets, digest: createHash("sha256").update(octets).digest("hex") };
}
