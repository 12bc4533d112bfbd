import { afterAll, describe, expect, test } from "vitest";
import { type HomsServer, startHomsServer } from "../homs/index.js";
import { createMemoryStore } from "../store/index.js";
import { type HybridPeer, type HybridPeerNews, type HybridPeerOptions, startHybridPeer } from "./index.js";

const open: { close(): Promise<void> }[] = [];
afterAll(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function homsServer(options: Partial<Parameters<typeof startHomsServer>[0]> = {}): Promise<HomsServer> {
  const server = await startHomsServer({ port: 0, store: createMemoryStore(), ...options });
  open.push(server);
  return server;
}

interface Watched extends HybridPeer {
  readonly news: HybridPeerNews[];
  /** Resolves with the next piece of news of this kind. */
  until(kind: HybridPeerNews["kind"]): Promise<HybridPeerNews>;
}

async function hybridPeer(homs: string, options: Partial<HybridPeerOptions> = {}): Promise<Watched> {
  const backoff = { baseMs: 40, capMs: 200 };
  const peer = await startHybridPeer({ homs, address: "tcp://192.0.2.1:9000", backoff, leaveMs: 500, ...options });
  open.push(peer);
  const news: HybridPeerNews[] = [];
  peer.onNews((one) => news.push(one));
  const until = (kind: HybridPeerNews["kind"]) =>
    new Promise<HybridPeerNews>((resolve) => {
      const stop = peer.onNews((one) => {
        if (one.kind !== kind) return;
        stop();
        resolve(one);
      });
    });
  return Object.assign(Object.create(peer) as HybridPeer, { news, until });
}

const members = async (peer: HybridPeer, overlayId: string) => (await peer.query({ overlayId }))[0]?.numPeers;

describe.concurrent("against the reference HOMS", () => {
  test("an owner creates, joins, reports, modifies, leaves and removes", async () => {
    const { url, homs } = await homsServer();
    const owner = await hybridPeer(url, { peerId: "owner" });
    const owned = await owner.create({ title: "démo", description: "for tests", expires: 600 });
    const { overlayId } = owned.overlay;
    expect(await members(owner, overlayId)).toBe(0);

    const first = await owner.join({ overlayId });
    const guest = await hybridPeer(url, { peerId: "guest", address: "tcp://192.0.2.2:9000" });
    const [found] = await guest.query({ title: "démo" });
    const second = await guest.join({ overlayId: found?.overlayId ?? "" });
    expect(second.overlay).toMatchObject({ title: "démo", ownerId: "owner", access: "open", heartbeatInterval: 10 });
    expect(second.peers.contacts).toEqual([{ peerId: "owner", address: "tcp://192.0.2.1:9000" }]);
    expect(Number(second.ticketId)).toBeGreaterThan(Number(first.ticketId));

    const reported = guest.until("reported");
    second.report({ primary: ["owner"], outgoing: [], incoming: [] });
    await reported;
    expect(JSON.stringify(homs.counts())).toContain('"peers":2');

    const recovered = guest.until("joined");
    second.report({ primary: [], outgoing: [], incoming: [] });
    expect(await recovered).toMatchObject({ recovery: true, ticketId: second.ticketId });

    await owned.modify({ title: "renamed", expires: 900 });
    expect((await guest.query({ overlayId }))[0]).toMatchObject({ title: "renamed" });

    await second.leave();
    expect(await members(owner, overlayId)).toBe(1);
    await owned.remove();
    expect(await guest.query({ overlayId })).toEqual([]);
  });

  test("closed overlays admit by key and by list", async () => {
    const { url } = await homsServer();
    const owner = await hybridPeer(url);
    const access = { accessKey: "sesame", peerlist: ["friend"] };
    const { overlay } = await owner.create({ title: "closed", access });
    await expect((await hybridPeer(url)).join(overlay)).rejects.toMatchObject({ code: "ERR_REFUSED", status: 403 });
    await (await hybridPeer(url)).join({ ...overlay, accessKey: "sesame" });
    await (await hybridPeer(url, { peerId: "friend" })).join(overlay);
    expect(await members(owner, overlay.overlayId)).toBe(2);
  });

  test("a short lifetime is outlived by refreshing", async () => {
    const { url } = await homsServer();
    const peer = await hybridPeer(url);
    const { overlay } = await peer.create({ title: "short" });
    const membership = await peer.join({ ...overlay, expires: 1 });
    for (let n = 0; n < 3; n++) await peer.until("refreshed");
    expect(await members(peer, overlay.overlayId)).toBe(1);
    expect(peer.news.map(({ kind }) => kind)).not.toContain("lost");
    expect(membership.phase).toBe("joined");
    const close = peer.close();
    await close;
    expect(await members(await hybridPeer(url), overlay.overlayId)).toBe(0);
  });

  test("what is not there is not found", async () => {
    const { url } = await homsServer();
    const peer = await hybridPeer(url);
    await expect(peer.join({ overlayId: "none" })).rejects.toMatchObject({ code: "ERR_NOT_FOUND" });
    const strange = { overlayId: "none", type: "core", subType: "tree" } as const;
    await expect(peer.join(strange)).rejects.toMatchObject({ code: "ERR_REFUSED", status: 404 });
  });

  test("a HOMS that comes back empty: the owner creates its overlay anew and is in it", async () => {
    const first = await startHomsServer({ port: 0, store: createMemoryStore() });
    const peer = await hybridPeer(first.url, { attempts: 50 });
    const owned = await peer.create({ title: "again" });
    const { overlayId } = owned.overlay;
    await peer.join({ overlayId, expires: 1 });
    await first.close();
    const anew = peer.until("joined");
    await homsServer({ port: first.port });
    expect(await anew).toMatchObject({ recovery: false });
    expect(owned.overlay.overlayId).not.toBe(overlayId);
    expect(await members(peer, owned.overlay.overlayId)).toBe(1);
  });

  test("a HOMS that forgot the member alone: it joins again and reports again", async () => {
    const { url, homs } = await homsServer();
    const peer = await hybridPeer(url, { peerId: "p1", password: "Known1" });
    const { overlay } = await peer.create({ title: "forgetful" });
    const membership = await peer.join({ ...overlay, expires: 1 });
    const reported = peer.until("reported");
    membership.report({ primary: ["p2"], outgoing: [], incoming: [] });
    await reported;
    const [joined, reportedAgain] = [peer.until("joined"), peer.until("reported")];
    const leave = {
      overlay: { "overlay-id": overlay.overlayId },
      peer: { "peer-id": "p1", auth: { password: "Known1" } },
    };
    await fetch(`${url}/peer`, {
      method: "DELETE",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(leave),
    });
    expect(homs.counts()).toMatchObject({ peers: 0 });
    expect(await joined).toMatchObject({ again: true, recovery: false });
    await reportedAgain;
  });

  test("a HOMS that is away is waited for", async () => {
    const first = await startHomsServer({ port: 0, store: createMemoryStore() });
    await first.close();
    const peer = await hybridPeer(first.url, { attempts: 1 });
    await expect(peer.query()).rejects.toMatchObject({ code: "ERR_UNAVAILABLE" });
    const unavailable = peer.until("unavailable");
    const join = peer.join({ overlayId: "o", type: "core", subType: "tree" });
    join.catch(() => undefined);
    await unavailable;
    await peer.close();
    await expect(join).rejects.toMatchObject({ code: "ERR_CLOSED" });
  });
});

describe.concurrent("against a HOMS with manners of its own", () => {
  /** Answers by the script, one line per request; the last one for all that follow. */
  async function scripted(answers: (Response | Error)[], options: Partial<HybridPeerOptions> = {}) {
    const asked: { method: string; path: string; body: unknown }[] = [];
    const fetch: typeof globalThis.fetch = async (url, init) => {
      const { pathname, search } = new URL(String(url));
      asked.push({
        method: init?.method ?? "",
        path: pathname + search,
        body: typeof init?.body === "string" ? JSON.parse(init.body) : undefined,
      });
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (answer instanceof Error || answer === undefined) throw answer ?? new Error("no script");
      return answer.clone();
    };
    return { asked, peer: await hybridPeer("http://homs.invalid", { fetch, ...options }) };
  }
  const json = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
    new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json", ...headers } });
  const joinAnswer = { overlay: { "overlay-id": "o", type: "core", "sub-type": "tree", expires: 60, status: {} } };
  const target = { overlayId: "o", type: "core", subType: "tree" } as const;

  test("E-HOMP-17, E-HOMP-06: lists in three shapes", async () => {
    const entry = {
      "overlay-id": "o",
      title: "t",
      type: "core",
      "sub-type": "tree",
      expires: "60",
      auth: { type: "open" },
    };
    const bodies = [{ overlay: [entry] }, [entry], [{ overlay: entry }]];
    const { peer } = await scripted([...bodies.map((body) => json(body)), json("BAD REQUEST", 404)]);
    for (const _ of bodies) expect(await peer.query()).toMatchObject([{ overlayId: "o", title: "t", expires: 60 }]);
    expect(await peer.query({ title: "none" })).toEqual([]);
  });

  test("E-HOMP-63: a creation whose answer got lost is looked up before it is repeated", async () => {
    const created = { overlay: { "overlay-id": "o9", title: "t", "owner-id": "me", type: "core", "sub-type": "tree" } };
    const { peer, asked } = await scripted([new TypeError("reset"), json({ overlay: [created.overlay] })], {
      peerId: "me",
    });
    expect((await peer.create({ title: "t", extend: false })).overlay.overlayId).toBe("o9");
    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual(["POST /homs", "GET /homs?title=t"]);
  });

  test("E-HOMP-01: a creation refused as overlay_info is repeated as overlay", async () => {
    const { peer, asked } = await scripted([json("BAD REQUEST", 400), json({ overlay: { "overlay-id": "o9" } })]);
    await peer.create({ title: "t", extend: false });
    expect(asked.map(({ body }) => Object.keys(body as object))).toEqual([["overlay_info"], ["overlay"]]);
  });

  test("a creation answered without overlay-id is an error that says so", async () => {
    const { peer } = await scripted([json({})]);
    await expect(peer.create({ title: "t" })).rejects.toMatchObject({ code: "ERR_ANSWER" });
  });

  test.each([
    ["202", json(joinAnswer, 202)],
    ["no JSON", new Response("welcome")],
    ["nothing", new Response(null, { status: 204 })],
  ])("a join answered with %s is a membership", async (_, answer) => {
    const { peer } = await scripted([answer]);
    expect((await peer.join(target)).phase).toBe("joined");
  });

  test("Retry-After is honoured", async () => {
    const { peer } = await scripted([json({}, 503, { "retry-after": "1" }), json(joinAnswer)]);
    await peer.join(target);
    const wait = peer.news.find((news) => news.kind === "unavailable");
    expect(wait).toMatchObject({ retryMs: 1_000 });
  });

  test("texts that no message has room for are refused, not sent", async () => {
    const { peer, asked } = await scripted([json(joinAnswer)], { address: "" });
    await expect(peer.join(target)).rejects.toMatchObject({ code: "ERR_REFUSED" });
    expect(asked).toEqual([]);
  });

  test("a struck-out peer that leaves too few makes the peer ask for more", async () => {
    const entries = (...ids: string[]) => ({
      overlay: { ...joinAnswer.overlay, "ticket-id": "3", status: { peer_info_list: ids.map(contact) } },
    });
    const contact = (id: string) => ({ "peer-id": id, Address: `tcp://${id}:1` });
    const { peer, asked } = await scripted([json(entries("a", "self")), json(entries("b"))], { peerId: "self" });
    const { peers } = await peer.join(target);
    expect(peers.contacts).toEqual([{ peerId: "a", address: "tcp://a:1" }]);
    const again = peer.until("joined");
    peers.strike("a");
    await again;
    expect(peers.contacts).toEqual([{ peerId: "b", address: "tcp://b:1" }]);
    expect(asked[1]?.body).toMatchObject({ overlay: { recovery: true, "ticket-id": "3" } });
  });
});
