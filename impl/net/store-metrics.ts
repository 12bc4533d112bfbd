import type { Store } from "../store/store.js";
import type { HttpMetrics } from "./http-metrics.js";

/** What a store does, among the metrics of the entity that it belongs to. */
export function measureStore(metrics: HttpMetrics, { statistics }: Store): void {
  metrics.gauge("store_pending_rows", "Rows queued and not yet durable", () => statistics.pending);
  metrics.counter("store_groups_total", "Groups of rows written", () => statistics.groups);
  metrics.counter("store_rows_total", "Rows written", () => statistics.rows);
  metrics.counter("store_failures_total", "Groups that could not be written", () => statistics.failures);
  metrics.counter("store_seconds_total", "Time spent writing", () => statistics.seconds);
}
