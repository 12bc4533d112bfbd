import type { ErratumId } from "../../generated/catalogue/errata.js";
import type { Actor, RequirementId } from "../../generated/catalogue/requirements.js";
import type { ReviewId } from "./reviews.js";

/** Whom a statement binds, one by one: `any` stands for all of its document. */
export type Product = Exclude<Actor, "any">;

/**
 * Why a statement cannot be seen: the text has no message for it on that reference point; it shows inside the product only; it is a
 * permission, which nothing can contradict; one run against one product does not show it; it describes and asks for nothing.
 */
export type Hidden = "no message" | "inside" | "permission" | "beyond a run" | "description";

/** Why no case judges a statement. `reason` is about that statement, in one sentence or less. */
export type Reason =
  | { readonly state: "static"; readonly review: ReviewId; readonly reason: string }
  | { readonly state: "not observable"; readonly hidden: Hidden; readonly reason: string }
  | { readonly state: "ambiguous"; readonly erratum: ErratumId; readonly reason: string };

/** One reason for every product that a statement binds, or one for each. */
export type Classification = {
  readonly [id in RequirementId]?: Reason | { readonly [product in Product]?: Reason };
};

/** Answered by the declaration or the product's documents. */
export function review(review: ReviewId, reason: string): Reason {
  return { state: "static", review, reason };
}

function notObservable(hidden: Hidden): (reason: string) => Reason {
  return (reason) => ({ state: "not observable", hidden, reason });
}

export const inside = notObservable("inside");
export const permission = notObservable("permission");
export const beyond = notObservable("beyond a run");
export const description = notObservable("description");

/** The text defines no message for it: `what` would have to be seen on that reference point. */
export function noMessage(point: string, what: string): Reason {
  return { state: "not observable", hidden: "no message", reason: `the text defines none on ${point}: ${what}` };
}

/** The text leaves open what is right; `reading` is what this project takes it to mean. */
export function undecided(erratum: ErratumId, reading: string): Reason {
  return { state: "ambiguous", erratum, reason: reading };
}
