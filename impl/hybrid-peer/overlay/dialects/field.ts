import { type Dialect, type DialectAnswer, type DialectRequest, type Json, objectOf, without } from "./dialect.js";

/** Lifetime of an overlay network where the caller leaves it to the HOMS: that of V22 would take 0 for it. */
const OVERLAY_EXPIRES_S = 3600;

/** What the HOMS of the field keep of a text, in characters; a longer one is answered with 500. */
const longest: Readonly<Record<string, number>> = {
  "overlay-id": 50,
  "owner-id": 50,
  "peer-id": 50,
  address: 50,
  password: 50,
  admin_key: 50,
  access_key: 50,
  title: 100,
  description: 100,
};

/** Why a HOMS of the field could not keep a message; undefined where it could. It stores UTF-8 of three octets at most. */
export function tooMuch(value: unknown, name = ""): string | undefined {
  if (typeof value === "string") {
    const most = longest[name];
    if (most !== undefined && value.length > most) {
      return `${name} has ${value.length} characters, and a HOMS of this dialect keeps ${most}`;
    }
    return /[\u{10000}-\u{10ffff}]/u.test(value)
      ? `${name} has characters beyond U+FFFF, which a HOMS of this dialect cannot keep`
      : undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  for (const [key, member] of Object.entries(value)) {
    const found = tooMuch(member, Array.isArray(value) ? name : key);
    if (found !== undefined) return found;
  }
  return undefined;
}

type Write = (body: Json) => { body: Json; query?: string };

interface Form {
  readonly create: Write;
  readonly modify: Write;
  readonly join: Write;
  readonly report: Write;
  readonly refresh: Write;
  readonly leave: Write;
}

function dialect(name: Dialect["name"], form: Form, instead: Dialect["instead"] = () => undefined): Dialect {
  const writers: Readonly<Record<string, Write>> = {
    "POST /homs": form.create,
    "PUT /homs": form.modify,
    "POST /peer": form.join,
    "POST /peer/report": form.report,
    "PUT /peer": form.refresh,
    "DELETE /peer": form.leave,
  };
  return {
    name,
    request(request) {
      const write = writers[`${request.method} ${request.path}`];
      if (write === undefined || request.body === undefined) return request;
      const { body, query = request.query } = write(request.body);
      return { ...request, body, query };
    },
    answer(request, { status, body }): DialectAnswer | undefined {
      // A second join of a member is a duplicate key of the database.
      const duplicate = status === 500 && typeof body === "string" && /duplicate/i.test(body);
      return duplicate && request.path === "/peer" ? { status: 409, body } : undefined;
    },
    instead,
  };
}

/** `overlay`, and none of this project's extras. */
const overlayOf = (body: Json, ...not: readonly string[]): Json => without(body.overlay ?? body.overlay_info, ...not);

const peerOf = (body: Json): Json => {
  const peer = objectOf(body.peer);
  return { ...without(peer, "applications", "auth"), auth: without(peer.auth, "public-key") };
};

/** The field's HOMS issue and take tickets as numbers. */
const ticketIn = (overlay: Json): number | undefined => {
  const ticket = overlay["ticket-id"];
  return ticket === undefined ? undefined : Number(ticket);
};

const leave: Write = (body) => ({ body: { overlay: overlayOf(body), peer: peerOf(body) } });

const v22: Form = {
  create: (body) => {
    const overlay = overlayOf(body);
    return { body: { overlay: { ...overlay, expires: overlay.expires ?? OVERLAY_EXPIRES_S } } };
  },
  // A modification without a lifetime resets it.
  modify: (body) => {
    const overlay = overlayOf(body);
    return { body: { overlay: { ...overlay, expires: overlay.expires ?? OVERLAY_EXPIRES_S } } };
  },
  join: (body) => {
    const overlay = overlayOf(body);
    const ticket = ticketIn(overlay);
    return {
      body: { overlay: { ...overlay, ...(ticket !== undefined && { "ticket-id": ticket }) }, peer: peerOf(body) },
    };
  },
  report: (body) => {
    const peer = peerOf(body);
    const status = objectOf(body.status);
    const costmap = { peer_id: peer["peer-id"], costmap: status.costmap };
    return { body: { overlay: overlayOf(body), peer: { ...peer, status: { ...without(status, "lost"), costmap } } } };
  },
  refresh: (body) => ({ body: { overlay: overlayOf(body), peer: peerOf(body) } }),
  leave,
};

const v23: Form = {
  create: (body) => ({ body: { overlay: overlayOf(body, "expires") } }),
  modify: (body) => ({ body: { overlay: overlayOf(body, "expires") } }),
  join: (body) => {
    const overlay = objectOf(body.overlay);
    const peer = { ...peerOf(body), ...without({ expires: overlay.expires }), "ticket-id": ticketIn(overlay) ?? -1 };
    return {
      body: { overlay: overlayOf(body, "expires", "recovery", "ticket-id"), peer },
      query: overlay.recovery === true ? "?recovery=true" : "",
    };
  },
  report: (body) => ({ body: { overlay: overlayOf(body), peer: peerOf(body), status: without(body.status, "lost") } }),
  refresh: (body) => {
    const { expires } = objectOf(body.overlay);
    return { body: { overlay: overlayOf(body, "expires"), peer: { ...peerOf(body), ...without({ expires }) } } };
  },
  leave,
};

/** Every peer of a V23a has a number for its instance beside its identifier. */
function withInstance(instance: number): Form {
  const added =
    (write: Write): Write =>
    (body) => {
      const written = write(body);
      return {
        ...written,
        body: { ...written.body, peer: { ...objectOf(written.body.peer), "instance-id": instance } },
      };
    };
  const { join, report, refresh, leave } = v23;
  return { ...v23, join: added(join), report: added(report), refresh: added(refresh), leave: added(leave) };
}

/** V23 refuses every removal with 400; what its own pages remove overlay networks by is a call of another kind. */
function removal(request: DialectRequest, { status }: DialectAnswer): DialectRequest | undefined {
  if (request.method !== "DELETE" || request.path !== "/homs" || status !== 400) return undefined;
  const id = objectOf(request.body?.overlay)["overlay-id"];
  return { method: "POST", path: "/api/HybridOverlayRemoval", query: "", body: { "overlay-id": id } };
}

/** @param instance of this process, from 1 on */
export function fieldDialect(name: Exclude<Dialect["name"], "text">, instance: number): Dialect {
  if (name === "v22") return dialect("v22", v22);
  return name === "v23a" ? dialect("v23a", withInstance(instance)) : dialect("v23", v23, removal);
}
