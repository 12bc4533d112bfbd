export type { SignallingLimits } from "../net/webrtc/relay/limits.js";
export type { SignallingServer } from "../net/webrtc/relay/relay-server.js";
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
export type { SignallingOptions } from "./signalling/server.js";
