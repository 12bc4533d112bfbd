import type { DeclarationShape } from "../engine/declaration.js";
import { identifier, ldmpReadings, ldmpTimers } from "../engine/ldmp-declaration.js";

/** What the maker of a source peer can declare, with what holds if they do not. Add what a case asks for here. */
export const sourcePeerDeclaration = {
  options: {},
  readings: { ...ldmpReadings },
  values: {
    ...ldmpTimers,
    "peer-id": { title: "Identifier of the source peer; 0: learnt from its first answer", default: 0, ...identifier },
    "first-source-id": {
      title: "First of the identifiers that the suite's data sources take, one after another",
      default: 0x4000,
      ...identifier,
      min: 1,
    },
    "registration-payload": {
      title: "What a Registration has to hold, where the source peer asks for something",
      default: "",
      secret: true,
    },
    "refused-source-id": {
      title: "An identifier that the source peer refuses to register; 0: there is none",
      default: 0,
      ...identifier,
    },
    "data-source-heartbeat-time": {
      title: "Heartbeat time of the data sources it is used with; 0: not known",
      default: 0,
      unit: "s",
    },
    "get-stimulus": {
      title:
        "Makes the source peer send GET: an HTTP request such as `POST http://HOST:PORT/PATH BODY`, or a shell command",
      default: "",
      placeholders: ["{source}", "{payload}", "{json}"],
    },
    "put-stimulus": {
      title: "Makes the source peer send PUT",
      default: "",
      placeholders: ["{source}", "{payload}", "{json}"],
    },
    "reset-stimulus": { title: "Makes the source peer send RESET", default: "", placeholders: ["{source}"] },
    "failure-shows": {
      title:
        "Text that what a get- or put-stimulus gives back holds where the data source refused, and not otherwise; empty: not known",
      default: "",
    },
    "get-payload": { title: "A selector that the source peer can put into GET", default: "temperature" },
    "second-get-payload": { title: "Another selector", default: "humidity" },
    "put-payload": { title: "A parameter setting that the source peer can put into PUT", default: '{"period":1}' },
    "data-hook": {
      title: "Where posted data come out: GET of a response that goes on, or a command whose output is read",
      default: "",
      placeholders: ["{source}"],
    },
    "max-payload": { title: "Octets of the largest POST it takes", default: 1200, ...identifier, min: 1 },
  },
} as const satisfies DeclarationShape;
