import type { Answer } from "../client/answer.js";
import { equipClient } from "../client/client.js";
import type { ClientRequest } from "../client/request.js";
import type { StandIn } from "../client/stand-in.js";
import type { Declaration } from "../engine/declaration.js";
import type { RunContext } from "../engine/entity.js";
import type { Test } from "../engine/test.js";
import { wallClock } from "../streaming/clock.js";
import { ok, serverOperations } from "../streaming/servers.js";
import type { Session } from "../streaming/session.js";
import { keyFor, newSession, sessionAnswer, stand } from "../streaming/session.js";
import { sourcePeerActions } from "./actions.js";
import type { Created, SourcePeerTest } from "./case.js";
import type { sourcePeerDeclaration } from "./declaration.js";

export const CREATE = "OMS_OVERLAY_CREATE";
export const REGISTER = "IXS_INDEX_FILE_REGISTER";
export const UPDATE = "IXS_INDEX_FILE_UPDATE";
export const REMOVE = "IXS_INDEX_FILE_REMOVE";
export const REFRESH = "OMS_OVERLAY_REFRESH";
export const END = "OMS_OVERLAY_REMOVE";

/** What a session is refreshed within unless a case asks otherwise, in s. */
const EXPIRATION_S = 300;
export const FRAGMENT = 1024;
export const OWNER = "token-of-the-owner";

export function equipSourcePeer(base: Test, run: RunContext): SourcePeerTest {
  const declared = base.declared as Declaration<typeof sourcePeerDeclaration>;
  const clock = wallClock(run);
  const session = newSession(base, clock);
  // What is distributed is the product's to make.
  session.content.fragments.splice(0);
  const protocol = {
    operations: serverOperations,
    actions: sourcePeerActions,
    server: "servers",
    usual: (request: ClientRequest, standIn: StandIn): Answer => usual(request, standIn, session, clock),
  };
  const t = Object.assign(equipClient(base, run, { protocol }), {
    declared,
    clock,
    session,
  }) as unknown as SourcePeerTest;

  const create: SourcePeerTest["create"] = async ({ later = [], settings = {} } = {}): Promise<Created> => {
    const product = await t.start({
      actions: ["create-session", ...later],
      settings: {
        "peer-id": t.unique("iut"),
        title: session.title,
        description: "What the suite asks for.",
        "data-source-id": session.dataSource,
        "data-id": session.data,
        "content-type": session.type,
        "fragment-size": FRAGMENT,
        listen: true,
        ...settings,
      },
    });
    const act = product.do("create-session");
    const unless = (): boolean => product.ended() !== undefined || act.done?.how === "unsupported";
    const creation = await t.server.next(CREATE, { withinMs: t.actsWithinMs, unless });
    if (creation.silent) {
      const end = product.ended() === undefined ? "" : `; its process ended: ${product.ended()}`;
      t.inconclusive(`no creation came${end}${act.done ? ` (${act.done.reason})` : ""}`);
    }
    const addresses = creation.get("overlay_creation.source_peer.addresses");
    const address = Array.isArray(addresses) ? addresses.find((one) => /^tcp:/.test(String(one))) : undefined;
    const id = String(creation.get("overlay_creation.source_peer.peer_id") ?? "");
    return { product, act, creation, id, address: String(address ?? "") };
  };

  const registered: SourcePeerTest["registered"] = async () => {
    const request = await t.server.next(REGISTER, { withinMs: t.actsWithinMs });
    if (request.silent) t.inconclusive(`no registration of an index file came: ${request.outcome}`);
    return request;
  };

  const attend: SourcePeerTest["attend"] = async ({ address, act }, role = "peer") =>
    await t.setup("a link with the source peer", async () => {
      await act.over;
      if (address === "") t.inconclusive("the product tells no tcp address in its creation");
      const peer = await stand(base, session, clock(), { role, holds: [] });
      const link = await peer.connect(address);
      if (!(await link.ready(t.actsWithinMs)))
        t.inconclusive(`the product shakes no hands: ${link.ended?.reason ?? ""}`);
      return peer;
    });

  return Object.assign(t, { create, registered, attend });
}

function usual(request: ClientRequest, standIn: StandIn, session: Session, clock: () => number): Answer {
  const { overlay, provider } = session;
  switch (request.primitive) {
    case CREATE: {
      const id = String(request.get("overlay_creation.source_peer.peer_id"));
      const publicKey = String(request.get("overlay_creation.source_peer.public_key"));
      const expiration = request.get("overlay_creation.refresh_expiration");
      const key = { publicKey } as typeof provider;
      return ok({
        overlay_network: {
          overlay_network_id: overlay,
          owner_token: OWNER,
          refresh_expiration: typeof expiration === "number" ? expiration : EXPIRATION_S,
          session_key: keyFor(session, clock(), { id, key }),
          provider_public_key: provider.publicKey,
        },
      });
    }
    case REFRESH:
      return ok({ refresh_expiration: EXPIRATION_S });
    case REGISTER:
      return ok({ registration: { owner_token: OWNER, version: request.get("index_file.version") ?? 1 } });
    case UPDATE:
      return ok({ registration: { version: request.get("index_file.version") } });
    default:
      return sessionAnswer(request, standIn, session, clock);
  }
}
