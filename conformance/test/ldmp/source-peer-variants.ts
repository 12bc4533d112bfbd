import type { DeclarationInput } from "../../engine/declaration.js";
import type { Quirks, Tiny } from "./tiny-source-peer.js";
import { OWN_ID, sane } from "./tiny-source-peer.js";

/** Odd but legal: the clause or the erratum that allows it is in `by`. */
export interface Variant<Q> {
  readonly what: string;
  readonly by: string;
  quirks(): Q;
  readonly declaration?: DeclarationInput;
}

const [POST, REGISTRATION, HEARTBEAT] = [2, 5, 7];
const undeclared = { readings: {} };
const errors = (code: number): Quirks => ({
  changes: (message, { reply }) => {
    if (reply && message.code >= 0x80) message.code = code;
  },
});

export const sourcePeerVariants: readonly Variant<Quirks>[] = [
  { what: "over TCP", by: "E-LDMP-04", quirks: () => ({ transport: "tcp" }) },
  { what: "over TCP, octet by octet", by: "E-LDMP-04", quirks: () => ({ transport: "tcp", segments: "single" }) },
  {
    what: "over TCP, several messages in one segment",
    by: "E-LDMP-04",
    quirks: () => ({ transport: "tcp", segments: "together" }),
  },
  {
    what: "reading B of T, declared",
    by: "E-LDMP-01",
    quirks: () => ({ type: "B" }),
    declaration: { readings: { "E-LDMP-01": "B", "E-LDMP-02": "A" } },
  },
  { what: "reading B of T, not declared", by: "E-LDMP-01", quirks: () => ({ type: "B" }), declaration: undeclared },
  {
    what: "reading B of T, strictly: nothing else is answered",
    by: "E-LDMP-01",
    quirks: () => ({
      type: "B",
      takes: (message) => sane(message) && message.type !== (message.code === POST ? 1 : 0),
    }),
    declaration: undeclared,
  },
  {
    what: "reading B of T, but Registration and Heartbeat are answered however they ask",
    by: "E-LDMP-01",
    quirks: () => ({
      type: "B",
      takes: (message) => {
        const byCode = message.code === REGISTRATION || message.code === HEARTBEAT;
        return sane(message) && (byCode || message.type !== (message.code === POST ? 1 : 0));
      },
    }),
    declaration: undeclared,
  },
  {
    what: "Length always, declared, over TCP",
    by: "E-LDMP-02",
    quirks: () => ({ layout: "B", transport: "tcp" }),
    declaration: { readings: { "E-LDMP-01": "A", "E-LDMP-02": "B" } },
  },
  { what: "Length always, not declared", by: "E-LDMP-02", quirks: () => ({ layout: "B" }), declaration: undeclared },
  {
    what: "Length always, strictly: 8 octets are no message",
    by: "E-LDMP-02",
    quirks: () => ({ layout: "B", takes: (message, octets) => octets.length >= 10 && sane(message) }),
    declaration: undeclared,
  },
  { what: "refuses everything with 4.00", by: "E-LDMP-13", quirks: () => errors(0x80) },
  { what: "refuses everything with 4.06", by: "E-LDMP-13", quirks: () => errors(0x86) },
  {
    what: "succeeds with 2.04 always",
    by: "E-LDMP-12",
    quirks: () => ({
      changes: (message, { reply }) => {
        if (reply && message.code === 0x40) message.code = 0x44;
      },
    }),
  },
  {
    what: "answers with Message IDs of its own, declared",
    by: "E-LDMP-15",
    quirks: () => {
      let next = 40_000;
      return {
        changes: (message, { reply }) => {
          if (reply) message.messageId = next++ & 0xffff;
        },
      };
    },
    declaration: { readings: { "E-LDMP-15": "B" } },
  },
  { what: "takes a new Message ID for each repeat", by: "E-LDMP-16", quirks: () => ({ freshIds: true }) },
  {
    what: "counts its Message IDs over all data sources, from just below the wrap",
    by: "E-LDMP-16",
    quirks: () => {
      let next = 65_530;
      return { nextId: () => next++ };
    },
  },
  {
    what: "sends three times in all, and removes then",
    by: "E-LDMP-19",
    quirks: () => ({ transmissions: 3 }),
    declaration: { readings: { "E-LDMP-01": "A" } },
  },
  {
    what: "removes with the last repeat",
    by: "E-LDMP-18",
    quirks: () => ({ removalMs: 730 }),
    declaration: { readings: { "E-LDMP-18": "C" } },
  },
  {
    what: "has a removal time of its own",
    by: "E-LDMP-18",
    quirks: () => ({ removalMs: 1_400 }),
    declaration: { readings: { "E-LDMP-18": "B" }, values: { "removal-time": 1.4 } },
  },
  {
    what: "answers slowly",
    by: "7.3 (the time for an answer is the retransmission time)",
    quirks: () => ({ slowMs: 120 }),
  },
  { what: "asks data sources that are not silent", by: "E-LDMP-21", quirks: () => ({ asksDespiteTraffic: true }) },
  { what: "asks earlier than its heartbeat time", by: "9.1", quirks: () => ({ heartbeatMs: 300 }) },
  { what: "refuses a data source that is registered already", by: "E-LDMP-17", quirks: () => refusesAgain() },
  { what: "keeps the record of a data source that it reset", by: "E-LDMP-25", quirks: () => ({ keepsReset: true }) },
  {
    what: "answers a POST that asks for it",
    by: "E-LDMP-24",
    quirks: () => ({ answers: (request, usual) => (request.code === POST && request.type === 0 ? 0x44 : usual) }),
  },
  {
    what: "answers Heartbeats of strangers with success",
    by: "E-LDMP-23",
    quirks: () => ({ answers: (request, usual) => (request.code === HEARTBEAT ? 0x40 : usual) }),
  },
  {
    what: "leaves Heartbeats of strangers unanswered",
    by: "E-LDMP-23",
    quirks: () => ({ answers: (request, usual) => (request.code === HEARTBEAT && usual === 0x84 ? undefined : usual) }),
  },
  {
    what: "leaves requests with unlisted codes unanswered",
    by: "E-LDMP-11",
    quirks: () => ({ answers: (_, usual) => (usual === 0x85 ? undefined : usual) }),
  },
  {
    what: "refuses what is for others with 4.04",
    by: "E-LDMP-28",
    quirks: () => refusing(({ destinationId }) => destinationId !== OWN_ID, 0x84),
  },
  {
    what: "refuses other versions and reserved values with 4.00",
    by: "E-LDMP-27",
    quirks: () => refusing((message) => !sane(message), 0x80),
  },
  {
    what: "drops messages whose R is not 00",
    by: "E-LDMP-27",
    quirks: () => ({ takes: (message) => sane(message) && message.reserved === 0 }),
  },
  {
    what: "writes R = 01",
    by: "E-LDMP-27",
    quirks: () => ({
      changes: (message) => {
        message.reserved = 1;
      },
    }),
  },
  {
    what: "refuses payload where none is needed",
    by: "E-LDMP-37",
    quirks: () => ({
      takes: (message) =>
        sane(message) && (message.payload === undefined || message.code === POST || message.type === 2),
    }),
  },
  { what: "leaves duplicates unanswered", by: "E-LDMP-17", quirks: () => onceOnly() },
  {
    what: "wants a payload in a Registration",
    by: "E-LDMP-08",
    quirks: () => ({
      takes: (message) =>
        sane(message) && (message.code !== REGISTRATION || message.payload?.toString() === "let me in"),
    }),
    declaration: { values: { "registration-payload": "let me in", "refused-source-id": 0 } },
  },
];

/** A stand-in at another address, or with another Message ID, is the same data source. */
function refusesAgain(): Quirks {
  return {
    refuses: (message, peer) =>
      sane(message) && message.code === REGISTRATION && peer.sources.has(message.sourceId) ? 0x83 : undefined,
  };
}

function refusing(which: (message: Tiny) => boolean, code: number): Quirks {
  return { refuses: (message) => (which(message) ? code : undefined) };
}

function onceOnly(): Quirks {
  const done = new Set<string>();
  return {
    takes(message) {
      if (!sane(message)) return false;
      const key = `${message.sourceId}/${message.code}/${message.messageId}`;
      if (message.type === 2 || !done.has(key)) {
        done.add(key);
        return true;
      }
      return false;
    },
  };
}
