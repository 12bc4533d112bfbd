import type { Http, HttpReply } from "../engine/http.js";
import type { Cite } from "../engine/test.js";
import { carries, listedIn, succeeds } from "./answers.js";
import type { PamsTest } from "./case.js";
import { defineCase } from "./case.js";
import { dynamicStatus, idIn, overlayOf, peerOf, reportOf, staticStatus } from "./messages.js";
import { deregisterPeer, listPeers, queryPeer, registerOverlay, registerPeer, report } from "./primitives.js";

/** Judges that an answer names a PAMS, and gives an instrument that speaks to it. */
function namedIn(t: PamsTest, reply: HttpReply, cite: Cite): Http {
  const { pams_url: given } = carries(t, reply, "pam_conf_info", cite);
  const url = typeof given === "string" && URL.canParse(given) ? new URL(given) : undefined;
  t.that(url !== undefined && /^https?:$/.test(url.protocol), "the URL of the PAMS in charge", given, {
    ...cite,
    what: "pams_url",
    entry: reply.entry,
  });
  return t.http.with({ base: (url?.href ?? t.http.base).replace(/\/(pams\/?)?$/, "") });
}

/** PAMS discovery by DHT, as far as it shows: in the addresses that registrations are answered with (E-PAMP-49) [8.2.1]. */
export const discoveryCases = [
  defineCase({
    id: "pams/discovery/overlay",
    title: "an overlay's registration is answered with the address of a PAMS that knows the overlay",
    requirements: ["PAMP-8.2.1-04", "PAMP-8.2.1-05"],
    errata: ["E-PAMP-49"],
    needs: ["pams-discovery"],
    group: "behaviour",
    async run(t) {
      const body = overlayOf(t);
      const reply = await registerOverlay(t, body);
      const http = namedIn(t, reply, { requirement: "PAMP-8.2.1-05", what: "the status of an overlay's registration" });
      const listed = await listPeers(
        t,
        idIn(body, "overlay_network_information") ?? "",
        { max_peer_num: 10 },
        { http },
      );
      const cite = { requirement: "PAMP-8.2.1-04", what: "the status of a list query at the PAMS named" } as const;
      t.equal(listedIn(t, listed, cite), [], { ...cite, what: "the peers listed there", entry: listed.entry });
    },
  }),
  defineCase({
    id: "pams/discovery/peers",
    title: "each peer's registration is answered with the address of a PAMS that takes its reports",
    requirements: ["PAMP-8.2.1-08"],
    errata: ["E-PAMP-49", "E-PAMP-50"],
    needs: ["pams-discovery"],
    group: "behaviour",
    async run(t) {
      const overlay = overlayOf(t);
      const NID = idIn(overlay, "overlay_network_information") ?? "";
      const bootstrap = namedIn(t, await registerOverlay(t, overlay), {
        what: "the status of an overlay's registration",
      });
      const used = new Set<string>();
      for (let i = 0; i < 6; i++) {
        const peer = peerOf(t);
        const PID = idIn(peer, "peer_information") ?? "";
        const reply = await registerPeer(t, NID, peer, { http: bootstrap });
        const http = namedIn(t, reply, { what: "the status of a peer's registration at the PAMS of its overlay" });
        t.cleanup(`peer ${PID} at its own PAMS`, () => deregisterPeer(t, NID, PID, { http }));
        used.add(http.base);
        const told = await report(t, NID, PID, reportOf(t, dynamicStatus(), staticStatus()), { http });
        succeeds(t, told, { what: "the status of a report at the PAMS named" });
        carries(t, await queryPeer(t, NID, PID, { http }), "peer_status", {
          what: "the status of a query for that peer at the PAMS named",
        });
      }
      if (used.size === 1) t.warn("six peers were all given the same PAMS");
    },
  }),
  defineCase({
    id: "pams/discovery/one-list",
    title: "a list has the peers of an overlay whichever PAMS they report to",
    requirements: ["PAMP-REQ-QRY-03"],
    errata: ["E-PAMP-77"],
    needs: ["pams-discovery"],
    group: "behaviour",
    async run(t) {
      const overlay = overlayOf(t);
      const NID = idIn(overlay, "overlay_network_information") ?? "";
      const bootstrap = namedIn(t, await registerOverlay(t, overlay), {
        what: "the status of an overlay's registration",
      });
      const peers: string[] = [];
      for (let i = 0; i < 6; i++) {
        const peer = peerOf(t);
        const PID = idIn(peer, "peer_information") ?? "";
        const reply = await registerPeer(t, NID, peer, { http: bootstrap });
        const http = namedIn(t, reply, { what: "the status of a peer's registration at the PAMS of its overlay" });
        t.cleanup(`peer ${PID} at its own PAMS`, () => deregisterPeer(t, NID, PID, { http }));
        await t.setup(`a report of ${PID}`, () =>
          report(t, NID, PID, reportOf(t, dynamicStatus(), staticStatus()), { http }),
        );
        peers.push(PID);
      }
      const cite = { requirement: "PAMP-REQ-QRY-03" } as const;
      for (const http of [t.http, bootstrap]) {
        const reply = await listPeers(t, NID, { max_peer_num: 10 }, { http });
        const listed = listedIn(t, reply, { ...cite, what: "the status of a list query" });
        t.equal([...listed].sort(), [...peers].sort(), { ...cite, what: "the peers listed", entry: reply.entry });
      }
    },
  }),
];
