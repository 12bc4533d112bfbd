import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { type HybridPeerNews, startHybridPeer } from "../../index.js";
import { type Json, objectOf } from "./dialect.js";

interface Exchange {
  readonly id: string;
  readonly request: { method: string; path: string; query?: Record<string, string>; body?: Json };
  readonly response: { status: number; body: unknown };
}

/** What the field's clients say beyond what its servers look at. */
const idle: Readonly<Record<string, readonly string[]>> = {
  join: ["/overlay/recovery"],
  leave: ["/overlay/auth/type", "/overlay/auth/admin_key"],
};

/** Every member of a body with the kind of its value: `/peer/expires` → `number`. */
function kinds(value: unknown, at = ""): [string, string][] {
  if (Array.isArray(value)) return [[at, "array"]];
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([name, member]) => kinds(member, `${at}/${name}`));
  }
  return [[at, typeof value]];
}

test.each(["v22", "v23a", "v23"] as const)(
  "%s: each request has what the field's own client sends, each answer is understood",
  async (name) => {
    const url = new URL(`../../../../spec/homp/dialects/${name}.yaml`, import.meta.url);
    const { exchanges } = parse(readFileSync(url, "utf8")) as { exchanges: Exchange[] };
    const values: Readonly<Record<string, unknown>> = {
      "overlay-id": "o1",
      "admin-key": "k",
      password: "p1",
      "ticket-id": 1,
    };
    const filled = (value: unknown): unknown =>
      JSON.parse(
        JSON.stringify(value ?? null).replaceAll(/"\$\{([\w-]+)\}"/g, (_, key: string) =>
          JSON.stringify(values[key] ?? "x"),
        ),
      );
    const find = (method: string, path: string, recovery: boolean): Exchange => {
      const found = exchanges.find(
        ({ id, request }) =>
          request.method === method &&
          request.path === path &&
          (path !== "/peer" || method !== "POST" || (id === "join-recovery") === recovery),
      );
      if (found === undefined) throw new Error(`the transcript has no ${method} ${path}`);
      return found;
    };
    const judged = new Map<string, Json>();
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const { pathname, searchParams } = new URL(String(input));
      const body = typeof init?.body === "string" ? objectOf(JSON.parse(init.body)) : undefined;
      const recovery = searchParams.has("recovery") || objectOf(body?.overlay).recovery === true;
      const { id, request, response } = find(init?.method ?? "", pathname, recovery);
      judged.set(id, {
        query: Object.fromEntries(searchParams),
        kinds: kinds(body),
        wanted: kinds(filled(request.body ?? {})),
        asked: request.query,
      });
      return new Response(JSON.stringify(filled(response.body)), { status: response.status });
    };

    const peerId = name === "v23" ? "owner;1688000000000000" : "owner";
    const peer = await startHybridPeer({
      homs: "http://homs.invalid",
      homsDialect: name,
      peerId,
      password: "p1",
      address: "ws://127.0.0.1:8082",
      fetch,
    });
    const next = (kind: HybridPeerNews["kind"]): Promise<void> =>
      new Promise((resolve) => {
        const stop = peer.onNews((news) => {
          if (news.kind !== kind) return;
          stop();
          resolve();
        });
      });
    const crPolicy = { mN_Cache: 10, mD_Cache: 60, "recovery-by": "push" } as const;
    const { overlay } = await peer.create({
      title: "Sensors",
      description: "Readings of the roof",
      adminKey: "k",
      crPolicy,
    });
    expect(await peer.query({ title: "Sensors" })).toMatchObject([
      { overlayId: "o1", crPolicy, access: "open", numPeers: 0 },
    ]);
    const membership = await peer.join({ overlayId: overlay.overlayId, type: "core", subType: "tree", expires: 30 });
    expect(membership).toMatchObject({ ticketId: "1", overlay: { heartbeatInterval: 10, heartbeatTimeout: 15 } });
    for (const [kind, act] of [
      ["reported", () => membership.report({ primary: ["p2"], outgoing: [], incoming: [], lost: ["p3"] })],
      ["refreshed", () => peer.attach(["chat"])],
      ["joined", () => membership.recover()],
    ] as const) {
      const told = next(kind);
      act();
      await told;
    }
    expect(membership.ticketId).toBe("1");
    await membership.leave();

    expect([...judged.keys()].sort()).toEqual([
      "create",
      "join",
      "join-recovery",
      "leave",
      "query",
      "refresh",
      "report",
    ]);
    for (const [id, { kinds: sent, wanted, query, asked }] of judged) {
      const needed = (wanted as [string, string][]).filter(([at]) => !idle[id]?.includes(at));
      expect(sent, id).toEqual(expect.arrayContaining(needed));
      expect(query, id).toEqual(asked ?? {});
    }
    await peer.close();
  },
);
