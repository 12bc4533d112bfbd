import type { HttpReply } from "../engine/http.js";
import { status } from "../engine/http.js";
import type { Refusal } from "../engine/refuses.js";
import type { HomsTest } from "./case.js";
import type { Json } from "./messages.js";
import { accepted, refused } from "./overlays.js";

export interface HomsRefusal
  extends Pick<Refusal<Json, HttpReply>, "what" | "requirement" | "valid" | "send" | "delta" | "unchanged"> {
  /** Set where a product may let it pass: the remark to make then. Without, only a refusal is permitted. */
  readonly tolerated?: string;
}

/** A negative case against a HOMS: any 4xx is a refusal, 2xx and 5xx are not (E-HOMP-31). */
export async function refuses(t: HomsTest, { tolerated, unchanged, ...refusal }: HomsRefusal): Promise<void> {
  let passed = false;
  await t.refuses<Json, HttpReply>({
    ...refusal,
    accepted,
    permitted: tolerated === undefined ? refused : status("4xx", "2xx"),
    reason: (reply) => {
      passed = accepted.test(reply);
      if (passed && tolerated !== undefined) t.warn(tolerated);
    },
    // What was let pass has changed something, rightly.
    unchanged: async () => {
      if (!passed) await unchanged?.();
    },
  });
}
