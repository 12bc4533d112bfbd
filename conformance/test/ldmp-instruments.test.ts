import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { readDeclaration } from "../cli/declaration-file.js";
import { readDatagram } from "../engine/ldmp-channel.js";
import { dialectOf, INFERRED, requestType, typeShown } from "../engine/ldmp-dialect.js";
import { craft } from "../engine/ldmp-message.js";
import { sourcePeerDeclaration } from "../ldmp-source-peer/declaration.js";

const header = { code: 7, messageId: 1, sourceId: 2, destinationId: 3 };

describe("a datagram", () => {
  test.each([
    ["without payload, of 8 octets", craft(header), "A"],
    ["without payload, of 10 octets that end in zeros", craft({ ...header, length: 0 }), "B"],
    ["with payload", craft({ ...header, payloadType: 3, length: 1, payload: "a" }), undefined],
    ["without payload, of 10 octets that end otherwise", craft({ ...header, length: 7 }), undefined],
  ])("%s shows the layout where it can", (_, octets, layout) => {
    const dialect = dialectOf(INFERRED, INFERRED);
    readDatagram(octets, dialect);
    expect(dialect.layout).toBe(layout);
  });

  test("does not change a layout that is declared", () => {
    const dialect = dialectOf(INFERRED, "A");
    expect(readDatagram(craft({ ...header, length: 0 }), dialect).fault?.code).toBe("ERR_TRAILING");
    expect(dialect.layout).toBe("A");
  });

  test.each([
    ["version", { ...header, version: 2 }],
    ["type", { ...header, type: 3 }],
    ["payloadType", { ...header, payloadType: 1 }],
  ] as const)("that is unsound in its %s is read all the same", (_, fields) => {
    const { message, fault } = readDatagram(craft(fields), dialectOf("A", "A"));
    expect(fault).toBeDefined();
    expect(message).toMatchObject(fields);
  });

  test("without a whole header is no message", () => {
    expect(readDatagram(craft(header).subarray(0, 7), dialectOf("A", "A")).message).toBeUndefined();
  });
});

test.each([
  [5, true],
  [7, true],
  [2, false],
  [8, false],
])("T of code %i shows the reading that it was written by", (code, wants) => {
  expect(["A" as const, "B" as const].map((reading) => typeShown(code, requestType(wants, reading)))).toEqual([
    "A",
    "B",
  ]);
  expect(typeShown(code, 2)).toBeUndefined();
});

describe("a declaration", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "declaration-"));
    writeFileSync(
      join(folder, "pics.yaml"),
      `values: { get-stimulus: "POST \${LDMP_TEST_CONTROL}/get/{source} \${x}" }\n`,
    );
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("takes what is known only when the product runs from the environment", async () => {
    vi.stubEnv("LDMP_TEST_CONTROL", "http://127.0.0.1:1");
    const { values } = await readDeclaration(join(folder, "pics.yaml"), sourcePeerDeclaration);
    expect(values?.["get-stimulus"]).toBe(`POST http://127.0.0.1:1/get/{source} \${x}`);
    vi.unstubAllEnvs();
  });

  test("says which variable is missing", async () => {
    await expect(readDeclaration(join(folder, "pics.yaml"), sourcePeerDeclaration)).rejects.toThrow(
      /\$\{LDMP_TEST_CONTROL\}: the environment has no variable of that name/,
    );
  });
});
