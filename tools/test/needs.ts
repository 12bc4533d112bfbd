import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Where a program is that a test needs, or undefined when this machine lacks it. */
function locate(program: string): string | undefined {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const path = join(folder, program);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // not here: the next folder may have it
    }
  }
  return undefined;
}

/**
 * For tests that need a program from outside the repository: `describe.skipIf(!tshark)("… (needs tshark)", …)`.
 * On a developer's machine its absence skips the test, and says so; in CI it is an error, so that nothing is skipped silently.
 *
 * @throws Error in CI when the program is absent
 */
export function needs(program: string): string | undefined {
  const path = locate(program);
  if (path === undefined && process.env.CI === "true") {
    throw new Error(`${program} is not on PATH: CI installs it in .ci/run, and skips nothing silently`);
  }
  if (path === undefined) console.warn(`skipped: the tests that need ${program} (not on PATH)`);
  return path;
}
