import { open, readFile, truncate, writeFile } from "node:fs/promises";
import type { Descriptors, Run } from "../core/message.js";
import { decodeMessage } from "../wire/message-codec.js";

/** What makes the progress of one content that of another: all of it is in the first line. */
export interface ContentIdentity {
  readonly overlayId: string;
  readonly sourceKey: string;
  readonly fragmentSize: number;
}

/** A file of lines that only grows: who the content is of, then descriptors and runs held as they came. A torn last line is cut off. */
export interface Progress {
  readonly descriptors: readonly Descriptors[];
  readonly held: readonly Run[];
  append(lines: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

const lineOf = (identity: ContentIdentity): string =>
  JSON.stringify(["mp2p content 1", identity.overlayId, identity.sourceKey, identity.fragmentSize]);

export const descriptorsLine = (frame: readonly Uint8Array[]): string =>
  `d${Buffer.concat(frame).toString("base64url")}`;
export const heldLine = ({ first, count }: Run): string => `h${first},${count}`;

/** Reads what is there; begins anew where it is of another content. @throws Error of the system */
export async function openProgress(path: string, identity: ContentIdentity): Promise<Progress> {
  const { begins, descriptors, held, good } = await load(path, lineOf(identity));
  if (begins) await truncate(path, good);
  else await writeFile(path, `${lineOf(identity)}\n`);
  const file = await open(path, "a");
  return {
    descriptors,
    held,
    append: (lines) => file.appendFile(lines.map((line) => `${line}\n`).join("")),
    close: () => file.close(),
  };
}

/** Runs that were written, whoever's they are. */
export async function heldIn(path: string): Promise<readonly Run[]> {
  const text = await textOf(path);
  return (await load(path, text.slice(0, Math.max(0, text.indexOf("\n"))))).held;
}

interface Loaded {
  readonly begins: boolean;
  readonly descriptors: Descriptors[];
  readonly held: Run[];
  /** Octets up to the last line that is whole. */
  readonly good: number;
}

async function load(path: string, identity: string): Promise<Loaded> {
  const [descriptors, held]: [Descriptors[], Run[]] = [[], []];
  let [begins, good] = [false, 0];
  // What follows the last line feed was being written when the process was killed.
  for (const line of (await textOf(path)).split("\n").slice(0, -1)) {
    if (begins ? !take(line, descriptors, held) : line !== identity) break;
    begins = true;
    good += Buffer.byteLength(line) + 1;
  }
  return { begins, descriptors, held, good };
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

function take(line: string, descriptors: Descriptors[], held: Run[]): boolean {
  const run = /^h(\d{1,15}),(\d{1,9})$/.exec(line);
  if (run !== null) {
    held.push({ first: Number(run[1]), count: Number(run[2]) });
    return true;
  }
  if (!line.startsWith("d")) return false;
  try {
    const message = decodeMessage(Buffer.from(line.slice(1), "base64url"));
    if (message.type === "descriptors") descriptors.push(message);
    return message.type === "descriptors";
  } catch {
    return false;
  }
}
