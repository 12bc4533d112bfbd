import { fromJson } from "../bundle/codec.js";
import type { Line } from "../bundle/format.js";
import type { HttpEvent } from "../engine/world/http.js";
import type { RawEvent } from "../engine/world/raw.js";
import type { ListenerEvent, ListenerOrder, SocketEvent, SocketOrder } from "../engine/world/sockets.js";
import type { Endpoint, Wire } from "../engine/world/wire.js";
import { TcpConnection, udpPacket } from "./packets.js";

/** One packet, or the whole of one message's packets. */
export interface Passage {
  /** ms since the run began. */
  readonly at: number;
  readonly scope: number;
  /** From the suite to the product; undefined for what carries no octets of either. */
  readonly sent: boolean | undefined;
  /** What the packets carry together. */
  readonly octets: Uint8Array;
  readonly packets: readonly Buffer[];
  /** When the suite's code heard of it, or sent it: what the times in transcripts are of. */
  readonly heard: number;
}

interface Opened {
  readonly kind: string;
  readonly asked: Partial<Endpoint>;
  local: Endpoint;
  /** Of a socket, or of each counterpart of a listener. */
  readonly remotes: Endpoint[];
  readonly connections: TcpConnection[];
}

const NOWHERE: Endpoint = { host: "127.0.0.1", port: 0 };
const NOTHING = new Uint8Array();

/** Everything that went over the network, in the order of time. */
export function passagesOf(log: readonly Line[]): Passage[] {
  const opened = new Map<string, Opened>();
  const found: Passage[] = [];
  for (const line of log) {
    if ("open" in line) {
      const { open: kind, asked } = line;
      opened.set(`${line.in} ${line.source}`, {
        kind,
        asked: asked as Partial<Endpoint>,
        local: NOWHERE,
        remotes: [],
        connections: [],
      });
    } else if ("event" in line || "order" in line) {
      const source = opened.get(`${line.in} ${line.source}`);
      if (source) found.push(...passages(source, line, found.length));
    }
  }
  return found
    .map((one, index) => ({ one, index }))
    .sort((a, b) => a.one.at - b.one.at || a.index - b.index)
    .map(({ one }) => one);
}

function passages(
  source: Opened,
  line: Extract<Line, { event: unknown } | { order: unknown }>,
  number: number,
): Passage[] {
  const about = { scope: line.in, at: line.at, heard: line.at };
  const data = fromJson("event" in line ? line.event : line.order);
  switch (source.kind) {
    case "http":
    case "raw":
      return "event" in line ? exchanged((data as HttpEvent | RawEvent).wire, line, number) : [];
    case "udp":
    case "tcp":
      return bySocket(source, about, data as SocketEvent | SocketOrder, number);
    case "udp-listener":
    case "tcp-listener":
      return byListener(source, about, data as ListenerEvent | ListenerOrder, number);
    default:
      return [];
  }
}

type About = Pick<Passage, "scope" | "at" | "heard">;

/** A whole exchange on a connection of its own. */
function exchanged(
  { local, remote, chunks }: Wire,
  line: { readonly in: number; readonly at: number },
  number: number,
): Passage[] {
  const [first] = chunks;
  if (!local || !remote || !first) return [];
  const connection = new TcpConnection(local, remote, number);
  const about = { scope: line.in, heard: line.at };
  return [
    { ...about, at: first.at, sent: undefined, octets: NOTHING, packets: connection.open() },
    ...chunks.map(({ at, sent, octets }) => ({
      ...about,
      at,
      // The suite sent it long before it heard of the end.
      heard: sent ? at : line.at,
      sent,
      octets,
      packets: connection.send(sent ? 0 : 1, octets),
    })),
    {
      ...about,
      at: Math.max(line.at, chunks.at(-1)?.at ?? 0),
      sent: undefined,
      octets: NOTHING,
      packets: connection.close(0),
    },
  ];
}

function bySocket(source: Opened, about: About, data: SocketEvent | SocketOrder, number: number): Passage[] {
  const [remote = NOWHERE] = source.remotes;
  const [connection] = source.connections;
  const nothing = { ...about, sent: undefined, octets: NOTHING };
  switch (data.type) {
    case "open":
      source.local = data.local;
      source.remotes.push(data.remote);
      if (source.kind === "udp") return [];
      return [{ ...nothing, packets: connect(source, data.local, data.remote, number).open() }];
    case "send":
    case "arrived": {
      const sent = data.type === "send";
      const packets = connection
        ? connection.send(sent ? 0 : 1, data.octets)
        : [sent ? udpPacket(source.local, remote, data.octets) : udpPacket(remote, source.local, data.octets)];
      return [{ ...about, sent, octets: data.octets, packets }];
    }
    case "pause":
      return [];
    default:
      return connection ? [{ ...nothing, packets: connection.close(data.type === "close" ? 0 : 1) }] : [];
  }
}

function byListener(source: Opened, about: About, data: ListenerEvent | ListenerOrder, number: number): Passage[] {
  const nothing = { ...about, sent: undefined, octets: NOTHING };
  switch (data.type) {
    case "listening":
      source.local = data.local;
      return [];
    case "connected":
      source.remotes[data.from] = data.remote;
      if (source.kind === "udp-listener") return [];
      return [{ ...nothing, packets: connect(source, data.remote, source.local, number).open() }];
    case "send":
    case "arrived": {
      const sent = data.type === "send";
      const from = sent ? data.to : data.from;
      const remote = source.remotes[from] ?? NOWHERE;
      const packets = source.connections[from]
        ? source.connections[from].send(sent ? 1 : 0, data.octets)
        : [sent ? udpPacket(source.local, remote, data.octets) : udpPacket(remote, source.local, data.octets)];
      return [{ ...about, sent, octets: data.octets, packets }];
    }
    case "close":
    case "closed":
    case "failed": {
      const connection = source.connections[data.type === "close" ? data.to : data.from];
      const by = data.type === "close" ? 1 : 0;
      const end = data.type === "failed" ? connection?.reset(by) : connection?.close(by);
      return end && end.length > 0 ? [{ ...nothing, packets: end }] : [];
    }
    default:
      return [];
  }
}

function connect(source: Opened, client: Endpoint, server: Endpoint, number: number): TcpConnection {
  const connection = new TcpConnection(client, server, number);
  source.connections.push(connection);
  return connection;
}
