import type { Message, PeerContact } from "../core/message.js";
import type { CoreHost, CoreMembership, DataManagement, Link } from "../core/ports.js";
import type { CoreSettings } from "../core/settings.js";
import type { CoreTimers } from "../core/timers.js";
import type { Candidates } from "./candidates.js";
import type { HelloSender } from "./hello.js";
import type { ParentSearch } from "./parent-search.js";
import type { Path, PathEnd } from "./path.js";
import type { PathTable } from "./path-table.js";
import type { Sessions } from "./sessions.js";

/** What the parts of path management share. */
export interface PathContext {
  readonly host: CoreHost;
  readonly settings: CoreSettings;
  readonly timers: CoreTimers;
  readonly data: DataManagement;
  readonly table: PathTable;
  readonly sessions: Sessions;
  readonly hello: HelloSender;
  readonly search: ParentSearch;
  readonly candidates: Candidates;
  /** Set from `start` on. */
  readonly membership: CoreMembership;
  readonly mesh: boolean;
  /** Makes an established path of a link, and takes its messages from now on. */
  open(link: Link, about: Pick<Path, "peerId" | "ticketId" | "kind" | "address" | "depth" | "allowsPrimary">): Path;
  end(path: Path, reason: string, how: PathEnd): void;
  /** A message on an established path that path management is to deal with. */
  handle(path: Path, message: Message): void;
  /** Says what was refused, and to whom. */
  refused(from: string, reason: string): void;
  /** Where the peer takes connections, as far as it is known. */
  addressOf(peerId: string): string | undefined;
  learn(contact: PeerContact): void;
  forget(peerId: string): void;
  /** Peers that may lead to a path, and that there is none with. */
  knownContacts(): PeerContact[];
  /** The own place has changed: children are to know. */
  placeChanged(): void;
}
