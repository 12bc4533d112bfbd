import type { RequirementId } from "../../../generated/catalogue/requirements.js";
import type { Edit, Mutant } from "./mutant.js";
import { mutantsOf } from "./mutant.js";

type Entry = Omit<Mutant, "id" | "entity">;

const entry = (breaks: readonly RequirementId[], what: string, edit: Edit): Entry => ({ breaks, what, ...edit });

/** A defect in what goes over links: `change` is a statement on `said`, a copy of the message; `return true` keeps it back. */
function saying(change: string): Edit {
  const find = "if (this.over || this.profile === undefined) return false;\n    let frame: Uint8Array;";
  return {
    file: "impl/hybrid-peer/transport/base-link.ts",
    find,
    replace: find.replace(
      "let frame",
      `const said: any = { ...message };\n    ${change}\n    message = said;\n    let frame`,
    ),
  };
}

const kept = (code: number): Edit => saying(`if (said.code === ${code}) return true;`);

const inside = (path: string, find: string, replace: string): Edit => ({
  file: `impl/hybrid-peer/${path}.ts`,
  find,
  replace,
});

/** Defects of a hybrid peer towards other peers. */
export const hybridPeerPathMutants = mutantsOf("hybrid-peer", {
  /* Joining. */
  "never-says-hello": entry(["HP2P-7.2-02", "HP2P-7.2.4.2-01", "HP2P-7.2.5.1-01"], "HELLO never leaves", kept(1)),
  "hello-of-another-overlay": entry(
    ["HP2P-8.2-02"],
    "HELLO names another overlay network",
    saying('if (said.code === 1) said.overlayId = "other";'),
  ),
  "primary-never-asked": entry(
    ["HP2P-8.2-01", "HP2P-9.1-04", "HP2P-9.2-05", "HP2P-9.3-03"],
    "PRIMARY never leaves",
    kept(4),
  ),
  "estab-of-any-overlay": {
    ...entry(
      ["HP2P-8.2-02"],
      "offers for other overlay networks are taken",
      inside("paths/acceptance", 'if (estab.overlayId !== overlayId) return "ESTAB for another overlay";', ""),
    ),
    equivalent: "the first message of a link names its overlay network, and none but the core of that one hears of it",
  },
  "reports-nothing": entry(
    ["HP2P-6-06", "HP2P-7.2.2.1-01"],
    "changes of paths are not reported",
    inside("paths/path-management", "if (report !== undefined) host.report(report);", ""),
  ),

  /* As parent. */
  "hello-not-answered": entry(["HP2P-8.2-02"], "HELLO is not answered", kept(1202)),
  "estab-of-another-ticket": entry(
    ["HP2P-8.2-02"],
    "ESTAB names another ticket",
    saying("if (said.code === 2) said.peer = { ...said.peer, ticketId: said.peer.ticketId + 1 };"),
  ),
  "primary-refused": entry(
    ["HP2P-8.2-02", "HP2P-9.1-04"],
    "PRIMARY is always refused",
    saying("if (said.code === 4200) said.code = 4603;"),
  ),
  "primaries-without-limit": entry(
    ["HP2P-8.2-02"],
    "children are taken beyond the limit",
    inside("paths/primary", "if (table.primaries.length >= settings.maxPrimary) {", "if (false) {"),
  ),
  "hello-of-anybody": entry(
    ["HP2P-3.2-01", "HP2P-8.2-02"],
    "older peers get offers too",
    inside(
      "paths/offers",
      'if (!ctx.mesh && peer.ticketId <= self.ticketId) return "HELLO from a peer that is not younger";',
      "",
    ),
  ),
  "estab-of-the-younger": entry(
    ["HP2P-3.2-01"],
    "younger peers are taken for parents",
    inside(
      "paths/acceptance",
      'if (!ctx.mesh && ticketId >= self.ticketId) return "ESTAB from a peer that is not older";',
      "",
    ),
  ),
  "hello-with-the-same-ttl": entry(
    ["HP2P-8.2-02"],
    "HELLO is handed down with the ttl that it came with",
    inside("paths/offers", "Math.min(hello.ttl, MAX_TTL) - 1;", "Math.min(hello.ttl, MAX_TTL);"),
  ),
  "probe-of-another-time": entry(
    ["HP2P-8.2-04"],
    "PROBE is answered with another time",
    saying('if (said.code === 3200) said.time = "2000-01-01 00:00:00.000";'),
  ),

  /* Candidates. */
  "data-to-candidates": entry(
    ["HP2P-6-08"],
    "data are relayed over candidate paths",
    inside("data/data-management", "if (!message.candidatePath) return;", ""),
  ),
  "parent-lost-in-silence": entry(
    ["HP2P-6-07", "HP2P-7.2.2.3-04", "HP2P-8.2-03", "HOMP-6.2.8-03"],
    "nothing follows from the loss of the parent",
    inside("paths/path-management", 'if (path.kind === "parent") search.parentLost(path, reason);\n    else', ""),
  ),
  "candidates-not-sought": entry(
    ["HP2P-7.2.2.2-02"],
    "lost candidates are not made up for",
    inside("paths/candidates", "if (wanted > 0) seek(wanted);", ""),
  ),

  /* Heartbeats. */
  "heartbeats-not-answered": entry(["HP2P-7.2.2.3-01"], "HEARTBEAT is not answered", kept(8200)),
  "heartbeats-not-sent": entry(["HP2P-7.2.2.3-01", "HP2P-7.2.2-01"], "no HEARTBEAT leaves", kept(8)),
  "silence-borne": entry(
    ["HP2P-7.2.2.3-02", "HP2P-7.2.2.3-03", "HP2P-7.3.2.2-02", "HOMP-7.2.4-05"],
    "paths are never given up for silence",
    inside("paths/liveness", "if (quiet >= limit) {", "if (false) {"),
  ),

  /* Data. */
  "own-data-kept": entry(
    ["HP2P-7.2.3.3-01", "HP2P-6-01", "HP2P-7.2.1.2-01"],
    "an application's data do not leave",
    saying("if (said.code === 6 && said.frame === undefined) return true;"),
  ),
  "data-not-relayed": entry(
    ["HP2P-7.2.3.3-02", "HP2P-6-03", "HP2P-8.2-05", "HP2P-9.1-01", "HP2P-9.3-04", "HP2P-9.2-03"],
    "data of others are not handed on",
    saying("if (said.code === 6 && said.frame !== undefined) return true;"),
  ),
  "data-sent-back": entry(
    ["HP2P-7.2.3.3-02"],
    "data go back where they came from",
    inside(
      "data/data-management",
      "for (const path of paths.primaries) if (path.link !== from.link && path.peerId !== source) send(path, message);",
      "for (const path of paths.primaries) send(path, message);",
    ),
  ),
  "duplicates-relayed": entry(
    ["HP2P-3.2-01"],
    "what has come before is handed on again",
    inside("data/data-management", 'if (verdict === "duplicate") {', "if (false) {"),
  ),
  "data-not-acknowledged": entry(["HP2P-8.2-05"], "data that ask for it are not acknowledged", kept(6200)),
  "any-source": entry(
    ["HP2P-6-02"],
    "in a SubTree everybody's data are handed on",
    inside(
      "data/data-management",
      "=> membership?.sourcePeer === undefined || membership.sourcePeer === source;",
      "=> true || source;",
    ),
  ),

  /* Cache and recovery. */
  "nothing-cached": entry(
    ["HP2P-7.2.3.1-01", "HP2P-7.2.3.1-04", "HP2P-7.2.3.3-03", "HP2P-8.2-06", "HP2P-3.2-02"],
    "data of others are not cached",
    inside(
      "data/data-management",
      "cache.put(source.shelf, message);\n    relay(message, path);",
      "relay(message, path);",
    ),
  ),
  "one-cached": entry(
    ["HP2P-7.2.3.1-02", "HOMP-6.1.8-01", "HOMP-6.1.8-02"],
    "one datum of each source is cached",
    inside("data/cache", "while (shelf.entries.size > messages &&", "while (shelf.entries.size > 1 &&"),
  ),
  "age-overlooked": entry(
    ["HOMP-6.1.8-04"],
    "data are overwritten however young they are",
    inside("data/cache", "if (leastMs > 0 && now - shelf.oldest.at < leastMs) break;", ""),
  ),
  "cache-though-none": entry(
    ["HOMP-6.1.8-03", "HOMP-6.1.8-01"],
    "data are cached though mN_Cache is 0",
    inside("data/data-management", "const tree = cacheMessages === 0 ? 0 :", "const tree = cacheMessages === 0 ? 10 :"),
  ),
  "maps-hidden": entry(
    ["HP2P-7.2.3.1-03"],
    "buffer maps are always empty",
    saying("if (said.bufferMap !== undefined) said.bufferMap = null;"),
  ),
  "data-withheld": entry(["HP2P-7.2.3.1-04", "HP2P-8.2-06"], "GET_DATA is not answered", kept(11200)),
  "data-not-asked-for": entry(["HP2P-7.2.3.2-02", "HP2P-6-05"], "GET_DATA never leaves", kept(11)),

  /* Leaving, scanning, under fire. */
  "leaves-mutely": entry(["HP2P-8.2-03", "HOMP-7.2.4-01"], "RELEASE never leaves", kept(7)),
  "release-not-answered": entry(["HP2P-8.2-03"], "RELEASE is not answered", kept(7200)),
  "scan-by-nobody": entry(
    ["HP2P-8.2-05"],
    "the answer to SCAN_TREE names nobody",
    saying("if (said.code === 9200) said.path = said.path.slice(1);"),
  ),
  "ends-with-garbage": entry(
    ["HP2P-8.2-05", "HP2P-7.2.2-01"],
    "the process ends with a malformed frame",
    inside("transport/base-link", "this.lost(`not a message: ${what}`);", "process.exit(1);"),
  ),
});
