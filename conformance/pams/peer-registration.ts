import { status } from "../engine/http.js";
import { is } from "../engine/matchers.js";
import { set, without } from "../engine/refuses.js";
import { accepted, carries, idsOf, succeeds } from "./answers.js";
import { defineCase } from "./case.js";
import { dynamicStatus, peerOf } from "./messages.js";
import { overlayNetwork, peerIn, witness } from "./network.js";
import { deregisterPeer, listPeers, queryPeer, registerPeer } from "./primitives.js";
import { refuses } from "./refusals.js";

/** PAMP_PEER_REG [9.2.3], and what it makes known [7.2.1.1, 8.1.2.2]. */
export const peerRegistrationCases = [
  defineCase({
    id: "pams/peer-registration/accepted",
    title: "a new peer of a known overlay is registered: 200 with the PAMS configuration",
    requirements: ["PAMP-9.2.3-04", "PAMP-9.1.1-01", "DS-8.2-a"],
    errata: ["E-PAMP-03", "E-PAMP-23", "E-PAMP-44"],
    group: "basic",
    async run(t) {
      const reply = await registerPeer(t, await overlayNetwork(t), peerOf(t));
      const { pams_url: url } = carries(t, reply, "pam_conf_info", {
        requirement: t.definition.requirements,
        what: "the status of a new peer's registration",
      });
      t.match(url, is.optional(is.nonEmptyString), {
        requirement: "PAMP-9.2.3-04",
        what: "pams_url",
        entry: reply.entry,
      });
      if (url === undefined) t.warn("the configuration has no pams_url (E-PAMP-37)");
    },
  }),
  defineCase({
    id: "pams/peer-registration/reporting-method",
    title: "a registered peer is told how to report",
    requirements: ["PAMP-8.1.2.2-02", "PAMP-REQ-PREG-04"],
    errata: ["E-PAMP-24", "E-PAMP-37"],
    group: "capability",
    async run(t) {
      const reply = await registerPeer(t, await overlayNetwork(t), peerOf(t));
      const configuration = carries(t, reply, "pam_conf_info", {
        requirement: "PAMP-8.1.2.2-02",
        what: "the status of a new peer's registration",
      });
      if (configuration.report_interval === undefined) {
        t.warn("no report_interval: nothing says how to report (E-PAMP-24)", "PAMP-REQ-PREG-04");
        return;
      }
      t.match(configuration.report_interval, is.number, { requirement: "PAMP-REQ-PREG-04", what: "report_interval" });
    },
  }),
  defineCase({
    id: "pams/peer-registration/no-pam-enabled",
    title: "pam_enabled is not set in the answer to a peer",
    requirements: ["PAMP-9.2.3-05"],
    errata: ["E-PAMP-18"],
    group: "capability",
    async run(t) {
      const reply = await registerPeer(t, await overlayNetwork(t), peerOf(t));
      const configuration = carries(t, reply, "pam_conf_info", { what: "the status of a new peer's registration" });
      if (configuration.pam_enabled !== undefined) t.warn("pam_enabled is set in the answer to a peer (E-PAMP-18)");
    },
  }),
  defineCase({
    id: "pams/peer-registration/outcome",
    title: "a peer is told the outcome of registration and deregistration, good or bad",
    requirements: ["PAMP-REQ-PREG-03"],
    errata: ["E-PAMP-07"],
    group: "basic",
    async run(t) {
      const overlay = await overlayNetwork(t);
      const body = peerOf(t);
      const id = String((body.peer_information as { peer_id: unknown }).peer_id);
      t.answers(await registerPeer(t, overlay, body), accepted, { what: "the status of a registration" });
      t.answers(await registerPeer(t, overlay, body), status(409, "2xx"), { what: "the status of the same again" });
      t.answers(await deregisterPeer(t, overlay, id), accepted, { what: "the status of a deregistration" });
      t.answers(await deregisterPeer(t, overlay, id), status(404), { what: "the status of the same again" });
    },
  }),
  defineCase({
    id: "pams/peer-registration/known",
    title: "a registered peer is known to its overlay at once",
    requirements: ["PAMP-9.2.3-04"],
    group: "behaviour",
    async run(t) {
      const overlay = await overlayNetwork(t);
      const peer = await peerIn(t, overlay, dynamicStatus());
      const reply = await listPeers(t, overlay, { max_peer_num: 10 });
      t.equal(idsOf(t, reply), [peer], { what: "the peers in a list query", entry: reply.entry });
    },
  }),
  defineCase({
    id: "pams/peer-registration/unknown-overlay",
    title: "a registration in an unknown overlay is answered 404",
    requirements: ["PAMP-9.2.3-06"],
    group: "behaviour",
    async run(t) {
      const overlay = await overlayNetwork(t);
      await refuses(t, {
        what: "the registration of a peer in an overlay that was never registered",
        requirement: "PAMP-9.2.3-06",
        valid: () => ({ overlay, id: t.unique("peer") }),
        send: ({ overlay, id }, as) => registerPeer(t, overlay, peerOf(t, { peer_id: id }), as),
        delta: set("overlay", t.unique("never")),
        permitted: status(404),
      });
    },
  }),
  defineCase({
    id: "pams/peer-registration/duplicate",
    title: "a peer ID that is registered already in the overlay is refused with 409, and its first registration stays",
    requirements: ["PAMP-9.2.3-07"],
    errata: ["E-PAMP-07", "E-PAMP-64"],
    group: "behaviour",
    async run(t) {
      const requirement = "PAMP-9.2.3-07";
      const known = await witness(t);
      const other = await overlayNetwork(t);
      await refuses(t, {
        what: "the registration of a peer ID that is registered already",
        requirement,
        // The same peer in another overlay is the valid twin: only the overlay makes the difference.
        valid: () => ({ overlay: other, id: known.peer }),
        send: async ({ overlay, id }, as) => {
          const reply = await registerPeer(t, overlay, peerOf(t, { peer_id: id }), as);
          if (overlay === other) await deregisterPeer(t, overlay, id);
          return reply;
        },
        delta: set("overlay", known.overlay),
        permitted: status(409),
        tolerated: "a repeated registration is answered 200 (E-PAMP-07)",
        unchanged: () => known.intact(requirement),
      });
      const { status: still } = await queryPeer(t, known.overlay, known.peer);
      t.equal(still, 200, { requirement, what: "the status of a query for the peer registered first" });
    },
  }),
  defineCase({
    id: "pams/peer-registration/same-peer-elsewhere",
    title: "a peer that is registered in one overlay can be registered in another",
    requirements: ["PAMP-9.2.3-07"],
    errata: ["E-PAMP-07"],
    group: "behaviour",
    async run(t) {
      const known = await witness(t);
      const other = await overlayNetwork(t);
      const reply = await registerPeer(t, other, peerOf(t, { peer_id: known.peer }));
      succeeds(t, reply, { what: "the status of the registration in a second overlay" });
      await known.intact("PAMP-9.2.3-07");
    },
  }),
  defineCase({
    id: "pams/peer-registration/again",
    title: "a peer that was deregistered can be registered again",
    requirements: ["PAMP-9.2.3-04"],
    errata: ["E-PAMP-64"],
    group: "behaviour",
    async run(t) {
      const overlay = await overlayNetwork(t);
      const peer = await peerIn(t, overlay);
      await t.setup("the deregistration", async () => {
        const removed = await deregisterPeer(t, overlay, peer);
        if (!accepted.test(removed)) t.inconclusive(`a valid deregistration got ${removed.outcome}`);
      });
      const reply = await registerPeer(t, overlay, peerOf(t, { peer_id: peer }));
      carries(t, reply, "pam_conf_info", { what: "the status of the second registration" });
    },
  }),
  defineCase({
    id: "pams/peer-registration/delegation",
    title: "a virtual peer of a cache server is registered with delegation_id and without",
    requirements: ["PAMP-9.1.3-04"],
    errata: ["E-PAMP-37"],
    group: "capability",
    async run(t) {
      const overlay = await overlayNetwork(t);
      const delegating = await peerIn(t, overlay);
      const with_ = await registerPeer(t, overlay, peerOf(t, { type: "CS", delegation_id: delegating }));
      succeeds(t, with_, { what: "the status of a registration with delegation_id" });
      const plain = await registerPeer(t, overlay, peerOf(t, { type: "CS" }));
      succeeds(t, plain, { what: "the status of a registration without delegation_id" });
    },
  }),
  defineCase({
    id: "pams/peer-registration/without-type",
    title: "the type of a peer may be left out",
    requirements: ["PAMP-9.2.3-04"],
    errata: ["E-PAMP-37"],
    group: "capability",
    async run(t) {
      const reply = await registerPeer(t, await overlayNetwork(t), { peer_information: { peer_id: t.unique("peer") } });
      t.answers(reply, status("2xx", "4xx"), { what: "the status of a registration without type" });
      if (!accepted.test(reply)) t.warn("a registration without type is refused (E-PAMP-37)");
    },
  }),
  defineCase({
    id: "pams/peer-registration/without-peer-id",
    title: "a registration without peer_id is refused",
    requirements: ["PAMP-9.1.3-02", "DS-8.2-a-i"],
    errata: ["E-PAMP-37", "E-PAMP-67"],
    group: "behaviour",
    async run(t) {
      const { overlay, intact } = await witness(t);
      const { peer_id } = peerOf(t).peer_information as { peer_id: string };
      await refuses(t, {
        what: "a registration without peer_id",
        requirement: t.definition.requirements,
        valid: () => peerOf(t, { peer_id }),
        send: async (body, as) => {
          const reply = await registerPeer(t, overlay, body, as);
          await deregisterPeer(t, overlay, peer_id);
          return reply;
        },
        delta: without("peer_information.peer_id"),
        unchanged: () => intact("PAMP-9.1.3-02"),
      });
    },
  }),
  defineCase({
    id: "pams/peer-registration/peer-id-no-string",
    title: "a registration whose peer_id is a list is refused",
    requirements: ["PAMP-9.1.3-02"],
    errata: ["E-PAMP-67"],
    group: "behaviour",
    async run(t) {
      const { overlay, intact } = await witness(t);
      const { peer_id } = peerOf(t).peer_information as { peer_id: string };
      await refuses(t, {
        what: "a registration whose peer_id is a list",
        requirement: "PAMP-9.1.3-02",
        valid: () => peerOf(t, { peer_id }),
        send: async (body, as) => {
          const reply = await registerPeer(t, overlay, body, as);
          await deregisterPeer(t, overlay, peer_id);
          return reply;
        },
        delta: set("peer_information.peer_id", ["a", "b"]),
        unchanged: () => intact("PAMP-9.1.3-02"),
      });
    },
  }),
  defineCase({
    id: "pams/peer-registration/escaped-identifier",
    title: "a peer ID may have characters that a path escapes",
    requirements: ["PAMP-9.1.3-02"],
    errata: ["E-PAMP-56"],
    group: "capability",
    async run(t) {
      const overlay = await overlayNetwork(t);
      const id = `${t.unique("peer")} ä/ü?`;
      const reply = await registerPeer(t, overlay, peerOf(t, { peer_id: id }));
      const odd = "a peer ID with a blank, letters beyond ASCII, a slash and a question mark";
      if (!accepted.test(reply)) return t.warn(`${odd} is refused (E-PAMP-56)`, "PAMP-9.1.3-02");
      const found = await queryPeer(t, overlay, id);
      if (!accepted.test(found)) return t.warn(`${odd} is not found by its escaped path (E-PAMP-56)`, "PAMP-9.1.3-02");
      t.passed({ what: "a peer found by its escaped path" });
    },
  }),
];
