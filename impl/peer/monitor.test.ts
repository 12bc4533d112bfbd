import { afterAll, expect, test } from "vitest";
import { startPeerMonitor } from "./monitor.js";
import { patience, Servers, sessionOf } from "./test/servers.js";

const servers = new Servers();
afterAll(() => servers.close());

test("a peer says how it is, and its counters outlive its sessions", { timeout: patience }, async () => {
  await servers.start("pams", "ixs", "oms");
  const source = await servers.peer();
  const session = await source.createSession(sessionOf(servers));
  await session.append(new Uint8Array(4096).fill(1));
  await session.append(new Uint8Array(100).fill(2));
  await session.end();
  const peer = await servers.peer({ peerId: "watched" });
  const monitor = await startPeerMonitor(peer);
  const figure = async (name: string): Promise<number> => {
    const text = await (await fetch(`${monitor.url}/metrics`)).text();
    return Number(
      text
        .split("\n")
        .find((line) => line.startsWith(`mp2p_peer_${name} `))
        ?.split(" ")[1],
    );
  };
  const health = async (): Promise<unknown> => await (await fetch(`${monitor.url}/healthz`)).json();
  try {
    expect(await health()).toEqual({ status: "ok", entity: "peer", peer_id: "watched", sessions: [] });
    const joined = await peer.join(session.indexFile);
    await joined.completed;
    expect(await health()).toMatchObject({
      sessions: [
        {
          overlay_network_id: session.overlayId,
          role: "peer",
          phase: "running",
          fragments: 2,
          number_of_fragments: 2,
          complete: true,
          links: 1,
          servers_down: [],
        },
      ],
    });
    expect([await figure("sessions"), await figure("fragments"), await figure("links")]).toEqual([1, 2, 1]);
    expect(await figure("downloaded_octets_total")).toBe(4196);
    await joined.leave();
    expect([await figure("sessions"), await figure("downloaded_octets_total")]).toEqual([0, 4196]);
  } finally {
    await monitor.close();
    await session.terminate();
  }
});
