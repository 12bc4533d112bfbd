import { clientValues } from "../client/client.js";
import type { DeclarationShape } from "../engine/declaration.js";
import { clientOptions, clientReadings } from "../pamp/declaration.js";
import { omsActions } from "./actions.js";

/** What the maker of an OMS can declare, with what holds if they do not. Add what a case asks for here. */
export const omsDeclaration = {
  options: {
    "takes-identifiers": {
      title:
        "Takes the identifier that the suite wishes (MP2P_OVERLAY_ID, overlay-id), or issues one of its own each time",
      clause: "X.609.1 7.1.1",
      default: false,
      requirement: "PAMP-REQ-ID-03",
      status: "o",
    },
    "repeats-registration": {
      title: "Registers its overlay networks again at each report interval (E-DS-03)",
      clause: "X.609.10 8.1",
      default: false,
      requirement: "DS-8.1-c",
      status: "o",
    },
    "queries-lists": {
      title: "Queries lists of peers",
      clause: "X.609.1 7.2.1.4",
      default: true,
      requirement: "PAMP-REQ-QRY-01",
    },
    "queries-peers": {
      title: "Queries single peers",
      clause: "X.609.1 7.2.1.4",
      default: true,
      requirement: "PAMP-REQ-QRY-01",
    },
    streams: {
      title: "Has overlay networks for live streaming, with classes of users",
      clause: "X.609.1 8.2.5",
      default: false,
      requirement: "PAMP-8.2.5-00",
    },
    advises: {
      title: "Hands on the advice on fragments that comes with a list",
      clause: "X.609.1 8.2.4",
      default: false,
      requirement: "PAMP-8.2.4-07",
      status: "o",
    },
    ...clientOptions,
  },
  readings: {
    ...clientReadings,
    "E-PAMP-03": {
      title: "The answer to an overlay registration has pam_conf_info (A) or pam_conf (B)",
      letters: ["A", "B"],
      default: "A",
    },
    "E-PAMP-12": {
      title: "The conditions of a list query are the body of the GET (A), or travel as query parameters or by POST (B)",
      letters: ["A", "B"],
      default: "A",
    },
  },
  values: {
    ...clientValues(omsActions),
  },
} as const satisfies DeclarationShape;
