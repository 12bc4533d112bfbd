import { clientLanes, openClient } from "../client/client.js";
import { peerProbes } from "../declare/client-probes.js";
import { peerRules } from "../declare/client-rules.js";
import type { EntityUnderTest } from "../engine/entity.js";
import type { PeerTest } from "./case.js";
import { peerCases } from "./cases.js";
import { peerDeclaration } from "./declaration.js";
import { equipPeer } from "./session.js";

/** The peer of X.609.1, judged by a stand-in PAMS that it registers with and reports to. */
export const pampPeer: EntityUnderTest<PeerTest> = {
  id: "pamp-peer",
  title: "PAMP peer",
  documents: ["X.609.1", "X.609.10"],
  actor: "peer",
  declaration: peerDeclaration,
  rules: peerRules,
  probes: peerProbes,
  cases: peerCases,
  parallel: clientLanes,
  equip: equipPeer,
  open: openClient,
  preflight: [
    {
      what: "a peer calls the suite's PAMS",
      hint: "check that the product is told the suite's address ({url}, MP2P_URL, or url of the adapter's start), and when it registers",
      check: async (t) => {
        // Whatever it sends: the cases judge whether that is a registration.
        await t.join().catch((error: unknown) => {
          if (t.server.arrived.length === 0) throw error;
        });
        return true;
      },
    },
  ],
  announces: true,
  alive: async () => true,
};
