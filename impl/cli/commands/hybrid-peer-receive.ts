import { createWriteStream, mkdirSync, statSync, type WriteStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Command, Option } from "commander";
import type { Delivery } from "../../hybrid-peer/index.js";
import { print, UsageError, wantsJson } from "../output.js";
import { onceSignalled } from "../until-signal.js";
import { integer } from "../values.js";
import { addPathOptions, addPeerOptions, type Options } from "./hybrid-peer-options.js";
import { addJoinOptions, aside, begin, joinNetwork, orClose } from "./hybrid-peer-session.js";
import { isText, shownData } from "./hybrid-peer-shown.js";

interface ReceiveOptions extends Options {
  appId?: string;
  output?: string;
  count?: number;
  quiet?: true;
}

export function addReceive(group: Command): void {
  const command = addPathOptions(addPeerOptions(group.command("receive")));
  addJoinOptions(command)
    .description("joins, and writes what others broadcast to standard output or files until it is ended")
    .option("--app-id <name>", "data of this application only")
    .option("--output <path>", "a folder (one file per message) or a file (all messages, one after the other)")
    .addOption(new Option("--count <messages>", "end after so many").argParser(integer(1)))
    .option("-q, --quiet", "do not tell on standard error what happens")
    .addHelpText(
      "after",
      `
Messages of one source come in the order in which it sent them; --set paths.order=arrival does not wait for those that are late.
On standard output, text ends with a new line; other data are written as they are. With --json: one line of JSON per message, with
source, sequence, app-id, payload-type and the payload as text or base64 (or, with --output, the file).
A path that ends with / or is a folder takes one file per message, named by the sender's file name or source-sequence.
Examples:
  mp2p hybrid-peer receive --title demo
  mp2p hybrid-peer receive --title demo --app-id media | ffplay -
  mp2p hybrid-peer receive --title demo --output inbox/ --count 1 --json`,
    )
    .action(async (options: ReceiveOptions, command: Command) => {
      const tell = aside(wantsJson(command), options.quiet === true);
      const session = await begin(options, command, true, tell, { order: "source" });
      if (session === undefined) return;
      const { peer, json } = session;
      const sink = sinkOf(options.output, json);
      let left = options.count ?? Number.POSITIVE_INFINITY;
      let failure: unknown;
      await orClose(peer, async () => {
        const { network } = await joinNetwork(session, options);
        await new Promise<void>((resolve) => {
          const take = (delivery: Delivery): void => {
            if (left <= 0) return;
            left -= 1;
            const last = left === 0;
            sink.write(delivery).then(
              () => last && resolve(),
              (error: unknown) => {
                failure = error;
                resolve();
              },
            );
          };
          if (options.appId === undefined) network.onData(take);
          else network.application(options.appId).onData(take);
          onceSignalled(resolve);
          if (json)
            print({ event: "listening", entity: "hybrid-peer", "peer-id": peer.peerId, address: peer.address }, true);
        });
      });
      await peer.close();
      await sink.end();
      if (failure !== undefined) throw failure;
    });
}

interface Sink {
  /** Done when it is written. */
  write(delivery: Delivery): Promise<void>;
  end(): Promise<void>;
}

function sinkOf(output: string | undefined, json: boolean): Sink {
  if (output === undefined) return json ? jsonSink() : streamSink(process.stdout, true);
  if (output.endsWith("/") || isFolder(output)) return folderSink(output, json);
  const stream = createWriteStream(output);
  const { write } = streamSink(stream, false);
  return {
    async write(delivery) {
      await write(delivery);
      if (json) print({ event: "data", ...headOf(delivery), file: output }, true);
    },
    end: () => new Promise((resolve) => stream.end(resolve)),
  };
}

const jsonSink = (): Sink => ({
  async write(delivery) {
    print({ event: "data", ...shownData(delivery) }, true);
  },
  async end() {},
});

function streamSink(stream: NodeJS.WriteStream | WriteStream, lines: boolean): Sink {
  const put = (octets: Uint8Array | string): Promise<void> =>
    new Promise((resolve, reject) => stream.write(octets, (error) => (error ? reject(error) : resolve())));
  return {
    async write({ payload, payloadType }) {
      const ending = lines && isText(payloadType) ? [put(payload), put("\n")] : [put(payload)];
      await Promise.all(ending);
    },
    async end() {},
  };
}

function folderSink(folder: string, json: boolean): Sink {
  mkdirSync(folder, { recursive: true });
  const taken = new Set<string>();
  return {
    async write(delivery) {
      const file = join(folder, fileName(delivery, taken));
      await writeFile(file, delivery.payload);
      if (json) print({ event: "data", ...headOf(delivery), file }, true);
      else process.stdout.write(`${file}\n`);
    },
    async end() {},
  };
}

/** The name that the sender gave, made harmless, or one of source and sequence; never one that was written already. */
function fileName({ source, sequence, payloadType }: Delivery, taken: Set<string>): string {
  const given = /;\s*name="([^"]{1,200})"/i.exec(payloadType)?.[1];
  const safe = (text: string): string => text.replaceAll(/[^\p{L}\p{N}._ -]/gu, "_").replace(/^\.+/, "_");
  const plain = `${safe(source)}-${sequence}`;
  const wanted =
    given === undefined || taken.has(safe(given))
      ? plain + (given === undefined ? "" : `-${safe(given)}`)
      : safe(given);
  taken.add(wanted);
  return wanted;
}

function headOf(delivery: Delivery): object {
  const { text: _, base64: __, ...head } = shownData(delivery) as Record<string, unknown>;
  return head;
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw new UsageError(`--output ${path}: ${(error as Error).message}`);
  }
}
