/*
 * Any string can be a key, but SQLite ends texts at NUL, keeps no lone surrogates, and is read from the first key that is
 * greater than "". A key with anything of the kind is stored in JSON's escapes (the empty one as a single backslash),
 * which are injective beside plain keys because every escaped key, and no plain one, has a backslash.
 */

/** Anything but the characters that need no escape: controls, quote, backslash and surrogates. */
const special = /[^ !#-[\]-\ud7ff\ue000-\uffff]/;

export function escapeKey(key: string): string {
  if (key === "") return "\\";
  return special.test(key) ? JSON.stringify(key).slice(1, -1) : key;
}

export function unescapeKey(stored: string): string {
  if (stored === "\\") return "";
  return stored.includes("\\") ? (JSON.parse(`"${stored}"`) as string) : stored;
}
