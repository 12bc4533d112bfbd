import type { HttpReply } from "../engine/http.js";
import { status } from "../engine/http.js";
import { NoAnswer } from "../engine/outcome.js";
import { accepted, carries, elementOf, succeeds } from "./answers.js";
import type { PamsTest } from "./case.js";
import { defineCase } from "./case.js";
import type { Json } from "./messages.js";
import { dynamicStatus, idIn, overlayOf, peerOf, reportOf, staticStatus } from "./messages.js";
import { overlayNetwork } from "./network.js";
import { deregisterOverlay, listPeers, paths, queryPeer, registerOverlay, registerPeer, report } from "./primitives.js";

/** One answer of each kind that has a body, each of them judged: what cannot be read at all is no matter of set-up here. */
async function answersWithBody(t: PamsTest): Promise<readonly (readonly [string, HttpReply])[]> {
  const [overlay, peer] = [overlayOf(t), peerOf(t)];
  const NID = idIn(overlay, "overlay_network_information") ?? "";
  const PID = idIn(peer, "peer_information") ?? "";
  const registered = await registerOverlay(t, overlay);
  const joined = await registerPeer(t, NID, peer);
  await report(t, NID, PID, reportOf(t, dynamicStatus(), staticStatus()));
  return [
    ["an overlay registration", registered],
    ["a peer registration", joined],
    ["a list query", await listPeers(t, NID, { max_peer_num: 10 })],
    ["a query for one peer", await queryPeer(t, NID, PID)],
  ];
}

/** An overlay registration in chunks of a few octets: the body is the same, the framing another. */
function chunked(host: string, headers: string, body: Json): string {
  const chunks = JSON.stringify(body).match(/.{1,7}/gs) ?? [];
  const framed = chunks.map((chunk) => `${Buffer.byteLength(chunk).toString(16)}\r\n${chunk}\r\n`).join("");
  return (
    `POST /pams/ HTTP/1.1\r\nHost: ${host}\r\n${headers}Content-Type: application/json\r\n` +
    `Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n${framed}0\r\n\r\n`
  );
}

/** HTTP, JSON and TLS under the messages [7.1.3, 7.2.2, 9, 9.2]. */
export const transportCases = [
  defineCase({
    id: "pams/transport/json",
    title: "bodies of answers are JSON, of the media type application/json",
    requirements: ["PAMP-9-01", "PAMP-9.2-04"],
    errata: ["E-PAMP-13"],
    group: "basic",
    async run(t) {
      const requirement = t.definition.requirements;
      for (const [what, reply] of await answersWithBody(t)) {
        succeeds(t, reply, { requirement, what: `the status of ${what}` });
        t.that(reply.json !== undefined, "well-formed JSON", reply.outcome, {
          requirement,
          what: `the body in answer to ${what}`,
          entry: reply.entry,
        });
        // A server should name the type; none is no wrong one [RFC 7231 3.1.1.5].
        const type = reply.headers["content-type"];
        if (type === undefined) {
          t.warn(`no Content-Type in answer to ${what}`);
          continue;
        }
        t.match(type, /^application\/json\s*(;|$)/i, {
          requirement,
          what: `Content-Type in answer to ${what}`,
          entry: reply.entry,
        });
      }
    },
  }),
  defineCase({
    id: "pams/transport/framing",
    title: "bodies of answers are framed by their length, by chunks or by the end of the connection",
    requirements: ["PAMP-9.2-04"],
    errata: ["E-PAMP-19", "E-PAMP-20"],
    group: "basic",
    async run(t) {
      for (const [what, { headers, text, entry, json }] of await answersWithBody(t)) {
        const { "content-length": length, "transfer-encoding": coding = "", connection = "" } = headers;
        const permitted = `Content-Length ${Buffer.byteLength(text)}, chunks, or Connection: close`;
        const framed =
          length === undefined
            ? /chunked/i.test(coding) || /close/i.test(connection)
            : Number(length) === Buffer.byteLength(text);
        t.that(
          framed && json !== undefined,
          permitted,
          { length, coding, connection },
          {
            what: `the framing of the answer to ${what}`,
            entry,
          },
        );
        if (/\bclosed\b/i.test(connection)) t.warn("Connection: closed is printed, but no token of HTTP (E-PAMP-20)");
      }
    },
  }),
  defineCase({
    id: "pams/transport/chunked-request",
    title: "a request in chunks is understood, or its length is asked for",
    requirements: ["PAMP-9-01"],
    group: "capability",
    async run(t) {
      const body = overlayOf(t);
      const overlay = idIn(body, "overlay_network_information") ?? "";
      t.cleanup(`overlay ${overlay}`, () => t.http.delete(paths.overlay(overlay)));
      const lines = (t.declared.value("headers") as readonly string[]).map((line) => `${line}\r\n`).join("");
      const reply = await t.http.raw(chunked(new URL(t.http.base).host, lines, body));
      t.answers(reply, status("2xx", 411), { what: "the status of an overlay registration in chunks" });
      if (reply.status === 411) return t.warn("a request in chunks is refused: 411");
      const joined = await registerPeer(t, overlay, peerOf(t));
      succeeds(t, joined, { what: "the status of a registration in that overlay" });
    },
  }),
  defineCase({
    id: "pams/transport/charset",
    title: "a request of the type application/json with a charset is understood",
    requirements: ["PAMP-9-01"],
    group: "capability",
    async run(t) {
      const reply = await registerOverlay(t, overlayOf(t), { contentType: "application/json; charset=utf-8" });
      carries(t, reply, "pam_conf_info", { what: "the status of a registration with charset=utf-8" });
    },
  }),
  defineCase({
    id: "pams/transport/accept-anything",
    title: "a request that accepts anything is answered as one that accepts application/json",
    requirements: ["PAMP-9-01"],
    group: "capability",
    async run(t) {
      const reply = await registerOverlay(t, overlayOf(t), { headers: { accept: "*/*" } });
      carries(t, reply, "pam_conf_info", { what: "the status of a registration with Accept: */*" });
    },
  }),
  defineCase({
    id: "pams/transport/unicode",
    title: "text beyond ASCII comes through, written out or escaped",
    requirements: ["PAMP-9-01"],
    group: "behaviour",
    async run(t) {
      const overlay = await overlayNetwork(t);
      const body = JSON.stringify(peerOf(t, { type: "Knoten-ß-節-🛰" }));
      const escaped = body.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
      for (const [how, raw, id] of [
        ["written out", body, idIn(JSON.parse(body), "peer_information")],
        [
          "escaped",
          escaped.replace(/peer-/, "peer_"),
          idIn(JSON.parse(escaped.replace(/peer-/, "peer_")), "peer_information"),
        ],
      ] as const) {
        const reply = await t.http.post(paths.registration(t, overlay), { raw });
        t.cleanup(`peer ${id}`, () => t.http.delete(paths.peer(t, overlay, id ?? "")));
        succeeds(t, reply, { what: `the status of a registration with text beyond ASCII, ${how}` });
      }
    },
  }),
  defineCase({
    id: "pams/transport/tls",
    title: "the operations are to be had over TLS",
    requirements: ["PAMP-REQ-SEC-01", "PAMP-REQ-TRANS-01"],
    errata: ["E-PAMP-21"],
    group: "capability",
    async run(t) {
      const both = t.definition.requirements;
      const base = t.http.base.startsWith("https:") ? t.http.base : t.declared.value("tls-url");
      if (base === "") return t.warn("no address with TLS is declared (E-PAMP-21)", both);
      const http = t.http.with({ base });
      const body = overlayOf(t);
      const overlay = idIn(body, "overlay_network_information") ?? "";
      const what = "the status of an overlay registration over TLS";
      const reply = await registerOverlay(t, body, { http }).catch((error: unknown) => {
        if (error instanceof NoAnswer) return error;
        throw error;
      });
      // An address that is declared has to be there.
      if (reply instanceof NoAnswer) return t.fails(accepted.expected, reply.message, { requirement: both, what });
      t.answers(reply, accepted, { requirement: both, what });
      t.that(elementOf(t, reply, "pam_conf_info") !== undefined, "the member pam_conf_info", reply.outcome, {
        requirement: both,
        what: "the answer to it",
      });
      const removed = await deregisterOverlay(t, overlay, { http });
      t.answers(removed, accepted, { requirement: both, what: "the status of its deregistration over TLS" });
    },
  }),
];
