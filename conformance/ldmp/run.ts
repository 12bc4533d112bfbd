import type { Declaration } from "../engine/declaration.js";
import type { RunContext } from "../engine/entity.js";
import type { Dialect } from "../engine/ldmp-dialect.js";
import { dialectOf, typeShown } from "../engine/ldmp-dialect.js";
import type { LdmpLink, Seen } from "../engine/ldmp-link.js";
import type { Answer } from "../engine/ldmp-message.js";

/** One message of the product's, and where it was heard. */
export interface Heard {
  readonly caseId: string;
  readonly link: LdmpLink;
  readonly answer: Answer;
}

/** What all LDMP cases of a run share: how the product reads the contradictions, and every message it sent. */
export interface LdmpRun {
  readonly dialect: Dialect;
  /** Without what it answered to octets that were wrong on purpose. */
  readonly heard: Heard[];
  /** What the network was seen to do. */
  readonly seen: Seen;
  /** The product's identifier: declared, or taken from its first message; 0 until then. */
  peerId: number;
}

const runs = new WeakMap<RunContext, LdmpRun>();

export function ldmpRun(run: RunContext): LdmpRun {
  let found = runs.get(run);
  if (!found) {
    const declared = run.declared as Declaration;
    found = {
      dialect: dialectOf(declared.reading("E-LDMP-01" as never), declared.reading("E-LDMP-02" as never)),
      heard: [],
      seen: { askedAgain: 0, twice: 0, outOfOrder: 0 },
      peerId: 0,
    };
    runs.set(run, found);
  }
  return found;
}

/** Keeps a message, and takes the reading of E-LDMP-01 from the first request that shows it, where none is declared. */
export function hear(run: LdmpRun, caseId: string, link: LdmpLink, answer: Answer): void {
  const { dialect, heard } = run;
  heard.push({ caseId, link, answer });
  const { message } = answer;
  if (run.peerId === 0) run.peerId = message?.sourceId ?? 0;
  const shown = message && dialect.type === undefined ? typeShown(message.code, message.type) : undefined;
  if (shown === undefined) return;
  dialect.type = shown;
  dialect.typeFrom = `shown by ${answer.outcome}`;
}
