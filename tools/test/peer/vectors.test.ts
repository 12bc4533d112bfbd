import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as frame from "../../../generated/peer/frame/index.js";
import * as receipt from "../../../generated/peer/receipt/index.js";
import { frameOracle, receiptOracle } from "./oracle.js";

interface Vector {
  readonly id: string;
  readonly file: "frame" | "receipt";
  readonly hex: string;
  /** Octets in hexadecimal digits. */
  readonly message?: Readonly<Record<string, unknown>>;
  readonly refused?: { readonly code: string; readonly field: string };
}

const vectors = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../../spec/peer/vectors.json"), "utf8"),
) as readonly Vector[];

/** As JSON has it. */
const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, one) => (ArrayBuffer.isView(one) ? Buffer.from(one as Uint8Array).toString("hex") : one)),
  );

const octetsOf = ({ hex }: Vector): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex"));
const codecOf = ({ file }: Vector) => (file === "frame" ? frame : receipt);

test.each(vectors.filter(({ message }) => message !== undefined))("$id is read and written like that", (vector) => {
  const octets = octetsOf(vector);
  const codec = codecOf(vector);
  const decoded = codec.decode(octets);
  expect(plain(decoded)).toEqual(vector.message);
  expect(codec.encode(decoded as never)).toEqual(octets);
  const oracle = vector.file === "frame" ? frameOracle : receiptOracle;
  expect(oracle(octets)).toMatchObject({ accepted: true, used: octets.length });
});

test.each(vectors.filter(({ refused }) => refused !== undefined))("$id, and the field is named", (vector) => {
  expect(() => codecOf(vector).decode(octetsOf(vector))).toThrow(expect.objectContaining(vector.refused as object));
});

test("there is one for each type of message", () => {
  const types = vectors.flatMap(({ file, message }) =>
    file === "frame" && message !== undefined ? [message.type] : [],
  );
  expect(new Set(types)).toEqual(new Set(Object.keys(frame.typeValues)));
});
