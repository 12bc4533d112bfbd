import { describe, expect, it } from "vitest";
import { Code, type Message } from "../core/message.js";
import { detectProfile, type ProfileName, profiles, WireError } from "./profile.js";
import { everyMessage } from "./test/messages.js";

const names = Object.keys(profiles) as ProfileName[];
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

/** A frame from its JSON header and what follows it. */
function frameOf(header: unknown, behind: Uint8Array | string = "", littleEndian = false): Uint8Array {
  const json = text(typeof header === "string" ? header : JSON.stringify(header));
  const rest = typeof behind === "string" ? text(behind) : behind;
  const [low, high] = [json.length & 0xff, json.length >>> 8];
  return Uint8Array.from([1, 1, ...(littleEndian ? [low, high] : [high, low]), ...json, ...rest]);
}

/** What a receiver sees: data also have the frame they came in. */
function plain(message: Message): unknown {
  if (message.code !== Code.broadcastData) return message;
  const { frame: _, ...rest } = message;
  return rest;
}

function headerOf(frame: Uint8Array, littleEndian = false): unknown {
  const length = new DataView(frame.buffer, frame.byteOffset).getUint16(2, littleEndian);
  return JSON.parse(new TextDecoder().decode(frame.subarray(4, 4 + length)));
}

function fault(action: () => unknown): WireError {
  try {
    action();
  } catch (error) {
    if (error instanceof WireError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe.each(names)("profile %s", (name) => {
  const profile = profiles[name];

  it.each(everyMessage)("gives back what it was given: $title", ({ message }) => {
    expect(plain(profile.decode(profile.encode(message)))).toEqual(message);
  });

  it.each(everyMessage)("is told from the others by a first frame: $title", ({ message }) => {
    const frame = profile.encode(message);
    expect(detectProfile(frame)).toBe(name);
    for (const length of [0, 3, 4, 5, 16]) expect(detectProfile(frame.subarray(0, length))).toBeUndefined();
  });

  it("cuts a stream anywhere", () => {
    const messages = everyMessage.map(({ message }) => message);
    const stream = Buffer.concat(messages.map((message) => profile.encode(message)));
    for (const step of [1, 2, 3, 5, 17, 64, 1000, stream.length]) {
      const decoder = profile.createDecoder({ maxFrame: 65_536 });
      const out: Message[] = [];
      for (let at = 0; at < stream.length; at += step) out.push(...decoder.push(stream.subarray(at, at + step)));
      expect(out.map(plain)).toEqual(messages);
      expect(decoder.pending).toBe(0);
    }
  });

  it("refuses every beginning of a frame", () => {
    for (const { message } of everyMessage) {
      const frame = profile.encode(message);
      for (let length = 0; length < frame.length; length++) {
        expect(fault(() => profile.decode(frame.subarray(0, length))).code).toMatch(/TRUNCATED|LENGTH/);
      }
    }
  });

  it("refuses octets behind a frame", () => {
    const frame = Buffer.concat([profile.encode({ code: Code.heartbeat }), Buffer.from("x")]);
    expect(fault(() => profile.decode(frame)).code).toBe("ERR_LENGTH");
  });

  it("refuses a header that does not fit, and says how long it is", () => {
    const long = { code: Code.bufferMap, overlayId: "o".repeat(70_000) } as const;
    expect(fault(() => profile.encode(long))).toMatchObject({ code: "ERR_TOO_LARGE" });
  });

  it("keeps a header within its limit whatever is held", () => {
    const bufferMap = Array.from({ length: 3000 }, (_, source) => ({
      source: `peer-${source}`,
      ranges: Array.from({ length: 20 }, (_, at) => [at * 10 + 1, at * 10 + 8] as const),
    }));
    const frame = profile.encode({ code: Code.bufferMapAnswer, overlayId: "o", bufferMap });
    const back = profile.decode(frame) as unknown as { bufferMap: typeof bufferMap };
    expect(frame.length).toBeLessThan(65_535);
    expect(back.bufferMap.length).toBeGreaterThan(100);
    expect(back.bufferMap).toEqual(
      bufferMap.slice(0, back.bufferMap.length).map(({ source, ranges }, at) => ({
        source,
        ranges: at === back.bufferMap.length - 1 ? back.bufferMap.at(-1)?.ranges : ranges,
      })),
    );
  });

  it("hands data on in the octets they came in, and writes them anew for another profile", () => {
    const data = everyMessage.find(({ message }) => message.code === Code.broadcastData)?.message as Message;
    const frame = profile.encode(data);
    const received = profile.decode(frame);
    expect(profile.encode(received)).toBe(frame);
    for (const other of names.filter((one) => one !== name)) {
      expect(plain(profiles[other].decode(profiles[other].encode(received)))).toEqual(data);
    }
  });
});

describe("frames as captured in the field", () => {
  it.each([
    ["p23", [0x01, 0x01, 0x00, 0x0e], '{"req-code":8}'],
    ["p20", [0x01, 0x01, 0x0e, 0x00], '{"ReqCode": 8}'],
  ] as const)("%s: a heartbeat", (name, head, json) => {
    const frame = Uint8Array.from([...head, ...text(json)]);
    expect(profiles[name].decode(frame)).toEqual({ code: Code.heartbeat });
    expect(detectProfile(frame)).toBe(name);
  });

  it("writes the heartbeat of P23 in the same octets", () => {
    expect(Buffer.from(profiles.p23.encode({ code: Code.heartbeat })).toString("latin1")).toBe(
      '\x01\x01\x00\x0e{"req-code":8}',
    );
  });

  it("takes any version and type", () => {
    const frame = frameOf({ "rsp-code": 8200 });
    frame.set([0xff, 0xff]);
    expect(profiles.p23.decode(frame)).toEqual({ code: Code.heartbeatAnswer });
  });

  it("P23: data, with the extension header before the payload", () => {
    const header = {
      "req-code": 6,
      "req-params": {
        operation: { ack: false, "candidate-path": false },
        peer: { "peer-id": "a;1", sequence: 7 },
        payload: { length: 5, "payload-type": "text/plain" },
        "ext-header-len": 17,
      },
    };
    const frame = frameOf(header, '{"app-id":"chat"}hello');
    const message = profiles.p23.decode(frame);
    expect(plain(message)).toEqual({
      code: 6,
      ack: false,
      candidatePath: false,
      data: { source: "a;1", sequence: 7, payloadType: "text/plain", appId: "chat", payload: text("hello") },
    });
    expect(profiles.p23.encode({ ...message, frame: undefined } as unknown as Message)).toEqual(frame);
  });

  it("P22: data name their application in the header; V23a's have an extension header", () => {
    const peer = { "peer-id": "a", sequence: 1 };
    const p22 = {
      ReqCode: 6,
      ReqParams: {
        operation: { ack: true },
        peer,
        app: { "app-id": "iot" },
        payload: { length: 2, "content-type": "text/plain" },
      },
    };
    const v23a = {
      ReqCode: 6,
      ReqParams: {
        operation: { ack: true },
        peer,
        payload: { length: 2, "payload-type": "text/plain" },
        "ext-header-len": 16,
      },
    };
    const expected = {
      code: 6,
      ack: true,
      candidatePath: false,
      data: { source: "a", sequence: 1, payloadType: "text/plain", appId: "iot", payload: text("hi") },
    };
    expect(plain(profiles.p22.decode(frameOf(p22, "hi")))).toEqual(expected);
    expect(plain(profiles.p22.decode(frameOf(v23a, '{"app-id":"iot"}hi')))).toEqual(expected);
  });

  it("P20: data without a sequence, marked by 0", () => {
    const header = {
      ReqCode: 6,
      ReqParams: { operation: { ack: false }, peer: { peer_id: "a" }, payload: { length: 2, type: "text/plain" } },
    };
    expect(profiles.p20.decode(frameOf(header, "hi", true))).toMatchObject({
      data: { source: "a", sequence: 0, appId: "" },
    });
  });

  it("P23: tickets in the path of a scan are text", () => {
    const peer = { peerId: "a", address: "ws://h:1", ticketId: 1 };
    const frame = profiles.p23.encode({
      code: Code.scanTreeLeaf,
      cseq: 9,
      overlayId: "o",
      via: [{ peerId: "a", address: "ws://h:1" }],
      path: [{ peerId: "b", address: "", ticketId: 2 }],
      peer,
    });
    expect(headerOf(frame)).toEqual({
      "rsp-code": 9200,
      "rsp-params": {
        cseq: 9,
        overlay: { "overlay-id": "o", via: [["a", "ws://h:1"]], path: [["b", "2", ""]] },
        peer: { "peer-id": "a", address: "ws://h:1", "ticket-id": 1 },
      },
    });
  });

  it("P23: GET_DATA has no parameter object, a refused PRIMARY an empty one", () => {
    const get = profiles.p23.encode({ code: Code.getData, overlayId: "o", source: "a", sequence: 3 });
    expect(headerOf(get)).toEqual({ "req-code": 11, "overlay-id": "o", "source-id": "a", sequence: 3 });
    expect(headerOf(profiles.p23.encode({ code: Code.primaryRefused }))).toEqual({
      "rsp-code": 4603,
      "rsp-params": {},
    });
    expect(headerOf(profiles.p20.encode({ code: Code.primaryRefused }), true)).toEqual({ RspCode: 4603 });
  });

  it("buffer maps: the field lists sequences, or null", () => {
    const header = (buffermap: unknown): unknown => ({
      "rsp-code": 10200,
      "rsp-params": { "overlay-id": "o", buffermap },
    });
    const decode = (buffermap: unknown): unknown => profiles.p23.decode(frameOf(header(buffermap)));
    expect(decode(null)).toMatchObject({ bufferMap: null });
    expect(
      decode([
        { SourcePeerId: "a", Sequence: [3, 1, 2, 7, 7] },
        { SourcePeerId: "b", Sequence: null },
      ]),
    ).toMatchObject({
      bufferMap: [
        { source: "a", ranges: [[1, 3], [7, 7]] }, // biome-ignore format: one entry, one line
        { source: "b", ranges: [] },
      ],
    });
  });
});

describe("what is refused, and how it is named", () => {
  const data = (change: object): unknown => ({
    "req-code": 6,
    "req-params": {
      operation: { ack: false },
      peer: { "peer-id": "a", sequence: 1 },
      payload: { length: 2, "payload-type": "text/plain" },
      "ext-header-len": 2,
      ...change,
    },
  });
  it.each([
    ["no JSON", "{oops}", "", "ERR_HEADER", ""],
    ["an array", "[1]", "", "ERR_HEADER", ""],
    ["nothing", "", "", "ERR_HEADER", ""],
    ["no code", {}, "", "ERR_FIELD", "req-code"],
    ["another profile's code", { ReqCode: 8 }, "", "ERR_FIELD", "req-code"],
    ["a code that is no number", { "req-code": {} }, "", "ERR_FIELD", "req-code"],
    ["a code without a message", { "req-code": 77 }, "", "ERR_UNKNOWN_CODE", ""],
    ["an answer's code as a request", { "req-code": 8200 }, "", "ERR_UNKNOWN_CODE", ""],
    ["parameters that are no object", { "req-code": 1, "req-params": [] }, "", "ERR_FIELD", "req-params"],
    ["no operation", { "req-code": 1, "req-params": {} }, "", "ERR_FIELD", "req-params.operation"],
    ["a fraction", data({ peer: { "peer-id": "a", sequence: 1.5 } }), "{}hi", "ERR_FIELD", "req-params.peer.sequence"],
    ["no sequence", data({ peer: { "peer-id": "a" } }), "{}hi", "ERR_FIELD", "req-params.peer.sequence"],
    ["no source", data({ peer: { sequence: 1 } }), "{}hi", "ERR_FIELD", "req-params.peer.peer-id"],
    ["a negative length", data({ payload: { length: -1 } }), "{}hi", "ERR_FIELD", "req-params.payload.length"],
    ["no extension header", data({ "ext-header-len": undefined }), "{}hi", "ERR_FIELD", "req-params.ext-header-len"],
    ["an extension header that is none", data({}), "hihi", "ERR_HEADER", ""],
    ["more payload than announced", data({}), "{}hi!", "ERR_LENGTH", ""],
    ["less payload than announced", data({}), "{}h", "ERR_LENGTH", ""],
    [
      "a source of 257 characters",
      data({ peer: { "peer-id": "a".repeat(257), sequence: 1 } }),
      "{}hi",
      "ERR_FIELD",
      "req-params.peer.peer-id",
    ],
    [
      "a part beyond the count",
      data({ "ext-header-len": 30 }),
      '{"part":{"index":2,"count":2}}hi',
      "ERR_FIELD",
      "extension header.part.index",
    ],
    [
      "a range the wrong way round",
      { "req-code": 4, "req-params": { buffermap: [{ SourcePeerId: "a", Ranges: [[2, 1]] }] } },
      "",
      "ERR_FIELD",
      "req-params.buffermap.0.Ranges",
    ],
    ["depth", `{"req-code":8,"x":${"[".repeat(30_000)}${"]".repeat(30_000)}}`, "", "ERR_HEADER", ""],
    ["members", `{"req-code":8,${Array.from({ length: 5000 }, (_, at) => `"${at}":1`).join()}}`, "", "ERR_HEADER", ""],
  ] as const)("%s", (_, header, behind, code, field) => {
    const frame = frameOf(header, behind);
    expect(fault(() => profiles.p23.decode(frame))).toMatchObject({ code, field });
    if (code === "ERR_LENGTH") return;
    const unknown: WireError[] = [];
    const decoder = profiles.p23.createDecoder({ maxFrame: 100_000, onUnknown: (error) => unknown.push(error) });
    if (code === "ERR_UNKNOWN_CODE") {
      expect(decoder.push(frame)).toEqual([]);
      expect(unknown).toMatchObject([{ code }]);
    } else expect(fault(() => decoder.push(frame))).toMatchObject({ code, field });
  });

  it("octets that are no UTF-8", () => {
    const frame = frameOf({ "req-code": 10, "req-params": { "overlay-id": "x" } });
    frame[frame.indexOf(0x78)] = 0xff;
    expect(fault(() => profiles.p23.decode(frame)).code).toBe("ERR_HEADER");
  });

  it("lets U+FFFD through where it was sent", () => {
    const message = { code: Code.bufferMap, overlayId: "\ufffd" } as const;
    expect(profiles.p23.decode(profiles.p23.encode(message))).toEqual(message);
  });

  it("a __proto__ member reaches no prototype", () => {
    const frame = frameOf(
      '{"req-code":8,"__proto__":{"polluted":true},"req-params":{"__proto__":{"proof":{"nonce":"x"}}}}',
    );
    expect(profiles.p23.decode(frame)).toEqual({ code: Code.heartbeat });
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it("a frame above the limit, before its octets are kept; what came before is told", () => {
    const decoder = profiles.p23.createDecoder({ maxFrame: 200 });
    const good = profiles.p23.encode({ code: Code.heartbeat });
    const long = profiles.p23.encode({ code: Code.bufferMap, overlayId: "o".repeat(250) });
    const error = fault(() => decoder.push(Buffer.concat([good, long.subarray(0, 4)])));
    expect(error).toMatchObject({ code: "ERR_TOO_LARGE", preceding: [{ code: Code.heartbeat }] });
    expect(decoder.pending).toBe(0);
    expect(fault(() => decoder.push(good))).toBe(error);
  });

  it("a payload above the limit, as soon as the header is there", () => {
    const decoder = profiles.p23.createDecoder({ maxFrame: 1000 });
    const frame = frameOf(data({ payload: { length: 100_000, "payload-type": "" } }));
    expect(fault(() => decoder.push(frame)).code).toBe("ERR_TOO_LARGE");
  });

  it("a stream of something else, from its fifth octet on", () => {
    const decoder = profiles.p23.createDecoder({ maxFrame: 65_536 });
    expect(fault(() => decoder.push(text("GET / "))).code).toBe("ERR_HEADER");
    expect(fault(() => detectProfile(text("GET / "))).code).toBe("ERR_HEADER");
  });
});
