/** A header as declarations have it: `authorization: Bearer …`. */
export const headerLine = { pattern: /^[!#$%&'*+.^_`|~\w-]+:/, example: "authorization: Bearer TOKEN" } as const;
