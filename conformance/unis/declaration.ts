import type { DeclarationShape } from "../engine/declaration.js";
import { headersValue, profileOption } from "../streaming/declaration.js";

/** What the maker of a UNIS can declare, with what holds if they do not. Add what a case asks for here. */
export const unisDeclaration = {
  options: {
    profile: profileOption("R3 and R4"),
  },
  readings: {},
  values: {
    headers: headersValue("Header lines sent with every request: `authorization: Bearer …`"),
    "nearest-first": {
      title:
        "What the product knows of a network: an address, then others in the order in which it has to put them, nearest first",
      default: [] as readonly string[],
      form: { pattern: /^[0-9a-f.:]+$/i, example: "192.0.2.1" },
    },
    "from-elsewhere": {
      title: "An address of another network, then the same others in the order seen from there",
      default: [] as readonly string[],
      form: { pattern: /^[0-9a-f.:]+$/i, example: "198.51.100.1" },
    },
    preference: {
      title: "A word of preferences.prefer that changes the order of nearest-first, and the order then",
      default: [] as readonly string[],
    },
  },
} as const satisfies DeclarationShape;
