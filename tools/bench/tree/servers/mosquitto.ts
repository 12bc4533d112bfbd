import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Broadcaster, nodes } from "../broadcaster.js";
import { contend } from "../contender.js";
import { connectMqtt } from "../mqtt.js";

/** A broker that hands each message to nine subscribers at QoS 0; publisher and subscribers share this process, the broker has its own. */
await contend(async () => {
  const folder = mkdtempSync(join(tmpdir(), "mp2p-bench-"));
  const port = await freePort();
  writeFileSync(
    join(folder, "mosquitto.conf"),
    // Nothing is dropped however much waits.
    `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\nmax_queued_messages 0\nlog_type none\n`,
  );
  const broker = spawn("mosquitto", ["-c", join(folder, "mosquitto.conf")], { stdio: "ignore" });
  process.on("exit", () => broker.kill());
  if (!(await Promise.race([once(broker, "spawn").then(() => true), once(broker, "error").then(() => false)]))) {
    rmSync(folder, { recursive: true });
    return "mosquitto is absent: apt-get install mosquitto";
  }
  const system: Broadcaster = {
    receivers: nodes - 1,
    onDelivery: () => undefined,
    send: (payload) => publisher.publish(payload),
    helpersCpu: () => cpuOf(broker.pid),
    close: () => {
      broker.kill();
      rmSync(folder, { recursive: true });
    },
  };
  const publisher = await connectMqtt(port, "publisher");
  for (let index = 1; index < nodes; index++) {
    const subscriber = await connectMqtt(port, `subscriber-${index}`);
    await subscriber.subscribe((payload) => system.onDelivery(payload));
  }
  return system;
});

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Microseconds, from ticks of 10 ms; 0 where the system does not say. */
function cpuOf(pid: number | undefined): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10_000;
  } catch {
    return 0;
  }
}
