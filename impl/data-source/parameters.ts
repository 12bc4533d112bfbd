import { Code, profile } from "../../generated/ldmp/index.js";
import { parseJson } from "../../generated/runtime/json.js";

export type ParameterValue = string | number | boolean;

/** Something a source peer can PUT, and GET under the same name. */
export interface Parameter {
  readonly name: string;
  /** The value before any PUT, and again after RESET [X.609.8 7.6]. */
  readonly initial: ParameterValue;
  /** Whether a value may be set; what it refuses is answered with 4.06. */
  accepts(value: unknown): value is ParameterValue;
  /** Called with every new value, the initial one after RESET included. */
  apply?(value: ParameterValue): void;
}

/** A parameter in seconds. */
export function secondsParameter(name: string, initial: number, apply: (seconds: number) => void): Parameter {
  return {
    name,
    initial,
    accepts: (value): value is number => typeof value === "number" && value >= 0.05 && value <= 86_400,
    apply: (value) => apply(value as number),
  };
}

export interface ParameterSet {
  has(name: string): boolean;
  get(name: string): ParameterValue | undefined;
  /** Carries out a PUT: all of the members are set, or none. Gives the code to answer with (E-LDMP-13 A). */
  put(text: string): Code;
  reset(): void;
}

/** Bounds on the JSON of a PUT. */
const limits = { depth: 2, members: profile.payloads.parameters.schema.maxProperties };

/** The grammar of the profile: an object of at least one text, number or truth value. */
function isParameters(value: unknown): value is Record<string, ParameterValue> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const members = Object.values(value);
  return members.length > 0 && members.every((member) => ["string", "number", "boolean"].includes(typeof member));
}

export function createParameterSet(parameters: readonly Parameter[]): ParameterSet {
  const known = new Map(parameters.map((parameter) => [parameter.name, parameter]));
  const values = new Map(parameters.map(({ name, initial }) => [name, initial]));
  const set = (parameter: Parameter, value: ParameterValue): void => {
    values.set(parameter.name, value);
    parameter.apply?.(value);
  };
  return {
    has: (name) => known.has(name),
    get: (name) => values.get(name),
    put(text) {
      let wanted: unknown;
      try {
        wanted = parseJson(text, limits);
      } catch {
        return Code.badRequest;
      }
      if (!isParameters(wanted)) return Code.badRequest;
      const changes: [Parameter, ParameterValue][] = [];
      for (const [name, value] of Object.entries(wanted)) {
        const parameter = known.get(name);
        if (parameter === undefined) return Code.notFound;
        if (!parameter.accepts(value)) return Code.notAcceptable;
        changes.push([parameter, value]);
      }
      for (const [parameter, value] of changes) set(parameter, value);
      return Code.changed;
    },
    reset() {
      for (const parameter of parameters) set(parameter, parameter.initial);
    },
  };
}
