export { createMemoryStore, openSqliteStore, type Store, type StoreOptions } from "../store/index.js";
export {
  type DistanceClass,
  defaultPolicy,
  distanceClasses,
  loadPolicy,
  PolicyError,
  readPolicy,
  type UnisPolicy,
} from "./policy.js";
export {
  createUnis,
  startUnisServer,
  type Unis,
  type UnisOptions,
  type UnisServer,
  type UnisServerOptions,
} from "./server.js";
export { defaultLimits, defaultSettings, type UnisLimits, type UnisSettings } from "./settings.js";
export { TableError, type TableFiles } from "./tables.js";
