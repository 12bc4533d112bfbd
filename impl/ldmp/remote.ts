/**
 * Where a message came from, or goes to. What `dgram` reports for a datagram fits as it is; over a stream, the connection
 * that carries the messages is named too, because the counterpart lives exactly as long as it does.
 */
export interface Remote {
  readonly address: string;
  readonly port: number;
  /** Number of the connection, unique within one process; absent for datagrams. */
  readonly connection?: number;
}

/** True when both are the same counterpart's transport address. */
export function sameRemote(a: Remote, b: Remote): boolean {
  return a.port === b.port && a.address === b.address && a.connection === b.connection;
}

/** What is worth keeping of an address that arrived with more. */
export function copyRemote({ address, port, connection }: Remote): Remote {
  return connection === undefined ? { address, port } : { address, port, connection };
}

/** For logs and lists: `127.0.0.1:5680`, `[::1]:5680`. */
export function remoteName(remote: Remote): string {
  return remote.address.includes(":") ? `[${remote.address}]:${remote.port}` : `${remote.address}:${remote.port}`;
}
