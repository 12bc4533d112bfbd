import { RelaySocket } from "../../../net/webrtc/test/relay-socket.js";
import { createMemoryStore } from "../../../store/memory-store.js";
import { type HomsServer, type HomsServerOptions, startHomsServer } from "../../server.js";
import { creationInfo } from "../../test/harness.js";

const open: { close(): unknown }[] = [];

/** To be called after each test. */
export async function closeAll(): Promise<void> {
  for (const one of open.splice(0).reverse()) await one.close();
}

export async function start(options: Partial<HomsServerOptions> = {}): Promise<HomsServer> {
  const homs = await startHomsServer({ store: createMemoryStore(), signalling: { port: 0 }, ...options });
  open.push(homs);
  return homs;
}

type Json = ReturnType<JSON["parse"]>;

export async function post(homs: HomsServer, path: string, body: object, method = "POST"): Promise<Json> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(homs.url + path, { method, headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
  return response.json();
}

export async function overlay(homs: HomsServer): Promise<string> {
  return (await post(homs, "/homs", { overlay_info: creationInfo })).overlay["overlay-id"];
}

export const credentials = (id: string, peerId: string, password = `pw${peerId}`) => ({
  overlay: { "overlay-id": id },
  peer: { "peer-id": peerId, auth: { password } },
});

/** Joins; gives the signalling token. */
export async function join(
  homs: HomsServer,
  id: string,
  peerId: string,
  password = `pw${peerId.replace(";", "")}`,
): Promise<string | undefined> {
  const body = {
    overlay: { "overlay-id": id, type: "core", "sub-type": "tree" },
    peer: { "peer-id": peerId, address: "ws://relay", auth: { password } },
  };
  return (await post(homs, "/peer", body)).peer["signalling-token"];
}

/** A socket that keeps what it gets, closed after the test. */
export class Client extends RelaySocket {
  constructor(url: string, options: { ca?: string } = {}) {
    super(url, options);
    open.push({ close: () => this.socket.terminate() });
  }

  static async open(homs: HomsServer, hello?: object): Promise<Client> {
    return await new Client(homs.signalling?.url ?? "").opened(hello);
  }
}

export const hello = (peerId: string, token: string | undefined) => ({ "peer-id": peerId, token });
