import { defaultBackoff } from "../../../net/backoff.js";
import { type CoreSettings, defaultCoreSettings } from "../../core/settings.js";
import { defaultMembershipSettings } from "../../overlay/membership-types.js";
import { defaultTransportLimits, type TransportLimits } from "../../transport/transport.js";
import type { Setting, SettingKind } from "./setting.js";

const integer = (least: number, most: number, unit?: string): SettingKind => ({
  kind: "integer",
  least,
  most,
  ...(unit !== undefined && { unit }),
});
const ms = (least: number, most: number): SettingKind => integer(least, most, "ms");
const octets = (least: number, most: number): SettingKind => integer(least, most, "octets");

const HOUR_MS = 3_600_000;
const GIB = 2 ** 30;

const own: readonly Setting[] = [
  {
    name: "homs",
    type: { kind: "text", pattern: /^https?:\/\//, example: "http://127.0.0.1:8080" },
    default: "http://127.0.0.1:8080",
    about: "address of the HOMS",
  },
  {
    name: "homsDialect",
    type: { kind: "choice", choices: ["text", "v22", "v23a", "v23", "auto"] },
    default: "text",
    about: "how the HOMS speaks: as Q.4103 has it, or as one of the field's; auto finds out",
  },
  {
    name: "peerId",
    type: { kind: "text", longest: 256 },
    about: "identifier of this peer; its owner-id too (default: made at random)",
  },
  {
    name: "password",
    type: { kind: "text", pattern: /^[A-Za-z0-9]+$/, longest: 256, example: "letters and digits" },
    about: "proves this peer to the HOMS (default: made at random)",
    secret: true,
  },
  { name: "bearer", type: { kind: "text" }, about: "token for HOMS that want one", secret: true },
  {
    name: "address",
    type: { kind: "text", example: "tcp://192.0.2.1:9000" },
    about: "where other peers reach it (default: where it listens)",
  },
  {
    name: "listen.host",
    type: { kind: "text" },
    default: "127.0.0.1",
    about: "interface for connections of other peers; 0.0.0.0 or :: for all",
  },
  { name: "listen.port", type: integer(0, 65_535), default: 0, about: "port for them; 0: any free one" },
  { name: "listen.tlsCert", type: { kind: "text" }, about: "PEM file: speak TLS" },
  { name: "listen.tlsKey", type: { kind: "text" }, about: "PEM file with the key of the certificate" },
  {
    name: "tlsAuthorities",
    type: { kind: "text" },
    about: "PEM file with the authorities of other peers' certificates",
  },
  {
    name: "webrtc.signalling",
    type: { kind: "text", pattern: /^wss?:\/\//, example: "ws://127.0.0.1:8082" },
    about: "signalling relay: reach peers and be reached over WebRTC data channels",
  },
  { name: "webrtc.iceServers", type: { kind: "list", most: 10 }, default: [], about: "STUN servers and the like" },
  {
    name: "webrtc.bindAddress",
    type: { kind: "text", example: "127.0.0.1" },
    about: "only local address used for WebRTC (default: all)",
  },
  {
    name: "profile",
    type: { kind: "choice", choices: ["p23", "p22", "p20"] },
    default: "p23",
    about: "how frames are spelt on links that it opens",
  },
  { name: "timeoutMs", type: ms(100, HOUR_MS), default: 10_000, about: "longest wait for one answer of the HOMS" },
  { name: "attempts", type: integer(1, 1000), default: 5, about: "attempts at what is asked of the HOMS once" },
  { name: "leaveMs", type: ms(0, HOUR_MS), default: 3000, about: "how long leaving waits for the HOMS" },
  {
    name: "membership.refreshAfter",
    type: { kind: "number", least: 0.05, most: 0.95 },
    default: defaultMembershipSettings.refreshAfter,
    about: "share of the lifetime after which a refresh is due",
  },
  {
    name: "membership.refreshAtMost",
    type: integer(1, 86_400, "s"),
    default: defaultMembershipSettings.refreshAtMost,
    about: "a refresh is never later than this",
  },
  {
    name: "membership.assumedExpires",
    type: integer(1, 86_400, "s"),
    default: defaultMembershipSettings.assumedExpires,
    about: "lifetime taken for granted where the HOMS names none",
  },
  {
    name: "backoff.baseMs",
    type: ms(1, HOUR_MS),
    default: defaultBackoff.baseMs,
    about: "first pause after a failure; doubles",
  },
  { name: "backoff.capMs", type: ms(1, HOUR_MS), default: defaultBackoff.capMs, about: "longest pause after failures" },
];

type Described = readonly [SettingKind, string];

/** Every member: the compiler sees to it. */
const paths: { readonly [Name in keyof CoreSettings]-?: Described } = {
  maxPrimary: [integer(1, 1000), "parent and children together"],
  outgoingCandidates: [integer(0, 1000), "below it more outgoing candidates are sought"],
  maxIncomingCandidates: [integer(0, 10_000), "at it more incoming candidates are refused"],
  maxLinks: [integer(2, 100_000), "links of any kind in one overlay network"],
  helloTtl: [integer(1, 100), "how far down a HELLO is handed"],
  helloConnNum: [integer(1, 100), "peers that are to answer a HELLO"],
  answerMs: [ms(10, HOUR_MS), "longest wait for an answer of another peer, and for a link to it"],
  estabMs: [ms(0, HOUR_MS), "how long offers are collected after a HELLO"],
  probeMs: [ms(0, HOUR_MS), "how long answers to PROBE are waited for; 0: no probing"],
  quietMs: [ms(0, HOUR_MS), "quiet time after which the other end is asked for a sign of life; 0: never"],
  silenceMs: [ms(10, HOUR_MS), "quiet time after which a path counts as lost"],
  retryMs: [{ kind: "span", least: 10, most: HOUR_MS, unit: "ms" }, "pauses between asking the HOMS for entry peers"],
  seekMs: [ms(10, HOUR_MS), "look again for missing candidates"],
  requestsPerSecond: [integer(1, 1_000_000), "requests taken per link and second"],
  order: [{ kind: "choice", choices: ["arrival", "source"] }, "data as it comes, or each source's in order"],
  firstSequence: [
    integer(0, Number.MAX_SAFE_INTEGER),
    "sequence of its first message; higher than the last one where a peer comes back under its peer-id",
  ],
  cacheMessages: [integer(0, 100_000_000), "messages kept per source, where that is more than the overlay's mN_Cache"],
  maxMessage: [octets(1, GIB), "longest message of an application"],
  maxFramePayload: [octets(1, 16 * 2 ** 20), "longest payload of one frame"],
  split: [{ kind: "boolean" }, "split longer messages; refuse them where false"],
  maxCacheOctets: [octets(0, 64 * GIB), "all caches together"],
  maxSources: [integer(1, 10_000_000), "sources remembered"],
  maxQueued: [octets(1024, 16 * GIB), "octets that may wait on one path"],
  recoveryMs: [ms(10, HOUR_MS), "wait for lost data before the next peer is asked"],
  meshMs: [ms(10, HOUR_MS), "period of asking neighbours in a SubMesh"],
  signatures: [
    { kind: "boolean" },
    "sign own data and take signed data only, in closed overlay networks; all peers have to agree",
  ],
};

const links: { readonly [Name in keyof TransportLimits]-?: Described } = {
  maxFrame: [octets(1024, 256 * 2 ** 20), "longest frame taken over TCP"],
  maxQueued: [octets(1024, 16 * GIB), "octets that may wait on one link"],
  maxLinks: [integer(1, 100_000), "links that others opened, at a time"],
  maxLinksPerAddress: [integer(1, 100_000), "those of them from one network address"],
  maxConnecting: [integer(1, 100_000), "links being opened at a time"],
  firstFrameMs: [ms(10, HOUR_MS), "from a connection to its first frame"],
  frameMs: [ms(10, HOUR_MS), "a frame that is begun has to end within twice this time"],
  maxUnknown: [integer(0, 1_000_000), "frames with unknown codes passed over per link"],
  lingerMs: [ms(0, HOUR_MS), "how long a closed link waits for the other end to take the rest"],
};

const described = (group: string, members: Readonly<Record<string, Described>>, defaults: object): Setting[] =>
  Object.entries(members).map(([name, [type, about]]) => ({
    name: `${group}.${name}`,
    type,
    about,
    default: (defaults as Readonly<Record<string, unknown>>)[name],
  }));

/** The whole configuration of a hybrid peer: from file, flags and API alike [Q.4100 7.2.1.1]. */
export const settings: readonly Setting[] = [
  ...own,
  ...described("paths", paths, defaultCoreSettings),
  ...described("links", links, defaultTransportLimits),
];

export const settingsByName: ReadonlyMap<string, Setting> = new Map(settings.map((one) => [one.name, one]));
