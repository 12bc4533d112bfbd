import type { DeclarationShape } from "../engine/declaration.js";
import { headersValue, profileOption } from "../streaming/declaration.js";

/** What the maker of a CS can declare, with what holds if they do not. Add what a case asks for here. */
export const csDeclaration = {
  options: {
    profile: profileOption("R8 and R12"),
    ingest: {
      title: "Takes data streams on R12 and is their source peer",
      clause: "X.609.10 8.11",
      requirement: "DS-8.11-a",
      status: "o",
      default: false,
    },
  },
  readings: {
    "E-DS-36": {
      title:
        "Only the OMS that ordered an allocation, or who made a session, may change and end it (A), or anybody (B)",
      letters: ["A", "B"],
      default: "A",
    },
  },
  values: {
    headers: headersValue("Header lines sent with every request of the OMS: `authorization: Bearer …`"),
    "provider-headers": headersValue("Header lines of a data source that has a session made"),
    "oms-url": {
      title: "OMS at which the product makes the overlay networks of its sessions",
      default: "",
      form: { pattern: /^https?:\/\/[^/]/, example: "http://127.0.0.1:8082" },
    },
    "ixs-url": {
      title: "IXS at which the product registers its sessions",
      default: "",
      form: { pattern: /^https?:\/\/[^/]/, example: "http://127.0.0.1:8083" },
    },
    "acts-within": {
      title: "Time in which the product does what it is ordered, at most",
      default: 5,
      unit: "s",
    },
  },
} as const satisfies DeclarationShape;
