/** What makes tiny-oms.mjs odd or wrong, by the name the tests give it. */
export const omsQuirks = {};
