import type { Schedule } from "../../../hybrid-peer/test/simulation/schedule.js";
import type { Message } from "../../core/message.js";
import { octetsOf } from "./content.js";

/** Octets on the way to one receiver before the sender waits, as TCP's window. */
const window = 1024 * 1024;
/** Octets that wait at a sender's end of a link before it says so. */
const sendBuffer = 192 * 1024;

/** One machine's access to the network. Rates in octets per ms. */
export interface Access {
  readonly upload: number;
  readonly download: number;
  /** One way to the core of the network, in ms. */
  readonly latency: number;
}

/** One direction of a link: keeps order, and loses nothing until it is closed. */
export interface Pipe {
  /** @returns false where more waits than the buffer takes: `drained` follows */
  send(message: Message): boolean;
  close(): void;
}

interface Line {
  readonly from: Port;
  readonly to: Port;
  readonly latency: number;
  readonly queue: Message[];
  readonly deliver: (message: Message) => void;
  readonly drained: () => void;
  queued: number;
  inNetwork: number;
  isFull: boolean;
  isOpen: boolean;
  isListed: boolean;
}

/** An access in use: its upload serves links by turns, message by message; its download is one queue. */
export interface Port {
  readonly access: Access;
  readonly lines: Line[];
  isSending: boolean;
  freeAt: number;
}

export const createPort = (access: Access): Port => ({ access, lines: [], isSending: false, freeAt: 0 });

export function createPipe(
  schedule: Schedule,
  from: Port,
  to: Port,
  deliver: (message: Message) => void,
  drained: () => void,
): Pipe {
  const latency = from.access.latency + to.access.latency;
  const line: Line = {
    from,
    to,
    latency,
    queue: [],
    deliver,
    drained,
    queued: 0,
    inNetwork: 0,
    isFull: false,
    isOpen: true,
    isListed: false,
  };
  return {
    send(message) {
      if (!line.isOpen) return true;
      line.queue.push(message);
      line.queued += octetsOf(message);
      list(line);
      serve(schedule, from);
      line.isFull ||= line.queued > sendBuffer;
      return !line.isFull;
    },
    close() {
      line.isOpen = false;
      line.queue.length = 0;
      line.queued = 0;
    },
  };
}

function list(line: Line): void {
  if (line.isListed || line.queue.length === 0 || line.inNetwork >= window) return;
  line.isListed = true;
  line.from.lines.push(line);
}

function serve(schedule: Schedule, port: Port): void {
  if (port.isSending) return;
  const line = port.lines.shift();
  if (line === undefined) return;
  line.isListed = false;
  const message = line.queue.shift();
  if (message === undefined) {
    serve(schedule, port);
    return;
  }
  const octets = octetsOf(message);
  line.queued -= octets;
  line.inNetwork += octets;
  list(line);
  port.isSending = true;
  schedule.after(octets / port.access.upload, () => {
    port.isSending = false;
    schedule.after(line.latency, () => arrive(schedule, line, message, octets));
    if (line.isFull && line.isOpen && line.queued <= sendBuffer / 2) {
      line.isFull = false;
      line.drained();
    }
    serve(schedule, port);
  });
}

function arrive(schedule: Schedule, line: Line, message: Message, octets: number): void {
  const { to } = line;
  to.freeAt = Math.max(schedule.now, to.freeAt) + octets / to.access.download;
  schedule.at(to.freeAt, () => {
    if (line.isOpen) line.deliver(message);
    schedule.after(line.latency, () => {
      line.inNetwork -= octets;
      list(line);
      serve(schedule, line.from);
    });
  });
}
