import { clientLanes, openClient } from "../client/client.js";
import type { EntityUnderTest } from "../engine/entity.js";
import type { SourcePeerTest } from "./case.js";
import { sourcePeerCases } from "./cases.js";
import { sourcePeerDeclaration } from "./declaration.js";
import { equipSourcePeer } from "./session.js";

/** The source peer of X.609.10 towards OMS, IXS and peers, judged by stand-ins of all of them, by this project's profile. */
export const sourcePeer: EntityUnderTest<SourcePeerTest> = {
  id: "source-peer",
  title: "Source peer",
  documents: ["X.609.10"],
  actor: "source-peer",
  declaration: sourcePeerDeclaration,
  cases: sourcePeerCases,
  parallel: (run) => Math.min(6, clientLanes(run)),
  equip: equipSourcePeer,
  open: openClient,
  preflight: [
    {
      what: "a source peer makes an overlay network at the suite's OMS",
      hint: "check that the product is told the suite's address ({url}, MP2P_URL, or url of the adapter's start), where OMS and IXS are",
      check: async (t) => {
        if (!t.declared.option("profile"))
          return "the suite knows the messages of spec/ only, and the declaration says that the product speaks others";
        await t.create();
        return true;
      },
    },
  ],
  announces: true,
  alive: async () => true,
};
