import { isIPv4, isIPv6 } from "node:net";
import { networkInterfaces } from "node:os";
import { TransportError } from "./transport-errors.js";

/** Where a peer listens on a network, as PEER_INFO.address says it [Q.4103 6.1.2]. */
export interface SocketAddress {
  readonly scheme: "tcp" | "tls";
  /** A name or a literal address, without brackets. */
  readonly host: string;
  readonly port: number;
}

/** RFC 1035 2.3.4. */
const MAX_HOST = 253;

/** @throws TransportError ERR_ADDRESS, saying what is wrong with it */
export function parseAddress(address: string): SocketAddress {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(address)?.[1]?.toLowerCase();
  if (scheme === undefined) throw wrong(address, "no scheme, such as tcp://");
  if (scheme !== "tcp" && scheme !== "tls") throw wrong(address, `not tcp:// or tls:// but ${scheme}://`);
  return { scheme, ...parseHostPort(address.slice(scheme.length + 3), address) };
}

function parseHostPort(text: string, address: string): { host: string; port: number } {
  const parts = /^(?:\[([^\]]*)\]|([^:[\]]*)):([^:]*?)\/?$/.exec(text);
  if (parts === null) throw wrong(address, "not host:port, or [IPv6 address]:port");
  const [, literal, name = "", port = ""] = parts;
  if (literal !== undefined && !isIPv6(literal)) throw wrong(address, "no IPv6 address between its brackets");
  const host = literal ?? name;
  if (host.length > MAX_HOST || (literal === undefined && !/^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_.])?$/i.test(host))) {
    throw wrong(address, "no host");
  }
  if (!/^\d{1,5}$/.test(port) || Number(port) === 0 || Number(port) > 65_535) throw wrong(address, "no port");
  return { host, port: Number(port) };
}

function wrong(address: string, what: string): TransportError {
  const shown = address.length > 80 ? `${address.slice(0, 80)}…` : address;
  return new TransportError("ERR_ADDRESS", `address ${JSON.stringify(shown)}: ${what}`);
}

export function formatAddress({ scheme, host, port }: SocketAddress): string {
  return `${scheme}://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

/**
 * What to tell others of a listening socket. `advertise` is a host, `host:port`, or the whole address; without it, a socket on all
 * interfaces is told by the first address of this machine that others can reach.
 *
 * @throws TransportError ERR_ADDRESS
 */
export function advertisedAddress(bound: SocketAddress, advertise: string | undefined): string {
  if (advertise !== undefined) {
    if (advertise.includes("://")) return formatAddress(parseAddress(advertise));
    const whole = isIPv6(advertise)
      ? `[${advertise}]:${bound.port}`
      : /:\d*$/.test(advertise)
        ? advertise
        : `${advertise}:${bound.port}`;
    return formatAddress({ scheme: bound.scheme, ...parseHostPort(whole, advertise) });
  }
  if (bound.host !== "0.0.0.0" && bound.host !== "::") return formatAddress(bound);
  const wanted = bound.host === "::" ? () => true : isIPv4;
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const [first] = all.filter(({ internal, address }) => !internal && !/^fe80/i.test(address) && wanted(address));
  const host = first?.address ?? (bound.host === "::" ? "::1" : "127.0.0.1");
  return formatAddress({ ...bound, host });
}
