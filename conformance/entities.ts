import { cs } from "./cs/entity.js";
import type { EntityId, EntityUnderTest } from "./engine/entity.js";
import { hompHybridPeer } from "./homp-hybrid-peer/entity.js";
import { homs } from "./homs/entity.js";
import { hybridPeer } from "./hybrid-peer/entity.js";
import { ixs } from "./ixs/entity.js";
import { ldmpDataSource } from "./ldmp-data-source/entity.js";
import { ldmpSourcePeer } from "./ldmp-source-peer/entity.js";
import { managingOms } from "./managing-oms/entity.js";
import { oms } from "./oms/entity.js";
import { pampOms } from "./pamp-oms/entity.js";
import { pampPeer } from "./pamp-peer/entity.js";
import { pams } from "./pams/entity.js";
import { peer } from "./peer/entity.js";
import { sourcePeer } from "./source-peer/entity.js";
import { ums } from "./ums/entity.js";
import { unis } from "./unis/entity.js";

/** Every kind of product that the suite judges, by the name the command line gives it. */
export const entities: Readonly<Record<EntityId, EntityUnderTest>> = {
  pams,
  homs,
  "ldmp-source-peer": ldmpSourcePeer,
  "ldmp-data-source": ldmpDataSource,
  "pamp-oms": pampOms,
  "pamp-peer": pampPeer,
  "homp-hybrid-peer": hompHybridPeer,
  "hybrid-peer": hybridPeer,
  oms,
  ixs,
  unis,
  ums,
  cs,
  peer,
  "source-peer": sourcePeer,
  "managing-oms": managingOms,
};
