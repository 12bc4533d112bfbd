import type { DeclarationShape } from "../engine/declaration.js";
import { headersValue, profileOption } from "../streaming/declaration.js";

/** What the maker of an IXS can declare, with what holds if they do not. Add what a case asks for here. */
export const ixsDeclaration = {
  options: {
    profile: profileOption("R6"),
    "partial-queries": {
      title: "A query may name some of title, data source and data only (E-DS-09)",
      clause: "X.609.10 8.6",
      requirement: "DS-8.6-e",
      status: "o",
      default: false,
    },
    "several-data-sources": {
      title: "Sessions of several data sources may have one overlay network (E-DS-38)",
      clause: "X.609.10 8.10",
      requirement: "DS-8.10-03",
      status: "o",
      default: false,
    },
  },
  readings: {
    "E-DS-36": {
      title: "Only who registered a session may change and remove it (A), or anybody (B)",
      letters: ["A", "B"],
      default: "A",
    },
  },
  values: {
    headers: headersValue("Header lines sent with every registration: `authorization: Bearer …`"),
  },
} as const satisfies DeclarationShape;
