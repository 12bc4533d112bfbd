import type { HttpReply } from "../engine/http.js";
import { status } from "../engine/http.js";
import type { Permitted, Refusal } from "../engine/refuses.js";
import { accepted, refused } from "./answers.js";
import type { PamsTest } from "./case.js";

export interface PamsRefusal<Message>
  extends Pick<
    Refusal<Message, HttpReply>,
    "what" | "requirement" | "valid" | "send" | "delta" | "reason" | "unchanged"
  > {
  /** What the tables name; any 4xx where they name nothing (E-PAMP-67). */
  readonly permitted?: Permitted<HttpReply>;
  /** Set where a product may let it pass: the remark to make then. Without, only a refusal is permitted. */
  readonly tolerated?: string;
}

/** A negative case against a PAMS: 2xx and 5xx are no refusal unless said otherwise (E-PAMP-67). */
export async function refuses<Message>(
  t: PamsTest,
  { permitted = refused, tolerated, reason, unchanged, ...refusal }: PamsRefusal<Message>,
): Promise<void> {
  let passed = false;
  const either: Permitted<HttpReply> = {
    expected: [...permitted.expected, ...accepted.expected],
    test: (reply) => permitted.test(reply) || accepted.test(reply),
  };
  await t.refuses<Message, HttpReply>({
    ...refusal,
    accepted,
    permitted: tolerated === undefined ? permitted : either,
    reason: (reply) => {
      passed = accepted.test(reply);
      if (passed && tolerated !== undefined) t.warn(tolerated);
      if (!passed) reason?.(reply);
    },
    // What was let pass has changed something, rightly.
    unchanged: async () => {
      if (!passed) await unchanged?.();
    },
  });
}

/** Permitted where nothing has to be refused, only to be lived through. */
export const lived = status("2xx", "4xx");
