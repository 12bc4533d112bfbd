import { copyFile, link, mkdir, rm, rmdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Command } from "commander";
import type { Session } from "../../peer/index.js";
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
  type WhichOptions,
} from "./peer-options.js";
import { showNews, showProgress } from "./peer-shown.js";

interface GetOptions extends PeerCliOptions, WhichOptions, EntryOptions {
  out: string;
  name?: string;
  keepSeeding?: true;
  wait?: true;
}

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
  let interrupted = false;
  const interrupt = (): void => {
    interrupted = true;
    void peer.close();
  };
  process.once("SIGINT", interrupt);
  process.once("SIGTERM", interrupt);
  try {
    const indexFile = await findWhenThere(peer, queryOf(options), () => options.wait === true && !interrupted);
    if (indexFile.content_type !== "FILE") throw new UsageError("that session is a STREAM: mp2p peer receive takes it");
    const path = join(options.out, options.name ?? fileName(indexFile.title));
    if (await exists(path)) throw new UsageError(`${path} is there already`);
    const session = await peer.join(indexFile, { ...entryOf(options), ...pamsOf(options) });
    showNews(session, json);
    const stop = showProgress(session, json, indexFile.content_size);
    await session.completed.finally(stop);
    await place(session, path);
    const { content_digest, title } = session.indexFile;
    const done = { event: "done", title, path, sha256: content_digest, downloaded: session.state.downloaded };
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
    if (options.keepSeeding === true) await runUntilSignal({ ...done, seeding: true }, json, []);
    else print(done, json);
    await session.leave();
    // The file has another name now; what is left are its parts.
    if (session.path !== undefined) await rm(dirname(session.path), { recursive: true, force: true });
    // Others may be on their way still.
    await rmdir(folder).catch(() => undefined);
  } catch (error) {
    if (!interrupted) throw error;
    process.exitCode = 130;
  } finally {
    await peer.close();
  }
}

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

/** A title is anybody's: nothing of it leads out of the folder. */
function fileName(title: string): string {
  const name = [...title]
    .map((letter) => (letter < " " || '/\\:*?"<>|'.includes(letter) ? "_" : letter))
    .join("")
    .replace(/^\.+/, "_");
  return name === "" ? "content" : name.slice(0, 200);
}
