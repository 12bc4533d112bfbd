import { clientValues } from "../client/client.js";
import type { DeclarationShape } from "../engine/declaration.js";
import { profileOption } from "../streaming/declaration.js";
import { peerActions } from "./actions.js";

/** What the maker of a peer can declare, with what holds if they do not. Add what a case asks for here. */
export const peerDeclaration = {
  options: {
    profile: profileOption("R4, R5, R6, R10 and R13"),
    unis: {
      title: "Asks the UNIS that the OMS tells of for distances",
      clause: "X.609.10 8.4",
      requirement: "DS-8.4-01",
      status: "o",
      default: false,
    },
    "unis-preferences": {
      title: "Tells the UNIS what it prefers",
      clause: "X.609.10 8.4",
      requirement: "DS-8.4-c",
      status: "o",
      default: false,
    },
    ums: {
      title: "Asks the UMS for the channels of its user",
      clause: "X.609.10 8.12",
      requirement: "DS-8.12-a",
      status: "o",
      default: false,
    },
    "session-keys": {
      title: "Has a key, and checks the session keys of other peers",
      clause: "X.609.1 8.2.6",
      requirement: "PAMP-8.2.6-01",
      status: "o",
      default: false,
    },
    receipts: {
      title: "Gives receipts for fragments, countersigns those that it gets and reports them",
      clause: "X.609.1 8.2.6",
      requirement: "PAMP-8.2.6-01",
      status: "o",
      default: false,
    },
    streams: {
      title: "Takes part in live streaming",
      clause: "X.609.10 6",
      default: true,
    },
  },
  readings: {},
  values: {
    "request-within": {
      title:
        "Time after which the product asks another peer for what one does not send; the wish request-ms is half of it",
      default: 4,
      unit: "s",
    },
    silence: {
      title:
        "Silence after which the product gives a link up, and says itself that it lives in half of it; the wish silence-ms",
      default: 4,
      unit: "s",
    },
    ...clientValues(peerActions),
  },
} as const satisfies DeclarationShape;
