import { keyPair } from "../../engine/ed25519.js";
import { sessionKey } from "../../streaming/session-key.js";
import type { Exchange, Json, Reply, Tiny } from "./frame.js";
import { Refused } from "./frame.js";

interface Member {
  addresses: unknown;
  readonly role: string;
  readonly token: string;
  readonly secrets: Json;
}

interface Overlay {
  readonly id: string;
  readonly token: string;
  readonly creation: Json;
  readonly members: Map<string, Member>;
  readonly expiration: number;
  end: number;
}

const provider = keyPair(Buffer.alloc(32, 7));
const stranger = keyPair(Buffer.alloc(32, 9));
/** Peers in a list where nothing is asked for. */
const USUAL = 20;

/** An OMS in one file, kept in memory; it knows no other server. */
export class TinyOms implements Tiny {
  readonly #overlays = new Map<string, Overlay>();
  readonly #does: (quirk: string) => boolean;
  #made = 0;

  /** Those whose time is over are looked for when somebody asks. */
  left(): number {
    return this.#overlays.size;
  }

  constructor(quirk: string) {
    this.#does = (one) => quirk.split("; ").includes(one);
  }

  answer(exchange: Exchange): Reply {
    const { operation, params, token, body } = exchange;
    if (operation === "OMS_OVERLAY_CREATE") return this.#create(body.overlay_creation as Json);
    const overlay = this.#overlays.get(params.NID ?? "");
    const over = overlay && Date.now() >= overlay.end && !this.#does("never removes");
    const late = operation === "OMS_OVERLAY_REFRESH" && this.#does("brings back what is over");
    if (over && overlay && !late) this.#overlays.delete(overlay.id);
    if (over && this.#does("takes others along")) this.#overlays.clear();
    if (!overlay || (over && !late)) throw new Refused(this.#does("answers 410") ? 410 : 404);
    const trusting = this.#does("trusts everybody");
    const owns = trusting || token === overlay.token;
    switch (operation) {
      case "OMS_OVERLAY_QUERY":
        return { status: 200, body: { overlay_network: this.#facts(overlay) } };
      case "OMS_OVERLAY_REFRESH":
        if (!owns) throw new Refused(401);
        this.#overlays.set(overlay.id, overlay);
        if (!this.#does("heeds no refresh")) overlay.end = Date.now() + 1000 * overlay.expiration;
        return { status: 200, body: { refresh_expiration: overlay.expiration } };
      case "OMS_OVERLAY_REMOVE":
        if (!owns) throw new Refused(401);
        if (!this.#does("removes nothing")) this.#overlays.delete(overlay.id);
        return { status: 200 };
      case "OMS_JOIN":
        return this.#join(overlay, body.join as Json);
      default:
        return this.#member(overlay, exchange);
    }
  }

  #create(creation: Json): Reply {
    const wanted = Number(creation.refresh_expiration ?? 300);
    const expiration = this.#does("removes too early") ? Math.max(1, wanted - 1) : wanted;
    const { peer_id, addresses } = creation.source_peer as Json;
    const id = this.#does("gives one identifier to all") ? "overlay" : `overlay-${++this.#made}`;
    const token = `owner-${this.#made}-${Math.random()}`;
    const source = { addresses, role: "source-peer", token, secrets: {} };
    this.#overlays.set(id, {
      id,
      token,
      creation,
      members: new Map([[String(peer_id), source]]),
      expiration,
      end: Date.now() + 1000 * expiration,
    });
    const answer: Json = {
      overlay_network_id: id,
      owner_token: token,
      refresh_expiration: wanted,
      session_key: "key",
      provider_public_key: provider.publicKey,
    };
    if (this.#does("tells the least")) for (const name of ["session_key", "provider_public_key"]) delete answer[name];
    if (this.#does("tells no expiration")) delete answer.refresh_expiration;
    if (this.#does("gives no identifier")) answer.overlay_network_id = "";
    if (this.#does("repeats what it was told")) answer.closed = creation.closed;
    return { status: this.#does("answers 201") ? 201 : 200, body: { overlay_network: answer } };
  }

  #facts({ id, creation, expiration }: Overlay): Json {
    const { peer_id, public_key } = creation.source_peer as Json;
    if (this.#does("tells the least")) return { overlay_network_id: id };
    return {
      overlay_network_id: id,
      content_type: this.#does("takes all content for FILE") ? "FILE" : creation.content_type,
      fragment_size: creation.fragment_size,
      closed: creation.closed !== undefined,
      source_peer_id: peer_id,
      source_public_key: public_key,
      refresh_expiration: expiration,
      provider_public_key: provider.publicKey,
      ...(this.#does("shows the creation") ? { creation } : {}),
    };
  }

  #admits({ creation }: Overlay, { peer_id, password }: Json): boolean {
    const closed = creation.closed as { peer_id?: string[]; password?: string } | undefined;
    if (!closed || this.#does("lets everybody in")) return true;
    const listed = closed.peer_id?.includes(String(peer_id));
    const beginning =
      this.#does("looks at the beginning of passwords") && closed.password?.startsWith(String(password));
    const alike =
      this.#does("looks at passwords in any case") && closed.password?.toLowerCase() === String(password).toLowerCase();
    if (this.#does("takes any password where there is none") && closed.password === undefined && password !== undefined)
      return true;
    const right = password === closed.password || beginning === true || alike;
    const knows = closed.password === undefined ? undefined : right;
    const lists = this.#does("looks at no list") ? true : listed;
    const proves = this.#does("looks at no password") && closed.password !== undefined ? true : knows;
    if (this.#does("wants both")) return lists !== false && proves !== false;
    if (this.#does("lets in by the password only"))
      return closed.password === undefined ? lists === true : proves === true;
    return lists === true || proves === true;
  }

  #join(overlay: Overlay, join: Json): Reply {
    const id = String(join.peer_id);
    const { members } = overlay;
    if (!this.#admits(overlay, join)) {
      if (this.#does("lists who was refused")) members.set(id, { addresses: [], role: "peer", token: "", secrets: {} });
      throw new Refused(403);
    }
    if (members.has(id) && !this.#does("lets anybody take a member's place")) throw new Refused(409);
    const token = `peer-${id}-${Math.random()}`;
    members.set(id, { addresses: join.addresses, role: "peer", token, secrets: join });
    const key = join.public_key as string | undefined;
    const statement = { overlay: overlay.id, peer: id, publicKey: key ?? "", notAfter: Date.now() + 3_600_000 };
    const signed = this.#does("binds no key") ? { ...statement, publicKey: stranger.publicKey } : statement;
    const keys =
      key === undefined || this.#does("gives no session key")
        ? {}
        : { session_key: sessionKey(signed, this.#does("signs with another key") ? stranger : provider) };
    const membership = {
      overlay_network_id: overlay.id,
      peer_token: token,
      ...keys,
      provider_public_key: provider.publicKey,
      expires: 300,
      peer_list: this.#list(overlay, id, join.max_peer_num),
    };
    return { status: 200, body: { membership } };
  }

  #list(overlay: Overlay, asker: string, most: unknown): Json[] {
    const everywhere = this.#does("lists peers of other overlay networks") ? [...this.#overlays.values()] : [overlay];
    const all = everywhere.flatMap(({ members }) => [...members]);
    const others = all.filter(([id]) => id !== asker || this.#does("lists the asker itself"));
    const limit = this.#does("knows no limit")
      ? undefined
      : ((most as number | undefined) ?? (this.#does("lists all") ? undefined : USUAL));
    const shown = this.#does("lists the source peer only") ? others.filter(([, { role }]) => role !== "peer") : others;
    return shown.slice(0, limit).map(([peer_id, { addresses, role, secrets, token }]) => ({
      peer_id,
      addresses: this.#does("lists no addresses") ? [] : addresses,
      role,
      ...(this.#does("lists secrets") ? { secrets, token } : {}),
    }));
  }

  #member(overlay: Overlay, { operation, params, token, body }: Exchange): Reply {
    const id = params.PID ?? "";
    const member = overlay.members.get(id);
    if (!member) throw new Refused(404);
    if (token !== member.token && !this.#does("trusts everybody") && !this.#does("knows members by name"))
      throw new Refused(401);
    switch (operation) {
      case "OMS_LEAVE":
        if (!this.#does("keeps who left")) overlay.members.delete(id);
        return { status: 200 };
      case "OMS_MEMBERSHIP_REFRESH": {
        const { addresses } = (body.membership ?? {}) as Json;
        if (addresses !== undefined && !this.#does("keeps addresses")) member.addresses = addresses;
        return { status: 200, body: { expires: 300 } };
      }
      case "OMS_PEER_LIST":
        return {
          status: 200,
          body: { peer_list: this.#list(overlay, id, (body.peer_list_request as Json).max_peer_num) },
        };
      default:
        return { status: 200, body: { allocations: [] } };
    }
  }
}
