import { clientValues } from "../client/client.js";
import type { DeclarationShape } from "../engine/declaration.js";
import type { R2Profile } from "../engine/r2-frame.js";
import { peerActions } from "./actions.js";

/** What the maker of a hybrid peer can declare of its dealings with other peers, with what holds if they do not. */
export const peerDeclaration = {
  options: {
    candidates: {
      title: "Keeps candidate paths beside its primary ones",
      clause: "Q.4100 6",
      default: true,
      requirement: "HP2P-6-09",
      // A peer without any recovers by its HOMS.
      status: "o",
    },
    "push-recovery": {
      title: "Caches, and recovers what was lost, where cr-policy says push",
      clause: "Q.4100 7.2.3",
      default: true,
      requirement: "HP2P-7.2.3.2-02",
      status: "o.1",
    },
    "pull-recovery": {
      title: "Caches, and recovers what was lost, where cr-policy says pull",
      clause: "Q.4100 7.2.3",
      default: true,
      requirement: "HP2P-7.2.3.2-02",
      status: "o.1",
    },
    probes: {
      title: "Probes the peers that offer themselves before it chooses among them",
      clause: "Q.4100 8.2",
      default: false,
      requirement: "HP2P-8.2-04",
      status: "o",
    },
    "sub-tree": {
      title: "Takes part in SubTrees (type sub, sub-type tree)",
      clause: "Q.4100 6",
      default: false,
      requirement: "HP2P-6-02",
      status: "o",
    },
    "sub-mesh": {
      title: "Takes part in SubMeshes (type sub, sub-type mesh)",
      clause: "Q.4100 6",
      default: false,
      requirement: "HP2P-6-05",
      status: "o",
    },
    "vertical-candidates": {
      title: "Names its parent to its children, and keeps a candidate path to its own grandparent (p23)",
      clause: "Q.4100 6",
      default: false,
      requirement: "HP2P-6-09",
      status: "o",
    },
    ipv6: {
      title: "Opens connections to IPv6 addresses: tcp://[address]:port",
      clause: "Q.4100 7.2.5.1",
      default: false,
      requirement: "HP2P-7.2-02",
      status: "o",
    },
    "checks-tickets": {
      title: "Holds ESTAB and PRIMARY to the order of tickets, not HELLO alone",
      clause: "Q.4100 3.2.1",
      default: false,
      requirement: "HP2P-3.2-01",
      status: "o",
    },
  },
  readings: {
    "E-HP2P-24": {
      title:
        "Its messages on R2, which no Recommendation at hand has, are those of the field: P23 (A), P22 (C), P20 (D). Declared, it is held to the procedures of that profile as well",
      letters: ["A", "C", "D"],
      default: "A",
    },
    "E-HP2P-27": {
      title: "Either end of a path notices the silence of the other (A), or the parent alone (B)",
      letters: ["A", "B"],
      default: "A",
    },
  },
  values: {
    "max-primary": {
      title: "Primary paths that it keeps at most, the one to its parent among them; 0: not said",
      default: 0,
      whole: true,
    },
    "outgoing-candidates": {
      title: "Candidate paths that it wants to have towards others; 0: not said",
      default: 0,
      whole: true,
    },
    "max-incoming-candidates": {
      title: "Candidate paths that it grants to others at most; 0: not said",
      default: 0,
      whole: true,
    },
    "heartbeat-interval": {
      title:
        "heartbeat-interval that the suite's HOMS says; the shorter, the sooner the run is over, but Q.4103 wants more than 5",
      default: 6,
      unit: "s",
      min: 1,
    },
    "heartbeat-timeout": {
      title: "heartbeat-timeout that the suite's HOMS says; Q.4103 wants more than three intervals",
      default: 19,
      unit: "s",
      min: 1,
    },
    "answers-within": {
      title: "Time in which it answers a message of another peer, or takes the next step of a handshake, at most",
      default: 5,
      unit: "s",
    },
    "next-entry-within": {
      title: "Time in which it gives an entry peer up that does not answer, and turns to the next",
      default: 15,
      unit: "s",
    },
    ...clientValues(peerActions),
  },
} as const satisfies DeclarationShape;

/** The name of the profile that a letter of E-HP2P-24 stands for. */
export function profileOf(letter: string): R2Profile {
  return letter === "D" ? "p20" : letter === "C" ? "p22" : "p23";
}
