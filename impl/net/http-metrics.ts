import { Counter, collectDefaultMetrics, Gauge, type Metric, Registry } from "prom-client";

/** Upper bounds in seconds: from a cached answer on loopback to a client that is about to give up. */
const bounds = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];

/** One operation's figures. Plain numbers: prom-client's own labels cost more per request than answering a report does. */
interface Tally {
  statuses: Map<number, number>;
  buckets: Float64Array;
  sum: number;
  count: number;
}

export interface HttpMetrics {
  readonly registry: Registry;
  /** Counts one answered request; `seconds` is the time it took. Fits the `onRequest` option of the generated servers. */
  observe(operation: string, status: number, seconds: number): void;
  /** A value read at each scrape. `name` gets the entity's prefix: `overlays` becomes `mp2p_pams_overlays`. */
  gauge(name: string, help: string, read: () => number): void;
  /** A monotonic value kept elsewhere and read at each scrape. */
  counter(name: string, help: string, read: () => number): void;
}

/** Metrics of one entity's HTTP server, named `mp2p_<entity>_…`, with the process's default metrics in the same registry. */
export function createHttpMetrics(entity: string): HttpMetrics {
  const registry = new Registry();
  const prefix = `mp2p_${entity}_`;
  const tallies = new Map<string, Tally>();
  collectDefaultMetrics({ register: registry });

  new Counter({
    name: `${prefix}http_requests_total`,
    help: "Requests answered, by operation and status",
    labelNames: ["operation", "status"],
    registers: [registry],
    collect() {
      this.reset();
      for (const [operation, tally] of tallies) {
        for (const [status, n] of tally.statuses) this.inc({ operation, status }, n);
      }
    },
  });
  registry.registerMetric(histogram(`${prefix}http_request_seconds`, tallies));

  return {
    registry,
    observe(operation, status, seconds) {
      let tally = tallies.get(operation);
      if (tally === undefined) {
        tally = { statuses: new Map(), buckets: new Float64Array(bounds.length), sum: 0, count: 0 };
        tallies.set(operation, tally);
      }
      tally.statuses.set(status, (tally.statuses.get(status) ?? 0) + 1);
      tally.sum += seconds;
      tally.count++;
      for (let i = 0; i < bounds.length; i++) {
        if (seconds <= (bounds[i] as number)) {
          tally.buckets[i] = (tally.buckets[i] as number) + 1;
          break;
        }
      }
    },
    gauge(name, help, read) {
      new Gauge({
        name: prefix + name,
        help,
        registers: [registry],
        collect() {
          this.set(read());
        },
      });
    },
    counter(name, help, read) {
      new Counter({
        name: prefix + name,
        help,
        registers: [registry],
        collect() {
          this.reset();
          this.inc(read());
        },
      });
    },
  };
}

/** The histogram in the shape that a prom-client registry prints. */
function histogram(name: string, tallies: ReadonlyMap<string, Tally>): Metric {
  const help = "Seconds from a request's head to the end of its answer, by operation";
  const get = async () => {
    const values: { metricName: string; labels: Record<string, string | number>; value: number }[] = [];
    for (const [operation, tally] of tallies) {
      let upTo = 0;
      for (const [i, le] of bounds.entries()) {
        upTo += tally.buckets[i] ?? 0;
        values.push({ metricName: `${name}_bucket`, labels: { operation, le }, value: upTo });
      }
      values.push({ metricName: `${name}_bucket`, labels: { operation, le: "+Inf" }, value: tally.count });
      values.push({ metricName: `${name}_sum`, labels: { operation }, value: tally.sum });
      values.push({ metricName: `${name}_count`, labels: { operation }, value: tally.count });
    }
    return { name, help, type: "histogram", values, aggregator: "sum" };
  };
  return { name, get } as unknown as Metric;
}
