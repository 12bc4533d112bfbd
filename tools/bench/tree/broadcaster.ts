/** Ten nodes, of which one sends to the nine others: what every contender brings. */
export interface Broadcaster {
  /** How many get each message. */
  readonly receivers: number;
  send(payload: Uint8Array): void;
  /** Called once per message and receiver. */
  onDelivery: (payload: Uint8Array) => void;
  /** CPU time of helping processes (a broker) so far, in microseconds. */
  helpersCpu?(): number;
  close(): Promise<void> | void;
}

export interface Throughput {
  readonly deliveriesPerSecond: number;
  /** User and system time per delivery, of all processes that take part. */
  readonly cpuMicroseconds: number;
}

/** From `send` to the last receiver, in ms. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

export const nodes = 10;
export const messageOctets = 1024;

/** One message after the other, `window` of them under way: a message has arrived when all receivers have it. */
export function measureThroughput(system: Broadcaster, messages: number, window: number): Promise<Throughput> {
  const arrivals = new Uint16Array(messages);
  const cpuBefore = cpu(system);
  const started = performance.now();
  return new Promise((resolve, reject) => {
    let sent = 0;
    let whole = 0;
    const silence = setTimeout(() => reject(new Error(`${whole} of ${messages} arrived, then none for 10 s`)), 10_000);
    const sendNext = (): void => {
      system.send(message(sent++));
    };
    system.onDelivery = (received) => {
      const index =
        ((received[0] ?? 0) << 24) | ((received[1] ?? 0) << 16) | ((received[2] ?? 0) << 8) | (received[3] ?? 0);
      const arrived = (arrivals[index] ?? 0) + 1;
      arrivals[index] = arrived;
      if (arrived < system.receivers) return;
      whole++;
      if ((whole & 255) === 0) silence.refresh();
      if (sent < messages) sendNext();
      if (whole < messages) return;
      clearTimeout(silence);
      const deliveries = messages * system.receivers;
      resolve({
        deliveriesPerSecond: deliveries / ((performance.now() - started) / 1000),
        cpuMicroseconds: (cpu(system) - cpuBefore) / deliveries,
      });
    };
    while (sent < Math.min(window, messages)) sendNext();
  });
}

let written = 0;

/** Its number in the run, and one that no other message of the process has: gossipsub tells messages by their octets. */
function message(index: number): Buffer {
  const payload = Buffer.alloc(messageOctets, 0x2a);
  payload.writeUInt32BE(index, 0);
  payload.writeUInt32BE(written++, 4);
  return payload;
}

function cpu(system: Broadcaster): number {
  const { user, system: kernel } = process.cpuUsage();
  return user + kernel + (system.helpersCpu?.() ?? 0);
}

/** A message every 20 ms. */
export async function measureLatency(system: Broadcaster, messages: number): Promise<Latency> {
  const times: number[] = [];
  for (let index = 0; index < messages; index++) {
    const payload = message(index);
    const pause = new Promise((resolve) => setTimeout(resolve, 20));
    times.push(
      await new Promise<number>((resolve) => {
        let arrived = 0;
        const started = performance.now();
        system.onDelivery = () => {
          if (++arrived === system.receivers) resolve(performance.now() - started);
        };
        system.send(payload);
      }),
    );
    await pause;
  }
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.floor(share * (times.length - 1))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
}
