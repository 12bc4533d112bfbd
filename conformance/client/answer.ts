import { STATUS_CODES } from "node:http";
import type { Operation } from "../../generated/runtime/http-operation.js";
import { describeIssues } from "../../generated/runtime/validation.js";
import { SuiteError } from "../engine/outcome.js";
import type { ClientRequest } from "./request.js";

/** What the stand-in server says to a request. */
export interface Answer {
  readonly status: number;
  /** Sent as JSON; none unless given. */
  readonly body?: unknown;
  /** Sent as it is, in place of `body`. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Wait before the answer, in ms. */
  readonly delayMs?: number;
  /** The body travels in chunks of so many octets. */
  readonly chunkOctets?: number;
  /** The connection is lost: before anything of the answer, or in the middle of its body. */
  readonly cut?: "before" | "within";
  /** The connection ends with the answer. */
  readonly close?: boolean;
  /** Octets in place of everything else. */
  readonly raw?: string;
  /** Not as the spec has it, on purpose; any other answer of the suite's is checked before it is sent. */
  readonly malformed?: boolean;
}

/** An answer, or how to make one for a request. */
export type Reply = Answer | ((request: ClientRequest) => Answer);

/** @throws SuiteError where the suite's own answer is not as specified */
export function checkOwnAnswer(operation: Operation, answer: Answer): void {
  if (answer.malformed || answer.raw !== undefined || answer.cut !== undefined) return;
  const fault = faultIn(operation, answer);
  if (fault === undefined) return;
  throw new SuiteError(
    `the suite's own ${answer.status} answer to ${operation.id} is not as specified: ${fault} (say malformed: true if meant)`,
  );
}

function faultIn(operation: Operation, { status, body, text }: Answer): string | undefined {
  if (text !== undefined) return "its body is text";
  const declared = operation.responses.find((one) => one.status === status);
  if (!declared) {
    return status >= 200 && status < 300 && !operation.success.includes(status)
      ? "the status is not declared"
      : undefined;
  }
  if (status < 200 || status >= 300) return undefined;
  if (!declared.body) return body === undefined ? undefined : "it has a body";
  if (body === undefined) return declared.mayBeEmpty ? undefined : "it has no body";
  const issues = declared.body.validate(body);
  return issues ? describeIssues(issues) : undefined;
}

/** What goes onto the connection for an answer, and whether the connection ends with it. */
export interface Wired {
  readonly octets: Buffer;
  readonly ends: boolean;
}

/** @param method that of the request: HEAD is answered without a body */
export function toOctets(answer: Answer, method: string): Wired {
  if (answer.cut === "before") return { octets: Buffer.alloc(0), ends: true };
  if (answer.raw !== undefined) return { octets: Buffer.from(answer.raw, "latin1"), ends: true };
  const { status, headers: more = {}, chunkOctets, cut, close = false } = answer;
  const text = answer.text ?? (answer.body === undefined ? undefined : JSON.stringify(answer.body));
  const body = Buffer.from(text ?? "");
  const headers = Object.entries(more).map(([name, value]) => [name.toLowerCase(), value] as const);
  const lacks = (name: string): boolean => !headers.some(([one]) => one === name);
  const chunked = chunkOctets !== undefined && status !== 204;
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "Unknown"}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(text !== undefined && lacks("content-type") ? ["content-type: application/json"] : []),
    ...(chunked ? ["transfer-encoding: chunked"] : []),
    ...(!chunked && status !== 204 && lacks("content-length") ? [`content-length: ${body.length}`] : []),
    ...(close && lacks("connection") ? ["connection: close"] : []),
    "",
    "",
  ];
  const sent = method === "HEAD" || status === 204 ? Buffer.alloc(0) : chunked ? inChunks(body, chunkOctets) : body;
  const part = cut === "within" ? sent.subarray(0, Math.floor(sent.length / 2)) : sent;
  return { octets: Buffer.concat([Buffer.from(lines.join("\r\n"), "latin1"), part]), ends: close || cut === "within" };
}

function inChunks(body: Buffer, size: number): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; at += size) {
    const chunk = body.subarray(at, at + size);
    parts.push(Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from("\r\n"));
  }
  return Buffer.concat([...parts, Buffer.from("0\r\n\r\n")]);
}

/** For the transcript: `200 OK`, `the connection is lost before an answer`. */
export function summaryOf({ status, cut, raw, delayMs, chunkOctets }: Answer): string {
  if (cut === "before") return "the connection is lost before an answer";
  if (raw !== undefined) return "octets that are wrong on purpose";
  const marks = [
    ...(cut === "within" ? ["the connection is lost within the body"] : []),
    ...(delayMs === undefined ? [] : [`after ${delayMs} ms`]),
    ...(chunkOctets === undefined ? [] : ["chunked"]),
  ];
  return `${status} ${STATUS_CODES[status] ?? ""}${marks.length > 0 ? ` (${marks.join(", ")})` : ""}`.trim();
}
