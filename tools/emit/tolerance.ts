/** Where a protocol tolerates more than it declares (`x-accept`). */
import type { Member, ObjectType, Protocol, Type } from "../model/model.js";

/** Names of schemas with tolerance of their own or, through references, of their members. */
export function activeSchemas(protocol: Protocol): Set<string> {
  const active = new Set(protocol.schemas.filter(({ type }) => hasTolerance(type)).map(({ name }) => name));
  let size = -1;
  while (size !== active.size) {
    size = active.size;
    for (const { name, type } of protocol.schemas) {
      if (referencesOf(type).some((reference) => active.has(reference))) active.add(name);
    }
  }
  return active;
}

export function hasTolerance(type: Type): boolean {
  switch (type.kind) {
    case "object": {
      const { trimNames, ignoreCase, unwrapped, places } = type.accept;
      if (trimNames || unwrapped || ignoreCase.length > 0 || places.length > 0) return true;
      return type.members.some((member) => toleratesMember(member) || hasTolerance(member.type));
    }
    case "array":
      return hasTolerance(type.items);
    case "union":
      return type.options.some(hasTolerance);
    case "all":
      return type.parts.some(hasTolerance);
    default:
      return false;
  }
}

export function toleratesMember({ accept }: Member): boolean {
  const { names, types, nullAbsent, roundUp, nested, wrappedItems } = accept;
  return names.length > 0 || types.length > 0 || nullAbsent || roundUp || nested || wrappedItems;
}

/** Schemas that a type refers to, wherever in it. */
export function referencesOf(type: Type): string[] {
  switch (type.kind) {
    case "ref":
      return [type.name];
    case "object":
      return type.members.flatMap((member) => referencesOf(member.type));
    case "array":
      return referencesOf(type.items);
    case "union":
      return type.options.flatMap(referencesOf);
    case "all":
      return type.parts.flatMap(referencesOf);
    default:
      return [];
  }
}

export function erratumIds(type: ObjectType): string[] {
  return [...type.accept.errata, ...type.members.flatMap(({ accept }) => accept.errata)];
}
