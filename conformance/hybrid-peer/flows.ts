import type { R2Link } from "../engine/r2-link.js";
import { R2, type R2Answer } from "../engine/r2-message.js";
import type { Cite } from "../engine/test.js";
import type { Path, PeerTest } from "./case.js";
import { data } from "./messages.js";

/** So long a path is watched on which nothing is to come, in ms. */
export const QUIET_MS = 700;

export const textOf = ({ payload }: R2Answer): string => Buffer.from(payload).toString("utf8");

/** Data with this text. */
export const saying =
  (text: string) =>
  (one: R2Answer): boolean =>
    textOf(one) === text;

/** How often data with this text came over a connection. */
export function times(link: R2Link, text: string): number {
  return link.of([R2.data, R2.getDataAnswer]).filter(saying(text)).length;
}

/** One datum of a source that a case plays, broadcast on its path. */
export interface Datum {
  readonly source: string;
  readonly sequence: number;
  readonly text: string;
}

/** The next datum of a source. */
export function datum(t: PeerTest, source: string, sequence: number): Datum {
  return { source, sequence, text: `${t.unique("datum")} of ${source}` };
}

export function broadcast(from: R2Link, { source, sequence, text }: Datum): void {
  from.send(data(source, sequence, text));
}

/** Judges that a datum which comes in on one path leaves on another. */
export async function relays(t: PeerTest, from: Path, to: Path, cite: Cite, sequence = 1): Promise<R2Answer> {
  const one = datum(t, `${from.peer.id}-app`, sequence);
  broadcast(from.link, one);
  return await arrives(t, to.link, one, cite);
}

export async function arrives(t: PeerTest, link: R2Link, { text }: Datum, cite: Cite): Promise<R2Answer> {
  const came = await link.next(R2.data, { withinMs: t.times.answer, where: saying(text) });
  t.that(!came.silent, `${JSON.stringify(text)} over ${link.name}`, came.outcome, { ...cite, entry: came.entry });
  return came;
}

/** A fixed wait, then judges that a text came nowhere on these. */
export async function staysAway(t: PeerTest, links: readonly R2Link[], text: string, cite: Cite): Promise<void> {
  await t.sleep(QUIET_MS);
  for (const link of links) {
    const found = link.of([R2.data, R2.getDataAnswer]).find(saying(text));
    t.that(found === undefined, `none of it over ${link.name}`, found ? `${found.outcome} with it` : "none", {
      ...cite,
      entry: found?.entry,
    });
  }
}
