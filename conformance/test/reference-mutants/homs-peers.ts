import { answering, asked, mutantsOf, overlooking } from "./mutant.js";

const CREATION = "HybridOverlayCreation";
const JOIN = "HybridOverlayJoin";
const REPORT = "HybridOverlayReport";
const REFRESH = "HybridOverlayRefresh";
const LEAVE = "HybridOverlayLeave";

const without = (operation: string, ...members: readonly string[]) => ({
  what: `${operation}: the answer lacks ${members.join(" and ")}`,
  ...answering(operation, members.map((one) => `delete sent?.overlay?.["${one}"];`).join(" ")),
});

const refusing = (what: string, operation: string, when: string) => ({
  what,
  ...asked(operation, `if (${when}) return refuse(exchange, 400, {});`),
});

/** Takes the overlay that the peer named last, or any for a newcomer, for the one that is not named. */
const guessing = (operation: string) => ({
  what: `${operation}: an overlay-id left out is guessed`,
  file: "generated/runtime/http-server.ts",
  find: "const found = request.validate(body);",
  replace: `const named: Map<string, string> = ((globalThis as any).named ??= new Map());
    const { overlay, peer } = (body ?? {}) as any;
    if (overlay && peer && typeof overlay === "object") {
      if (operation.id === "${operation}") overlay["overlay-id"] ??= named.get(peer["peer-id"]) ?? [...named.values()].at(-1);
      if (overlay["overlay-id"] !== undefined) named.set(peer["peer-id"], overlay["overlay-id"]);
    }
    const found = request.validate(body);`,
});

const handler = (operation: string, primitive: string, change: string) => ({
  file: "impl/homs/homs.ts",
  find: `${operation}: ({ body }) => ${primitive}(context(), body),`,
  replace: `${operation}: ({ body }) => { const answer: any = ${primitive}(context(), body); ${change} return answer; },`,
});

const succeedAnyhow =
  'if (answer.status === 404) return { status: 200, body: { overlay: { "overlay-id": body.overlay["overlay-id"] } } } as any;';

/** What peers see of a HOMS: admission, join, report, refresh, leave, and what time does. */
export const homsPeerMutants = mutantsOf("homs", {
  "admission-open-to-all": {
    breaks: ["HOMP-6.1.3-02", "HOMP-6.1.1-11"],
    what: "closed overlays admit everybody",
    file: "impl/homs/primitives/join.ts",
    find: 'if (authType === "open" || overlay.lists(peer["peer-id"])) return undefined;',
    replace: 'if (authType !== ("x" as string)) return undefined;',
  },
  "admission-any-key": {
    breaks: ["HOMP-6.1.3-04"],
    what: "any access key opens a closed overlay",
    file: "impl/homs/primitives/join.ts",
    find: "matchesSecret(auth.access_key, accessKey)",
    replace: "auth.access_key.length > 0",
  },
  "admission-no-key": {
    breaks: ["HOMP-6.1.3-04"],
    what: "no access key opens a closed overlay",
    file: "impl/homs/primitives/join.ts",
    find: "matchesSecret(auth.access_key, accessKey)",
    replace: "matchesSecret(`${auth.access_key}!`, accessKey)",
  },
  "admission-key-in-any-case": {
    breaks: ["HOMP-6.1.3-04"],
    what: "access keys are compared in lower case, though the product declares to compare them octet by octet",
    file: "impl/homs/primitives/join.ts",
    find: "matchesSecret(auth.access_key, accessKey)",
    replace: "matchesSecret(auth.access_key.toLowerCase(), accessKey)",
    also: [
      {
        file: "impl/homs/primitives/creation.ts",
        find: "hashSecret(auth.access_key, random)",
        replace: "hashSecret(auth.access_key.toLowerCase(), random)",
      },
    ],
  },
  "admission-any-list": {
    breaks: ["HOMP-6.1.3-05"],
    what: "who is not on the list is admitted as if it were",
    file: "impl/homs/primitives/join.ts",
    find: 'overlay.lists(peer["peer-id"])',
    replace: "overlay.record.peerlist.length > 0",
  },
  "admission-list-by-beginning": {
    breaks: ["HOMP-6.1.3-05"],
    what: "identifiers that begin like a listed one are taken for listed",
    file: "impl/homs/primitives/join.ts",
    find: 'overlay.lists(peer["peer-id"])',
    replace: 'overlay.record.peerlist.some((one) => peer["peer-id"].startsWith(one))',
  },
  "admission-list-ignored": {
    breaks: ["HOMP-6.1.3-05", "HOMP-6.1.3-06"],
    what: "peers on the list need the key all the same",
    file: "impl/homs/primitives/join.ts",
    find: ' || overlay.lists(peer["peer-id"])',
    replace: "",
  },

  "join-overlay-id-guessed": { breaks: ["HOMP-6.2.5-03"], ...guessing(JOIN) },
  "join-without-peer-id": {
    breaks: ["HOMP-6.2.5-08"],
    what: "a join without peer-id is taken under a name of the server's",
    ...asked(JOIN, 'if (asked.peer) asked.peer["peer-id"] ??= `peer-${Math.random()}`;'),
  },
  "join-without-address": {
    breaks: ["HOMP-6.2.5-08"],
    what: "a join without address is taken",
    ...asked(JOIN, 'if (asked.peer) asked.peer.address ??= "tcp://192.0.2.1:1";'),
  },
  "join-without-auth": {
    breaks: ["HOMP-6.2.5-08"],
    what: "a join without auth is taken",
    ...asked(JOIN, 'if (asked.peer) asked.peer.auth ??= { password: "none" };'),
  },
  "join-not-carried-out": {
    breaks: ["HOMP-6.2.5-01"],
    what: "a join is answered and the peer is not in",
    file: "impl/homs/primitives/join.ts",
    find: "registry.savePeer(peer);",
    replace: "registry.removePeer(overlay, peer, true);",
  },
  "join-lifetime-ignored": {
    breaks: ["HOMP-6.2.5-04"],
    what: "a join gets the server's lifetime, whatever it asks for",
    file: "impl/homs/primitives/join.ts",
    find: "asked.expires ?? settings.peerExpires",
    replace: "settings.peerExpires",
  },
  "join-auth-refused": {
    breaks: ["HOMP-6.2.5-05"],
    ...refusing("a join may not have auth in overlay", JOIN, "asked.overlay?.auth !== undefined"),
  },
  "join-recovery-refused": {
    breaks: ["HOMP-6.2.5-06"],
    ...refusing("a join may not say that it is no recovery", JOIN, "asked.overlay?.recovery === false"),
  },
  "join-needs-a-ticket": {
    breaks: ["HOMP-6.2.5-07"],
    ...refusing("a first join needs a ticket-id", JOIN, 'asked.overlay?.["ticket-id"] === undefined'),
  },
  "recovery-refused": {
    breaks: ["HOMP-6.2.5-06", "HOMP-6.2.5-07"],
    what: "a recovery by the right ticket is refused",
    file: "impl/homs/primitives/join.ts",
    find: "if (!passwordMatches || ticket !== String(member.record.ticket)) {",
    replace: "if (!passwordMatches || ticket !== `${member.record.ticket}!`) {",
  },
  "recovery-by-any-ticket": {
    breaks: ["HOMP-6.2.5-07"],
    what: "a recovery is taken whatever the ticket",
    file: "impl/homs/primitives/join.ts",
    find: "if (!passwordMatches || ticket !== String(member.record.ticket)) {",
    replace: "if (!passwordMatches) {",
  },
  "join-answer-without-overlay": {
    breaks: ["HOMP-6.2.5-12"],
    what: "a join is answered without overlay",
    ...answering(JOIN, "if (status === 200) { Object.assign(sent, sent.overlay); delete sent.overlay; }"),
  },
  "join-answer-without-overlay-id": { breaks: ["HOMP-6.2.5-13"], ...without(JOIN, "overlay-id") },
  "join-answer-without-type": { breaks: ["HOMP-6.2.5-13"], ...without(JOIN, "type") },
  "join-answer-without-sub-type": { breaks: ["HOMP-6.2.5-13"], ...without(JOIN, "sub-type") },
  "join-answer-without-expires": {
    breaks: ["HOMP-6.2.5-14", "HOMP-7.2.3-01"],
    what: "a join is answered without its lifetime",
    ...answering(JOIN, "if (sent.overlay) delete sent.overlay.expires; if (sent.peer) delete sent.peer.expires;"),
  },
  "join-answer-without-status": { breaks: ["HOMP-6.2.5-15"], ...without(JOIN, "status") },
  "join-answer-other-trans-policy": {
    breaks: ["HOMP-6.2.5-16"],
    what: "a join is answered with an empty trans_policy",
    ...answering(JOIN, "if (sent.overlay?.trans_policy) sent.overlay.trans_policy = {};"),
  },
  "join-answer-no-entry-peers": {
    breaks: ["HOMP-7.2.1-03", "HP2P-7.3.1.4-01"],
    what: "a join is answered with no entry peers",
    ...answering(JOIN, "if (sent.overlay) sent.overlay.status.peer_info_list = [];"),
  },
  "join-answer-entry-peers-from-nowhere": {
    breaks: ["HOMP-7.2.1-03", "HP2P-7.3.1.4-02"],
    what: "a join is answered with an entry peer that nobody is",
    ...answering(
      JOIN,
      'if (sent.overlay) sent.overlay.status.peer_info_list.push({ "peer-id": "ghost", address: "tcp://192.0.2.1:1" });',
    ),
  },
  "join-answer-entry-peers-bare": {
    breaks: ["HOMP-6.1.4-02", "HOMP-5-02"],
    what: "the entry peers of a join answer are bare identifiers",
    ...answering(
      JOIN,
      'if (sent.overlay) sent.overlay.status.peer_info_list = sent.overlay.status.peer_info_list.map((one: any) => one["peer-id"]);',
    ),
  },
  "join-answer-entry-peers-of-another-address": {
    breaks: ["HP2P-7.3.2.1-01", "HOMP-6.1.4-02"],
    what: "the entry peers of a join answer have addresses that are not theirs",
    ...answering(
      JOIN,
      'for (const one of sent.overlay?.status.peer_info_list ?? []) one.address = "tcp://192.0.2.1:1";',
    ),
  },
  "join-of-an-unknown-overlay-succeeds": {
    breaks: ["HOMP-6.2.5-17"],
    what: "a join to an unknown overlay is answered 200",
    file: "impl/homs/homs.ts",
    find: "HybridOverlayJoin: ({ body }, { remoteAddress }) =>\n      durably(join(context(), body, { remote: remoteAddress, dialect })),",
    replace:
      'HybridOverlayJoin: async ({ body }, { remoteAddress }) => { const answer: any = await durably(join(context(), body, { remote: remoteAddress, dialect })); if (answer.status === 404) return { status: 200, body: { overlay: { ...body.overlay, expires: 60, status: { num_peers: 1, status: "active", peer_info_list: [] } } } } as any; return answer; },',
  },

  "report-without-status": {
    breaks: ["HOMP-6.2.6-03"],
    what: "a report without status is taken",
    ...asked(REPORT, "asked.status ??= {};"),
  },
  "report-overlay-id-guessed": { breaks: ["HOMP-6.2.6-03"], ...guessing(REPORT) },
  "report-answer-other-overlay": {
    breaks: ["HOMP-6.2.6-05", "HOMP-7.2.2-05"],
    what: "a report is answered with another overlay-id",
    ...answering(REPORT, 'if (sent.overlay) sent.overlay["overlay-id"] = "another";'),
  },
  "report-by-strangers": {
    breaks: ["HOMP-6.2.6-06", "HOMP-7.1.4-03"],
    what: "a report of a peer that is not in is answered 200",
    file: "impl/homs/homs.ts",
    find: "HybridOverlayReport: ({ body }, { remoteAddress }) => report(context(), body, remoteAddress),",
    replace: `HybridOverlayReport: ({ body }, { remoteAddress }) => { const answer: any = report(context(), body, remoteAddress); ${succeedAnyhow} return answer; },`,
  },
  "report-refused": {
    breaks: ["HOMP-6.2.6-06"],
    ...refusing("a report is refused when it carries no password", REPORT, "asked.peer?.auth === undefined"),
  },

  "refresh-overlay-id-guessed": { breaks: ["HOMP-6.2.7-04"], ...guessing(REFRESH) },
  "refresh-auth-refused": {
    breaks: ["HOMP-6.2.7-05"],
    ...refusing("a refresh may not have auth in overlay", REFRESH, "asked.overlay?.auth !== undefined"),
  },
  "refresh-needs-expires": {
    breaks: ["HOMP-6.2-02"],
    ...refusing("a refresh has to say expires", REFRESH, "asked.overlay?.expires === undefined"),
  },
  "refresh-without-auth": {
    breaks: ["HOMP-6.2.7-06"],
    what: "a refresh without auth is taken",
    ...overlooking(REFRESH, "/peer/auth"),
  },
  "password-not-checked": {
    breaks: ["HOMP-6.2.7-06", "HOMP-6.2.8-08", "HOMP-7.2.4-06"],
    what: "the password of a refresh or leave is not compared",
    file: "impl/homs/membership.ts",
    find: "if (password !== undefined && !matchesSecret(password, peer.record.password)) {",
    replace: 'if (password === "") {',
  },
  "refresh-answer-without-overlay-id": { breaks: ["HOMP-6.2.7-07"], ...without(REFRESH, "overlay-id") },
  "refresh-answer-without-expires": { breaks: ["HOMP-6.2.7-07"], ...without(REFRESH, "expires") },
  "refresh-answer-without-peer": {
    breaks: ["HOMP-6.2.7-08"],
    what: "a refresh is answered without peer-id",
    ...answering(REFRESH, "delete sent.peer;"),
  },
  "refresh-by-strangers": {
    breaks: ["HOMP-6.2.7-09"],
    what: "a refresh of a peer that is not in is answered 200",
    ...handler(
      REFRESH,
      "refresh",
      'if (answer.status === 404) return { status: 200, body: { overlay: { "overlay-id": body.overlay["overlay-id"], expires: 60 }, peer: { "peer-id": body.peer["peer-id"] } } } as any;',
    ),
  },
  "refresh-not-carried-out": {
    breaks: ["HOMP-7.2.3-05"],
    what: "a refresh is answered and does not prolong the membership",
    file: "impl/homs/primitives/refresh.ts",
    find: "const expires = grantLease(peer, overlay, lease, context.now);",
    replace: "const expires = lease;",
  },
  "refresh-refused-counts": {
    breaks: ["HOMP-7.2.3-02"],
    what: "a refresh that is refused prolongs the membership all the same",
    file: "impl/homs/primitives/refresh.ts",
    find: "if (isRefusal(member)) return member;",
    replace: `if (isRefusal(member)) {
    const refused = registry.overlays.get(request.overlay["overlay-id"])?.members.get(request.peer["peer-id"]);
    if (refused) { refused.record.expiresAt += 60_000; registry.savePeer(refused); }
    return member;
  }`,
  },

  "leave-overlay-id-guessed": { breaks: ["HOMP-6.2.8-06"], ...guessing(LEAVE) },
  "leave-without-auth": {
    breaks: ["HOMP-6.2.8-08", "HOMP-7.2.4-06"],
    what: "a leave without auth is taken",
    ...overlooking(LEAVE, "/peer/auth"),
  },
  "leave-answer-without-overlay-id": { breaks: ["HOMP-6.2.8-09"], ...without(LEAVE, "overlay-id") },
  "leave-by-strangers": {
    breaks: ["HOMP-6.2.8-10"],
    what: "a leave of a peer that is not in is answered 200",
    file: "impl/homs/homs.ts",
    find: "HybridOverlayLeave: ({ body }) => durably(leave(context(), body)),",
    replace: `HybridOverlayLeave: async ({ body }) => { const answer: any = await durably(leave(context(), body)); ${succeedAnyhow} return answer; },`,
  },
  "leave-answered-conflict": {
    breaks: ["HP2P-8.1-02"],
    what: "a leave that is carried out is answered 409",
    file: "impl/homs/homs.ts",
    find: "HybridOverlayLeave: ({ body }) => durably(leave(context(), body)),",
    replace:
      'HybridOverlayLeave: async ({ body }) => { const answer: any = await durably(leave(context(), body)); return answer.status === 200 ? refuse(409, "6.2.8", "", "left") : answer; },',
  },
  "report-refused-always": {
    breaks: ["HP2P-8.1-03", "HOMP-6.2.6-06"],
    ...refusing("every report is refused", REPORT, "asked !== undefined"),
  },
  "leave-not-carried-out": {
    breaks: ["HOMP-7.2.4-02", "HOMP-7.2.4-07"],
    what: "a leave is answered and the peer stays",
    file: "impl/homs/primitives/leave.ts",
    find: "context.registry.removePeer(overlay, peer);",
    replace: "",
  },
  "leave-of-all-overlays": {
    breaks: ["HOMP-7.2.4-07"],
    what: "who leaves one overlay leaves all",
    file: "impl/homs/primitives/leave.ts",
    find: "context.registry.removePeer(overlay, peer);",
    replace: `for (const one of context.registry.overlays.values()) {
    const same = one.members.get(peer.record.peerId);
    if (same) context.registry.removePeer(one, same);
  }`,
  },

  "overlays-never-expire": {
    breaks: ["HOMP-6.1.1-06", "HOMP-7.1.4-06", "HOMP-7.1.2-03"],
    what: "an overlay outlives its lifetime",
    file: "impl/homs/registry.ts",
    find: '      this.removeOverlay(overlay, "expired");',
    replace: "",
    also: [
      {
        file: "impl/homs/lifetime.ts",
        find: "Math.ceil((overlay.expiresAt - now) / 1000)",
        replace: "Math.max(1, Math.ceil((overlay.expiresAt - now) / 1000))",
      },
    ],
  },
  "peers-never-expire": {
    breaks: ["HOMP-6.2.5-09", "HOMP-6.2.8-02", "HOMP-7.2.3-02"],
    what: "a peer outlives its lifetime",
    file: "impl/homs/registry.ts",
    find: "peer = this.#peerEnds.nextDue(now)) this.#removeExpired(peer);",
    replace: "peer = this.#peerEnds.nextDue(now));",
  },
  "peers-expire-early": {
    breaks: ["HOMP-7.2.4-03"],
    what: "a silent peer is put out well before its lifetime is over",
    file: "impl/homs/lifetime.ts",
    find: "record.expiresAt = Math.min(endOf(lease, now), overlay.expiresAt);\n  return Math.max(1, Math.floor((record.expiresAt - now) / 1000));",
    replace: "record.expiresAt = Math.min(endOf(Math.min(lease, 0.3), now), overlay.expiresAt);\n  return lease;",
  },

  "method-unknown-succeeds": {
    breaks: ["HOMP-6.2-03"],
    what: "a method that a resource does not know is answered 200",
    file: "generated/runtime/http-server.ts",
    find: 'return refuse(exchange, 405, { detail, member: "", clause: "RFC 9110 15.5.6" }, headers);',
    replace: 'return send(exchange, 200, "{}", JSON_TYPE, headers);',
  },
  "malformed-breaks-down": {
    breaks: ["HOMP-6.2-03"],
    what: "whatever is malformed is an internal error",
    file: "generated/runtime/http-exchange.ts",
    find: 'refuse(exchange, 400, { detail: "the request does not have',
    replace: 'refuse(exchange, 500, { detail: "the request does not have',
  },
  "unknown-parameter-refused": {
    breaks: ["HOMP-6.2-03"],
    what: "a query with a parameter that HOMP does not know breaks down",
    file: "generated/runtime/http-server.ts",
    find: "if (issues.length > 0) return refuseIssues(exchange, issues);",
    replace:
      'if (issues.length > 0) return refuseIssues(exchange, issues); if (operation.id === "HybridOverlayQuery" && Object.keys(exchange.query ?? {}).some((name) => !["overlay-id", "title", "description"].includes(name))) return refuse(exchange, 500, {});',
  },
  "answers-are-html": {
    breaks: ["HOMP-6-01"],
    what: "answers say that they are HTML",
    file: "generated/runtime/http-answer.ts",
    find: "const type = declared?.body?.contentType ?? PROBLEM_TYPE;",
    replace: 'const type = "text/html";',
  },
  "unknown-members-refused": {
    breaks: ["HOMP-6.2-03"],
    what: "a creation with a member that HOMP does not know breaks down",
    ...asked(
      CREATION,
      "if (Object.keys(asked.overlay_info ?? {}).some((name) => /^(x-|extension|colour)/.test(name))) return refuse(exchange, 500, {});",
    ),
  },
});
