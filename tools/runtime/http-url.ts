import { Mp2pError } from "./errors.js";

/**
 * Where operations live, from the URL that a server gave out or a user typed: scheme, authority and path in front of every
 * operation's path. Ports and path prefixes are kept; query and fragment are not part of it.
 *
 * @param segment first path segment of all operations (`pams`), which the URL may or may not end in already
 *   [X.609.1 9.1.1, E-PAMP-22]
 * @throws Mp2pError ERR_BASE_URL
 */
export function normalizeBaseUrl(baseUrl: string | URL, segment: string | undefined): string {
  let url: URL;
  try {
    url = new URL(baseUrl);
  } catch (cause) {
    throw new Mp2pError("ERR_BASE_URL", "the base URL is no absolute URL", { cause });
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new Mp2pError("ERR_BASE_URL", `the base URL is not http or https but ${url.protocol}`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new Mp2pError("ERR_BASE_URL", "the base URL has credentials in it: use the auth option");
  }
  let path = url.pathname.replace(/\/+$/, "");
  if (segment !== undefined && path.endsWith(`/${segment}`)) path = path.slice(0, -segment.length - 1);
  return url.origin + path;
}

/** Fills a path template; undefined when a value cannot stand in a path. */
export function expandPath(template: string, params: Readonly<Record<string, unknown>>): string | undefined {
  let impossible = false;
  const path = template.replace(/\{([^}]+)\}/g, (_, name: string) => {
    const value = String(params[name] ?? "");
    // URL parsers resolve "." and ".." even when they are percent-encoded, so these two never arrive.
    if (value === "" || value === "." || value === ".." || !isWellFormed(value)) impossible = true;
    return impossible ? "" : encodeURIComponent(value);
  });
  return impossible ? undefined : path;
}

/** Lone surrogates have no UTF-8 form. */
export function isWellFormed(text: string): boolean {
  return !/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(text);
}

/** A text without its percent-encoding; undefined when that is malformed, or not UTF-8. */
export function percentDecode(text: string): string | undefined {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
