import assert from "node:assert/strict";
import { join } from "node:path";
import { loadOracle } from "../ldmp/oracle.js";

const generated = join(import.meta.dirname, "../../../generated/peer");
export const frameOracle = loadOracle(join(generated, "frame/kaitai/PeerFrame.cjs"), "PeerFrame");
export const receiptOracle = loadOracle(join(generated, "receipt/kaitai/PeerReceipt.cjs"), "PeerReceipt");

/** A type as Kaitai's parser gives it. */
export type Parsed = Readonly<Record<string, unknown>> & { readonly _io: { isEof(): boolean } };

/** Every member has the value that Kaitai found; names of enums are numbers there, and booleans too. */
export function sameAs(value: unknown, parsed: unknown, numbers: Readonly<Record<string, number>>, path = ""): void {
  if (ArrayBuffer.isView(value)) assert.deepEqual([...(value as Uint8Array)], [...(parsed as Uint8Array)], path);
  else if (Array.isArray(value)) {
    assert.equal(value.length, (parsed as unknown[]).length, path);
    for (const [i, item] of value.entries()) sameAs(item, (parsed as unknown[])[i], numbers, `${path}/${i}`);
  } else if (typeof value === "object" && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      if (name !== "type") sameAs(member, (parsed as Parsed)[name], numbers, `${path}/${name}`);
    }
  } else if (typeof value === "boolean") assert.equal(value ? 1 : 0, parsed, path);
  else if (/\/(role|reason)$/.test(path)) assert.equal(numbers[value as string], parsed, path);
  else assert.equal(value, parsed, path);
}

/** Everything in what Kaitai's parser gives, nested types and lists included. */
export function* valuesIn(parsed: unknown): Generator<unknown> {
  if (Array.isArray(parsed)) for (const item of parsed) yield* valuesIn(item);
  else if (typeof parsed === "object" && parsed !== null && !ArrayBuffer.isView(parsed)) {
    for (const [name, value] of Object.entries(parsed)) if (!name.startsWith("_")) yield* valuesIn(value);
  } else yield parsed;
}
