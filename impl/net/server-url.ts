/** Why a text cannot be the address of a server to which clients append the paths of operations; undefined when it can. */
export function serverUrlFault(text: string): string | undefined {
  // URL parsers mend what should not be: blanks, backslashes, a host after three slashes.
  if (!/^https?:\/\/[^/\\?#\s@]+(\/[^\\?#\s@]*)?$/i.test(text) || !URL.canParse(text)) {
    return "is no absolute http or https URL with a host, and without credentials, query and fragment";
  }
  return undefined;
}
