import type { Feed, FeedContext } from "./feed.js";
import { secondsParameter } from "./parameters.js";
import { readingText } from "./reading.js";
import { machineSensors, type Sensor, type SensorValue } from "./sensors.js";

export interface SensorFeedOptions {
  /** Seconds between two POSTs of one sensor [X.609.8 7.4]; the parameter `period`. Default 5. */
  period?: number;
  /** Longest time between two looks at the sensors for a change, in seconds. Default 1. */
  sample?: number;
  /** Default: those of this machine. */
  sensors?: readonly Sensor[];
}

/** Posts every sensor once a period, and at once when its value has changed much. */
export async function createSensorFeed(options: SensorFeedOptions = {}): Promise<Feed> {
  const { period: initial = 5, sample = 1 } = options;
  const sensors = options.sensors ?? (await machineSensors());
  const posted = new Map<string, { at: number; value: SensorValue }>();
  let period = initial;
  let context: FeedContext | undefined;
  let timer: NodeJS.Timeout | undefined;

  const look = async (to: FeedContext): Promise<void> => {
    for (const { name, read, differs } of sensors) {
      let value: SensorValue;
      try {
        value = await read();
      } catch {
        // A sensor that went away, such as an unplugged device, says nothing.
        continue;
      }
      const now = performance.now();
      const before = posted.get(name);
      // Half a look early is nearer to the period than half a look late.
      const due = before === undefined || now - before.at >= (period - interval() / 2) * 1000;
      if (!due && !differs(before.value, value)) continue;
      if (to.signal.aborted) return;
      if (to.post(readingText(name, value, Date.now()))) posted.set(name, { at: now, value });
    }
  };
  const interval = (): number => Math.min(period, sample);
  const schedule = (delay: number): void => {
    clearTimeout(timer);
    const to = context;
    if (to === undefined || to.signal.aborted) return;
    timer = setTimeout(() => {
      look(to)
        .catch((error: unknown) => to.logger.error({ err: error }, "a sensor failed"))
        .then(() => schedule(interval()));
    }, delay * 1000);
  };

  return {
    items: sensors.map(({ name, read }) => ({ name, read: async () => readingText(name, await read(), Date.now()) })),
    parameters: [
      secondsParameter("period", initial, (seconds) => {
        period = seconds;
        schedule(interval());
      }),
    ],
    start(given) {
      context = given;
      // The first readings go out as soon as there is somebody to take them.
      given.registered().then(
        () => schedule(0),
        () => undefined,
      );
    },
    reset() {
      posted.clear();
    },
    stop() {
      clearTimeout(timer);
    },
  };
}
