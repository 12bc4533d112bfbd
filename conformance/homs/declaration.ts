import type { DeclarationShape } from "../engine/declaration.js";
import { headerLine } from "../engine/http-declaration.js";

/** Default of a reading that the product need not declare: every reading is taken, and the differences are not judged. */
const OPEN = "any";

/** What the maker of a HOMS can declare, with what holds if they do not. Add what a case asks for here. */
export const homsDeclaration = {
  options: {
    "sub-overlays": {
      title: "Overlays of type sub, of shape tree and mesh, are managed beside core trees",
      clause: "Q.4103 6.1.1",
      requirement: "HOMP-6.1.1-03",
      default: true,
    },
    "strict-heartbeat-bounds": {
      title: "The bounds of the heartbeat values (5 s, three times the interval) are themselves refused (E-HOMP-18)",
      clause: "Q.4103 6.2.1",
      requirement: "HOMP-6.2.1-15",
      // The bounds may be read as belonging to the range.
      status: "o",
      default: false,
    },
    "query-any-case": {
      title: "Keywords of a query are found in whatever case (E-HOMP-15)",
      clause: "Q.4103 6.2.2",
      requirement: "HOMP-6.2.2-08",
      status: "o",
      default: false,
    },
    "query-combined": {
      title: "A query with several parameters finds what meets all of them (E-HOMP-15)",
      clause: "Q.4103 6.2.2",
      requirement: "HOMP-6.2.2-07",
      status: "o",
      default: false,
    },
  },
  readings: {
    "E-HOMP-05": {
      title: "A creation without auth is refused (A) or makes an open overlay (B)",
      letters: ["A", "B"],
      default: OPEN,
    },
    "E-HOMP-07": {
      title: "ticket-id is issued in the join answer and asked for on recovery (A), or made up by the peer (B)",
      letters: ["A", "B"],
      default: OPEN,
    },
    "E-HOMP-11": {
      title: "DELETE carries identifiers in its body (A), or the suite repeats them in the query string as well (B)",
      letters: ["A", "B"],
      default: "A",
    },
    "E-HOMP-20": {
      title: "A join without expires gets a lifetime of the server's choice (A), or 86,400 s or the overlay's rest (B)",
      letters: ["A", "B"],
      default: OPEN,
    },
    "E-HOMP-28": {
      title: "core with mesh, and unknown words for type or sub-type, are refused (A) or stored (B)",
      letters: ["A", "B"],
      default: OPEN,
    },
    "E-HOMP-29": {
      title: "A closed overlay with neither access_key nor peerlist is refused (A), or only its owner may join (B)",
      letters: ["A", "B"],
      default: OPEN,
    },
    "E-HOMP-30": {
      title:
        "Key phrases are opaque strings compared octet by octet (A), or made comparable in a way agreed elsewhere (B)",
      letters: ["A", "B"],
      default: OPEN,
    },
    "E-HOMP-34": {
      title: "The entry peer list is a choice of members without the requester (A), or all members (B)",
      letters: ["A", "B"],
      default: OPEN,
    },
    "E-HOMP-40": {
      title: "What a modification leaves out of auth is kept (A) or removed (B)",
      letters: ["A", "B"],
      default: OPEN,
    },
    "E-HOMP-41": {
      title: "Answers to the owner repeat the keys (A), or only auth.type (B)",
      letters: ["A", "B"],
      default: OPEN,
    },
    "E-HOMP-56": {
      title: "Closed overlays are listed for strangers (A) or hidden from them (B)",
      letters: ["A", "B"],
      default: OPEN,
    },
    "E-HOMP-62": {
      title: "expires of zero is refused (A) or means without end (B)",
      letters: ["A", "B"],
      default: OPEN,
    },
  },
  values: {
    headers: {
      title: "Header lines sent with every request, such as credentials: `authorization: Bearer …`",
      default: [],
      secret: true,
      form: headerLine,
    },
    "short-expires": {
      title: "Lifetime that the expiry cases ask for; a product that grants no such short one names its shortest",
      default: 2,
      unit: "s",
      whole: true,
      min: 1,
    },
    "expiry-grace": {
      title: "How long after its lifetime an overlay or a peer may still show",
      default: 2,
      unit: "s",
    },
    "peer-lifetime": {
      title: "Lifetime of a join that asks for none; 0 if not stated",
      default: 0,
      unit: "s",
      whole: true,
    },
  },
} as const satisfies DeclarationShape;
