import { createReadStream, statSync } from "node:fs";
import type { Command } from "commander";
import { type CsClient, createCsClient, type OctetSource, type Session } from "../../../generated/cs/index.js";
import { isProblemDetails } from "../../../generated/runtime/problem.js";
import { pause } from "../../net/pause.js";
import { ExitCode, print, printResult, UsageError, wantsJson } from "../output.js";
import { onceSignalled } from "../until-signal.js";
import { endingLine, type MakingOptions, requestOf } from "./cs-request.js";

interface IngestOptions extends MakingOptions {
  stream?: true;
  keep?: true;
}

/** Uploads of one file that may break off. */
const attempts = 5;

/** How long the cache server may let octets wait, in ms. */
const timeoutMs = 60_000;

/** `mp2p cs ingest`: the session lives as long as the command does, unless it is to be kept. */
export async function ingest(file: string, options: IngestOptions, command: Command): Promise<void> {
  const json = wantsJson(command);
  const size = file === "-" ? undefined : statSync(file).size;
  const live = options.stream === true || size === undefined;
  if (size === 0) throw new UsageError(`${file} is empty: a FILE has one octet at least`);
  const client = createCsClient({
    baseUrl: options.cs,
    ...(options.token !== undefined && { auth: { bearer: options.token } }),
  });
  // From now on, so that no session is left behind that nobody knows of.
  const ending = new AbortController();
  const unheard = onceSignalled(() => ending.abort(), ExitCode.refused);
  try {
    const result = await client.CS_SESSION_CREATE({
      body: requestOf(options, {
        content_type: live ? "STREAM" : "FILE",
        methods: ["http"],
        ...(size !== undefined && { content_size: size }),
      }),
    });
    if (result.status !== 200) return printResult(result, json);
    await use(result.body.session, { file, options, json, live: size === undefined, signal: ending.signal });
  } finally {
    unheard();
  }
}

interface Use {
  readonly file: string;
  readonly options: IngestOptions;
  readonly json: boolean;
  /** From standard input. */
  readonly live: boolean;
  readonly signal: AbortSignal;
}

async function use(session: Session, { file, options, json, live, signal }: Use): Promise<void> {
  const { session_token: token } = session;
  const own = createCsClient({ baseUrl: options.cs, auth: { bearer: token } });
  const made = { session: session.session_id, overlay: session.overlay_network_id };
  print(json ? { event: "session", ...made } : `session ${made.session}, overlay network ${made.overlay}`, json);
  try {
    const octets = live ? await pipe(session, signal) : await send(session, file, own, signal);
    print(json ? { event: "sent", octets } : `${octets} octets sent`, json);
    if (options.keep) {
      const how = `end it with: MP2P_CS_SESSION_TOKEN=${token} ${endingLine(options.cs, made.session)}`;
      return print(json ? { event: "kept", ...made, token } : `its token: ${token}\n${how}`, json);
    }
    if (!json) process.stderr.write("peers can join; end with Ctrl-C\n");
    // Signals alone keep no process alive.
    while (!signal.aborted) await pause(2 ** 31 - 1, signal);
  } catch (error) {
    process.exitCode = ExitCode.refused;
    await terminate(own, made, json);
    if (signal.aborted) return;
    throw error;
  }
  await terminate(own, made, json);
}

async function terminate(own: CsClient, made: { session: string; overlay: string }, json: boolean): Promise<void> {
  const ended = await own.CS_SESSION_TERMINATE({ params: { SID: made.session } });
  // 404: it had ended already, such as by its overlay network.
  if (!ended.ok && ended.code !== 404) {
    process.exitCode = ExitCode.refused;
    process.stderr.write(`the session was not terminated: the cache server answered ${ended.code}\n`);
  } else print(json ? { event: "terminated", ...made } : "session terminated", json);
}

/** The cache server where it takes the session's data, which need not be where the session was made. */
function ingestOf({ ingest: points, session_id, session_token }: Session): CsClient {
  const url = points.find(({ method }) => method === "http")?.url;
  if (url === undefined) throw new UsageError("the cache server takes nothing over HTTP");
  const path = `/cs/sessions/${encodeURIComponent(session_id)}/data`;
  if (!url.endsWith(path)) throw new UsageError(`the cache server takes data at ${url}, and not at a path of R12`);
  return createCsClient({ baseUrl: url.slice(0, -path.length), auth: { bearer: session_token } });
}

/** A file: what breaks off goes on where the cache server stands. @returns octets that it has */
async function send(session: Session, file: string, own: CsClient, signal: AbortSignal): Promise<number> {
  let at = 0;
  for (let attempt = 1; ; attempt++) {
    try {
      return await put(session, createReadStream(file, { start: at }), signal, at);
    } catch (error) {
      if (error instanceof UsageError || attempt === attempts || signal.aborted) throw error;
      await pause(500 * attempt, signal);
      const { body } = await own.CS_SESSION_QUERY({ params: { SID: session.session_id } });
      at = (body as { session_status?: { received: number } } | undefined)?.session_status?.received ?? at;
    }
  }
}

async function pipe(session: Session, signal: AbortSignal): Promise<number> {
  try {
    return await put(session, process.stdin, signal);
  } finally {
    // Otherwise it would be waited for.
    process.stdin.destroy();
  }
}

/** All that is left of the stream. @returns octets that the cache server has */
async function put(session: Session, body: OctetSource, signal: AbortSignal, offset?: number): Promise<number> {
  const request = { params: { SID: session.session_id }, query: { offset, last: true }, body };
  const result = await ingestOf(session).CS_DATA_UPLOAD(request, { signal, timeoutMs });
  if (result.status === 200) return result.body.session_status.received;
  const detail = isProblemDetails(result.body) ? (result.body.detail ?? "") : "";
  throw new UsageError(`the cache server refused with ${result.code}: ${detail}`);
}
