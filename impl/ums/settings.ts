/** What the Recommendation leaves to the UMS. */
export interface UmsSettings {
  /** Seconds for which a result of a check holds at most: rights that are taken back end no later [X.609.10 8.7 b]. Default 300. */
  review: number;
}

export const defaultSettings: UmsSettings = { review: 300 };

/** Bounds on what a UMS keeps. What is beyond one is refused with 503. */
export interface UmsLimits {
  /** Default 1,000,000. */
  users: number;
  /** Default 100,000. */
  channels: number;
  /** Channels that one user has access to; no answer holds more. Default 2000. */
  channelsPerUser: number;
  /** All users and channels together. Default 5,000,000. */
  grants: number;
  /** Different wrong credentials that one address may show in a minute before it is sent away. Default 30. */
  wrongCredentials: number;
}

export const defaultLimits: UmsLimits = {
  users: 1_000_000,
  channels: 100_000,
  channelsPerUser: 2000,
  grants: 5_000_000,
  wrongCredentials: 30,
};
