import { isMp2pError, type Mp2pErrorCode } from "../../generated/runtime/errors.js";
import { HybridPeerError, type HybridPeerErrorCode } from "../hybrid-peer/errors.js";
import { PampRefused } from "../pamp-client/errors.js";
import { PeerError, type PeerErrorCode } from "../peer/errors.js";
import { StoreError } from "../store/errors.js";
import { printable, printableLines } from "./printable.js";

/** What a command's exit code tells the shell. `usage` is also for what was named and is not there, or is taken. */
export const ExitCode = { done: 0, refused: 1, usage: 2, unreachable: 3, fault: 5 } as const;

/** Thrown by commands for mistakes in what the user gave; the message says what to give instead. */
export class UsageError extends Error {}

/** Prints one result: as JSON, or as indented `name: value` lines for people. */
export function print(value: unknown, json: boolean): void {
  const text = json ? JSON.stringify(value) : typeof value === "string" ? printableLines(value) : render(value, "");
  process.stdout.write(`${text}\n`);
}

function render(value: unknown, indent: string): string {
  if (Array.isArray(value)) {
    if (value.length === 0) return "(none)";
    return value.map((item) => `${indent}- ${render(item, `${indent}  `).trimStart()}`).join("\n");
  }
  if (typeof value === "object" && value !== null) {
    return Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => {
        const nested = typeof member === "object" && member !== null && Object.keys(member).length > 0;
        const label = `${indent}${printable(name)}:`;
        return nested ? `${label}\n${render(member, `${indent}  `)}` : `${label} ${render(member, "")}`;
      })
      .join("\n");
  }
  return printable(String(value));
}

/** The part of a typed client's result that every command looks at. */
export interface ClientResult {
  readonly status: number | "other";
  readonly code?: number;
  readonly ok: boolean;
  readonly body?: unknown;
}

/** Prints what a server answered, and sets the exit code that goes with it. */
export function printResult(result: ClientResult, json: boolean): void {
  const status = result.status === "other" ? result.code : result.status;
  if (json) {
    print({ status, ok: result.ok, ...(result.body === undefined ? {} : { body: result.body }) }, true);
  } else if (result.ok) {
    process.stdout.write(`${status} OK\n`);
    if (result.body !== undefined) print(result.body, false);
  } else {
    process.stderr.write(`refused with ${status}\n`);
    if (result.body !== undefined) process.stderr.write(`${render(result.body, "  ")}\n`);
  }
  process.exitCode = result.ok ? ExitCode.done : ExitCode.refused;
}

/** Says what went wrong on standard error and gives the exit code for it. */
export function reportFailure(error: unknown, json: boolean): number {
  const message = error instanceof Error ? error.message : String(error);
  const code = stableCode(error);
  const line = json
    ? JSON.stringify({ error: message, ...(code === undefined ? {} : { code }) })
    : `mp2p: ${printableLines(message)}`;
  process.stderr.write(`${line}\n`);
  return exitCodeOf(error);
}

/** Requests that were never sent: what was given cannot go into one. */
const unsent: ReadonlySet<Mp2pErrorCode> = new Set(["ERR_BASE_URL", "ERR_REQUEST_INVALID", "ERR_GET_BODY"]);

const hybridPeerExits: { readonly [Code in HybridPeerErrorCode]?: number } = {
  ERR_UNAVAILABLE: ExitCode.unreachable,
  ERR_TRANSPORT: ExitCode.unreachable,
  ERR_CONFIGURATION: ExitCode.usage,
};

const peerExits: { readonly [Code in PeerErrorCode]?: number } = {
  ERR_UNAVAILABLE: ExitCode.unreachable,
  ERR_OPTIONS: ExitCode.usage,
  ERR_STORAGE: ExitCode.usage,
};

function exitCodeOf(error: unknown): number {
  if (isMp2pError(error)) return unsent.has(error.code) ? ExitCode.usage : ExitCode.unreachable;
  if (error instanceof HybridPeerError) return hybridPeerExits[error.code] ?? ExitCode.refused;
  if (error instanceof PeerError) return peerExits[error.code] ?? ExitCode.refused;
  if (error instanceof PampRefused) return ExitCode.refused;
  // A port in use, a file that is not there, a store that another process holds: none of these is a fault of mp2p's.
  const given = error instanceof UsageError || error instanceof StoreError || isSystemError(error);
  return given ? ExitCode.usage : ExitCode.fault;
}

function stableCode(error: unknown): string | undefined {
  const named = isMp2pError(error) || error instanceof StoreError || error instanceof HybridPeerError;
  return named || error instanceof PeerError || isSystemError(error) ? error.code : undefined;
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException & { code: string } {
  return error instanceof Error && "syscall" in error && "code" in error && typeof error.code === "string";
}

/** Whether `--json` was given, anywhere on the command line. */
export function wantsJson(command: { optsWithGlobals(): Record<string, unknown> }): boolean {
  return command.optsWithGlobals().json === true;
}
