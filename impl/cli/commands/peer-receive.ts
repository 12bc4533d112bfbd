import { once } from "node:events";
import { type Command, Option } from "commander";
import type { IndexFile, Peer, Received, Session } from "../../peer/index.js";
import { createRecordReader, describeRecord, recordLine } from "../../records/index.js";
import { print, UsageError } from "../output.js";
import { printable } from "../printable.js";
import { onceSignalled } from "../until-signal.js";
import { successorOf } from "./peer-follow.js";
import {
  addEntryOptions,
  addPeerOptions,
  addWhichOptions,
  type EntryOptions,
  entryOf,
  findOne,
  hinted,
  isJson,
  joinWhenThere,
  openPeer,
  type PeerCliOptions,
  pamsOf,
  queryOf,
  rate,
  type WhichOptions,
} from "./peer-options.js";
import { newsShown, say, sayWhenLonely, showProgress } from "./peer-shown.js";

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
      let write: ReturnType<typeof writerFor> | undefined;
      // Of a file that goes on in another overlay network, what was written is not written again.
      let next = 0;
      await takePart(options, json, async (session, _ended, over) => {
        const stop = options.quiet === true || json ? () => undefined : sayWhenLonely(session);
        const { format, content_type } = session.indexFile;
        write ??= writerFor(format, options.as, json);
        try {
          for await (const received of session.read()) {
            if (over.aborted) return;
            if (content_type === "FILE" && received.index < next) continue;
            next = received.index + 1;
            await write(received);
          }
        } finally {
          stop();
        }
      });
    });
  addEntryOptions(addWhichOptions(addPeerOptions(group.command("join"))))
    .description("takes part in a session and hands on what comes, without keeping or showing it, until this is ended")
    .option("--wait", "wait for the session to appear at the IXS")
    .action(async (options: ReceiveOptions, command: Command) => {
      const json = isJson(command);
      await takePart(options, json, async (session, ended) => {
        const stop = showProgress(session, json, session.indexFile.content_size);
        const ready = { entity: "peer", overlay: session.overlayId, title: session.indexFile.title };
        print(json ? { event: "listening", ...ready } : ready, json);
        await ended;
        stop();
      });
    });
}

/** How long a session that is over may take to be there anew, in ms. */
const followMs = 20_000;

/** @param act is done with a session when it resolves, or when that is `ended`: by the user, or for the one that took its place */
async function takePart(
  options: ReceiveOptions,
  json: boolean,
  act: (session: Session, ended: Promise<void>, over: AbortSignal) => Promise<void>,
): Promise<void> {
  if (options.ixs === undefined) throw new UsageError("--ixs is missing: where sessions are found");
  const peer = await openPeer(options);
  const over = new AbortController();
  const end = (): void => {
    over.abort();
    void peer.close();
  };
  const off = onceSignalled(end, 130);
  // Whoever reads standard output may have had enough.
  process.stdout.once("error", end);
  const told = options.quiet !== true && !json;
  const settings = options.delay === undefined ? {} : { settings: { delayMs: options.delay } };
  const joining = { ...entryOf(options), ...pamsOf(options), ...settings, ...(told && { onNews: newsShown(false) }) };
  try {
    let find = (): Promise<IndexFile> => findOne(peer, queryOf(options), !told);
    let patient = Number.NEGATIVE_INFINITY;
    for (;;) {
      const waits = () => !over.signal.aborted && (options.wait === true || performance.now() < patient);
      const session = await joinWhenThere(find, (file) => peer.join(file, joining), waits).catch((error: unknown) => {
        throw hinted(error, options);
      });
      const next = await whileItLasts(
        peer,
        session,
        over.signal,
        (ended) => act(session, ended, over.signal),
        options.wait === true,
      );
      if (next === undefined) return;
      if (told) say(`the session goes on in overlay network ${next.overlay_network_id}: joining that`);
      const { title, data_source_id: dataSourceId, data_id: dataId } = next;
      find = () => peer.find({ title, dataSourceId, dataId });
      patient = performance.now() + followMs;
      await session.leave();
    }
  } catch (error) {
    if (!over.signal.aborted) throw error;
  } finally {
    off();
    await peer.close();
  }
}

/** @returns the index file of the session that took the place of this one, where there is one */
async function whileItLasts(
  peer: Peer,
  session: Session,
  over: AbortSignal,
  act: (ended: Promise<void>) => Promise<void>,
  waits: boolean,
): Promise<IndexFile | undefined> {
  const looking = new AbortController();
  const signal = AbortSignal.any([looking.signal, over]);
  const newer = successorOf(peer, session, signal).then(
    (found) => found,
    () => undefined,
  );
  const ended = newer.then(() => undefined);
  // What has come is still read to its end.
  void newer.then((found) => (found === undefined ? undefined : session.leave()));
  await act(ended);
  // Ended by its source peer, or by the user.
  if (session.state.complete || over.aborted) looking.abort();
  else if (!waits) setTimeout(() => looking.abort(), followMs).unref();
  return await newer;
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
        else process.stdout.write(`${printable(recordLine(record))}\n`);
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
