import { type Command, Option } from "commander";
import { type CsClient, createCsClient, type IngestMethod, type Session } from "../../../generated/cs/index.js";
import { type ClientResult, print, printResult, wantsJson } from "../output.js";
import { defined, integer } from "../values.js";
import { addMakingOptions, csUrl, endingLine, type MakingOptions, requestOf } from "./cs-request.js";

interface CreateOptions extends MakingOptions {
  method: IngestMethod[];
  size?: number;
  idle?: number;
  rtpSender?: string;
}

interface OfSession {
  cs: string;
  sessionToken: string;
}

/** `mp2p cs session create|status|end|terminate` */
export function addCsSessionCommands(cs: Command): void {
  const session = cs.command("session").description("sessions whose data others send: by HTTP, RTP (ffmpeg) or LDMP");
  addMakingOptions(session.command("create"))
    .description("have a session made; prints where its data are taken, and its token")
    .addOption(
      new Option("--method <methods...>", "how the data will come")
        .choices(["http", "rtp", "ldmp"])
        .default(["http"], "http"),
    )
    .addOption(new Option("--size <octets>", "a FILE of so many, over HTTP (default: a STREAM)").argParser(integer(1)))
    .addOption(new Option("--idle <seconds>", "without data until it is ended").argParser(integer(1, 31_536_000)))
    .option("--rtp-sender <address>", "the only IP address that RTP is taken from: RTP shows no token")
    .action(create);
  const one = (name: string, what: string, act: (client: CsClient, SID: string) => Promise<ClientResult>): Command =>
    session
      .command(name)
      .description(what)
      .argument("<session>", "its name, as it was printed when it was made")
      .addOption(csUrl())
      .addOption(
        new Option("--session-token <token>", "the session's token").env("MP2P_CS_SESSION_TOKEN").makeOptionMandatory(),
      )
      .action(async (id: string, options: OfSession, command: Command) => {
        const client = createCsClient({ baseUrl: options.cs, auth: { bearer: options.sessionToken } });
        printResult(await act(client, id), wantsJson(command));
      });
  one("status", "how far it is", (client, SID) => client.CS_SESSION_QUERY({ params: { SID } }));
  one("end", "say that nothing follows: peers still get what there is", (client, SID) =>
    client.CS_SESSION_POST({ params: { SID }, body: { datum: { last: true } } }),
  );
  one("terminate", "end it everywhere: nothing of it is left", (client, SID) =>
    client.CS_SESSION_TERMINATE({ params: { SID } }),
  );
}

async function create(options: CreateOptions, command: Command): Promise<void> {
  const json = wantsJson(command);
  const client = createCsClient({
    baseUrl: options.cs,
    ...(options.token !== undefined && { auth: { bearer: options.token } }),
  });
  const { method, size, idle, rtpSender } = options;
  const result = await client.CS_SESSION_CREATE({
    body: requestOf(options, {
      ...defined({ content_size: size, idle_expiration: idle, rtp_sender: rtpSender }),
      content_type: size === undefined ? "STREAM" : "FILE",
      methods: [...new Set(method)],
    }),
  });
  if (result.status !== 200) return printResult(result, json);
  const { session } = result.body;
  if (json) return print({ event: "session", ...session }, true);
  const { session_id, session_token, overlay_network_id } = session;
  const lines = [
    `session: ${session_id}`,
    `overlay network: ${overlay_network_id}`,
    `its token: ${session_token}`,
    ...session.ingest.flatMap((point) => ["", `${point.method}: ${point.url}`, `  ${howTo(point, session)}`]),
    "",
    `end it with: MP2P_CS_SESSION_TOKEN=${session_token} ${endingLine(options.cs, session_id)}`,
  ];
  print(lines.join("\n"), false);
}

/** A command that sends data there. */
function howTo({ method, url }: Session["ingest"][number], { session_token, ldmp_secret }: Session): string {
  if (method === "rtp") return `ffmpeg -re -i INPUT -c copy -f rtp_mpegts '${url}'`;
  if (method === "ldmp") return `mp2p data-source --id 1 --to ${url} --secret ${ldmp_secret ?? ""}`;
  return `curl -T FILE -H 'Authorization: Bearer ${session_token}' '${url}?last=true'`;
}
