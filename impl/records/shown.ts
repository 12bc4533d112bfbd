import type { ReadRecord } from "./reader.js";

const decoder = new TextDecoder();

/** A datum for other programs. */
export function describeRecord(record: ReadRecord): object {
  const { sourceId, dataId, sequence, time, kind, payload, missed } = record;
  return {
    event: "record",
    sourceId,
    dataId,
    sequence,
    time: new Date(time).toISOString(),
    ...(missed > 0 && { missed }),
    ...(kind === "text"
      ? { text: decoder.decode(payload) }
      : kind === "binary" && { base64: Buffer.from(payload).toString("base64") }),
  };
}

/** A datum for people. */
export function recordLine({ sourceId, dataId, time, kind, payload, missed }: ReadRecord): string {
  const shown = kind === "text" ? decoder.decode(payload) : `${payload.length} octets`;
  const gap = missed > 0 ? `  (${missed} before it missing)` : "";
  return `${new Date(time).toISOString().slice(11, 23)}  ${sourceId}/${dataId}  ${shown}${gap}`;
}
