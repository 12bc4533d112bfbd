export { createMemoryStore, openSqliteStore, type Store, type StoreOptions } from "../store/index.js";
export { defaultLimits, defaultReadings, type IxsLimits, type IxsReadings, ixsReadings } from "./policy.js";
export {
  createIxs,
  type Ixs,
  type IxsOptions,
  type IxsServer,
  type IxsServerOptions,
  startIxsServer,
} from "./server.js";
