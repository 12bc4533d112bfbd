import type { Matcher } from "../engine/matchers.js";
import { is, isObject } from "../engine/matchers.js";
import type { Json } from "./messages.js";

/** CR_POLICY as it was set; recovery_by counts as recovery-by (E-HOMP-26). */
export function crPolicy(asked: { mN_Cache: number; mD_Cache: number; "recovery-by": string }): Matcher {
  return is.where(JSON.stringify(asked), (actual) => {
    if (!isObject(actual)) return false;
    const by = actual["recovery-by"] ?? actual.recovery_by;
    return actual.mN_Cache === asked.mN_Cache && actual.mD_Cache === asked.mD_Cache && by === asked["recovery-by"];
  });
}

/** No cr-policy, or one that says that nothing is cached: mN_Cache 0 means no recovery either (E-HOMP-55). */
export const noRecovery: Matcher = is.where("no cr-policy, or one whose mN_Cache is 0", (actual) => {
  if (actual === undefined || actual === null) return true;
  return isObject(actual) && ((actual as Json).mN_Cache === 0 || Object.keys(actual).length === 0);
});
