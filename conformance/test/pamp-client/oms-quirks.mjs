const isRegistration = ({ method }) => method === "POST";
const isList = ({ method, path }) => method === "GET" && path.endsWith("/peer");

const wrong = {
  "registers by PUT": { sends: (message) => isRegistration(message) && Object.assign(message, { method: "PUT" }) },
  "registers under another path": {
    sends: (message) => isRegistration(message) && Object.assign(message, { path: "/overlays/new" }),
  },
  "registers without an element": {
    sends: (message) => isRegistration(message) && Object.assign(message, { body: {} }),
  },
  "has a number for an identifier": {
    sends: (message) =>
      isRegistration(message) && Object.assign(message.body.overlay_network_information, { overlay_network_id: 17 }),
  },
  "has a number for the content": {
    sends: (message) =>
      isRegistration(message) && Object.assign(message.body.overlay_network_information, { content_type: 1 }),
  },
  "has one identifier for all": { oneId: "overlay-of-all" },
  "registers twice": { registersTwice: true },
  "has files only": { contentType: "FILE" },
  "refuses members that it does not know": { strictMembers: true },
  "refuses a chunked answer": { needsLength: true },
  "asks again without pause": { hammers: true },
  "tells peers nothing": { tellsNothing: true },
  "tells peers its own PAMS": { ownAddress: true },
  "tells peers a PAMS that is off": { ignoresDisabled: true },
  "never deregisters": { neverCloses: true },
  "closes everything": { closesAll: true },
  "closes another one": { closePath: (id) => `/${id}x/` },
  "deregisters by POST": {
    sends: (message) => message.method === "DELETE" && Object.assign(message, { method: "POST" }),
  },
  "deregisters with a body": { closeBody: { bye: true } },
  "repeats a refused deregistration": { repeatsClosing: true },
  "queries what is closed": { queriesClosed: true },
  "queries nothing": { sends: (message) => message.method === "GET" && Object.assign(message, { skip: true }) },
  "queries another overlay network": {
    sends: (message) => isList(message) && Object.assign(message, { path: "/another/peer" }),
  },
  "queries by a query string": {
    sends: (message) =>
      isList(message) && Object.assign(message, { body: undefined, path: `${message.path}?max_peer_num=3` }),
  },
  "queries without its condition": {
    sends: (message) => isList(message) && Object.assign(message, { body: undefined }),
  },
  "queries without the element": {
    sends: (message) => isList(message) && Object.assign(message, { body: message.body?.peer_query_condition }),
  },
  "sets num_of_fragment in a query": {
    condition: (one) =>
      one.fragment_list && Object.assign(one, { fragment_list: { ...one.fragment_list, num_of_fragment: 2 } }),
  },
  "drops the fragments": { condition: (one) => delete one.fragment_list },
  "drops the peers": { condition: (one) => delete one.peer_id },
  "drops the class": { condition: (one) => delete one.service_class },
  "asks for another status": {
    condition: (one) => one.overlay_status && Object.assign(one, { overlay_status: "STOPPED" }),
  },
  "asks for more peers": { condition: (one) => one.max_peer_num && Object.assign(one, { max_peer_num: 99 }) },
  "registers once": { registersOnce: true },
  "repeats another registration": { repeatsAnother: true },
  "orders otherwise": { condition: (one) => one.ordering && Object.assign(one, { ordering: "LEFT" }) },
  "orders by a word of its own": { condition: (one) => one.ordering && Object.assign(one, { ordering: "BEST" }) },
  "counts peers in a string": { condition: (one) => one.max_peer_num && Object.assign(one, { max_peer_num: "3" }) },
  "lists fragments in a string": {
    condition: (one) => one.fragment_list && Object.assign(one, { fragment_list: { fragment: "100,102" } }),
  },
  "invents peers": { invents: true },
  "hands on no peers": { keepsPeers: true },
  "keeps advice to itself": { keepsAdvice: true },
  "queries a peer with a body": { infoBody: {} },
  "queries another peer": { infoPath: (id) => `/${id}/peers/another` },
  "invents a status": { inventsStatus: true },
  "sends JSON as text": {
    sends: (message) => message.body && Object.assign(message.headers, { "content-type": "text/plain" }),
  },
  "sends what is no JSON": {
    sends: (message) => isList(message) && message.body && Object.assign(message, { text: "{" }),
  },
};

const odd = {
  "no content type": { untyped: true },
  "no final slash": { sends: (message) => Object.assign(message, { path: message.path.replace(/\/$/, "") }) },
  "the other segments": {
    sends: (message) => {
      if (message.method !== "GET") return;
      message.path = message.path.endsWith("/peer") ? `${message.path}s` : message.path.replace("/peers/", "/peer/");
    },
  },
  "members of a later extension": {
    sends: (message) => message.body && Object.assign(message.body, { "x-version": 2, "x-trace": ["∂", null, {}] }),
  },
  "white space and escapes": {
    sends: (message) => {
      if (message.body === undefined) return;
      message.text = JSON.stringify(message.body, undefined, "\t").replaceAll("overlay", "\\u006fverlay");
      message.headers["content-type"] = "Application/JSON; charset=utf-8";
    },
  },
  "a name that has to be escaped": { suffix: " ü/1?" },
  "an empty condition where there is none": { emptyCondition: true },
  "it leaves out peers": { leavesOut: true },
  "it cannot say what it tells peers": { unsupported: ["join-peer"] },
  "it does not query": { unsupported: ["query-list", "query-peer"] },
  "one overlay network only": { unsupported: ["create-another"] },
  "conditions of its own": {
    condition: (one) => Object.assign(one, { "x-requester": "peer-1" }),
  },
};

/** What makes tiny-oms.mjs odd or wrong, by the name the tests give it. */
export const omsQuirks = { ...wrong, ...odd };
