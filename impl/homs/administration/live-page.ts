import { createHash } from "node:crypto";
import type { ServerResponse } from "node:http";
import { script } from "./live-script.js";
import { style } from "./live-style.js";

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Overlays of this HOMS</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<header>
<h1>Overlays</h1>
<p id="state" role="status">loading</p>
</header>
<main>
<nav aria-label="Overlays"><ul id="overlays"></ul></nav>
<section id="drawing" aria-label="Tree of the chosen overlay">
<h2 id="title"></h2>
<p id="facts"></p>
<svg id="tree" role="img" aria-labelledby="title" viewBox="-100 -100 200 200"><g id="links"></g><g id="nodes"></g></svg>
<p class="legend"><span class="key primary"></span> primary path <span class="key one-sided"></span> reported by one end only
<span class="key candidate"></span> candidate path <span class="key suspect"></span> reported as lost</p>
</section>
<aside>
<h2>What happens</h2>
<ol id="log"></ol>
<h2>Peer</h2>
<dl id="peer"></dl>
</aside>
</main>
<script>${script}</script>
</body>
</html>
`;

const digest = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

const headers = {
  "content-type": "text/html; charset=utf-8",
  "content-length": Buffer.byteLength(page),
  "cache-control": "no-store",
  "content-security-policy": `default-src 'none'; script-src ${digest(script)}; style-src ${digest(style)}; img-src data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
};

/** The page: one file, nothing from elsewhere. */
export function livePage(response: ServerResponse): void {
  response.writeHead(200, headers).end(page);
}
