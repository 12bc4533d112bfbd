import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { pampOperations } from "../../generated/pamp/operations.js";

const folder = new URL("../../spec/pamp/examples/", import.meta.url);
const text = (file: string): string => readFileSync(new URL(file, folder), "utf8");

interface Example {
  readonly id: string;
  readonly operation: string;
  readonly direction: "request" | "response";
  readonly printed: { readonly file: string; readonly start: string };
  readonly read: { readonly file: string };
}

const examples = parse(text("index.yaml")) as readonly Example[];

/** The reader and the validator of the message that an example is of. */
function bodyOf({ operation, direction }: Example) {
  const found = Object.values(pampOperations).find(({ id }) => id === operation);
  const body = direction === "request" ? found?.request : found?.responses.find(({ status }) => status === 200)?.body;
  if (body === undefined) throw new Error(`${operation} has no ${direction} body`);
  return body;
}

describe("the example messages of X.609.1 9.2", () => {
  const parsable = examples.filter(({ printed }) => printed.file.endsWith(".json"));

  test("seven of the eight are printed as JSON", () => {
    expect([parsable.length, examples.length]).toEqual([7, 8]);
  });

  test.each(parsable.map((example) => [example.id, example] as const))(
    "%s: as printed is read as we read it",
    (_, example) => {
      const issues: never[] = [];
      const read = bodyOf(example).read(JSON.parse(text(example.printed.file)), { query: undefined, issues });
      expect(issues).toEqual([]);
      expect(read).toEqual(JSON.parse(text(example.read.file)));
    },
  );

  test.each(examples.map((example) => [example.id, example] as const))("%s: as we read it is valid", (_, example) => {
    expect(bodyOf(example).validate(JSON.parse(text(example.read.file)))).toBeUndefined();
  });
});
