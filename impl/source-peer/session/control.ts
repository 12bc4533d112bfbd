/** What starts and ends a session (E-DS-21). */
export interface SessionControlOptions {
  /**
   * `data-sources`: the first Registration starts the session, the last Release or removal ends it. `operator`: commands alone do. A command
   * is obeyed either way.
   */
  readonly trigger: "data-sources" | "operator";
  /** How long the session goes on without any data source, in ms. */
  readonly lingerMs: number;
  /** Pause after a failed attempt to start or end it, in ms; it doubles with each in a row. */
  readonly retryMs: number;
  readonly retryCapMs: number;
}

export type SessionPhase = "closed" | "opening" | "open" | "closing";

export type SessionEvent =
  | { readonly type: "registered" | "removed"; readonly sourceId: string }
  /** The operator's commands [X.609.10 7.1.1, 7.1.3]. */
  | { readonly type: "start" }
  | { readonly type: "stop" }
  /** What became of an effect; `closed` also where the overlay network is gone without having been told to go. */
  | { readonly type: "opened" | "failed" | "closed" }
  | { readonly type: "timer" };

export type SessionEffect =
  /** Create the overlay network, register the session; answered by `opened` or `failed`. */
  | { readonly kind: "open" }
  /** Send what waits, end, terminate [X.609.10 7.1.3]; answered by `closed`. */
  | { readonly kind: "close" }
  /** An index file for this data source, naming the session's overlay network (E-DS-38); and its removal. */
  | { readonly kind: "index" | "unindex"; readonly sourceId: string };

/** When a session is to be there, and whose index files; without I/O. */
export interface SessionControl {
  step(event: SessionEvent, now: number): SessionEffect[];
  /** When a `timer` event is due; Infinity when none is. */
  nextTimer(): number;
  readonly phase: SessionPhase;
  /** There is a session, or there will be one as soon as the servers grant it. */
  readonly expecting: boolean;
  readonly sources: ReadonlySet<string>;
}

export function createSessionControl(options: SessionControlOptions): SessionControl {
  const { trigger, lingerMs, retryMs, retryCapMs } = options;
  const sources = new Set<string>();
  const indexed = new Set<string>();
  let phase: SessionPhase = "closed";
  /** By the operator: on until told otherwise, off until told otherwise or a first data source comes anew. */
  let command: "start" | "stop" | undefined;
  let lingerUntil = Number.NEGATIVE_INFINITY;
  let retryAt = Number.NEGATIVE_INFINITY;
  let failures = 0;

  const wanted = (now: number): boolean => {
    if (command !== undefined) return command === "start";
    return trigger === "data-sources" && (sources.size > 0 || now < lingerUntil);
  };
  const follow = (now: number): SessionEffect[] => {
    const effects: SessionEffect[] = [];
    if (phase === "closed" && now >= retryAt) {
      // Nobody is left to try for.
      if (!wanted(now)) failures = 0;
      else {
        phase = "opening";
        effects.push({ kind: "open" });
      }
    } else if (phase === "open" && !wanted(now)) {
      phase = "closing";
      effects.push({ kind: "close" });
    }
    if (phase !== "open") return effects;
    for (const sourceId of sources) {
      if (indexed.has(sourceId)) continue;
      indexed.add(sourceId);
      effects.push({ kind: "index", sourceId });
    }
    // Without any data source the files stay while the session lingers: whoever returns finds its own.
    if (sources.size === 0) return effects;
    for (const sourceId of indexed) {
      if (sources.has(sourceId)) continue;
      indexed.delete(sourceId);
      effects.push({ kind: "unindex", sourceId });
    }
    return effects;
  };

  return {
    get phase() {
      return phase;
    },
    get expecting() {
      return phase !== "closed" || (failures > 0 && wanted(retryAt));
    },
    sources,
    step(event, now) {
      switch (event.type) {
        case "registered":
          if (sources.size === 0 && command === "stop") command = undefined;
          sources.add(event.sourceId);
          break;
        case "removed":
          if (sources.delete(event.sourceId) && sources.size === 0) lingerUntil = now + lingerMs;
          break;
        case "start":
        case "stop":
          command = event.type;
          retryAt = Number.NEGATIVE_INFINITY;
          break;
        case "opened":
          phase = "open";
          failures = 0;
          break;
        case "failed":
          phase = "closed";
          retryAt = now + Math.min(retryCapMs, retryMs * 2 ** failures++);
          break;
        case "closed":
          phase = "closed";
          // They went with the session.
          indexed.clear();
          break;
        case "timer":
          break;
      }
      return follow(now);
    },
    nextTimer() {
      if (phase === "closed" && failures > 0 && wanted(retryAt)) return retryAt;
      if (phase === "open" && command === undefined && sources.size === 0) return lingerUntil;
      return Number.POSITIVE_INFINITY;
    },
  };
}
