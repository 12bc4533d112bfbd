import { median } from "../rounds.js";

/** The median time of one run in µs, over as many as told; a run is as long as a few of it. */
export function sampled(run: () => void, samples = 500): number {
  const times: number[] = [];
  for (let i = 0; i < samples; i++) {
    const started = performance.now();
    run();
    times.push((performance.now() - started) * 1000);
  }
  return median(times);
}
