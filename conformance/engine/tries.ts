import type { CaseDefinition } from "./case.js";
import type { EntityUnderTest, NetworkSeen, RunContext } from "./entity.js";
import { attempt } from "./execute.js";
import { inLanes } from "./lanes.js";
import type { CaseResult, NetworkNote, ProductEnded } from "./result.js";

/** Tries of a case that fails: where all is well; where this machine was held up; where the network, or a case, did not do the same twice. */
const USUAL = 2;
const HELD_UP = 3;
const MOST = 5;
/** What is tried again is so few at a time: what was in its way the first time may have been the suite itself. */
const LANES = 8;

type Case = EntityUnderTest["cases"][number];

interface Tried {
  readonly results: readonly CaseResult[];
  /** The last one may come to something else another time. */
  readonly doubtful: boolean;
  /** One of them was held up. */
  readonly heldUp: boolean;
  /** How many of them gave up for that. */
  readonly unmeasured: number;
  /** There can be no further tries. */
  readonly over: boolean;
  /** The product ended during one of them. */
  readonly ended?: "right" | "wrong" | undefined;
}

/**
 * Runs cases until each has a result that can be believed. Datagrams may get lost, come twice, late or out of order, and the machine may be
 * too busy to answer or to measure in time: a failure counts when it comes again. Over HTTP one counts at once unless this machine was held up. Decides from what the cases came to only, so that a replay decides
 * the same.
 */
export class Tries {
  readonly #entity: EntityUnderTest;
  readonly #run: RunContext;
  readonly #onCase: ((result: CaseResult) => void) | undefined;
  /** What can be believed so far. */
  readonly settled = new Map<string, CaseResult>();
  readonly #tried = new Map<string, Tried>();
  readonly #again: { case: string; tries: number; first: string }[] = [];
  #odd = false;
  #ended: { readonly case: string; readonly others: readonly string[] } | undefined;
  /** Cases for which nobody was there. */
  readonly #gone = new Set<string>();

  constructor(entity: EntityUnderTest, run: RunContext, onCase?: (result: CaseResult) => void) {
    this.#entity = entity;
    this.#run = run;
    this.#onCase = onCase;
  }

  /** All of them, so many side by side, and then those again that have to be. */
  async settle(cases: readonly Case[], lanes: number): Promise<void> {
    let open = cases;
    for (let width = lanes; open.length > 0; width = Math.min(lanes, LANES)) {
      await inLanes(width, open, (one) => this.#try(one));
      this.#blame(open);
      open = open.filter((one) => !this.#done(one));
    }
  }

  /** What the network and the machine were seen to do; undefined where that is nothing. */
  note(): NetworkNote | undefined {
    const seen = this.#entity.network?.(this.#run) ?? { askedAgain: 0, twice: 0, outOfOrder: 0 };
    const triedAgain = [...this.#again];
    return seen.askedAgain + seen.twice + seen.outOfOrder + triedAgain.length > 0 ? { ...seen, triedAgain } : undefined;
  }

  async #try(one: CaseDefinition): Promise<void> {
    const before = this.#tried.get(one.id) ?? { results: [], heldUp: false, unmeasured: 0, ended: undefined };
    const { results } = before;
    const { result, doubtful, lost, ...now } = await attempt(this.#entity, one, this.#run, results.length);
    const state = { heldUp: before.heldUp || now.heldUp, unmeasured: before.unmeasured + Number(now.unmeasured) };
    // A recording that ends here holds no other tries to decide from.
    if (lost && results.length > 0)
      return void this.#tried.set(one.id, { ...state, results, doubtful: true, over: true });
    if (results.length > 0 && !doubtful) this.#odd = true;
    if (now.gone) this.#gone.add(one.id);
    const ended = now.ended ?? before.ended;
    this.#tried.set(one.id, { ...state, results: [...results, result], doubtful, over: lost, ended });
  }

  /**
   * A server that ends has the messages of several cases in its hands, and one of them was too much for it: the first that was wrong on
   * purpose, if any. Of the others nothing can be said.
   */
  #blame(cases: readonly Case[]): void {
    const held = cases.filter(({ id }) => {
      const tried = this.#tried.get(id);
      return tried?.ended !== undefined && !tried.doubtful;
    });
    const [culprit = undefined] = [
      ...held.filter(({ id }) => this.#tried.get(id)?.ended === "wrong"),
      ...held.filter(({ id }) => this.#tried.get(id)?.ended === "right"),
    ];
    if (culprit === undefined || this.#run.target.url === undefined) return;
    const others = held.filter((one) => one !== culprit).map(({ id }) => id);
    this.#ended ??= { case: culprit.id, others };
    for (const id of others) {
      const tried = this.#tried.get(id) as Tried;
      this.#gone.add(id);
      this.#tried.set(id, { ...tried, results: tried.results.map((one) => unsaid(one, culprit.id)) });
    }
  }

  /** What the product was at when it stopped answering, and how many cases could not be judged for it; undefined where it did not. */
  ended(): ProductEnded | undefined {
    if (this.#ended === undefined) return undefined;
    const unjudged = [...this.#gone].filter((id) => this.settled.get(id)?.verdict === "inconclusive").length;
    return { ...this.#ended, unjudged };
  }

  #done({ id }: Case): boolean {
    const { results, ...state } = this.#tried.get(id) as Tried;
    const [first] = results;
    const believed = this.#believed({ results, ...state });
    if (!first || !believed) return false;
    if (first.verdict === believed.verdict) this.#settle(believed);
    else {
      this.#again.push({ case: id, tries: results.length, first: `${first.verdict}: ${first.reason}` });
      const text = `tried ${results.length} times, for the first came to ${first.verdict}: ${first.reason}`;
      this.#settle({ ...believed, warnings: [...believed.warnings, { text, requirements: [] }] });
    }
    return true;
  }

  #settle(result: CaseResult): void {
    this.settled.set(result.id, result);
    this.#onCase?.(result);
  }

  /** The result of all tries so far; undefined where another one is needed. */
  #believed({ results, doubtful, heldUp, unmeasured, over, ended }: Tried): CaseResult | undefined {
    const last = results.at(-1) as CaseResult;
    // What has ended answers no second time.
    if (ended !== undefined && last.verdict === "inconclusive" && this.#run.target.url !== undefined)
      return results.findLast(({ verdict }) => verdict === "fail") ?? last;
    if (!doubtful) return last;
    const network = this.#entity.network?.(this.#run);
    const most = network === undefined || heldUp ? HELD_UP : USUAL;
    if (results.length < (this.#odd || isOdd(network) ? MOST : most) && !over) return undefined;
    const failed = results.filter(({ verdict }) => verdict === "fail");
    const often = failed.findLast((one) => comesAgain(one, failed));
    if (often) return often;
    // Something else each time: worth a few tries more, but a case that never passes is no accident, and what died answers once.
    if (failed.length > 1 && results.length < MOST && !over) return undefined;
    const nothingElse = failed.length === 1 && unmeasured > 0 && unmeasured === results.length - 1;
    if (nothingElse) return results.findLast(({ verdict }) => verdict !== "fail") ?? last;
    return failed.at(-1) ?? last;
  }
}

function unsaid(result: CaseResult, culprit: string): CaseResult {
  return {
    ...result,
    verdict: "inconclusive",
    reason: `the product ended while it had messages of several cases, ${culprit} among them: run this one by itself`,
    failures: [],
    judged: result.judged.map(({ requirement }) => ({ requirement, verdict: "inconclusive" as const })),
  };
}

function isOdd(seen: NetworkSeen | undefined): boolean {
  return seen !== undefined && seen.askedAgain + seen.twice + seen.outOfOrder > 0;
}

function comesAgain({ failures }: CaseResult, results: readonly CaseResult[]): boolean {
  const cited = new Set(failures.flatMap(({ requirements }) => requirements));
  const alike = results.filter((other) =>
    other.failures.some(({ requirements }) => requirements.some((id) => cited.has(id))),
  );
  return alike.length > 1;
}
