/** Values for property tests, made from the model: mostly what a type allows, with strangers here and there. */
import fc from "fast-check";
import type { Member, Protocol, Schema, Type } from "../model/model.js";

const stranger: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, 0, -1, 1.5, 1e300, "", "x", "12", [], {}, [null], { x: 1 }),
  fc.string({ maxLength: 300 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

/** @param strange how often, in a hundred, a value of the wrong kind stands anywhere */
export function arbitraryOf(protocol: Protocol, type: Type, strange = 4, depth = 6): fc.Arbitrary<unknown> {
  const schemas = new Map(protocol.schemas.map((schema) => [schema.name, schema]));
  const of = (inner: Type, left: number): fc.Arbitrary<unknown> => {
    const proper = left <= 0 ? fc.constant<unknown>("deep") : make(inner, left, schemas, of);
    return strange === 0
      ? proper
      : fc.oneof({ weight: 100 - strange, arbitrary: proper }, { weight: strange, arbitrary: stranger });
  };
  return of(type, depth);
}

type Of = (type: Type, left: number) => fc.Arbitrary<unknown>;

function make(type: Type, left: number, schemas: ReadonlyMap<string, Schema>, of: Of): fc.Arbitrary<unknown> {
  switch (type.kind) {
    case "ref": {
      const schema = schemas.get(type.name);
      return schema === undefined ? stranger : of(schema.type, left - 1);
    }
    case "object":
      return objectOf(type.members, left, of);
    case "array":
      return fc.array(of(type.items, left - 1), { maxLength: Math.min(5, (type.maxItems ?? 4) + 1) });
    case "string": {
      if (type.enum !== undefined) return fc.constantFrom<unknown>(...type.enum, "NONE");
      const short = fc.string({ maxLength: 8, unit: "grapheme" });
      const edges = [type.minLength, type.maxLength].flatMap((edge) =>
        edge === undefined ? [] : [edge - 1, edge, edge + 1],
      );
      const edge = fc
        .constantFrom(...edges.filter((length) => length >= 0), 1)
        .chain((length) => fc.constantFrom("a".repeat(length), "😀".repeat(length)));
      return fc.oneof(short, edge, fc.nat().map(String));
    }
    case "number":
    case "integer": {
      if (type.enum !== undefined) return fc.constantFrom<unknown>(...type.enum, 12345);
      const edges = [type.minimum, type.maximum, type.exclusiveMinimum, type.exclusiveMaximum].flatMap((edge) =>
        edge === undefined ? [] : [edge - 1, edge, edge + 1],
      );
      return fc.oneof(
        fc.nat(),
        fc.constantFrom(...edges, 0),
        type.kind === "number" ? fc.double({ noNaN: true, noDefaultInfinity: true }) : fc.integer(),
      );
    }
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "union":
      return fc.oneof(...type.options.map((option) => of(option, left - 1)));
    case "all": {
      const [first] = type.parts;
      return first === undefined ? stranger : of(first, left);
    }
    case "unknown":
      return stranger;
  }
}

function objectOf(members: readonly Member[], left: number, of: Of): fc.Arbitrary<unknown> {
  const entries = members.map((member) => [member.name, of(member.type, left - 1)] as const);
  const required = members.filter((member) => member.required).map(({ name }) => name);
  const proper = fc.record(Object.fromEntries(entries), { requiredKeys: required });
  const any = fc.record(Object.fromEntries(entries), { requiredKeys: [] });
  const unknown = fc.constantFrom("unknown", "X", "constructor", "__proto_");
  return fc
    .tuple(
      fc.oneof({ weight: 5, arbitrary: proper }, { weight: 1, arbitrary: any }),
      fc.option(fc.tuple(unknown, stranger), { freq: 5 }),
    )
    .map(([object, extra]) => (extra === null ? object : { ...object, [extra[0]]: extra[1] }));
}
