import { createReadStream, statSync } from "node:fs";
import { type Command, Option } from "commander";
import { type CsClient, createCsClient, type Session } from "../../../generated/cs/index.js";
import { ExitCode, print, printResult, UsageError, wantsJson } from "../output.js";
import { defined, integer } from "../values.js";

interface IngestOptions {
  cs: string;
  token?: string;
  title: string;
  description?: string;
  dataSource: string;
  data: string;
  stream?: true;
  fragmentSize?: number;
  format?: string;
  password?: string;
  keep?: true;
}

/** Uploads of one file that may break off. */
const attempts = 5;

/** `mp2p cs query|ingest` */
export function addCsCommand(program: Command): void {
  const cs = program
    .command("cs")
    .description("use a cache server: hand it data, and it is their source peer (X.609.10 8.11)");
  const url = () =>
    new Option("--cs <url>", "address of the cache server").env("MP2P_CS").default("http://127.0.0.1:8080");
  cs.command("query")
    .description("what a cache server can do, and how much of it is in use")
    .addOption(url())
    .action(async (options: { cs: string }, command: Command) => {
      printResult(await createCsClient({ baseUrl: options.cs }).CS_QUERY(), wantsJson(command));
    });
  cs.command("ingest")
    .description("have a session made, and send it a file, or standard input, over HTTP")
    .argument("[file]", "what to send; -: standard input", "-")
    .addOption(url())
    .addOption(new Option("--token <token>", "provider's token at the cache server").env("MP2P_CS_PROVIDER_TOKEN"))
    .requiredOption("--title <text>", "title of the session")
    .option("--description <text>", "what the data are, for people")
    .option("--data-source <id>", "identifier of the data source", "mp2p")
    .option("--data <id>", "identifier of the data", "data")
    .option("--stream", "live data, worth something only while fresh (default for standard input)")
    .addOption(new Option("--fragment-size <octets>", "of a full fragment").argParser(integer(1, 64 * 1024 * 1024)))
    .option("--format <text>", "how peers are to read the octets: octets, or a media type")
    .addOption(new Option("--password <text>", "who knows it may join, nobody else").env("MP2P_SESSION_PASSWORD"))
    .option("--keep", "leave the session when all is sent, with its token printed, instead of ending it on SIGINT")
    .action(ingest);
}

async function ingest(file: string, options: IngestOptions, command: Command): Promise<void> {
  const json = wantsJson(command);
  const size = file === "-" ? undefined : statSync(file).size;
  const live = options.stream === true || size === undefined;
  const client = createCsClient({
    baseUrl: options.cs,
    ...(options.token !== undefined && { auth: { bearer: options.token } }),
  });
  const result = await client.CS_SESSION_CREATE({
    body: {
      session: {
        ...defined({ description: options.description, fragment_size: options.fragmentSize, format: options.format }),
        title: options.title,
        data_source_id: options.dataSource,
        data_id: options.data,
        content_type: live ? "STREAM" : "FILE",
        methods: ["http"],
        ...(size !== undefined && { content_size: size }),
        ...(options.password !== undefined && { closed: { password: options.password } }),
      },
    },
  });
  if (result.status !== 200) return printResult(result, json);
  const { session } = result.body;
  const own = createCsClient({ baseUrl: options.cs, auth: { bearer: session.session_token } });
  const params = { SID: session.session_id };
  const made = { session: session.session_id, overlay: session.overlay_network_id };
  print(json ? { event: "session", ...made } : `session ${made.session}, overlay network ${made.overlay}`, json);
  const received = size === undefined ? await pipe(session) : await send(session, file, own);
  print(json ? { event: "sent", octets: received } : `${received} octets sent`, json);
  if (options.keep) {
    print(
      json ? { event: "kept", ...made, token: session.session_token } : `its token: ${session.session_token}`,
      json,
    );
    return;
  }
  if (!json) process.stderr.write("peers can join; end with Ctrl-C\n");
  await new Promise<void>((resolve) => {
    // The signals alone keep no process alive.
    const awake = setInterval(() => {}, 60_000);
    for (const signal of ["SIGINT", "SIGTERM"] as const)
      process.once(signal, () => {
        clearInterval(awake);
        resolve();
      });
  });
  const ended = await own.CS_SESSION_TERMINATE({ params });
  if (!ended.ok) process.exitCode = ExitCode.refused;
  print(json ? { event: "terminated", ...made } : "session terminated", json);
}

const headersOf = ({ session_token }: Session) => ({ authorization: `Bearer ${session_token}` });

function addressOf({ ingest }: Session): string {
  const url = ingest.find(({ method }) => method === "http")?.url;
  if (url === undefined) throw new UsageError("the cache server takes nothing over HTTP");
  return url;
}

/** A file: what breaks off goes on where the cache server stands. @returns octets that it has */
async function send(session: Session, file: string, own: CsClient): Promise<number> {
  let at = 0;
  for (let attempt = 1; ; attempt++) {
    try {
      const body = createReadStream(file, { start: at });
      return await put(session, body, `?offset=${at}&last=true`);
    } catch (error) {
      if (error instanceof UsageError || attempt === attempts) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500 * attempt));
      const { body } = await own.CS_SESSION_QUERY({ params: { SID: session.session_id } });
      at = (body as { session_status?: { received: number } } | undefined)?.session_status?.received ?? at;
    }
  }
}

function pipe(session: Session): Promise<number> {
  return put(session, process.stdin, "?last=true");
}

async function put(session: Session, body: NodeJS.ReadableStream, query: string): Promise<number> {
  const init = { method: "PUT", headers: headersOf(session), body, duplex: "half" } as unknown as RequestInit;
  const response = await fetch(addressOf(session) + query, init);
  const answer = (await response.json()) as { detail?: string; session_status?: { received: number } };
  if (!response.ok) throw new UsageError(`the cache server refused with ${response.status}: ${answer.detail ?? ""}`);
  return answer.session_status?.received ?? 0;
}
