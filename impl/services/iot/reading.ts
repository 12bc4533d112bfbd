import type { SensorValue } from "../../data-source/sensors.js";

/** The application identifier of the field's IoT data. */
export const APP_ID = "iot";
export const CORE_TITLE = "iot";
export const LIVE_TITLE = "iot live";
export const STORE_TITLE = "iot store";

/** One value of one sensor of one peer, as it travels: JSON. */
export interface Reading {
  readonly peer: string;
  readonly sensor: string;
  /** Counts the readings of the peer, from 1. */
  readonly number: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly value: SensorValue;
}

/** @throws SyntaxError or Error for octets that are no reading */
export function parseReading(payload: Uint8Array): Reading {
  const value = JSON.parse(new TextDecoder().decode(payload)) as Partial<Reading> | null;
  if (typeof value?.peer !== "string" || typeof value.sensor !== "string" || !Number.isInteger(value.number)) {
    throw new Error("peer, sensor and number are wanted of a reading");
  }
  return value as Reading;
}
