/** What the Recommendation leaves to the IXS, with the reading each choice rests on. The first word is the default. */
export const ixsReadings = {
  /** What says of which session an index file is, beside the data source: the data, or the title [E-DS-09]. */
  key: ["data", "title"],
  /** What the version in a query is: what the asker holds, or the one that it wants and no other [E-DS-12]. */
  version: ["hint", "exact"],
  /** Who may update and remove: who holds the token given at registration, or anybody, for laboratories [E-DS-36]. */
  authority: ["token", "open"],
} as const;

export type IxsReadings = { readonly [K in keyof typeof ixsReadings]: (typeof ixsReadings)[K][number] };

export const defaultReadings: IxsReadings = { key: "data", version: "hint", authority: "token" };

/** Bounds on what an IXS keeps and answers. A registration beyond one is refused with 503, a file too large with 413. */
export interface IxsLimits {
  /** Index files. Default 1,000,000. */
  files: number;
  /** Octets of one index file as JSON. Default 48 KiB. */
  fileOctets: number;
  /** Octets of all index files together. Default 1 GiB. */
  totalOctets: number;
  /** Part of `files` and of `totalOctets` that one address may fill; administrators may fill all. Default 0.25. */
  addressShare: number;
  /** Index files in an answer whose query names no limit. Default 100. */
  answerDefault: number;
  /** Octets of index files in one answer, beyond which the rest is for the next page. Default 1 MiB. */
  answerOctets: number;
  /** Index files looked at for one answer; the rest is for the next page. Default 50,000. */
  scan: number;
}

export const defaultLimits: IxsLimits = {
  files: 1_000_000,
  fileOctets: 48 * 1024,
  totalOctets: 1024 ** 3,
  addressShare: 0.25,
  answerDefault: 100,
  answerOctets: 1024 ** 2,
  scan: 50_000,
};
