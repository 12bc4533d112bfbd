import { readdir, readFile } from "node:fs/promises";
import { cpus, freemem, loadavg, totalmem, uptime } from "node:os";
import { join } from "node:path";

/** A quantity of this machine. */
export interface Sensor {
  readonly name: string;
  /** The reading now: a number, or an object of numbers. Rejects when the system does not give it. */
  read(): Promise<SensorValue>;
  /** Whether the change from the value posted last is worth a POST before the period is over. */
  differs(before: SensorValue, now: SensorValue): boolean;
}

export type SensorValue = number | Readonly<Record<string, number>>;

const round = (value: number, digits: number): number => Number(value.toFixed(digits));

const member = (value: SensorValue, name: string): number => (typeof value === "number" ? value : (value[name] ?? 0));

/** Load averages over 1, 5 and 15 minutes, and the share of all processors in use since the reading before. */
function loadSensor(): Sensor {
  let before = processorTimes();
  return {
    name: "load",
    async read() {
      const now = processorTimes();
      const total = now.total - before.total;
      const busy = total === 0 ? 0 : 1 - (now.idle - before.idle) / total;
      if (total > 0) before = now;
      const [one = 0, five = 0, fifteen = 0] = loadavg();
      return { "1m": round(one, 2), "5m": round(five, 2), "15m": round(fifteen, 2), busy: round(busy, 3) };
    },
    differs: (before, now) => Math.abs(member(now, "busy") - member(before, "busy")) >= 0.25,
  };
}

function processorTimes(): { idle: number; total: number } {
  let idle = 0;
  let total = 0;
  for (const { times } of cpus()) {
    idle += times.idle;
    total += times.user + times.nice + times.sys + times.idle + times.irq;
  }
  return { idle, total };
}

/** Octets of memory: all, and what programs can still have. */
function memorySensor(): Sensor {
  return {
    name: "memory",
    async read() {
      const total = totalmem();
      // Free memory alone would leave out what the system uses as a cache and gives back.
      const info = await readFile("/proc/meminfo", "utf8").catch(() => "");
      const available = /^MemAvailable:\s+(\d+) kB/m.exec(info)?.[1];
      return { total, available: available === undefined ? freemem() : Number(available) * 1024 };
    },
    differs: (before, now) =>
      Math.abs(member(now, "available") - member(before, "available")) >= member(now, "total") / 50,
  };
}

/** Seconds since the machine started. */
const uptimeSensor: Sensor = {
  name: "uptime",
  read: async () => Math.floor(uptime()),
  differs: (before, now) => member(now, "") < member(before, ""),
};

/** Degrees Celsius, by the name of the sensor. */
function temperatureSensor(root: string): Sensor {
  return {
    name: "temperature",
    async read() {
      const found: Record<string, number> = {};
      for (const [name, path] of await temperatureFiles(root)) {
        const milli = Number(await readFile(path, "utf8").catch(() => "NaN"));
        // Sensors that are switched off report absurd values.
        if (Number.isFinite(milli) && milli > -60_000 && milli < 200_000) found[name] = round(milli / 1000, 1);
      }
      if (Object.keys(found).length === 0) throw new Error("this machine shows no temperature");
      return found;
    },
    differs: (before, now) =>
      typeof now !== "number" &&
      Object.keys(now).some((name) => Math.abs(member(now, name) - member(before, name)) >= 1),
  };
}

/** Thermal zones, or the hardware monitors where there are none. */
async function temperatureFiles(root: string): Promise<[name: string, path: string][]> {
  const found: [string, string][] = [];
  const list = (path: string): Promise<string[]> => readdir(path).catch(() => []);
  const text = async (path: string): Promise<string> => (await readFile(path, "utf8").catch(() => "")).trim();
  const zones = join(root, "class/thermal");
  for (const zone of (await list(zones)).filter((name) => name.startsWith("thermal_zone"))) {
    found.push([`${(await text(join(zones, zone, "type"))) || "zone"}-${zone.slice(12)}`, join(zones, zone, "temp")]);
  }
  if (found.length > 0) return found;
  const monitors = join(root, "class/hwmon");
  for (const monitor of await list(monitors)) {
    const chip = (await text(join(monitors, monitor, "name"))) || monitor;
    for (const file of (await list(join(monitors, monitor))).filter((name) => /^temp\d+_input$/.test(name))) {
      found.push([`${chip}-${file.slice(4, -6)}`, join(monitors, monitor, file)]);
    }
  }
  return found;
}

/** Octets received and sent by each network interface that is in use, since it came up. */
function networkSensor(): Sensor {
  return {
    name: "network",
    async read() {
      const found: Record<string, number> = {};
      for (const line of (await readFile("/proc/net/dev", "utf8")).split("\n").slice(2)) {
        const [name, received, , , , , , , , sent] = line.trim().split(/[:\s]+/);
        if (name === undefined || name === "" || sent === undefined || (received === "0" && sent === "0")) continue;
        found[`${name}.received`] = Number(received);
        found[`${name}.sent`] = Number(sent);
      }
      return found;
    },
    // Counters change all the time: once a period is enough.
    differs: () => false,
  };
}

/** The sensors that this machine has. @param sys where the system shows its devices; tests give their own. */
export async function machineSensors(sys = "/sys"): Promise<Sensor[]> {
  const sensors = [loadSensor(), memorySensor(), temperatureSensor(sys), networkSensor(), uptimeSensor];
  const there = await Promise.all(
    sensors.map((sensor) =>
      sensor.read().then(
        () => true,
        () => false,
      ),
    ),
  );
  return sensors.filter((_, index) => there[index]);
}
