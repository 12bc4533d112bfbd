import type { RequirementId } from "../../../generated/catalogue/requirements.js";
import type { Quirks, Tiny } from "./tiny-source-peer.js";
import { OWN_ID, sane } from "./tiny-source-peer.js";

/** One defect, and the statement it breaks. */
export interface Mutant<Q> {
  readonly breaks: RequirementId;
  readonly what: string;
  /** Made anew for each run, for some remember. */
  quirks(): Q;
}

const [GET, POST, REGISTRATION, RELEASE, HEARTBEAT, RESET] = [1, 2, 5, 6, 7, 8];

const replies = (change: (message: Tiny) => void): Quirks => ({
  changes: (message, { reply }) => {
    if (reply) change(message);
  },
});
const requests = (code: number, change: (message: Tiny) => void): Quirks => ({
  changes: (message, { reply }) => {
    if (!reply && message.code === code) change(message);
  },
});
const swap = (value: number): number => ((value & 0xff) << 8) | (value >> 8);
const taking = (also: (message: Tiny) => boolean): Quirks => ({ takes: (message) => sane(message) || also(message) });
const answering = (code: number, registered: boolean, answer: number | undefined): Quirks => ({
  answers: (request, usual) => (request.code === code && (usual === 0x40) === registered ? answer : usual),
});

export const sourcePeerMutants: readonly Mutant<Quirks>[] = [
  // 7.1
  {
    breaks: "LDMP-7.1-04",
    what: "answers a Registration with 4.00",
    quirks: () => ({ answers: (request, usual) => (request.code === REGISTRATION ? 0x80 : usual) }),
  },
  {
    breaks: "LDMP-7.1-04",
    what: "forgets a data source that registers again",
    quirks: () => {
      const twice = repeated();
      return {
        answers: (request, usual, peer) => {
          const known = peer.sources.get(request.sourceId);
          if (request.code === REGISTRATION && known && twice(request)) peer.remove(known);
          return usual;
        },
      };
    },
  },
  { breaks: "LDMP-7.1-07", what: "has room for one data source only", quirks: () => ({ oneSourceOnly: true }) },
  {
    breaks: "LDMP-6.2-01",
    what: "forgets every data source when one leaves",
    quirks: () => ({
      answers: (request, usual, peer) => {
        if (request.code === RELEASE && usual === 0x40) for (const one of [...peer.sources.values()]) peer.remove(one);
        return usual;
      },
    }),
  },
  {
    breaks: "LDMP-7.1-08",
    what: "does not answer a Registration that it refuses",
    quirks: () => answering(REGISTRATION, false, undefined),
  },
  {
    breaks: "LDMP-7.1-08",
    what: "answers a refused Registration with success",
    quirks: () => answering(REGISTRATION, false, 0x40),
  },
  { breaks: "LDMP-7.1-01", what: "distributes what a stranger posts", quirks: () => ({ distributesAll: true }) },
  // 7.2
  { breaks: "LDMP-7.2-03", what: "answers a Release with 4.03", quirks: () => answering(RELEASE, true, 0x83) },
  { breaks: "LDMP-7.2-04", what: "keeps a data source that left", quirks: () => ({ keepsReleased: true }) },
  { breaks: "LDMP-7.2-04", what: "distributes what is posted after Release", quirks: () => ({ distributesAll: true }) },
  {
    breaks: "LDMP-7.2-05",
    what: "leaves a stranger's Release unanswered",
    quirks: () => answering(RELEASE, false, undefined),
  },
  {
    breaks: "LDMP-7.2-06",
    what: "answers a stranger's Release with success",
    quirks: () => answering(RELEASE, false, 0x40),
  },
  // 7.3
  { breaks: "LDMP-7.3-04", what: "leaves Heartbeats unanswered", quirks: () => answering(HEARTBEAT, true, undefined) },
  { breaks: "LDMP-7.3-04", what: "answers Heartbeats with 4.05", quirks: () => answering(HEARTBEAT, true, 0x85) },
  {
    breaks: "LDMP-6.2-12",
    what: "acknowledges twice",
    quirks: () => ({ sends: (octets, { type }) => (type === 2 ? [octets, octets] : [octets]) }),
  },
  { breaks: "LDMP-7.3-02", what: "never asks a silent data source", quirks: () => ({ neverAsks: true }) },
  { breaks: "LDMP-9.1-01", what: "asks four times too late", quirks: () => ({ heartbeatMs: 3_200 }) },
  {
    breaks: "LDMP-7.3-03",
    what: "says in its Heartbeat that no answer is wanted",
    quirks: () =>
      requests(HEARTBEAT, (message) => {
        message.type = 1;
      }),
  },
  { breaks: "LDMP-7.3-08", what: "sends a Heartbeat once", quirks: () => ({ transmissions: 1, removalMs: 960 }) },
  { breaks: "LDMP-9.3-01", what: "sends a Heartbeat six times", quirks: () => ({ transmissions: 6 }) },
  { breaks: "LDMP-9.3-01", what: "sends a Heartbeat twice", quirks: () => ({ transmissions: 2, removalMs: 960 }) },
  {
    breaks: "LDMP-9.2-01",
    what: "repeats four times too early",
    quirks: () => ({ retransmissionMs: 60, removalMs: 960 }),
  },
  { breaks: "LDMP-9.2-01", what: "repeats four times too late", quirks: () => ({ retransmissionMs: 960 }) },
  { breaks: "LDMP-7.3-09", what: "never removes a silent data source", quirks: () => ({ neverRemoves: true }) },
  {
    breaks: "LDMP-7.3-09",
    what: "removes after one Heartbeat without an answer",
    quirks: () => ({ forgetsEarly: true }),
  },
  {
    breaks: "LDMP-7.2-08",
    what: "never removes a data source whose Release was lost",
    quirks: () => ({ neverRemoves: true }),
  },
  { breaks: "LDMP-9.2-03", what: "goes on repeating after the answer", quirks: () => ({ ignoresAnswers: true }) },
  { breaks: "LDMP-6.2-06", what: "removes data sources that answer", quirks: () => ({ ignoresAnswers: true }) },
  // 7.4
  {
    breaks: "LDMP-7.4-03",
    what: "answers a POST",
    quirks: () => ({ answers: (request, usual) => (request.code === POST ? 0x44 : usual) }),
  },
  { breaks: "LDMP-6.1-03", what: "hands nothing on", quirks: () => ({ handsOn: () => Buffer.alloc(0) }) },
  {
    breaks: "LDMP-8.1-20",
    what: "hands on 512 octets at most",
    quirks: () => ({ handsOn: (payload) => payload.subarray(0, 512) }),
  },
  {
    breaks: "LDMP-8.1-08",
    what: "takes binary payload for text",
    quirks: () => ({ handsOn: (payload) => Buffer.from(payload.toString("utf8")) }),
  },
  // 7.5
  {
    breaks: "LDMP-7.5-02",
    what: "sends PUT for GET",
    quirks: () => ({ redirects: (what) => (what === "get" ? { code: 3 } : {}) }),
  },
  {
    breaks: "LDMP-7.5-01",
    what: "sends GET for PUT",
    quirks: () => ({ redirects: (what) => (what === "put" ? { code: 1 } : {}) }),
  },
  {
    breaks: "LDMP-7.5-06",
    what: "sends GET without its selector",
    quirks: () => ({ redirects: (what) => (what === "get" ? { payload: undefined } : {}) }),
  },
  {
    breaks: "LDMP-6.2-02",
    what: "asks for the same data item always",
    quirks: () => ({ redirects: (what) => (what === "get" ? { payload: Buffer.from("x") } : {}) }),
  },
  {
    breaks: "LDMP-7.5-08",
    what: "sends PUT without the configuration",
    quirks: () => ({ redirects: (what) => (what === "put" ? { payload: undefined } : {}) }),
  },
  {
    breaks: "LDMP-7.5-03",
    what: "says in GET that no answer is wanted",
    quirks: () =>
      requests(GET, (message) => {
        message.type = 1;
      }),
  },
  { breaks: "LDMP-7.5-11", what: "sends GET once", quirks: () => ({ transmissions: 1, removalMs: 960 }) },
  {
    breaks: "LDMP-7.5-12",
    what: "keeps a data source that does not answer GET",
    quirks: () => ({ neverRemoves: true }),
  },
  {
    breaks: "LDMP-7.5-05",
    what: "takes any acknowledgement for the answer to GET",
    quirks: () => ({ anyAnswer: true }),
  },
  {
    breaks: "LDMP-6.1-04",
    what: "resets another data source than the one named",
    quirks: () => ({ redirects: (what, source) => (what === "put" ? { source: source - 1 } : {}) }),
  },
  // 7.6
  {
    breaks: "LDMP-7.6-01",
    what: "sends Release for RESET",
    quirks: () => ({ redirects: (what) => (what === "reset" ? { code: 6 } : {}) }),
  },
  {
    breaks: "LDMP-7.6-02",
    what: "says in RESET that an answer is wanted",
    quirks: () =>
      requests(RESET, (message) => {
        message.type = 0;
      }),
  },
  {
    breaks: "LDMP-6.2-11",
    what: "sends RESET three times",
    quirks: () => ({ sends: (octets, { code }) => (code === RESET ? [octets, octets, octets] : [octets]) }),
  },
  {
    breaks: "LDMP-7.2-05",
    what: "answers nothing of a data source that it reset",
    quirks: () => ({ answers: (request, usual) => (request.code === RELEASE && usual === 0x84 ? undefined : usual) }),
  },
  {
    breaks: "LDMP-6.2-10",
    what: "refuses Registrations after RESET",
    quirks: () => {
      const twice = repeated();
      return {
        answers: (request, usual, peer) => {
          if (request.code !== REGISTRATION || !twice(request)) return usual;
          const known = peer.sources.get(request.sourceId);
          if (known) peer.remove(known);
          return 0x83;
        },
      };
    },
  },
  // X.609.10 8.10
  {
    breaks: "DS-8.10-a",
    what: "hands on text only",
    quirks: () => ({ handsOn: (payload) => Buffer.from(payload.toString("utf8")) }),
  },
  { breaks: "DS-8.10-03", what: "hands nothing on", quirks: () => ({ handsOn: () => Buffer.alloc(0) }) },
  { breaks: "DS-8.10-02", what: "keeps what is posted", quirks: () => ({ handsOn: () => Buffer.alloc(0) }) },
  { breaks: "DS-8.10-b", what: "has room for one data source only", quirks: () => ({ oneSourceOnly: true }) },
  { breaks: "DS-8.10-d", what: "mixes up data sources", quirks: () => ({ mixesSources: true }) },
  {
    breaks: "DS-8.10-f",
    what: "answers a Registration with 4.05",
    quirks: () => ({ answers: (request, usual) => (request.code === REGISTRATION ? 0x85 : usual) }),
  },
  { breaks: "DS-8.10-g", what: "distributes what a stranger posts", quirks: () => ({ distributesAll: true }) },
  // answers to PUT and GET
  { breaks: "LDMP-7.5-13", what: "shows nothing of a refusal", quirks: () => ({ hidesRefusals: true }) },
  { breaks: "LDMP-8.2-19", what: "does not take 4.06 for an answer", quirks: () => ({ deafTo: 0x86 }) },
  { breaks: "LDMP-8.2-20", what: "does not take 4.15 for an answer", quirks: () => ({ deafTo: 0x8f }) },
  // 8.1
  {
    breaks: "LDMP-8.1-01",
    what: "puts two octets behind every answer",
    quirks: () => ({ sends: (octets, { type }) => [type === 2 ? Buffer.concat([octets, Buffer.of(1, 2)]) : octets] }),
  },
  {
    breaks: "LDMP-8.1-19",
    what: "has a Length in some messages without payload",
    quirks: () => ({
      sends: (octets, { code }) => [code === RESET ? Buffer.concat([octets, Buffer.of(0, 0)]) : octets],
    }),
  },
  {
    breaks: "LDMP-8.1-02",
    what: "writes V = 2",
    quirks: () =>
      replies((message) => {
        message.version = 2;
      }),
  },
  {
    breaks: "LDMP-8.1-02",
    what: "takes messages of version 2",
    quirks: () => taking(({ version, destinationId }) => version === 2 && destinationId === OWN_ID),
  },
  {
    breaks: "LDMP-8.1-03",
    what: "sends PUT with T = 01",
    quirks: () =>
      requests(3, (message) => {
        message.type = 1;
      }),
  },
  {
    breaks: "LDMP-8.1-04",
    what: "sends RESET with T = 10",
    quirks: () =>
      requests(RESET, (message) => {
        message.type = 2;
      }),
  },
  {
    breaks: "LDMP-8.1-05",
    what: "answers with T = 01",
    quirks: () =>
      replies((message) => {
        message.type = 1;
      }),
  },
  {
    breaks: "LDMP-8.1-05",
    what: "answers errors with T = 00",
    quirks: () =>
      replies((message) => {
        if (message.code >= 0x80) message.type = 0;
      }),
  },
  {
    breaks: "LDMP-8.1-06",
    what: "writes T = 11",
    quirks: () =>
      requests(GET, (message) => {
        message.type = 3;
      }),
  },
  {
    breaks: "LDMP-8.1-06",
    what: "takes messages with T = 11",
    quirks: () => taking(({ type, destinationId }) => type === 3 && destinationId === OWN_ID),
  },
  {
    breaks: "LDMP-8.1-09",
    what: "writes P = 01",
    quirks: () =>
      replies((message) => {
        message.payloadType = 1;
      }),
  },
  {
    breaks: "LDMP-8.1-09",
    what: "takes messages with P = 01",
    quirks: () => taking(({ payloadType, destinationId }) => payloadType === 1 && destinationId === OWN_ID),
  },
  {
    breaks: "LDMP-8.1-12",
    what: "answers 2.01",
    quirks: () =>
      replies((message) => {
        if (message.code === 0x40) message.code = 0x41;
      }),
  },
  { breaks: "LDMP-8.1-13", what: "gives all requests one Message ID", quirks: () => ({ nextId: () => 7 }) },
  {
    breaks: "LDMP-8.1-15",
    what: "gives requests Message IDs at random",
    quirks: () => ({ nextId: () => Math.floor(Math.random() * 0x10000) }),
  },
  { breaks: "LDMP-8.1-15", what: "counts Message IDs down", quirks: () => ({ nextId: (source) => source.nextId-- }) },
  {
    breaks: "LDMP-8.1-15",
    what: "does not take Message ID 0",
    quirks: () => ({ takes: (message) => sane(message) && message.messageId !== 0 }),
  },
  {
    breaks: "LDMP-8.1-16",
    what: "gives itself another Source ID in requests",
    quirks: () =>
      requests(GET, (message) => {
        message.sourceId = 77;
      }),
  },
  {
    breaks: "LDMP-6.2-03",
    what: "answers with the Source ID of the one that asked",
    quirks: () =>
      replies((message) => {
        message.sourceId = message.destinationId;
      }),
  },
  {
    breaks: "LDMP-8.1-17",
    what: "asks nobody in particular: GET has Destination ID 0",
    quirks: () =>
      requests(GET, (message) => {
        message.destinationId = 0;
      }),
  },
  {
    breaks: "LDMP-8.1-17",
    what: "does not swap the identifiers in answers",
    quirks: () =>
      replies((message) => {
        message.destinationId = OWN_ID;
      }),
  },
  {
    breaks: "LDMP-8.1-17",
    what: "takes messages for others",
    quirks: () => ({ takes: ({ version, type, payloadType }) => version === 1 && type !== 3 && payloadType !== 1 }),
  },
  {
    breaks: "LDMP-8.1-18",
    what: "writes Length little-endian",
    quirks: () => ({
      sends: (octets, { payload }) => {
        if (payload !== undefined) octets.writeUInt16BE(swap(payload.length), 8);
        return [octets];
      },
    }),
  },
  {
    breaks: "LDMP-8.1-10",
    what: "sends octets as text",
    quirks: () =>
      requests(GET, (message) => {
        message.payload = Buffer.of(0xff, 0xfe);
      }),
  },
  {
    breaks: "LDMP-7.1-04",
    what: "answers with Message IDs of its own",
    quirks: () =>
      replies((message) => {
        message.messageId = (message.messageId + 1000) & 0xffff;
      }),
  },
  {
    breaks: "LDMP-7.1-04",
    what: "writes Message IDs little-endian",
    quirks: () =>
      replies((message) => {
        message.messageId = swap(message.messageId);
      }),
  },
  // 8.2
  {
    breaks: "LDMP-8.2-02",
    what: "answers with a code of class 0",
    quirks: () =>
      replies((message) => {
        if (message.code === 0x84) message.code = 0x04;
      }),
  },
  {
    breaks: "LDMP-8.2-03",
    what: "uses both readings of T",
    quirks: () =>
      requests(GET, (message) => {
        message.type = 1;
      }),
  },
  {
    breaks: "LDMP-8.2-11",
    what: "answers success with 2.03",
    quirks: () =>
      replies((message) => {
        if (message.code === 0x40) message.code = 0x43;
      }),
  },
  {
    breaks: "LDMP-8.2-14",
    what: "takes messages that are cut short",
    quirks: () => ({
      sends: (octets, { code }) => {
        if (code === 0x80) octets[1] = 0x40;
        return [octets];
      },
    }),
  },
  {
    breaks: "LDMP-8.2-21",
    what: "answers unlisted requests with success",
    quirks: () => ({ answers: (request, usual) => (usual === 0x85 && ![1, 3].includes(request.code) ? 0x40 : usual) }),
  },
  // 6.2: recovery
  {
    breaks: "LDMP-6.2-09",
    what: "falls silent after a message that it cannot read",
    quirks: () => {
      let dead = false;
      return {
        takes: (message, octets) => {
          if (octets.length < 8) dead = true;
          return !dead && sane(message);
        },
      };
    },
  },
  // transport
  {
    breaks: "LDMP-8.1-01",
    what: "over TCP, takes messages only that come in one segment",
    quirks: () => ({ transport: "tcp", framing: "whole" }),
  },
  {
    breaks: "LDMP-8.1-20",
    what: "over TCP, takes the first message of a segment only",
    quirks: () => ({ transport: "tcp", framing: "first" }),
  },
];

/** True from the second message of one data source on. */
function repeated(): (message: Tiny) => boolean {
  const seen = new Set<number>();
  return ({ sourceId }) => {
    const before = seen.has(sourceId);
    seen.add(sourceId);
    return before;
  };
}
