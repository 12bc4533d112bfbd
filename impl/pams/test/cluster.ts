import { createPampClient } from "../../../generated/pamp/index.js";
import { createMemoryStore } from "../../store/memory-store.js";
import type { PamsPolicy } from "../policy.js";
import { type PamsServer, startPamsServer } from "../server.js";

/** Several PAMSs in this process, over real sockets, found by their DHT. */
export async function startCluster(count: number, policy: Partial<PamsPolicy> = {}): Promise<PamsServer[]> {
  const servers: PamsServer[] = [];
  for (let i = 0; i < count; i++) servers.push(await joinCluster(servers, policy));
  await together(servers);
  return servers;
}

export async function joinCluster(
  others: readonly PamsServer[],
  policy: Partial<PamsPolicy> = {},
): Promise<PamsServer> {
  const [first] = others;
  const bootstrap = first === undefined ? [] : [`127.0.0.1:${first.membership?.dhtPort}`];
  return startPamsServer({
    store: createMemoryStore(),
    policy,
    authentication: { peers: "token", operator: { bearer: "operator" } },
    cluster: { token: "secret of the cluster", dht: { host: "127.0.0.1", port: 0, bootstrap }, pollMs: 100 },
  });
}

/** Resolves when each knows all others. */
export async function together(servers: readonly PamsServer[]): Promise<void> {
  for (let i = 0; i < 300; i++) {
    if (servers.every(({ membership }) => membership?.others.length === servers.length - 1)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the PAMSs have not found each other: ${servers.map((one) => one.membership?.others.length)}`);
}

export const NID = "overlay";
export const clientOf = (url: string, token?: string) =>
  createPampClient({ baseUrl: url, ...(token === undefined ? {} : { auth: { bearer: token } }) });

/** Registers an overlay network at one PAMS; gives back the one that it is told. */
export async function registerOverlay(at: PamsServer, content_type = "FILE"): Promise<string> {
  const body = { overlay_network_information: { overlay_network_id: NID, content_type } };
  const result = await clientOf(at.url).PAMP_OVERLAY_NW_REG({ body });
  if (result.status !== 200) throw new Error(`registration of the overlay: ${result.code}`);
  return result.body.pam_conf_info.pams_url ?? "";
}

export interface Registered {
  readonly id: string;
  readonly url: string;
  readonly token: string;
}

export async function registerPeer(at: string, id: string): Promise<Registered> {
  const result = await clientOf(at).PAMP_PEER_REG({ params: { NID }, body: { peer_information: { peer_id: id } } });
  if (result.status !== 200) throw new Error(`registration of ${id}: ${result.code}`);
  return { id, url: result.body.pam_conf_info.pams_url ?? "", token: result.headers["pamp-peer-token"] ?? "" };
}

export const report = async ({ id, url, token }: Registered, dynamic_status: object): Promise<number> =>
  (
    await clientOf(url, token).PAMP_PEER_STATUS_REPORT({
      params: { NID, PID: id },
      body: { peer_status: { dynamic_status } },
    })
  ).code;

export async function list(
  at: string,
  condition: object = {},
): Promise<{ peers: string[]; fragments: number[] } | number> {
  const result = await clientOf(at).PAMP_PEER_LIST_QUERY({
    params: { NID },
    body: { peer_query_condition: condition },
  });
  if (result.status !== 200) return result.code;
  const { peer_id = [], fragment_list } = result.body.peer_list;
  return { peers: peer_id, fragments: fragment_list?.fragment ?? [] };
}
