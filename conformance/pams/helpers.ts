import { listedIn } from "./answers.js";
import { defineCase } from "./case.js";
import type { Json } from "./messages.js";
import { dynamicStatus, range, staticStatus } from "./messages.js";
import { overlayNetwork, peerIn } from "./network.js";
import { listPeers } from "./primitives.js";

/** What the numbers of connections mean is open (E-PAMP-34): nobody reports any. */
function withoutConnections(more: Json): Json {
  const { num_upload_connection: _, num_download_connection: __, ...rest } = dynamicStatus(more);
  return rest;
}

/** Peers that can help another one [8.2.3]: by extreme cases, since the choice is free (E-X-14). */
export const helperCases = [
  defineCase({
    id: "pams/helpers/idle-before-busy",
    title: "a list for a peer that is served badly has an idle peer in it, and no busy one before it",
    requirements: ["PAMP-8.2.3-06"],
    errata: ["E-PAMP-28", "E-PAMP-34", "E-X-14"],
    needs: ["helper-peers"],
    group: "behaviour",
    async run(t) {
      const overlay = await overlayNetwork(t);
      const held = { fragment_range: range(1, 100) };
      const all = { overlay_event: "COMPLETED", left: "0", downloaded: "0", ...held };
      const busy = await peerIn(
        t,
        overlay,
        withoutConnections({ ...all, uploaded: "1000000" }),
        staticStatus({ max_up_bw: 10, max_up_bw_per_net: 10, max_num_conn_for_up: 1 }),
      );
      const idle = await peerIn(
        t,
        overlay,
        withoutConnections({ ...all, uploaded: "0" }),
        staticStatus({ max_up_bw: 100_000, max_up_bw_per_net: 100_000, max_num_conn_for_up: 500 }),
      );
      const needy = await peerIn(
        t,
        overlay,
        withoutConnections({ uploaded: "0", downloaded: "1", left: "1000000" }),
        staticStatus({ max_dn_bw: 100_000 }),
      );
      const condition = await t.setup(
        "the declared helper-condition",
        async () => JSON.parse(t.declared.value("helper-condition").replaceAll("{peer}", needy)) as Json,
      );
      // How a condition names the peer to be helped is the product's own (E-PAMP-28).
      const reply = await listPeers(t, overlay, condition, { malformed: true });
      const ids = listedIn(t, reply, { what: "the status of a query for helper peers" });
      const first = ids.find((id) => id !== needy);
      t.that(first === idle, `${idle}, which is idle, before ${busy}, which is busy`, ids, {
        what: "the peers listed",
        entry: reply.entry,
      });
    },
  }),
];
