import { copyFile, link, mkdir, rm, rmdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Command } from "commander";
import type { IndexFile, Peer, Session, SessionNews } from "../../peer/index.js";
import { print, UsageError } from "../output.js";
import { fileNameOf } from "../printable.js";
import { onceSignalled, runUntilSignal } from "../until-signal.js";
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
  type WhichOptions,
} from "./peer-options.js";
import { newsShown, say, showProgress } from "./peer-shown.js";

interface GetOptions extends PeerCliOptions, WhichOptions, EntryOptions {
  out: string;
  name?: string;
  keepSeeding?: true;
  wait?: true;
}

/** How long a session that is made anew may take until it is there, in ms. */
const followMs = 60_000;

/** Fragments and progress of what is not complete yet, in the folder for what is. */
const partsFolder = ".mp2p-parts";

/** `mp2p peer get` */
export function addGet(group: Command): void {
  addEntryOptions(addWhichOptions(addPeerOptions(group.command("get"))))
    .description("fetches a file from the peers of its session, verified; goes on where it was cut off before")
    .option("--out <folder>", "where the file goes", ".")
    .option("--name <file>", "its name there (default: the title)")
    .option("--keep-seeding", "stay and serve others until this is ended")
    .option("--wait", "wait for the session to appear at the IXS")
    .addHelpText("after", "\nExample:\n  mp2p peer get --title film --ixs http://ixs:8082 --out ~/films --keep-seeding")
    .action(get);
}

async function get(options: GetOptions, command: Command): Promise<void> {
  const json = isJson(command);
  if (options.ixs === undefined) throw new UsageError("--ixs is missing: where sessions are found");
  await mkdir(options.out, { recursive: true });
  const folder = join(options.out, partsFolder);
  const peer = await openPeer(options, folder);
  const fetching: Fetching = { peer, options, json, interrupted: false, got: 0, twice: 0 };
  const off = onceSignalled(() => {
    fetching.interrupted = true;
    void peer.close();
  }, 130);
  try {
    const { session, path } = await fetchWhole(fetching);
    await place(session, path);
    const { content_digest, content_size, title } = session.indexFile;
    const sizes = {
      size: content_size,
      downloaded: fetching.got,
      ...(fetching.twice > 0 && { twice: fetching.twice }),
    };
    const done = { event: "done", title, path, sha256: content_digest, ...sizes };
    off();
    if (options.keepSeeding === true) await runUntilSignal({ ...done, seeding: true }, json, []);
    else print(done, json);
    await session.leave();
    // The file has another name now; what is left are its parts.
    if (session.path !== undefined) await rm(dirname(session.path), { recursive: true, force: true });
    // Others may be on their way still.
    await rmdir(folder).catch(() => undefined);
  } catch (error) {
    if (!fetching.interrupted) throw error;
    process.exitCode = 130;
    if (fetching.session !== undefined && !json) say("stopped: the same command goes on where this one was");
  } finally {
    off();
    await peer.close();
  }
}

interface Fetching {
  readonly peer: Peer;
  readonly options: GetOptions;
  readonly json: boolean;
  interrupted: boolean;
  session?: Session;
  /** Octets of fragments that came, and of those that came once more. */
  got: number;
  twice: number;
}

/** Joins, and follows the session where it goes on in another overlay network, until all is there. */
async function fetchWhole(fetching: Fetching): Promise<{ session: Session; path: string }> {
  const { peer, options, json } = fetching;
  const shown = newsShown(json);
  const joining = {
    ...entryOf(options),
    ...pamsOf(options),
    onNews: (news: SessionNews) => {
      if (news.kind === "fragment") fetching.got += news.size;
      shown(news);
    },
  };
  let path = "";
  const join = async (indexFile: IndexFile): Promise<Session> => {
    if (indexFile.content_type !== "FILE") throw new UsageError("that session is a STREAM: mp2p peer receive takes it");
    path = pathFor(options, indexFile.title);
    if (await exists(path)) throw new UsageError(`${path} is there already`);
    return await peer.join(indexFile, joining);
  };
  let find = (): Promise<IndexFile> => findOne(peer, queryOf(options), json);
  let patient = Number.NEGATIVE_INFINITY;
  for (;;) {
    const waits = () => !fetching.interrupted && (options.wait === true || performance.now() < patient);
    const session = await joinWhenThere(find, join, waits).catch((error: unknown) => {
      throw hinted(error, options);
    });
    fetching.session = session;
    const stop = showProgress(session, json, session.indexFile.content_size);
    const before = fetching.got;
    const looking = new AbortController();
    try {
      const next = await Promise.race([
        session.completed.then(() => undefined),
        successorOf(peer, session, looking.signal),
      ]);
      fetching.twice += Math.max(0, session.state.downloaded - (fetching.got - before));
      if (next === undefined) return { session, path };
      const { title, data_source_id: dataSourceId, data_id: dataId } = next;
      find = () => peer.find({ title, dataSourceId, dataId });
      patient = performance.now() + followMs;
      if (!json) say(`the session goes on in overlay network ${next.overlay_network_id}: joining that`);
    } finally {
      stop();
      looking.abort();
    }
    await session.leave();
  }
}

const pathFor = ({ out, name }: GetOptions, title: string): string => join(out, name ?? fileNameOf(title));

async function place(session: Session, path: string): Promise<void> {
  const { path: parts } = session;
  if (parts === undefined) throw new Error("the content is in memory");
  try {
    await link(parts, path);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    // File systems without hard links.
    if (!["EPERM", "ENOTSUP", "EXDEV", "ENOSYS", "EMLINK"].includes(code)) throw error;
    await copyFile(parts, path);
  }
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
