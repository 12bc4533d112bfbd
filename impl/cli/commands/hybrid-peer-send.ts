import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { createInterface } from "node:readline";
import type { Command } from "commander";
import { type Application, HybridPeerError, type PeerNetwork } from "../../hybrid-peer/index.js";
import { ExitCode, print, UsageError, wantsJson } from "../output.js";
import { runUntilSignal } from "../service.js";
import { defined } from "../values.js";
import { addPathOptions, addPeerOptions, type Options } from "./hybrid-peer-options.js";
import { addJoinOptions, addWaitOption, aside, begin, joinNetwork, orClose } from "./hybrid-peer-session.js";

/** Octets that may wait on a path before more are read: what is read faster than it is taken would fill the memory. */
const MOST_WAITING = 1024 * 1024;
/** Longest wait for slow paths, in ms. */
const FLUSH_MS = 60_000;

interface SendOptions extends Options {
  appId: string;
  payloadType?: string;
  file?: string[];
  whole?: true;
  stay?: true;
  wait: number;
  quiet?: true;
}

export function addSend(group: Command): void {
  const command = addPathOptions(addPeerOptions(group.command("send").argument("[texts...]", "one message each")));
  addWaitOption(addJoinOptions(command), 10)
    .description("joins, broadcasts, waits until all of it is on its way, and leaves")
    .option("--app-id <name>", "application that it is for", "chat")
    .option("--payload-type <type>", "media type (default: text/plain, for files application/octet-stream)")
    .option("--file <path...>", "a message per file")
    .option("--whole", "standard input as one message instead of one per line")
    .option("--stay", "stay after it, as a part of the tree, until ended")
    .option("-q, --quiet", "do not tell on standard error what happens")
    .addHelpText(
      "after",
      `
Without texts and --file, standard input is sent: each line when it is there.
Examples:
  mp2p hybrid-peer send --title demo hello
  tail -f log | mp2p hybrid-peer send --title demo --app-id log
  mp2p hybrid-peer send --title demo --file photo.jpg --payload-type image/jpeg
  ffmpeg … -f mpegts - | mp2p hybrid-peer send --title demo --whole --app-id media`,
    )
    .action(async (texts: string[], options: SendOptions, command: Command) => {
      const tell = aside(wantsJson(command), options.quiet === true);
      const session = await begin(options, command, true, tell);
      if (session === undefined) return;
      const { peer, json } = session;
      const sent = await orClose(peer, async () => {
        const { network } = await joinNetwork(session, options);
        if (!(await network.connected({ timeoutMs: options.wait * 1000 }))) {
          if (options.stay !== true) throw new NobodyThere(options.wait);
          process.stderr.write(`nobody else is there yet; what is sent waits in the cache for who comes\n`);
        }
        return await sendAll(network, texts, options);
      });
      if (json) print({ event: "sent", ...sent }, true);
      if (options.stay === true)
        return await runUntilSignal({ entity: "hybrid-peer", "peer-id": peer.peerId }, json, [peer]);
      await peer.close();
      if (!sent.flushed) {
        process.exitCode = ExitCode.unreachable;
        process.stderr.write(`not all of it was taken within ${FLUSH_MS / 1000} s\n`);
      }
    });
}

/** Nothing could be sent to anybody. */
class NobodyThere extends UsageError {
  constructor(seconds: number) {
    super(
      `no path to another peer came about in ${seconds} s: is another one in this overlay network, and can it be reached? ` +
        "--wait waits longer, --stay sends into the cache and stays",
    );
  }
}

async function sendAll(network: PeerNetwork, texts: readonly string[], options: SendOptions) {
  const application = network.application(options.appId);
  const { payloadType } = options;
  let messages = 0;
  let octets = 0;
  const send = async (payload: Uint8Array | string, type: string | undefined): Promise<void> => {
    try {
      application.send(payload, defined({ payloadType: type }));
    } catch (error) {
      if (!(error instanceof HybridPeerError) || error.code !== "ERR_TOO_LARGE") throw error;
      throw new UsageError(`${error.message}: send it in pieces, or set paths.maxMessage higher at all peers`);
    }
    messages += 1;
    octets += typeof payload === "string" ? Buffer.byteLength(payload) : payload.length;
    await network.flushed({ octets: MOST_WAITING, timeoutMs: FLUSH_MS });
  };
  for (const text of texts) await send(text, payloadType);
  for (const path of options.file ?? []) await send(await readFile(path), payloadType ?? named(path));
  if (texts.length === 0 && options.file === undefined) await sendInput(application, options, send);
  return { messages, octets, flushed: await network.flushed({ timeoutMs: FLUSH_MS }) };
}

/** So that who receives files can give them their names back. */
const named = (path: string): string =>
  `application/octet-stream; name="${basename(path).replaceAll(/[^\p{L}\p{N}._ -]/gu, "_")}"`;

async function sendInput(
  { appId }: Application,
  { whole, payloadType }: SendOptions,
  send: (payload: Uint8Array | string, type: string | undefined) => Promise<void>,
): Promise<void> {
  if (whole === true) {
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
    const all = Buffer.concat(chunks);
    if (all.length === 0) throw new UsageError(`standard input is empty: nothing to send to ${appId}`);
    return await send(all, payloadType);
  }
  for await (const line of createInterface({ input: process.stdin })) await send(line, payloadType);
}
