import type { Declaration } from "../engine/declaration.js";
import type { RunContext } from "../engine/entity.js";
import { Inconclusive, NotApplicable } from "../engine/outcome.js";
import type { Cite, Test } from "../engine/test.js";
import { awaitEnter, PATIENCE_MS } from "../engine/wait.js";
import type { Act, Action, Done, Product, Wishes } from "./drive.js";
import { demand, drive } from "./drive.js";
import type { HttpHost } from "./http-host.js";
import { hostHttp } from "./http-host.js";
import type { ClientRequest } from "./request.js";
import { primitive } from "./request.js";
import type { ClientRun } from "./run.js";
import { clientRun, shareHost } from "./run.js";
import type { StandInProtocol } from "./stand-in.js";
import { StandIn } from "./stand-in.js";
import { plain } from "./stimulus.js";

/** What a product in client role is judged with; one per entity. */
export interface ClientProtocol extends StandInProtocol {
  readonly actions: Readonly<Record<string, Action>>;
  /** The server that is stood in for, in failures: `PAMS`. */
  readonly server: string;
}

export interface StartOptions extends Wishes {
  /** The stand-in answers what is wrong on purpose: what the product sends then is not held to the rules on every message. */
  readonly hostile?: boolean;
}

export interface DueOptions extends Cite {
  readonly withinMs?: number;
  readonly where?: (request: ClientRequest) => boolean;
}

/** What a case in client role gets. */
export interface ClientTest extends Test {
  /** The stand-in server: script it before `start`. */
  readonly server: StandIn;
  /** What all cases of the run share: every request that was heard. */
  readonly run: ClientRun;
  /** How long the product may take to act, in ms: `acts-within` of the declaration. */
  readonly actsWithinMs: number;
  /** Starts the product (or, under `--listen`, waits for it) with these wishes, and lets it reach `server`. */
  start(options: StartOptions): Promise<Product>;
  /** A second stand-in at an address of its own, for a server that the first one names. */
  another(name: string): Promise<StandIn>;
  /**
   * Waits for what an act has to bring. Comes it not: a failure where the product is known to have been asked, or sent something else
   * instead; inconclusive where nobody knows whether it was.
   */
  due(wanted: string | readonly string[], act: Act, cite: DueOptions): Promise<ClientRequest>;
  /** What came of an act, as far as the product or its adapter tells; inconclusive where it could not be driven to it. */
  outcome(act: Act): Promise<Done>;
}

export interface ClientOptions {
  readonly protocol: ClientProtocol;
}

/** Values that the declaration of every product in client role has. */
export function clientValues(actions: Readonly<Record<string, Action>>) {
  const stimuli = Object.entries(actions).map(([name, { title }]) => [
    `stimulus-${name}`,
    {
      title: `Makes the product do this, as it is shipped: ${title} (METHOD ADDRESS BODY, or a shell command); empty: there is nothing`,
      default: "",
    },
  ]);
  return {
    "acts-within": {
      title: "Time in which the product does what it is asked or started for, at most",
      default: 5,
      unit: "s",
    },
    performs: {
      title: "Actions that the command of --exec performs when MP2P_ACTIONS names them, beside those of start and end",
      default: [] as readonly string[],
    },
    ...(Object.fromEntries(stimuli) as Readonly<Record<`stimulus-${string}`, { title: string; default: string }>>),
  } as const;
}

export function equipClient(base: Test, run: RunContext, { protocol }: ClientOptions): ClientTest {
  const t = base as ClientTest;
  const state = clientRun(run);
  const declared = base.declared as Declaration;
  const waits = run.target.wait === true;
  const actsWithinMs = waits ? PATIENCE_MS : 1000 * (declared.value("acts-within" as never) as number);
  let hostile = false;
  const standIn = (name?: string): StandIn =>
    new StandIn(base, {
      protocol,
      ...(name === undefined ? {} : { name }),
      onRequest: (request) => {
        if (!hostile) state.heard.push({ caseId: base.definition.id, request });
      },
    });
  const server = standIn();
  let started: Product | undefined;

  const open = async (to: StandIn, host = "127.0.0.1"): Promise<void> => {
    const listener: HttpHost = await hostHttp(
      base.world,
      { host, port: 0 },
      {
        onRequest: (request) => to.receive(request, listener),
        onEnd: (connection, rest) => to.lost(connection, rest, listener),
      },
    );
    base.cleanup("the listener", () => listener.close());
    to.attach(listener);
  };

  const start = async ({ hostile: wrong = false, ...wishes }: StartOptions): Promise<Product> => {
    hostile = wrong;
    return await base.setup("the product", async () => {
      if (state.shared) {
        state.shared.use(server);
        base.cleanup("the hold on the shared listener", () => state.shared?.release(server));
      } else {
        await open(server);
      }
      if (waits) await awaitEnter(base.world, announcement(base, server.url, wishes));
      started = await drive(base, server.url, wishes, {
        target: run.target,
        actions: protocol.actions,
        performs: declared.value("performs" as never) as readonly string[],
        stimulus: (action) => declared.value(`stimulus-${action}` as never) as string,
        timeoutMs: waits ? PATIENCE_MS : Math.max(10_000, run.timeoutMs),
        onChange: () => server.wake(),
      });
      return started;
    });
  };

  const due = async (
    wanted: string | readonly string[],
    act: Act,
    { withinMs = actsWithinMs, where, ...cite }: DueOptions,
  ): Promise<ClientRequest> => {
    const names = typeof wanted === "string" ? [wanted] : wanted;
    const before = server.arrived.length;
    const hopeless = (): boolean => act.done?.how === "unsupported" || started?.ended() !== undefined;
    const request = await server.next(names, { withinMs, ...(where ? { where } : {}), unless: hopeless });
    if (!request.silent) {
      t.answers(request, primitive(...names), cite);
      return request;
    }
    const since = server.arrived.slice(before);
    const stray = since.find((one) => one.primitive === "" && !one.silent);
    if (act.done?.how === "unsupported") demand(act, act.done);
    // What went to the wrong place was refused there: that the product reports a failure then is no excuse.
    if (stray) t.fails(names, stray.outcome, { ...cite, entry: stray.entry });
    if (act.done) demand(act, act.done);
    const ended = started?.ended();
    const told = act.done?.how === "asked";
    if (!told || (ended !== undefined && server.arrived.length === 0)) {
      const end = ended === undefined ? "" : `; its process ended: ${ended}`;
      const reason = `no ${names.join(" or ")} came (${act.done?.reason ?? "the act is still under way"})${end}`;
      throw act.action.required ? new Inconclusive(reason) : new NotApplicable(reason);
    }
    t.fails(names, `${request.outcome} (${act.done?.reason})`, { ...cite, entry: request.entry });
    return request;
  };

  const outcome = async (act: Act): Promise<Done> => {
    const done = await act.over;
    if (done.how === "unsupported") demand(act, done);
    return done;
  };

  return Object.assign(t, {
    server,
    run: state,
    actsWithinMs,
    start,
    due,
    outcome,
    another: async (name: string) => {
      const other = standIn(name);
      await open(other, state.shared?.host);
      return other;
    },
  });
}

function announcement({ definition }: Test, url: string, { actions, settings = {} }: Wishes): string[] {
  const wishes = Object.entries(settings).map(([name, value]) => `  ${name}: ${plain(value)}`);
  return [
    definition.id,
    `  ${definition.title}`,
    `  the suite's server: ${url}`,
    `  actions: ${actions.join(", ")}`,
    ...wishes,
  ];
}

/** `open` of an entity in client role: listens for the whole run where the product acts by itself. */
export async function openClient(run: RunContext): Promise<() => Promise<void>> {
  if (run.target.listen === undefined) return async () => {};
  return await shareHost(run, run.target.listen);
}

/** Products that act by themselves are one only, and cases take turns with it. */
export function clientLanes({ target }: RunContext): number {
  return target.listen !== undefined || target.wait ? 1 : 24;
}
