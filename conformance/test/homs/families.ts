import { is, overlayOf, part } from "./defects.js";
import type { Variant } from "./oddities.js";
import { answers, everyObject, failing, hyphens, listing, refuse, respell, reversed } from "./oddities.js";
import type { Json } from "./tiny-homs.js";
import { isObject } from "./tiny-homs.js";

/** Everything that Q.4103 leaves open, one at a time: none may cost a failure. */
export const families: Readonly<Record<string, readonly Variant[]>> = {
  wire: [
    { what: "orders members the other way round", after: (_, { status, body }) => ({ status, body: reversed(body) }) },
    {
      what: "adds members of its own everywhere",
      after: (_, reply) => {
        everyObject(reply.body, (one) => {
          if (one.floor === undefined && one.holder === undefined) one["x-extra"] = { more: [1, null] };
        });
        return reply;
      },
    },
    {
      what: "sends its answers in chunks of 97 octets",
      write: (response, { status, body }) => {
        response.writeHead(status, { "content-type": "application/json" });
        const text = Buffer.from(body === undefined ? "" : JSON.stringify(body));
        for (let at = 0; at < text.length; at += 97) response.write(text.subarray(at, at + 97));
        response.end();
      },
    },
    {
      what: "indents its JSON, names a charset, closes each connection",
      write: (response, { status, body }) =>
        void response
          .writeHead(status, { "content-type": "application/json; charset=utf-8", connection: "close" })
          .end(body === undefined ? "" : `${JSON.stringify(body, null, 4)}\n`),
    },
    {
      what: "has a media type of its own",
      write: (response, { status, body }) =>
        void response.writeHead(status, { "content-type": "application/vnd.homs+json" }).end(JSON.stringify(body)),
    },
    {
      what: "says nothing of the media type",
      write: (response, { status, body }) => void response.writeHead(status).end(JSON.stringify(body)),
    },
    {
      what: "sends interim responses before each answer",
      write: (response, { status, body }) => {
        response.writeProcessing();
        response.writeEarlyHints({ link: "</style.css>; rel=preload" });
        response.writeHead(status, { "content-type": "application/json" });
        response.end(body === undefined ? "" : JSON.stringify(body));
      },
    },
    {
      what: "cuts its answers into segments of 13 octets, header and all, and ends them with the connection",
      write: ({ socket }, { status, body }) => {
        const head = `HTTP/1.1 ${status} X\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n`;
        const whole = Buffer.from(head + (body === undefined ? "" : JSON.stringify(body)));
        socket?.setNoDelay(true);
        const next = (at: number): void => {
          socket?.write(whole.subarray(at, at + 13));
          if (at + 13 < whole.length) setImmediate(next, at + 13);
          else socket?.end();
        };
        next(0);
      },
    },
    { what: "takes 30 ms for each answer", delayMs: 30 },
  ],
  failures: [
    { what: "answers every failure 400", ...failing(() => ({ status: 400 })) },
    { what: "answers every failure 403 without body", ...failing(() => ({ status: 403 })) },
    {
      what: "answers refused admission 407",
      ...failing((_, { status }) => ({ status: status === 403 ? 407 : status })),
    },
    { what: "answers what is invalid 422, with a text", ...failing(() => ({ status: 422, body: "no" })) },
    { what: "answers what is gone 410", ...failing((_, { status }) => ({ status: status === 404 ? 410 : status })) },
    {
      what: "repeats the overlay in failures",
      ...failing((exchange, { status }) => ({
        status,
        body: { overlay: { "overlay-id": part(exchange, "overlay")["overlay-id"] } },
      })),
    },
  ],
  success: [
    {
      what: "answers a creation 201 and a join 202",
      after: (exchange, { status, body }) => {
        if (status === 200 && is(exchange, "POST /homs")) return { status: 201, body };
        return status === 200 && is(exchange, "POST /peer") ? { status: 202, body } : undefined;
      },
    },
    {
      what: "answers a report 204",
      after: (exchange, { status }) =>
        is(exchange, "POST /peer/report") && status === 200 ? { status: 204 } : undefined,
    },
    {
      what: "answers a report 200 without body",
      after: (exchange, { status }) => (is(exchange, "POST /peer/report") && status === 200 ? { status } : undefined),
    },
  ],
  queries: [
    { what: "lists overlays in a bare list", ...listing((list) => list) },
    { what: "lists objects that hold an overlay each", ...listing((list) => list.map((overlay) => ({ overlay }))) },
    {
      what: "answers a query without match 404",
      after: (exchange, { body }) =>
        is(exchange, "GET /homs") && isObject(body) && (body.overlay as Json[]).length === 0
          ? { status: 404 }
          : undefined,
    },
    {
      what: "writes lifetimes as text in queries",
      ...answers("GET /homs", (overlay) => {
        overlay.expires = String(overlay.expires);
      }),
    },
    {
      what: "tells the lifetime configured instead of the one left, and no description",
      ...answers("GET /homs", (overlay, _, homs) => {
        overlay.expires = homs.overlays.get(String(overlay["overlay-id"]))?.info.expires;
        delete overlay.description;
        delete overlay.trans_policy;
      }),
    },
    {
      what: "hides closed overlays from queries",
      ...listing((list) => ({ overlay: list.filter(({ auth }) => (auth as Json).type === "open") })),
    },
    {
      what: "finds keywords in whatever case",
      declaration: { options: { "query-any-case": true } },
      before: (exchange, homs) => {
        for (const name of ["title", "description"]) {
          const word = exchange.query.get(name)?.toLowerCase();
          if (word === undefined) continue;
          const texts = [...homs.overlays.values()].map(({ info }) => String(info[name]));
          const text = texts.find((one) => one.toLowerCase().includes(word));
          const at = text?.toLowerCase().indexOf(word) ?? 0;
          if (text) exchange.query.set(name, text.slice(at, at + word.length));
        }
      },
    },
  ],
  owners: [
    {
      what: "takes a creation wrapped in overlay only",
      before: (exchange) => {
        if (!is(exchange, "POST /homs") || !isObject(exchange.body)) return;
        const { overlay } = exchange.body;
        exchange.body = { overlay_info: overlay };
      },
    },
    { what: "spells keys with hyphens only", ...hyphens },
    {
      what: "refuses a creation without auth",
      before: (exchange) => {
        if (is(exchange, "POST /homs") && !isObject(part(exchange, "overlay_info").auth)) refuse(exchange);
      },
    },
    {
      what: "takes the bounds of the heartbeat as inclusive",
      before: (exchange) => {
        const info = part(exchange, "overlay_info");
        if (info["heartbeat-interval"] === 5) info["heartbeat-interval"] = 5.01;
        if (info["heartbeat-timeout"] === 30) info["heartbeat-timeout"] = 30.01;
      },
    },
    { what: "does without a description", ignore: ["required description"] },
    {
      what: "repeats the keys to the owner",
      after: (exchange, reply, homs) => {
        const { overlay } = (isObject(reply.body) ? reply.body : {}) as { overlay?: Json };
        if (reply.status !== 200 || !overlay || !/^(POST|PUT) \/homs$/.test(`${exchange.method} ${exchange.path}`))
          return;
        overlay.auth = homs.overlays.get(String(overlay["overlay-id"]))?.info.auth;
        return reply;
      },
    },
    {
      what: "has title, description and status in the creation answer",
      ...answers("POST /homs", (overlay, _, homs) => {
        const { title, description } = homs.overlays.get(String(overlay["overlay-id"]))?.info ?? {};
        Object.assign(overlay, { title, description, status: { num_peers: 0, status: "active" } });
      }),
    },
    {
      what: "caps lifetimes at 500 s",
      before: (exchange) => {
        for (const name of ["overlay_info", "overlay"]) {
          const holder = part(exchange, name);
          if (is(exchange, "PUT /homs") || typeof holder.expires !== "number" || holder.expires > 40_000) continue;
          holder.expires = Math.min(holder.expires, 500);
        }
      },
    },
    {
      what: "refuses members it does not know",
      before: (exchange) => {
        everyObject(exchange.body, (one) => {
          const known = /^[a-zA-Z_-]*$/;
          const strange = Object.keys(one).some((name) => /^(colour|extension|version|Address|cost)$/.test(name));
          if (strange || !Object.keys(one).every((name) => known.test(name)))
            exchange.method === "GET" || refuse(exchange);
        });
      },
    },
  ],
  members: [
    {
      what: "makes the owner a member",
      before: (exchange, homs) => {
        for (const { info, members, end } of homs.overlays.values()) {
          const id = String(info["owner-id"]);
          if (!members.has(id))
            members.set(id, { peer: { "peer-id": id, address: "tcp://192.0.2.9:9" }, ticket: 0, end });
        }
        return void exchange;
      },
    },
    {
      what: "lists the joining peer among the entry peers",
      ...answers("POST /peer", (overlay, exchange) => {
        const { status } = overlay as { status: { peer_info_list: Json[] } };
        const { "peer-id": id, address } = part(exchange, "peer");
        status.peer_info_list.push({ "peer-id": id, address });
      }),
    },
    {
      what: "tells members the passwords of their entry peers",
      ...answers("POST /peer", (overlay, exchange, homs) => {
        const { status } = overlay as { status: { peer_info_list: Json[] } };
        for (const one of status.peer_info_list) {
          one.auth = overlayOf(exchange, homs)?.members.get(String(one["peer-id"]))?.peer.auth;
        }
      }),
    },
    {
      what: "answers the seconds left, rounded down",
      after: (_, reply) => {
        const { overlay } = (isObject(reply.body) ? reply.body : {}) as { overlay?: Json };
        if (reply.status !== 200 || typeof overlay?.expires !== "number") return undefined;
        overlay.expires -= 1;
        return reply;
      },
    },
    {
      what: "spells Address in entry lists",
      ...answers("POST /peer", (overlay) => respell(overlay, "address", "Address")),
    },
    {
      what: "names one entry peer at most",
      ...answers("POST /peer", (overlay) => {
        const { status } = overlay as { status: { peer_info_list: Json[] } };
        status.peer_info_list = status.peer_info_list.slice(-1);
      }),
    },
    {
      what: "issues no tickets, and takes a second join for a refresh",
      ignore: ["once"],
      ...answers("POST /peer", (overlay) => {
        delete overlay["ticket-id"];
      }),
    },
    {
      what: "issues numbers as tickets, in a peer object with the lifetime",
      after: (exchange, { status, body }) => {
        if (!is(exchange, "POST /peer") || status !== 200) return undefined;
        const { "ticket-id": ticket, ...overlay } = (body as { overlay: Json }).overlay;
        return { status, body: { overlay, peer: { "ticket-id": Number(ticket), expires: overlay.expires } } };
      },
    },
    {
      what: "tells the lifetime of the overlay in join and refresh answers",
      after: (exchange, reply, homs) => {
        const overlay = overlayOf(exchange, homs);
        if (!/ \/peer$/.test(`${exchange.method} ${exchange.path}`) || reply.status !== 200 || !overlay)
          return undefined;
        const told = (reply.body as { overlay: Json }).overlay;
        if (exchange.method !== "DELETE") told.expires = Math.ceil((overlay.end - Date.now()) / 1000);
        return reply;
      },
    },
    {
      what: "takes a join without type and sub-type, and a refresh without address",
      before: (exchange) => {
        if (is(exchange, "PUT /peer")) part(exchange, "peer").address ??= "tcp://192.0.2.9:9";
      },
    },
    {
      what: "removes an overlay with its last member",
      after: (exchange, _reply, homs) => {
        const overlay = is(exchange, "DELETE /peer") ? overlayOf(exchange, homs) : undefined;
        if (overlay?.members.size === 0) homs.overlays.delete(overlay.id);
        return undefined;
      },
    },
    {
      what: "wants PEER_STATUS one level deeper",
      before: (exchange) => {
        if (!is(exchange, "POST /peer/report") || !isObject(exchange.body)) return;
        exchange.body.status = part(exchange, "status").status;
      },
    },
  ],
};
