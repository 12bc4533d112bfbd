import { codeClass } from "../../generated/ldmp/index.js";

/** Success is the whole of class 2, listed or not (E-LDMP-11, E-LDMP-12 B). */
export function isSuccess(code: number): boolean {
  return codeClass(code) === 2;
}

/** Errors are classes 4 and 5, listed or not (E-LDMP-11). */
export function isError(code: number): boolean {
  return codeClass(code) === 4 || codeClass(code) === 5;
}
