import type { IndexFile as IndexFileMessage } from "../../../generated/ixs/index.js";
import { readPublicKey } from "../../keys/ed25519.js";
import { defaultSwarmSettings } from "../core/settings.js";
import { PeerError } from "../errors.js";
import type { IndexFile } from "../types.js";

/** As an IXS gives it, with or without what a peer needs. */
export type Listed = IndexFileMessage | IndexFile;

/** An index file with all that a peer needs to take part. Anybody registers one: nothing in it is relied on unseen. @throws PeerError ERR_INDEX_FILE */
export function readIndexFile(file: Listed): IndexFile {
  const fault = faultOf(file);
  const { content_type, source_peer_id, source_public_key } = file;
  if (fault !== undefined || source_peer_id === undefined || source_public_key === undefined) {
    throw new PeerError("ERR_INDEX_FILE", `the index file has no usable ${fault ?? "source peer"}`);
  }
  return { ...file, content_type: content_type === "FILE" ? "FILE" : "STREAM", source_peer_id, source_public_key };
}

/** The member that cannot be worked with, why, and its clause. */
export function faultOf(file: Listed): string | undefined {
  const { content_type = "STREAM", oms_url, source_peer_id, source_public_key, fragment_size } = file;
  if (content_type !== "FILE" && content_type !== "STREAM") return "content_type [X.609.10 6]";
  if (!isServerUrl(oms_url)) return `oms_url: ${JSON.stringify(oms_url)} is no URL of a server [X.609.10 8.6 a) ii)]`;
  if (source_peer_id === undefined) return "source_peer_id [X.609.10 8.6 a)]";
  if (source_public_key === undefined) return "source_public_key [X.609.10 8.6 a)]";
  if (readPublicKey(source_public_key) === undefined)
    return "source_public_key: it is no Ed25519 key [X.609.10 8.6 a)]";
  if (!isCount(fragment_size)) return "fragment_size [X.609.10 8.6 a) v)]";
  return content_type === "FILE" ? sizeFault(file) : undefined;
}

/** What it says of a FILE's size must fit together: memory is taken by it. */
function sizeFault({ fragment_size, content_size, number_of_fragments }: Listed): string | undefined {
  const { maxFragments } = defaultSwarmSettings;
  if (content_size !== undefined && !isCount(content_size)) {
    return `content_size: a FILE has one octet at least, not ${content_size} [X.609.10 8.6 a)]`;
  }
  if (number_of_fragments !== undefined && !isCount(number_of_fragments)) {
    return `number_of_fragments: a FILE has one at least, not ${number_of_fragments} [X.609.10 8.6 a)]`;
  }
  const implied = content_size === undefined ? undefined : Math.ceil(content_size / fragment_size);
  const fragments = number_of_fragments ?? implied ?? 1;
  if (implied !== undefined && fragments !== implied) {
    return `number_of_fragments: content_size ${content_size} in fragments of ${fragment_size} are ${implied}, not ${fragments} [X.609.10 8.6 a)]`;
  }
  if (fragments <= maxFragments) return undefined;
  const member = number_of_fragments === undefined ? "content_size" : "number_of_fragments";
  return `${member}: this peer takes part in FILEs of up to ${maxFragments} fragments, not ${fragments} [X.609.10 8.6 a)]`;
}

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 1;

function isServerUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, host, username, password } = new URL(text);
  // "http:///x" is read as the host x.
  const named = /^https?:\/\/[^/]/i.test(text);
  return named && host !== "" && username === "" && password === "" && /^https?:$/.test(protocol);
}
