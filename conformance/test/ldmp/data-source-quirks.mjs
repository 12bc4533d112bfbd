// The switches of tiny-data-source.mjs, by name: what makes it odd or wrong.
const [GET, POST, PUT, REGISTRATION, RELEASE, HEARTBEAT] = [1, 2, 3, 5, 6, 7];
const OWN = 77;

const changing = (which, change) => ({
  changes: (message) => {
    if (which(message)) change(message);
  },
});
const replies = (change) => changing(({ type }) => type === 2, change);
const of = (code, change) => changing((message) => message.type !== 2 && message.code === code, change);
const answering = (code, change) => ({
  answers: (request, usual) => (request.code === code ? change(usual) : usual),
});
const set = (member, value) => (message) => {
  message[member] = value;
};
const swap = (value) => ((value & 0xff) << 8) | (value >> 8);
const taking = (also) => ({
  takes: (message, sane) => sane(message) || (message.destinationId === OWN && also(message)),
});
let dead = false;

const defects = {
  // 7.1
  "posts before it is registered": { postsEarly: true },
  "asks before it registers": {
    sends: (octets, { type, code }) => {
      if (type === 2 || code !== REGISTRATION) return [octets];
      const heartbeat = Buffer.from(octets);
      heartbeat[1] = HEARTBEAT;
      return [heartbeat, octets];
    },
  },
  "says that no answer to Registration is wanted": of(REGISTRATION, set("type", 1)),
  "acts as registered after a refusal": { ignoresRefusal: true },
  "repeats its Registration without pause": { retransmissionMs: 20, removalMs: 960 },
  // 7.2
  "leaves without Release": { leavesSilently: true },
  "says that no answer to Release is wanted": of(RELEASE, set("type", 1)),
  "repeats Release": { releases: 3 },
  "posts on after Release": { postsAfterLeaving: true },
  // 7.3
  "leaves Heartbeats unanswered": answering(HEARTBEAT, () => undefined),
  "answers Heartbeats with 4.05": answering(HEARTBEAT, () => [0x85]),
  "acknowledges twice": { sends: (octets, { type }) => (type === 2 ? [octets, octets] : [octets]) },
  "never asks a silent source peer": { neverAsks: true },
  "asks four times too late": { heartbeatMs: 3200 },
  "says that no answer to Heartbeat is wanted": of(HEARTBEAT, set("type", 1)),
  "sends a Heartbeat once": { transmissions: 1, removalMs: 960 },
  "sends a Heartbeat six times": { transmissions: 6 },
  "repeats four times too late": { retransmissionMs: 960 },
  "stays with a source peer that is gone": { staysOn: true },
  "goes on repeating after the answer": { ignoresAnswers: true },
  // 7.4
  "never posts": { posts: () => false },
  "posts once": { posts: (count) => count < 2 },
  "posts without data": { emptyPosts: true },
  "says that an answer to POST is wanted": of(POST, set("type", 0)),
  "sends every POST twice": { repeatsPosts: true },
  "posts with code 0.04": of(POST, set("code", 4)),
  // 7.5
  "answers GET without content": answering(GET, ([code]) => [code]),
  "answers GET with 4.05": answering(GET, () => [0x85]),
  "leaves GET unanswered": answering(GET, () => undefined),
  "answers GET with a Message ID of its own": {
    changes: (message) => {
      if (message.type === 2 && message.payload) message.messageId = (message.messageId + 9) & 0xffff;
    },
  },
  "writes Message IDs little-endian": replies((message) => {
    message.messageId = swap(message.messageId);
  }),
  "has one content for all items": { answers: (request, usual) => (request.code === GET ? [0x45, "1"] : usual) },
  "answers unknown items with content": answering(GET, (usual) => (usual[0] === 0x84 ? [0x45, "?"] : usual)),
  "leaves unknown items unanswered": answering(GET, (usual) => (usual[0] === 0x84 ? undefined : usual)),
  "leaves PUT unanswered": answering(PUT, () => undefined),
  "confirms PUT and does nothing": { ignoresPut: true },
  "confirms settings that it does not know": answering(PUT, (usual) => (usual[0] === 0x84 ? [0x44] : usual)),
  "confirms values that it does not take": answering(PUT, (usual) => (usual[0] === 0x86 ? [0x44] : usual)),
  "carries out what it may not": { obeysAnyone: true },
  "carries out what nobody may": { obeysAnyone: true },
  "marks binary content as text": { marksAllText: true },
  // 7.6
  "ignores RESET": { ignoresReset: true },
  "answers RESET": { answers: (request, usual) => (request.code === 8 ? [0x40] : usual) },
  "keeps settings over RESET": { keepsSettings: true },
  // 8.1
  "puts two octets behind every answer": {
    sends: (octets, { type, payload }) => [type === 2 && !payload ? Buffer.concat([octets, Buffer.of(1, 2)]) : octets],
  },
  "writes V = 2": replies(set("version", 2)),
  "takes messages of version 2": taking(({ version }) => version === 2),
  "answers with T = 01": replies(set("type", 1)),
  "writes T = 11": of(POST, set("type", 3)),
  "takes messages with T = 11": taking(({ type }) => type === 3),
  "writes P = 01": of(POST, set("payloadType", 1)),
  "takes messages with P = 01": taking(({ payloadType }) => payloadType === 1),
  "sends octets as text": of(POST, set("payload", Buffer.of(0xff, 0xfe))),
  "answers 2.01": replies((message) => {
    if (message.code === 0x40) message.code = 0x41;
  }),
  "begins with Message ID 1": { firstId: () => 1 },
  "gives all messages one Message ID": { nextId: (id) => id },
  "gives Message IDs at random": { nextId: () => Math.floor(Math.random() * 0x10000) },
  "has another Source ID in answers": replies(set("sourceId", 78)),
  "has another Source ID at each POST": of(POST, (message) => {
    message.sourceId = 1000 + (message.messageId & 0xff);
  }),
  "does not swap the identifiers in answers": replies(set("destinationId", OWN)),
  "posts to nobody": of(POST, set("destinationId", 0)),
  "takes messages for others": {
    takes: ({ version, type, payloadType }) => version === 1 && type !== 3 && payloadType !== 1,
  },
  "writes Length little-endian": {
    sends(octets, { payload }) {
      if (payload) octets.writeUInt16BE(swap(payload.length), 8);
      return [octets];
    },
  },
  // 8.2
  "answers with a code of class 0": replies((message) => {
    if (message.code === 0x45) message.code = 0x05;
  }),
  "answers unlisted requests with success": {
    answers: (_, usual) => (usual?.[0] === 0x85 ? [0x40] : usual),
  },
  "falls silent after a message that it cannot read": {
    unreadable: () => {
      dead = true;
    },
    takes: (message, sane) => !dead && sane(message),
  },
  "over TCP, takes messages only that come in one segment": { framing: "whole" },
  "over TCP, takes the first message of a segment only": { framing: "first" },
};

const oddities = {
  "reading B of T": { type: "B" },
  "Length always": { layout: "B" },
  "octet by octet": { single: true },
  "refuses everything with 4.00": {
    changes: (message) => {
      if (message.code >= 0x80) message.code = 0x80;
    },
  },
  "succeeds with 2.00 always": {
    changes: (message) => {
      if (message.type === 2 && message.code < 0x80) message.code = 0x40;
    },
  },
  "answers Heartbeats with Message IDs of its own": {
    changes: (message) => {
      if (message.type === 2 && message.code === 0x40) message.messageId = (message.messageId + 900) & 0xffff;
    },
  },
  "takes a new Message ID for each repeat": { freshIds: true },
  "counts from just below the wrap": { firstId: () => 65500 + Math.floor(Math.random() * 30) },
  "sends three times in all": { transmissions: 3 },
  "answers slowly": { slowMs: 120 },
  "asks although there is traffic": { asksDespiteTraffic: true },
  "does not repeat its Registration": { registrations: 1 },
  "leaves requests with unlisted codes unanswered": {
    answers: (_, usual) => (usual?.[0] === 0x85 ? undefined : usual),
  },
  "refuses what is for others with 4.04": {
    refuses: ({ destinationId }) => (destinationId === OWN ? undefined : 0x84),
  },
  "refuses other versions and reserved values with 4.00": {
    refuses: ({ version, type, payloadType }) => (version !== 1 || type === 3 || payloadType === 1 ? 0x80 : undefined),
  },
  "writes R = 01": changing(() => true, set("reserved", 1)),
  "drops messages whose R is not 00": { takes: (message, sane) => sane(message) && message.reserved === 0 },
  "understands binary selectors": { takesBinary: true },
  "leaves without Release, as declared": { leavesSilently: true },
  "stays silent when it is told that it is not registered": { ignoresLoss: true },
};

export const quirks = { ...defects, ...oddities };
