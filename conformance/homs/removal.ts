import { tcpListener } from "../engine/world/sockets.js";
import type { HomsTest } from "./case.js";
import { defineCase } from "./case.js";
import { deletion, joinOf, leaveOf, newPeer, refreshOf, removalOf, reportOf } from "./messages.js";
import type { Overlay } from "./overlays.js";
import { accepted, joined, made, refused, shown, succeeds } from "./overlays.js";

const remove = (t: HomsTest, overlay: Overlay) => deletion(t, "/homs", removalOf(overlay));

/** HybridOverlayRemoval [6.2.4, 7.1.4]; what has to be refused is in owner-refusals.ts. */
export const removalCases = [
  defineCase({
    id: "homs/removal/accepted",
    title: "a removal by the owner is answered 200 with the overlay-id",
    requirements: ["HOMP-7.1.4-02", "HOMP-6.2.4-05"],
    errata: ["E-HOMP-11", "E-HOMP-22", "E-HOMP-43"],
    group: "basic",
    async run(t) {
      const overlay = await made(t);
      const reply = await remove(t, overlay);
      succeeds(t, reply, { requirement: "HOMP-7.1.4-02", what: "the status of a valid removal" });
      t.equal(reply.get("overlay.overlay-id"), overlay.id, {
        requirement: "HOMP-6.2.4-05",
        what: "overlay-id in the answer",
      });
    },
  }),
  defineCase({
    id: "homs/removal/gone",
    title: "a removed overlay is in no query and cannot be joined",
    requirements: ["HOMP-6.2.4-01"],
    group: "capability",
    async run(t) {
      const overlay = await made(t);
      t.answers(await remove(t, overlay), accepted, { what: "the status of a valid removal" });
      const after = await shown(t, overlay.id);
      t.equal(after, undefined, { what: "the removed overlay in a query" });
      const join = await t.http.post("/peer", { body: joinOf(overlay, newPeer(t)) });
      t.answers(join, refused, { what: "the status of a join to the removed overlay" });
    },
  }),
  defineCase({
    id: "homs/removal/twice",
    title: "the second of two removals is refused",
    requirements: ["HOMP-6.2.4-06"],
    errata: ["E-HOMP-31", "E-HOMP-43"],
    group: "behaviour",
    async run(t) {
      const overlay = await made(t);
      succeeds(t, await remove(t, overlay), { what: "the status of the first removal" });
      t.answers(await remove(t, overlay), refused, { what: "the status of the second removal" });
    },
  }),
  defineCase({
    id: "homs/removal/others-stay",
    title: "a removal leaves other overlays of the same owner alone",
    requirements: ["HOMP-6.2.4-01"],
    group: "behaviour",
    async run(t) {
      const owner = { "owner-id": t.unique("owner") };
      const [first, second] = [await made(t, owner), await made(t, owner)];
      t.answers(await remove(t, first), accepted, { what: "the status of the removal of one overlay" });
      t.equal((await shown(t, second.id))?.title, second.info.title, { what: "the title of the other overlay" });
    },
  }),
  defineCase({
    id: "homs/removal/members",
    title: "peers learn of a removal from the answers to their own messages, and are not told otherwise",
    requirements: ["HOMP-7.1.4-03", "HOMP-6.2.7-09"],
    errata: ["E-HOMP-45"],
    group: "behaviour",
    async run(t) {
      const overlay = await made(t);
      const ear = await listener(t);
      const member = await joined(t, overlay, {}, { ...newPeer(t), address: ear.address });
      t.answers(await remove(t, overlay), accepted, {
        requirement: "HOMP-7.1.4-03",
        what: "the status of the removal of an overlay with a member",
      });
      const refresh = await t.http.put("/peer", { body: refreshOf(overlay.id, member) });
      t.answers(refresh, refused, { requirement: "HOMP-6.2.7-09", what: "a member's refresh after the removal" });
      const report = await t.http.post("/peer/report", { body: reportOf(t, overlay.id, member) });
      t.answers(report, refused, { requirement: "HOMP-7.1.4-03", what: "a member's report after the removal" });
      const leave = await deletion(t, "/peer", leaveOf(overlay.id, member));
      // Leaving what is gone has the effect asked for, so that a HOMS may as well agree.
      t.that(leave.status < 500, ["any 4xx", "any 2xx"], leave.outcome, {
        requirement: "HOMP-7.1.4-03",
        what: "a member's leave after the removal",
        entry: leave.entry,
      });
      await t.sleep(500);
      t.equal(ear.calls(), 0, {
        requirement: "HOMP-7.1.4-03",
        what: "the number of connections to the member's address",
      });
    },
  }),
];

/** A peer's address at which the suite hears whether anybody calls. */
async function listener(t: HomsTest): Promise<{ address: string; calls: () => number }> {
  let calls = 0;
  const port = await new Promise<number>((resolve, reject) => {
    const source = t.world.open(tcpListener, { host: "127.0.0.1", port: 0 }, (event) => {
      if (event.type === "listening") resolve(event.local.port);
      if (event.type === "unusable" || event.type === "lost") reject(new Error("no address to listen on"));
      if (event.type !== "connected") return;
      calls++;
      t.transcript.add("connection", "a connection to the member's address");
      source.order({ type: "close", to: event.from });
    });
    t.cleanup("the member's address", () => source.order({ type: "end" }));
  });
  return { address: `tcp://127.0.0.1:${port}`, calls: () => calls };
}
