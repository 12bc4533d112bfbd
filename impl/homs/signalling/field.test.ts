import { afterEach, describe, expect, it } from "vitest";
import {
  validateMonitorConnectionsUpdated,
  validateMonitorGraph,
  validateMonitorPeerAdded,
} from "../../../generated/hybrid-peer/validators.js";
import type { HomsServer } from "../server.js";
import { Client, closeAll, credentials, join, overlay, post, start } from "./test/relay-client.js";

afterEach(closeAll);

describe("the signalling relay", () => {
  describe("is watched in the field's way", () => {
    const watching = (monitor: "open" | "token", token: { adminToken?: string } = {}) =>
      start({ signalling: { port: 0, monitor }, ...token });

    it("by everybody, where that is wanted: events, and the graph of an overlay", async () => {
      const homs = await watching("open");
      const monitor = await Client.open(homs);
      monitor.send({ server: true, action: "hello" });
      await monitor.settled();
      const id = await overlay(homs);
      await join(homs, id, "a");
      await join(homs, id, "b");
      const status = { costmap: { primary: ["a"], outgoing_candidate: ["c"] } };
      await post(homs, "/peer/report", { ...credentials(id, "b"), status });
      const links = [
        { source: "b", target: "a", primary: true },
        { source: "b", target: "c", primary: false },
      ];
      const overlay_id = id;
      expect(await monitor.next()).toEqual({ overlay_id, type: "overlay", action: "create" });
      const node = { id: "a", ticket_id: 1 };
      const added = { overlay_id, type: "peer", action: "add_peer", node };
      expect(await monitor.next()).toEqual(added);
      expect(await monitor.next()).toEqual({ overlay_id, type: "log", peer_id: "a", message: "joined" });
      expect([await monitor.next(), (await monitor.next()).type]).toMatchObject([{ node: { id: "b" } }, "log"]);
      const updated = { overlay_id, type: "peer", peer_id: "b", action: "update_connection", links };
      expect([await monitor.next(), (await monitor.next()).type]).toEqual([updated, "log"]);

      monitor.send({ server: true, action: "get", overlay_id });
      const nodes = [
        { ...node, seeder: true },
        { id: "b", ticket_id: 2 },
      ];
      const data = { graph: [], nodes, links, directed: false, multigraph: true };
      const graph = await monitor.next();
      expect(graph).toEqual({ overlay_id, type: "peer", action: "current_cost_map", data });
      expect(validateMonitorGraph(graph)).toBeUndefined();
      expect(validateMonitorPeerAdded(added)).toBeUndefined();
      expect(validateMonitorConnectionsUpdated(updated)).toBeUndefined();
    });

    it("by who shows the administrator's token, else", async () => {
      const homs = await watching("token", { adminToken: "secret" });
      for (const token of [undefined, "wrong"]) {
        const stranger = await Client.open(homs);
        stranger.send({ server: true, action: "hello", token });
        expect((await stranger.closed)[0]).toBe(4010);
      }
      const admin = await Client.open(homs);
      admin.send({ server: true, action: "hello", token: "secret" });
      await admin.settled();
      await overlay(homs);
      expect(await admin.next()).toMatchObject({ action: "create" });
      const closed = await Client.open(await watching("token"));
      closed.send({ server: true, action: "hello", token: "" });
      expect((await closed.closed)[0]).toBe(4010);
    });
  });

  describe("with the field's peers let in", () => {
    /** Joins as a peer of V23 does. */
    const fieldJoin = (homs: HomsServer, id: string, peerId: string) =>
      post(homs, "/peer", {
        overlay: { "overlay-id": id, type: "core", "sub-type": "tree" },
        peer: { "peer-id": peerId, address: "ws://relay", auth: { password: "pw" }, "ticket-id": -1, expires: 30 },
      });
    const letIn = () => start({ signalling: { port: 0, claims: "joined" }, dialects: ["v23"] });

    it("takes a registration without a token, once, of a member that joined in a dialect of the field", async () => {
      const homs = await letIn();
      const id = await overlay(homs);
      await fieldJoin(homs, id, "a;1");
      await fieldJoin(homs, id, "b;1");
      const a = await Client.open(homs, { "peer-id": "a;1" });
      const b = await Client.open(homs, { "peer-id": "b;1" });
      await Promise.all([a.settled(), b.settled()]);
      const second = await Client.open(homs, { "peer-id": "a;1" });
      expect((await second.closed)[0]).toBe(4004);
      b.send({ fromid: "b;1", toid: "a;1", type: "offer" });
      expect(await a.next()).toMatchObject({ fromid: "b;1" });
      // Nobody steps into a place that fell free; the peer itself has its password.
      a.socket.close();
      await a.closed;
      const third = await Client.open(homs, { "peer-id": "a;1" });
      expect((await third.closed)[0]).toBe(4004);
      const back = await Client.open(homs, { "peer-id": "a;1", password: "pw" });
      await back.settled();
      b.send({ fromid: "b;1", toid: "a;1", type: "offer" });
      expect(await back.next()).toMatchObject({ fromid: "b;1" });
    });

    it("takes one that comes before the join", async () => {
      const homs = await letIn();
      const id = await overlay(homs);
      const early = await Client.open(homs, { "peer-id": "a;1" });
      await early.settled();
      const other = await Client.open(homs, { "peer-id": "a;1" });
      expect((await other.closed)[0]).toBe(4004);
      await fieldJoin(homs, id, "a;1");
      early.send({ fromid: "a;1", toid: "a;1", here: true });
      expect(await early.next()).toMatchObject({ here: true });
    });

    it("wants the token of members that were given one in the form of the text", async () => {
      const homs = await letIn();
      await join(homs, await overlay(homs), "a");
      const thief = await Client.open(homs, { "peer-id": "a" });
      expect((await thief.closed)[0]).toBe(4003);
    });
  });
});
