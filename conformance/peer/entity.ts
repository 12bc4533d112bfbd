import { clientLanes, openClient } from "../client/client.js";
import type { EntityUnderTest } from "../engine/entity.js";
import type { PeerTest } from "./case.js";
import { peerCases } from "./cases.js";
import { peerDeclaration } from "./declaration.js";
import { equipPeer } from "./session.js";

/** The peer of X.609.10 towards servers and other peers, judged by stand-ins of all of them, by this project's profile. */
export const peer: EntityUnderTest<PeerTest> = {
  id: "peer",
  title: "Peer",
  documents: ["X.609.10", "X.609.1"],
  actor: "peer",
  declaration: peerDeclaration,
  cases: peerCases,
  parallel: (run) => Math.min(6, clientLanes(run)),
  equip: equipPeer,
  open: openClient,
  preflight: [
    {
      what: "a peer finds a session and joins it at the suite's servers",
      hint: "check that the product is told the suite's address ({url}, MP2P_URL, or url of the adapter's start), where IXS and OMS are, and title, data source and data",
      check: async (t) => {
        if (!t.declared.option("profile"))
          return "the suite knows the messages of spec/ only, and the declaration says that the product speaks others";
        t.session.listed = [await t.stand({ role: "source-peer" })];
        await t.enter();
        return true;
      },
    },
  ],
  announces: true,
  alive: async () => true,
};
