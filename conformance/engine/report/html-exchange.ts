import type { Failure } from "../outcome.js";
import type { CaseResult } from "../result.js";
import type { Entry } from "../transcript.js";
import { ARROWS, directionOf, exchangeOf, productAsks } from "./direction.js";
import { copyLine, html } from "./html-text.js";

/** Characters of one message that the page shows. */
const SHOWN = 4000;

/**
 * The whole exchange, for a page that shows it on demand: a thousand of them would keep a browser busy for seconds, so that each waits as
 * text until its case is opened.
 */
export function exchange({ transcript, failures }: CaseResult): string {
  if (transcript.length === 0) return "";
  const asks = productAsks(transcript);
  const judged = new Map(failures.map(({ entry, offset }) => [entry, offset]));
  const lines = transcript.map((entry, index) => line(entry, asks, judged.has(index), judged.get(index)));
  const messages = transcript.filter((entry) => directionOf(entry, asks) !== undefined).length;
  const what = `${messages} message${messages === 1 ? "" : "s"}, ${transcript.length} line${transcript.length === 1 ? "" : "s"}`;
  return `<details class="exchange"><summary>Exchange <span class="dim">${what}</span></summary><script type="text/plain"><ol class="wire">${lines.join("")}</ol></script></details>`;
}

/** What led to a failure, at a glance. */
export function excerpt({ transcript }: CaseResult, failure: Pick<Failure, "entry" | "offset">): string {
  const asks = productAsks(transcript);
  const entries = exchangeOf(transcript, failure.entry);
  if (entries.length === 0) return "";
  const lines = entries.map((entry, index) =>
    index === entries.length - 1 ? line(entry, asks, true, failure.offset) : line(entry, asks, false),
  );
  return `<ol class="wire">${lines.join("")}</ol>`;
}

function line(entry: Entry, asks: boolean, judged: boolean, offset?: number): string {
  const word = directionOf(entry, asks);
  const arrow = word === undefined ? "" : ARROWS[word];
  const phase =
    entry.phase === "body" ? "" : ` <span class="dim">${entry.phase === "setup" ? "set-up" : "clean-up"}</span>`;
  const head = `<span class="at">${entry.at.toFixed(1)} ms</span><span class="arrow" title="${word ?? ""}">${arrow}</span><span class="what ${entry.kind}">${html(entry.summary)}${phase}</span>`;
  const parts = [
    ...(entry.decoded && entry.decoded.length > 0 ? [fields(entry.decoded, offset)] : []),
    ...(entry.text
      ? [`<pre${/^http/.test(entry.kind) ? ' class="http"' : ""}>${html(shortened(entry.text))}</pre>`]
      : []),
    ...(entry.hex ? [`<pre class="hex">${dump(entry.hex, offset)}</pre>`] : []),
    ...(entry.octets === undefined
      ? []
      : [`<p class="dim more">${entry.octets} octets in all; the first are shown</p>`]),
    ...(entry.reproduce ? [copyLine(entry.reproduce)] : []),
  ];
  const inner =
    parts.length > 0
      ? `<details${judged ? " open" : ""}><summary>${head}</summary>${parts.join("")}</details>`
      : `<div class="bare">${head}</div>`;
  return `<li class="in-${entry.phase}${judged ? " judged" : ""}">${inner}</li>`;
}

function shortened(text: string): string {
  return text.length <= SHOWN
    ? text
    : `${text.slice(0, SHOWN)}\n… ${text.length - SHOWN} more characters: the JSON report has them`;
}

/** `2-3  Message ID 17` as a row of a table, offset and field apart; the field judged is marked. */
function fields(decoded: readonly string[], offset: number | undefined): string {
  const rows = decoded.map((one) => {
    const [, from, to, text = one] = /^(\d+)(-\d*)?\s{2,}(.*)$/s.exec(one) ?? [];
    if (from === undefined) return `<tr><td></td><td>${html(one)}</td></tr>`;
    const last = to === undefined ? Number(from) : to === "-" ? Number.POSITIVE_INFINITY : Number(to.slice(1));
    const judged = offset !== undefined && offset >= Number(from) && offset <= last;
    return `<tr${judged ? ' class="judged"' : ""}><th>${html(from)}${html(to ?? "")}</th><td>${html(text)}</td></tr>`;
  });
  return `<table class="fields">${rows.join("")}</table>`;
}

/** Sixteen octets to a line, with their offset; the octet judged is marked. */
function dump(hex: string, offset: number | undefined): string {
  const octets = (hex.slice(0, SHOWN).match(/../g) ?? []).map((octet, index) =>
    index === offset ? `<mark>${octet}</mark>` : octet,
  );
  const lines: string[] = [];
  for (let at = 0; at < octets.length; at += 16)
    lines.push(`<i>${at.toString(16).padStart(4, "0")}</i>  ${octets.slice(at, at + 16).join(" ")}`);
  if (hex.length > SHOWN) lines.push(`… ${(hex.length - SHOWN) / 2} more octets: the JSON report has them`);
  return lines.join("\n");
}
