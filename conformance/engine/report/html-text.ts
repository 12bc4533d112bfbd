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
