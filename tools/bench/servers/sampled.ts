/**
 * The processor time of one run in µs: the mean over as many runs as told, user and system, since other work on the machine does not
 * count in it.
 */
export function sampled(run: () => void, runs = 500): number {
  const before = process.cpuUsage();
  for (let i = 0; i < runs; i++) run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / runs;
}
