// What makes the tiny peer odd (legal) or wrong, by name; the tables of variants.ts and mutants.ts say which is which.

/** Drops or changes what a message of this code says. */
const writes = (code, change) => ({ writes: (header, about) => about.code === code && change(header, about) });

/** Data with something of them changed on the way, as p23 has them. */
const relays = (change) => ({
  relays: (one, frame) => {
    const params = structuredClone(one.params);
    const rest = one.octets.subarray(one.octets.length - one.payload.length - params["ext-header-len"]);
    const extension = rest.subarray(0, params["ext-header-len"]);
    const [changed, payload = one.payload] = change(params, one.payload);
    return frame(
      6,
      { ...changed, payload: { ...changed.payload, length: payload.length } },
      {},
      Buffer.concat([extension, payload]),
    );
  },
});

export const quirks = {
  "is plain": {},

  /* Odd, but legal. */
  "writes pretty JSON": { pretty: true },
  "writes another type octet": { type: 7 },
  "adds members everywhere": {
    writes: (header) => {
      header["x-more"] = { deep: [1] };
    },
  },
  "recovers after a while": { recoversAfter: 400 },
  "probes first": { probes: true },
  "keeps more than it has to": { cacheMost: 1000 },
  "numbers from seven": { starts: 6 },
  "leaves no room beyond two": { maxPrimary: 2 },
  "beats often": { beatsEvery: 0.2 },
  "trusts the parent": { trustsParent: true },
  "has no scan of its own": { lacks: ["scan"] },
  "tells nobody what it is given": { lacks: ["receive"] },

  /* Wrong: join. */
  "never says HELLO": { neverSeeks: true },
  "says HELLO to the first only": { onlyFirst: true },
  "waits for ever": { helloMs: 60_000 },
  "says a ticket of its own": { ticket: 7 },
  "says HELLO without address": writes(1, (header, { me }) => {
    if (header["req-params"].peer["peer-id"] === me.id) header["req-params"].peer.address = "";
  }),
  "says HELLO for another overlay": writes(1, (header) => {
    header["req-params"].operation["overlay-id"] = "other";
  }),
  "says HELLO without numbers": writes(1, (header) => {
    header["req-params"].operation.ttl = "three";
  }),
  "writes a list for a header": { pretty: "list" },
  "refuses offers": { refusesOffers: true },
  "never asks for a primary path": { neverAsks: true },
  "takes any overlay": { anyOverlay: true },
  "never reports": { neverReports: true },
  "reports no names": {
    reports: (map) => {
      map.primary = map.primary.map(() => "somebody");
    },
  },

  "reports gains only": {
    reports: (() => {
      const all = new Set();
      return (map) => {
        for (const one of map.primary) all.add(one);
        map.primary = [...all];
      };
    })(),
  },

  "knows no grandparent": { knowsNoGrandparent: true },

  /* Wrong: as parent. */
  "answers HELLO with another code": { helloAnswer: 1200 },
  "never offers": { neverOffers: true },
  "offers another overlay": { offersOverlay: "other" },
  "refuses all": { refusesAll: true },
  "knows no limit": { boundless: true },
  "hands no HELLO down": { keepsHellos: true },
  "hands HELLO down with the same ttl": { sameTtl: true },
  "hands HELLO down for ever": { endless: true },
  "hands HELLO to its originator": { tellsOriginator: true },
  "takes any ticket": { anyTicket: true },
  "takes PRIMARY of anybody": { looksAtHelloOnly: true },
  "answers PROBE with its own time": { probesOddly: true },

  /* Wrong: candidates. */
  "loses candidates": { losesCandidates: true },
  "sends to candidates": { sendsToCandidates: true },
  "relays to candidates": { relaysToCandidates: true },
  "never recovers": { neverRecovers: true },
  "recovers by the HOMS only": { neverSwitches: true },
  "recovers late": { recoversAfter: 1600 },
  "does not heed RELEASE": { staysReleased: true },
  "reports candidates in one list": { mixesCandidates: true },
  "is content with few": { contentWithFew: true },
  "is greedy": { greedy: true },
  "goes after lost incoming ones": { seeksChildren: true },

  /* Wrong: heartbeats. */
  "answers no heartbeat": { neverBeats: true },
  "sends no heartbeat": { neverSends: true },
  "sends heartbeats on primary paths only": { beatsPrimariesOnly: true },
  "drops idle paths": { losesIdle: true },
  "trusts TCP": { trustsTcp: true },

  /* Wrong: data. */
  "sends to one path only": { sendsToOne: true },
  "sends twice": { sends: 2 },
  "numbers in twos": { step: 2 },
  "never relays": { neverRelays: true },
  "relays to one path only": { relaysToOne: true },
  "sends back": { echoes: true },
  "drops what is late": { dropsLate: true },
  "repeats duplicates": { repeats: true },
  "changes the source": relays((params) => [{ ...params, peer: { ...params.peer, "peer-id": "me" } }]),
  "changes the type": relays((params) => [{ ...params, payload: { "payload-type": "text/plain" } }]),
  "cuts data": relays((params, payload) => [params, payload.subarray(0, 30_000)]),
  "acknowledges nothing": { neverAcks: true },
  "acknowledges everything": { acksAll: true },
  "gives twice": { gives: 2 },

  /* Wrong: cache. */
  "never caches": { neverCaches: true },
  "caches one": { cacheMost: 1, forgets: true },
  "caches by number only": { forgets: true },
  "caches though there is to be no cache": { cachesAnyway: true, cacheMost: 5 },
  "shows no map under push": { emptyMaps: true },
  "supplies nothing": { suppliesNothing: true },
  "never pushes": { neverPushes: true },
  "hides its map": { hidesMap: true },
  "hides its data": { hidesData: true },
  "invents data": { invents: true },
  "never pulls": { neverPulls: true },

  /* Wrong: leaving, scanning, sub overlays. */
  "leaves without a word": { leavesMutely: true },
  "answers no RELEASE": { releasesMutely: true },
  "is always a leaf": { alwaysLeaf: true },
  "hides in via": { hidesInVia: true },
  "keeps scans": { keepsScans: true },
  "scans one path": { scansOne: true },
  "loses scans": { losesScans: true },
  "takes any source": { anySource: true },

  /* Wrong: under fire. */
  "ends with a bad frame": { crashes: true },
  "drops everybody with a bad frame": { dropsAll: true },
  "relays for strangers": { strangers: true },
  "ends with parameters missing": {
    hears: (_, { code, params }) => {
      if (code === 1 && params.operation === undefined) process.exit(1);
    },
  },
  "ends with an unknown code": {
    hears: (_, { code }) => {
      if (code === 4242) process.exit(1);
    },
  },
  "ends with answers unasked": {
    hears: (own, { code }) => {
      if (code === 3200 && own.role === "child") process.exit(1);
    },
  },
  "ends when it hears too much": {
    hears: (() => {
      let count = 0;
      return () => {
        if (++count > 3000) process.exit(1);
      };
    })(),
  },
};
