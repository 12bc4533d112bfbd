import type { CaseVerdict } from "../verdict.js";
import { SIGNS } from "./signs.js";

/** Text as HTML text or attribute value. */
export function html(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;")
    .replaceAll("\u0000", "\ufffd");
}

/** A coloured label; the class is the verdict, level or conclusion. */
export function tag(kind: string, text: string): string {
  return `<span class="tag ${kind.replace(/[/ ]/g, "-")}">${html(text)}</span>`;
}

/** A verdict as one character in its colour, with the word for those who cannot see it. */
export function sign(verdict: CaseVerdict, soft = false): string {
  const kind = soft ? "soft" : verdict.replace("/", "-");
  return `<span class="sign ${kind}" title="${html(verdict)}"><span aria-hidden="true">${SIGNS[verdict]}</span><span class="visually-hidden">${html(verdict)}</span></span>`;
}

/** A line to take along. */
export function copyLine(text: string): string {
  return `<div class="line"><code>${html(text)}</code><button class="button copy" type="button">copy</button></div>`;
}

export function duration(milliseconds: number): string {
  return milliseconds < 1000 ? `${milliseconds} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}
