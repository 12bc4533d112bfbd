import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { Relation } from "./network.js";

/** What two peers have in common, the nearest first [X.609.10 8.3]. */
export const distanceClasses = ["same-host", "same-prefix", "same-as", "neighbour-as", "other-as", "unknown"] as const;

export type DistanceClass = (typeof distanceClasses)[number];

/** What the ISP prefers [X.609.10 8.3 a]: costs, whole numbers; the smaller, the better. */
export interface UnisPolicy {
  readonly classes: Readonly<Record<DistanceClass, number>>;
  /** Added to `neighbour-as`: what the other peer's system is to that of the asking one. */
  readonly relations: Readonly<Record<Relation, number>>;
  /** From the system of the asking peer to that of the other one, instead of the above. */
  readonly pairs: readonly { readonly from: number; readonly to: number; readonly cost: number }[];
  /** Whether wishes of the asking peer come before the costs, or count for nothing [8.4 c]. */
  readonly preferences: "honour" | "ignore";
}

/** Traffic that stays inside costs nothing much, that of customers is welcome, that of providers is paid for. */
export const defaultPolicy: UnisPolicy = {
  classes: {
    "same-host": 0,
    "same-prefix": 10,
    "same-as": 100,
    "neighbour-as": 1000,
    "other-as": 10_000,
    unknown: 20_000,
  },
  relations: { customer: 0, peer: 100, provider: 500 },
  pairs: [],
  preferences: "honour",
};

/** A policy file that says something else than a policy. */
export class PolicyError extends Error {}

const mostCost = 1_000_000_000;

/**
 * Reads a policy, YAML or JSON. What it leaves out is as in {@link defaultPolicy}.
 *
 * @throws PolicyError that names the member at fault
 */
export function readPolicy(text: string): UnisPolicy {
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 0 }) ?? {};
  } catch (error) {
    throw new PolicyError(`the policy is no YAML: ${(error as Error).message.split("\n")[0]}`);
  }
  const { classes = {}, relations = {}, pairs = [], preferences = "honour", ...rest } = members(value, "the policy");
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw new PolicyError(`${unknown} is not known: classes, relations, pairs, preferences`);
  if (preferences !== "honour" && preferences !== "ignore") throw new PolicyError("preferences: honour or ignore");
  if (!Array.isArray(pairs)) throw new PolicyError("pairs: a list of { from, to, cost } is wanted");
  return {
    classes: costs(defaultPolicy.classes, members(classes, "classes"), "classes"),
    relations: costs(defaultPolicy.relations, members(relations, "relations"), "relations"),
    pairs: pairs.map((pair: unknown, index) => {
      const at = `pairs[${index}]`;
      const { from, to, cost } = members(pair, at);
      return {
        from: whole(from, `${at}.from`, 0xffff_ffff),
        to: whole(to, `${at}.to`, 0xffff_ffff),
        cost: whole(cost, `${at}.cost`, mostCost),
      };
    }),
    preferences,
  };
}

/** @throws PolicyError, or the system's error where the file cannot be read */
export function loadPolicy(path: string): UnisPolicy {
  return readPolicy(readFileSync(path, "utf8"));
}

function costs<T extends Readonly<Record<string, number>>>(defaults: T, given: Record<string, unknown>, at: string): T {
  const result: Record<string, number> = { ...defaults };
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(defaults, name)) {
      throw new PolicyError(`${at}.${name} is not known: ${Object.keys(defaults).join(", ")}`);
    }
    result[name] = whole(value, `${at}.${name}`, mostCost);
  }
  return result as T;
}

function members(value: unknown, at: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new PolicyError(`${at}: a map is wanted`);
}

function whole(value: unknown, at: string, most: number): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= most) return value;
  throw new PolicyError(`${at}: a whole number from 0 to ${most} is wanted`);
}
