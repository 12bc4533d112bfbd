import { isIPv4, isIPv6 } from "node:net";

/** An address as its 4 or 16 octets. IPv6 addresses that stand for IPv4 ones (`::ffff:192.0.2.1`) are these. */
export type Octets = Uint8Array;

/** The address in `192.0.2.1`, `192.0.2.1:9000`, `[2001:db8::1]:9000` or a URL with such a host; undefined where there is none. */
export function addressOf(text: string): Octets | undefined {
  return octetsOf(hostOf(text));
}

function hostOf(text: string): string {
  const authority = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#]*)/i.exec(text)?.[1] ?? text;
  const [, bracketed, plain] = /^(?:\[([^\]]*)\]|([^:]*))(?::\d{1,5})?$/.exec(authority) ?? [];
  return bracketed ?? plain ?? authority;
}

/** The octets of an address that stands alone; undefined where it is none. */
export function octetsOf(text: string): Octets | undefined {
  if (isIPv4(text)) return Uint8Array.from(text.split("."), Number);
  if (!isIPv6(text) || text.includes("%")) return undefined;
  const [head = "", tail] = text.split("::");
  const first = groupsOf(head);
  const last = groupsOf(tail ?? "");
  const octets = new Uint8Array(16);
  octets.set(first);
  octets.set(last, 16 - last.length);
  const mapped = octets[10] === 0xff && octets[11] === 0xff && octets.subarray(0, 10).every((octet) => octet === 0);
  return mapped ? octets.slice(12) : octets;
}

/** The octets of `2001:db8` or `ffff:192.0.2.1`. */
function groupsOf(text: string): number[] {
  if (text === "") return [];
  return text.split(":").flatMap((group) => {
    if (group.includes(".")) return group.split(".").map(Number);
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}

/** A name for the block of this many bits around an address: equal for all addresses of the block. */
export function blockOf(octets: Octets, length: number): string {
  const masked = Buffer.from(octets.subarray(0, (length + 7) >> 3));
  const rest = length & 7;
  if (rest > 0) masked[masked.length - 1] = (masked[masked.length - 1] as number) & (0xff << (8 - rest));
  return `${octets.length === 4 ? "4" : "6"}:${masked.toString("hex")}/${length}`;
}

export function isLoopback(octets: Octets): boolean {
  if (octets.length === 4) return octets[0] === 127;
  return octets[15] === 1 && octets.subarray(0, 15).every((octet) => octet === 0);
}
