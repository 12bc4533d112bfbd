import { randomBytes } from "node:crypto";

export type Json = Record<string, unknown>;

export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Undefined where the body is no JSON. */
  body: unknown;
}

export interface Reply {
  status: number;
  body?: unknown;
}

export interface Overlay {
  readonly id: string;
  readonly info: Json;
  end: number;
  readonly members: Map<string, Member>;
}

export interface Member {
  readonly peer: Json;
  readonly ticket: number;
  end: number;
}

/** How a server differs from the plain one: rules it does not keep, and what it changes on the way in and out. */
export interface Twist {
  readonly ignore?: readonly Rule[];
  readonly before?: (exchange: Exchange, homs: TinyHoms) => void;
  readonly after?: (exchange: Exchange, reply: Reply, homs: TinyHoms) => Reply | undefined;
}

/** Everything that can be left undone. */
export type Rule =
  | `required ${string}`
  | "heartbeat-interval"
  | "heartbeat-timeout"
  | "owner"
  | "admin key"
  | "access key"
  | "peer list"
  | "password"
  | "membership"
  | "once"
  | "overlay expiry"
  | "peer expiry";

class Refused extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * A HOMS in one file, written from Q.4103 alone and sharing nothing with the reference: what the suite is tried on. Secrets are kept in
 * clear, nothing is stored, and nobody should run it.
 */
export class TinyHoms {
  readonly overlays = new Map<string, Overlay>();
  readonly #ignored: ReadonlySet<string>;
  readonly #twist: Twist;

  constructor(twist: Twist = {}) {
    this.#twist = twist;
    this.#ignored = new Set(twist.ignore);
  }

  handle(exchange: Exchange): Reply {
    this.#sweep();
    this.#twist.before?.(exchange, this);
    const reply = this.#answer(exchange);
    return this.#twist.after?.(exchange, reply, this) ?? reply;
  }

  #answer(exchange: Exchange): Reply {
    const { method, path } = exchange;
    const primitive = this.#primitives[`${method} ${path}`];
    if (!primitive) return { status: ["/homs", "/peer", "/peer/report"].includes(path) ? 405 : 404 };
    try {
      if (method !== "GET" && !isObject(exchange.body)) throw new Refused(400, "the body is no JSON object");
      return { status: 200, body: primitive(exchange.body as Json, exchange.query) };
    } catch (error) {
      if (error instanceof Refused) return { status: error.status, body: { error: error.message } };
      throw error;
    }
  }

  readonly #primitives: Readonly<Record<string, (body: Json, query: URLSearchParams) => unknown>> = {
    "POST /homs": (body) => {
      const info = structuredClone(this.#object(body, "overlay_info"));
      for (const name of ["title", "type", "sub-type", "owner-id", "description"]) this.#text(info, name);
      const [interval, timeout] = [this.#number(info, "heartbeat-interval"), this.#number(info, "heartbeat-timeout")];
      this.#rule("heartbeat-interval", interval > 5, 400);
      this.#rule("heartbeat-timeout", timeout > 3 * interval, 400);
      if (isObject(info.auth)) this.#text(info.auth, "admin_key");
      const made = info.auth === undefined ? { admin_key: randomBytes(9).toString("hex") } : {};
      info.auth ??= { type: "open", ...made };
      const id = `hon-${randomBytes(6).toString("hex")}`;
      const expires = Number(info.expires ?? 86_400);
      Object.assign(info, { "overlay-id": id, expires });
      const overlay = { id, info, end: Date.now() + expires * 1000, members: new Map<string, Member>() };
      this.overlays.set(id, overlay);
      const { title: _, description: __, trans_policy: ___, auth, ...answer } = info;
      return { overlay: { ...answer, auth: { type: (auth as Json).type, ...made } } };
    },
    "GET /homs": (_, query) => {
      const found = [...this.overlays.values()].filter(({ id, info }) => {
        const [wanted, title, description] = ["overlay-id", "title", "description"].map((name) => query.get(name));
        return (
          (wanted === null || wanted === undefined || wanted === id) &&
          String(info.title).includes(title ?? "") &&
          String(info.description).includes(description ?? "")
        );
      });
      return { overlay: found.map((overlay) => this.#entry(overlay)) };
    },
    "PUT /homs": (body) => {
      const asked = this.#object(body, "overlay");
      const overlay = this.#owned(asked);
      const auth = asked.auth as Json;
      for (const name of ["title", "description", "trans_policy"]) {
        if (asked[name] !== undefined) overlay.info[name] = asked[name];
      }
      if (asked.expires !== undefined) {
        overlay.info.expires = asked.expires;
        overlay.end = Date.now() + Number(asked.expires) * 1000;
      }
      overlay.info.auth = { ...(overlay.info.auth as Json), ...auth };
      const { title, description, expires, "owner-id": ownerId } = overlay.info;
      const type = (overlay.info.auth as Json).type;
      return {
        overlay: { "overlay-id": overlay.id, title, description, expires, "owner-id": ownerId, auth: { type } },
      };
    },
    "DELETE /homs": (body) => {
      const { id } = this.#owned(this.#object(body, "overlay"));
      this.overlays.delete(id);
      return { overlay: { "overlay-id": id } };
    },
    "POST /peer": (body) => {
      const asked = this.#object(body, "overlay");
      const peer = this.#object(body, "peer");
      const [peerId] = [this.#text(peer, "peer-id"), this.#text(peer, "address")];
      this.#password(peer);
      const overlay = this.#overlay(asked);
      this.#admit(overlay, peerId, asked.auth);
      const known = overlay.members.get(peerId);
      if (known) this.#again(known, asked, peer);
      const expires = Number(asked.expires ?? 3_600);
      const ticket = known?.ticket ?? overlay.members.size + 1;
      overlay.members.set(peerId, { peer: structuredClone(peer), ticket, end: Date.now() + expires * 1000 });
      const others = [...overlay.members.values()].filter((one) => one.peer["peer-id"] !== peerId);
      const { type, "sub-type": subType } = overlay.info;
      return {
        overlay: {
          "overlay-id": overlay.id,
          type,
          "sub-type": subType,
          expires,
          "ticket-id": String(ticket),
          ...(overlay.info.trans_policy === undefined ? {} : { trans_policy: overlay.info.trans_policy }),
          status: {
            num_peers: overlay.members.size,
            status: "active",
            peer_info_list: others.map((one) => ({ "peer-id": one.peer["peer-id"], address: one.peer.address })),
          },
        },
      };
    },
    "PUT /peer": (body) => {
      const asked = this.#object(body, "overlay");
      const peer = this.#object(body, "peer");
      const { overlay, member, peerId } = this.#member(asked, peer);
      this.#text(peer, "address");
      this.#authenticate(member, peer);
      const expires = Number(asked.expires ?? 3_600);
      if (member) member.end = Date.now() + expires * 1000;
      return { overlay: { "overlay-id": overlay.id, expires }, peer: { "peer-id": peerId } };
    },
    "DELETE /peer": (body) => {
      const peer = this.#object(body, "peer");
      const { overlay, member, peerId } = this.#member(this.#object(body, "overlay"), peer);
      this.#authenticate(member, peer);
      overlay.members.delete(peerId);
      return { overlay: { "overlay-id": overlay.id } };
    },
    "POST /peer/report": (body) => {
      const { overlay } = this.#member(this.#object(body, "overlay"), this.#object(body, "peer"));
      this.#object(body, "status");
      return { overlay: { "overlay-id": overlay.id } };
    },
  };

  #entry({ id, info, end, members }: Overlay): Json {
    const { title, type, "sub-type": subType, "owner-id": ownerId, description, trans_policy: floor } = info;
    return {
      "overlay-id": id,
      title,
      type,
      "sub-type": subType,
      "owner-id": ownerId,
      description,
      expires: Math.max(1, Math.floor((end - Date.now()) / 1000)),
      status: { num_peers: members.size, status: "active" },
      auth: { type: (info.auth as Json).type },
      ...(info["cr-policy"] === undefined ? {} : { "cr-policy": info["cr-policy"] }),
      ...(floor === undefined ? {} : { trans_policy: floor }),
    };
  }

  #admit({ info }: Overlay, peerId: string, shown: unknown): void {
    const { type, access_key: key, peerlist } = info.auth as Json;
    if (type !== "closed") return;
    const listed = Array.isArray(peerlist) && peerlist.includes(peerId) && !this.#ignored.has("peer list");
    const right = isObject(shown) && key !== undefined && shown.access_key === key;
    if (!listed) this.#rule("access key", right, 403);
  }

  /** A member joins again: only with its ticket, and its password. */
  #again(known: Member, asked: Json, peer: Json): void {
    this.#rule("once", asked.recovery === true || asked["ticket-id"] !== undefined, 409);
    if (this.#ignored.has("once")) return;
    if (String(asked["ticket-id"]) !== String(known.ticket)) throw new Refused(403, "another ticket");
    this.#authenticate(known, peer);
  }

  #owned(asked: Json): Overlay {
    const overlay = this.#overlay(asked);
    const ownerId = this.#text(asked, "owner-id");
    this.#rule("owner", ownerId === overlay.info["owner-id"], 403);
    const auth = this.#ignored.has("required auth") ? {} : this.#object(asked, "auth");
    this.#rule("admin key", auth.admin_key === (overlay.info.auth as Json).admin_key, 401);
    return overlay;
  }

  #overlay(asked: Json): Overlay {
    const overlay = this.overlays.get(this.#text(asked, "overlay-id"));
    if (!overlay) throw new Refused(404, "no such overlay");
    return overlay;
  }

  #member(asked: Json, peer: Json): { overlay: Overlay; member: Member | undefined; peerId: string } {
    const overlay = this.#overlay(asked);
    const peerId = this.#text(peer, "peer-id");
    const member = overlay.members.get(peerId);
    this.#rule("membership", member !== undefined, 404);
    return { overlay, member, peerId };
  }

  #password(peer: Json): unknown {
    if (this.#ignored.has("required auth")) return "";
    return this.#text(this.#object(peer, "auth"), "password");
  }

  #authenticate(member: Member | undefined, peer: Json): void {
    const shown = this.#password(peer);
    this.#rule("password", shown === (member?.peer.auth as Json | undefined)?.password, 401);
  }

  #rule(rule: Rule, kept: boolean, status: number): void {
    if (!kept && !this.#ignored.has(rule)) throw new Refused(status, rule);
  }

  #object(holder: Json, name: string): Json {
    const value = holder[name];
    if (isObject(value)) return value;
    this.#rule(`required ${name}`, false, 400);
    return {};
  }

  #text(holder: Json, name: string): string {
    const value = holder[name];
    this.#rule(`required ${name}`, typeof value === "string" && value !== "", 400);
    return String(value);
  }

  #number(holder: Json, name: string): number {
    const value = holder[name];
    this.#rule(`required ${name}`, typeof value === "number", 400);
    return typeof value === "number" ? value : 40;
  }

  #sweep(): void {
    for (const overlay of this.overlays.values()) {
      if (overlay.end <= Date.now() && !this.#ignored.has("overlay expiry")) this.overlays.delete(overlay.id);
      for (const [peerId, { end }] of overlay.members) {
        if (end <= Date.now() && !this.#ignored.has("peer expiry")) overlay.members.delete(peerId);
      }
    }
  }
}

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
