import type { DeclarationShape } from "../engine/declaration.js";
import { identifier, ldmpReadings, ldmpTimers } from "../engine/ldmp-declaration.js";

/** What the maker of a data source can declare, with what holds if they do not. Add what a case asks for here. */
export const dataSourceDeclaration = {
  options: {
    releases: {
      title: "Sends Release when it is stopped (SIGTERM under --exec)",
      clause: "X.609.8 7.2",
      requirement: "LDMP-7.2-01",
      // Who never wants to leave need not say so.
      status: "o",
      default: true,
    },
    "posts-text": {
      title: "Some of what it posts is text (P = 11)",
      clause: "X.609.8 8.1",
      requirement: "LDMP-8.1-10",
      status: "o",
      default: true,
    },
  },
  readings: { ...ldmpReadings },
  values: {
    ...ldmpTimers,
    transport: { title: "udp or tcp: what the suite listens on under --exec", default: "udp", oneOf: ["udp", "tcp"] },
    "peer-id": { title: "Identifier that the suite takes as the source peer", default: 1, ...identifier },
    "registers-within": {
      title: "Time from start, RESET or connection failure to Registration, at most",
      default: 5,
      unit: "s",
      min: 0.01,
    },
    "posts-within": { title: "Time between two POSTs, at most", default: 5, unit: "s", min: 0.01 },
    "get-payload": { title: "A selector that GET may carry; empty: GET without payload", default: "" },
    "second-get-payload": { title: "A selector of another data item; empty: there is one item only", default: "" },
    "unknown-get-payload": { title: "A selector the data source does not know", default: "no-such-item" },
    "put-payload": {
      title: "A setting that PUT may carry; empty: not known, and what needs it is inconclusive",
      default: "",
    },
    "put-shows-selector": { title: "A selector whose GET shows the setting of put-payload", default: "" },
    "put-shows-text": { title: "Text that such a GET holds after the PUT, and not before it", default: "" },
    "bad-put-payload": { title: "A setting the data source refuses", default: '{"no-such-parameter":1}' },
    "unacceptable-put-payload": {
      title: "A setting of a parameter it knows with a value it refuses; empty: there is none",
      default: "",
    },
    "unauthorised-put-payload": {
      title: "A setting that it refuses for want of authorisation; empty: there is none",
      default: "",
    },
    "forbidden-put-payload": { title: "A setting that it refuses as forbidden; empty: there is none", default: "" },
    "binary-get-payload": { title: "A selector of an item whose content is binary; empty: there is none", default: "" },
    "two-source-peers": {
      title:
        "A command as for --exec that gives the product two source peers, {url} and {url2}; empty: it takes one only",
      default: "",
      form: { pattern: /(?=.*\{url\})(?=.*\{url2\})/s, example: "./sensor {url} {url2}" },
      placeholders: ["{url}", "{url2}"],
    },
  },
} as const satisfies DeclarationShape;
