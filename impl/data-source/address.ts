import type { ConnectionOptions } from "node:tls";
import { profile } from "../../generated/ldmp/index.js";

/** Where a source peer is. */
export interface SourcePeerAddress {
  readonly transport: "udp" | "tcp" | "tls";
  readonly host: string;
  readonly port: number;
  /** Its identifier, when it is known beforehand; learnt from its first response otherwise (E-LDMP-05). */
  readonly id?: number;
  /** For `tls`: `ca` to verify it by, `key` and `cert` to be verified by. */
  readonly tls?: ConnectionOptions;
}

/**
 * `udp://host:port`, `tcp://…` or `tls://…`, with the source peer's identifier behind `#` where it is known. Without
 * port it is the profile's.
 */
export function parseSourcePeer(text: string): SourcePeerAddress {
  const match = /^(udp|tcp|tls):\/\/(?:\[([0-9a-fA-F:.%]+)\]|([^:/[\]#]+))(?::(\d{1,5}))?\/?(?:#(\d{1,5}))?$/.exec(
    text,
  );
  const transport = match?.[1] as SourcePeerAddress["transport"];
  const port = match?.[4] === undefined ? profile.transports[transport ?? "udp"].port : Number(match[4]);
  const id = match?.[5] === undefined ? undefined : Number(match[5]);
  if (match === null || port < 1 || port > 65_535 || (id !== undefined && (id < 1 || id > 65_535))) {
    throw new TypeError(`not the address of a source peer: ${text} (udp://host:port, tcp://… or tls://… is wanted)`);
  }
  const host = match[2] ?? match[3] ?? "";
  return { transport, host, port, ...(id !== undefined && { id }) };
}

export function sourcePeerName({ transport, host, port }: SourcePeerAddress): string {
  return `${transport}://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
