import type { Cited, JsonValue, SourcePosition, SpecFile } from "./model.js";
import type { Problem } from "./problem.js";

type JsonObject = { readonly [name: string]: JsonValue };

/** A value in a spec file together with where it stands: what the loader walks with, so that every problem has a place. */
export class Cursor {
  readonly file: SpecFile;
  readonly path: readonly (string | number)[];
  readonly value: JsonValue | undefined;
  readonly problems: Problem[];

  constructor(file: SpecFile, path: readonly (string | number)[], value: JsonValue | undefined, problems: Problem[]) {
    this.file = file;
    this.path = path;
    this.value = value;
    this.problems = problems;
  }

  get position(): SourcePosition {
    return this.file.at(this.path);
  }

  problem(message: string): void {
    this.problems.push({ position: this.position, message });
  }

  has(key: string): boolean {
    return isObject(this.value) && Object.hasOwn(this.value, key);
  }

  get(key: string): Cursor {
    const value = isObject(this.value) && Object.hasOwn(this.value, key) ? this.value[key] : undefined;
    return new Cursor(this.file, [...this.path, key], value, this.problems);
  }

  /** Keys of an object, in the order written. */
  keys(): string[] {
    return isObject(this.value) ? Object.keys(this.value) : [];
  }

  entries(): [string, Cursor][] {
    return this.keys().map((key) => [key, this.get(key)]);
  }

  items(): Cursor[] {
    if (!Array.isArray(this.value)) return [];
    return this.value.map((value: JsonValue, i) => new Cursor(this.file, [...this.path, i], value, this.problems));
  }

  /** The string here, or "" with a problem if there is something else; absent is "". */
  text(): string {
    if (this.value === undefined) return "";
    if (typeof this.value === "string") return this.value;
    if (typeof this.value === "number") {
      this.problem(`a number where text is meant. Put it in quotes: "${this.value}".`);
    } else {
      this.problem("text is meant here. Write a string.");
    }
    return "";
  }

  flag(): boolean {
    if (this.value === undefined) return false;
    if (typeof this.value === "boolean") return this.value;
    this.problem("true or false is meant here.");
    return false;
  }

  number(): number | undefined {
    if (this.value === undefined) return undefined;
    if (typeof this.value === "number") return this.value;
    this.problem("a number is meant here.");
    return undefined;
  }

  /** A list of strings; one string stands for a list of one. */
  texts(): string[] {
    if (this.value === undefined) return [];
    if (typeof this.value === "string") return [this.value];
    if (!Array.isArray(this.value)) this.problem("a list of strings is meant here: [a, b].");
    return this.items().map((item) => item.text());
  }

  /** Clause, errata and description, as every construct carries them. */
  cited(): Cited {
    return {
      clause: sourced(this.get("x-clause").text(), this.get("x-source").text()),
      errata: [...this.get("x-errata").texts()].sort(),
      description: this.get("description").text().trim(),
      position: this.position,
    };
  }
}

/** A clause that asks for something which is defined elsewhere: `8.2 (field)`. */
export function sourced(clause: string, source: string): string {
  return source === "" ? clause : `${clause} (${source})`;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
