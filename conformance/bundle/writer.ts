import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { createGzip } from "node:zlib";
import type { RunResult } from "../engine/result.js";
import type { Recorder } from "../engine/world/live.js";
import { toJson } from "./codec.js";
import type { End, Header, Line, Results } from "./format.js";
import { recorded } from "./format.js";
import type { Redactor } from "./redact.js";

/** Writes a run down as it goes, one line for everything that happens; gzip where the name ends in `.gz`. */
export class BundleWriter implements Recorder {
  readonly #redactor: Redactor;
  readonly #out: Writable;
  readonly #done: Promise<unknown>;
  readonly #digest = createHash("sha256");
  #lines = 0;
  #waiting: string[] = [];

  constructor(path: string, redactor: Redactor) {
    this.#redactor = redactor;
    const file = createWriteStream(path);
    const out = path.endsWith(".gz") ? createGzip({ level: 6 }) : file;
    if (out !== file) out.pipe(file);
    this.#out = out;
    this.#done = finished(file);
    // Told of by finish().
    this.#done.catch(() => {});
  }

  /** Has to come first. */
  begin(header: Header): void {
    this.#write(this.#redactor.json(header));
  }

  scope(scope: number, name: string, at: number): void {
    this.#line({ scope, name, at });
  }

  open(scope: number, source: number, kind: string, asked: object): void {
    this.#line({ open: kind, in: scope, source, asked });
  }

  order(scope: number, source: number, order: object, at: number): void {
    this.#line({ order, in: scope, source, at });
  }

  event(scope: number, source: number, event: object | undefined, at: number): void {
    this.#line({ event: event ?? null, in: scope, source, at });
  }

  value(scope: number, value: number): void {
    this.#line({ value, in: scope });
  }

  close(scope: number, verdict: string, at: number): void {
    this.#line({ close: verdict, in: scope, at });
  }

  /** Adds the results and the digest; rejects where the file cannot be written. */
  async finish(result: RunResult): Promise<void> {
    const { milliseconds, conclusion, preflight, cases } = result;
    const results: Results = { milliseconds, conclusion, preflight, results: cases.map(recorded) };
    this.#write(this.#redactor.json(results));
    this.#flush();
    const end: End = { end: { lines: this.#lines, sha256: this.#digest.digest("hex") } };
    this.#out.end(`${JSON.stringify(end)}\n`);
    await this.#done;
  }

  #line(line: Line): void {
    this.#write(toJson(line, this.#redactor));
  }

  #write(value: unknown): void {
    this.#lines++;
    this.#waiting.push(`${JSON.stringify(value)}\n`);
    if (this.#waiting.length >= 64) this.#flush();
  }

  #flush(): void {
    const text = this.#waiting.join("");
    this.#waiting = [];
    this.#digest.update(text);
    this.#out.write(text);
  }
}
