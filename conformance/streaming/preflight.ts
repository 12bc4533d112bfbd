import type { PreflightStep } from "../engine/entity.js";
import type { HttpReply } from "../engine/http.js";
import type { HttpTest } from "../engine/http-entity.js";
import type { HttpPreflight } from "../engine/http-preflight.js";
import { httpPreflight } from "../engine/http-preflight.js";
import { NoAnswer } from "../engine/outcome.js";

/** Somebody whom the product may want credentials of, and whose credentials are declared. */
export interface Caller<T extends HttpTest> {
  /** `the administrator` */
  readonly who: string;
  /** The item of the declaration. */
  readonly value: string;
  /** `a registration` */
  readonly what: string;
  /** A request that such a caller has to be able to make, undone after the preconditions; undefined: it cannot be tried. */
  send(t: T): Promise<HttpReply | undefined>;
}

/** Preconditions of a server of X.609.10, by this project's profile. */
export function streamingPreflight<T extends HttpTest>(
  spec: HttpPreflight<T>,
  folder: string,
  callers: readonly Caller<T>[],
): PreflightStep<T>[] {
  return [
    {
      what: "the product speaks the profile that the suite judges by",
      hint: `X.609.10 defines no messages here; the suite knows those of spec/${folder} only, and the declaration says that the product speaks others (options: profile: false)`,
      check: async (t) => t.declared.option("profile" as never),
    },
    ...httpPreflight(spec),
    ...callers.map(entitled),
  ];
}

/** No verdict comes of credentials that nobody declared [X.290: a PIXIT item]. */
function entitled<T extends HttpTest>({ who, value, what, send }: Caller<T>): PreflightStep<T> {
  return {
    what: `${who} is let in with the credentials declared`,
    hint: `declare the credentials of ${who}, in --pics FILE as values: ${value}: ["authorization: …"]`,
    check: async (t) => {
      try {
        const reply = await send(t);
        if (reply?.status !== 401 && reply?.status !== 403) return true;
        const given = (t.declared.value(value as never) as readonly string[]).length > 0;
        return given
          ? `${what} is answered ${reply.status}, although ${value} is declared: are these the credentials of ${who}?`
          : `${what} is answered ${reply.status}: declare the credentials of ${who}, in --pics FILE as values: ${value}: ["authorization: …"]`;
      } catch (error) {
        // A product that leaves one message unanswered is judged for it.
        if (error instanceof NoAnswer) return true;
        throw error;
      }
    },
  };
}
