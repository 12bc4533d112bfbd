/** What makes tiny-peer.mjs odd or wrong, by the name the tests give it. */
export const peerQuirks = {};
