import type { PreflightStep } from "../engine/entity.js";
import type { HttpTest } from "../engine/http-entity.js";
import type { HttpPreflight } from "../engine/http-preflight.js";
import { httpPreflight } from "../engine/http-preflight.js";

/** Preconditions of a server of X.609.10, by this project's profile. */
export function streamingPreflight<T extends HttpTest>(spec: HttpPreflight<T>, folder: string): PreflightStep<T>[] {
  return [
    {
      what: "the product speaks the profile that the suite judges by",
      hint: `X.609.10 defines no messages here; the suite knows those of spec/${folder} only, and the declaration says that the product speaks others (options: profile: false)`,
      check: async (t) => t.declared.option("profile" as never),
    },
    ...httpPreflight(spec),
  ];
}
