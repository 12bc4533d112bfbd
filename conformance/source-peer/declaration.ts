import { clientValues } from "../client/client.js";
import type { DeclarationShape } from "../engine/declaration.js";
import { profileOption } from "../streaming/declaration.js";
import { sourcePeerActions } from "./actions.js";

/** What the maker of a source peer can declare, with what holds if they do not. Add what a case asks for here. */
export const sourcePeerDeclaration = {
  options: {
    profile: profileOption("R5, R6 and R10"),
    "closed-by-list": {
      title: "Makes closed sessions for the peers of a list",
      clause: "X.609.10 8.5",
      requirement: "DS-8.5-e",
      default: true,
    },
    "closed-by-password": {
      title: "Makes closed sessions for those who know a password",
      clause: "X.609.10 8.5",
      requirement: "DS-8.5-f",
      default: true,
    },
    updates: {
      title: "Updates the index file of a running session",
      clause: "X.609.10 8.6",
      requirement: "DS-8.6-b-i",
      default: true,
    },
  },
  readings: {},
  values: {
    ...clientValues(sourcePeerActions),
  },
} as const satisfies DeclarationShape;
