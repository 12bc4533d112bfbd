import type {
  IndexFile,
  IxsIndexFileRegisterRequestIndexFile,
  IxsIndexFileUpdateRequestIndexFile,
} from "../../generated/ixs/types.js";
import type { Clock } from "../net/clock.js";
import { ExpiryQueue } from "../net/expiry-queue.js";
import { serverUrlFault } from "../net/server-url.js";
import type { Entry } from "./entry.js";
import { unkeepable } from "./keepable.js";
import type { IxsLimits, IxsReadings } from "./policy.js";
import { type Refusal, refuse } from "./refusal.js";
import { Shelves, type Wanted } from "./shelves.js";

/** Told of every change that must outlive the process. */
export interface Journal {
  /** `file` is to be what the store holds of the entry. */
  kept(entry: Entry, file: IndexFile): void;
  removed(key: string): void;
}

/** A change that is accepted and on its way to the disk: {@link IxsCore.settle} it when it is there, else {@link IxsCore.undo} it. */
export interface Change {
  readonly status: "accepted";
  readonly entry: Entry;
  readonly file: IndexFile;
}

/** Says of which session something is. */
export interface Named extends Wanted {
  readonly version?: number;
}

export interface Found {
  readonly files: IndexFile[];
  /** The asker holds the newest version of the one that matches. */
  readonly upToDate: boolean;
  /** Sequence number of the last one looked at, where more follow. */
  readonly last: number | undefined;
}

/** Who asks: whether the secret shown is the one that was given out for this proof. */
export type Holder = (proof: string) => boolean;

const full = ["title", "oms_url", "overlay_network_id", "data_source_id", "data_id", "fragment_size", "description"];

/**
 * What an IXS knows and decides, without I/O [X.609.10 8.6].
 *
 * A version counts from the moment it is accepted, so that of two writers that race the newer one wins in whatever order they
 * are written; it is seen from the moment it is on disk, so that a crash can take back nothing that was ever seen [8.6 c].
 */
export class IxsCore {
  readonly readings: IxsReadings;
  readonly limits: IxsLimits;
  readonly #clock: Clock;
  readonly #journal: Journal;
  readonly #entries = new Map<string, Entry>();
  readonly #shelves = new Shelves();
  readonly #ends = new ExpiryQueue<Entry>();
  #sequence = 0;
  #octets = 0;
  /** What each address fills. */
  readonly #filled = new Map<string, { files: number; octets: number }>();

  constructor(options: { readings: IxsReadings; limits: IxsLimits; clock: Clock; journal: Journal }) {
    this.readings = options.readings;
    this.limits = options.limits;
    this.#clock = options.clock;
    this.#journal = options.journal;
  }

  /** Index files, those on their way to the disk included. */
  get count(): number {
    return this.#entries.size;
  }

  /** Octets of all of them as JSON. */
  get octets(): number {
    return this.#octets;
  }

  /**
   * [X.609.10 8.6 a]
   *
   * @param holds says whether who registers is the owner already: then the same file once more, after an answer that got lost, is no
   * other registration
   * @param origin address by which it is counted how much one registers; not counted where it is left out
   */
  register(
    given: IxsIndexFileRegisterRequestIndexFile,
    proof: string,
    holds: Holder = () => false,
    origin?: string,
  ): Change | Refusal {
    this.expire();
    const fault = faultOf(given);
    if (fault !== undefined) return fault;
    const file: IndexFile = { ...given, version: given.version ?? 1 };
    const key = this.keyOf(file);
    const known = this.#entries.get(key);
    if (known !== undefined && same(file, known.staged) && holds(known.proof)) {
      this.#stage(known, known.staged, known.octets);
      this.#journal.kept(known, known.staged);
      return { status: "accepted", entry: known, file: known.staged };
    }
    if (known !== undefined) {
      return refuse(
        409,
        "8.6 a)",
        "/index_file",
        "an index file of this session is registered; its owner may update it",
      );
    }
    if (this.#entries.size >= this.limits.files) {
      return refuse(503, "8.6 a)", "/index_file", `this IXS keeps no more than ${this.limits.files} index files`);
    }
    const octets = sizeOf(file);
    const large = this.#tooLarge(octets, 0) ?? this.#tooMuch(origin, 1, octets);
    if (large !== undefined) return large;
    const entry: Entry = {
      ...{ key, proof, origin, sequence: ++this.#sequence, file: undefined, staged: file, octets, fileOctets: 0 },
      ...{ expiresAt: this.#endOf(file), scheduledAt: Number.POSITIVE_INFINITY, gone: false },
    };
    this.#entries.set(key, entry);
    this.#count(entry, 1, octets);
    this.#ends.schedule(entry);
    this.#journal.kept(entry, file);
    return { status: "accepted", entry, file };
  }

  /** [X.609.10 8.6 b, c] */
  update(given: IxsIndexFileUpdateRequestIndexFile, holds: Holder): Change | Refusal | "stranger" {
    const entry = this.#find(given, "8.6 b)", "/index_file/");
    if ("status" in entry) return entry;
    if (!holds(entry.proof)) return "stranger";
    const fault = faultOf(given);
    if (fault !== undefined) return fault;
    // A file with everything a registration has takes the place of what was there; any other is a patch [E-DS-11].
    const whole = full.every((member) => member in given);
    const file = (whole ? given : { ...entry.staged, ...given }) as IndexFile;
    const { staged } = entry;
    if (this.keyOf(file) !== entry.key) {
      return refuse(
        409,
        "8.6 b)",
        "/index_file",
        "an update cannot turn one session into another: remove it, and register",
      );
    }
    const octets = sizeOf(file);
    // The newest one once more, after an answer that got lost or to stay alive, is no other file.
    if (file.version < staged.version || (file.version === staged.version && !same(file, staged))) {
      const detail = `version ${staged.version} is registered: an update has a higher one`;
      return refuse(409, "8.6 c)", "/index_file/version", detail);
    }
    const large = this.#tooLarge(octets, entry.octets) ?? this.#tooMuch(entry.origin, 0, octets - entry.octets);
    if (large !== undefined) return large;
    this.#stage(entry, file, octets);
    this.#journal.kept(entry, file);
    return { status: "accepted", entry, file };
  }

  /** [X.609.10 8.6 d] */
  remove(named: Named, holds: Holder): Entry | Refusal | "stranger" {
    if (named.version === undefined) return missing("8.6 d) i)", "version");
    const entry = this.#find(named, "8.6 d)", "");
    if ("status" in entry) return entry;
    if (!holds(entry.proof)) return "stranger";
    if (named.version < entry.staged.version) {
      const detail = `version ${entry.staged.version} is registered: whoever removes it knows it`;
      return refuse(409, "8.6 c)", "version", detail);
    }
    this.#forget(entry);
    return entry;
  }

  /** [X.609.10 8.6 c, e]: the newest version of what has everything named, from after a sequence number on. */
  query(named: Named, limit: number, after = 0): Found {
    this.expire();
    const files: IndexFile[] = [];
    let octets = 0;
    let looked = 0;
    let last = after;
    for (const [entry, fits] of this.#shelves.look(named, after)) {
      // Whoever asks for what is rare among much that fits half gets it in pages, empty ones if need be.
      if (looked++ === this.limits.scan) return { files, upToDate: false, last };
      const file = entry.file as IndexFile;
      const asked = this.readings.version === "hint" || named.version === undefined || named.version === file.version;
      if (fits && asked) {
        octets += entry.fileOctets;
        if (files.length >= limit || (files.length > 0 && octets > this.limits.answerOctets)) {
          return { files, upToDate: false, last };
        }
        files.push(file);
      }
      last = entry.sequence;
    }
    const keyed = named.title !== undefined || named.data_source_id !== undefined || named.data_id !== undefined;
    const [only] = files;
    const upToDate = keyed && after === 0 && files.length === 1 && only?.version === named.version;
    return { files: upToDate ? [] : files, upToDate, last: undefined };
  }

  /** The change is on disk: queries see it from now on, unless a newer one is there already. */
  settle({ entry, file }: Change): void {
    if (entry.gone || (entry.file !== undefined && entry.file.version > file.version)) return;
    const before = entry.file;
    entry.file = file;
    entry.fileOctets = sizeOf(file);
    this.#shelves.show(entry, before, file);
  }

  /** The change could not be written: what was on disk before counts again, unless a newer change took its place. */
  undo({ entry, file }: Change): void {
    if (entry.gone || entry.staged !== file) return;
    if (entry.file === undefined) this.#forget(entry);
    else {
      this.#stage(entry, entry.file, entry.fileOctets);
      this.#journal.kept(entry, entry.file);
    }
  }

  /** The removal could not be written: the session is back, unless another one took its place. */
  restore(entry: Entry): void {
    if (this.#entries.has(entry.key)) return;
    this.#enter({ ...entry, gone: false, staged: entry.file ?? entry.staged });
    this.#journal.kept(entry, entry.file ?? entry.staged);
  }

  /** Takes over what the journal has of an entry. */
  load(row: Pick<Entry, "sequence" | "proof" | "origin" | "expiresAt"> & { file: IndexFile }): void {
    const { file, sequence } = row;
    const octets = sizeOf(file);
    this.#sequence = Math.max(this.#sequence, sequence);
    const entry = { ...row, key: this.keyOf(file), staged: file, octets, fileOctets: octets, gone: false };
    this.#enter({ ...entry, scheduledAt: Number.POSITIVE_INFINITY });
  }

  /** Removes what has ended. Answers are right without calling it: it only frees memory sooner. */
  expire(): void {
    const now = this.#clock.now();
    for (let entry = this.#ends.nextDue(now); entry !== undefined; entry = this.#ends.nextDue(now)) this.#forget(entry);
  }

  #enter(entry: Entry): void {
    this.#entries.set(entry.key, entry);
    this.#count(entry, 1, entry.octets);
    entry.scheduledAt = Number.POSITIVE_INFINITY;
    this.#ends.schedule(entry);
    if (entry.file !== undefined) this.#shelves.show(entry, undefined, entry.file);
  }

  #stage(entry: Entry, file: IndexFile, octets: number): void {
    this.#count(entry, 0, octets - entry.octets);
    entry.octets = octets;
    entry.staged = file;
    entry.expiresAt = this.#endOf(file);
    this.#ends.schedule(entry);
  }

  #forget(entry: Entry): void {
    entry.gone = true;
    this.#entries.delete(entry.key);
    this.#count(entry, -1, -entry.octets);
    this.#ends.forget(entry);
    if (entry.file !== undefined) this.#shelves.hide(entry, entry.file);
    this.#journal.removed(entry.key);
  }

  /** The session that is named. Without the key's second half, the title has to leave one only [E-DS-09]. */
  #find(named: Named, clause: string, at: string): Entry | Refusal {
    this.expire();
    const { data_source_id: source, data_id: data, title } = named;
    const second = this.readings.key === "data" ? data : title;
    if (source === undefined)
      return missing(`${clause} ${clause.includes("d") ? "ii" : "iii"})`, `${at}data_source_id`);
    const unknown = refuse(404, clause, `${at}data_source_id`, "no index file of this session is registered");
    if (second !== undefined) return this.#entries.get(keyOf(source, second)) ?? unknown;
    if (this.readings.key === "title" || title === undefined) {
      return missing("8.6 d) iii)", `${at}${this.readings.key === "data" ? "data_id" : "title"}`);
    }
    const [found, another] = [...this.#shelves.find({ data_source_id: source, title })];
    if (another === undefined) return found ?? unknown;
    return refuse(409, clause, `${at}data_id`, "several sessions have this title and data source: say which data");
  }

  #tooLarge(octets: number, before: number): Refusal | undefined {
    const { fileOctets, totalOctets } = this.limits;
    if (octets > fileOctets) {
      return refuse(413, "8.6 a)", "/index_file", `${octets} octets of JSON: this IXS takes up to ${fileOctets}`);
    }
    if (this.#octets - before + octets <= totalOctets) return undefined;
    return refuse(503, "8.6 a)", "/index_file", `this IXS keeps no more than ${totalOctets} octets of index files`);
  }

  #count({ origin }: Entry, files: number, octets: number): void {
    this.#octets += octets;
    if (origin === undefined) return;
    const filled = this.#filled.get(origin) ?? { files: 0, octets: 0 };
    filled.files += files;
    filled.octets += octets;
    if (filled.files > 0) this.#filled.set(origin, filled);
    else this.#filled.delete(origin);
  }

  /** One address leaves something to the others. */
  #tooMuch(origin: string | undefined, files: number, octets: number): Refusal | undefined {
    if (origin === undefined || octets <= 0) return undefined;
    const { addressShare, files: allFiles, totalOctets, fileOctets } = this.limits;
    const filled = this.#filled.get(origin) ?? { files: 0, octets: 0 };
    const mostFiles = Math.max(1, Math.floor(allFiles * addressShare));
    const mostOctets = Math.max(fileOctets, Math.floor(totalOctets * addressShare));
    if (filled.files + files <= mostFiles && filled.octets + octets <= mostOctets) return undefined;
    const detail = `one address fills no more than ${mostFiles} index files and ${mostOctets} octets here`;
    return refuse(429, "7.2.3", "/index_file", detail);
  }

  #endOf({ expires }: IndexFile): number {
    return expires === undefined ? Number.POSITIVE_INFINITY : this.#clock.now() + expires * 1000;
  }

  /** What says of which session a file is [E-DS-09]. */
  keyOf({ data_source_id, data_id, title }: IndexFile): string {
    return keyOf(data_source_id, this.readings.key === "data" ? data_id : title);
  }
}

/** What no schema says of an index file. */
function faultOf(given: { readonly oms_url?: string | undefined }): Refusal | undefined {
  if (given.oms_url !== undefined) {
    const fault = serverUrlFault(given.oms_url);
    if (fault !== undefined) return refuse(400, "8.6 a) ii)", "/index_file/oms_url", fault);
  }
  const number = unkeepable(given, "/index_file");
  if (number === undefined) return undefined;
  return refuse(
    400,
    "8.6 a)",
    number,
    "would not be given out as it came: no double has this number; send it as a string",
  );
}

function keyOf(source: string, second: string): string {
  return JSON.stringify([source, second]);
}

function missing(clause: string, member: string): Refusal {
  return refuse(400, clause, member, `${member.split("/").at(-1)} is missing: it says of which index file this is`);
}

function sizeOf(file: IndexFile): number {
  return Buffer.byteLength(JSON.stringify(file));
}

/** Whether two files say the same, in whatever order. */
function same(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  const [first, second] = [Object.entries(a), b as Record<string, unknown>];
  if (Array.isArray(a) !== Array.isArray(b) || first.length !== Object.keys(b).length) return false;
  return first.every(([name, value]) => Object.hasOwn(b, name) && same(value, second[name]));
}
