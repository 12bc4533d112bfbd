import { clientValues } from "../client/client.js";
import type { DeclarationShape } from "../engine/declaration.js";
import { clientOptions, clientReadings } from "../pamp/declaration.js";
import { peerActions } from "./actions.js";

/** What the maker of a peer can declare, with what holds if they do not. Add what a case asks for here. */
export const peerDeclaration = {
  options: {
    "takes-identifiers": {
      title: "Takes the identifier that the suite wishes (MP2P_PEER_ID, peer-id)",
      clause: "X.609.1 7.1.1",
      default: false,
      requirement: "PAMP-REQ-ID-01",
      status: "o",
    },
    deregisters: {
      title: "Deregisters when it leaves in good order (SIGTERM under --exec)",
      clause: "X.609.1 8.1.2.2",
      default: true,
      requirement: "PAMP-8.1.2.2-04",
      status: "o",
    },
    ...clientOptions,
  },
  readings: {
    ...clientReadings,
  },
  values: {
    ...clientValues(peerActions),
    "report-interval": {
      title: "Report interval that the suite's PAMS tells, where a case does not choose another",
      default: 1,
      unit: "s",
      min: 1,
      max: 60,
    },
    "interval-tolerance": {
      title: "How far a time between two reports may be from the interval, as a part of it",
      default: 0.4,
      min: 0,
      max: 1,
    },
    "public-key-member": {
      title:
        "Member of peer_information that carries the peer's public key (dotted path); empty: it sends none (E-PAMP-51)",
      default: "",
    },
  },
} as const satisfies DeclarationShape;
