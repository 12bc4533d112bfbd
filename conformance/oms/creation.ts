import { is } from "../engine/matchers.js";
import { set, without } from "../engine/refuses.js";
import { asInProfile, formOnly, memberOf, refuses, succeeds } from "../streaming/answers.js";
import { defineCase } from "./case.js";
import type { Json } from "./primitives.js";
import { create, creationOf, FORM, facts, newAddress, newKey, overlay } from "./primitives.js";

const OVERLAYS = 10;
const at = memberOf(FORM);

/** An overlay network for a new session [8.5 a), b)]. */
export const creationCases = [
  defineCase({
    id: "oms/creation/accepted",
    title: "a source peer that asks for an overlay network is given one, with an identifier",
    requirements: ["DS-8.5-a", "DS-8.5-b"],
    group: "basic",
    async run(t) {
      const reply = await create(t, creationOf(t));
      succeeds(t, reply, { requirement: "DS-8.5-a", what: "the status of a creation" });
      t.match(reply.get("overlay_network.overlay_network_id"), is.nonEmptyString, {
        requirement: "DS-8.5-b",
        what: "the identifier of the new overlay network",
        entry: reply.entry,
        ...at("/overlay_network/overlay_network_id"),
      });
      asInProfile(t, reply, { "/overlay_network/owner_token": is.nonEmptyString }, FORM);
    },
  }),
  defineCase({
    id: "oms/creation/unique",
    title: `${OVERLAYS} overlay networks have ${OVERLAYS} identifiers, also where all that is asked for is the same`,
    requirements: ["DS-8.5-b", "PAMP-REQ-ID-03"],
    errata: ["E-PAMP-56"],
    group: "behaviour",
    async run(t) {
      const creation = creationOf(t);
      const ids: unknown[] = [];
      for (let count = 0; count < OVERLAYS; count++) {
        const reply = await create(t, creation);
        succeeds(t, reply, { requirement: "DS-8.5-b", what: "the status of a creation" });
        ids.push(reply.get("overlay_network.overlay_network_id"));
      }
      t.equal(new Set(ids).size, OVERLAYS, {
        requirement: ["DS-8.5-b", "PAMP-REQ-ID-03"],
        what: `the number of identifiers of ${OVERLAYS} overlay networks`,
      });
    },
  }),
  defineCase({
    id: "oms/creation/at-once",
    title: "creations that arrive at the same time get identifiers of their own",
    requirements: ["DS-8.5-b"],
    group: "behaviour",
    async run(t) {
      const replies = await Promise.all(Array.from({ length: OVERLAYS }, () => create(t, creationOf(t))));
      for (const reply of replies) succeeds(t, reply, { what: "the status of a creation among others" });
      const ids = new Set(replies.map((reply) => reply.get("overlay_network.overlay_network_id")));
      t.equal(ids.size, OVERLAYS, { what: `the number of identifiers of ${OVERLAYS} creations at once` });
    },
  }),
  defineCase({
    id: "oms/creation/shown",
    title: "anybody who has the identifier finds the overlay network as it was made",
    requirements: ["DS-8.5-a", "DS-7.2.4-01"],
    group: "behaviour",
    async run(t) {
      const source = { peer_id: t.unique("source"), public_key: newKey(t).publicKey, addresses: [newAddress(t)] };
      const made = await overlay(t, { source_peer: source, fragment_size: 12_345, content_type: "STREAM" });
      const reply = await facts(t, made.id);
      succeeds(t, reply, { requirement: "DS-8.5-a", what: "the status of a query for an overlay network" });
      t.equal(reply.get("overlay_network.overlay_network_id"), made.id, {
        requirement: ["DS-8.5-a", "DS-7.2.4-01"],
        what: "the overlay network that is shown",
        entry: reply.entry,
        ...at("/overlay_network/overlay_network_id"),
      });
      // Left out, that is a matter of form; another than what the source peer said is no overlay network of its session.
      const said = {
        content_type: "STREAM",
        fragment_size: 12_345,
        closed: false,
        source_peer_id: source.peer_id,
        source_public_key: source.public_key,
      };
      for (const [name, value] of Object.entries(said)) {
        const pointer = `/overlay_network/${name}`;
        const shown = reply.get(`overlay_network.${name}`);
        if (shown === undefined) asInProfile(t, reply, { [pointer]: value }, FORM);
        else
          t.equal(shown, value, {
            requirement: ["DS-8.5-a", "DS-7.2.4-01"],
            what: `${name} of the overlay network as it is shown`,
            entry: reply.entry,
            ...at(pointer),
          });
      }
    },
  }),
  ...(
    [
      ["content-type", "a content that is neither FILE nor STREAM", set("content_type", "SONG")],
      ["source-peer-missing", "no source peer", without("source_peer")],
      ["source-peer-id-missing", "a source peer without identifier", without("source_peer.peer_id")],
      ["fragment-size-missing", "no size of fragments", without("fragment_size")],
      ["fragment-size-zero", "fragments of no octets", set("fragment_size", 0)],
      ["fragment-size-text", "a size of fragments in words", set("fragment_size", "large")],
      ["public-key", "a key that is none", set("source_peer.public_key", "not a key")],
      ["refresh-negative", "a refresh expiration below zero", set("refresh_expiration", -1)],
    ] as const
  ).map(([name, what, delta]) =>
    defineCase({
      id: `oms/creation/${name}`,
      title: `a creation with ${what} is refused, or let pass where the profile is not held to`,
      requirements: ["DS-8.5-a"],
      group: "behaviour",
      run: (t) =>
        refuses<Json>(t, {
          what: `a creation with ${what}`,
          valid: () => creationOf(t),
          send: (creation, as) => create(t, creation, as),
          delta,
          tolerated: formOnly(`a creation with ${what}`, FORM),
        }),
    }),
  ),
];
