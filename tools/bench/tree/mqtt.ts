import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** What the bench needs of MQTT 3.1.1, written for it: cheaper than a whole client, so that the broker counts. */
export interface MqttClient {
  publish(payload: Uint8Array): void;
  subscribe(deliver: (payload: Uint8Array) => void): Promise<void>;
}

const topic = string("bench");

export async function connectMqtt(port: number, clientId: string): Promise<MqttClient> {
  const socket = await patiently(port);
  let deliver: (payload: Uint8Array) => void = () => undefined;
  let answered: () => void = () => undefined;
  readPackets(socket, (type, body) => {
    // QoS 0: no packet identifier between topic and payload.
    if (type === 3) deliver(body.subarray(2 + body.readUInt16BE(0)));
    else answered();
  });
  const exchange = (octets: Buffer): Promise<void> =>
    new Promise((resolve) => {
      answered = resolve;
      socket.write(octets);
    });
  await exchange(packet(0x10, Buffer.concat([string("MQTT"), Buffer.from([4, 2, 0, 0]), string(clientId)])));
  return {
    publish: (payload) => void socket.write(packet(0x30, Buffer.concat([topic, payload]))),
    subscribe: (listener) => {
      deliver = listener;
      return exchange(packet(0x82, Buffer.concat([Buffer.from([0, 1]), topic, Buffer.from([0])])));
    },
  };
}

/** The broker takes a moment until it listens. */
async function patiently(port: number): Promise<Socket> {
  for (let attempt = 0; ; attempt++) {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    const isOpen = await Promise.race([
      once(socket, "connect").then(
        () => true,
        () => false,
      ),
      once(socket, "close").then(() => false),
    ]);
    if (isOpen) return socket;
    if (attempt === 100) throw new Error("mosquitto does not listen");
    await sleep(50);
  }
}

function readPackets(socket: Socket, take: (type: number, body: Buffer) => void): void {
  let rest: Buffer = Buffer.alloc(0);
  socket.on("data", (chunk) => {
    const octets = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    for (;;) {
      const head = lengthAt(octets, start + 1);
      if (head === undefined || head.end + head.length > octets.length) break;
      take((octets[start] ?? 0) >> 4, octets.subarray(head.end, head.end + head.length));
      start = head.end + head.length;
    }
    rest = octets.subarray(start);
  });
}

/** MQTT's remaining length: seven bits an octet, the lowest first. */
function lengthAt(octets: Buffer, at: number): { length: number; end: number } | undefined {
  let length = 0;
  for (let index = 0; index < 4; index++) {
    const octet = octets[at + index];
    if (octet === undefined) return undefined;
    length += (octet & 127) * 128 ** index;
    if (octet < 128) return { length, end: at + index + 1 };
  }
  throw new Error("the broker sent a length of more than four octets");
}

function packet(head: number, body: Buffer): Buffer {
  const length: number[] = [];
  for (let left = body.length; ; left >>= 7) {
    length.push(left > 127 ? (left & 127) | 128 : left);
    if (left <= 127) break;
  }
  return Buffer.concat([Buffer.from([head, ...length]), body]);
}

function string(text: string): Buffer {
  const octets = Buffer.from(text);
  return Buffer.concat([Buffer.from([octets.length >> 8, octets.length & 255]), octets]);
}
