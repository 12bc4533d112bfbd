import type { DeclarationShape } from "../engine/declaration.js";
import { headersValue, profileOption } from "../streaming/declaration.js";

/** What the maker of a UMS can declare, with what holds if they do not. Add what a case asks for here. */
export const umsDeclaration = {
  options: {
    profile: profileOption("R7 and R13, and for its administrator"),
    "service-classes": {
      title: "Tells the class of a user",
      clause: "X.609.1 8.2.5",
      requirement: "PAMP-8.2.5-04",
      status: "o",
      default: true,
    },
  },
  readings: {},
  values: {
    headers: headersValue("Header lines of an OMS: `authorization: Bearer …`"),
    "admin-headers": headersValue("Header lines of an administrator"),
  },
} as const satisfies DeclarationShape;
