/**
 * What an emitter is. Write one per kind of output, register it with one line in tools/emit/registry.ts.
 * Emitters are pure: no clock, no file system, no network; the same input gives the same bytes.
 */
import type { CatalogueSpec, KsySpec, Protocol, SourcePosition, Spec } from "../model/model.js";
import type { Printer } from "../print/printer.js";

/** One file of the output. `.ts` files are formatted by Biome afterwards, so emitters need not care for layout. */
export interface GeneratedFile {
  /** Relative to the output folder, POSIX: `pamp/types.ts`. */
  readonly path: string;
  readonly content: string;
}

export interface EmitContext {
  /** `mp2p@0.1.0` */
  readonly tool: string;
  /** A printer whose banner names this emitter and its source. `clauses` for display: `X.609.1 9.1-9.2`. */
  printer(source: { readonly source: string; readonly hash: string; readonly clauses?: string }): Printer;
  /** The same banner as plain lines, for output in other languages (Lua, Markdown …). */
  banner(source: { readonly source: string; readonly hash: string; readonly clauses?: string }): string[];
  /** Reports a mistake in the spec; the run ends after all emitters with every problem found, exit 1. */
  problem(position: SourcePosition, message: string): void;
}

export interface Emitter<Input> {
  readonly name: string;
  emit(input: Input, context: EmitContext): readonly GeneratedFile[] | Promise<readonly GeneratedFile[]>;
}

/** Called once per spec/<name>/openapi.yaml or protocol.yaml. */
export type OpenApiEmitter = Emitter<Protocol>;
/** Called once per spec/<name>/*.ksy. */
export type KsyEmitter = Emitter<KsySpec>;
/** Called once, if spec/ has requirements/ or errata.yaml. */
export type CatalogueEmitter = Emitter<CatalogueSpec>;
/** Called once with everything: reference pages, indexes. */
export type SpecEmitter = Emitter<Spec>;
