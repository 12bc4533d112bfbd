export type { LinkState, RemotePeer, SwarmNews } from "./core/ports.js";
export type { SwarmSettings } from "./core/settings.js";
export { PeerError, type PeerErrorCode } from "./errors.js";
export { type PeerMonitor, type PeerMonitorOptions, startPeerMonitor } from "./monitor.js";
export { createPeer } from "./peer.js";
export type {
  Channel,
  CreateSessionOptions,
  IndexChanges,
  IndexFile,
  IndexQuery,
  JoinOptions,
  ListenOptions,
  Peer,
  PeerOptions,
  PeerTimes,
  Received,
  ServerName,
  Session,
  SessionNews,
  SessionState,
  SourceSession,
} from "./types.js";
