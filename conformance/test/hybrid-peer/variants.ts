import type { DeclarationInput } from "../../engine/declaration.js";

/** A switch of tiny-peer.mjs that is legal, and what allows it. */
export interface PeerVariant {
  readonly what: string;
  readonly by: string;
  readonly declaration?: DeclarationInput;
}

const variant = (what: string, by: string, declaration?: DeclarationInput): PeerVariant => ({
  what,
  by,
  ...(declaration ? { declaration } : {}),
});

export const peerVariants: readonly PeerVariant[] = [
  variant("is plain", "nothing odd"),
  variant("is plain", "profile p22", { readings: { "E-HP2P-24": "C" } }),
  variant("is plain", "profile p20", { readings: { "E-HP2P-24": "D" } }),
  variant("writes pretty JSON", "JSON"),
  variant("writes another type octet", "the field checks none"),
  variant("adds members everywhere", "the field ignores what it does not know"),
  variant("recovers after a while", "before the next heartbeat is due"),
  variant("probes first", "Q.4100 8.2", { options: { probes: true } }),
  variant("keeps more than it has to", "E-HP2P-16"),
  variant("leaves no room beyond two", "declared", { values: { "max-primary": 2 } }),
  variant("beats often", "within each interval"),
  variant("numbers from seven", "nothing says where to begin"),
  variant("has no scan of its own", "an action that is not required"),
  variant("tells nobody what it is given", "an action that is not required"),
  variant("takes PRIMARY of anybody", "undeclared: the field looks at the tickets of HELLO only", {
    options: { "checks-tickets": false },
  }),
  variant("trusts the parent", "E-HP2P-27 B", { readings: { "E-HP2P-27": "B" } }),
  variant("never pushes", "declared: recovery by pull alone", { options: { "push-recovery": false } }),
  variant("never pulls", "declared: recovery by push alone", {
    options: { "pull-recovery": false, "sub-mesh": false },
  }),
  variant("recovers by the HOMS only", "declared: no candidates", { options: { candidates: false } }),
  variant("takes any source", "declared: no SubTree", { options: { "sub-tree": false } }),
];
