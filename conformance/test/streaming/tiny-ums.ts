import type { Exchange, Json, Reply, Tiny } from "./frame.js";
import { Refused } from "./frame.js";

interface Grant {
  readonly from: number;
  readonly until: number;
}

interface Kept {
  readonly setting: Json;
  readonly users: Map<string, Grant>;
}

const ADMIN = "the-administrator";
const OMS = "the-oms";

/** A UMS in one file, kept in memory. */
export class TinyUms implements Tiny {
  readonly #users = new Map<string, Json>();
  readonly #channels = new Map<string, Kept>();
  readonly #does: (quirk: string) => boolean;

  left(): number {
    return this.#users.size + this.#channels.size;
  }

  constructor(quirk: string) {
    this.#does = (one) => quirk.split("; ").includes(one);
  }

  answer({ operation, params, token, body }: Exchange): Reply {
    const { UID = "", CID = "" } = params;
    if (operation === "UMS_ACCESS_QUERY") return this.#access((body.access_request ?? {}) as Json, token);
    if (operation === "UMS_CHANNEL_LIST") return this.#list(token);
    if (token !== ADMIN) throw new Refused(401);
    const channel = this.#channels.get(CID);
    switch (operation) {
      case "UMS_USER_PUT":
        this.#users.set(UID, body.user as Json);
        break;
      case "UMS_USER_DELETE":
        this.#users.delete(UID);
        break;
      case "UMS_CHANNEL_PUT": {
        const { users = [], ...setting } = body.channel as Json;
        const grants = (users as Json[]).map((one) => [String(one.user_id), grantOf(one)] as const);
        this.#channels.set(CID, { setting, users: new Map(grants) });
        break;
      }
      case "UMS_CHANNEL_DELETE":
        this.#channels.delete(CID);
        break;
      case "UMS_GRANT_PUT":
        channel?.users.set(UID, grantOf((body.grant ?? {}) as Json));
        break;
      default:
        if (!this.#does("takes nothing back")) channel?.users.delete(UID);
    }
    return { status: this.#does("answers 204") ? 204 : 200 };
  }

  #holds(grant: Grant | undefined): boolean {
    if (!grant) return this.#does("grants everybody everything");
    const now = Date.now();
    const begun = grant.from <= now || this.#does("knows no beginnings");
    return begun && (now < grant.until || this.#does("knows no ends"));
  }

  #access({ user_id, user_credential, peer_id, session_id }: Json, token: string): Reply {
    if (token !== OMS && !this.#does("answers everybody")) throw new Refused(401);
    const byPeer = [...this.#users].find(([, one]) => (one.peer_id as string[] | undefined)?.includes(String(peer_id)));
    const id = typeof user_id === "string" ? user_id : byPeer?.[0];
    const user = this.#users.get(id ?? "");
    const named = (key: string, { setting }: Kept): boolean => {
      const names = [
        setting.overlay_network_id,
        ...(this.#does("knows sessions by overlay network only") ? [] : [setting.title, key]),
      ];
      return names.includes(session_id);
    };
    const channel = this.#does("looks at no session")
      ? [...this.#channels.values()].find(({ users }) => users.has(id ?? ""))
      : [...this.#channels].find(([key, one]) => named(key, one))?.[1];
    const grant = channel?.users.get(id ?? "");
    const proven =
      this.#does("looks at no credential") ||
      user_id === undefined ||
      user?.credential === user_credential ||
      (this.#does("looks at the length of credentials") &&
        String(user?.credential).length === String(user_credential).length);
    const peers = user?.peer_id as string[] | undefined;
    const comes = this.#does("looks at no peer") || (peers?.includes(String(peer_id)) ?? true);
    const knows = user_id !== undefined || !this.#does("wants a user's name");
    const granted = user !== undefined && channel !== undefined && proven && comes && knows && this.#holds(grant);
    if (!granted && this.#does("refuses with 403")) throw new Refused(403);
    const now = Date.now();
    const end = this.#does("promises for ever")
      ? now + 31_536_000_000
      : Math.min(now + 300_000, grant?.until ?? Number.POSITIVE_INFINITY);
    const rights: Json = { granted: this.#does("grants nobody anything") ? false : granted };
    if (!this.#does("tells no validity")) {
      rights.valid_from = new Date(now).toISOString();
      rights.valid_until = new Date(this.#does("ends before it begins") ? now - 1000 : end).toISOString();
    }
    if (granted && user.service_class !== undefined)
      rights.service_class = this.#does("has one class for all") ? 1 : user.service_class;
    if (this.#does("tells credentials")) rights.user = user;
    return { status: 200, body: { access_rights: rights } };
  }

  #list(token: string): Reply {
    const [id] = [...this.#users].find(([, { credential }]) => credential === token) ?? [];
    if (id === undefined && !this.#does("lists for everybody")) throw new Refused(401);
    const channels = [...this.#channels.values()]
      .filter(({ users }) => {
        const grant = users.get(id ?? "");
        if (this.#does("lists all channels")) return true;
        if (!grant) return false;
        return this.#does("lists channels of any time") || this.#holds(grant);
      })
      .map(({ setting }) => {
        const { overlay_network_id: _, ...rest } = setting;
        return this.#does("lists without overlay network") ? rest : setting;
      });
    return {
      status: 200,
      body: { channels: this.#does("lists one channel at most") ? channels.slice(0, 1) : channels },
    };
  }
}

function grantOf({ valid_from, valid_until }: Json): Grant {
  return {
    from: typeof valid_from === "string" ? Date.parse(valid_from) : 0,
    until: typeof valid_until === "string" ? Date.parse(valid_until) : Number.POSITIVE_INFINITY,
  };
}
