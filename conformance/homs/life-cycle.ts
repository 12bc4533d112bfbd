import type { RequirementId } from "../../generated/catalogue/requirements.js";
import { defineCase } from "./case.js";
import { refusesCreation } from "./creation-refusals.js";
import {
  creationOf,
  deletion,
  joinOf,
  leaveOf,
  modificationOf,
  newPeer,
  overlayInfo,
  refreshOf,
  removalOf,
  reportOf,
} from "./messages.js";
import { accepted, create, peersOf, queryPath, shown, succeeds } from "./overlays.js";

/** The eight operations together [Q.4103 7], and what Q.4100 has a HOMS do by them [7.3, 8.1]. */
export const lifeCycleCases = [
  defineCase({
    id: "homs/life-cycle/all-operations",
    title: "an overlay and a peer in it live from creation to removal through all eight operations",
    requirements: ["HOMP-7-01", "HP2P-7.3-01", "HP2P-7.3.1.1-01", "HP2P-8.1-01", "HP2P-8.1-02", "HP2P-8.1-03"],
    errata: ["E-HOMP-43", "E-HOMP-64", "E-HP2P-06", "E-HP2P-09"],
    group: "basic",
    async run(t) {
      const cite = (of: RequirementId, what: string) => ({
        requirement: ["HOMP-7-01", "HP2P-7.3.1.1-01", of] as const,
        what: `the status of ${what}`,
      });
      const info = overlayInfo(t);
      const made = await create(t, creationOf(t, info));
      succeeds(t, made, cite("HP2P-8.1-01", "a creation"));
      const id = t.needString(made.get("overlay.overlay-id"), "overlay-id");
      const owner = { id, ownerId: String(info["owner-id"]), auth: info.auth as Record<string, unknown> };
      succeeds(t, await t.http.get(queryPath({ "overlay-id": id })), cite("HP2P-8.1-01", "a query"));
      // One who stays, for an overlay may go with its last member (E-HOMP-64).
      const other = await t.http.post("/peer", { body: joinOf({ id }, newPeer(t)) });
      succeeds(t, other, cite("HP2P-8.1-02", "a first join"));
      const before = await peersOf(t, owner);
      const peer = newPeer(t);
      succeeds(t, await t.http.post("/peer", { body: joinOf({ id }, peer) }), cite("HP2P-8.1-02", "a join"));
      t.equal(await peersOf(t, owner), before + 1, { requirement: "HP2P-7.3-01", what: "num_peers after the join" });
      const told = await t.http.post("/peer/report", { body: reportOf(t, id, peer) });
      succeeds(t, told, cite("HP2P-8.1-03", "a report"));
      succeeds(t, await t.http.put("/peer", { body: refreshOf(id, peer) }), cite("HP2P-8.1-02", "a refresh"));
      const title = t.unique("new title");
      const changed = await t.http.put("/homs", { body: modificationOf(owner, { title }) });
      succeeds(t, changed, cite("HP2P-8.1-01", "a modification"));
      t.equal((await shown(t, id))?.title, title, { requirement: "HP2P-7.3-01", what: "the title in a query" });
      succeeds(t, await deletion(t, "/peer", leaveOf(id, peer)), cite("HP2P-8.1-02", "a leave"));
      t.equal(await peersOf(t, owner), before, { requirement: "HP2P-7.3-01", what: "num_peers after the leave" });
      succeeds(t, await deletion(t, "/homs", removalOf(owner)), cite("HP2P-8.1-01", "a removal"));
      const left = await t.http.get(queryPath({ "overlay-id": id }));
      t.that(!accepted.test(left) || !left.text.includes(title), "nothing with its title", left.outcome, {
        requirement: ["HP2P-7.3-01", "HP2P-8.1-01"],
        what: "a query after the removal",
        entry: left.entry,
      });
    },
  }),
  defineCase({
    id: "homs/creation/validated",
    title: "a creation is validated before anything of it is stored",
    requirements: ["HP2P-7.3.1.1-02"],
    errata: ["E-HP2P-03"],
    group: "behaviour",
    run: (t) =>
      refusesCreation(t, {
        what: "a creation whose owner-id is a list",
        requirement: "HP2P-7.3.1.1-02",
        member: "owner-id",
        value: ["an", "owner"],
      }),
  }),
];
