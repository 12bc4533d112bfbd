import { connect, isIP } from "node:net";

export interface ProbeTarget {
  readonly host: string;
  readonly port: number;
}

/**
 * Where a peer may be tried: its `tcp:` or `tls:` address, if that is on the host that it spoke from, by number. Names, and other hosts,
 * are not tried: the answer would say nothing of this peer, and the HOMS would connect wherever anybody likes.
 */
export function probeTarget(address: string, remote: string | undefined): ProbeTarget | undefined {
  if (remote === undefined) return undefined;
  const [, bracketed, plain, digits] = /^(?:tcp|tls):\/\/(?:\[([^\]]+)\]|([^:/]+)):(\d{1,5})\/?$/i.exec(address) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host === undefined || isIP(host) === 0 || !(port >= 1 && port <= 65_535)) return undefined;
  return sameHost(host) === sameHost(remote) ? { host, port } : undefined;
}

/** An IPv4 address in the clothes of IPv6 is the same host. */
const sameHost = (host: string): string => host.toLowerCase().replace(/^::ffff:(?=\d+\.)/, "");

/** Connects, and closes at once. @returns whether the connection came about within `timeoutMs` */
export function probeByTcp({ host, port }: ProbeTarget, timeoutMs = 2000): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (answers: boolean) => () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answers);
    };
    const timer = setTimeout(end(false), timeoutMs);
    socket.once("connect", end(true));
    socket.once("error", end(false));
  });
}
