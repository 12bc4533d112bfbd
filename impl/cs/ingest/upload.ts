import type { IncomingMessage, ServerResponse } from "node:http";
import { lingerThen } from "../../../generated/runtime/http-body.js";
import { problem } from "../../../generated/runtime/problem.js";
import type { Logger } from "../../net/logger.js";
import type { IngestSession } from "./ingest-session.js";
import { IngestRefusal } from "./plan.js";

export interface UploadOptions {
  readonly find: (id: string) => IngestSession | undefined;
  /** Whether this header's token is the session's. */
  readonly admits: (session: IngestSession, authorization: string | undefined) => boolean;
  /** Silence after which the connection is cut, in ms. */
  readonly silenceMs: number;
  /** The request may take as long as it likes from now on; calling what is given back ends that. */
  readonly accepted: () => () => void;
  readonly challenge: string;
  readonly logger: Logger;
}

const target = /^\/cs\/sessions\/([^/?]+)\/data(?:\?(.*))?$/;

/** The session that an upload is for; undefined for any other request. */
export function uploadTarget(
  request: IncomingMessage,
): { readonly id: string; readonly query: URLSearchParams } | undefined {
  if (request.method !== "PUT") return undefined;
  const [, id, query = ""] = target.exec(request.url ?? "") ?? [];
  return id === undefined ? undefined : { id, query: new URLSearchParams(query) };
}

/**
 * Takes the octets of a stream as they come, for as long as they come (spec/cs/README.md).
 * @returns the status that was answered
 */
export async function takeUpload(
  request: IncomingMessage,
  response: ServerResponse,
  { id, query }: { readonly id: string; readonly query: URLSearchParams },
  options: UploadOptions,
): Promise<number> {
  const session = options.find(id);
  const answer = (status: number, body: object, headers: Record<string, string> = {}): number => {
    if (response.headersSent || response.destroyed) return status;
    const text = JSON.stringify(body);
    response.writeHead(status, {
      "content-type": status === 200 ? "application/json" : "application/problem+json",
      "content-length": Buffer.byteLength(text),
      ...(session !== undefined && status !== 401 && { "upload-offset": session.status.received }),
      // What was not read would be taken for the next request.
      ...(request.complete ? {} : { connection: "close" }),
      ...headers,
    });
    response.write(text);
    // Closed over octets that nobody has read, the connection would be reset and the answer lost.
    lingerThen(request, () => response.end());
    return status;
  };
  const refuse = (status: number, detail: string, member = ""): number =>
    answer(status, problem(status, { detail, member, clause: "X.609.10 8.11 a)" }));
  if (session === undefined) return refuse(404, "no session has this name");
  if (!options.admits(session, request.headers.authorization)) {
    const headers = { "www-authenticate": options.challenge };
    const clause = "X.609.10 8.11 (E-DS-36)";
    return answer(401, problem(401, { detail: "the session's token is wanted", clause }), headers);
  }
  const given = query.get("offset");
  if (given !== null && !/^\d{1,15}$/.test(given)) return refuse(400, "offset is a number of octets", "?offset");
  const last = query.get("last");
  if (last !== null && last !== "true" && last !== "false") return refuse(400, "last is true or false", "?last");
  let done: (() => void) | undefined;
  let over: (() => void) | undefined;
  try {
    done = session.upload(given === null ? undefined : Number(given));
    const declared = Number(request.headers["content-length"] ?? 0);
    if (declared > session.room)
      throw new IngestRefusal(413, `this session takes ${session.room} octets more, and no ${declared}`);
    over = options.accepted();
    request.socket.setTimeout(options.silenceMs, () => request.destroy());
    const chunks: AsyncIterable<Buffer> = request.iterator({ destroyOnReturn: false });
    for await (const chunk of chunks) await session.octets(chunk);
    if (last === "true") await session.end("?last");
    return answer(200, { session_status: session.status });
  } catch (error) {
    if (error instanceof IngestRefusal) return refuse(error.status, error.message, error.member);
    // The sender went away: what came is taken, and it asks where to go on.
    options.logger.info({ err: error, session: id }, "an upload broke off");
    return 499;
  } finally {
    done?.();
    over?.();
    request.socket?.setTimeout(0);
  }
}
