import { isObject, show } from "./matchers.js";
import { SuiteError } from "./outcome.js";
import type { Cite, Test } from "./test.js";

/** What came back, whatever the protocol: one line for people, and where it stands in the transcript. */
export interface Outcome {
  readonly outcome: string;
  readonly entry: number;
}

/** A set of outcomes that a clause permits. */
export interface Permitted<R extends Outcome> {
  readonly expected: readonly string[];
  test(reply: R): boolean;
}

/** How a message is to be sent: `malformed` keeps the suite from refusing its own deliberate mistake. */
export interface SendAs {
  readonly malformed: boolean;
}

export interface Refusal<Message, R extends Outcome> extends Cite {
  /** Makes a fresh valid message; called once for the twin and once for the message that is to be refused. */
  valid(): Message | Promise<Message>;
  /** Sends one. Hand `as` on to the instrument. */
  send(message: Message, as: SendAs): Promise<R>;
  /** What the valid twin has to be answered with, or nothing can be said about the refusal. */
  accepted: Permitted<R>;
  /** The one difference: `set(path, value)`, `without(path)`, or a function on raw text or octets. */
  delta(message: Message): Message;
  /** Every refusal the clause permits. */
  permitted: Permitted<R>;
  /** Further checks on the refusal itself, where the clause fixes the reason. */
  reason?(refusal: R): void;
  /** Checks that the refused message changed nothing. */
  unchanged?(): Promise<void>;
}

/**
 * The negative case, all of it: the valid twin passes first, one difference is made, the refusal is judged, and the product has to be
 * alive afterwards. A refusal for any other reason than the difference cannot pass, and neither can a product that refuses everything.
 */
export async function refuse<Message, R extends Outcome>(
  t: Test,
  alive: () => Promise<boolean>,
  spec: Refusal<Message, R>,
): Promise<R> {
  await t.setup(`the valid twin of ${spec.what}`, async () => {
    const reply = await spec.send(await spec.valid(), { malformed: false });
    if (!spec.accepted.test(reply)) {
      t.inconclusive(`expected ${spec.accepted.expected.join(" or ")}, got ${reply.outcome}`);
    }
  });
  const valid = await spec.valid();
  const wrong = spec.delta(structuredClone(valid));
  checkDelta(valid, wrong, t.definition.id);
  const reply = await spec.send(wrong, { malformed: true });
  t.that(spec.permitted.test(reply), spec.permitted.expected, reply.outcome, { ...spec, entry: reply.entry });
  spec.reason?.(reply);
  const phase = t.transcript.phase;
  t.transcript.phase = "cleanup";
  const lives = await alive().catch(() => false);
  t.transcript.phase = phase;
  if (!lives) t.record.ended = true;
  if (!lives) t.fails("the product still answers afterwards", "it no longer answers", { ...spec, entry: reply.entry });
  await spec.unchanged?.();
  return reply;
}

function checkDelta(valid: unknown, wrong: unknown, id: string): void {
  const changed = differences(valid, wrong);
  if (changed.length !== 1) {
    throw new SuiteError(
      `${id}: the message to be refused has to differ from its valid twin in one place, but differs in ${changed.join(", ") || "none"}`,
    );
  }
}

/** Paths of the smallest parts that differ; a list or text counts as one part. */
export function differences(a: unknown, b: unknown, path = ""): string[] {
  if (isObject(a) && isObject(b) && !(a instanceof Uint8Array)) {
    const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
    return names.flatMap((name) => differences(a[name], b[name], path === "" ? name : `${path}.${name}`));
  }
  return comparable(a) === comparable(b) ? [] : [path || "(all)"];
}

function comparable(value: unknown): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString("hex") : (JSON.stringify(value) ?? "absent");
}

/** The same message with another value at a dotted path. */
export function set(path: string, value: unknown): <Message>(message: Message) => Message {
  return (message) =>
    edit(message, path, (holder, name) => {
      holder[name] = value;
    });
}

/** The same message without the member at a dotted path. */
export function without(path: string): <Message>(message: Message) => Message {
  return (message) =>
    edit(message, path, (holder, name) => {
      if (!Object.hasOwn(holder, name)) throw new SuiteError(`the valid message has no ${path} to leave out`);
      delete holder[name];
    });
}

function edit<Message>(
  message: Message,
  path: string,
  change: (holder: Record<string, unknown>, name: string) => void,
): Message {
  const copy = structuredClone(message);
  const names = path.split(".");
  const last = names.pop() ?? "";
  let holder: unknown = copy;
  for (const name of names) holder = isObject(holder) ? holder[name] : undefined;
  if (!isObject(holder)) throw new SuiteError(`the valid message has no object to hold ${path}: ${show(message)}`);
  change(holder, last);
  return copy;
}
