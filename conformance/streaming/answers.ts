import type { RequirementId } from "../../generated/catalogue/requirements.js";
import type { HttpReply } from "../engine/http.js";
import { status } from "../engine/http.js";
import type { HttpTest } from "../engine/http-entity.js";
import type { Shape } from "../engine/matchers.js";
import { describeShape, mismatch, show, valueAt } from "../engine/matchers.js";
import type { Permitted, Refusal } from "../engine/refuses.js";
import type { Cite } from "../engine/test.js";

/** Whatever is not a refusal: the profile says 200, and another 2xx draws a remark. */
export const accepted = status("2xx");
/** X.609.10 names no codes: any 4xx refuses. */
export const refused = status("4xx");
/** What is not there, or is not for whoever asks. */
export const notThere = status(404, 410, 403, 401);
/** Where nothing has to be refused, only to be lived through. */
export const lived = status("2xx", "4xx");

/** Judges that a request was carried out. */
export function succeeds(t: HttpTest, reply: HttpReply, cite: Cite): void {
  t.answers(reply, accepted, cite);
  if (reply.status !== 200) t.warn(`${cite.what}: ${reply.status}, where the profile has 200`);
}

/** For a check on a member of an answer: where the profile (`spec/ixs`) has it. */
export const memberOf =
  (form: string) =>
  (pointer: string): { readonly pointer: string; readonly form: string } => ({ pointer, form });

/** The member at a JSON pointer. */
export const memberAt = (reply: HttpReply, pointer: string): unknown =>
  valueAt(reply.json, pointer.slice(1).replaceAll("/", "."));

/** What the profile has in an answer and the Recommendation does not ask for: where it is missing or another, a remark says so. */
export function asInProfile(
  t: HttpTest,
  reply: HttpReply,
  members: Readonly<Record<string, Shape>>,
  form: string,
): void {
  for (const [pointer, shape] of Object.entries(members)) {
    const found = mismatch(memberAt(reply, pointer), shape);
    if (!found) continue;
    const seen = show(memberAt(reply, pointer));
    t.warn(
      `${pointer} is ${seen}, where this project's profile (${form}) has ${describeShape(shape)}; X.609.10 does not ask for it`,
    );
  }
}

/** A string that a later step cannot do without; inconclusive where it is not at the place that the profile has for it. */
export function needed(t: HttpTest, reply: HttpReply, pointer: string, form: string): string {
  const value = memberAt(reply, pointer);
  if (typeof value === "string" && value !== "") return value;
  return t.inconclusive(
    `${pointer} of the answer is ${show(value)}: the case needs the string that this project's profile (${form}) has there`,
  );
}

/** For set-up: the answer, or inconclusive where it is a refusal. */
export function ready(t: HttpTest, what: string, reply: HttpReply): HttpReply {
  if (!accepted.test(reply)) t.inconclusive(`${what} got ${reply.outcome}`);
  return reply;
}

export interface StreamingRefusal<Message>
  extends Pick<Refusal<Message, HttpReply>, "what" | "valid" | "send" | "delta" | "reason" | "unchanged"> {
  readonly requirement?: RequirementId | readonly RequirementId[];
  readonly permitted?: Permitted<HttpReply>;
  /** Set where a product may let it pass: the remark to make then. Without, only a refusal is permitted. */
  readonly tolerated?: string;
}

/** X.609.10 does not say what becomes of a message that is none: to fail at it is no good manners, and no more. */
const clumsy = status("5xx");

/** A negative case: a 2xx is no refusal unless it is tolerated; a 5xx where the message was wrong draws a remark. */
export async function refuses<Message>(
  t: HttpTest,
  { permitted, tolerated, reason, unchanged, ...refusal }: StreamingRefusal<Message>,
): Promise<void> {
  let passed = false;
  const either: Permitted<HttpReply> = {
    expected: [...(permitted ?? refused).expected, ...(tolerated === undefined ? [] : accepted.expected)],
    test: (reply) =>
      (permitted ?? refused).test(reply) ||
      (permitted === undefined && clumsy.test(reply)) ||
      (tolerated !== undefined && accepted.test(reply)),
  };
  await t.refuses<Message, HttpReply>({
    ...refusal,
    accepted,
    permitted: either,
    reason: (reply) => {
      passed = accepted.test(reply);
      if (clumsy.test(reply)) t.warn(`${refusal.what} is answered ${reply.status}: the fault was the sender's`);
      if (passed && tolerated !== undefined) t.warn(tolerated);
      if (!passed) reason?.(reply);
    },
    // What was let pass has changed something, rightly.
    unchanged: async () => {
      if (!passed) await unchanged?.();
    },
  });
}

/** The remark on what only the form of the profile (`spec/oms`) makes wrong. */
export const formOnly = (what: string, form: string): string =>
  `${what} is let pass: only this project's profile (${form}) makes it wrong, X.609.10 leaves the form open`;

/** `Authorization` of a bearer of this token. */
export function bearer(token: string): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${token}` };
}
