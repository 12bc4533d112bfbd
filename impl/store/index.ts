export { StoreError, type StoreErrorCode, storeErrorCodes } from "./errors.js";
export { createMemoryStore, type MemoryDisk } from "./memory-store.js";
export { openSqliteStore } from "./sqlite-store.js";
export type { Store, StoreOptions, StoreStatistics, Table } from "./store.js";
