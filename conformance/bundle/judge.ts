import type { EntityUnderTest } from "../engine/entity.js";
import type { CaseResult, RunResult } from "../engine/result.js";
import { runConformance } from "../engine/runner.js";
import type { Drift } from "./drift.js";
import { driftOf } from "./drift.js";
import { recordedOptions } from "./options.js";
import type { Bundle } from "./reader.js";
import { BundleError } from "./reader.js";
import { ReplayLog } from "./replay-log.js";
import type { ReplayScope } from "./replay-world.js";
import { replayWorld } from "./replay-world.js";

export interface Rejudged {
  readonly result: RunResult;
  /** What came out otherwise than when the product was there, in words. */
  readonly drift: readonly Drift[];
}

/** Judges a recorded run again, by the cases of this version and with the product switched off. */
export async function rejudge(
  entity: EntityUnderTest,
  bundle: Bundle,
  on: { onCase?(result: CaseResult): void } = {},
): Promise<Rejudged> {
  const { header } = bundle;
  const log = new ReplayLog(bundle.log, header.masks);
  const world = replayWorld(log, header.started);
  const { onCase } = on;
  let done = false;
  const run = runConformance({ ...recordedOptions(entity, bundle), world, ...(onCase ? { onCase } : {}) }).finally(
    () => {
      done = true;
    },
  );
  // A rejection is seen by whoever awaits the run below.
  run.catch(() => {});
  await drive(log, world.scopes, () => done);
  const { selection, ...judged } = await run;
  const result = { ...judged, ...(selection ? { selection: { only: header.only, of: header.of } } : {}) };
  return { result, drift: driftOf(entity, bundle, result, unasked(log, world.scopes)) };
}

/** Delivers one event after another, each when the code has gone quiet. */
async function drive(log: ReplayLog, scopes: readonly ReplayScope[], done: () => boolean): Promise<void> {
  const open = new Map<number | undefined, ReplayScope>();
  for (let known = 0; ; ) {
    await new Promise((resolve) => setImmediate(resolve));
    if (done()) return;
    for (const scope of scopes.slice(known)) open.set(scope.number, scope);
    known = scopes.length;
    let stuck: ReplayScope | undefined;
    const event = log.takeEvent(({ in: number, source }) => {
      const scope = open.get(number);
      if (scope?.lost !== undefined) return "never";
      if (scope?.hears(source)) return "yes";
      stuck ??= scope;
      return "wait";
    });
    if (event) {
      const scope = open.get(event.in);
      try {
        scope?.deliver(event.source, event.data);
      } catch (error) {
        scope?.lose(error instanceof Error ? error.message : String(error));
      }
    } else if (stuck) {
      stuck.lose("it goes on with something that the case does not wait for");
    } else {
      const waiting = scopes.filter(({ lost }) => lost === undefined);
      if (waiting.length === 0) throw new BundleError("the run in this bundle cannot be repeated to its end");
      for (const scope of waiting) scope.lose("it ends before the case does");
    }
  }
}

function unasked(log: ReplayLog, scopes: readonly ReplayScope[]): ReadonlyMap<string, string> {
  return new Map(
    scopes.flatMap(({ name, number, lost }) => {
      const rest = number === undefined || lost !== undefined ? undefined : log.rest(number);
      return rest === undefined ? [] : [[name, rest] as const];
    }),
  );
}
