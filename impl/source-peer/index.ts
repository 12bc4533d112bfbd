export { codeName, PayloadType } from "../../generated/ldmp/index.js";
export { RequestError, type RequestErrorCode, requestErrorCodes } from "../ldmp/errors.js";
export type { Readings } from "../ldmp/readings.js";
export type { VariableOptions } from "../ldmp/variables.js";
export type { AdmissionOptions } from "./admission.js";
export type { Counters } from "./counters.js";
export type { DataListener, PostedData } from "./data-feed.js";
export type { Listen, SourcePeerLimits, SourcePeerOptions } from "./options.js";
export { openIdentity } from "./session/identity.js";
export {
  type StreamingNews,
  type StreamingSession,
  type StreamingSessionOptions,
  type StreamingState,
  startStreamingSession,
} from "./session/session.js";
export {
  type Content,
  type DataSourceInfo,
  type Endpoint,
  type ManagedSession,
  type SourceChange,
  type SourcePeer,
  startSourcePeer,
} from "./source-peer.js";
