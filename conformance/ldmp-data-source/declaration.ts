import type { DeclarationShape } from "../engine/declaration.js";
import { ldmpReadings, ldmpTimers } from "../engine/ldmp-declaration.js";

/** What the maker of a data source can declare, with what holds if they do not. Add what a case asks for here. */
export const dataSourceDeclaration = {
  options: {
    releases: {
      title: "Sends Release when it is stopped (SIGTERM under --exec)",
      clause: "X.609.8 7.2",
      default: true,
    },
  },
  readings: { ...ldmpReadings },
  values: {
    ...ldmpTimers,
    transport: { title: "udp or tcp: what the suite listens on under --exec", default: "udp" },
    "peer-id": { title: "Identifier that the suite takes as the source peer", default: 1 },
    "registers-within": { title: "Time from start to Registration", default: 5, unit: "s" },
    "posts-within": { title: "Time between two POSTs, at most", default: 5, unit: "s" },
    "get-payload": { title: "A selector that GET may carry; empty: GET without payload", default: "" },
    "unknown-get-payload": { title: "A selector the data source does not know", default: "no-such-item" },
    "put-payload": {
      title: "A setting that PUT may carry; empty: not known, and what needs it is inconclusive",
      default: "",
    },
    "bad-put-payload": { title: "A setting the data source refuses", default: '{"no-such-parameter":1}' },
  },
} as const satisfies DeclarationShape;
