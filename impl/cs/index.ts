export { createMemoryStore, openSqliteStore } from "../store/index.js";
export { isLoopback } from "./allowance.js";
export type { CsAuthentication } from "./credentials.js";
export type { CsOptions } from "./cs.js";
export { type CacheServer, type CacheServerOptions, startCacheServer } from "./server.js";
export type { CsLimits, CsTimes } from "./settings.js";
