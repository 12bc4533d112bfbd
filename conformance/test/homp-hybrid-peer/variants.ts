import type { DeclarationInput } from "../../engine/declaration.js";

/** A switch of tiny-hybrid-peer.mjs that is legal, and what allows it. */
export interface HybridPeerVariant {
  readonly what: string;
  readonly by: string;
  readonly declaration?: DeclarationInput;
}

const variant = (what: string, by: string, declaration?: DeclarationInput): HybridPeerVariant => ({
  what,
  by,
  ...(declaration ? { declaration } : {}),
});

export const hybridPeerVariants: readonly HybridPeerVariant[] = [
  variant("is plain", "nothing odd"),
  variant("writes members in another order", "JSON"),
  variant("adds members of its own", "6, for extensibility"),
  variant("writes pretty JSON with escapes", "JSON"),
  variant("says charset", "HTTP"),
  variant("sends chunks", "HTTP"),
  variant("drips", "TCP"),
  variant("shouts its headers", "HTTP"),
  variant("writes whole addresses", "HTTP"),
  variant("speaks HTTP/1.0", "HTTP"),
  variant("ends paths with a slash", "E-HOMP-12"),
  variant("creates under overlay", "E-HOMP-01"),
  variant("spells keys with hyphens", "E-HOMP-02"),
  variant("spells Address", "E-HOMP-04"),
  variant("has ticket and recovery in the places of the field", "E-HOMP-07, E-HOMP-09"),
  variant("says that it does not recover", "Table 6-17"),
  variant("makes up its ticket", "E-HOMP-07 B", { readings: { "E-HOMP-07": "B" } }),
  variant("is plain", "E-HOMP-17 B", { readings: { "E-HOMP-17": "B" } }),
  variant("is plain", "E-HOMP-17 C", { readings: { "E-HOMP-17": "C" } }),
  variant("reports status within status", "E-HOMP-23"),
  variant("lists peers as objects", "E-HOMP-51"),
  variant("reports without password", "Table 6-19"),
  variant("reports the loss before it recovers", "7.2.2"),
  variant("shows the access key alone", "E-HOMP-52"),
  variant("leaves closed ones by its password alone", "E-HOMP-37"),
  variant("refreshes late, but in time", "7.2.3"),
  variant("refreshes often", "7.2.3"),
  variant("gives up after a failure of the server", "E-HOMP-31"),
  variant("resigns where its overlay network is gone", "7.1.4 NOTE 1"),
  variant("tells of applications by refresh", "7.2.3"),
  variant("looks through the whole list", "Table 6-11"),
  variant("has a name of its own", "peer-id is a wish", { options: { "settable-peer-id": false } }),
  variant("owns nothing", "declared", { options: { owner: false } }),
  variant("never looks around", "declared", { options: { queries: false } }),
  variant("never recovers", "declared: by the tree alone, E-HOMP-50", { options: { recovery: false } }),
];
