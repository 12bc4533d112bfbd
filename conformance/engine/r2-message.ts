import { valueAt } from "./matchers.js";
import { encodeFrame, isJson, type Json, type R2Frame, type R2Profile } from "./r2-frame.js";
import type { Outcome, Permitted } from "./refuses.js";

/** Requests, and answers to them: request code × 1000 + outcome. */
export const R2 = {
  hello: 1,
  helloAccepted: 1202,
  estab: 2,
  estabAccepted: 2200,
  estabRefused: 2603,
  probe: 3,
  probeAnswer: 3200,
  primary: 4,
  primaryAccepted: 4200,
  primaryRefused: 4603,
  candidate: 5,
  candidateAccepted: 5200,
  data: 6,
  dataAccepted: 6200,
  release: 7,
  releaseAccepted: 7200,
  heartbeat: 8,
  heartbeatAnswer: 8200,
  scan: 9,
  scanNode: 9100,
  scanLeaf: 9200,
  bufferMap: 10,
  bufferMapAnswer: 10200,
  getData: 11,
  getDataAnswer: 11200,
} as const;

const names = new Map<number, string>(
  (
    [
      [1, "HELLO"],
      [2, "ESTAB"],
      [3, "PROBE"],
      [4, "PRIMARY"],
      [5, "CANDIDATE"],
      [6, "BROADCAST_DATA"],
      [7, "RELEASE"],
      [8, "HEARTBEAT"],
      [9, "SCAN_TREE"],
      [10, "BUFFERMAP"],
      [11, "GET_DATA"],
    ] as const
  ).map(([code, name]) => [code, name]),
);

/** `PRIMARY`, `answer 4603 to PRIMARY`. */
export function nameOf(code: number): string {
  const request = names.get(code < 1000 ? code : Math.floor(code / 1000));
  if (code < 1000) return request ?? `code ${code}`;
  return request === undefined ? `code ${code}` : `answer ${code} to ${request}`;
}

/** A message in the spelling of p23, whatever the wire has. `more`: members beside the code, where GET_DATA has its own. */
export interface R2Message {
  readonly code: number;
  readonly params?: Json;
  readonly more?: Json;
  /** Extension header of data (p23), and the data. */
  readonly extension?: Json;
  readonly payload?: Uint8Array;
}

/** What the product sent, or that it sent nothing: then `silent` is true and only `outcome` and `entry` mean anything. */
export interface R2Answer extends Outcome {
  readonly silent: boolean;
  /** The connection ended instead. */
  readonly closed: boolean;
  /** Milliseconds since the case began. */
  readonly at: number;
  /** NaN where there is none. */
  readonly code: number;
  readonly fault: string | undefined;
  /** The header in the spelling of p23. */
  readonly header: Json;
  readonly extension: Json | undefined;
  /** Application data, without the extension header. */
  readonly payload: Uint8Array;
  readonly frame: R2Frame | undefined;
  /** A parameter by dotted path, wherever in the header it stands: `peer.peer-id`. */
  get(path: string): unknown;
}

/* Spelling. */

const p22Names: Readonly<Record<string, string>> = {
  "req-code": "ReqCode",
  "rsp-code": "RspCode",
  "req-params": "ReqParams",
  "rsp-params": "RspParams",
};
const p20Names: Readonly<Record<string, string>> = {
  ...p22Names,
  "overlay-id": "overlay_id",
  "peer-id": "peer_id",
  "ticket-id": "ticket_id",
  "source-id": "source_id",
  "ntp-time": "ntp_time",
  "vertical-candidate": "vertical_candidate",
  "allow-primary-req": "allow_primary_req",
  "parent-peer": "parent_peer",
  "candidate-path": "candidate_path",
  "app-id": "app_id",
};

function renamed(value: unknown, name: (key: string) => string): unknown {
  if (Array.isArray(value)) return value.map((one) => renamed(one, name));
  if (!isJson(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [name(key), renamed(member, name)]));
}

const backwards = new Map(Object.entries(p20Names).map(([ours, theirs]) => [theirs, ours]));

/** The octets of a sound message. */
export function encodeMessage(profile: R2Profile, message: R2Message): Uint8Array {
  const { payload, extension } = message;
  const isData = payload !== undefined;
  const ext =
    profile === "p23" && isData ? Buffer.from(JSON.stringify(extension ?? { "app-id": "" })) : Buffer.alloc(0);
  const table = profile === "p23" ? {} : profile === "p22" ? p22Names : p20Names;
  const spelled = renamed(headerOf(profile, message, ext.length), (key) => table[key] ?? key) as Json;
  return encodeFrame(profile, spelled, isData ? Buffer.concat([ext, payload]) : undefined);
}

/** The header with the members that the profile has, in the spelling of p23. */
export function headerOf(
  profile: R2Profile,
  { code, params, more, extension, payload }: R2Message,
  extensionLength: number,
): Json {
  const [codeName, paramsName] = code < 1000 ? ["req-code", "req-params"] : ["rsp-code", "rsp-params"];
  const all =
    payload === undefined
      ? params && counted(profile, params)
      : dataParams(profile, params ?? {}, extension, payload.length, extensionLength);
  return { [codeName]: code, ...(all === undefined ? {} : { [paramsName]: all }), ...more };
}

/** P20 counts its scans in text. */
const counted = (profile: R2Profile, params: Json): Json =>
  profile === "p20" && typeof params.cseq === "number" ? { ...params, cseq: String(params.cseq) } : params;

function dataParams(profile: R2Profile, params: Json, extension: Json | undefined, length: number, ext: number): Json {
  const type = isJson(params.payload) ? params.payload["payload-type"] : "text/plain";
  if (profile === "p23") return { ...params, payload: { length, "payload-type": type }, "ext-header-len": ext };
  if (profile === "p22") {
    const app = { app: { "app-id": extension?.["app-id"] ?? "" } };
    return { ...params, ...app, payload: { length, "content-type": type } };
  }
  const peer = isJson(params.peer) ? { peer: { "peer-id": params.peer["peer-id"] } } : {};
  return { ...params, ...peer, payload: { length, type } };
}

export function readMessage(
  profile: R2Profile,
  frame: R2Frame,
): Pick<R2Answer, "code" | "fault" | "header" | "extension" | "payload" | "get"> {
  const header = renamed(frame.header ?? {}, (key) => backwards.get(key) ?? key) as Json;
  const code = header["req-code"] ?? header["rsp-code"];
  const params = (header["req-params"] ?? header["rsp-params"] ?? {}) as Json;
  const get = (path: string): unknown => valueAt(params, path) ?? valueAt(header, path);
  const length = profile === "p23" ? Number(get("ext-header-len") ?? 0) : 0;
  const extension = length > 0 ? parse(frame.payload.subarray(0, length)) : undefined;
  return {
    code: typeof code === "number" ? code : Number.NaN,
    fault: frame.fault ?? (typeof code === "number" ? undefined : "it has no code"),
    header,
    extension,
    payload: frame.payload.subarray(length),
    get,
  };
}

function parse(octets: Uint8Array): Json | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(octets).toString("utf8"));
    return isJson(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Permitted messages, by code: `t.answers(answer, message(R2.estabAccepted, "silence"), cite)`. */
export function message(...permitted: readonly (number | "silence" | "closed")[]): Permitted<R2Answer> {
  const words = { silence: "no message", closed: "the end of the connection" };
  return {
    expected: permitted.map((one) => (typeof one === "number" ? nameOf(one) : words[one])),
    test: ({ silent, closed, code }) =>
      closed ? permitted.includes("closed") : silent ? permitted.includes("silence") : permitted.includes(code),
  };
}
