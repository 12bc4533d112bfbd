import { WireError } from "./errors.js";
import type { Members } from "./fields.js";
import { parseHeader } from "./header.js";
import type { ProfileName } from "./profile.js";
import { spellings } from "./spelling.js";
import { headerLength } from "./stream.js";

const HEAD = 4;

/**
 * The profile that a link's first frame is written in, from its byte order and the spelling of its code. `octets` are
 * those that have arrived so far; undefined says that the header is not complete yet.
 *
 * @throws WireError ERR_HEADER: whatever follows, it is the frame of no profile
 */
export function detectProfile(octets: Uint8Array): ProfileName | undefined {
  if (octets.length <= HEAD) return undefined;
  if (octets[HEAD] !== 0x7b)
    throw new WireError("ERR_HEADER", "", "no frame: behind its first four octets is no JSON object");
  const big = headerLength(octets, 0, spellings.p23.frame);
  const little = headerLength(octets, 0, spellings.p20.frame);
  let incomplete = false;
  // The shorter first: read in the wrong byte order a length is most often too long by far.
  for (const littleEndian of big <= little ? [false, true] : [true, false]) {
    const end = HEAD + (littleEndian ? little : big);
    if (octets.length < end) {
      incomplete = true;
      continue;
    }
    const header = tryHeader(octets, end);
    if (header === undefined) continue;
    const found = spelledAs(header, littleEndian, big === little);
    if (found !== undefined) return found;
    // Nothing longer that begins with a whole object is an object too.
    incomplete = false;
    break;
  }
  if (incomplete) return undefined;
  throw new WireError("ERR_HEADER", "", "no frame: no header with a code in either byte order");
}

function tryHeader(octets: Uint8Array, end: number): Members | undefined {
  try {
    return end > HEAD ? parseHeader(octets, HEAD, end, "header") : undefined;
  } catch {
    return undefined;
  }
}

function spelledAs(header: Members, littleEndian: boolean, eitherOrder: boolean): ProfileName | undefined {
  const { p23, p22 } = spellings;
  if (p23.reqCode in header || p23.rspCode in header) return littleEndian && !eitherOrder ? undefined : "p23";
  if (!(p22.reqCode in header || p22.rspCode in header)) return undefined;
  if (!eitherOrder) return littleEndian ? "p20" : "p22";
  // 0x0101 octets, 0x0202 octets …: the spelling of identifiers decides.
  return JSON.stringify(header).includes('"overlay_id"') || JSON.stringify(header).includes('"peer_id"')
    ? "p20"
    : "p22";
}
