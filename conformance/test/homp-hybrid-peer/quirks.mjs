// Every switch of tiny-hybrid-peer.mjs by what it does. `sends` sees each message before it leaves and may change it.

/** Changes messages of some primitives: `on("create join", ({ body }) => …)`. */
const on = (primitives, change) => ({
  sends: (message) => {
    if (primitives.split(" ").includes(message.primitive)) change(message);
  },
});

/** Leaves out the member at a path: `without("create", "overlay_info.title")`. */
const without = (primitives, path) =>
  on(primitives, ({ body }) => {
    const names = path.split(".");
    const last = names.pop();
    const at = names.reduce((value, one) => value?.[one], body);
    if (at) delete at[last];
  });

/** Sets it to something else. */
const set = (primitives, path, value) =>
  on(primitives, (message) => {
    const names = path.split(".");
    const last = names.pop();
    const at = names.reduce((one, key) => one?.[key], message.body);
    if (at) at[last] = typeof value === "function" ? value(at[last], message) : value;
  });

const all = "create modify remove join recover refresh report leave";
const skip = (primitives) => on(primitives, (message) => Object.assign(message, { skip: true }));

/** Wrong: one statement is broken by each. */
const defects = {
  "never creates": skip("create"),
  "creates at another path": on("create", (message) => Object.assign(message, { path: "/overlays" })),
  "creates by PUT": on("create", (message) => Object.assign(message, { method: "PATCH" })),
  "creates without a wrapper": on("create", (message) =>
    Object.assign(message, { body: { overlays: message.body.overlay_info } }),
  ),
  "creates without title": without("create", "overlay_info.title"),
  "creates without type": without("create", "overlay_info.type"),
  "creates without sub-type": without("create", "overlay_info.sub-type"),
  "creates without owner-id": without("create", "overlay_info.owner-id"),
  "creates without description": without("create", "overlay_info.description"),
  "creates without heartbeat-interval": without("create", "overlay_info.heartbeat-interval"),
  "creates without heartbeat-timeout": without("create", "overlay_info.heartbeat-timeout"),
  "creates without auth": without("create", "overlay_info.auth"),
  "creates without admin key": without("create", "overlay_info.auth.admin_key"),
  "creates with interval 5": set("create", "overlay_info.heartbeat-interval", 5),
  "creates with timeout of three intervals": set("create", "overlay_info.heartbeat-timeout", 30),
  "states a title of its own": set("create", "overlay_info.title", "mine"),
  "states a description of its own": set("create", "overlay_info.description", "mine"),
  "states a lifetime in milliseconds": set("create", "overlay_info.expires", (value) => value && value * 1000),
  "states an odd policy": set("create", "overlay_info.cr-policy", { mN_Cache: 1, mD_Cache: 1, "recovery-by": "magic" }),
  "leaves the policy out": without("create", "overlay_info.cr-policy"),
  "creates closed ones as open": set("create", "overlay_info.auth.type", "open"),
  "calls closed ones private": set("create", "overlay_info.auth.type", (type) =>
    type === "closed" ? "private" : type,
  ),
  "lists peers as text": set("create", "overlay_info.auth.peerlist", (list) => list?.join(",")),
  "owns under another name": set("create", "overlay_info.owner-id", "somebody"),
  "calls type main": set("create join", "overlay_info.type", "main"),
  "calls sub-type ring": set("create", "overlay_info.sub-type", "ring"),

  "never queries": skip("query"),
  "queries with a body": on("query", (message) => Object.assign(message, { text: "{}" })),
  "queries by name": on("query", (message) =>
    Object.assign(message, { path: message.path.replace("title=", "name=") }),
  ),
  "queries in lower case by overlay-id": on("query", (message) =>
    Object.assign(message, { path: message.path.replace("overlay-id=", "overlay_id=") }),
  ),
  "queries by text": on("query", (message) =>
    Object.assign(message, { path: message.path.replace("description=", "text=") }),
  ),
  "cuts keywords at the first blank": on("query", (message) =>
    Object.assign(message, { path: message.path.replace(/\+.*$/, "") }),
  ),
  "hides the first that it finds": { hides: true },
  "joins the first of the list": { takesFirst: true },
  "joins without looking": { guesses: true },

  "never modifies": skip("modify"),
  "modifies without a wrapper": on("modify", (message) => Object.assign(message, { body: message.body.overlay })),
  "modifies without overlay-id": without("modify", "overlay.overlay-id"),
  "modifies without owner-id": without("modify", "overlay.owner-id"),
  "modifies without auth": without("modify", "overlay.auth"),
  "modifies with another admin key": set("modify", "overlay.auth.admin_key", "another"),
  "modifies without admin key": without("modify", "overlay.auth.admin_key"),
  "modifies with a list of peers as text": set("modify", "overlay.auth.peerlist", "p1,p2"),
  "cannot change the title": without("modify", "overlay.title"),
  "cannot change the description": without("modify", "overlay.description"),
  "cannot extend": without("modify", "overlay.expires"),
  "cannot change the access key": set("modify", "overlay.auth.access_key", "same"),
  "floors by text": set("modify", "overlay.trans_policy", "one at a time"),

  "never removes": skip("remove"),
  "removes without a body": on("remove", (message) => Object.assign(message, { body: undefined })),
  "removes without overlay-id": without("remove", "overlay.overlay-id"),
  "removes without owner-id": without("remove", "overlay.owner-id"),
  "removes without auth": without("remove", "overlay.auth"),
  "removes with another admin key": set("remove", "overlay.auth.admin_key", "another"),

  "never joins": on("join", (message) => {
    // Whoever looks first whether there is a peer at all is not disappointed.
    if (!message.me.settings.case?.includes("preflight")) message.skip = true;
  }),
  "joins flat": on("join", (message) =>
    Object.assign(message, { body: { ...message.body.overlay, ...message.body.peer } }),
  ),
  "joins without overlay-id": without("join", "overlay.overlay-id"),
  "joins another overlay network": set("join", "overlay.overlay-id", "another"),
  "joins without type": without("join", "overlay.type"),
  "joins without sub-type": without("join", "overlay.sub-type"),
  "joins without peer-id": without("join", "peer.peer-id"),
  "joins without address": without("join", "peer.address"),
  "joins without auth": without("join", "peer.auth"),
  "joins by another name": set("join", "peer.peer-id", "tiny-joiner"),
  "joins as a member at once": set("join", "overlay.recovery", true),
  "joins with a ticket out of the air": set("join", "overlay.ticket-id", "424242"),
  "asks for a lifetime of minus one": set("join", "overlay.expires", -1),
  "keeps the access key to itself": without("join", "overlay.auth"),
  "shows another access key": set("join", "overlay.auth.access_key", "another"),
  "recovers without saying so": without("recover", "overlay.recovery"),
  "recovers without ticket": without("recover", "overlay.ticket-id"),
  "recovers with another ticket": set("recover", "overlay.ticket-id", "0"),
  "never recovers": { noRecovery: true },
  "has a name of its own": { ownName: true },
  "acts as a member after a refusal": { deaf: true },
  hammers: { hammers: true },
  "fears the dead": { fearsTheDead: true },

  "never reports": skip("report"),
  "reports by PUT": on("report", (message) => Object.assign(message, { method: "PUT" })),
  "reports without overlay": without("report", "overlay"),
  "reports without peer": without("report", "peer"),
  "reports without status": without("report", "status"),
  "reports without overlay-id": without("report", "overlay.overlay-id"),
  "reports without peer-id": without("report", "peer.peer-id"),
  "reports without cost map": without("report", "status.costmap"),
  "counts no primary paths": set("report", "status.num_primary", 0),
  "counts as text": set("report", "status.num_primary", (count) => String(count)),
  "counts all candidates as its own": set("report", "status.num_out_candidate", (count) => count + 1),
  "counts no incoming candidates": set("report", "status.num_in_candidate", 0),
  "lists no primary paths": set("report", "status.costmap.primary", []),
  "lists the wrong outgoing ones": set("report", "status.costmap.outgoing_candidate", (list) => list.slice(1)),
  "lists itself as incoming": set("report", "status.costmap.incoming_candidate", (list, { me }) =>
    list.map(() => me.id),
  ),
  "keeps the loss to itself": { silentLoss: true },
  "dies of an empty answer": { needsBody: true },
  "tells of no applications": on("report refresh", ({ body }) => delete body.peer.applications),

  "never refreshes": { neverRefreshes: true },
  "refreshes once": { refreshesOnce: true },
  "refreshes twice": { refreshesTwice: true },
  "refreshes too late": { share: 1.6 },
  "sticks to the first lifetime": { fixed: true },
  "refreshes all the time": { share: 0.004 },
  "refreshes by POST": on("refresh", (message) => Object.assign(message, { path: "/peer/refresh", method: "POST" })),
  "refreshes flat": on("refresh", (message) =>
    Object.assign(message, { body: { ...message.body.overlay, ...message.body.peer } }),
  ),
  "refreshes without overlay-id": without("refresh", "overlay.overlay-id"),
  "refreshes another overlay network": set("refresh", "overlay.overlay-id", "another"),
  "refreshes with an odd lifetime": set("refresh", "overlay.expires", "long"),
  "refreshes without peer-id": without("refresh", "peer.peer-id"),
  "refreshes without address": without("refresh", "peer.address"),
  "refreshes without auth": without("refresh", "peer.auth"),
  "refreshes with another password": set("refresh", "peer.auth.password", "Another1"),
  "refreshes under another name": set("refresh", "peer.peer-id", "another"),
  "refreshes what is gone": { stubborn: true },
  "gives in to one failure": { fragile: true },

  vanishes: { vanishes: true },
  "stays after it has left": { stays: true },
  "leaves at another path": on("leave", (message) => Object.assign(message, { path: "/peers/me" })),
  "leaves without a body": on("leave", (message) => Object.assign(message, { body: undefined })),
  "leaves without overlay-id": without("leave", "overlay.overlay-id"),
  "leaves with auth": on("leave", ({ body }) => Object.assign(body.overlay, { auth: { type: "open" } })),
  "leaves with another access key": set("leave", "overlay.auth.access_key", "another"),
  "leaves without peer-id": without("leave", "peer.peer-id"),
  "leaves without password": without("leave", "peer.auth"),
  "leaves with another password": set("leave", "peer.auth.password", "Another1"),

  "sends text/plain": on(all, ({ headers }) => Object.assign(headers, { "content-type": "text/plain" })),
  "sends no JSON": on("leave", (message) =>
    Object.assign(message, { text: `overlay-id=${message.body.overlay["overlay-id"]}` }),
  ),
  "sends numbers as text": set("create", "overlay_info.heartbeat-interval", "10"),
  "sends recovery as text": set("recover", "overlay.recovery", "true"),
  "sends no Host": on(all, ({ headers }) => Object.assign(headers, { host: undefined })),
  "asks for a primitive of its own": on("leave", (message) => Object.assign(message, { path: "/peer/goodbye" })),
  "has a password with signs": { password: "pass-word!" },
  "has an empty password": { password: "" },
  "has always the same password": { password: "Constant1" },
  "changes its password": set("refresh", "peer.auth.password", () => `X${Math.floor(Math.random() * 1e9)}`),
  "shows the admin key when it joins": on("join", ({ body }) =>
    Object.assign(body.overlay, { auth: { type: "open", admin_key: "mine" } }),
  ),
};

/** Odd, and legal. */
const oddities = {
  "is plain": {},
  "writes members in another order": on(all, (message) => {
    const turn = (value) =>
      value && typeof value === "object" && !Array.isArray(value)
        ? Object.fromEntries(
            Object.entries(value)
              .reverse()
              .map(([key, one]) => [key, turn(one)]),
          )
        : value;
    message.body = turn(message.body);
  }),
  "adds members of its own": on(all, ({ body }) => {
    for (const part of Object.values(body))
      if (part && typeof part === "object") Object.assign(part, { "x-tiny": [null, { deep: true }] });
    Object.assign(body, { "x-version": 2 });
  }),
  "writes pretty JSON with escapes": on(all, (message) => {
    message.text = `\n ${JSON.stringify(message.body, undefined, "\t").replaceAll("peer-id", "peer\\u002did")} \r\n`;
  }),
  "says charset": on(all, ({ headers }) =>
    Object.assign(headers, { "content-type": "application/json; charset=utf-8" }),
  ),
  "sends chunks": { chunked: true },
  drips: { drips: true },
  "shouts its headers": { shouts: true },
  "writes whole addresses": { absolute: true },
  "speaks HTTP/1.0": { sends: (message) => Object.assign(message, { version: "1.0" }) },
  "ends paths with a slash": {
    sends: (message) => Object.assign(message, { path: message.path.replace(/^([^?]*)/, "$1/") }),
  },
  "creates under overlay": on("create", (message) =>
    Object.assign(message, { body: { overlay: message.body.overlay_info } }),
  ),
  "spells keys with hyphens": on(all, (message) => {
    message.text = JSON.stringify(message.body)
      .replaceAll('"admin_key"', '"admin-key"')
      .replaceAll('"access_key"', '"access-key"');
  }),
  "spells Address": on("join refresh", ({ body }) => {
    body.peer.Address = body.peer.address;
    delete body.peer.address;
  }),
  "has ticket and recovery in the places of the field": on("join recover", (message) => {
    const { overlay, peer } = message.body;
    peer["ticket-id"] = overlay.recovery ? Number(overlay["ticket-id"]) : -1;
    if (overlay.recovery) message.path += "?recovery=true";
    delete overlay.recovery;
    delete overlay["ticket-id"];
  }),
  "says that it does not recover": on("join", ({ body }) => Object.assign(body.overlay, { recovery: false })),
  "makes up its ticket": { invents: true },
  "reports status within status": on("report", ({ body }) => Object.assign(body, { status: { status: body.status } })),
  "lists peers as objects": on("report", ({ body: { status } }) => {
    for (const key of Object.keys(status.costmap))
      status.costmap[key] = status.costmap[key].map((id) => ({ "peer-id": id, cost: 3 }));
  }),
  "reports without password": without("report", "peer.auth"),
  "reports the loss before it recovers": { reportsFirst: true },
  "shows the access key alone": on("join refresh leave", ({ body }) => delete body.overlay.auth?.type),
  "leaves closed ones by its password alone": without("leave", "overlay.auth"),
  "refreshes late, but in time": { share: 0.8 },
  "refreshes often": { share: 0.2 },
  "gives up after a failure of the server": { givesUp: true },
  "resigns where its overlay network is gone": { resigns: true },
  "tells of applications by refresh": { byRefresh: true },
  "looks through the whole list": { plainQuery: true },
  "has a name of its own": { ownName: true },
  "owns nothing": { lacks: ["create", "modify", "remove"] },
  "never looks around": { lacks: ["query"] },
  "never recovers": { noRecovery: true },
};

export const quirks = { ...oddities, ...defects };
export const defectNames = Object.keys(defects);
export const oddityNames = Object.keys(oddities);
