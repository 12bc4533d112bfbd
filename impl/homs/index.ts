export type { CoreTree, CoreTreeNode } from "./core-tree.js";
export { type FieldDialect, fieldDialects } from "./dialects/dialect.js";
export type { HomsEvent, HomsEvents } from "./events.js";
export { createHoms, type Homs, type HomsOptions } from "./homs.js";
export { type HomsServer, type HomsServerOptions, startHomsServer } from "./server.js";
export {
  defaultLimits,
  defaultReadings,
  defaultSettings,
  type HomsLimits,
  type HomsReadings,
  type HomsSettings,
  type HomsSettingsInput,
} from "./settings.js";
export type { SignallingClaims } from "./signalling/claims.js";
export type { SignallingLimits } from "./signalling/limits.js";
export type { SignallingOptions, SignallingServer } from "./signalling/server.js";
