import type { RequirementId } from "../../generated/catalogue/requirements.js";
import type { HttpMethod } from "../../generated/runtime/http-operation.js";
import type { HttpReply } from "../engine/http.js";
import { NoAnswer } from "../engine/outcome.js";
import { accepted, succeeds } from "./answers.js";
import type { PamsTest } from "./case.js";
import { defineCase } from "./case.js";
import type { Json } from "./messages.js";
import { dynamicStatus, idIn, overlayOf, peerOf, reportOf } from "./messages.js";
import { overlayNetwork, peerIn } from "./network.js";
import { paths, tokenOf } from "./primitives.js";

interface Route {
  readonly name: string;
  readonly what: string;
  readonly requirement: RequirementId;
  readonly method: HttpMethod;
  /** As printed in the operation's table. */
  readonly path: (overlay: string, peer: string) => string;
  readonly body?: (t: PamsTest) => Json;
  /** The request takes away what it names: it needs a new one each time. */
  readonly consumes?: "overlay" | "peer";
  /** The peer shows its token, if it was given one. */
  readonly asPeer?: true;
}

const routes: readonly Route[] = [
  {
    name: "overlay-registration",
    what: "an overlay registration",
    requirement: "PAMP-9.2.1-04",
    method: "POST",
    path: () => "/pams/",
    body: (t) => overlayOf(t),
  },
  {
    name: "overlay-deregistration",
    what: "an overlay deregistration",
    requirement: "PAMP-9.2.2-03",
    method: "DELETE",
    path: (overlay) => `/pams/${overlay}/`,
    consumes: "overlay",
  },
  {
    name: "peer-registration",
    what: "a peer registration",
    requirement: "PAMP-9.2.3-04",
    method: "POST",
    path: (overlay) => `/pams/${overlay}/peer/`,
    body: (t) => peerOf(t),
  },
  {
    name: "peer-deregistration",
    what: "a peer deregistration",
    requirement: "PAMP-9.2.4-03",
    method: "DELETE",
    path: (overlay, peer) => `/pams/${overlay}/peers/${peer}`,
    consumes: "peer",
    asPeer: true,
  },
  {
    name: "status-report",
    what: "a status report",
    requirement: "PAMP-9.2.5-05",
    method: "PUT",
    path: (overlay, peer) => `/pams/${overlay}/peer/${peer}/`,
    body: (t) => reportOf(t, dynamicStatus()),
    asPeer: true,
  },
  {
    name: "list-query",
    what: "a list query",
    requirement: "PAMP-9.2.6-05",
    method: "GET",
    path: (overlay) => `/pams/${overlay}/peer`,
    body: () => ({ peer_query_condition: { max_peer_num: 10 } }),
  },
  {
    name: "peer-info-query",
    what: "a query for one peer",
    requirement: "PAMP-9.2.7-03",
    method: "GET",
    path: (overlay, peer) => `/pams/${overlay}/peers/${peer}`,
  },
];

/** The same path with the other segment, the other slash, and both; what makes no difference is left out. */
function variants(path: string): string[] {
  const otherSegment = path.replace(/\/(peers?)(?=\/|$)/, (_, name) => (name === "peer" ? "/peers" : "/peer"));
  const otherSlash = (one: string): string => (one.endsWith("/") ? one.slice(0, -1) : `${one}/`);
  return [...new Set([otherSlash(path), otherSegment, otherSlash(otherSegment)])].filter((one) => one !== path);
}

/** One operation at its printed path, which has to work, and at every other spelling, which draws a remark where it does not. */
export const pathCases = routes.map(({ name, what, requirement, method, path, body, consumes, asPeer }) =>
  defineCase({
    id: `pams/paths/${name}`,
    title: `${what} is taken at the path of its table`,
    requirements: [requirement],
    errata: ["E-PAMP-01", "E-PAMP-02"],
    // Other carriers of a list query have other paths.
    ...(name === "list-query" ? { needs: (declared) => declared.value("query-carrier") === "body" } : {}),
    group: "capability",
    async run(t) {
      let overlay = await overlayNetwork(t);
      let peer = await peerIn(t, overlay, dynamicStatus());
      const send = async (at: (overlay: string, peer: string) => string): Promise<HttpReply | NoAnswer> => {
        const message = body?.(t);
        const target = at(overlay, peer);
        const reply = await t.http
          .send(method, target, {
            ...(message ? { body: message } : {}),
            malformed: true,
            headers: asPeer ? tokenOf(t, overlay, peer) : {},
          })
          .catch((error: unknown) => {
            if (error instanceof NoAnswer) return error;
            throw error;
          });
        if (reply instanceof NoAnswer || !accepted.test(reply)) return reply;
        cleanUp(t, overlay, message);
        if (consumes === "overlay") overlay = await overlayNetwork(t);
        if (consumes) peer = await peerIn(t, overlay, dynamicStatus());
        return reply;
      };
      const literal = await send(path);
      const others = t.declared.reading("E-PAMP-01") !== "A";
      if (literal instanceof NoAnswer) throw literal;
      if (!others || accepted.test(literal))
        succeeds(t, literal, { what: `the status of ${what} at the printed path` });
      else t.warn(`${what} at the printed path: ${literal.outcome} (E-PAMP-01, as declared)`, requirement);
      for (const [i] of variants(path("overlay", "peer")).entries()) {
        const at = (NID: string, PID: string): string => variants(path(NID, PID))[i] ?? "";
        const reply = await send(at);
        const seen = reply instanceof NoAnswer ? reply.message : reply.outcome.slice(0, 60);
        if (reply instanceof NoAnswer || !accepted.test(reply)) {
          t.warn(`${what} at ${method} ${at("{NID}", "{PID}")}: ${seen} (E-PAMP-01, E-PAMP-02)`);
        }
      }
    },
  }),
);

/** What a request under another spelling made is removed too. */
function cleanUp(t: PamsTest, overlay: string, message: Json | undefined): void {
  const made = idIn(message, "overlay_network_information");
  if (made !== undefined) t.cleanup(`overlay ${made}`, () => t.http.delete(paths.overlay(made)));
  const joined = idIn(message, "peer_information");
  if (joined !== undefined) t.cleanup(`peer ${joined}`, () => t.http.delete(paths.peer(t, overlay, joined)));
}
