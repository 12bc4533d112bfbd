import type { DeclarationInput } from "../../engine/declaration.js";
import { is } from "./defects.js";
import type { Oddity } from "./judge.js";
import type { Exchange, Json, Reply, TinyHoms } from "./tiny-homs.js";
import { isObject } from "./tiny-homs.js";

export interface Variant extends Oddity {
  readonly what: string;
  readonly declaration?: DeclarationInput;
}

/** Every object of an answer, from the outside in. */
export function everyObject(value: unknown, change: (one: Json) => void): void {
  if (Array.isArray(value)) for (const one of value) everyObject(one, change);
  if (!isObject(value)) return;
  const members = Object.values(value);
  change(value);
  for (const member of members) everyObject(member, change);
}

export const reversed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reversed);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reversed(member)]),
  );
};

/** Good answers of one primitive, with their overlay or overlays changed. */
export const answers = (primitive: string, change: (overlay: Json, exchange: Exchange, homs: TinyHoms) => void) => ({
  after: (exchange: Exchange, reply: Reply, homs: TinyHoms): Reply | undefined => {
    if (!is(exchange, primitive) || reply.status !== 200) return undefined;
    const overlay = isObject(reply.body) ? reply.body.overlay : undefined;
    for (const one of Array.isArray(overlay) ? overlay : [overlay]) if (isObject(one)) change(one, exchange, homs);
    return reply;
  },
});

export const failing = (change: (exchange: Exchange, reply: Reply) => Reply) => ({
  after: (exchange: Exchange, reply: Reply) => (reply.status >= 400 ? change(exchange, reply) : undefined),
});

export const listing = (shape: (list: Json[]) => unknown) => ({
  after: (exchange: Exchange, { status, body }: Reply) =>
    is(exchange, "GET /homs") && status === 200
      ? { status, body: shape((body as { overlay: Json[] }).overlay) }
      : undefined,
});

export const respell = (value: unknown, from: string, to: string): void =>
  everyObject(value, (one) => {
    if (one[from] === undefined) return;
    one[to] = one[from];
    delete one[from];
  });

/** Takes one spelling of the keys and does not know the other. */
export const hyphens = {
  before: ({ body }: Exchange) => {
    for (const name of ["admin", "access"]) {
      respell(body, `${name}_key`, `unknown_${name}`);
      respell(body, `${name}-key`, `${name}_key`);
    }
  },
};

export const refuse = (exchange: Exchange): void => {
  exchange.body = undefined;
};
