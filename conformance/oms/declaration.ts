import type { DeclarationShape } from "../engine/declaration.js";
import { headersValue, profileOption } from "../streaming/declaration.js";

/** What the maker of an OMS can declare, with what holds if they do not. Add what a case asks for here. */
export const omsDeclaration = {
  options: {
    profile: profileOption("R5"),
    "session-keys": {
      title: "Gives peers that have a key a session key, signed by the service provider",
      clause: "X.609.1 8.2.6",
      requirement: "PAMP-8.2.6-03",
      status: "o",
      default: false,
    },
    "partial-lists": {
      title: "Where nothing is asked for, a list covers part of a large overlay network only",
      clause: "X.609.1 8.2.4",
      requirement: "PAMP-8.2.4-10",
      status: "o",
      default: false,
    },
  },
  readings: {
    "E-DS-29": {
      title: "With a list and a password, either lets a peer in (A), or both are needed (B)",
      letters: ["A", "B"],
      default: "any",
    },
    "E-DS-36": {
      title: "Only who made an overlay network may refresh and remove it (A), or anybody (B)",
      letters: ["A", "B"],
      default: "A",
    },
  },
  values: {
    headers: headersValue(
      "Header lines sent with every request that needs no token of its own: `authorization: Bearer …`",
    ),
    "short-refresh": {
      title: "Shortest refresh expiration that the product grants when it is asked for",
      default: 2,
      unit: "s",
      min: 1,
      whole: true,
    },
    "expiry-grace": {
      title: "How long after its expiration an overlay network may still show",
      default: 2,
      unit: "s",
    },
    "large-overlay": {
      title: "Peers of an overlay network of which a list without conditions covers part only",
      default: 60,
      min: 2,
      max: 500,
      whole: true,
    },
  },
} as const satisfies DeclarationShape;
