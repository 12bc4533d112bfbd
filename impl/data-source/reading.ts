/**
 * One reading as the profile writes it: the item it belongs to, its value, and when it was taken. X.609.8 leaves
 * payloads to the application (E-LDMP-06).
 */
export interface Reading {
  readonly item: string;
  readonly value: unknown;
  /** ISO 8601 */
  readonly time: string;
}

/** A reading as the payload of a POST, or of the answer to a GET. */
export function readingText(item: string, value: unknown, at: number): string {
  return JSON.stringify({ item, value, time: new Date(at).toISOString() } satisfies Reading);
}
