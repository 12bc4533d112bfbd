import { answering, asked, mutantsOf, overlooking } from "./mutant.js";

const CREATION = "HybridOverlayCreation";
const QUERY = "HybridOverlayQuery";
const MODIFICATION = "HybridOverlayModification";
const REMOVAL = "HybridOverlayRemoval";

/** Fills in a mandatory member of a creation. */
const withoutAsking = (member: string, value: string) => ({
  what: `a creation does without ${member}`,
  ...asked(CREATION, `if (asked.overlay_info) asked.overlay_info["${member}"] ??= ${value};`),
});

/** Leaves members out of an answer. */
const without = (operation: string, ...members: readonly string[]) => ({
  what: `${operation}: the answer lacks ${members.join(" and ")}`,
  ...answering(operation, members.map((one) => `delete sent?.overlay?.["${one}"];`).join(" ")),
});

/** The same for the entries of a query answer. */
const entryWithout = (member: string) => ({
  what: `the entries of a query answer lack ${member}`,
  ...answering(QUERY, `for (const entry of sent.overlay ?? []) delete entry["${member}"];`),
});

const entries = (what: string, change: string) => ({
  what,
  ...answering(QUERY, `for (const entry of sent.overlay ?? []) { ${change} }`),
});

/** Takes an overlay of the same owner for the one that is not named. */
const guessing = (operation: string) => ({
  what: `${operation}: an overlay-id left out is guessed`,
  ...asked(
    operation,
    `const all: any = exchange.settings.router.match("/homs")?.methods.get("GET")?.target;
     const list = all.handle({ params: {}, query: {}, body: undefined }, exchange).body.overlay;
     if (asked.overlay) asked.overlay["overlay-id"] ??= list.find((one: any) => one["owner-id"] === asked.overlay["owner-id"])?.["overlay-id"];`,
  ),
});

const refusing = (what: string, operation: string, when: string) => ({
  what,
  ...asked(operation, `if (${when}) return refuse(exchange, 400, {});`),
});

const handler = (operation: string, primitive: string, change: string) => ({
  file: "impl/homs/homs.ts",
  find: `${operation}: ({ body }) => durably(${primitive}(context(), body)),`,
  replace: `${operation}: async ({ body }) => { const answer: any = await durably(${primitive}(context(), body)); ${change} return answer; },`,
});

const succeedAnyhow =
  'if (answer.status === 404) return { status: 200, body: { overlay: { "overlay-id": body.overlay["overlay-id"] } } } as any;';

/** What the owner of an overlay sees of a HOMS: creation, modification, removal. */
export const homsOwnerMutants = mutantsOf("homs", {
  "creation-without-title": { breaks: ["HOMP-6.2.1-04"], ...withoutAsking("title", '"untitled"') },
  "creation-without-type": { breaks: ["HOMP-6.2.1-05"], ...withoutAsking("type", '"core"') },
  "creation-without-sub-type": { breaks: ["HOMP-6.2.1-06"], ...withoutAsking("sub-type", '"tree"') },
  "creation-without-owner-id": { breaks: ["HOMP-6.2.1-07", "HOMP-6.2-02"], ...withoutAsking("owner-id", '"anybody"') },
  "creation-without-heartbeat-interval": {
    breaks: ["HOMP-6.2.1-10"],
    ...withoutAsking("heartbeat-interval", "10"),
  },
  "creation-without-heartbeat-timeout": { breaks: ["HOMP-6.2.1-11"], ...withoutAsking("heartbeat-timeout", "1000") },
  "creation-without-description-breaks-down": {
    breaks: ["HOMP-6.2.1-09"],
    what: "a creation without description gets 500",
    ...asked(CREATION, "if (asked.overlay_info?.description === undefined) return refuse(exchange, 500, {});"),
  },
  "creation-title-of-any-type": {
    breaks: ["HOMP-6.2.1-04"],
    what: "a title that is no string is turned into one",
    ...asked(
      CREATION,
      "if (asked.overlay_info?.title !== undefined) asked.overlay_info.title = `${JSON.stringify(asked.overlay_info.title)}`;",
    ),
  },
  "creation-owner-id-of-any-type": {
    breaks: ["HP2P-7.3.1.1-02", "HOMP-6.2.1-07"],
    what: "an owner-id that is no string is turned into one",
    ...asked(
      CREATION,
      'const info = asked.overlay_info; if (info?.["owner-id"] !== undefined) info["owner-id"] = `${JSON.stringify(info["owner-id"])}`;',
    ),
  },
  "creation-without-auth-refused": {
    breaks: ["HOMP-6.2.1-12"],
    what: "a creation without auth is refused, though the product declares to take it",
    file: "impl/homs/settings.ts",
    find: 'missingAuth: "open",',
    replace: 'missingAuth: "refuse",',
  },
  "creation-without-auth-closed": {
    breaks: ["HOMP-6.2.1-18"],
    what: "a creation without auth makes a closed overlay",
    ...asked(
      CREATION,
      'if (asked.overlay_info) asked.overlay_info.auth ??= { type: "closed", admin_key: "a", access_key: "b" };',
    ),
  },
  "creation-lifetime-refused": {
    breaks: ["HOMP-6.2.1-08"],
    ...refusing("a creation may not say expires", CREATION, "asked.overlay_info?.expires !== undefined"),
  },
  "creation-cr-policy-refused": {
    breaks: ["HOMP-6.2.1-13"],
    ...refusing("a creation may not say cr-policy", CREATION, 'asked.overlay_info?.["cr-policy"] !== undefined'),
  },
  "creation-wrapper-refused": {
    breaks: ["HOMP-6.2.1-03"],
    ...refusing("a creation may not be wrapped in overlay_info", CREATION, "asked.overlay_info !== undefined"),
  },
  "creation-recovery-by-pull-refused": {
    breaks: ["HOMP-6.1.8-05"],
    ...refusing(
      "recovery by pull is unknown",
      CREATION,
      'asked.overlay_info?.["cr-policy"]?.["recovery-by"] === "pull"',
    ),
  },
  "creation-heartbeat-interval-unbounded": {
    breaks: ["HOMP-6.2.1-15"],
    what: "heartbeat-interval may be 5 seconds and less",
    file: "impl/homs/primitives/creation.ts",
    find: "if (!(interval > 5)) {",
    replace: "if (!(interval > 0)) {",
    also: [overlooking(CREATION, "/overlay_info/heartbeat-interval")],
  },
  "creation-heartbeat-interval-bound-included": {
    breaks: ["HOMP-6.2.1-15"],
    what: "heartbeat-interval may be 5 seconds, though the product declares to refuse that",
    file: "impl/homs/primitives/creation.ts",
    find: "if (!(interval > 5)) {",
    replace: "if (!(interval >= 5)) {",
    also: [overlooking(CREATION, "/overlay_info/heartbeat-interval")],
  },
  "creation-heartbeat-timeout-unbounded": {
    breaks: ["HOMP-6.2.1-16"],
    what: "heartbeat-timeout needs to exceed heartbeat-interval only",
    file: "impl/homs/primitives/creation.ts",
    find: "> times * interval)) {",
    replace: "> interval)) {",
  },
  "creation-heartbeat-timeout-too-strict": {
    breaks: ["HOMP-6.2.1-16"],
    what: "heartbeat-timeout has to exceed four times heartbeat-interval",
    file: "impl/homs/primitives/creation.ts",
    find: "> times * interval)) {",
    replace: "> 4 * interval)) {",
  },
  "creation-default-lifetime-an-hour": {
    breaks: ["HOMP-6.2.1-14"],
    what: "an overlay without expires lives for an hour",
    file: "impl/homs/settings.ts",
    find: "defaultOverlayExpires = 86_400;",
    replace: "defaultOverlayExpires = 3_600;",
  },
  "creation-answer-without-overlay-id": { breaks: ["HOMP-6.2.1-20"], ...without(CREATION, "overlay-id") },
  "creation-answer-without-type": { breaks: ["HOMP-6.2.1-21"], ...without(CREATION, "type") },
  "creation-answer-without-sub-type": { breaks: ["HOMP-6.2.1-21"], ...without(CREATION, "sub-type") },
  "creation-answer-without-owner-id": { breaks: ["HOMP-6.2.1-22"], ...without(CREATION, "owner-id") },
  "creation-answer-without-expires": { breaks: ["HOMP-6.2.1-23"], ...without(CREATION, "expires") },
  "creation-answer-without-heartbeat-interval": {
    breaks: ["HOMP-6.2.1-24"],
    ...without(CREATION, "heartbeat-interval"),
  },
  "creation-answer-without-heartbeat-timeout": { breaks: ["HOMP-6.2.1-24"], ...without(CREATION, "heartbeat-timeout") },
  "creation-answer-without-auth": { breaks: ["HOMP-6.2.1-25"], ...without(CREATION, "auth") },
  "creation-answer-without-cr-policy": { breaks: ["HOMP-6.2.1-26"], ...without(CREATION, "cr-policy") },
  "creation-answer-in-another-member": {
    breaks: ["HOMP-6.2.1-19"],
    what: "the answer to a creation is in info instead of overlay",
    ...answering(CREATION, "if (status === 200) { sent.info = sent.overlay; delete sent.overlay; }"),
  },
  "creation-answer-lifetime-longer": {
    breaks: ["HOMP-6.2.1-23"],
    what: "the lifetime granted is longer than the one asked for",
    ...answering(CREATION, "if (sent.overlay) sent.overlay.expires += 1_000;"),
  },
  "creation-answer-numbers-as-text": {
    breaks: ["HOMP-5-01"],
    what: "the answer to a creation writes expires as a string",
    ...answering(CREATION, "if (sent.overlay) sent.overlay.expires = String(sent.overlay.expires);"),
  },
  "creation-answer-identifier-number": {
    breaks: ["HOMP-6.1.1-01"],
    what: "overlay-id is a number in the answer to a creation",
    ...answering(CREATION, 'if (sent.overlay) sent.overlay["overlay-id"] = 7;'),
  },
  "creation-answer-heartbeat-interval-milliseconds": {
    breaks: ["HOMP-6.1.1-09"],
    what: "heartbeat-interval is answered in milliseconds",
    ...answering(CREATION, 'if (sent.overlay) sent.overlay["heartbeat-interval"] *= 1000;'),
  },
  "creation-answer-heartbeat-timeout-milliseconds": {
    breaks: ["HOMP-6.1.1-10"],
    what: "heartbeat-timeout is answered in milliseconds",
    ...answering(CREATION, 'if (sent.overlay) sent.overlay["heartbeat-timeout"] *= 1000;'),
  },
  "creation-answer-other-cr-policy": {
    breaks: ["HOMP-6.1.1-12"],
    what: "the defaults of cr-policy win over what the owner asked for",
    file: "impl/homs/primitives/creation.ts",
    find: '{ ...absentPolicy, ...info["cr-policy"] }',
    replace: '{ ...info["cr-policy"], ...absentPolicy }',
  },
  "creation-not-carried-out": {
    breaks: ["HOMP-6.2.1-01"],
    what: "a creation is answered and the overlay is not there",
    file: "impl/homs/primitives/creation.ts",
    find: "const overlay = registry.addOverlay(record);",
    replace: "const overlay = registry.addOverlay(record); registry.removeOverlay(overlay);",
  },
  "creation-answered-refused": {
    breaks: ["HOMP-7.1.1-03"],
    what: "a creation that is carried out is answered 503",
    file: "impl/homs/homs.ts",
    find: "HybridOverlayCreation: ({ body }) => durably(creation(context(), body, dialect)),",
    replace:
      'HybridOverlayCreation: async ({ body }) => { const answer: any = await durably(creation(context(), body, dialect)); if (answer.status === 200) return refuse(503, "6.2.1", "", "made"); return answer; },',
  },
  "creation-identifier-of-the-client": {
    breaks: ["HOMP-6.2.1-28"],
    what: "a creation may bring the overlay-id, another overlay's for one",
    file: "impl/homs/primitives/creation.ts",
    find: "overlayId: unusedId(context),",
    replace: 'overlayId: (info as any)["overlay-id"] ?? unusedId(context),',
  },
  "creation-malformed-breaks-down": {
    breaks: ["HOMP-6.2.1-27"],
    what: "a creation that is no JSON gets 500",
    file: "generated/runtime/http-server.ts",
    find: 'refuseIssues(exchange, [{ member: "", clause, message }]);',
    replace: `if (operation.id === "${CREATION}") return refuse(exchange, 500, {}); refuseIssues(exchange, [{ member: "", clause, message }]);`,
  },
  "sub-overlays-unknown": {
    breaks: ["HOMP-6.1.1-03", "HOMP-6.1.1-04", "HP2P-7.1-01"],
    what: "overlays of type sub are refused, though the product declares them",
    file: "impl/homs/primitives/creation.ts",
    find: 'new Set(["core/tree", "sub/tree", "sub/mesh"])',
    replace: 'new Set(["core/tree"])',
  },
  "creation-any-word-for-type": {
    breaks: ["HOMP-6.1.1-03"],
    what: "an unknown type is taken for core, though the product declares to refuse it",
    ...asked(
      CREATION,
      'if (asked.overlay_info && !["core", "sub"].includes(asked.overlay_info.type)) asked.overlay_info.type = "core";',
    ),
  },

  "query-parameter-overlay-id-ignored": {
    breaks: ["HOMP-6.2.2-03"],
    what: "the parameter overlay-id of a query is ignored",
    file: "impl/homs/primitives/query.ts",
    find: 'const { "overlay-id": overlayId, title, description } = parameters;',
    replace: "const { title, description } = parameters; const overlayId = undefined as string | undefined;",
  },
  "query-parameter-title-ignored": {
    breaks: ["HOMP-6.2.2-04", "HOMP-6.2.2-08"],
    what: "the parameter title of a query is ignored",
    file: "impl/homs/primitives/query.ts",
    find: 'const { "overlay-id": overlayId, title, description } = parameters;',
    replace:
      'const { "overlay-id": overlayId, description } = parameters; const title = undefined as string | undefined;',
  },
  "query-parameter-description-ignored": {
    breaks: ["HOMP-6.2.2-05", "HOMP-6.2.2-07"],
    what: "the parameter description of a query is ignored",
    file: "impl/homs/primitives/query.ts",
    find: 'const { "overlay-id": overlayId, title, description } = parameters;',
    replace:
      'const { "overlay-id": overlayId, title } = parameters; const description = undefined as string | undefined;',
  },
  "query-whole-texts-only": {
    breaks: ["HOMP-6.2.2-07", "HOMP-6.2.2-08"],
    what: "a keyword has to be the whole title or description",
    file: "impl/homs/primitives/query.ts",
    find: "text.toLowerCase().includes(folded)",
    replace: "text.toLowerCase() === folded",
  },
  "query-title-found-in-description": {
    breaks: ["HOMP-6.2.2-08"],
    what: "the keyword for the title is looked for in the description as well",
    file: "impl/homs/primitives/query.ts",
    find: "inTitle(overlay.record.title) &&",
    replace: "(inTitle(overlay.record.title) || inTitle(overlay.record.description)) &&",
  },
  "query-either-keyword": {
    breaks: ["HOMP-6.2.2-07", "HOMP-6.2.2-08"],
    what: "a query with two keywords finds what meets one of them, though the product declares to want both",
    file: "impl/homs/primitives/query.ts",
    find: "inTitle(overlay.record.title) && inDescription(overlay.record.description)",
    replace:
      "(title === undefined ? inDescription(overlay.record.description) : description === undefined ? inTitle(overlay.record.title) : inTitle(overlay.record.title) || inDescription(overlay.record.description))",
  },
  "query-case-matters": {
    breaks: ["HOMP-6.2.2-08"],
    what: "keywords are found in their own case only, though the product declares any",
    file: "impl/homs/settings.ts",
    find: 'keywords: "any-case",',
    replace: 'keywords: "exact-case",',
  },
  "query-without-parameters-empty": {
    breaks: ["HOMP-6.2.2-06", "HOMP-7.1.2-03"],
    what: "a query without parameters finds nothing",
    file: "impl/homs/primitives/query.ts",
    find: "overlayId === undefined ? [...registry.overlays.values()].reverse()",
    replace:
      "overlayId === undefined ? (title ?? description) === undefined ? [] : [...registry.overlays.values()].reverse()",
  },
  "query-hides-closed-overlays": {
    breaks: ["HOMP-6.2.2-06", "HOMP-7.1.2-03"],
    what: "closed overlays are in no list, though the product declares to list them",
    file: "impl/homs/settings.ts",
    find: 'closedOverlays: "listed",',
    replace: 'closedOverlays: "hidden",',
  },
  "query-unknown-identifier-finds-all": {
    breaks: ["HOMP-6.2.2-17"],
    what: "a query for an unknown overlay is answered with all of them",
    file: "impl/homs/primitives/query.ts",
    find: "one === undefined ? [] : [one]",
    replace: "one === undefined ? [...registry.overlays.values()] : [one]",
  },
  "query-answer-no-list": {
    breaks: ["HOMP-6.2.2-09", "HP2P-7.3.1.1-03"],
    what: "a query is answered by one overlay instead of a list",
    ...answering(QUERY, "if (Array.isArray(sent.overlay)) sent.overlay = sent.overlay[0] ?? {};"),
  },
  "query-entry-without-overlay-id": { breaks: ["HOMP-6.2.2-10"], ...entryWithout("overlay-id") },
  "query-entry-without-title": { breaks: ["HOMP-6.2.2-10"], ...entryWithout("title") },
  "query-entry-without-type": { breaks: ["HOMP-6.2.2-10"], ...entryWithout("type") },
  "query-entry-without-sub-type": { breaks: ["HOMP-6.2.2-10"], ...entryWithout("sub-type") },
  "query-entry-without-owner-id": { breaks: ["HOMP-6.2.2-10"], ...entryWithout("owner-id") },
  "query-entry-without-expires": { breaks: ["HOMP-6.2.2-11"], ...entryWithout("expires") },
  "query-entry-without-status": { breaks: ["HOMP-6.2.2-12"], ...entryWithout("status") },
  "query-entry-without-auth": { breaks: ["HOMP-6.2.2-14"], ...entryWithout("auth") },
  "query-entry-without-cr-policy": { breaks: ["HOMP-6.2.2-15"], ...entryWithout("cr-policy") },
  "query-entry-other-description": {
    breaks: ["HOMP-6.2.2-13", "HOMP-6.1.1-08"],
    ...entries("the entries of a query answer have another description", 'entry.description = "another";'),
  },
  "query-entry-other-trans-policy": {
    breaks: ["HOMP-6.2.2-16"],
    ...entries(
      "the entries of a query answer have an empty trans_policy",
      "if (entry.trans_policy) entry.trans_policy = {};",
    ),
  },
  "query-entry-all-open": {
    breaks: ["HOMP-6.2.2-14"],
    ...entries("every overlay is said to be open", 'entry.auth = { type: "open" };'),
  },
  "query-entry-title-ascii": {
    breaks: ["HOMP-6.1.1-02"],
    ...entries("titles lose what is not ASCII", 'entry.title = entry.title.replace(/[^ -~]/g, "?");'),
  },
  "query-entry-other-owner": {
    breaks: ["HOMP-6.1.1-05"],
    ...entries("the owner named is another", 'entry["owner-id"] = "nobody";'),
  },
  "query-entry-status-without-number": {
    breaks: ["HOMP-6.1.1-07"],
    ...entries("status lacks num_peers", "delete entry.status.num_peers;"),
  },
  "query-entry-status-empty-word": {
    breaks: ["HOMP-6.1.4-03"],
    ...entries("the word of the status is empty", 'entry.status.status = "";'),
  },
  "query-entry-cr-policy-unasked": {
    breaks: ["HOMP-6.2.1-17"],
    ...entries(
      "an overlay made without cr-policy has one",
      'entry["cr-policy"] ??= { mN_Cache: 5, mD_Cache: 5, "recovery-by": "pull" };',
    ),
  },
  "query-entry-words-in-capitals": {
    breaks: ["HOMP-5-02"],
    ...entries("type is written in capitals", "entry.type = entry.type.toUpperCase();"),
  },
  "members-counted-with-owner": {
    breaks: ["HOMP-6.1.4-01"],
    what: "num_peers counts one member too many",
    file: "impl/homs/overlay-info.ts",
    find: "num_peers: overlay.members.size,",
    replace: "num_peers: overlay.members.size + 1,",
    equivalent: "it may as well have its owner as a member from the start (E-HOMP-48), and then it counts right",
  },
  "members-counted-twice": {
    breaks: ["HOMP-6.1.4-01"],
    what: "num_peers counts every member twice",
    file: "impl/homs/overlay-info.ts",
    find: "num_peers: overlay.members.size,",
    replace: "num_peers: overlay.members.size * 2,",
  },
  "members-not-counted": {
    breaks: ["HOMP-6.1.4-01", "HOMP-6.2.5-01", "HP2P-7.3-01", "HP2P-7.3.1.3-01"],
    what: "num_peers is always 0",
    file: "impl/homs/overlay-info.ts",
    find: "num_peers: overlay.members.size,",
    replace: "num_peers: 0,",
  },

  "modification-overlay-id-guessed": { breaks: ["HOMP-6.2.3-04"], ...guessing(MODIFICATION) },
  "modification-by-any-owner": {
    breaks: ["HOMP-6.2.3-05", "HOMP-7.1.1-01"],
    what: "whoever knows the admin key may modify an overlay",
    file: "impl/homs/ownership.ts",
    find: "|| ownerId !== overlay.record.ownerId",
    replace: '|| (clause !== "6.2.3" && ownerId !== overlay.record.ownerId)',
  },
  "modification-without-owner-id": {
    breaks: ["HOMP-6.2.3-05"],
    what: "a modification does without owner-id",
    ...overlooking(MODIFICATION, "/overlay/owner-id"),
    also: [
      {
        file: "impl/homs/ownership.ts",
        find: "|| ownerId !== overlay.record.ownerId",
        replace: "|| (ownerId ?? overlay.record.ownerId) !== overlay.record.ownerId",
      },
    ],
  },
  "modification-without-auth": {
    breaks: ["HOMP-6.2.3-06"],
    what: "a modification without auth is taken",
    ...asked(MODIFICATION, 'if (asked.overlay) asked.overlay.auth ??= { admin_key: "none" };'),
    also: [
      {
        file: "impl/homs/ownership.ts",
        find: "const keyMatches = ",
        replace: 'const keyMatches = auth.admin_key === "none" || ',
      },
    ],
  },
  "modification-by-any-key": {
    breaks: ["HOMP-6.1.3-01", "HOMP-6.2.3-09", "HOMP-7.1.1-01"],
    what: "a modification is taken whatever the admin key",
    file: "impl/homs/ownership.ts",
    find: "const keyMatches = ",
    replace: 'const keyMatches = clause === "6.2.3" || ',
  },
  "modification-title-not-kept": {
    breaks: ["HOMP-6.2.3-02", "HOMP-7.1.3-02", "HOMP-7.1.3-01", "HP2P-7.3.1.2-01"],
    what: "a modification of the title is answered and not kept",
    file: "impl/homs/primitives/modification.ts",
    find: "record.title = asked.title;",
    replace: "const before = record.title; setImmediate(() => { record.title = before; }); record.title = asked.title;",
  },
  "modification-description-not-kept": {
    breaks: ["HOMP-6.2.3-02", "HOMP-7.1.3-01"],
    what: "a modification of the description is answered and not kept",
    file: "impl/homs/primitives/modification.ts",
    find: "record.description = asked.description;",
    replace:
      "const before = record.description; setImmediate(() => { record.description = before; }); record.description = asked.description;",
  },
  "modification-title-not-applied": {
    breaks: ["HOMP-6.2.3-13", "HOMP-7.1.3-05"],
    what: "a modification does not change the title",
    file: "impl/homs/primitives/modification.ts",
    find: "if (asked.title !== undefined && asked.title !== record.title) {",
    replace: "if (asked.title === null) {",
  },
  "modification-description-not-applied": {
    breaks: ["HOMP-6.2.3-14", "HOMP-7.1.3-05"],
    what: "a modification does not change the description",
    file: "impl/homs/primitives/modification.ts",
    find: "if (asked.description !== undefined && asked.description !== record.description) {",
    replace: "if (asked.description === null) {",
  },
  "modification-expires-not-applied": {
    breaks: ["HOMP-6.2.3-02", "HOMP-7.1.3-01", "HOMP-7.1.4-07"],
    what: "a modification does not change the lifetime",
    file: "impl/homs/primitives/modification.ts",
    find: "if (asked.expires !== undefined) {",
    replace: "if (asked.expires === null) {",
  },
  "modification-without-title-clears-it": {
    breaks: ["HOMP-6.2.3-07"],
    what: "a modification clears the title that it does not name",
    ...asked(MODIFICATION, 'if (asked.overlay) asked.overlay.title ??= "untitled";'),
  },
  "modification-trans-policy-refused": {
    breaks: ["HOMP-6.2.3-08"],
    ...refusing("a modification may not say trans_policy", MODIFICATION, "asked.overlay?.trans_policy !== undefined"),
  },
  "modification-access-key-stays": {
    breaks: ["HOMP-6.2.3-10"],
    what: "a modification does not change the access key",
    file: "impl/homs/primitives/modification.ts",
    find: "accessKey: accessKey === undefined ? record.accessKey : accessKey ? hashSecret(accessKey, random) : null,",
    replace: "accessKey: record.accessKey,",
  },
  "modification-clears-what-is-left-out-of-auth": {
    breaks: ["HOMP-6.2.3-10"],
    what: "a modification removes the peer list that it does not name, though the product declares to keep it",
    file: "impl/homs/primitives/modification.ts",
    find: "peerlist === undefined ? record.peerlist : [...new Set(peerlist ?? [])]",
    replace: "[...new Set(peerlist ?? [])]",
  },
  "modification-answer-empty": {
    breaks: ["HOMP-6.2.3-11"],
    what: "a modification is answered without overlay",
    ...answering(MODIFICATION, "delete sent.overlay;"),
  },
  "modification-answer-without-overlay-id": { breaks: ["HOMP-6.2.3-12"], ...without(MODIFICATION, "overlay-id") },
  "modification-answer-without-owner-id": { breaks: ["HOMP-6.2.3-12"], ...without(MODIFICATION, "owner-id") },
  "modification-answer-without-auth": { breaks: ["HOMP-6.2.3-12"], ...without(MODIFICATION, "auth") },
  "modification-answer-without-title": { breaks: ["HOMP-6.2.3-13"], ...without(MODIFICATION, "title") },
  "modification-answer-without-description": { breaks: ["HOMP-6.2.3-14"], ...without(MODIFICATION, "description") },
  "modification-answer-other-lifetime": {
    breaks: ["HOMP-6.2.3-15"],
    what: "a modification is answered with a lifetime of one second",
    ...answering(MODIFICATION, "if (sent.overlay) sent.overlay.expires = 1;"),
  },
  "modification-answer-other-key": {
    breaks: ["HOMP-6.2.3-16"],
    what: "a modification is answered with a key that is not the overlay's",
    ...answering(MODIFICATION, 'if (sent.overlay) sent.overlay.auth = { type: "closed", access_key: "stale" };'),
  },
  "modification-answer-old-title": {
    breaks: ["HOMP-7.1.3-05"],
    what: "a modification is answered with an old title",
    ...answering(MODIFICATION, 'if (sent.overlay) sent.overlay.title = "old";'),
  },
  "modification-of-nothing-succeeds": {
    breaks: ["HOMP-6.2.3-17"],
    what: "a modification of an unknown overlay is answered 200",
    ...handler(MODIFICATION, "modification", succeedAnyhow),
  },
  "modification-changes-type": {
    breaks: ["HOMP-7.1.3-01"],
    what: "a modification may change the type of an overlay",
    file: "impl/homs/primitives/modification.ts",
    find: "record.authType = access.type;",
    replace: "record.authType = access.type; if ((asked as any).type) record.type = (asked as any).type;",
  },
  "modification-puts-members-out": {
    breaks: ["HOMP-7.1.3-03"],
    what: "a modification puts all members out",
    file: "impl/homs/primitives/modification.ts",
    find: "record.authType = access.type;",
    replace:
      "record.authType = access.type; for (const peer of [...overlay.members]) registry.removePeer(overlay, peer, true);",
  },
  "modification-not-told": {
    breaks: ["HOMP-7.1.3-04"],
    what: "members are told an old title when they refresh",
    ...answering("HybridOverlayRefresh", 'if (sent.overlay?.title !== undefined) sent.overlay.title = "old";'),
  },
  "modification-trans-policy-mangled": {
    breaks: ["HOMP-6.1.1-13"],
    what: "trans_policy is kept as something else",
    file: "impl/homs/primitives/modification.ts",
    find: "record.transPolicy = asked.trans_policy;",
    replace: "record.transPolicy = { mangled: true } as any;",
  },

  "removal-overlay-id-guessed": { breaks: ["HOMP-6.2.4-03"], ...guessing(REMOVAL) },
  "removal-by-any-owner": {
    breaks: ["HOMP-6.2.4-03", "HOMP-7.1.1-01"],
    what: "whoever knows the admin key may remove an overlay",
    file: "impl/homs/ownership.ts",
    find: "|| ownerId !== overlay.record.ownerId",
    replace: '|| (clause !== "6.2.4" && ownerId !== overlay.record.ownerId)',
  },
  "removal-without-auth": {
    breaks: ["HOMP-6.2.4-03", "HOMP-6.2.4-04"],
    what: "a removal without auth or admin key is taken",
    ...asked(REMOVAL, 'if (asked.overlay) { asked.overlay.auth ??= {}; asked.overlay.auth.admin_key ??= "none"; }'),
    also: [
      {
        file: "impl/homs/ownership.ts",
        find: "const keyMatches = ",
        replace: 'const keyMatches = auth.admin_key === "none" || ',
      },
    ],
  },
  "removal-by-any-key": {
    breaks: ["HOMP-6.2.4-04", "HOMP-6.1.3-01"],
    what: "a removal is taken whatever the admin key",
    file: "impl/homs/ownership.ts",
    find: "const keyMatches = ",
    replace: 'const keyMatches = clause === "6.2.4" || ',
  },
  "removal-answer-without-overlay-id": { breaks: ["HOMP-6.2.4-05"], ...without(REMOVAL, "overlay-id") },
  "removal-not-carried-out": {
    breaks: ["HOMP-6.2.4-01"],
    what: "a removal is answered and the overlay stays",
    file: "impl/homs/primitives/removal.ts",
    find: "context.registry.removeOverlay(overlay);",
    replace: "",
  },
  "removal-announced": {
    breaks: ["HOMP-7.1.4-03"],
    what: "the members of an overlay are called when it is removed",
    file: "impl/homs/primitives/removal.ts",
    find: "context.registry.removeOverlay(overlay);",
    replace: `for (const { record } of overlay.members) {
    const [, host, port] = /([\\d.]+):(\\d+)/.exec(record.address) ?? [];
    import("node:net").then(({ connect }) => connect(Number(port), host).on("error", () => {}));
  }
  context.registry.removeOverlay(overlay);`,
  },
  "removal-of-all-of-an-owner": {
    breaks: ["HOMP-6.2.4-01"],
    what: "a removal takes all overlays away",
    file: "impl/homs/primitives/removal.ts",
    find: "context.registry.removeOverlay(overlay);",
    replace: "for (const one of [...context.registry.overlays.values()]) context.registry.removeOverlay(one);",
  },
  "removal-twice-succeeds": {
    breaks: ["HOMP-6.2.4-06"],
    what: "the removal of an overlay that is gone is answered 200",
    ...handler(REMOVAL, "removal", succeedAnyhow),
  },
  "removal-answered-conflict": {
    breaks: ["HOMP-7.1.4-02", "HP2P-8.1-01", "HP2P-7.3.1.1-01", "HOMP-7-01"],
    what: "a removal that is carried out is answered 409",
    ...handler(REMOVAL, "removal", 'if (answer.status === 200) return refuse(409, "6.2.4", "", "removed");'),
  },
});
