import { dataSourceMutants } from "./data-source.js";
import { homsOwnerMutants } from "./homs-owners.js";
import { homsPeerMutants } from "./homs-peers.js";
import { hybridPeerMutants } from "./hybrid-peer.js";
import { hybridPeerPathMutants } from "./hybrid-peer-paths.js";
import type { Mutant } from "./mutant.js";
import { pampOmsMutants, pampPeerMutants } from "./pamp-clients.js";
import { pamsActivityMutants } from "./pams-activity.js";
import { pamsServerMutants } from "./pams-servers.js";
import { sourcePeerMutants } from "./source-peer.js";
import { streamingPeerMutants, streamingSourcePeerMutants } from "./streaming-peers.js";
import { csMutants, managingOmsMutants } from "./streaming-servers.js";

/** Every defect that the reference system can be started with. */
export const mutants: readonly Mutant[] = [
  ...pamsServerMutants,
  ...pamsActivityMutants,
  ...homsOwnerMutants,
  ...homsPeerMutants,
  ...sourcePeerMutants,
  ...dataSourceMutants,
  ...hybridPeerMutants,
  ...hybridPeerPathMutants,
  ...pampOmsMutants,
  ...pampPeerMutants,
  ...streamingPeerMutants,
  ...streamingSourcePeerMutants,
  ...csMutants,
  ...managingOmsMutants,
];
