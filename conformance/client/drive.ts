import type { Target } from "../engine/entity.js";
import { Inconclusive, NotApplicable } from "../engine/outcome.js";
import type { Test } from "../engine/test.js";
import { Adapter } from "./adapter.js";
import type { Child } from "./child.js";
import { startChild } from "./child.js";
import { plain, stimulate } from "./stimulus.js";

/** One thing that a product can be asked to do; a protocol has a table of them. */
export interface Action {
  readonly title: string;
  /** Every product of the kind has to be able to: where it cannot be driven to, that is inconclusive, not n/a. */
  readonly required: boolean;
  /** How it comes about under `--exec` without further ado: when the command starts, or when it is asked to end (SIGTERM). */
  readonly exec?: "start" | "stop";
}

/** What a case wants of the product; all of it is known when the product is started. */
export interface Wishes {
  /** In this order: each as soon as the one before is answered, unless the suite asks one by one. */
  readonly actions: readonly string[];
  /** `overlay-id`, `peer-id` …: members of what the adapter gets, MP2P_OVERLAY_ID … under `--exec`. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Settings of one action: `{ "query-list": { max_peer_num: 2 } }`. */
  readonly details?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** What came of asking the product for something. */
export interface Done {
  /** `asked`: it was told and said nothing against it; `hoped`: nobody knows whether it heeds such wishes. */
  readonly how: "asked" | "hoped" | "unsupported" | "failed";
  /** What the product or its adapter gave back. */
  readonly result: unknown;
  readonly reason: string;
}

/** A request to the product under way. */
export interface Act {
  readonly action: Action;
  readonly name: string;
  /** Set once it is known. */
  done: Done | undefined;
  /** Never rejects. */
  readonly over: Promise<Done>;
}

/** The product while a case drives it. */
export interface Product {
  /** Asks for an action; does not wait for it. */
  do(action: string, details?: Readonly<Record<string, unknown>>): Act;
  /** What its adapter told of itself so far: lines with an `event`. */
  events(): readonly Readonly<Record<string, unknown>>[];
  /** How its process ended; undefined while it runs, and where the suite did not start it. */
  ended(): string | undefined;
}

export interface DriveOptions {
  readonly target: Target;
  readonly actions: Readonly<Record<string, Action>>;
  /** The template declared for an action; empty where there is none. */
  stimulus(action: string): string;
  /** Actions that the command of `--exec` is declared to perform when MP2P_ACTIONS names them. */
  readonly performs: readonly string[];
  /** Longest wait for an adapter's answer, in ms. */
  readonly timeoutMs: number;
  /** Called whenever the state of an act changes. */
  onChange(): void;
}

/** Starts the product for a case, in whichever of the three ways it is driven. */
export async function drive(t: Test, url: string, wishes: Wishes, options: DriveOptions): Promise<Product> {
  const { target } = options;
  // What a signal asks for is no wish: MP2P_ACTIONS names it to no command.
  const told = wishes.actions.filter((name) => target.exec === undefined || options.actions[name]?.exec !== "stop");
  const env = environment(t.definition.id, url, { ...wishes, actions: told });
  let child: Child | undefined;
  let adapter: Adapter | undefined;
  if (target.adapter !== undefined) {
    adapter = new Adapter(t, target.adapter, env, options.timeoutMs);
    await adapter.begin({ url, case: t.definition.id, actions: wishes.actions, ...wishes.settings });
  } else if (target.exec !== undefined) {
    child = startChild(t, { command: target.exec.replaceAll("{url}", url), env, onEnd: options.onChange });
  }
  const perform = async (name: string, action: Action, details: Readonly<Record<string, unknown>>): Promise<Done> => {
    const template = options.stimulus(name);
    if (template !== "") {
      const all = { ...wishes.settings, ...details, url };
      const { succeeded, result, text } = await stimulate(
        t,
        template,
        all,
        environment(t.definition.id, url, { ...wishes, settings: all }),
      );
      return { how: succeeded ? "asked" : "failed", result, reason: `the stimulus ${text}` };
    }
    if (adapter) return await adapter.ask(name, details);
    if (action.exec === "stop" && child) {
      t.transcript.add("process", "asked the product to end (SIGTERM)");
      child.terminate();
      return { how: "asked", result: undefined, reason: "it was asked to end (SIGTERM)" };
    }
    const how = child && options.performs.includes(name) ? "asked" : "hoped";
    const reason = child
      ? `MP2P_ACTIONS asks for ${name}; declare in "performs" what the command heeds of it`
      : `nothing makes the product do ${name}; declare stimulus-${name}, or use --adapter`;
    return { how, result: undefined, reason };
  };
  return {
    do(name, details = wishes.details?.[name] ?? {}) {
      const action = options.actions[name];
      if (!action) throw new RangeError(`there is no action ${name}; add it to the entity's actions`);
      const over = perform(name, action, details).catch(
        (error: unknown): Done => ({
          how: "failed",
          result: undefined,
          reason: error instanceof Error ? error.message : String(error),
        }),
      );
      const act: Act = { action, name, done: undefined, over };
      void over.then((done) => {
        act.done = done;
        options.onChange();
      });
      return act;
    },
    events: () => adapter?.events ?? [],
    ended: () => child?.ended() ?? adapter?.ended(),
  };
}

/** MP2P_URL, MP2P_CASE, MP2P_ACTIONS, MP2P_WISHES and one variable for each setting. */
export function environment(caseId: string, url: string, { actions, settings = {}, details = {} }: Wishes) {
  const env: Record<string, string> = {
    MP2P_URL: url,
    MP2P_CASE: caseId,
    MP2P_ACTIONS: actions.join(","),
    MP2P_WISHES: JSON.stringify({ ...settings, details }),
  };
  for (const [name, value] of Object.entries(settings)) {
    env[`MP2P_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}`] = plain(value);
  }
  return env;
}

/** @throws NotApplicable, Inconclusive where nothing can be said about the product, because it could not be driven to act */
export function demand(act: Act, done: Done): void {
  const reason = `the product cannot be driven to ${act.name}: ${done.reason}`;
  if (done.how === "unsupported" && !act.action.required) throw new NotApplicable(reason);
  if (done.how === "unsupported" || done.how === "failed") throw new Inconclusive(reason);
}
