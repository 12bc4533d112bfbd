export { createMemoryStore, openSqliteStore, type Store } from "../store/index.js";
export { type ConfiguredCacheServer, createOms, type Oms, type OmsFigures, type OmsOptions } from "./oms.js";
export { rejoinText } from "./rejoin.js";
export { type OmsServer, type OmsServerOptions, startOmsServer } from "./server.js";
export { defaultLimits, defaultPolicy, type OmsLimits, type OmsPolicy } from "./settings.js";
export type { OmsSignalling, OmsSignallingOptions } from "./signalling/relay.js";
