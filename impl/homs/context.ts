import type { Random } from "../net/clock.js";
import type { Logger } from "../net/logger.js";
import type { HomsEvents } from "./events.js";
import type { HomsIdentity } from "./identity.js";
import type { LossWatch } from "./losses.js";
import type { Registry } from "./registry.js";
import type { HomsSettings } from "./settings.js";

/** What a primitive works with. The registry has been swept up to `now`. */
export interface HomsContext {
  registry: Registry;
  settings: HomsSettings;
  events: HomsEvents;
  identity: HomsIdentity;
  losses: LossWatch;
  random: Random;
  logger: Logger;
  /** Milliseconds since the epoch. */
  now: number;
}
