import type { Session, SessionNews, SourceSession } from "../../peer/index.js";
import { print } from "../output.js";

/** One line for what happens in a session; undefined for what happens too often to be told. */
function tell(news: SessionNews): string | undefined {
  switch (news.kind) {
    case "link":
      return `${news.remote.peerId} (${news.remote.role}): link ${news.change}${news.reason === undefined ? "" : `, ${news.reason}`}`;
    case "culprit":
      return `${news.peerId} broke the rules: ${news.fault}`;
    case "server":
      return `${news.server} ${news.change === "up" ? "answers again" : `does not answer: ${news.reason ?? ""}`}`;
    case "rejoined":
      return "joined again: the OMS had forgotten this peer";
    case "ended":
      return `the session is over: ${news.reason}`;
    case "complete":
      return "complete";
    case "missed":
      return `fragment ${news.index} came too late, or not at all`;
    case "pams":
      return news.what === "failed" ? `PAMS: ${news.reason ?? ""}` : undefined;
    case "fragment":
    case "uploaded":
    case "starving":
      return undefined;
  }
}

/** Shows what happens: to programs everything on standard output, to people what matters on standard error. */
export function showNews(session: Session | SourceSession, json: boolean): void {
  session.onNews((news) => {
    const { kind, ...more } = news;
    if (json) print({ event: kind, ...more }, true);
    else {
      const line = tell(news);
      if (line !== undefined) process.stderr.write(`${line}\n`);
    }
  });
}

/** Says every second how far a session is; gives back how to stop that. */
export function showProgress(session: Session | SourceSession, json: boolean, octets?: number): () => void {
  let before = { up: 0, down: 0, at: Date.now() };
  const say = (): void => {
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
  const timer = setInterval(say, json || process.stderr.isTTY ? 1000 : 5000);
  return () => {
    clearInterval(timer);
    say();
    if (!json && process.stderr.isTTY) process.stderr.write("\n");
  };
}
