import { enterKey } from "./world/enter.js";
import type { World } from "./world.js";

/** With `--wait` nothing is limited by less, in ms: somebody is stepping through the product. */
export const PATIENCE_MS = 600_000;

/** Says what is about to happen, and waits for Enter. */
export async function awaitEnter(world: World, lines: readonly string[]): Promise<void> {
  const text = `\n${lines.join("\n")}\nPress Enter to go on. `;
  await new Promise<void>((resolve) => {
    world.open(enterKey, { text }, () => resolve());
  });
}
