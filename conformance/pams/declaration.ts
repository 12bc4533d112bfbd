import type { DeclarationShape } from "../engine/declaration.js";

/** What the maker of a PAMS can declare, with what holds if they do not. Add what a case asks for here. */
export const pamsDeclaration = {
  options: {},
  readings: {},
  values: {
    headers: {
      title: "Header lines sent with every request, such as credentials: `authorization: Bearer …`",
      default: [],
      secret: true,
    },
  },
} as const satisfies DeclarationShape;
