import { afterEach, describe, expect, test } from "vitest";
import { createMemoryStore } from "../../store/memory-store.js";
import { type HomsServer, type HomsServerOptions, startHomsServer } from "../server.js";
import { creationInfo } from "../test/harness.js";

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

const bearer = { authorization: "Bearer token" };

async function start(options: Partial<HomsServerOptions> = {}): Promise<HomsServer> {
  const homs = await startHomsServer({ store: createMemoryStore(), adminToken: "token", ...options });
  open.push(homs);
  return homs;
}

type Json = ReturnType<JSON["parse"]>;

async function send(homs: HomsServer, method: string, path: string, body: object): Promise<Json> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(homs.url + path, { method, headers, body: JSON.stringify(body) });
  return response.json();
}

const overlay = async (homs: HomsServer): Promise<string> =>
  (await send(homs, "POST", "/homs", { overlay_info: creationInfo })).overlay["overlay-id"];

const peerOf = (peerId: string) => ({ "peer-id": peerId, auth: { password: `pw${peerId}` } });

const join = (homs: HomsServer, id: string, peerId: string) =>
  send(homs, "POST", "/peer", {
    overlay: { "overlay-id": id, type: "core", "sub-type": "tree" },
    peer: { ...peerOf(peerId), address: "ws://relay" },
  });

const report = (homs: HomsServer, id: string, peerId: string, primary: string[], lost: string[] = []) =>
  send(homs, "POST", "/peer/report", {
    overlay: { "overlay-id": id },
    peer: peerOf(peerId),
    status: { num_primary: primary.length, costmap: { primary }, lost },
  });

interface Message {
  id?: string;
  event?: string;
  data?: Json;
}

/** Reads a stream of events, message by message. */
class Watcher {
  readonly status: number;
  readonly #reader: ReadableStreamDefaultReader<string>;
  #text = "";

  private constructor(status: number, reader: ReadableStreamDefaultReader<string>) {
    this.status = status;
    this.#reader = reader;
  }

  static async open(homs: HomsServer, path: string, headers: Record<string, string> = {}): Promise<Watcher> {
    const abort = new AbortController();
    open.push({ close: () => abort.abort() });
    const response = await fetch(`${homs.url}${path}`, { headers: { ...bearer, ...headers }, signal: abort.signal });
    const body = response.body as ReadableStream<Uint8Array<ArrayBuffer>>;
    return new Watcher(response.status, body.pipeThrough(new TextDecoderStream()).getReader());
  }

  /** The next message, comments included; undefined at the end. */
  async block(): Promise<string | undefined> {
    for (;;) {
      const end = this.#text.indexOf("\n\n");
      if (end !== -1) {
        const block = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 2);
        return block;
      }
      const { value, done } = await this.#reader.read().catch(() => ({ value: undefined, done: true as const }));
      if (done) return undefined;
      this.#text += value;
    }
  }

  async next(): Promise<Message> {
    for (;;) {
      const block = await this.block();
      if (block === undefined) return {};
      const message: Message = {};
      for (const line of block.split("\n")) {
        const [, name, value = ""] = /^(\w+): (.*)$/.exec(line) ?? [];
        if (name === "data") message.data = JSON.parse(value);
        else if (name === "id" || name === "event") message[name] = value;
      }
      if (message.event !== undefined) return message;
    }
  }

  async kinds(count: number): Promise<(string | undefined)[]> {
    const kinds: (string | undefined)[] = [];
    while (kinds.length < count) kinds.push((await this.next()).event);
    return kinds;
  }
}

describe("the administrator's events [Q.4100 7.3.1.3]", () => {
  test("tell of overlays, peers, paths and losses, with the members that HOMP has", async () => {
    const homs = await start();
    const watcher = await Watcher.open(homs, "/overlays/events");
    const id = await overlay(homs);
    await join(homs, id, "a");
    await join(homs, id, "b");
    await report(homs, id, "a", ["b"]);
    await report(homs, id, "a", ["b"]);
    await report(homs, id, "b", ["a"]);
    await report(homs, id, "a", [], ["b"]);
    await send(homs, "DELETE", "/peer", { overlay: { "overlay-id": id }, peer: peerOf("b") });
    await send(homs, "DELETE", "/homs", {
      overlay: { "overlay-id": id, "owner-id": "owner", auth: { admin_key: "admin-secret" } },
    });
    const created = await watcher.next();
    expect(created).toMatchObject({ event: "overlay-created", data: { "overlay-id": id, title: creationInfo.title } });
    expect(Date.parse(created.data.at)).toBeGreaterThan(0);
    const joined = { "overlay-id": id, "peer-id": "a", "ticket-id": 1, recovery: false };
    expect(await watcher.next()).toMatchObject({ event: "peer-joined", data: joined });
    await watcher.next();
    const paths = { "peer-id": "a", primary: ["b"], outgoing_candidate: [], incoming_candidate: [] };
    expect(await watcher.next()).toMatchObject({ event: "paths-changed", data: paths });
    expect(await watcher.next()).toMatchObject({ event: "paths-changed", data: { "peer-id": "b" } });
    expect(await watcher.kinds(2)).toEqual(["paths-changed", "loss-reported"]);
    expect(await watcher.kinds(2)).toEqual(["peer-left", "overlay-removed"]);
  });

  test("go on after the last one seen, or say that the state is to be read anew", async () => {
    const homs = await start({ adminEvents: { ring: 3 } });
    const id = await overlay(homs);
    const first = await (await fetch(`${homs.url}/overlays/${id}`, { headers: bearer })).json();
    for (const peer of "abc") await join(homs, id, peer);
    const from = (last: string, path = "/overlays/events") => Watcher.open(homs, path, { "last-event-id": last });

    const all = await from(first["last-event-id"]);
    expect([(await all.next()).data["peer-id"], (await all.next()).data["peer-id"]]).toEqual(["a", "b"]);
    const { id: third, data } = await all.next();
    expect(data["peer-id"]).toBe("c");
    await join(homs, id, "d");
    expect((await all.next()).data["peer-id"]).toBe("d");

    expect((await (await from(third ?? "")).next()).data["peer-id"]).toBe("d");
    // The first of four is not kept any more; ids of another run, or no ids, never were.
    let count = 0;
    for (const unknown of [first["last-event-id"], "otherrun-2", "x", `${third}9`]) {
      const late = await from(unknown);
      const reset = await late.next();
      expect([unknown, reset.event]).toEqual([unknown, "reset"]);
      await join(homs, id, `late${count++}`);
      expect((await late.next()).event).toBe("peer-joined");
    }
  });

  test("are of one overlay where one is asked for", async () => {
    const homs = await start();
    const [one, other] = [await overlay(homs), await overlay(homs)];
    const watcher = await Watcher.open(homs, `/overlays/${one}/events`);
    await join(homs, other, "x");
    await join(homs, one, "a");
    expect((await watcher.next()).data["peer-id"]).toBe("a");
    expect((await fetch(`${homs.url}/overlays/nothing/events`, { headers: bearer })).status).toBe(404);
  });

  test("are for who has the token, as many as there is room for, and keep quiet connections open", async () => {
    const homs = await start({ adminEvents: { clients: 1, heartbeatMs: 20 } });
    for (const path of ["/overlays/events", "/overlays/live", `/overlays/${await overlay(homs)}/events`]) {
      const refused = await fetch(homs.url + path);
      expect([refused.status, await refused.json()]).toMatchObject([401, { status: 401 }]);
    }
    const watcher = await Watcher.open(homs, "/overlays/events");
    expect(await watcher.block()).toBe("retry: 2000");
    expect(await watcher.block()).toBe(":");
    const basic = { authorization: `Basic ${Buffer.from("me:token").toString("base64")}` };
    expect((await Watcher.open(homs, "/overlays/events", basic)).status).toBe(503);
  });

  test("are cut for a client that does not take them, and end with the server", async () => {
    const homs = await start({ adminEvents: { queue: 0 } });
    const id = await overlay(homs);
    const slow = await Watcher.open(homs, "/overlays/events");
    const names = Array.from({ length: 250 }, (_, index) => `${index}`.padEnd(250, "x"));
    for (let i = 0; i < 5; i++) await join(homs, id, `p${i}`);
    for (let i = 0; i < 200; i++) await report(homs, id, `p${i % 5}`, names.slice(i));
    // What had been sent before arrives; then the connection is gone.
    while ((await slow.block()) !== undefined);
    const watcher = await Watcher.open(await start(), "/overlays/events");
    await watcher.block();
    await open.find((one) => one !== homs && "url" in one)?.close();
    expect(await watcher.block()).toBeUndefined();
  });
});
