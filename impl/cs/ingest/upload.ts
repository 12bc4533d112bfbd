import type { CsHandlers } from "../../../generated/cs/server.js";
import { isMp2pError } from "../../../generated/runtime/errors.js";
import { problem } from "../../../generated/runtime/problem.js";
import type { Logger } from "../../net/logger.js";
import type { IngestSession } from "./ingest-session.js";
import { IngestRefusal } from "./plan.js";

type Upload = CsHandlers["CS_DATA_UPLOAD"];
type Answer = Awaited<ReturnType<Upload>>;

/** Takes the octets of a stream as they come, for as long as they come [X.609.10 8.11 a)]. */
export async function takeUpload(
  session: IngestSession,
  { query: { offset, last = false }, body }: Pick<Parameters<Upload>[0], "query" | "body">,
  { headers }: Pick<Parameters<Upload>[1], "headers">,
  logger: Logger,
): Promise<Answer> {
  const stands = () => ({ "Upload-Offset": String(session.status.received) });
  let done: (() => void) | undefined;
  try {
    done = session.upload(offset);
    const declared = Number(headers["content-length"] ?? 0);
    if (declared > session.room)
      throw new IngestRefusal(413, `this session takes ${session.room} octets more, and no ${declared}`);
    for await (const octets of body) await session.octets(octets);
    if (last) await session.end("?last");
    return { status: 200, body: { session_status: session.status }, headers: stands() };
  } catch (error) {
    if (error instanceof IngestRefusal) {
      const { status, message: detail, member = "" } = error;
      return { status, body: problem(status, { detail, member, clause: "X.609.10 8.11 a)" }), headers: stands() };
    }
    // The sender went away: what came is taken, and it asks where to go on.
    if (isMp2pError(error, "ERR_ABORTED"))
      logger.info({ err: error, session: session.entry.id }, "an upload broke off");
    throw error;
  } finally {
    done?.();
  }
}
