import { status } from "../engine/http.js";
import { is } from "../engine/matchers.js";
import { NoAnswer } from "../engine/outcome.js";
import { set, without } from "../engine/refuses.js";
import { accepted, carries, elementOf, succeeds } from "./answers.js";
import { defineCase } from "./case.js";
import { dynamicStatus, idIn, overlayOf, peerOf } from "./messages.js";
import { overlayNetwork, peerIn, witness } from "./network.js";
import { deregisterOverlay, listPeers, queryPeer, registerOverlay, registerPeer } from "./primitives.js";
import { refuses } from "./refusals.js";

/** PAMP_OVERLAY_NW_REG [9.2.1], and the configuration it is answered with [9.1.1]. */
export const overlayRegistrationCases = [
  defineCase({
    id: "pams/overlay-registration/accepted",
    title: "a new overlay is registered: 200 with the PAMS configuration",
    requirements: ["PAMP-9.2.1-04", "PAMP-9.2.1-05", "PAMP-9.1.1-01", "DS-8.1-a"],
    errata: ["E-PAMP-03", "E-PAMP-44"],
    group: "basic",
    async run(t) {
      const reply = await registerOverlay(t, overlayOf(t));
      succeeds(t, reply, {
        requirement: ["PAMP-9.2.1-04", "DS-8.1-a"],
        what: "the status of a new overlay's registration",
      });
      carries(t, reply, "pam_conf_info", {
        requirement: ["PAMP-9.2.1-05", "PAMP-9.1.1-01"],
        what: "the status of a new overlay's registration",
      });
    },
  }),
  defineCase({
    id: "pams/overlay-registration/pam-enabled",
    title: "the configuration given to an OMS has pam_enabled, true or false",
    requirements: ["PAMP-9.1.1-02"],
    errata: ["E-PAMP-18"],
    group: "capability",
    async run(t) {
      const reply = await registerOverlay(t, overlayOf(t));
      const configuration = carries(t, reply, "pam_conf_info", { what: "the status of a new overlay's registration" });
      t.match(configuration.pam_enabled, is.boolean, { what: "pam_enabled", entry: reply.entry });
    },
  }),
  defineCase({
    id: "pams/overlay-registration/pams-url",
    title: "pams_url is an absolute URL at which the PAMS is found",
    requirements: ["PAMP-9.1.1-03"],
    errata: ["E-PAMP-04", "E-PAMP-22", "E-PAMP-37"],
    group: "capability",
    async run(t) {
      const body = overlayOf(t);
      const reply = await registerOverlay(t, body);
      const configuration = carries(t, reply, "pam_conf_info", { what: "the status of a new overlay's registration" });
      const given = configuration.pams_url;
      if (given === undefined) return t.warn("the configuration has no pams_url (E-PAMP-37)", "PAMP-9.1.1-03");
      if (/"pam_url"/.test(reply.text)) t.warn("pams_url is called pam_url (E-PAMP-04)");
      const url = typeof given === "string" && URL.canParse(given) ? new URL(given) : undefined;
      t.that(url !== undefined && /^https?:$/.test(url.protocol), "an absolute http or https URL", given, {
        what: "pams_url",
        entry: reply.entry,
      });
      if (url === undefined) return;
      if (!/\/pams\/$/.test(url.pathname)) t.warn(`pams_url does not end in /pams/: ${url.href} (E-PAMP-22)`);
      // The name may mean something to the product's own network only, or name another PAMS: what answers there is not judged.
      const own = url.origin === new URL(t.http.base).origin;
      const base = url.href.replace(/\/(pams\/?)?$/, "");
      const http = t.http.with(own ? { base } : { base, headers: {} });
      const overlay = idIn(body, "overlay_network_information") ?? "";
      const query = listPeers(t, overlay, { max_peer_num: 10 }, { http, timeoutMs: 1_000 });
      const found = await query.catch((error: unknown) => {
        if (error instanceof NoAnswer) return undefined;
        throw error;
      });
      if (found === undefined) t.warn(`nothing answers at pams_url ${url.href} from here`);
      else if (own && !accepted.test(found)) t.warn(`a list query at pams_url ${url.href} got ${found.outcome}`);
    },
  }),
  defineCase({
    id: "pams/overlay-registration/report-interval",
    title: "report_interval is a number of seconds",
    requirements: ["PAMP-9.1.1-04", "DS-8.1-b", "DS-8.2-b"],
    errata: ["E-PAMP-24", "E-PAMP-37"],
    group: "capability",
    async run(t) {
      const requirement = t.definition.requirements;
      const overlay = await overlayNetwork(t);
      for (const [what, reply] of [
        ["an overlay's registration", await registerOverlay(t, overlayOf(t))],
        ["a peer's registration", await registerPeer(t, overlay, peerOf(t))],
      ] as const) {
        const { report_interval: interval } = carries(t, reply, "pam_conf_info", {
          requirement,
          what: `the status of ${what}`,
        });
        const permitted = is.where("a number from 0 on, or nothing", (value) =>
          value === undefined ? true : typeof value === "number" && value >= 0,
        );
        t.match(interval, permitted, { requirement, what: `report_interval in answer to ${what}`, entry: reply.entry });
        if (interval === undefined || interval === 0) t.warn(`${what}: no interval, events only (E-PAMP-24)`);
      }
    },
  }),
  defineCase({
    id: "pams/overlay-registration/outcome",
    title: "an OMS is told the outcome of registration and deregistration, good or bad",
    requirements: ["PAMP-REQ-OREG-04"],
    errata: ["E-PAMP-05", "E-X-01"],
    group: "basic",
    async run(t) {
      const body = overlayOf(t);
      const id = String((body.overlay_network_information as { overlay_network_id: unknown }).overlay_network_id);
      const repeated = t.declared.reading("E-X-01") === "A" ? status(406, 409, "2xx") : status(406, 409);
      t.answers(await registerOverlay(t, body), accepted, { what: "the status of a registration" });
      t.answers(await registerOverlay(t, body), repeated, { what: "the status of the same registration again" });
      t.answers(await deregisterOverlay(t, id), accepted, { what: "the status of a deregistration" });
      t.answers(await deregisterOverlay(t, id), status(404), { what: "the status of the same deregistration again" });
    },
  }),
  defineCase({
    id: "pams/overlay-registration/duplicate",
    title: "an overlay ID that is registered already is refused with 406 or 409, and its first registration stays",
    requirements: ["PAMP-9.2.1-07"],
    errata: ["E-PAMP-05", "E-X-01"],
    group: "behaviour",
    async run(t) {
      const requirement = "PAMP-9.2.1-07";
      const known = await witness(t);
      await refuses(t, {
        what: "the registration of an overlay ID that is registered already",
        requirement,
        valid: () => overlayOf(t),
        send: (body, as) => registerOverlay(t, body, as),
        delta: set("overlay_network_information.overlay_network_id", known.overlay),
        permitted: status(409, 406),
        reason: (reply) => {
          if (reply.status === 406) t.warn("406, as printed, means Not Acceptable in HTTP (E-PAMP-05)");
        },
        ...(t.declared.reading("E-X-01") === "A" ? { tolerated: "taken as a sign of life (E-X-01)" } : {}),
      });
      await known.intact(requirement);
    },
  }),
  defineCase({
    id: "pams/overlay-registration/own-identifiers",
    title: "overlays with different IDs are registered side by side",
    requirements: ["PAMP-9.2.1-04"],
    group: "behaviour",
    async run(t) {
      // One ID is the beginning of the other, and they differ in case as well.
      const id = t.unique("Overlay");
      for (const one of [id, `${id}0`, id.toLowerCase()]) {
        const reply = await registerOverlay(t, overlayOf(t, { overlay_network_id: one }));
        succeeds(t, reply, { what: `the status of the registration of ${one}` });
      }
    },
  }),
  defineCase({
    id: "pams/overlay-registration/without-content-type",
    title: "content_type may be left out",
    requirements: ["PAMP-9.2.1-04"],
    errata: ["E-PAMP-37", "E-PAMP-63"],
    group: "capability",
    async run(t) {
      const { overlay_network_id } = overlayOf(t).overlay_network_information as { overlay_network_id: string };
      const reply = await registerOverlay(t, { overlay_network_information: { overlay_network_id } });
      t.answers(reply, status("2xx", "4xx"), { what: "the status of a registration without content_type" });
      if (!accepted.test(reply)) t.warn("a registration without content_type is refused (E-PAMP-63)");
    },
  }),
  defineCase({
    id: "pams/overlay-registration/without-overlay-network-id",
    title: "a registration without overlay_network_id is refused",
    requirements: ["PAMP-9.1.2-02", "DS-8.1-a-i"],
    errata: ["E-PAMP-37", "E-PAMP-67"],
    group: "behaviour",
    run: (t) =>
      refuses(t, {
        what: "a registration without overlay_network_id",
        requirement: t.definition.requirements,
        valid: () => overlayOf(t),
        send: (body, as) => registerOverlay(t, body, as),
        delta: without("overlay_network_information.overlay_network_id"),
      }),
  }),
  defineCase({
    id: "pams/overlay-registration/overlay-network-id-no-string",
    title: "a registration whose overlay_network_id is an object is refused",
    requirements: ["PAMP-9.1.2-02"],
    errata: ["E-PAMP-67"],
    group: "behaviour",
    run: (t) =>
      refuses(t, {
        what: "a registration whose overlay_network_id is an object",
        requirement: "PAMP-9.1.2-02",
        valid: () => overlayOf(t),
        send: (body, as) => registerOverlay(t, body, as),
        delta: set("overlay_network_information.overlay_network_id", { name: "overlay" }),
      }),
  }),
  defineCase({
    id: "pams/overlay-registration/escaped-identifier",
    title: "an overlay ID may have characters that a path escapes",
    requirements: ["PAMP-9.1.2-02"],
    errata: ["E-PAMP-56"],
    group: "capability",
    async run(t) {
      const id = `${t.unique("overlay")} ä/ü?`;
      const reply = await registerOverlay(t, overlayOf(t, { overlay_network_id: id }));
      const odd = "an overlay ID with a blank, letters beyond ASCII, a slash and a question mark";
      if (!accepted.test(reply)) return t.warn(`${odd} is refused (E-PAMP-56)`, "PAMP-9.1.2-02");
      const peer = peerOf(t);
      const joined = await registerPeer(t, id, peer);
      if (!accepted.test(joined)) return t.warn(`${odd} is not found by its escaped path (E-PAMP-56)`, "PAMP-9.1.2-02");
      t.passed({ what: "an overlay found by its escaped path" });
    },
  }),
  defineCase({
    id: "pams/overlay-registration/again",
    title: "an overlay that was deregistered can be registered again, and starts empty",
    requirements: ["PAMP-9.2.1-05"],
    errata: ["E-PAMP-43"],
    group: "behaviour",
    async run(t) {
      const overlay = await overlayNetwork(t);
      const peer = await peerIn(t, overlay, dynamicStatus());
      await t.setup("the deregistration", async () => {
        const removed = await deregisterOverlay(t, overlay);
        if (!accepted.test(removed)) t.inconclusive(`a valid deregistration got ${removed.outcome}`);
      });
      const reply = await registerOverlay(t, overlayOf(t, { overlay_network_id: overlay }));
      carries(t, reply, "pam_conf_info", { what: "the status of the registration of a deregistered ID" });
      const found = await queryPeer(t, overlay, peer);
      if (accepted.test(found) && elementOf(t, found, "peer_status") !== undefined) {
        t.warn("the overlay registered anew knows the peers of before (E-PAMP-43)");
      }
    },
  }),
];
