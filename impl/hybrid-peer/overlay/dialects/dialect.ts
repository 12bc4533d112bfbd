/** How a HOMS wants HOMP spelt: the text of Q.4103, or the study group's public implementations by their dates. */
export type DialectName = "text" | "v22" | "v23a" | "v23";

/** `auto`: asked of the HOMS before the first request. */
export type DialectChoice = DialectName | "auto";
