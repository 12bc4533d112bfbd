import { clientValues } from "../client/client.js";
import type { DeclarationShape } from "../engine/declaration.js";
import { hybridPeerActions } from "./actions.js";

/** What the maker of a hybrid peer can declare, with what holds if they do not. Add what a case asks for here. */
export const hybridPeerDeclaration = {
  options: {
    owner: {
      title: "Creates, modifies and removes overlay networks",
      clause: "Q.4100 7.2.4.1",
      default: true,
      requirement: "HP2P-7.2.4.1-01",
      // It may also enter those of others only.
      status: "o",
    },
    queries: {
      title: "Looks for overlay networks by queries",
      clause: "Q.4103 7.1.2",
      default: true,
      requirement: "HOMP-7.1.2-01",
      status: "o",
    },
    closed: {
      title: "Creates closed overlay networks if it is an owner, and enters those of others by their access key",
      clause: "Q.4103 6.1.3",
      default: true,
      requirement: "HOMP-6.1.3-02",
      status: "o",
    },
    reports: {
      title: "Has paths to other peers and reports their changes",
      clause: "Q.4103 7.2.2",
      default: true,
      requirement: "HOMP-7.2.2-02",
      // Who has no paths has no changes to tell.
      status: "o",
    },
    recovery: {
      title: "Asks the HOMS for a way back in when it has lost all of its paths",
      clause: "Q.4103 6.2.5",
      default: true,
      requirement: "HOMP-6.2.5-10",
      // Tree recovery is in Q.4101, and may do without the HOMS.
      status: "o",
    },
    applications: {
      title: "Applications can attach themselves to it, and it tells the HOMS",
      clause: "Q.4103 7.2.3",
      default: false,
      requirement: "HOMP-7.2.3-04",
      // No table has a member for it (E-HOMP-36).
      status: "o",
    },
    "cr-policy": {
      title: "Creates overlay networks with a caching and recovery policy",
      clause: "Q.4103 6.2.1",
      default: false,
      requirement: "HOMP-6.2.1-13",
    },
    "settable-peer-id": {
      title: "Takes the identifier that it is configured with (peer-id)",
      clause: "Q.4100 7.2.1.1",
      default: false,
      requirement: "HP2P-7.2.1.1-01",
      status: "o",
    },
  },
  readings: {
    "E-HOMP-07": {
      title: "ticket-id is what the HOMS issued in the join answer (A), or the peer makes it up at its first join (B)",
      letters: ["A", "B"],
      default: "A",
    },
    "E-HOMP-11": {
      title: "DELETE carries its members in the body (A), or in path, query and headers (B)",
      letters: ["A", "B"],
      default: "A",
    },
    "E-HOMP-17": {
      title:
        "A query is answered by an object with a list (A), by a list (B), or by a list of objects with one HON each (C)",
      letters: ["A", "B", "C"],
      default: "A",
    },
  },
  values: {
    lifetime: {
      title: "Lifetime of a membership that the suite's HOMS grants; the shorter, the sooner the run is over",
      default: 10,
      unit: "s",
      min: 1,
      whole: true,
    },
    "refresh-tolerance": {
      title: "Time by which a refresh may come after the end of the lifetime, for its way",
      default: 0.5,
      unit: "s",
    },
    ...clientValues(hybridPeerActions),
  },
} as const satisfies DeclarationShape;
