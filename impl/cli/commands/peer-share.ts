import { statSync } from "node:fs";
import { basename, resolve } from "node:path";
import { type Command, Option } from "commander";
import { ExitCode, UsageError } from "../output.js";
import { runUntilSignal } from "../until-signal.js";
import { defined, integer, list } from "../values.js";
import { addPeerOptions, isJson, openPeer, type PeerCliOptions, pamsOf, type WhichOptions } from "./peer-options.js";
import { newsShown, say, showProgress } from "./peer-shown.js";

interface ShareOptions extends PeerCliOptions, WhichOptions {
  oms: string;
  description?: string;
  fragmentSize: number;
  password?: string;
  members?: string[];
  refresh?: number;
  cacheServers?: number;
  umsSession?: string;
  creatorToken?: string;
  progress?: boolean;
}

/** `mp2p peer share FILE` */
export function addShare(group: Command): void {
  addPeerOptions(group.command("share <file>"))
    .description("creates a session for a file and seeds it; terminates it when it is ended [X.609.10 7.1]")
    .addOption(new Option("--oms <url>", "address of the OMS (R5)").env("MP2P_OMS").makeOptionMandatory())
    .addOption(
      new Option("--creator-token <token>", "shown to an OMS that wants one of who makes overlays, or has quotas").env(
        "MP2P_CREATOR_TOKEN",
      ),
    )
    .option("--title <text>", "title of the session (default: the name of the file)")
    .option("--description <text>", "what it is, for people")
    .option("--data-source <id>", "identifier of the data source (default: that of the peer)")
    .option("--data <id>", "identifier of the data (default: the title)")
    .addOption(
      new Option("--fragment-size <octets>", "octets of a fragment")
        .argParser(integer(1024, 67_108_864))
        .default(262_144),
    )
    .addOption(new Option("--password <text>", "only who knows it joins").env("MP2P_PASSWORD"))
    .option("--members <ids>", "only these peers join, unless they know the password", list)
    .addOption(
      new Option("--refresh <seconds>", "the OMS removes the session when nothing is heard for so long").argParser(
        integer(1, 31_536_000),
      ),
    )
    .addOption(new Option("--cache-servers <number>", "cache servers wanted").argParser(integer(1, 1000)))
    .option("--ums-session <name>", "name of the session at the UMS, which is asked who may join")
    .option("--progress", "say every second what is uploaded")
    .addHelpText(
      "after",
      "\nExample:\n  mp2p peer share film.mp4 --title film --oms http://oms:8083 --ixs http://ixs:8082 --up 2000",
    )
    .action(share);
}

async function share(file: string, options: ShareOptions, command: Command): Promise<void> {
  const json = isJson(command);
  const path = resolve(file);
  if (!statSync(path).isFile()) throw new UsageError(`${file} is no file`);
  if (options.ixs === undefined) throw new UsageError("--ixs is missing: where peers find the session");
  const { password, members, title = basename(path) } = options;
  const peer = await openPeer(options);
  const shown = newsShown(json);
  let over: (reason: string) => void = () => undefined;
  const ended = new Promise<string>((resolve) => {
    over = resolve;
  });
  try {
    const session = await peer.createSession({
      oms: options.oms,
      title,
      description: options.description ?? `The file ${basename(path)}`,
      dataSourceId: options.dataSource ?? peer.peerId,
      dataId: options.data ?? title,
      contentType: "FILE",
      fragmentSize: options.fragmentSize,
      content: { path },
      ...((password !== undefined || members !== undefined) && { closed: defined({ password, peers: members }) }),
      ...defined({
        refreshExpiration: options.refresh,
        umsSession: options.umsSession,
        creatorToken: options.creatorToken,
      }),
      ...(options.cacheServers !== undefined && { csResources: { wanted: options.cacheServers } }),
      ...pamsOf(options),
    });
    session.onNews((news) => {
      shown(news);
      if (news.kind === "ended") over(news.reason);
    });
    const stop = options.progress === true ? showProgress(session, json) : () => undefined;
    const { content_size, content_digest, number_of_fragments } = session.indexFile;
    const ready = {
      entity: "source-peer",
      overlay: session.overlayId,
      title,
      peer: peer.peerId,
      addresses: peer.addresses,
      size: content_size,
      fragments: number_of_fragments,
      sha256: content_digest,
    };
    // Whoever runs this can start it again; a process that shares nothing would only look as if.
    void ended.then(() => {
      process.exitCode = ExitCode.refused;
      if (!json) say("ending: the session cannot go on; its index file is removed");
    });
    await runUntilSignal(ready, json, [{ close: async () => stop() }, { close: () => session.terminate() }], ended);
  } finally {
    await peer.close();
  }
}
