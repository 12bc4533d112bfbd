import { createHash } from "node:crypto";
import { html } from "./html-text.js";
import { baseStyle } from "./html-theme.js";

export interface Page {
  readonly title: string;
  /** Colour of the icon in the browser's tab: a verdict's. */
  readonly icon: "pass" | "fail" | "inconclusive" | "error";
  readonly style: string;
  readonly script: string;
  readonly body: string;
}

const ICONS = {
  pass: ["1a7f37", "M4 8.5l3 3 5-6"],
  fail: ["c2261c", "M5 5l6 6M11 5l-6 6"],
  inconclusive: ["8a5a00", "M6 6a2 2 0 113 1.7c-.8.5-1 .8-1 1.6M8 11.6v.1"],
  error: ["8e2fb8", "M8 4v5M8 11.5v.1"],
} as const;

/**
 * One file that needs nothing else: style and script are in it, and its policy lets the browser run these two and load nothing at all. What a
 * product sent can therefore neither run nor call home, even where it should get past the escaping.
 */
export function page({ title, icon, style, script, body }: Page): string {
  const css = `${baseStyle}${style}`;
  const policy = `default-src 'none'; style-src ${hash(css)}; script-src ${hash(script)}; img-src data:; base-uri 'none'; form-action 'none'`;
  const [colour, path] = ICONS[icon];
  const picture = `%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='4' fill='%23${colour}'/%3E%3Cpath d='${path}' fill='none' stroke='white' stroke-width='2' stroke-linecap='round'/%3E%3C/svg%3E`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>${html(title)}</title><link rel="icon" href="data:image/svg+xml,${picture}">
<style>${css}</style></head>
<body>
${body}
<script>${script}</script></body></html>
`;
}

function hash(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
