import type { Session, SessionNews, SourceSession } from "../../peer/index.js";
import { print } from "../output.js";
import { printable } from "../printable.js";

/** One line for what happens in a session; undefined for what happens too often to be told. */
function tell(news: SessionNews): string | undefined {
  switch (news.kind) {
    case "link":
      return `${news.remote.peerId} (${news.remote.role}): link ${news.change}${news.reason === undefined ? "" : `, ${news.reason}`}`;
    case "culprit":
      return `${news.peerId} broke the rules: ${news.fault}`;
    case "server":
      return serverLine(news);
    case "rejoined":
      return "joined again: the OMS had forgotten this peer";
    case "ended":
      return `the session is over: ${news.reason}`;
    case "moved":
      return `the OMS had lost the session (${news.reason}): it goes on in overlay network ${news.overlayId}`;
    case "complete":
      return "complete";
    case "missed":
      return `fragment ${news.index} came too late, or not at all`;
    case "pams":
      return news.what === "failed" ? pamsLine(news.reason ?? "") : undefined;
    case "fragment":
    case "uploaded":
    case "starving":
      return undefined;
  }
}

export function serverLine({
  server,
  change,
  reason = "",
}: Extract<SessionNews, { kind: "server" }>): string | undefined {
  // Of a PAMS it is told what it was asked, too.
  if (server === "PAMS") return change === "up" ? "PAMS answers again" : undefined;
  if (change === "up") return `${server} answers again`;
  // A status is an answer.
  return /^\d{3}(:|$)/.test(reason)
    ? `${server} cannot serve now (${reason}): waiting for it`
    : `${server} does not answer: ${reason}`;
}

/** @param reason what was asked, and what came of it */
export function pamsLine(reason: string): string {
  const [, asked = "", status = ""] = /^(\w+): (\d{3})\b/.exec(reason) ?? [];
  if (status === "404") return `the PAMS does not know this overlay network, or not yet (${reason})`;
  if (status === "401" || status === "403") return `the PAMS does not take this peer's ${asked} (${reason})`;
  return `PAMS: ${reason}`;
}

/** Shows what happens: to programs everything on standard output, to people what matters on standard error, and not twice in a row. */
export function newsShown(json: boolean): (news: SessionNews) => void {
  let pamsSaid: string | undefined;
  return (news) => {
    const { kind, ...more } = news;
    if (json) return print({ event: kind, ...more }, true);
    if (news.kind === "pams" && news.what !== "failed") pamsSaid = undefined;
    const line = tell(news);
    if (line === undefined || (kind === "pams" && line === pamsSaid)) return;
    if (kind === "pams") pamsSaid = line;
    say(line);
  };
}

/** A line on standard error, whoever its words are from. */
export function say(line: string): void {
  process.stderr.write(`${printable(line)}\n`);
}

/** How long nobody may answer before that is said, in ms. */
const lonelyMs = 10_000;

/** Says once that there is nobody to fetch from, which otherwise looks like a beginning. */
function lonely(session: Session | SourceSession): () => void {
  let since = performance.now();
  let said = false;
  return () => {
    if (session.role === "source-peer" || session.state.links.length > 0 || session.state.complete) {
      since = performance.now();
      said = false;
    } else if (!said && performance.now() - since > lonelyMs) {
      said = true;
      say("no peer of this session answers: waiting for one");
    }
  };
}

/** For where no progress is shown; gives back how to stop that. */
export function sayWhenLonely(session: Session): () => void {
  const timer = setInterval(lonely(session), lonelyMs / 2);
  return () => clearInterval(timer);
}

/** Says every second how far a session is; gives back how to stop that. */
export function showProgress(session: Session | SourceSession, json: boolean, octets?: number): () => void {
  let before = { up: 0, down: 0, at: Date.now() };
  const alone = lonely(session);
  const show = (): void => {
    if (!json) alone();
    const { held, total, links, uploaded, downloaded } = session.state;
    const now = Date.now();
    const seconds = Math.max(0.001, (now - before.at) / 1000);
    const [up, down] = [(uploaded - before.up) / seconds / 1000, (downloaded - before.down) / seconds / 1000];
    before = { up: uploaded, down: downloaded, at: now };
    const fragments = held.reduce((sum, { count }) => sum + count, 0);
    const all = total ?? (octets === undefined ? undefined : Math.ceil(octets / session.indexFile.fragment_size));
    const percent = all === undefined || all === 0 ? undefined : Math.floor((1000 * fragments) / all) / 10;
    const rates = { up: Math.round(up), down: Math.round(down) };
    if (json) print({ event: "progress", percent, fragments, total: all, peers: links.length, ...rates }, true);
    else {
      const share = percent === undefined ? `${fragments} fragments` : `${percent.toFixed(1)} %`;
      const line = `${share}  down ${rates.down} KB/s  up ${rates.up} KB/s  ${links.length} peers`;
      process.stderr.write(process.stderr.isTTY ? `\r${line}\u001b[K` : `${line}\n`);
    }
  };
  const timer = setInterval(show, json || process.stderr.isTTY ? 1000 : 5000);
  return () => {
    clearInterval(timer);
    show();
    if (!json && process.stderr.isTTY) process.stderr.write("\n");
  };
}
