/** What a peer's configuration says of its paths and data [Q.4100 7.2.1.1]. Times in ms, sizes in octets. */
export interface CoreSettings {
  /* Paths [Q.4100 7.2.2] */
  /** Parent and children together. The field's default is 2. */
  readonly maxPrimary: number;
  /** Below it more are sought. */
  readonly outgoingCandidates: number;
  /** At it more are refused. */
  readonly maxIncomingCandidates: number;
  /** Links of any kind, among them those that have not said yet what they are. */
  readonly maxLinks: number;
  readonly helloTtl: number;
  readonly helloConnNum: number;
  /** Longest wait for an answer to HELLO, ESTAB, PRIMARY, CANDIDATE. */
  readonly answerMs: number;
  /** How long ESTABs are collected after a HELLO before the best is asked; the first goes at once where 0. */
  readonly estabMs: number;
  /** How long PROBE answers are waited for; 0: no probing, first come first asked. */
  readonly probeMs: number;
  /** Quiet time after which the other end of a path is asked for a sign of life, beside the overlay's own heartbeat. 0: never. */
  readonly quietMs: number;
  /** Quiet time after which a path counts as lost, though the overlay's heartbeat-timeout is not yet over. */
  readonly silenceMs: number;
  /** Pause before HOMS is asked again for entry peers; doubles up to the second value. */
  readonly retryMs: readonly [first: number, most: number];
  /** Look again for candidates that are missing. */
  readonly seekMs: number;
  /** Requests (not data) taken per link and second; a link with more is cut. */
  readonly requestsPerSecond: number;

  /* Data [Q.4100 7.2.3] */
  /** "arrival": as it comes, `missing` tells of gaps. "source": gaps are waited for, as long as recovery goes on; `late` what comes afterwards. */
  readonly order: "arrival" | "source";
  /** Of this peer's own messages. Above 1 where a peer comes back under the same peer-id: what it sent before counts as received. */
  readonly firstSequence: number;
  /** Messages kept per source, where that is more than mN_Cache (E-HP2P-16). 0: mN_Cache; in a SubMesh, all that `maxCacheOctets` has room for. */
  readonly cacheMessages: number;
  /** Longest application message; more is refused. */
  readonly maxMessage: number;
  /** Longest payload of one frame; longer messages are split, or refused where `split` is false. */
  readonly maxFramePayload: number;
  readonly split: boolean;
  /** Octets of all caches together, whatever mN_Cache says. */
  readonly maxCacheOctets: number;
  /** Sources remembered, for duplicates and caches; the one quiet longest is forgotten. */
  readonly maxSources: number;
  /** Octets waiting on one path; a path with more is dropped, and recovers. */
  readonly maxQueued: number;
  /** Wait for an answer to GET_DATA or BUFFERMAP before the next peer is asked. */
  readonly recoveryMs: number;
  /** Period of asking neighbours for their buffer maps in a SubMesh. */
  readonly meshMs: number;
  /** Sign own data, and take signed data only: in closed overlays, whose HOMS certifies keys. All peers have to agree. */
  readonly signatures: boolean;
}

export const defaultCoreSettings: CoreSettings = {
  maxPrimary: 5,
  outgoingCandidates: 3,
  maxIncomingCandidates: 30,
  maxLinks: 200,
  helloTtl: 3,
  helloConnNum: 3,
  answerMs: 3000,
  estabMs: 200,
  probeMs: 0,
  quietMs: 400,
  silenceMs: 1200,
  retryMs: [500, 10_000],
  seekMs: 2000,
  requestsPerSecond: 500,
  order: "arrival",
  firstSequence: 1,
  cacheMessages: 0,
  maxMessage: 16 * 1024 * 1024,
  maxFramePayload: 60_000,
  split: true,
  maxCacheOctets: 64 * 1024 * 1024,
  maxSources: 10_000,
  maxQueued: 8 * 1024 * 1024,
  recoveryMs: 1000,
  meshMs: 500,
  signatures: false,
};
