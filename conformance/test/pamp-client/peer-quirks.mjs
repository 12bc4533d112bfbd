const isReport = ({ method }) => method === "PUT";
const isRegistration = ({ method }) => method === "POST";
const dynamicOf = ({ body }) => body?.peer_status?.dynamic_status;
const onDynamic = (change) => ({
  sends: (message) => {
    const dynamic = isReport(message) ? dynamicOf(message) : undefined;
    if (dynamic) change(dynamic);
  },
});
const onProfile = (change) => ({
  sends: (message) => {
    const profile = isReport(message) ? message.body?.peer_status?.static_status : undefined;
    if (profile) change(profile);
  },
});
const onEvent = (change) => ({ event: (one) => change({ ...one }) });
const onBody = (change) => ({
  sends: (message) => {
    if (message.body !== undefined) message.body = change(message.body) ?? message.body;
  },
});
const set = (name, value) => (object) => {
  object[name] = value;
};
const put = (name, value) => (object) => ({ ...object, [name]: value });

const wrong = {
  "registers by PUT": { sends: (message) => isRegistration(message) && Object.assign(message, { method: "PUT" }) },
  "registers under another path": { registerPath: "/overlay/members" },
  "registers without an element": {
    sends: (message) => isRegistration(message) && Object.assign(message, { body: {} }),
  },
  "has a number for an identifier": {
    sends: (message) => isRegistration(message) && Object.assign(message.body.peer_information, { peer_id: 17 }),
  },
  "has a number for a type": {
    sends: (message) => isRegistration(message) && Object.assign(message.body.peer_information, { type: 1 }),
  },
  "has one identifier wherever it runs": { oneId: "peer-of-all" },
  "refuses members that it does not know": { strictMembers: true },
  "refuses a chunked answer": { needsLength: true },
  "acts as registered after a refusal": { ignoresRefusal: true },
  "asks again without pause": { hammers: true },
  "stays with the first PAMS": { staysPut: true },
  "never reports": { intervalS: () => 3600, noStatic: true, reportsLate: true },
  "reports once": { intervalS: () => 3600 },
  "reports every second whatever it is told": { intervalS: () => 1 },
  "reports three times as often": { intervalS: (seconds) => seconds / 3 },
  "reports without pause where there is no interval": { zeroLoops: true },
  "stops reporting after trouble": { stopsAfterTrouble: true },
  "reports on though it is unknown, without pause": { ignoresUnknown: true, hammers: true },
  "reports for another overlay network": {
    sends: (message) =>
      isReport(message) && Object.assign(message, { path: message.path.replace("/overlay", "/other") }),
  },
  "reports for another peer": {
    sends: (message) =>
      isReport(message) && Object.assign(message, { path: message.path.replace("/peer/peer", "/peer/other") }),
  },
  "reports by POST": { sends: (message) => isReport(message) && Object.assign(message, { method: "POST" }) },
  "reports without the element": {
    sends: (message) => isReport(message) && Object.assign(message, { body: message.body.peer_status }),
  },
  "reports nothing at all": {
    sends: (message) => isReport(message) && Object.assign(message, { body: { peer_status: {} } }),
  },
  "never reports its profile": { noStatic: true },
  "keeps a changed profile to itself": { keepsProfile: true },
  "begins with STOPPED": {
    sends: (message, peer) => {
      const dynamic = isReport(message) ? dynamicOf(message) : undefined;
      if (dynamic && peer.event === "STARTED") dynamic.overlay_event = "STOPPED";
    },
  },
  "pauses without a word": { ignores: ["pause"] },
  "completes without a word": { ignores: ["complete"] },
  "has something left though it has everything": { keepsLeft: true },
  "exchanges without a word": { ignores: ["exchange"] },
  "adds up what it uploads": { totals: "uploaded" },
  "adds up what it downloads": { totals: "downloaded" },
  "tells events again and again": { repeatsEvents: true },
  "tells of uploads as uploads": onEvent(put("fragment_event_type", "Upload")),
  "tells of fragments by an object": onEvent(put("fragment_id", { id: 17 })),
  "says integrity in words": onEvent(put("fragment_integrity", "yes")),
  "names no receiver": onEvent(({ to: _, ...rest }) => rest),
  "names no sender": onEvent(({ from: _, ...rest }) => rest),
  "holds nothing that it tells": {
    holds: (held) => {
      held.fragment_list.fragment = [];
      held.fragment_range = undefined;
    },
  },
  "counts 3 fragments": { holds: (held) => Object.assign(held.fragment_list, { num_of_fragment: 4711 }) },
  "gives the size in octets": { holds: (held) => Object.assign(held.fragment_list, { fragment_size: 64_000 }) },
  "lists fragments in a string": { holds: (held) => Object.assign(held.fragment_list, { fragment: "1,5,9" }) },
  "begins its range too early": { holds: (held) => Object.assign(held.fragment_range, { start_fragment_id: 2 }) },
  "ends its range too late": { holds: (held) => Object.assign(held.fragment_range, { end_fragment_id: 21 }) },
  "calls its state RUNNING": onDynamic(set("overlay_event", "RUNNING")),
  "counts free upload connections in a string": onDynamic(set("num_upload_connection", "10")),
  "counts free download connections in a string": onDynamic(set("num_download_connection", "12")),
  "gives amounts in words": onDynamic(set("uploaded", "ten")),
  "gives downloads in words": onDynamic(set("downloaded", "ten")),
  "gives what is left in words": onDynamic(set("left", "much")),
  ...Object.fromEntries(
    [
      "max_up_bw",
      "max_dn_bw",
      "max_up_bw_per_net",
      "max_dn_bw_per_net",
      "max_num_conn_for_up",
      "max_num_conn_for_dn",
      "max_num_conn_for_up_per_net",
      "max_num_active_net",
    ].map((name) => [`has a string for ${name}`, onProfile((profile) => set(name, String(profile[name]))(profile))]),
  ),
  "leaves silently": { leavesSilently: true },
  "deregisters another peer": { leavePath: (peer) => `/${encodeURIComponent(peer.overlay)}/peers/another` },
  "deregisters with a body": { leaveBody: { bye: true } },
  "reports after it has left": { reportsAfterLeaving: true },
  "sends JSON as text": {
    sends: (message) => message.body && Object.assign(message.headers, { "content-type": "text/plain" }),
  },
  "sends what is no JSON": {
    sends: (message) => isReport(message) && Object.assign(message, { text: "{'peer_status':{}}" }),
  },
};

const odd = {
  "amounts as numbers": { numbers: true },
  "two first reports": { apart: true },
  "the profile in every report": { alwaysStatic: true },
  "the first report after an interval": { reportsLate: true },
  "no final slash in a report's path": { bareReport: true },
  "the other segment when it registers": {
    sends: (message) =>
      isRegistration(message) && Object.assign(message, { path: message.path.replace("/peer/", "/peers/") }),
  },
  "the other segment when it leaves": {
    leavePath: (peer) => `/${encodeURIComponent(peer.overlay)}/peer/${encodeURIComponent(peer.id)}/`,
  },
  "bodies in chunks": { chunked: true },
  "bodies in two segments": { splits: true },
  "no type": { untyped: true },
  "a type of its own": {
    sends: (message) => isRegistration(message) && Object.assign(message.body.peer_information, { type: "SENSOR" }),
  },
  "members of a later extension": onBody((body) => ({ "x-version": 2, ...body, "x-trace": ["∂", null, {}] })),
  "a blank in the name of the element": {
    sends: (message) =>
      isReport(message) && Object.assign(message, { body: { "peer_status ": message.body.peer_status } }),
  },
  "a hyphen in fragment-event": onDynamic((dynamic) => {
    if (dynamic.fragment_event === undefined) return;
    dynamic["fragment-event"] = dynamic.fragment_event;
    dynamic.fragment_event = undefined;
  }),
  "fragment numbers in events": onEvent((one) => ({ ...one, fragment_id: Number(one.fragment_id) })),
  "fragment numbers as strings in lists": {
    holds: (held) => Object.assign(held.fragment_list, { fragment: held.fragment_list.fragment.map(String) }),
  },
  "everything in one list": {
    holds: (held) => {
      held.fragment_list.fragment = [1, 5, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20];
      held.fragment_range = undefined;
    },
  },
  "a shorter range and a longer list": {
    holds: (held) => {
      held.fragment_list.fragment = [1, 5, 9, 10, 20];
      held.fragment_range = { start_fragment_id: 11, end_fragment_id: 19 };
    },
  },
  "the length of the list for the total": {
    holds: (held) => Object.assign(held.fragment_list, { num_of_fragment: 3 }),
  },
  "no numbers of connections": onDynamic((dynamic) => {
    dynamic.num_upload_connection = undefined;
    dynamic.num_download_connection = undefined;
  }),
  "no more than the state": onDynamic((dynamic) => {
    for (const name of ["left", "num_upload_connection", "num_download_connection"]) delete dynamic[name];
  }),
  "a profile of two members": onProfile((profile) => {
    for (const name of Object.keys(profile)) if (!["max_up_bw", "max_dn_bw"].includes(name)) delete profile[name];
  }),
  "white space and escapes": {
    sends: (message) => {
      if (message.body === undefined) return;
      message.text = JSON.stringify(message.body, undefined, "\t").replaceAll("peer", "\\u0070eer");
      message.headers["Content-Type"] = "Application/JSON; charset=utf-8";
      message.headers["content-type"] = undefined;
    },
  },
  "members in another order": onBody((body) => reversed(body)),
  "a name that has to be escaped": { suffix: " ü/1?" },
  "it gives up when it is refused": { givesUp: true },
  "it stops when it is unknown": { stopsUnknown: true },
  "both identifiers of an event": onEvent((one) => ({ from: "me", to: "me", ...one })),
  "one connection for everything": { keepsAlive: true },
  "queries and headers of its own": {
    sends: (message) => {
      message.path += "?trace=1";
      Object.assign(message.headers, { "x-request-id": "1", "user-agent": "odd/1.0 (a; b)", accept: "*/*" });
    },
  },
};

function reversed(value) {
  if (Array.isArray(value) || typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, one]) => [name, reversed(one)]),
  );
}

/** What makes tiny-peer.mjs odd or wrong, by the name the tests give it. */
export const peerQuirks = { ...wrong, ...odd };
