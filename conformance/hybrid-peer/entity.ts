import { clientLanes, openClient } from "../client/client.js";
import { peerRules as clientRules } from "../declare/client-rules.js";
import type { EntityUnderTest } from "../engine/entity.js";
import { R2 } from "../engine/r2-message.js";
import type { R2Peer } from "../engine/r2-peer.js";
import type { PeerTest } from "./case.js";
import { peerCases } from "./cases.js";
import { peerDeclaration } from "./declaration.js";
import { equipPeer } from "./session.js";

/** The entry peer that the first precondition was tried with: the second asks what came there. */
const entries = new WeakMap<PeerTest, R2Peer>();

/** The hybrid peer of Q.4100 towards other peers (R2), judged by stand-ins of a HOMS and of peers. */
export const hybridPeer: EntityUnderTest<PeerTest> = {
  id: "hybrid-peer",
  title: "hybrid peer",
  documents: ["Q.4100", "Q.4103"],
  actor: "hybrid-peer",
  declaration: peerDeclaration,
  rules: clientRules,
  cases: peerCases,
  parallel: clientLanes,
  equip: equipPeer,
  open: openClient,
  preflight: [
    {
      what: "a hybrid peer joins an overlay network at the suite's HOMS",
      hint: "check that the product is told the suite's address ({url}, MP2P_URL, or url of the adapter's start) and the overlay-id (MP2P_OVERLAY_ID)",
      check: async (t) => {
        const entry = await t.peer(10);
        entries.set(t, entry);
        await t.enter({ entryPeers: [entry] });
        return true;
      },
    },
    {
      what: "what it says to an entry peer is a HELLO of the declared profile",
      hint: "declare the reading of E-HP2P-24: A (P23), C (P22) or D (P20), and see that nothing but frames goes over its TCP connections",
      check: async (t) => {
        const entry = entries.get(t);
        const came = await entry?.next(R2.hello, { withinMs: 2_000 });
        // One that does not connect, or says something else in good frames, is for the cases to judge.
        const unread = entry?.links.filter(({ octets, arrived }) => octets > 0 && !arrived.some(({ fault }) => !fault));
        return came?.message.silent === false || unread?.length === 0;
      },
    },
  ],
  announces: true,
  alive: async () => true,
};
