import { once } from "node:events";
import { type Command, Option } from "commander";
import type { Received, Session } from "../../peer/index.js";
import { createRecordReader, describeRecord, recordLine } from "../../records/index.js";
import { print, UsageError } from "../output.js";
import { runUntilSignal } from "../until-signal.js";
import {
  addEntryOptions,
  addPeerOptions,
  addWhichOptions,
  type EntryOptions,
  entryOf,
  findWhenThere,
  isJson,
  openPeer,
  type PeerCliOptions,
  pamsOf,
  queryOf,
  rate,
  type WhichOptions,
} from "./peer-options.js";
import { showNews, showProgress } from "./peer-shown.js";

interface ReceiveOptions extends PeerCliOptions, WhichOptions, EntryOptions {
  as: "auto" | "octets" | "lines" | "fragments";
  delay?: number;
  wait?: true;
  quiet?: true;
}

/** `mp2p peer receive` and `mp2p peer join` */
export function addReceive(group: Command): void {
  addEntryOptions(addWhichOptions(addPeerOptions(group.command("receive"))))
    .description("takes part in a session and writes what comes, in order, to standard output until the session ends")
    .addOption(
      new Option("--as <form>", "octets as they are; a line for each datum (records); a line for each fragment")
        .choices(["auto", "octets", "lines", "fragments"])
        .default("auto", "lines for records, else octets; with --json always lines"),
    )
    .addOption(new Option("--delay <ms>", "how long after it was made a live fragment may come").argParser(rate))
    .option("--wait", "wait for the session to appear at the IXS")
    .option("--quiet", "say nothing on standard error")
    .addHelpText("after", "\nExample:\n  mp2p peer receive --title camera --ixs http://ixs:8082 | ffplay -")
    .action(async (options: ReceiveOptions, command: Command) => {
      const json = isJson(command);
      await takePart(options, json, async (session, ended) => {
        const write = writerFor(session.indexFile.format, options.as, json);
        for await (const received of session.read()) {
          if (ended()) return;
          await write(received);
        }
      });
    });
  addEntryOptions(addWhichOptions(addPeerOptions(group.command("join"))))
    .description("takes part in a session and hands on what comes, without keeping or showing it, until this is ended")
    .option("--wait", "wait for the session to appear at the IXS")
    .action(async (options: ReceiveOptions, command: Command) => {
      const json = isJson(command);
      await takePart(options, json, async (session) => {
        const stop = showProgress(session, json, session.indexFile.content_size);
        await runUntilSignal({ entity: "peer", overlay: session.overlayId, title: session.indexFile.title }, json, []);
        stop();
      });
    });
}

async function takePart(
  options: ReceiveOptions,
  json: boolean,
  act: (session: Session, ended: () => boolean) => Promise<void>,
): Promise<void> {
  if (options.ixs === undefined) throw new UsageError("--ixs is missing: where sessions are found");
  const peer = await openPeer(options);
  let over = false;
  const end = (): void => {
    over = true;
    void peer.close();
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, end);
  // Whoever reads standard output may have had enough.
  process.stdout.once("error", end);
  try {
    const indexFile = await findWhenThere(peer, queryOf(options), () => options.wait === true && !over);
    const settings = options.delay === undefined ? {} : { settings: { delayMs: options.delay } };
    const session = await peer.join(indexFile, { ...entryOf(options), ...pamsOf(options), ...settings });
    if (options.quiet !== true && !json) showNews(session, false);
    await act(session, () => over);
  } catch (error) {
    if (!over) throw error;
  } finally {
    await peer.close();
  }
}

function writerFor(
  format: string | undefined,
  as: ReceiveOptions["as"],
  json: boolean,
): (received: Received) => Promise<void> {
  const form = as === "auto" ? (format === "records" ? "lines" : json ? "fragments" : "octets") : as;
  if (form === "lines") {
    const reader = createRecordReader();
    return async ({ octets, missed }) => {
      for (const record of reader.push(octets, missed)) {
        if (json) print(describeRecord(record), true);
        else process.stdout.write(`${recordLine(record)}\n`);
      }
    };
  }
  if (form === "fragments") {
    return async ({ index, octets, time, missed }) =>
      print({ event: "fragment", index, size: octets.length, time: new Date(time).toISOString(), missed }, json);
  }
  return async ({ octets }) => {
    if (!process.stdout.write(octets)) await once(process.stdout, "drain");
  };
}
