/** Limits that no configuration touches: they bound what others can make a peer do. */

/** Connections under way to offer paths by ESTAB. */
export const MAX_PENDING_OFFERS = 64;
/** Entry peers, and others that may lead to a path, remembered. */
export const MAX_KNOWN = 64;
/** Hops and fan-out that a HELLO may ask for. */
export const MAX_TTL = 64;
export const MAX_CONN_NUM = 16;
/** Characters of an address, of a peer-id. */
export const MAX_ADDRESS = 512;
export const MAX_PEER_ID = 256;
/** Hops of a SCAN_TREE. */
export const MAX_SCAN_HOPS = 256;
/** Own SCAN_TREEs under way. */
export const MAX_SCANS = 16;
/** SCAN_TREEs of others handed on. */
export const MAX_SCANS_PER_SECOND = 20;
/** Refusals told to the operator. */
export const MAX_REFUSALS_PER_SECOND = 100;
/** Results of one SCAN_TREE. */
export const MAX_SCAN_RESULTS = 100_000;
/** Nonces that an ESTAB may still sign. */
export const MAX_NONCES = 4;
/** How long after a HELLO an ESTAB counts as asked for. Peers of the field pass HELLOs on one by one, each up to 5 s. */
export const ASKED_FOR_MS = 20_000;
/** The accepting peer leaves the HELLO's connection this long to its sender to close [facts b.5]. */
export const HELLO_CLOSE_MS = 200;
/** GET_DATA and BUFFERMAP come in bursts in recovery: this many count as one request. */
export const DATA_REQUESTS_PER_REQUEST = 20;
