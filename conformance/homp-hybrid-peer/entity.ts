import { clientLanes, openClient } from "../client/client.js";
import { hybridPeerProbes } from "../declare/client-probes.js";
import { hybridPeerRules } from "../declare/client-rules.js";
import type { EntityUnderTest } from "../engine/entity.js";
import type { HybridPeerTest } from "./case.js";
import { hybridPeerCases } from "./cases.js";
import { hybridPeerDeclaration } from "./declaration.js";
import { equipHybridPeer } from "./session.js";

/** The hybrid peer of Q.4100 towards its HOMS (R1), judged by a stand-in HOMS. */
export const hompHybridPeer: EntityUnderTest<HybridPeerTest> = {
  id: "homp-hybrid-peer",
  title: "HOMP hybrid peer",
  documents: ["Q.4103", "Q.4100"],
  actor: "hybrid-peer",
  declaration: hybridPeerDeclaration,
  rules: hybridPeerRules,
  probes: hybridPeerProbes,
  cases: hybridPeerCases,
  parallel: clientLanes,
  equip: equipHybridPeer,
  open: openClient,
  preflight: [
    {
      what: "a hybrid peer joins an overlay network at the suite's HOMS",
      hint: "check that the product is told the suite's address ({url}, MP2P_URL, or url of the adapter's start) and the overlay-id (MP2P_OVERLAY_ID)",
      check: async (t) => {
        await t.enter();
        return true;
      },
    },
  ],
  announces: true,
  alive: async () => true,
};
