export { createMemoryStore, openSqliteStore, type Store, type StoreOptions } from "../store/index.js";
export type { ClusterOptions } from "./cluster/membership.js";
export type { Credential, PamsAuthentication } from "./credentials.js";
export { peerTokenHeader } from "./credentials.js";
export { createPams, type Pams, type PamsOptions } from "./pams.js";
export { defaultLimits, defaultPolicy, type PamsLimits, type PamsPolicy } from "./policy.js";
export { type PamsServer, type PamsServerOptions, startPamsServer } from "./server.js";
