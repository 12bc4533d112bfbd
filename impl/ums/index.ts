export { createMemoryStore, openSqliteStore, type Store, type StoreOptions } from "../store/index.js";
export {
  createUms,
  startUmsServer,
  type Ums,
  type UmsOptions,
  type UmsServer,
  type UmsServerOptions,
} from "./server.js";
export { defaultLimits, defaultSettings, type UmsLimits, type UmsSettings } from "./settings.js";
