import type { Socket } from "node:dgram";
import { generate } from "coap-packet";
import { Code, encode, PayloadType, Type } from "../../../generated/ldmp/index.js";
import { type ServerProcess, startServer } from "../child.js";
import { compare, type Goal, printGoals, printRanking } from "../rounds.js";
import { burst, exchange, openSocket } from "./load.js";

const senders = 64;
const count = 20_000;

/** What each request carries. */
const payload = new Uint8Array(64).fill(0x2a);

/**
 * One exchange, three ways: a request of 64 octets that wants an acknowledgement, and the acknowledgement. In LDMP it is the
 * heartbeat of a registered data source (X.609.8 7.3), whose payload has no meaning but is checked like any other.
 */
export async function benchUdp(rounds: number): Promise<readonly Goal[]> {
  const sockets = await Promise.all(Array.from({ length: senders }, openSocket));
  const [echo, coap, sourcePeer] = await Promise.all(
    ["echo", "coap", "source-peer"].map((name) => startServer(new URL(`./servers/${name}.js`, import.meta.url))),
  );
  if (echo === undefined || coap === undefined || sourcePeer === undefined) throw new Error("a server did not start");
  try {
    await registerAll(sourcePeer.port, sockets);
    const ranking = await compare(
      [
        contender("dgram echo", echo, sockets, heartbeat),
        contender("coap", coap, sockets, coapPost),
        contender("source peer", sourcePeer, sockets, heartbeat),
      ],
      { rounds, reference: "dgram echo" },
    );
    printRanking(`LDMP source peer over UDP, Node ${process.versions.node}`, "server CPU µs per message", ranking);
    const cost = (name: string): number => ranking.find((row) => row.name === name)?.ratio ?? Number.NaN;
    const answered = await burstThroughStall(sourcePeer, sockets);
    const goals: Goal[] = [
      {
        what: "of a bare dgram echo",
        wanted: "≥ 0.9 ×",
        measured: 1 / cost("source peer"),
        met: cost("source peer") <= 1 / 0.9,
      },
      {
        what: "of the coap package",
        wanted: "≥ 5 ×",
        measured: cost("coap") / cost("source peer"),
        met: cost("coap") / cost("source peer") >= 5,
      },
      { what: "answered of a burst of 4,000", wanted: "4000", measured: answered, met: answered === 4000 },
    ];
    printGoals(goals);
    return goals;
  } finally {
    await Promise.all([echo.stop(), coap.stop(), sourcePeer.stop()]);
    for (const socket of sockets) socket.close();
  }
}

function contender(
  name: string,
  server: ServerProcess,
  sockets: readonly Socket[],
  message: (source: number) => Uint8Array,
) {
  return {
    name,
    round: async () => {
      const own = sockets.map((socket, source) => ({ socket, next: () => message(source) }));
      await exchange(server.port, own, 2000);
      const before = await server.cpu();
      await exchange(server.port, own, count);
      return ((await server.cpu()) - before) / count;
    },
  };
}

/** Message IDs go on over all rounds: a repeated one would be answered from the memory for duplicates. */
function counter(): (source: number) => number {
  const last = new Uint16Array(senders);
  return (source) => {
    const next = ((last[source] ?? 0) + 1) & 0xffff;
    last[source] = next;
    return next;
  };
}

const ldmpMessageId = counter();
const coapMessageId = counter();

function request(code: Code, source: number): Uint8Array {
  return encode({
    version: 1,
    type: Type.acknowledgementRequired,
    payloadType: PayloadType.binary,
    reserved: 0,
    code,
    messageId: ldmpMessageId(source),
    sourceId: source + 100,
    destinationId: 1,
    payload,
  });
}

const heartbeat = (source: number): Uint8Array => request(Code.heartbeat, source);

function coapPost(source: number): Uint8Array {
  const messageId = coapMessageId(source);
  return generate({
    code: "0.02",
    confirmable: true,
    messageId,
    token: Buffer.from([source, messageId >> 8, messageId & 255]),
    options: [{ name: "Uri-Path", value: Buffer.from("heartbeat") }],
    payload: Buffer.from(payload),
  });
}

async function registerAll(port: number, sockets: readonly Socket[]): Promise<void> {
  for (const [source, socket] of sockets.entries()) {
    const own = { socket, next: () => request(Code.registration, source) };
    await exchange(port, [own], 1);
  }
}

/** The whole burst arrives while the server's loop is busy: what its receive buffer cannot hold is lost. */
async function burstThroughStall(server: ServerProcess, sockets: readonly Socket[]): Promise<number> {
  const [socket] = sockets;
  if (socket === undefined) return 0;
  await server.stall(300);
  return burst(
    server.port,
    socket,
    Array.from({ length: 4000 }, () => heartbeat(0)),
  );
}
