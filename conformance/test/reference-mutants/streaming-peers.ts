import type { RequirementId } from "../../../generated/catalogue/requirements.js";
import type { Mutant } from "./mutant.js";
import { mutantsOf, saying } from "./mutant.js";

type Entry = Omit<Mutant, "id" | "entity">;

const says = (breaks: readonly RequirementId[], what: string, operation: string, change: string): Entry => ({
  breaks,
  what,
  ...saying(operation, change),
});

const in_ =
  (file: string) =>
  (breaks: readonly RequirementId[], what: string, find: string, replace: string): Entry => ({
    breaks,
    what,
    file,
    find,
    replace,
  });

const handshake = in_("impl/peer/transport/handshake.ts");
const index = in_("impl/peer/servers/index-server.ts");
const transport = in_("impl/peer/transport/peer-transport.ts");
const wire = in_("impl/peer/wire/message-codec.ts");
const genuine = in_("impl/peer/exchange/genuine.ts");

/** What goes out in place of a message of R10: `change` is a statement on `message`. */
const sent = (breaks: readonly RequirementId[], what: string, change: string): Entry =>
  wire(
    breaks,
    what,
    "const parts = encodeParts(message);",
    `{ const said: any = message; ${change} } const parts = encodeParts(message);`,
  );

/** Defects of a peer towards servers and other peers. */
export const streamingPeerMutants = mutantsOf("peer", {
  "query-without-title": index(
    ["DS-8.6-e-ii"],
    "a query for a session leaves out its title",
    "const named = { title, data_source_id: dataSourceId, data_id: dataId };",
    "const named = { data_source_id: dataSourceId, data_id: dataId };",
  ),
  "query-without-data-source": index(
    ["DS-8.6-e-iii"],
    "a query for a session leaves out its data source",
    "const named = { title, data_source_id: dataSourceId, data_id: dataId };",
    "const named = { title, data_id: dataId };",
  ),
  "query-without-data": index(
    ["DS-8.6-e-iv"],
    "a query for a session leaves out its data",
    "const named = { title, data_source_id: dataSourceId, data_id: dataId };",
    "const named = { title, data_source_id: dataSourceId };",
  ),
  "join-without-key": says(
    ["PAMP-8.2.6-02"],
    "a peer joins without its key",
    "OMS_JOIN",
    "delete said.join.public_key;",
  ),
  "connects-to-nobody": transport(
    ["DS-8.9-c"],
    "no TCP connection to a listed peer is tried",
    "const { scheme, host, port } = parseAddress(address);",
    'const { scheme, host, port } = parseAddress(address); if (scheme === "tcp") throw new TransportError("ERR_ADDRESS", address);',
  ),
  "proof-by-nobody": handshake(
    ["DS-7.2.4-02"],
    "the proof of a peer is one of nothing",
    'return { type: "proof", signature: overlay.key.signOctets(helloText(received, own)) };',
    'return { type: "proof", signature: overlay.key.signOctets(helloText(own, received)) };',
  ),
  "any-proof": handshake(
    ["PAMP-8.2.6-08"],
    "any proof lets a peer in",
    "if (key !== undefined && isSignatureOf(message.signature, helloText(own, remote), key)) return undefined;",
    "if (key !== undefined) return undefined;",
  ),
  "expired-session-key": handshake(
    ["PAMP-8.2.6-08"],
    "a session key that has expired lets a peer in",
    'return now >= statement.notAfter ? "its session key has expired" : undefined;',
    "return undefined;",
  ),
  "session-key-of-another": handshake(
    ["PAMP-8.2.6-08"],
    "the session key of another peer lets a peer in",
    'if (statement.peerId !== remote.peerId) return "its session key is for another peer";',
    "",
  ),
  "session-key-elsewhere": handshake(
    ["PAMP-8.2.6-08"],
    "a session key of another overlay network lets a peer in",
    'if (statement.overlayId !== overlayId) return "its session key is for another overlay network";',
    "",
  ),
  "any-provider": handshake(
    ["PAMP-8.2.6-04"],
    "it is not looked at who signed a session key",
    'return why === undefined ? undefined : { kind: "refuse", reason: "not-admitted", why };',
    "return undefined;",
  ),
  "requests-nothing": sent(
    ["DS-8.9-a", "PAMP-8.2.4-09"],
    "requests name no fragments",
    'if (said.type === "request") said.runs = [];',
  ),
  "sends-other-octets": sent(
    ["DS-8.9-b", "DS-7.2.1-01", "DS-6-06"],
    "fragments handed on are not those that were received",
    'if (said.type === "fragment") { said.payload = Uint8Array.from(said.payload); said.payload[0] ^= 1; }',
  ),
  "forged-receipts": sent(
    ["PAMP-8.2.6-09"],
    "the signature of a receipt is none",
    'if (said.type === "receipt") said.signature = new Uint8Array(64);',
  ),
  "hello-without-session-key": sent(
    ["PAMP-8.2.6-07"],
    "a hello has no session key",
    'if (said.type === "hello") said.sessionKey = "";',
  ),
  "anybody-describes": genuine(
    ["DS-8.9-a"],
    "it is not looked at who described fragments",
    "if (!isSignatureOf(signature, text, sourceKey)) return false;",
    "",
  ),
  "corrupt-is-kept": in_("impl/peer/swarm/download.ts")(
    ["DS-8.9-a"],
    "fragments that are not as described are kept",
    "if (descriptor === undefined || !host.check(descriptor, asked.parts)) {",
    "if (descriptor === undefined) {",
  ),
});

const REGISTER = "IXS_INDEX_FILE_REGISTER";
const UPDATE = "IXS_INDEX_FILE_UPDATE";
const CREATE = "OMS_OVERLAY_CREATE";

const lacking = (breaks: RequirementId, member: string): Entry =>
  says([breaks], `the index file is registered without ${member}`, REGISTER, `delete said.index_file.${member};`);

const removal = (breaks: RequirementId, named: string): Entry =>
  index(
    [breaks],
    `the removal of a session names ${named}`,
    "const query = { version, title, data_source_id, data_id };",
    `const query = { ${named} };`,
  );

/** Defects of a source peer at OMS and IXS, and towards peers. */
export const streamingSourcePeerMutants = mutantsOf("source-peer", {
  "registration-without-title": lacking("DS-8.6-a-i", "title"),
  "registration-without-overlay": lacking("DS-8.6-a-ii", "overlay_network_id"),
  "registration-without-data-source": lacking("DS-8.6-a-iii", "data_source_id"),
  "registration-without-data": lacking("DS-8.6-a-iv", "data_id"),
  "registration-of-another-size": says(
    ["DS-8.6-a-v"],
    "the index file has the fragment size in kilobytes",
    REGISTER,
    "said.index_file.fragment_size /= 1024;",
  ),
  "registration-without-description": says(
    ["DS-8.6-a-vi"],
    "the index file has an empty description",
    REGISTER,
    'said.index_file.description = "";',
  ),
  "update-of-the-same-version": says(
    ["DS-8.6-b-i"],
    "an update has the version that was there before",
    UPDATE,
    "said.index_file.version = 1;",
  ),
  "update-without-title": says(["DS-8.6-b-ii"], "an update has no title", UPDATE, "delete said.index_file.title;"),
  "update-without-data-source": says(
    ["DS-8.6-b-iii"],
    "an update has no data source",
    UPDATE,
    "delete said.index_file.data_source_id;",
  ),
  "removal-of-another-version": removal("DS-8.6-d-i", "version: version + 7, title, data_source_id, data_id"),
  "removal-without-data-source": removal("DS-8.6-d-ii", "version, title, data_id"),
  "removal-without-data": removal("DS-8.6-d-iii", "version, title, data_source_id"),
  "closed-without-list": says(
    ["DS-8.5-e"],
    "the peers that may join are not in the creation",
    CREATE,
    "delete said.overlay_creation.closed?.peer_id;",
  ),
  "closed-without-password": says(
    ["DS-8.5-f"],
    "the password is not in the creation",
    CREATE,
    "delete said.overlay_creation.closed?.password;",
  ),
  "sends-other-octets": sent(
    ["DS-6-05", "DS-7.1.2-03"],
    "fragments are not those that were made",
    'if (said.type === "fragment") { said.payload = Uint8Array.from(said.payload); said.payload[0] ^= 1; }',
  ),
  "asks-for-fragments": sent(
    ["DS-7.2.1-02"],
    "a source peer asks for fragments in place of telling what it has",
    'if (said.type === "have") said.type = "request";',
  ),
});
