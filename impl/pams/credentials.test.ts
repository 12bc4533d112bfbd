import { afterEach, describe, expect, test } from "vitest";
import { startPampPeer } from "../pamp-client/index.js";
import { createMemoryStore, type MemoryDisk } from "../store/memory-store.js";
import type { PamsAuthentication } from "./credentials.js";
import { type PamsServer, startPamsServer } from "./server.js";
import { exchange } from "./test/exchange.js";

let server: PamsServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function serve(authentication: PamsAuthentication, disk: MemoryDisk = new Map()) {
  const running = await startPamsServer({ store: createMemoryStore({ disk }), authentication });
  server = running;
  return (method: string, path: string, body: unknown, authorization?: string) =>
    exchange(running.url, method, path, body, authorization === undefined ? {} : { authorization });
}

const overlay = { overlay_network_information: { overlay_network_id: "o" } };
const peer = { peer_information: { peer_id: "p" } };
const report = { peer_status: { dynamic_status: { uploaded: "1" } } };
const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;

describe("OMS and service provider [Tables 2, 4, 12, 14; E-PAMP-23, E-PAMP-55]", () => {
  const authentication: PamsAuthentication = {
    oms: [{ bearer: "oms-token" }, { user: "oms", password: "pass:wörd" }],
    serviceProviders: [{ bearer: "provider-token" }],
  };

  test.each<[string, string | undefined, number, number]>([
    ["no credentials", undefined, 401, 401],
    ["the OMS's token", "Bearer oms-token", 200, 200],
    ["the OMS's token, scheme in capitals", "BEARER oms-token", 200, 200],
    ["the OMS's password", basic("oms:pass:wörd"), 200, 200],
    ["a wrong password", basic("oms:pass"), 401, 401],
    ["a wrong user", basic("other:pass:wörd"), 401, 401],
    ["a wrong token", "Bearer oms-toker", 401, 401],
    ["a token as another scheme", "Token oms-token", 401, 401],
    ["nothing but a scheme", "Bearer", 401, 401],
    ["the provider's token", "Bearer provider-token", 401, 200],
  ])("%s", async (_name, authorization, registering, querying) => {
    const send = await serve(authentication);
    const registered = await send("POST", "/pams/", overlay, authorization);
    expect(registered.status).toBe(registering);
    await send("POST", "/pams/", overlay, "Bearer oms-token");
    await send("POST", "/pams/o/peer/", peer);
    const list = await send("GET", "/pams/o/peer", undefined, authorization);
    const one = await send("GET", "/pams/o/peers/p", undefined, authorization);
    expect([list.status, one.status]).toEqual([querying, querying]);
    const removed = await send("DELETE", "/pams/o/", undefined, authorization);
    expect(removed.status).toBe(registering);
    for (const { status, headers, body } of [registered, list, one, removed]) {
      if (status !== 401) continue;
      expect(headers["www-authenticate"]).toMatch(/Bearer realm="pams".*Basic realm="pams"/);
      expect(JSON.stringify(body)).not.toMatch(/token|wörd/);
    }
  });

  test("peers register, report and leave without credentials unless tokens are asked for", async () => {
    const send = await serve(authentication);
    await send("POST", "/pams/", overlay, "Bearer oms-token");
    expect((await send("POST", "/pams/o/peer/", peer)).status).toBe(200);
    expect((await send("PUT", "/pams/o/peer/p/", report)).status).toBe(200);
    expect((await send("DELETE", "/pams/o/peers/p", undefined)).status).toBe(200);
  });
});

describe("tokens of peers [E-PAMP-68]", () => {
  const authentication: PamsAuthentication = { peers: "token", oms: [{ bearer: "oms-token" }] };

  test("only who registered a peer, or the OMS, acts on it; also after a restart", async () => {
    const disk: MemoryDisk = new Map();
    let send = await serve(authentication, disk);
    await send("POST", "/pams/", overlay, "Bearer oms-token");
    const joined = await send("POST", "/pams/o/peer/", peer);
    const other = await send("POST", "/pams/o/peer/", { peer_information: { peer_id: "q" } });
    const token = `Bearer ${joined.headers["pamp-peer-token"]}`;
    expect(token).toMatch(/^Bearer [\w-]{24}$/);

    for (const wrong of [undefined, "Bearer x", `Bearer ${other.headers["pamp-peer-token"]}`, "Bearer oms-token"]) {
      const refused = await send("PUT", "/pams/o/peer/p/", report, wrong);
      expect([refused.status, refused.headers["www-authenticate"]]).toEqual([401, expect.stringContaining("Bearer")]);
    }
    expect((await send("DELETE", "/pams/o/peers/p", undefined)).status).toBe(401);
    expect((await send("PUT", "/pams/o/peer/p/", report, token)).status).toBe(200);

    await server?.close();
    expect(JSON.stringify([...disk].map(([, rows]) => [...rows]))).not.toContain(
      String(joined.headers["pamp-peer-token"]),
    );
    send = await serve(authentication, disk);
    expect((await send("PUT", "/pams/o/peer/p/", report)).status).toBe(401);
    expect((await send("PUT", "/pams/o/peer/p/", report, token)).status).toBe(200);
    expect((await send("DELETE", "/pams/o/peers/p", undefined, token)).status).toBe(200);
    expect((await send("DELETE", "/pams/o/peers/q", undefined, "Bearer oms-token")).status).toBe(200);
    expect((await send("PUT", "/pams/o/peer/p/", report)).status).toBe(404);
  });

  test("the peer of this package shows the token that it was given", async () => {
    const send = await serve(authentication);
    await send("POST", "/pams/", overlay, "Bearer oms-token");
    const member = startPampPeer({ pams: server?.url ?? "", overlay: "o", peer: "p" });
    const failures: string[] = [];
    await new Promise<void>((resolve) => {
      member.onNews((news) => {
        if (news.kind === "failed") failures.push(`${news.what}: ${news.reason}`);
        if (news.kind !== "registered") resolve();
      });
    });
    await member.leave();
    expect(failures).toEqual([]);
    // It has left: the name is free again.
    expect((await send("POST", "/pams/o/peer/", peer)).status).toBe(200);
  });
});
