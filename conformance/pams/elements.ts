import type { ErratumId } from "../../generated/catalogue/errata.js";
import type { RequirementId } from "../../generated/catalogue/requirements.js";
import { is } from "../engine/matchers.js";
import { set } from "../engine/refuses.js";
import { carries, elementNames, elementOf, refused, succeeds, wellTyped } from "./answers.js";
import { defineCase } from "./case.js";
import type { Json } from "./messages.js";
import { dynamicStatus, fragments, overlayOf, peerOf, range, reportOf, staticStatus } from "./messages.js";
import { overlayNetwork, peerIn, witness } from "./network.js";
import {
  deregisterOverlay,
  deregisterPeer,
  listPeers,
  queryPeer,
  registerOverlay,
  registerPeer,
  report,
} from "./primitives.js";
import { refuses } from "./refusals.js";

const everyFragment = {
  fragment_list: { num_of_fragment: 100, fragment_size: 64, ...fragments(1, 3, 5) },
  fragment_range: range(10, 20),
};

interface WrongType {
  readonly name: string;
  /** Path below peer_status. */
  readonly path: string;
  readonly value: unknown;
  readonly words: string;
  readonly errata?: readonly ErratumId[];
  /** Where nothing says that the value has to be refused. */
  readonly tolerated?: string;
}

const wrongTypes: readonly WrongType[] = [
  { name: "dynamic-status-no-object", path: "dynamic_status", value: "STARTED", words: "dynamic_status is a string" },
  { name: "static-status-no-object", path: "static_status", value: [1000], words: "static_status is a list" },
  { name: "bandwidth-no-number", path: "static_status.max_up_bw", value: {}, words: "max_up_bw is an object" },
  { name: "event-no-string", path: "dynamic_status.overlay_event", value: 1, words: "overlay_event is a number" },
  {
    name: "unknown-event",
    path: "dynamic_status.overlay_event",
    value: "FLYING",
    words: "overlay_event is none of the three words",
    tolerated: "an unknown overlay_event is let pass",
  },
  {
    name: "negative-amount",
    path: "dynamic_status.uploaded",
    value: "-5",
    words: "uploaded is negative",
    errata: ["E-PAMP-08"],
    tolerated: "a negative amount is let pass (E-PAMP-08)",
  },
  {
    name: "amount-no-number",
    path: "dynamic_status.left",
    value: "much",
    words: "left is no number",
    errata: ["E-PAMP-08"],
    tolerated: "an amount that is no number is let pass (E-PAMP-08)",
  },
  {
    name: "fragment-no-list",
    path: "dynamic_status.fragment_list.fragment",
    value: {},
    words: "fragment is an object",
  },
  { name: "range-no-object", path: "dynamic_status.fragment_range", value: true, words: "fragment_range is a boolean" },
];

const wrongTypeCases = wrongTypes.map(({ name, path, value, words, errata = [], tolerated }) =>
  defineCase({
    id: `pams/elements/${name}`,
    title: `a report in which ${words} is refused`,
    requirements: [path.endsWith("fragment") ? "PAMP-9.1-03" : "PAMP-9.1-02"],
    errata: ["E-PAMP-67", ...errata],
    group: "behaviour",
    async run(t) {
      const [requirement = "PAMP-9.1-02"] = t.definition.requirements;
      const known = await witness(t);
      await refuses(t, {
        what: `a report in which ${words}`,
        requirement,
        // As the witness reported, so that nothing is different afterwards unless the refused one made it so.
        valid: () => reportOf(t, dynamicStatus({ fragment_list: fragments(1) }), staticStatus()),
        send: (body, as) => report(t, known.overlay, known.peer, body, as),
        delta: set(`peer_status.${path}`, value),
        ...(tolerated === undefined ? {} : { tolerated }),
      });
    },
  }),
);

/** Elements and their types, in both directions [9.1]. */
export const elementCases = [
  defineCase({
    id: "pams/elements/one-element",
    title: "an answer with a body holds the element of its table under that element's name",
    requirements: ["PAMP-9.1-01"],
    errata: ["E-PAMP-03", "E-PAMP-09", "E-PAMP-45", "E-PAMP-70"],
    group: "basic",
    async run(t) {
      const overlay = overlayOf(t);
      const { overlay_network_id: id } = overlay.overlay_network_information as { overlay_network_id: string };
      carries(t, await registerOverlay(t, overlay), "pam_conf_info", { what: "the status of an overlay registration" });
      const peer = peerOf(t);
      const { peer_id: peerId } = peer.peer_information as { peer_id: string };
      carries(t, await registerPeer(t, id, peer), "pam_conf_info", { what: "the status of a peer registration" });
      const reported = await report(t, id, peerId, reportOf(t, dynamicStatus(), staticStatus()));
      succeeds(t, reported, { what: "the status of a report" });
      carries(t, await listPeers(t, id, { max_peer_num: 10 }), "peer_list", { what: "the status of a list query" });
      carries(t, await queryPeer(t, id, peerId), "peer_status", { what: "the status of a query for one peer" });
    },
  }),
  defineCase({
    id: "pams/elements/types",
    title: "members of answers have the JSON types of their definitions",
    requirements: ["PAMP-9.1-02"],
    errata: ["E-PAMP-08", "E-PAMP-10", "E-PAMP-46"],
    group: "basic",
    async run(t) {
      const overlay = overlayOf(t);
      const { overlay_network_id: id } = overlay.overlay_network_information as { overlay_network_id: string };
      const peer = peerOf(t);
      const { peer_id: peerId } = peer.peer_information as { peer_id: string };
      wellTyped(t, await registerOverlay(t, overlay), "pam_conf_info", { what: "pam_conf_info given to an OMS" });
      wellTyped(t, await registerPeer(t, id, peer), "pam_conf_info", { what: "pam_conf_info given to a peer" });
      const reported = await report(t, id, peerId, reportOf(t, dynamicStatus(everyFragment), staticStatus()));
      succeeds(t, reported, { what: "the status of a report with every kind of member" });
      wellTyped(t, await listPeers(t, id, { max_peer_num: 10 }), "peer_list", { what: "peer_list" });
      wellTyped(t, await queryPeer(t, id, peerId), "peer_status", { what: "peer_status" });
    },
  }),
  defineCase({
    id: "pams/elements/lists",
    title: "what has brackets in its definition is a list in an answer",
    requirements: ["PAMP-9.1-03"],
    errata: ["E-PAMP-11", "E-PAMP-46"],
    group: "capability",
    async run(t) {
      const overlay = await overlayNetwork(t);
      const peer = await peerIn(t, overlay, dynamicStatus(everyFragment), staticStatus());
      const listed = await listPeers(t, overlay, { max_peer_num: 10 });
      const list = carries(t, listed, "peer_list", { what: "the status of a list query" });
      t.match(list.peer_id, is.array, { what: "peer_id with one peer in it", entry: listed.entry });
      const asked = await queryPeer(t, overlay, peer);
      const { dynamic_status: dynamic } = carries(t, asked, "peer_status", {
        what: "the status of a query for one peer",
      });
      const held = (dynamic as Json | undefined)?.fragment_list as Json | undefined;
      t.match(held?.fragment, is.optional(is.array), { what: "fragment", entry: asked.entry });
      t.match((dynamic as Json | undefined)?.overlay_event, is.optional(is.oneOf("STARTED", "STOPPED", "COMPLETED")), {
        what: "overlay_event",
        entry: asked.entry,
      });
    },
  }),
  defineCase({
    id: "pams/elements/words",
    title: "every word that a definition lists is taken, and any other where it says so",
    requirements: ["PAMP-9.1-03", "PAMP-9.1.2-03", "PAMP-9.1.3-03"],
    errata: ["E-PAMP-63"],
    group: "capability",
    async run(t) {
      const cite = (requirement: RequirementId, what: string) => ({
        requirement: ["PAMP-9.1-03", requirement] as const,
        what: `the status of ${what}`,
      });
      for (const content_type of ["FILE", "STREAM", "x-conformance"]) {
        const reply = await registerOverlay(t, overlayOf(t, { content_type }));
        succeeds(t, reply, cite("PAMP-9.1.2-03", `a registration with content_type ${content_type}`));
      }
      const overlay = await overlayNetwork(t);
      for (const type of ["PEER", "CS", "RS", "x-conformance"]) {
        const reply = await registerPeer(t, overlay, peerOf(t, { type }));
        succeeds(t, reply, cite("PAMP-9.1.3-03", `a registration with type ${type}`));
      }
      const peer = await peerIn(t, overlay);
      for (const overlay_event of ["STARTED", "STOPPED", "COMPLETED"]) {
        const reply = await report(t, overlay, peer, reportOf(t, dynamicStatus({ overlay_event })));
        succeeds(t, reply, cite("PAMP-9.1-03", `a report with overlay_event ${overlay_event}`));
      }
      for (const condition of [
        ...["COMPLETED", "STARTED"].map((overlay_status) => ({ overlay_status })),
        ...["UPLOADED", "DOWNLOADED", "LEFT"].map((ordering) => ({ ordering })),
      ]) {
        const reply = await listPeers(t, overlay, { max_peer_num: 10, ...condition });
        succeeds(t, reply, cite("PAMP-9.1-03", `a list query with ${JSON.stringify(condition)}`));
      }
    },
  }),
  defineCase({
    id: "pams/elements/bodies-of-refusals",
    title: "a refusal that a table lists has no element in its body",
    requirements: ["PAMP-9.2-05"],
    errata: ["E-PAMP-64", "E-PAMP-74"],
    group: "capability",
    async run(t) {
      const { overlay, peer } = await witness(t);
      const never = t.unique("never");
      const status = reportOf(t, dynamicStatus());
      for (const [what, reply] of [
        ["a second overlay registration", await registerOverlay(t, overlayOf(t, { overlay_network_id: overlay }))],
        ["the deregistration of an unknown overlay", await deregisterOverlay(t, never)],
        ["a peer registration in an unknown overlay", await registerPeer(t, never, peerOf(t))],
        ["the deregistration of an unknown peer", await deregisterPeer(t, overlay, never)],
        ["a report of an unknown peer", await report(t, overlay, never, status)],
        ["a list query of an unknown overlay", await listPeers(t, never, { max_peer_num: 10 })],
        ["a query for an unknown peer", await queryPeer(t, overlay, never)],
      ] as const) {
        // What is not refused at all fails the cases about that.
        if (!refused.test(reply)) continue;
        const found = elementNames.filter((name) => elementOf(t, reply, name) !== undefined);
        t.equal(found, [], { what: `the elements in the refusal of ${what}`, entry: reply.entry });
      }
      const again = await registerPeer(t, overlay, peerOf(t, { peer_id: peer }));
      const told = refused.test(again) && elementOf(t, again, "pam_conf_info") !== undefined;
      if (told) t.warn("the refusal of a second peer registration tells the configuration (E-PAMP-64)");
      t.passed({ what: "the refusals provoked" });
    },
  }),
  defineCase({
    id: "pams/elements/condition-no-object",
    title: "a list query whose condition is a string is refused",
    requirements: ["PAMP-9.1-02"],
    errata: ["E-PAMP-12", "E-PAMP-67"],
    needs: (declared) => declared.value("query-carrier") === "body",
    group: "behaviour",
    async run(t) {
      const { overlay } = await witness(t);
      await refuses(t, {
        what: "a list query whose peer_query_condition is a string",
        requirement: "PAMP-9.1-02",
        valid: () => ({ peer_query_condition: { max_peer_num: 10 } as unknown }),
        send: (body, as) => listPeers(t, overlay, body.peer_query_condition as Json, as),
        delta: set("peer_query_condition", "COMPLETED"),
      });
    },
  }),
  defineCase({
    id: "pams/elements/max-peer-num-no-number",
    title: "a list query whose max_peer_num is an object is refused",
    requirements: ["PAMP-9.1-02"],
    errata: ["E-PAMP-12", "E-PAMP-67"],
    needs: (declared) => declared.value("query-carrier") === "body",
    group: "behaviour",
    async run(t) {
      const { overlay } = await witness(t);
      await refuses(t, {
        what: "a list query whose max_peer_num is an object",
        requirement: "PAMP-9.1-02",
        valid: () => ({ ordering: "UPLOADED", max_peer_num: 10 as unknown }),
        send: (condition, as) => listPeers(t, overlay, condition, as),
        delta: set("max_peer_num", { at: "most" }),
      });
    },
  }),
  ...wrongTypeCases,
];
