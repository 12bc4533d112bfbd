import type { Requirement, RequirementId } from "../../generated/catalogue/requirements.js";
import type { CaseDefinition } from "./case.js";
import { clauseOf, isMandatory, requirement, strongest } from "./catalogue.js";
import type { Declaration } from "./declaration.js";
import type { RunContext } from "./entity.js";
import type { Shape } from "./matchers.js";
import { describeShape, mismatch, show } from "./matchers.js";
import type { Failure } from "./outcome.js";
import { CheckFailed, HeldUp, Inconclusive, NoAnswer, SuiteError } from "./outcome.js";
import { SeededRandom } from "./random.js";
import type { Outcome, Permitted, Refusal } from "./refuses.js";
import { refuse } from "./refuses.js";
import { Transcript } from "./transcript.js";
import type { World } from "./world.js";

/** What a check is about; nothing can be judged without. */
export interface Cite {
  /** The statement, or statements, that fix the expectation; may be left out where the case claims one only. */
  readonly requirement?: RequirementId | readonly RequirementId[];
  /** What is judged, to be read after "judges": `the status of a valid creation`. */
  readonly what: string;
  /** Narrower than the requirement's own clause, where that helps. */
  readonly clause?: string;
  /** Index into the transcript of the message judged (`reply.entry`); the last one unless given. */
  readonly entry?: number | undefined;
  /** Where in that message, in octets from its beginning. */
  readonly offset?: number | undefined;
  /** Which member of that message, as a JSON pointer: `/registration/version`. */
  readonly pointer?: string | undefined;
  /** The profile that puts it there (`spec/ixs`), where the Recommendation leaves the form of its messages open. */
  readonly form?: string | undefined;
}

export interface Note {
  readonly text: string;
  readonly requirements: readonly RequirementId[];
}

/** What a case gets: its declaration, its namespace, its checks. Instruments are added by the entity's `equip`. */
export class Test {
  /** The only way to the clock and to anything outside. */
  readonly world: World;
  readonly transcript: Transcript;
  readonly declared: Declaration;
  readonly random: SeededRandom;
  /** Fires when the case has used up its budget; during clean-up, when that has. Instruments read it anew for each message. */
  signal: AbortSignal;
  readonly definition: CaseDefinition;
  /** What the checks found: read by the runner. */
  readonly record = {
    judged: new Set<RequirementId>(),
    failures: [] as Failure[],
    warnings: [] as Note[],
    /** Whether the message sent last was wrong on purpose. */
    wrong: false,
    /** Set where the product ended with the case's message in its hands. */
    ended: false,
    cleanups: [] as { readonly what: string; readonly undo: () => Promise<unknown> | unknown }[],
  };
  readonly #run: RunContext;
  /** Asks whether the product still answers; set by the runner. */
  alive: () => Promise<boolean> = async () => true;
  /** Lengthens the budget by a wait that the suite imposed on itself; set by the runner. */
  extend: (milliseconds: number) => void = () => {};
  #names = 0;

  /** `tried`: how often the case was tried before; its names are others then. */
  constructor(definition: CaseDefinition, run: RunContext, signal: AbortSignal, tried = 0) {
    this.definition = definition;
    this.world = run.world.scope(definition.id);
    this.transcript = new Transcript(this.world);
    this.declared = run.declared;
    this.random = new SeededRandom(`${run.seed}/${definition.id}${tried > 0 ? `#${tried}` : ""}`);
    this.signal = signal;
    this.#run = run;
  }

  // ---- namespace and phases ----

  /** A name that no other case and no other run uses: `peer-4be1c0aa-2`. */
  unique(prefix = "id"): string {
    return `${prefix}-${this.random.hex(8)}-${++this.#names}`;
  }

  /** Brings about a precondition. If the product does not play along, nothing is judged: the case is inconclusive. */
  async setup<R>(what: string, action: () => Promise<R>): Promise<R> {
    const before = this.transcript.phase;
    this.transcript.phase = "setup";
    try {
      return await action();
    } catch (error) {
      if (error instanceof CheckFailed || error instanceof NoAnswer || error instanceof Inconclusive) {
        const gone = error instanceof NoAnswer || (error instanceof Inconclusive && error.gone);
        throw new Inconclusive(`could not set up ${what}: ${error.message}`, gone);
      }
      throw error;
    } finally {
      this.transcript.phase = before;
    }
  }

  /** Undone after the case whatever its verdict, last first; never judged. */
  cleanup(what: string, undo: () => Promise<unknown> | unknown): void {
    this.record.cleanups.push({ what, undo });
  }

  /** A line in the transcript that says what follows. */
  step(what: string): void {
    this.transcript.add("step", what);
  }

  /** Waits without holding up other cases; rejects when the budget is used up. */
  async sleep(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const stop = (): void => {
        cancel();
        reject(new Inconclusive("the case used up its time budget"));
      };
      const { signal } = this;
      const cancel = this.world.timer(milliseconds, () => {
        signal.removeEventListener("abort", stop);
        resolve();
      });
      if (signal.aborted) stop();
      signal.addEventListener("abort", stop, { once: true });
    });
  }

  // ---- checks ----

  /** The value is one of those permitted (compared by JSON value). */
  oneOf<V>(actual: V, permitted: readonly V[], cite: Cite): void {
    const found = permitted.some((one) => JSON.stringify(one) === JSON.stringify(actual));
    const named = (value: V): string => (Array.isArray(value) && value.length === 0 ? "none" : show(value));
    this.#check(found, permitted.map(named), named(actual), cite);
  }

  equal<V>(actual: V, expected: V, cite: Cite): void {
    this.oneOf(actual, [expected], cite);
  }

  /** The value has the shape; members not named in the shape are not looked at. */
  match(actual: unknown, shape: Shape, cite: Cite): void {
    const found = mismatch(actual, shape);
    if (!found) {
      this.#check(true, [], "", cite);
      return;
    }
    const at = found.path === "" ? "" : `${found.path}: `;
    this.#check(
      false,
      [found.path === "" ? describeShape(shape) : `${at}${found.expected}`],
      `${at}${show(found.actual)}`,
      cite,
    );
  }

  /** What came back is one of the permitted outcomes: `t.answers(reply, status(200), …)`, `t.answers(answer, code("2.xx"), …)`. */
  answers<R extends Outcome>(reply: R, permitted: Permitted<R>, cite: Cite): void {
    this.#check(permitted.test(reply), permitted.expected, reply.outcome, { entry: reply.entry, ...cite });
  }

  /** A negative case with its valid twin, its one difference and the proof of life afterwards; see `Refusal`. */
  async refuses<Message, R extends Outcome>(refusal: Refusal<Message, R>): Promise<R> {
    return await refuse(this, this.alive, refusal);
  }

  /** Anything else: say what is permitted and what was seen. */
  that(holds: boolean, permitted: string | readonly string[], actual: unknown, cite: Cite): void {
    const seen = typeof actual === "string" ? actual : show(actual);
    this.#check(holds, typeof permitted === "string" ? [permitted] : permitted, seen, cite);
  }

  /** Records that a statement was judged and found kept, where no comparison is due. */
  passed(cite: Cite): void {
    this.#check(true, [], "", cite);
  }

  /** Records a failure and, on a mandatory statement, ends the case. */
  fails(permitted: string | readonly string[], actual: unknown, cite: Cite): void {
    this.that(false, permitted, actual, cite);
  }

  /** A remark that does not touch the verdict: permitted but not preferred, or an erratum whose policy is `warn`. */
  warn(text: string, about?: RequirementId | readonly RequirementId[]): void {
    const requirements = about === undefined ? [] : this.#claimed(typeof about === "string" ? [about] : about);
    for (const id of requirements) this.record.judged.add(id);
    this.record.warnings.push({ text, requirements });
    this.transcript.add("note", text);
  }

  /** A precondition is missing; nothing can be said. */
  inconclusive(reason: string): never {
    throw new Inconclusive(reason);
  }

  /** Ends the case, to be tried again: this machine was held up that long, in ms, while a time was measured. */
  heldUp(milliseconds: number): never {
    throw new HeldUp(milliseconds);
  }

  /** The value, or inconclusive where it is missing: for what a later step needs but this case does not judge. */
  need<V>(value: V, what: string): NonNullable<V> {
    if (value === undefined || value === null) this.inconclusive(`the product gave no ${what}`);
    return value;
  }

  /** A string that a later step needs, such as an identifier the product issues. */
  needString(value: unknown, what: string): string {
    if (typeof value !== "string" || value === "") this.inconclusive(`the product gave no ${what}, but ${show(value)}`);
    return value;
  }

  // ---- inside ----

  #check(holds: boolean, permitted: readonly string[], actual: string, cite: Cite): void {
    const requirements = this.#cited(cite);
    if (holds) {
      for (const id of requirements) this.record.judged.add(id);
      return;
    }
    const failure = this.failure(permitted, actual, { ...cite, requirement: requirements });
    for (const id of requirements) this.record.judged.add(id);
    if (isMandatory(failure.level)) throw new CheckFailed(failure);
    this.record.failures.push(failure);
    this.transcript.add("note", `not as ${failure.level}: ${failure.what}`);
  }

  /** Builds a failure with all of its mandatory members. */
  failure(permitted: readonly string[], actual: string, cite: Cite): Failure {
    const requirements = this.#cited(cite);
    if (permitted.length === 0 || cite.what.trim() === "") {
      throw new SuiteError("a failure without its permitted outcomes, or without what was judged");
    }
    const entry = cite.entry ?? this.transcript.lastMessage();
    return {
      requirements,
      clauses: cite.clause ? [cite.clause] : [...new Set(requirements.map(clauseOf))],
      level: strongest(requirements),
      what: cite.what,
      permitted,
      actual,
      entry,
      ...(cite.offset === undefined ? {} : { offset: cite.offset }),
      ...(cite.pointer === undefined ? {} : { pointer: cite.pointer }),
      ...(cite.form === undefined ? {} : { form: cite.form }),
      reproduce: this.transcript.reproduce(entry) ?? this.#run.replay(this.definition.id),
    };
  }

  #cited(cite: Cite): readonly RequirementId[] {
    if (cite.requirement === undefined) {
      const [only, ...others] = this.definition.requirements;
      if (only !== undefined && others.length === 0) return [only];
      throw new SuiteError(`the check of ${cite.what} does not say which of the case's requirements it judges`);
    }
    return this.#claimed(typeof cite.requirement === "string" ? [cite.requirement] : cite.requirement);
  }

  #claimed(ids: readonly RequirementId[]): readonly RequirementId[] {
    for (const id of ids) {
      if (!this.definition.requirements.includes(id)) {
        throw new SuiteError(`a check cites ${id}, which the case does not claim; add it to its requirements`);
      }
    }
    return ids;
  }

  /** The catalogue's entry, for titles and levels. */
  requirement(id: RequirementId): Requirement {
    return requirement(id);
  }
}
