import type { PathKind, Paths } from "../core/ports.js";
import type { PeerPaths } from "../overlay/membership-types.js";
import type { Path } from "./path.js";

/** Whom this peer has paths with: one path per peer [Q.4100 7.2.2.1, 7.2.2.2]. */
export interface PathTable extends Omit<Paths, "drop"> {
  readonly primaries: readonly Path[];
  readonly parent: Path | undefined;
  readonly children: readonly Path[];
  readonly outgoingCandidates: readonly Path[];
  readonly incomingCandidates: readonly Path[];
  readonly size: number;
  all(): readonly Path[];
  get(peerId: string): Path | undefined;
  has(path: Path): boolean;
  add(path: Path): void;
  change(path: Path, kind: PathKind): void;
  remove(path: Path): void;
  /** For the report to the HOMS [Q.4103 6.1.6]; undefined where nothing has changed since it was last taken. */
  takeReport(): PeerPaths | undefined;
}

export function createPathTable(): PathTable {
  const byPeer = new Map<string, Path>();
  let changed = false;
  let primaries: readonly Path[] = [];
  let parent: Path | undefined;
  let children: readonly Path[] = [];
  let outgoing: readonly Path[] = [];
  let incoming: readonly Path[] = [];

  function sort(): void {
    const all = [...byPeer.values()];
    parent = all.find(({ kind }) => kind === "parent");
    children = all.filter(({ kind }) => kind === "child");
    primaries = parent === undefined ? children : [parent, ...children];
    outgoing = all.filter(({ kind }) => kind === "outgoing-candidate");
    incoming = all.filter(({ kind }) => kind === "incoming-candidate");
    changed = true;
  }

  const ids = (paths: readonly Path[]): string[] => paths.map(({ peerId }) => peerId);

  return {
    get primaries() {
      return primaries;
    },
    get parent() {
      return parent;
    },
    get children() {
      return children;
    },
    get outgoingCandidates() {
      return outgoing;
    },
    get incomingCandidates() {
      return incoming;
    },
    get size() {
      return byPeer.size;
    },
    all: () => [...byPeer.values()],
    get: (peerId) => byPeer.get(peerId),
    has: (path) => byPeer.get(path.peerId) === path,
    add(path) {
      byPeer.set(path.peerId, path);
      sort();
    },
    change(path, kind) {
      path.kind = kind;
      sort();
    },
    remove(path) {
      if (byPeer.get(path.peerId) === path) byPeer.delete(path.peerId);
      sort();
    },
    takeReport() {
      if (!changed) return undefined;
      changed = false;
      return { primary: ids(primaries), outgoing: ids(outgoing), incoming: ids(incoming) };
    },
  };
}
