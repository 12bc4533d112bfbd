import type { RequirementId } from "../../../generated/catalogue/requirements.js";
import type { Mutant } from "./mutant.js";
import { answering, mutantsOf, saying, turning } from "./mutant.js";

type Entry = Omit<Mutant, "id" | "entity">;
type Breaks = readonly RequirementId[];

const says = (breaks: Breaks, what: string, operation: string, change: string): Entry => ({
  breaks,
  what,
  ...saying(operation, change),
});
const answers = (breaks: Breaks, what: string, operation: string, change: string): Entry => ({
  breaks,
  what,
  ...answering(operation, change),
});

/** Defects of a cache server. */
export const csMutants = mutantsOf("cs", {
  "allocation-of-another-overlay": answers(
    ["DS-8.8-a"],
    "the allocation answered is of another overlay network",
    "CS_ALLOCATE",
    'sent.allocation.overlay_network_id = "another";',
  ),
  "joins-as-a-peer": says(["DS-7.2.2-03"], "who joins is no virtual peer", "OMS_JOIN", 'said.join.role = "peer";'),
  "one-identifier-for-all": says(
    ["DS-8.8-01"],
    "virtual peers of all overlay networks have one identifier",
    "OMS_JOIN",
    'said.join.peer_id = "the-virtual-peer";',
  ),
  "registers-somebody-else": says(
    ["DS-8.8-b", "PAMP-6-12"],
    "another peer than the virtual peer is registered",
    "PAMP_PEER_REG",
    'said.peer_information.peer_id = "somebody";',
  ),
  "release-refused": {
    breaks: ["DS-8.8-a"],
    what: "a release is answered with 500",
    ...turning("CS_RELEASE", 200, 500),
  },
  "registers-another-overlay": says(
    ["DS-6-08", "DS-8.11-01"],
    "the index file of a session names another overlay network",
    "IXS_INDEX_FILE_REGISTER",
    'said.index_file.overlay_network_id = "another";',
  ),
  "one-session-for-all": answers(
    ["DS-8.11-01"],
    "all sessions have one overlay network",
    "CS_SESSION_CREATE",
    'sent.session.overlay_network_id = "the-overlay";',
  ),
  "counts-too-few-octets": answers(
    ["DS-8.11-a"],
    "one octet fewer is said to be taken than was",
    "CS_SESSION_QUERY",
    "sent.session_status.received = Math.max(0, sent.session_status.received - 1);",
  ),
  "tells-no-methods": answers(
    ["DS-8.11-a"],
    "the methods are not told",
    "CS_QUERY",
    "delete sent.cache_server.methods;",
  ),
});

/** Defects of an OMS towards the servers behind it. */
export const managingOmsMutants = mutantsOf("managing-oms", {
  "registration-of-another-overlay": says(
    ["DS-8.1-a-i", "DS-8.1-c"],
    "another overlay network is registered",
    "PAMP_OVERLAY_NW_REG",
    'said.overlay_network_information.overlay_network_id = "another";',
  ),
  "query-without-fragments": says(
    ["DS-8.1-02", "PAMP-8.2.2-02"],
    "the fragments wanted are not in the query",
    "PAMP_PEER_LIST_QUERY",
    "delete said.peer_query_condition.fragment_list;",
  ),
  "query-without-class": says(
    ["DS-8.5-g", "PAMP-8.2.5-05"],
    "the class of the user is not in the query",
    "PAMP_PEER_LIST_QUERY",
    "delete said.peer_query_condition.service_class;",
  ),
  "question-about-strangers": says(
    ["DS-8.3-01"],
    "the UNIS is asked about peers that are in no list",
    "UNIS_DISTANCE_QUERY",
    'said.distance_query.peers = [{ peer_id: "stranger", address: "192.0.2.1" }];',
  ),
  "question-about-nobody": says(
    ["DS-8.7-01"],
    "the UMS is asked about another user",
    "UMS_ACCESS_QUERY",
    'said.access_request.user_id = "nobody";',
  ),
  "allocation-of-another-overlay": says(
    ["DS-7.1.1-05", "DS-7.2.2-02", "DS-8.8-a"],
    "resources are ordered for another overlay network",
    "CS_ALLOCATE",
    'said.allocation.overlay_network_id = "another";',
  ),
  "allocation-without-pams": says(
    ["DS-8.8-b"],
    "the CS is not told of the PAMS",
    "CS_ALLOCATE",
    "delete said.allocation.pams_url;",
  ),
  "allocation-without-priority": says(
    ["DS-8.8-c"],
    "the CS is not told the priority",
    "CS_ALLOCATE",
    "delete said.allocation.priority;",
  ),
  "joins-without-pams": answers(
    ["PAMP-8.2.1-06"],
    "joining peers are not told their PAMS",
    "OMS_JOIN",
    "delete sent.membership?.pams_url;",
  ),
});
