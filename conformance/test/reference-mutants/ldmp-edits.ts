import type { RequirementId } from "../../../generated/catalogue/requirements.js";
import type { Mutant } from "./mutant.js";
import { sending } from "./mutant.js";

/** Edits of what both ends of LDMP share. */
export const counterpart = (find: string, replace: string) => ({ file: "impl/ldmp/counterpart.ts", find, replace });
export const variables = (find: string, replace: string) => ({ file: "impl/ldmp/variables.ts", find, replace });
export const codec = (find: string, replace: string) => ({ file: "generated/ldmp/codec.ts", find, replace });

/** Changes the octets of the messages that a condition in source text picks, as they leave. */
export const octets = (
  breaks: readonly RequirementId[],
  what: string,
  when: string,
  change: string,
): Omit<Mutant, "id" | "entity"> => ({ breaks, what, ...sending(`if (${when}) { ${change} }`) });

/** Conditions for {@link octets}, and a change of T. */
export const REPLY = "message.type === 2";
export const HEARTBEAT = "message.type !== 2 && message.code === 7";
export const typed = (type: number): string => `octets[0] = (octets[0] & 0xcf) | ${type << 4};`;
