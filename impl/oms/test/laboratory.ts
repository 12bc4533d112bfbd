import { createOmsClient, type OmsClient, type OverlayCreation } from "../../../generated/oms/index.js";
import { unwrap } from "../../../generated/runtime/http-result.js";
import { createSigningKey } from "../../keys/ed25519.js";
import { createMemoryStore } from "../../store/index.js";
import { type OmsServer, type OmsServerOptions, startOmsServer } from "../server.js";

export const sourceKey = createSigningKey();

/** A creation as a source peer sends it, with what a test wants otherwise. */
export function creation(changes: Partial<OverlayCreation> = {}): { overlay_creation: OverlayCreation } {
  return {
    overlay_creation: {
      title: "weather",
      content_type: "FILE",
      fragment_size: 1000,
      source_peer: { peer_id: "source", public_key: sourceKey.publicKey, addresses: ["tcp://192.0.2.1:9000"] },
      ...changes,
    },
  };
}

export const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

/** An OMS that listens, with a client of it. */
export interface Served {
  readonly server: OmsServer;
  readonly client: OmsClient;
  create(changes?: Partial<OverlayCreation>): Promise<{ id: string; owner: string; pams: string | undefined }>;
  join(id: string, peer: string, more?: object): Promise<Joined>;
}

export interface Joined {
  readonly token: string;
  readonly peers: string[];
  readonly expires: number;
  readonly sessionKey: string | undefined;
  readonly membership: object;
}

export async function serve(options: Partial<OmsServerOptions> = {}): Promise<Served> {
  const server = await startOmsServer({ store: createMemoryStore(), ...options });
  return served(server);
}

export function served(server: OmsServer): Served {
  const client = clientOf(server.url);
  return {
    server,
    client,
    async create(changes) {
      const { overlay_network: made } = unwrap(await client.OMS_OVERLAY_CREATE({ body: creation(changes) }));
      return { id: made.overlay_network_id, owner: made.owner_token, pams: made.pams_url };
    },
    join: (id, peer, more) => joined(client, id, peer, more),
  };
}

export const clientOf = (url: string): OmsClient => createOmsClient({ baseUrl: url, retry: false });

export async function joined(client: OmsClient, id: string, peer: string, more: object = {}): Promise<Joined> {
  const result = await client.OMS_JOIN({
    params: { NID: id },
    body: { join: { peer_id: peer, addresses: [`tcp://192.0.2.9:${4000 + (peer.length % 1000)}`], ...more } },
  });
  const { membership } = unwrap(result);
  return {
    token: membership.peer_token,
    peers: membership.peer_list.map(({ peer_id }) => peer_id),
    expires: membership.expires,
    sessionKey: membership.session_key,
    membership,
  };
}

/** Waits until it holds; the test's own time limit ends what never does. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
}
