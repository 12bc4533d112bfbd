import { defineConfig } from "vitest/config";

/** `npm test` runs the quick tests; MP2P_FULL=1 (`npm run test:full`) runs the `*.full.test.ts` ones: fuzzing, packing, browsers. */
const full = process.env.MP2P_FULL === "1";

export default defineConfig({
  test: {
    include: full ? ["**/*.full.test.ts"] : ["**/*.test.ts"],
    exclude: ["node_modules/**", "dist/**", ...(full ? [] : ["**/*.full.test.ts"])],
    pool: "forks",
    // Many tests judge products over the wire, and wait more than they work: two files at a time even where there are two cores alone. The
    // longer ones start many processes each, and more of them at a time only make products late.
    maxWorkers: 2,
    testTimeout: full ? 600_000 : 20_000,
    hookTimeout: full ? 600_000 : 30_000,
  },
});
