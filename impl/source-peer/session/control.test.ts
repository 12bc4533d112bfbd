import { describe, expect, it } from "vitest";
import { createSessionControl, type SessionControlOptions, type SessionEvent } from "./control.js";

const defaults: SessionControlOptions = { trigger: "data-sources", lingerMs: 100, retryMs: 10, retryCapMs: 40 };

/** Runs events at their times, and gives the effects of each as `kind` or `kind:source`. */
function run(options: Partial<SessionControlOptions>, ...events: [number, SessionEvent["type"], string?][]) {
  const control = createSessionControl({ ...defaults, ...options });
  const effects = events.map(([now, type, sourceId = ""]) =>
    control
      .step({ type, sourceId } as SessionEvent, now)
      .map((effect) => ("sourceId" in effect ? `${effect.kind}:${effect.sourceId}` : effect.kind)),
  );
  return { control, effects };
}

describe("what starts and ends a session (E-DS-20, E-DS-21)", () => {
  it("the first Registration starts it, the last Release ends it after the linger", () => {
    const { control, effects } = run(
      {},
      [0, "registered", "1"],
      [1, "registered", "2"],
      [2, "opened"],
      [3, "removed", "1"],
      [4, "removed", "2"],
      [103, "timer"],
    );
    expect(effects).toEqual([["open"], [], ["index:1", "index:2"], ["unindex:1"], [], []]);
    expect(control.nextTimer()).toBe(104);
    expect(control.step({ type: "timer" }, 104)).toEqual([{ kind: "close" }]);
    expect(control.step({ type: "closed" }, 105)).toEqual([]);
    expect([control.phase, control.expecting, control.nextTimer()]).toEqual([
      "closed",
      false,
      Number.POSITIVE_INFINITY,
    ]);
  });

  it("a data source that returns in time keeps its session and its index file", () => {
    const { control, effects } = run(
      {},
      [0, "registered", "1"],
      [1, "opened"],
      [2, "removed", "1"],
      [50, "registered", "1"],
      [200, "timer"],
    );
    expect(effects.slice(2)).toEqual([[], [], []]);
    expect(control.phase).toBe("open");
  });

  it("another one that comes instead has the file of the first removed", () => {
    const { effects } = run({}, [0, "registered", "1"], [1, "opened"], [2, "removed", "1"], [50, "registered", "2"]);
    expect(effects[3]).toEqual(["index:2", "unindex:1"]);
  });

  it("a failed attempt is repeated with growing pauses, and given up when nobody is left", () => {
    const { control } = run({}, [0, "registered", "1"], [1, "failed"]);
    expect([control.expecting, control.nextTimer()]).toEqual([true, 11]);
    expect(control.step({ type: "timer" }, 11)).toEqual([{ kind: "open" }]);
    control.step({ type: "failed" }, 12);
    expect(control.nextTimer()).toBe(32);
    control.step({ type: "removed", sourceId: "1" }, 13);
    expect(control.step({ type: "timer" }, 200)).toEqual([]);
    expect(control.nextTimer()).toBe(Number.POSITIVE_INFINITY);
  });

  it("the operator's stop ends it at once, and holds until a first data source comes anew", () => {
    const { effects } = run(
      {},
      [0, "registered", "1"],
      [1, "opened"],
      [2, "stop"],
      [3, "closed"],
      [4, "registered", "2"],
      [5, "removed", "1"],
      [6, "removed", "2"],
      [7, "registered", "1"],
    );
    expect(effects.slice(2)).toEqual([["close"], [], [], [], [], ["open"]]);
  });

  it("a stop while it is being opened ends it as soon as it is", () => {
    const { effects } = run({}, [0, "registered", "1"], [1, "stop"], [2, "opened"]);
    expect(effects).toEqual([["open"], [], ["close"]]);
  });

  it("started by the operator it needs no data source, and outlives them", () => {
    const { effects } = run(
      { trigger: "operator" },
      [0, "registered", "1"],
      [1, "start"],
      [2, "opened"],
      [3, "removed", "1"],
      [500, "timer"],
      [501, "stop"],
    );
    expect(effects).toEqual([[], ["open"], ["index:1"], [], [], ["close"]]);
  });

  it("a session that others ended is made anew while it is wanted, index files too", () => {
    const { effects } = run({}, [0, "registered", "1"], [1, "opened"], [2, "closed"], [3, "opened"]);
    expect(effects).toEqual([["open"], ["index:1"], ["open"], ["index:1"]]);
  });
});
