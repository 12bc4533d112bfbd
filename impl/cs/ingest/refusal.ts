import type { SessionRequest } from "../../../generated/cs/types.js";
import { isMp2pError } from "../../../generated/runtime/errors.js";
import { PeerError } from "../../peer/errors.js";
import { IngestRefusal } from "./plan.js";

const indexFile = "X.609.10 8.6 a)";

/** The data of this data source have a session; `why` says where. */
export function taken({ data_source_id, data_id }: SessionRequest, why: string): IngestRefusal {
  const pair = `data ${JSON.stringify(data_id)} of data source ${JSON.stringify(data_source_id)}`;
  return new IngestRefusal(
    409,
    `${pair} are taken: ${why}; name other data, or another data source`,
    "/session/data_id",
    indexFile,
  );
}

/** What whoever asked for a session is told of why OMS or IXS would have none; an error that is not theirs comes back as it is. */
export function refusalOf(error: unknown, request: SessionRequest): unknown {
  if (isMp2pError(error, "ERR_REQUEST_INVALID"))
    return new IngestRefusal(400, `the OMS or the IXS takes no such session: ${error.message}`, "/session");
  if (!(error instanceof PeerError)) return error;
  const { status, code, message } = error;
  if (status === 409) return taken(request, "the IXS has an index file of theirs, by somebody else or not expired yet");
  if (status === 413)
    return new IngestRefusal(413, `the IXS takes no index file so long: ${message}`, "/session/description", indexFile);
  if (status === 400 || status === 422 || code === "ERR_OPTIONS")
    return new IngestRefusal(400, `the OMS or the IXS takes no such session: ${message}`, "/session");
  return new IngestRefusal(503, `no session could be made: ${message}`, "/session");
}
