import type { RequirementId } from "../../generated/catalogue/requirements.js";

/**
 * Why a statement that could be seen over the wire has no case yet, one sentence each. An entry goes when a case comes:
 * a test refuses a reason for a statement that a case judges.
 */
export const reasons: { readonly [id in RequirementId]?: string } = {};
