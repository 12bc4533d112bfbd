// Written by tools/emit/catalogue.ts from spec/requirements/*.yaml and spec/errata.yaml. Do not edit.

export type ErratumId =
  | "E-LDMP-01"
  | "E-LDMP-02"
  | "E-LDMP-03"
  | "E-LDMP-04"
  | "E-LDMP-05"
  | "E-LDMP-06"
  | "E-LDMP-07"
  | "E-LDMP-08"
  | "E-LDMP-09"
  | "E-LDMP-10"
  | "E-LDMP-11"
  | "E-LDMP-12"
  | "E-LDMP-13"
  | "E-LDMP-14"
  | "E-LDMP-15"
  | "E-LDMP-16"
  | "E-LDMP-17"
  | "E-LDMP-18"
  | "E-LDMP-19"
  | "E-LDMP-20"
  | "E-LDMP-21"
  | "E-LDMP-22"
  | "E-LDMP-23"
  | "E-LDMP-24"
  | "E-LDMP-25"
  | "E-LDMP-26"
  | "E-LDMP-27"
  | "E-LDMP-28"
  | "E-LDMP-29"
  | "E-LDMP-30"
  | "E-LDMP-31"
  | "E-LDMP-32"
  | "E-LDMP-33"
  | "E-LDMP-34"
  | "E-LDMP-35"
  | "E-LDMP-36"
  | "E-LDMP-37"
  | "E-LDMP-38"
  | "E-PAMP-01"
  | "E-PAMP-02"
  | "E-PAMP-03"
  | "E-PAMP-04"
  | "E-PAMP-05"
  | "E-PAMP-06"
  | "E-PAMP-07"
  | "E-PAMP-08"
  | "E-PAMP-09"
  | "E-PAMP-10"
  | "E-PAMP-11"
  | "E-PAMP-12"
  | "E-PAMP-13"
  | "E-PAMP-14"
  | "E-PAMP-15"
  | "E-PAMP-16"
  | "E-PAMP-17"
  | "E-PAMP-18"
  | "E-PAMP-19"
  | "E-PAMP-20"
  | "E-PAMP-21"
  | "E-PAMP-22"
  | "E-PAMP-23"
  | "E-PAMP-24"
  | "E-PAMP-25"
  | "E-PAMP-26"
  | "E-PAMP-27"
  | "E-PAMP-28"
  | "E-PAMP-29"
  | "E-PAMP-30"
  | "E-PAMP-31"
  | "E-PAMP-32"
  | "E-PAMP-33"
  | "E-PAMP-34"
  | "E-PAMP-35"
  | "E-PAMP-36"
  | "E-PAMP-37"
  | "E-PAMP-38"
  | "E-PAMP-39"
  | "E-PAMP-40"
  | "E-PAMP-41"
  | "E-PAMP-42"
  | "E-PAMP-43"
  | "E-PAMP-44"
  | "E-PAMP-45"
  | "E-PAMP-46"
  | "E-PAMP-47"
  | "E-PAMP-48"
  | "E-PAMP-49"
  | "E-PAMP-50"
  | "E-PAMP-51"
  | "E-PAMP-52"
  | "E-PAMP-53"
  | "E-PAMP-54"
  | "E-PAMP-55"
  | "E-PAMP-56"
  | "E-PAMP-57"
  | "E-PAMP-58"
  | "E-PAMP-59"
  | "E-PAMP-60"
  | "E-PAMP-61"
  | "E-PAMP-62"
  | "E-PAMP-63"
  | "E-PAMP-64"
  | "E-PAMP-65"
  | "E-PAMP-66"
  | "E-PAMP-67"
  | "E-PAMP-68"
  | "E-PAMP-69"
  | "E-PAMP-70"
  | "E-PAMP-71"
  | "E-PAMP-72"
  | "E-PAMP-73"
  | "E-HOMP-01"
  | "E-HOMP-02"
  | "E-HOMP-03"
  | "E-HOMP-04"
  | "E-HOMP-05"
  | "E-HOMP-06"
  | "E-HOMP-07"
  | "E-HOMP-08"
  | "E-HOMP-09"
  | "E-HOMP-10"
  | "E-HOMP-11"
  | "E-HOMP-12"
  | "E-HOMP-13"
  | "E-HOMP-14"
  | "E-HOMP-15"
  | "E-HOMP-16"
  | "E-HOMP-17"
  | "E-HOMP-18"
  | "E-HOMP-19"
  | "E-HOMP-20"
  | "E-HOMP-21"
  | "E-HOMP-22"
  | "E-HOMP-23"
  | "E-HOMP-24"
  | "E-HOMP-25"
  | "E-HOMP-26"
  | "E-HOMP-27"
  | "E-HOMP-28"
  | "E-HOMP-29"
  | "E-HOMP-30"
  | "E-HOMP-31"
  | "E-HOMP-32"
  | "E-HOMP-33"
  | "E-HOMP-34"
  | "E-HOMP-35"
  | "E-HOMP-36"
  | "E-HOMP-37"
  | "E-HOMP-38"
  | "E-HOMP-39"
  | "E-HOMP-40"
  | "E-HOMP-41"
  | "E-HOMP-42"
  | "E-HOMP-43"
  | "E-HOMP-44"
  | "E-HOMP-45"
  | "E-HOMP-46"
  | "E-HOMP-47"
  | "E-HOMP-48"
  | "E-HOMP-49"
  | "E-HOMP-50"
  | "E-HOMP-51"
  | "E-HOMP-52"
  | "E-HOMP-53"
  | "E-HOMP-54"
  | "E-HOMP-55"
  | "E-HOMP-56"
  | "E-HOMP-57"
  | "E-HOMP-58"
  | "E-HOMP-59"
  | "E-HOMP-60"
  | "E-HOMP-61"
  | "E-HOMP-62"
  | "E-HOMP-63"
  | "E-HOMP-64"
  | "E-HOMP-65"
  | "E-HOMP-66"
  | "E-DS-01"
  | "E-DS-02"
  | "E-DS-03"
  | "E-DS-04"
  | "E-DS-05"
  | "E-DS-06"
  | "E-DS-07"
  | "E-DS-08"
  | "E-DS-09"
  | "E-DS-10"
  | "E-DS-11"
  | "E-DS-12"
  | "E-DS-13"
  | "E-DS-14"
  | "E-DS-15"
  | "E-DS-16"
  | "E-DS-17"
  | "E-DS-18"
  | "E-DS-19"
  | "E-DS-20"
  | "E-DS-21"
  | "E-DS-22"
  | "E-DS-23"
  | "E-DS-24"
  | "E-DS-25"
  | "E-DS-26"
  | "E-DS-27"
  | "E-DS-28"
  | "E-DS-29"
  | "E-DS-30"
  | "E-DS-31"
  | "E-DS-32"
  | "E-DS-33"
  | "E-DS-34"
  | "E-DS-35"
  | "E-DS-36"
  | "E-DS-37"
  | "E-DS-38"
  | "E-DS-39"
  | "E-HP2P-01"
  | "E-HP2P-02"
  | "E-HP2P-03"
  | "E-HP2P-04"
  | "E-HP2P-05"
  | "E-HP2P-06"
  | "E-HP2P-07"
  | "E-HP2P-08"
  | "E-HP2P-09"
  | "E-HP2P-10"
  | "E-HP2P-11"
  | "E-HP2P-12"
  | "E-HP2P-13"
  | "E-HP2P-14"
  | "E-HP2P-15"
  | "E-HP2P-16"
  | "E-HP2P-17"
  | "E-HP2P-18"
  | "E-HP2P-19"
  | "E-HP2P-20"
  | "E-HP2P-21"
  | "E-X-01"
  | "E-X-02"
  | "E-X-03"
  | "E-X-04"
  | "E-X-05"
  | "E-X-06"
  | "E-X-07"
  | "E-X-08"
  | "E-X-09"
  | "E-X-10"
  | "E-X-11"
  | "E-X-12"
  | "E-X-13"
  | "E-X-14"
  | "E-HP2P-22"
  | "E-HP2P-23";

export type Impact = "editorial" | "high" | "low" | "medium";

export type Policy = "accept-all" | "check-declared" | "not-testable" | "strict" | "warn";

/** A contradiction or gap of the Recommendations: its readings, what this project sends and accepts, how the suite judges it. */
export interface Erratum {
  readonly id: ErratumId;
  readonly doc: string;
  readonly where: string;
  readonly impact: Impact;
  readonly problem: string;
  readonly readings: readonly string[];
  readonly send: string;
  readonly accept: string;
  readonly policy: Policy;
  readonly detail: string;
}

export const errata: readonly Erratum[] = [
  {
    id: "E-LDMP-01",
    doc: "X.609.8",
    where: "X.609.8 8.1 (T field) vs 8.2 (paragraph before Table 1)",
    impact: "high",
    problem:
      "The two clauses assign opposite meanings to T: 8.1 says 00 asks for an acknowledgement and 01 does not, while 8.2 says a request sets T to 01 when it wants a response and to 00 otherwise.",
    readings: [
      "A (8.1 wins): 00 = acknowledgement wanted, 01 = no acknowledgement, 10 = this is an acknowledgement.",
      "B (8.2 wins for requests): 01 = response wanted, 00 = no response wanted, 10 unchanged.",
    ],
    send: "Use reading A, because 8.1 is the clause that defines the field and it matches the CON/NON/ACK ordering of CoAP from which the codes are borrowed.",
    accept:
      "Let the Code decide whether an answer is due (Registration, Release, Heartbeat, GET, PUT are answered; POST and RESET are not) whenever T is 00 or 01, so both readings interoperate; offer a configuration switch to emit reading B.",
    policy: "check-declared",
    detail:
      "Ask the implementer to declare A or B; failing that, infer it once from the Registration request (which always wants an answer) and from POST (which never does) and then hold the implementation to the inferred reading in every later message.",
  },
  {
    id: "E-LDMP-02",
    doc: "X.609.8",
    where: "X.609.8 8.1 (8-byte header vs list of fields)",
    impact: "high",
    problem:
      "The text promises eight bytes of common header, but the listed fields before the payload add up to ten (2+2+2+2+8+16+16+16+16 bits), and Length is said to be set only when P shows a payload.",
    readings: [
      "A: the common header is 8 bytes and a 2-byte Length follows only when P is 10 or 11.",
      "B: Length is always present (10 bytes) and is zero or ignored when P is 00, the figure of eight being a slip.",
    ],
    send: "Use reading A: 8 bytes when P=00, 10 bytes plus payload when P=10 or 11.",
    accept:
      "On datagram transports accept exactly two trailing zero octets after the 8-byte header with P=00 as reading B; on stream transports a reading-B peer cannot be detected safely, so make it a configuration switch.",
    policy: "check-declared",
    detail:
      "Check the declared layout; a 10-byte message with P=00 and Length 0 passes under B with a warning, and any other length mismatch fails.",
  },
  {
    id: "E-LDMP-03",
    doc: "X.609.8",
    where: "X.609.8 8.1, Figure 13 (figure not available)",
    impact: "high",
    problem:
      "The figure that fixes bit and byte order is an image absent from the text, and no sentence states network byte order or that V occupies the most significant bits.",
    readings: [
      "A: fields in listed order, most significant bit first, 16-bit fields big-endian.",
      "B: least significant bit first or little-endian.",
    ],
    send: "Reading A (ITU and IETF custom).",
    accept: "Nothing else; mixed orders cannot be told apart reliably.",
    policy: "strict",
    detail:
      "Test reading A strictly, but report an observed byte-swapped Message ID or Length as a distinct, named diagnosis.",
  },
  {
    id: "E-LDMP-04",
    doc: "X.609.8",
    where: "X.609.8 whole document (6.3, 8)",
    impact: "high",
    problem:
      "No transport protocol, port number or message framing is named although the protocol has its own acknowledgements, retransmissions and a length field.",
    readings: [
      "A: one LDMP message per UDP datagram.",
      "B: LDMP messages concatenated on a TCP connection and delimited by header plus Length.",
      "C: any link layer the deployment offers.",
    ],
    send: "UDP first, with a documented configurable port; offer TCP as a second binding using the same octets.",
    accept:
      "Accept both bindings when enabled; ignore trailing octets beyond Length in a datagram with a logged warning.",
    policy: "check-declared",
    detail:
      "Transport, address and port come from the declaration sheet; all wire tests run identically over either binding.",
  },
  {
    id: "E-LDMP-05",
    doc: "X.609.8",
    where: "X.609.8 6.2 (identification items) vs 8.1 (Source ID, Destination ID)",
    impact: "high",
    problem:
      "The 16-bit identifiers are defined only as origin and recipient; how they are assigned, their scope, reserved values and the Destination ID of a first Registration (before the data source knows its source peer) are not stated.",
    readings: [
      "A: both identifiers are provisioned out of band and are unique inside one source peer.",
      "B: the first Registration uses a reserved Destination ID such as 0 and learns the peer's ID from the response.",
      "C: the source peer assigns the Source ID in its response.",
    ],
    send: "Reading A with 0 treated as unassigned; echo the request's Source ID as Destination ID and put one's own ID in Source ID of every response.",
    accept:
      "As source peer accept Destination ID equal to its own ID or 0 on Registration; as data source learn the peer ID from the response when none was provisioned.",
    policy: "check-declared",
    detail:
      "Both IDs are test parameters; only check that responses swap them and that later messages keep using the same values.",
  },
  {
    id: "E-LDMP-06",
    doc: "X.609.8",
    where: "X.609.8 6.2 (identification of data), 7.4, 7.5",
    impact: "high",
    problem:
      "GET must say which data it wants, PUT what to configure and POST what is being posted, yet no field or payload grammar identifies data items or configuration parameters.",
    readings: [
      "A: the request payload (text or binary) carries an application-defined selector and value.",
      "B: only one data item exists per source, so GET needs no payload.",
    ],
    send: "Text payload in UTF-8; GET carries a resource name such as a path, PUT carries a small JSON object of parameter and value, POST carries the reading; document the grammar.",
    accept: "GET without payload means the default item; accept binary payloads for POST and Content.",
    policy: "check-declared",
    detail:
      "The declaration supplies one valid GET selector, one valid PUT body, one invalid example of each and, for X.609.10 tests, the data identifier; the suite never invents payloads.",
  },
  {
    id: "E-LDMP-07",
    doc: "X.609.8",
    where: "X.609.8 6.2 (registration and de-registration of source peer)",
    impact: "medium",
    problem:
      "The functional list asks for registering and de-registering a source peer, but clause 7 only has the data source registering itself.",
    readings: [
      "A: these refer to the source peer recording itself as the registrar of the data source, i.e. the same exchange seen from the other side.",
      "B: they refer to the source peer registering with MP2P servers (X.609.10 R5 and R6), outside LDMP.",
      "C: a procedure was dropped.",
    ],
    send: "Reading B; no extra LDMP message.",
    accept: "Answer a Registration sent by a source peer to a data source with 4.05.",
    policy: "not-testable",
    detail: "Record as a documented gap; do not fail anyone.",
  },
  {
    id: "E-LDMP-08",
    doc: "X.609.8",
    where: "X.609.8 1 (Scope) vs clauses 6 to 9",
    impact: "medium",
    problem:
      "The scope lists security considerations, yet the body contains none; 4.01 Unauthorized and 4.03 Forbidden exist without any credential field.",
    readings: [
      "A: security is left to the transport (DTLS, TLS, IPsec) or to address filtering.",
      "B: credentials travel inside the Registration payload.",
    ],
    send: "Allow-list of data source IDs and optional DTLS or TLS; optionally a shared secret in the Registration payload.",
    accept: "Registration with or without payload.",
    policy: "warn",
    detail:
      "Warn when an implementation offers no protection at all; test 4.01/4.03 only if a rejecting configuration is declared.",
  },
  {
    id: "E-LDMP-09",
    doc: "X.609.8",
    where: "X.609.8 8.1 (P field list)",
    impact: "low",
    problem:
      "The list items for P run i, ii, ii, iv and appear in the order 00, 10, 01, 11, so the second and third may look swapped.",
    readings: [
      "A: 10 = binary, 01 = reserved (as written and confirmed by the Length sentence).",
      "B: 01 = binary, 10 = reserved (as numeric order would suggest).",
    ],
    send: "Reading A.",
    accept: "Treat P=01 as an error (4.00 if an answer is due, otherwise drop).",
    policy: "strict",
    detail: "Test reading A strictly, since the Length rule names 10 and 11.",
  },
  {
    id: "E-LDMP-10",
    doc: "X.609.8",
    where: "X.609.8 8.2 and Tables 1 to 3",
    impact: "medium",
    problem:
      "Codes are printed as c.dd with 3 upper and 5 lower bits but without saying that dd is decimal; 4.15 could be read as detail 15 (0x8F) or 0x15 (0x95).",
    readings: [
      "A: decimal detail as in CoAP, so 0.01=0x01, 2.05=0x45, 4.15=0x8F.",
      "B: hexadecimal detail, differing only for 4.15 (0x95).",
    ],
    send: "Reading A.",
    accept: "Only reading A.",
    policy: "strict",
    detail: "Strict on reading A; only 4.15 can expose the difference.",
  },
  {
    id: "E-LDMP-11",
    doc: "X.609.8",
    where: "X.609.8 8.2 (unlisted codes)",
    impact: "medium",
    problem: "Codes outside the tables (0.00, 0.04, 1.xx, 3.xx, 5.xx, unlisted 2.xx and 4.xx) have no stated handling.",
    readings: ["A: unknown request that wants an answer gets 4.05 or 4.00.", "B: it is silently dropped."],
    send: "Answer 4.05 to an unknown request code that wants an answer; treat unlisted 2.xx as success and unlisted 4.xx/5.xx as failure on reception; never send them.",
    accept: "Either behaviour from others.",
    policy: "accept-all",
    detail: "Accept 4.00, 4.05 or silence; fail only on a 2.xx, a crash or a stalled session.",
  },
  {
    id: "E-LDMP-12",
    doc: "X.609.8",
    where: "X.609.8 7.1, 7.2, 7.3, 7.5 with Table 2",
    impact: "medium",
    problem: "Table 2 lists OK, Changed and Content, but no sentence binds a success code to a request type.",
    readings: [
      "A: Registration, Release and Heartbeat give 2.00, PUT gives 2.04, GET gives 2.05.",
      "B: any 2.xx is a success for any request.",
    ],
    send: "Reading A.",
    accept: "Reading B.",
    policy: "warn",
    detail: "Pass any listed 2.xx, warn when it differs from reading A; GET success without a payload fails.",
  },
  {
    id: "E-LDMP-13",
    doc: "X.609.8",
    where: "X.609.8 7.1, 7.2, 7.5 with Table 3",
    impact: "medium",
    problem:
      "No mapping from failure causes to error codes; for instance Release by an unregistered source may be 4.04, 4.03, 4.01 or 4.00.",
    readings: [
      "A: bad format 4.00, not admitted 4.01 or 4.03, unknown item or unregistered source 4.04, unsupported operation 4.05, value refused 4.06, wrong payload type 4.15.",
      "B: any 4.xx.",
    ],
    send: "Reading A with 4.04 for Release from an unknown source.",
    accept: "Reading B.",
    policy: "warn",
    detail: "Require class 4 and warn on a surprising detail.",
  },
  {
    id: "E-LDMP-14",
    doc: "X.609.8",
    where: "X.609.8 8.1 (T=10), 7.1, 7.2, 7.5 (messages carrying a failure reason)",
    impact: "medium",
    problem:
      "Success and error replies are both called acknowledgements in Tables 2 and 3, but clause 7 speaks of a message with a code; whether an error may answer a message that asked for none is open.",
    readings: [
      "A: every reply uses T=10 and no reply is ever sent to a message that wanted none.",
      "B: an error reply may be sent even to POST or RESET.",
    ],
    send: "Reading A.",
    accept: "Ignore unsolicited T=10 messages.",
    policy: "accept-all",
    detail:
      "T=10 is checked on every reply to a request that wants one; silence after POST and RESET is checked for success cases, and an error reply to a malformed POST only draws a warning.",
  },
  {
    id: "E-LDMP-15",
    doc: "X.609.8",
    where: "X.609.8 7.5 vs 7.1, 7.2, 7.3 vs 8.1 (Message ID)",
    impact: "high",
    problem:
      "Only 7.5 states that request and response share one Message ID, while 8.1 makes the identifier identify each message and grow by one per message, so other replies might take a fresh number.",
    readings: [
      "A: every acknowledgement echoes the request's Message ID.",
      "B: only GET and PUT replies echo; other replies take the responder's next number.",
    ],
    send: "Reading A for all replies; replies do not consume a number of the responder's own counter.",
    accept:
      "For Registration, Release and Heartbeat correlate by peer, T=10 and the single outstanding request when the identifier does not match.",
    policy: "check-declared",
    detail: "Strict echo for GET and PUT; for the others accept a declared reading B with a warning.",
  },
  {
    id: "E-LDMP-16",
    doc: "X.609.8",
    where: "X.609.8 8.1 (Message ID), 9.2",
    impact: "medium",
    problem:
      "Round-robin increase leaves open whether a retransmission keeps its identifier, whether replies consume numbers and whether the counter is per node or per counterpart.",
    readings: [
      "A: one counter per node (or per counterpart), wrapping 65535 to 0, retransmissions reuse the identifier.",
      "B: every transmission including retransmissions takes a new number.",
    ],
    send: "Per-counterpart counter from a random start, modulo 65536, retransmissions keep the identifier.",
    accept: "New identifiers on retransmission; match a late reply to any identifier used for the same request.",
    policy: "accept-all",
    detail:
      "Accept both; check only that successive new requests to one counterpart differ by a small positive step modulo 65536 and that starts vary across restarts.",
  },
  {
    id: "E-LDMP-17",
    doc: "X.609.8",
    where: "X.609.8 7.1 (repeat registration)",
    impact: "medium",
    problem:
      "The effect of a second Registration from an already registered source (lost reply, restart) is not stated, nor are duplicate detection rules for any request.",
    readings: ["A: idempotent success that refreshes the record.", "B: error because the source exists."],
    send: "Reading A; remember recent Message IDs per source to answer duplicates with the same reply.",
    accept:
      "Both when acting as data source (treat an error that follows a retransmission as possible success and probe with Heartbeat).",
    policy: "accept-all",
    detail: "Accept both; fail only if the source ends up unregistered or duplicated.",
  },
  {
    id: "E-LDMP-18",
    doc: "X.609.8",
    where: "X.609.8 7.3, 7.5 (maximum time for removal, maximum expiration time) vs clause 9",
    impact: "high",
    problem:
      "Removal of the silent counterpart depends on a maximum time that is named two ways and never given a variable or value; clause 9 only has heartbeat time, retransmission time and a retransmission count.",
    readings: [
      "A: derived: (retransmissions + 1) x retransmission time after the first unanswered request, i.e. 40 s by default.",
      "B: a separate configurable timer.",
      "C: retransmissions x retransmission time, i.e. 30 s.",
    ],
    send: "Reading A with all three inputs configurable.",
    accept: "Any removal time between 30 s and 60 s with defaults.",
    policy: "check-declared",
    detail:
      "Use the declared time with a tolerance of one retransmission time; fail if removal happens before the last retransmission or never.",
  },
  {
    id: "E-LDMP-19",
    doc: "X.609.8",
    where: "X.609.8 9.3",
    impact: "medium",
    problem: "Three retransmissions could mean four transmissions in total or three transmissions in total.",
    readings: ["A: one original plus three repeats.", "B: three transmissions including the original."],
    send: "Reading A.",
    accept: "Both.",
    policy: "accept-all",
    detail: "Accept 3 or 4 identical requests, warn on 3, fail on fewer or more.",
  },
  {
    id: "E-LDMP-20",
    doc: "X.609.8",
    where: "X.609.8 7.3 (source peer timer larger) vs 9.1 (one default of 60 s, may be smaller)",
    impact: "medium",
    problem:
      "One default value is given for both ends and only smaller values are mentioned, although 7.3 recommends that the source peer's value exceed the data source's.",
    readings: [
      "A: source peer stays at 60 s and the data source is configured below 60 s.",
      "B: the data source stays at 60 s and the source peer is raised above it.",
    ],
    send: "Reading A (source peer 60 s, data source 45 s), the only choice that meets both clauses literally.",
    accept: "Any pair of values.",
    policy: "warn",
    detail: "Warn when the configured source peer value is not greater than the data source value; never fail.",
  },
  {
    id: "E-LDMP-21",
    doc: "X.609.8",
    where: "X.609.8 7.3 (which message resets the timer)",
    impact: "low",
    problem:
      "The idle timer is said to expire when no message arrived; whether POST, replies and duplicates count as messages and whether sending restarts the timer is left open.",
    readings: ["A: any valid message from the counterpart restarts the timer.", "B: only Heartbeat exchanges do."],
    send: "Reading A.",
    accept: "Both.",
    policy: "accept-all",
    detail: "Test with an entirely silent counterpart only; treat a Heartbeat sent despite traffic as a warning.",
  },
  {
    id: "E-LDMP-22",
    doc: "X.609.8",
    where: "X.609.8 7.3 (re-registration after failure), 7.6",
    impact: "low",
    problem:
      "No delay, back-off or give-up limit is specified for re-registration after connection failure, after RESET or after a rejected or unanswered Registration.",
    readings: ["A: immediately, then with growing delays.", "B: once only."],
    send: "Immediately after RESET, after failure with exponential back-off up to 60 s, indefinitely.",
    accept: "Any pacing.",
    policy: "accept-all",
    detail: "Expect at least one Registration within the declared delay; warn on bursts faster than one per second.",
  },
  {
    id: "E-LDMP-23",
    doc: "X.609.8",
    where: "X.609.8 7.3, 7.4, 7.5 (messages from an unregistered source) with X.609.10 8.10-g",
    impact: "high",
    problem:
      "What a source peer does with POST, Heartbeat or Release from a source it has removed or never knew is only stated for Release.",
    readings: [
      "A: drop POST silently and answer requests that want a reply with 4.01 or 4.04.",
      "B: implicitly register the sender.",
    ],
    send: "Reading A with 4.04, which tells a removed source to register again.",
    accept: "As data source treat 4.01, 4.03 or 4.04 to Heartbeat as a lost registration and register again.",
    policy: "accept-all",
    detail: "Fail only if data of an unregistered source is distributed; accept any 4.xx or silence.",
  },
  {
    id: "E-LDMP-24",
    doc: "X.609.8",
    where: "X.609.8 7.4 (POST never wants an answer) vs 8.1 (T selectable)",
    impact: "low",
    problem: "Nothing forbids a POST whose T bits ask for an acknowledgement, nor says what to do with it.",
    readings: ["A: such a POST is malformed.", "B: T governs and 2.00 or 2.04 is returned."],
    send: "Always send POST without asking for an answer.",
    accept:
      "Reading B as source peer (acknowledge with 2.04 when T unmistakably asks and reading A of E-LDMP-01 is configured).",
    policy: "warn",
    detail:
      "Fail a data source whose POST asks for an answer under the declared reading; accept any source peer reaction.",
  },
  {
    id: "E-LDMP-25",
    doc: "X.609.8",
    where: "X.609.8 7.6",
    impact: "medium",
    problem:
      "RESET has no reply, so its loss is invisible; whether the source peer drops the registration at once, and whether a data source must authenticate the sender, is not stated.",
    readings: [
      "A: the source peer deletes the record when sending RESET and answers later messages with 4.04 until a new Registration arrives.",
      "B: the source peer keeps the record until the new Registration replaces it.",
    ],
    send: "Reading A as source peer; as data source obey RESET only from the registered source peer.",
    accept: "Both.",
    policy: "accept-all",
    detail: "Accept both; require a new Registration from a data source under test after RESET.",
  },
  {
    id: "E-LDMP-26",
    doc: "X.609.8",
    where: "X.609.8 7.1 NOTE (one source peer per data source)",
    impact: "low",
    problem:
      "The one-to-many rule sits in a NOTE and cannot be enforced by a source peer, which cannot see the other registration.",
    readings: ["A: rule binds the data source only.", "B: source peers must coordinate."],
    send: "Reading A; release from the old source peer before registering with a new one.",
    accept: "Not applicable.",
    policy: "warn",
    detail: "Offer the data source under test two source peers and warn if it is registered with both at once.",
  },
  {
    id: "E-LDMP-27",
    doc: "X.609.8",
    where: "X.609.8 8.1 (R, V, T=11)",
    impact: "medium",
    problem:
      "Value of reserved bits on sending and handling of unknown versions, T=11 or P=01 on reception are not given.",
    readings: [
      "A: send zeros, ignore R on reception, discard other versions and reserved T or P values.",
      "B: answer 4.00 to them.",
    ],
    send: "Reading A, with 4.00 only when an answer is clearly due and the version is 1.",
    accept: "Both.",
    policy: "warn",
    detail: "Warn on non-zero R; require survival and no state change for V other than 1, T=11, P=01.",
  },
  {
    id: "E-LDMP-28",
    doc: "X.609.8",
    where: "X.609.8 8.1 (Destination ID mismatch)",
    impact: "low",
    problem: "No rule for a message whose Destination ID is not the receiver's.",
    readings: ["A: discard silently.", "B: answer 4.04."],
    send: "Discard silently.",
    accept: "Both.",
    policy: "accept-all",
    detail: "Fail only if the message changes state.",
  },
  {
    id: "E-LDMP-29",
    doc: "X.609.8",
    where: "X.609.8 7.2 (deregistration) vs Table 1 (Release)",
    impact: "low",
    problem: "The operation has two names and no sentence links code 0.06 with clause 7.2.",
    readings: ["A: Release is the deregistration request."],
    send: "Reading A.",
    accept: "None other.",
    policy: "strict",
    detail: "Strict: 0.06 is expected.",
  },
  {
    id: "E-LDMP-30",
    doc: "X.609.8",
    where: "X.609.8 8.1 (payload)",
    impact: "medium",
    problem:
      "Text encoding, the choice of text or binary per operation, and payloads larger than 65 535 octets (a CCTV frame, for example) are not covered; there is no block transfer.",
    readings: [
      "A: UTF-8 text, either type anywhere, larger data split by the application into several POSTs.",
      "B: ASCII text only.",
    ],
    send: "UTF-8 text, POST payloads kept below the path MTU on UDP.",
    accept: "Any octets when binary; reject invalid UTF-8 text with 4.00.",
    policy: "warn",
    detail: "Use ASCII in tests; warn on larger-than-MTU datagrams.",
  },
  {
    id: "E-LDMP-31",
    doc: "X.609.8",
    where: "X.609.8 6.2 (one-way delivery through notification) vs 7.4, 7.6",
    impact: "low",
    problem: "The requirement speaks of notifications, a term no message uses; POST (and RESET) must be meant.",
    readings: ["A: notification = message that wants no answer."],
    send: "Reading A.",
    accept: "None other.",
    policy: "accept-all",
    detail: "Cover by POST and RESET tests.",
  },
  {
    id: "E-LDMP-32",
    doc: "X.609.8",
    where: "X.609.8 9.2 (requested data) vs 7.1, 7.3",
    impact: "medium",
    problem:
      "Retransmission is worded for requested data only, so it is unclear whether Registration, Heartbeat and PUT are repeated on the same timer; 7.2 excludes Release and 7.3 and 7.5 repeat until removal.",
    readings: [
      "A: every request that wants an answer is repeated, except Release.",
      "B: only GET and PUT (and Heartbeat per Figure 8) are repeated.",
    ],
    send: "Reading A.",
    accept: "Both.",
    policy: "accept-all",
    detail:
      "Require repeats for Heartbeat, GET and PUT, forbid them for Release, POST and RESET, and only warn when Registration is not repeated.",
  },
  {
    id: "E-LDMP-33",
    doc: "X.609.8",
    where: "X.609.8 7.1 and clause 9 (no negotiation)",
    impact: "low",
    problem:
      "Timers are local configuration and are not exchanged at registration, so neither end knows the other's heartbeat time.",
    readings: ["A: configuration out of band.", "B: configured by PUT after registration."],
    send: "Configurable locally, optionally settable by PUT.",
    accept: "Both.",
    policy: "check-declared",
    detail: "Values are taken from the declaration sheet and should be settable so that tests are short.",
  },
  {
    id: "E-LDMP-34",
    doc: "X.609.8",
    where: "X.609.8 Figures 1 to 13 (images missing from the text)",
    impact: "medium",
    problem:
      "Message labels, arrows and step numbers in the figures are unavailable, so details shown only there (codes on arrows, timer names) cannot be confirmed.",
    readings: ["A: the prose is complete.", "B: figures add constraints."],
    send: "Follow the prose; check against the published figures when available.",
    accept: "Not applicable.",
    policy: "accept-all",
    detail: "Do not test anything that could only be learnt from a figure.",
  },
  {
    id: "E-LDMP-35",
    doc: "X.609.8",
    where: "X.609.8 editorial (summary, 6.1, 7.2, heading levels)",
    impact: "editorial",
    problem:
      "Grammar slips (a live data, data sources that generates, did not arrived), mixed heading levels and the unnumbered identification promise of the summary.",
    readings: ["A: no technical meaning."],
    send: "Ignore.",
    accept: "Ignore.",
    policy: "not-testable",
    detail: "None.",
  },
  {
    id: "E-LDMP-36",
    doc: "X.609.8",
    where: "X.609.8 7.5 (direction of GET and PUT), Table 1",
    impact: "low",
    problem:
      "Nothing says what a source peer does with GET, PUT or RESET sent by a data source, or a data source with POST, Registration or Release sent to it.",
    readings: ["A: 4.05 when an answer is due, otherwise ignored.", "B: served symmetrically."],
    send: "Reading A.",
    accept: "Any 4.xx.",
    policy: "warn",
    detail: "Accept any 4.xx or silence; warn on 2.xx.",
  },
  {
    id: "E-LDMP-37",
    doc: "X.609.8",
    where: "X.609.8 8.1 (P vs Length, payload on bare operations)",
    impact: "low",
    problem:
      "A message whose P announces payload while Length is 0, and payload attached to Registration, Release, Heartbeat or RESET, are neither allowed nor forbidden.",
    readings: ["A: an empty payload is legal and extra payload is ignored.", "B: both are malformed."],
    send: "Use P=00 whenever there is no payload; no payload on these operations unless declared.",
    accept: "Reading A.",
    policy: "accept-all",
    detail: "Either reaction passes; only a crash or a changed meaning fails.",
  },
  {
    id: "E-LDMP-38",
    doc: "X.609.8",
    where: "X.609.8 7.5, 9.2 (number of outstanding requests)",
    impact: "low",
    problem:
      "Whether a node may have several unanswered requests at one counterpart, and how heartbeats interleave with them, is not stated.",
    readings: ["A: any number, matched by Message ID.", "B: one at a time."],
    send: "One at a time per counterpart.",
    accept: "Several.",
    policy: "accept-all",
    detail: "Send one at a time by default; parallel requests only warn.",
  },
  {
    id: "E-PAMP-01",
    doc: "X.609.1",
    where: "X.609.1 Tables 5, 9, 11 (peer) vs Tables 7, 13 (peers) and the examples",
    impact: "high",
    problem:
      "The peer collection is spelt /peer in registration, report and list query, but /peers in deregistration and single peer query.",
    readings: [
      "A: literal: each operation uses the segment printed in its own table.",
      "B: /peer everywhere.",
      "C: /peers everywhere.",
    ],
    send: "Literal per table as a client.",
    accept:
      "As PAMS route both spellings for all five operations to one resource; as a client fall back to the other spelling once after a 404 or 405 with no matching resource.",
    policy: "check-declared",
    detail:
      "A PAMS passes if the literal path works; if only the other spelling works report a declared deviation with a warning; a client under test is accepted with either spelling and warned when it is not literal.",
  },
  {
    id: "E-PAMP-02",
    doc: "X.609.1",
    where: "X.609.1 Tables 1, 3, 5, 9 (slash) vs 7, 11, 13 (none) and example of 9.2.5.1 (none)",
    impact: "high",
    problem: "Trailing slashes come and go; the report table ends with a slash but its example does not.",
    readings: ["A: literal per table.", "B: trailing slash insignificant."],
    send: "Literal per table (the table outranks the example).",
    accept: "PAMS serves both forms directly, never with a redirect that would lose a PUT, POST or DELETE.",
    policy: "accept-all",
    detail:
      "Accept both forms from clients; for a PAMS test the literal form, then the other form and warn if it fails or redirects.",
  },
  {
    id: "E-PAMP-03",
    doc: "X.609.1",
    where: "X.609.1 9.1.1, Table 2, 9.2.3.2 example (pam_conf_info) vs 9.2.1.2 example (pam_conf)",
    impact: "high",
    problem:
      "The wrapper key of the configuration object differs between the definition and the overlay registration example.",
    readings: [
      "A: pam_conf_info (definition, table and the other example).",
      "B: pam_conf for overlay registration only.",
    ],
    send: "pam_conf_info in both responses.",
    accept: "Clients read either key, or an unwrapped object.",
    policy: "accept-all",
    detail: "Accept both from a PAMS and warn on pam_conf.",
  },
  {
    id: "E-PAMP-04",
    doc: "X.609.1",
    where: "X.609.1 9.1.1 (pams_url in the object, pam_url in its description) and 9.2.1.2 example (pam_url)",
    impact: "high",
    problem: "The attribute holding the server URL has two spellings.",
    readings: ["A: pams_url.", "B: pam_url."],
    send: "pams_url.",
    accept: "Read either; if both are present prefer pams_url.",
    policy: "accept-all",
    detail: "Accept both and warn on pam_url.",
  },
  {
    id: "E-PAMP-05",
    doc: "X.609.1",
    where: "X.609.1 Table 2 (406 with phrase Conflict)",
    impact: "high",
    problem:
      "Status 406 means Not Acceptable in HTTP, whereas the phrase and meaning given belong to 409 (used for the same situation in Table 6).",
    readings: ["A: 409 was intended.", "B: 406 literally."],
    send: "409.",
    accept: "OMS treats 406 and 409 alike as already registered.",
    policy: "accept-all",
    detail: "Accept 406 or 409, fail anything else, warn on 406 that the HTTP registry disagrees.",
  },
  {
    id: "E-PAMP-06",
    doc: "X.609.1",
    where: "X.609.1 Tables 12, 14 (409 for unknown overlay or peer) vs Tables 4, 6, 8, 10 (404)",
    impact: "high",
    problem: "The two queries report a missing resource as 409 Conflict while all other operations use 404.",
    readings: ["A: literal 409 for queries.", "B: 404 intended everywhere."],
    send: "Literal 409 for the two queries is what the tables demand; make 404 selectable.",
    accept: "OMS treats 404 and 409 alike.",
    policy: "accept-all",
    detail: "Accept both, note which; a 200 or 5xx fails.",
  },
  {
    id: "E-PAMP-07",
    doc: "X.609.1",
    where: "X.609.1 Table 6 (409 row)",
    impact: "medium",
    problem:
      "The 409 row of peer registration repeats the text about an overlay network with the same ID being registered; a peer with the same ID must be meant, since the overlay has to exist.",
    readings: [
      "A: 409 = peer ID already registered in this overlay.",
      "B: literal, which would make every registration fail.",
    ],
    send: "Reading A.",
    accept: "Peer treats 409 as already registered and carries on with a report.",
    policy: "strict",
    detail: "Duplicate peer registration expects 409; an idempotent 200 is accepted with a warning.",
  },
  {
    id: "E-PAMP-08",
    doc: "X.609.1",
    where: "X.609.1 9.1.9 (uploaded, downloaded, left as STRING) vs 9.2.5.1 and 9.2.7.2 examples (numbers)",
    impact: "high",
    problem: "The amounts are typed as strings in the definition but appear as bare numbers in both examples.",
    readings: ["A: JSON strings holding decimal digits.", "B: JSON numbers."],
    send: "Decimal strings, since the definition outranks the examples; a switch selects numbers.",
    accept: "PAMS and OMS accept both and normalise to numbers; reject negative or non-numeric values with 400.",
    policy: "accept-all",
    detail:
      "Accept both; check that one implementation is consistent across messages and that values compare numerically.",
  },
  {
    id: "E-PAMP-09",
    doc: "X.609.1",
    where: "X.609.1 9.2.5.1 and 9.2.7.2 examples (key with trailing blank)",
    impact: "high",
    problem:
      'Both examples print the wrapper as "peer_status " with a blank inside the quotes, unlike the element name peer_status.',
    readings: ["A: typographical accident.", "B: literal key."],
    send: "peer_status without blank.",
    accept: "Trim member names before lookup, so the blank variant is understood.",
    policy: "accept-all",
    detail: "Accept both, warn on the blank; a PAMS that rejects the clean key fails.",
  },
  {
    id: "E-PAMP-10",
    doc: "X.609.1",
    where: "X.609.1 9.1.4 (fragment_id STRING) vs 9.1.5, 9.1.6 (NUMBER)",
    impact: "high",
    problem:
      'A fragment ID is a string in events and a number in lists and ranges, so it is unclear whether "12345" in an event and 12345 in a list are the same fragment.',
    readings: ["A: the same integer, written as a decimal string in events.", "B: unrelated identifier spaces."],
    send: "Integer fragment IDs, serialised as decimal string in fragment_event and as number in list and range.",
    accept: "Either JSON type in any place; compare numerically when both sides are decimal.",
    policy: "accept-all",
    detail:
      "Use integer-valued IDs only; accept both types; require that a reported event and a list query for the same number match only if reading A is declared.",
  },
  {
    id: "E-PAMP-11",
    doc: "X.609.1",
    where: "X.609.1 9.1.8 (peer_id) vs 9.2.6.2 example (peers)",
    impact: "high",
    problem: "The array of peer IDs in the peer list is named peer_id in the definition and peers in the example.",
    readings: ["A: peer_id.", "B: peers."],
    send: "peer_id; optionally emit both keys as a transition aid.",
    accept: "OMS reads either.",
    policy: "accept-all",
    detail: "Accept either (or both when equal), warn on peers.",
  },
  {
    id: "E-PAMP-12",
    doc: "X.609.1",
    where: "X.609.1 Table 11 (GET with a body) with RFC 7231 4.3.1",
    impact: "high",
    problem:
      "The list query puts its conditions in the body of a GET, to which HTTP attaches no meaning; many libraries, proxies and browsers drop or reject it.",
    readings: [
      "A: literal GET with JSON body and Content-Length.",
      "B: same object sent as POST or as URL query parameters.",
    ],
    send: "Literal GET with body.",
    accept:
      "PAMS also accepts query parameters (max_peer_num, ordering and so on) and a documented POST alias; a GET without body means no conditions.",
    policy: "check-declared",
    detail:
      "Drive a PAMS with a raw socket client so the body really is sent; no proxies in the path; an OMS under test must send the body on GET, other carriers only if declared.",
  },
  {
    id: "E-PAMP-13",
    doc: "X.609.1",
    where: "X.609.1 9.2.6.2 example (braces missing)",
    impact: "medium",
    problem: "The example response starts with a bare member name and is therefore not a JSON text.",
    readings: ["A: outer braces were lost."],
    send: "Emit a complete JSON object.",
    accept: "OMS may log and reject invalid JSON.",
    policy: "strict",
    detail: "Fail a response that is not valid JSON.",
  },
  {
    id: "E-PAMP-14",
    doc: "X.609.1",
    where: "X.609.1 9.1.10 (object vs description list) and 7.2.1.3 REQ-RPT-05",
    impact: "medium",
    problem:
      "max_num_conn_for_dn is described but absent from the object and the examples, while max_num_conn_for_up_per_net and max_num_active_net are in the object and examples but undescribed; no single member expresses the recommended maximum number of concurrent connections.",
    readings: [
      "A: all of these members exist and all are optional.",
      "B: only the members of the object listing exist.",
    ],
    send: "Send the object's members plus max_num_conn_for_dn.",
    accept: "Any subset and ignore unknown members.",
    policy: "accept-all",
    detail: "Check types of members present; warn when max_num_conn_for_dn is absent; never fail on either.",
  },
  {
    id: "E-PAMP-15",
    doc: "X.609.1",
    where: "X.609.1 9.1.9 (array fragment-event vs fragment_event)",
    impact: "medium",
    problem: "The object spells the array name with a hyphen whereas description and example use an underscore.",
    readings: ["A: fragment_event.", "B: fragment-event."],
    send: "fragment_event.",
    accept: "Both on reception.",
    policy: "accept-all",
    detail: "Accept both, warn on the hyphen.",
  },
  {
    id: "E-PAMP-16",
    doc: "X.609.1",
    where: "X.609.1 9.1.9 (fragment_range undescribed), 9.2.7.2 example",
    impact: "medium",
    problem:
      "fragment_range is a member of the dynamic status but has no description; whether it adds to or replaces the fragment list is open.",
    readings: [
      "A: possession is the union of list and range.",
      "B: range alone is possession and list gives exceptions.",
    ],
    send: "Union.",
    accept: "List only, range only or both.",
    policy: "accept-all",
    detail: "Test list and range separately and their union; never rely on another combination.",
  },
  {
    id: "E-PAMP-17",
    doc: "X.609.1",
    where: "X.609.1 Tables 5, 7, 9, 11, 13 footnotes",
    impact: "editorial",
    problem:
      "Every table explains {NID} as the overlay to be deleted and Table 13 explains {PID} as the reporting peer, both copied from other tables.",
    readings: ["A: {NID} is simply the addressed overlay and {PID} the addressed peer."],
    send: "Reading A.",
    accept: "None.",
    policy: "not-testable",
    detail: "None.",
  },
  {
    id: "E-PAMP-18",
    doc: "X.609.1",
    where: "X.609.1 Table 6 footnote a) and 9.1.1 (pam_enabled)",
    impact: "medium",
    problem:
      "The peer registration response does not set pam_enabled; not set may mean omitted or null, and the meaning of false in an overlay registration response (and of report_interval with it) is not given.",
    readings: ["A: member omitted.", "B: member present but null."],
    send: "Omit it for peers; always send it for the OMS.",
    accept: "Ignore it if present in a peer response; false tells the OMS not to point peers at this PAMS.",
    policy: "warn",
    detail: "Warn if present in a peer response; fail if absent from an overlay response.",
  },
  {
    id: "E-PAMP-19",
    doc: "X.609.1",
    where: "X.609.1 9.2 examples (Content-Length values)",
    impact: "medium",
    problem:
      "None of the eight printed Content-Length values matches its body, as available in text, under LF, CRLF or compact serialisation (e.g. 122 for 111, 116 or 88 octets).",
    readings: ["A: illustrative only."],
    send: "Compute it from the octets actually sent.",
    accept: "Use normal HTTP framing.",
    policy: "strict",
    detail: "Never replay the examples with their printed lengths; require correct framing.",
  },
  {
    id: "E-PAMP-20",
    doc: "X.609.1",
    where: "X.609.1 9.2.1.2 example (Connection: Closed)",
    impact: "low",
    problem: "The connection token printed is not the registered token close.",
    readings: ["A: close was meant."],
    send: "Send close or nothing.",
    accept: "Ignore unknown connection options.",
    policy: "warn",
    detail: "Warn only.",
  },
  {
    id: "E-PAMP-21",
    doc: "X.609.1",
    where: "X.609.1 REQ-SEC-01, REQ-TRANS-01 vs all URI rows (http scheme)",
    impact: "high",
    problem: "Secure transport is recommended but every URI template is fixed to http.",
    readings: ["A: http is only a pattern and https may be used.", "B: literal http."],
    send: "Support both; default https in deployments, http in laboratory runs.",
    accept: "Both.",
    policy: "check-declared",
    detail: "Run the suite over the declared scheme; warn if TLS is not offered at all.",
  },
  {
    id: "E-PAMP-22",
    doc: "X.609.1",
    where: "X.609.1 9.1.1 and examples (pams_url with path) vs URI templates ({PAMS_ADDRESS} is an FQDN)",
    impact: "high",
    problem:
      "The URL handed out ends in /pams/ whereas the templates append /pams/ to a bare host name, so a naive client builds /pams//pams/, and neither form shows a port.",
    readings: [
      "A: pams_url is the base resource and only {NID}/... is appended.",
      "B: only its authority is used and /pams/ is appended.",
    ],
    send: "PAMS sends an absolute URL ending in /pams/.",
    accept:
      "Client appends {NID}/peer... when the path already ends in /pams or /pams/, otherwise appends /pams/ first; port numbers and path prefixes are kept.",
    policy: "accept-all",
    detail:
      "Offer a client both forms; require that it reaches the resource in the /pams/ form and warn for the bare form.",
  },
  {
    id: "E-PAMP-23",
    doc: "X.609.1",
    where: "X.609.1 Tables 2, 4, 8, 12, 14 (401) vs Tables 6, 10 (no 401)",
    impact: "medium",
    problem:
      "Authentication is foreseen for some operations and missing for peer registration and report; the sentence on who repeats the request names the PAMS in Table 8 and the peer in the OMS-initiated queries.",
    readings: [
      "A: any operation may need authentication under HTTP rules, and the initiator repeats.",
      "B: registration and report are always open.",
    ],
    send: "Reading A with WWW-Authenticate in every 401.",
    accept: "Clients handle 401 on any operation.",
    policy: "accept-all",
    detail:
      "Credentials come from the declaration; 401 without WWW-Authenticate draws a warning; a client must repeat with credentials if it has any.",
  },
  {
    id: "E-PAMP-24",
    doc: "X.609.1",
    where: "X.609.1 REQ-PREG-04 and NOTE vs 9.1.1 (only report_interval)",
    impact: "medium",
    problem:
      "Periodic and event-driven reporting are both foreseen, yet the configuration can only carry a period in seconds.",
    readings: [
      "A: a positive interval means periodic (plus events), zero or absent means event-driven only.",
      "B: always periodic.",
    ],
    send: "Positive interval always sent; peer reports on the timer and additionally on start, stop and completion.",
    accept: "Missing or zero interval means event-driven.",
    policy: "accept-all",
    detail: "Test periodic reporting with a short positive interval; extra event reports are allowed.",
  },
  {
    id: "E-PAMP-25",
    doc: "X.609.1",
    where: "X.609.1 REQ-RPT-06 vs 9.1.3, 9.1.9",
    impact: "medium",
    problem:
      "Recommended content such as connected peer type (seed, leech, RS, CS) has no member in the dynamic status, and start/pause/complete is named STARTED, STOPPED, COMPLETED there.",
    readings: ["A: derive the type from registration type plus completion state.", "B: an extension member is needed."],
    send: "Reading A.",
    accept: "Unknown members ignored.",
    policy: "warn",
    detail: "Check overlay_event only; report the missing field as a specification gap.",
  },
  {
    id: "E-PAMP-26",
    doc: "X.609.1",
    where: "X.609.1 9.1.7 (overlay_status COMPLETED, STARTED) vs 9.1.9 (also STOPPED)",
    impact: "low",
    problem: "The query cannot ask for stopped peers, and whether STARTED matches completed peers is not stated.",
    readings: [
      "A: exact match on the last reported overlay_event.",
      "B: STARTED means any active peer including completed ones.",
    ],
    send: "Exact match.",
    accept: "STOPPED as a filter value too.",
    policy: "accept-all",
    detail: "Build cases where both readings agree (no completed peers when asking STARTED).",
  },
  {
    id: "E-PAMP-27",
    doc: "X.609.1",
    where: "X.609.1 9.1.7 (ordering)",
    impact: "high",
    problem:
      "Neither direction nor tie-break is given for UPLOADED, DOWNLOADED and LEFT, and the grammar has a stray semicolon before the last alternative.",
    readings: [
      "A: most uploaded first, most downloaded first, least left first.",
      "B: one fixed direction for all three.",
    ],
    send: "Reading A, ties broken by peer ID.",
    accept: "OMS must not depend on direction.",
    policy: "check-declared",
    detail:
      "Accept ascending or descending but monotonic; hold to a declared direction; warn if LEFT and UPLOADED disagree with reading A.",
  },
  {
    id: "E-PAMP-28",
    doc: "X.609.1",
    where: "X.609.1 9.1.7 (peer_id), 8.2.3, 8.2.4, 8.2.5",
    impact: "high",
    problem:
      "The peer_id array may be a candidate filter, a set merely to be ordered, or the requesting peer; 8.2.3 needs the requesting peer's identity but the element has no member for it.",
    readings: [
      "A: candidates: the answer is a subset of the listed peers.",
      "B: listed peers come first and others may follow.",
      "C: a single entry names the peer that needs help.",
    ],
    send: "Reading A; send an extension member for the requesting peer and exclude it from answers.",
    accept: "Single unknown IDs are ignored.",
    policy: "check-declared",
    detail: "With several listed peers require a subset unless B is declared; never test C without a declaration.",
  },
  {
    id: "E-PAMP-29",
    doc: "X.609.1",
    where: "X.609.1 9.1.7 (service_class), 8.2.5",
    impact: "medium",
    problem:
      "Values, direction and the subject (requesting user or candidate peers) of service_class are undefined, and no message tells the PAMS the class of any peer.",
    readings: ["A: class of the requesting user, which biases selection.", "B: filter on the class of candidates."],
    send: "Reading A, smaller number is better class, documented.",
    accept: "Ignore when unknown.",
    policy: "check-declared",
    detail: "Only check that its presence does not break the query; test differentiation end to end if declared.",
  },
  {
    id: "E-PAMP-30",
    doc: "X.609.1",
    where: "X.609.1 9.1.7 with 8.2.2 (fragment_list and fragment_range as conditions)",
    impact: "high",
    problem:
      "Whether a matching peer needs all or any of the listed fragments, and whether list and range are combined by and or or, is not stated.",
    readings: ["A: all fragments of list and range.", "B: at least one of them.", "C: best match first."],
    send: "Reading A first and, when nobody matches, fall back to peers holding the most.",
    accept: "OMS tolerates partial holders.",
    policy: "check-declared",
    detail: "Use peers holding everything or nothing; partial holders only under a declared reading.",
  },
  {
    id: "E-PAMP-31",
    doc: "X.609.1",
    where: "X.609.1 9.1.8, 8.2.4, 8.2.5 (fragment_list in the answer)",
    impact: "medium",
    problem:
      "The same answer members carry rarest fragments (8.2.4), an optimised list (8.2.5) or perhaps what the listed peers hold, and the request has no member asking for rarest fragments.",
    readings: ["A: fragment_list is advice on what to fetch first.", "B: it lists what the returned peers hold."],
    send: "Reading A; include it whenever distribution data exist.",
    accept: "Absent list.",
    policy: "check-declared",
    detail: "Test the rarest case end to end only; otherwise check types.",
  },
  {
    id: "E-PAMP-32",
    doc: "X.609.1",
    where: "X.609.1 9.1.5 (num_of_fragment as content total) vs 9.2.6.2, 9.2.7.2 examples (3 with three IDs up to 108)",
    impact: "medium",
    problem: "The examples use the number of listed IDs, not the total in the content, as the definition requires.",
    readings: ["A: total number of fragments of the content.", "B: length of the fragment array."],
    send: "Reading A.",
    accept: "Do not reject either; never validate IDs against it.",
    policy: "accept-all",
    detail: "Accept both; warn when it equals the array length but the total is known to differ.",
  },
  {
    id: "E-PAMP-33",
    doc: "X.609.1",
    where: "X.609.1 9.1.5, 9.1.9, 9.1.10 (kilobytes)",
    impact: "medium",
    problem:
      "Kilobyte may be 1000 or 1024 octets, and the bandwidth members say kilobytes where kilobytes per second must be meant.",
    readings: ["A: 1000 octets and per second.", "B: 1024 octets."],
    send: "1000 octets, per second for bandwidths.",
    accept: "Both.",
    policy: "accept-all",
    detail: "Compare ratios only; tolerate 3 percent.",
  },
  {
    id: "E-PAMP-34",
    doc: "X.609.1",
    where: "X.609.1 9.1.9 (num_upload_connection) vs 8.2.3 (current number of connections)",
    impact: "medium",
    problem:
      "The member is described as the allowable connections, but 8.2.3 computes availability from a maximum and a current count.",
    readings: ["A: still available connections.", "B: connections in use.", "C: configured limit."],
    send: "Reading A.",
    accept: "Treat as hint only.",
    policy: "accept-all",
    detail: "Type check only.",
  },
  {
    id: "E-PAMP-35",
    doc: "X.609.1",
    where: "X.609.1 9.1.9 (amounts since the previous report), 9.2.7",
    impact: "medium",
    problem:
      "Reports carry deltas, but it is not said whether the PAMS accumulates them for ordering and for the single peer query.",
    readings: [
      "A: PAMS accumulates for ordering and returns the last report verbatim.",
      "B: PAMS returns accumulated totals.",
      "C: last delta used everywhere.",
    ],
    send: "Reading A.",
    accept: "OMS treats values as indicative.",
    policy: "check-declared",
    detail: "Send exactly one report per peer, for which all readings agree; multi-report tests under a declaration.",
  },
  {
    id: "E-PAMP-36",
    doc: "X.609.1",
    where: "X.609.1 9.1.9, 9.2.5 (fragment list as snapshot or delta)",
    impact: "medium",
    problem:
      "Whether a reported fragment list replaces or extends the previous one, and whether DOWNLOADED events add to possession, is not stated.",
    readings: ["A: list and range replace; events extend; failed integrity does not.", "B: everything accumulates."],
    send: "Reading A.",
    accept: "Absent list leaves possession unchanged.",
    policy: "accept-all",
    detail: "Only report growing sets, for which both agree.",
  },
  {
    id: "E-PAMP-37",
    doc: "X.609.1",
    where: "X.609.1 9.1 (optionality)",
    impact: "high",
    problem:
      "Elements have no mandatory or optional marking; the examples omit delegation_id, from, fragment_list and others, so minimum content is unknown.",
    readings: [
      "A: identifiers and enumerations that name the object are mandatory, the rest optional.",
      "B: everything listed is mandatory.",
    ],
    send: "Send all meaningful members.",
    accept:
      "Require only overlay_network_id, peer_id and, in a report, at least one of dynamic_status and static_status.",
    policy: "accept-all",
    detail: "Negative tests only remove overlay_network_id or peer_id; missing others must not fail an implementation.",
  },
  {
    id: "E-PAMP-38",
    doc: "X.609.1",
    where: "X.609.1 9.1.4 with example (only to present), REQ-RPT-06",
    impact: "low",
    problem: "The upload event example omits from although both IDs are recommended content.",
    readings: ["A: the reporter's own ID may be left out.", "B: both required."],
    send: "Send both.",
    accept: "Fill the missing one from the reporter.",
    policy: "accept-all",
    detail: "Accept either.",
  },
  {
    id: "E-PAMP-39",
    doc: "X.609.1",
    where: "X.609.1 Table 14 footnote (dynamic_report object)",
    impact: "low",
    problem:
      "The footnote names a dynamic_report object that does not exist; dynamic_status is meant, and not set may mean absent or empty.",
    readings: ["A: fragment_event absent from dynamic_status.", "B: empty array."],
    send: "Omit it.",
    accept: "Both.",
    policy: "warn",
    detail: "Fail only if events are returned; warn on an empty array.",
  },
  {
    id: "E-PAMP-40",
    doc: "X.609.1",
    where: "X.609.1 9.2.5 (PUT with partial body)",
    impact: "high",
    problem:
      "PUT normally replaces a resource, yet later reports carry only the dynamic part while the profile must survive.",
    readings: ["A: merge per sub-object.", "B: full replacement."],
    send: "Reading A.",
    accept: "Either half or both.",
    policy: "accept-all",
    detail:
      "After a dynamic-only report the static part must still be returned by the single peer query; warn rather than fail if it is lost.",
  },
  {
    id: "E-PAMP-41",
    doc: "X.609.1",
    where: "X.609.1 8.1.4.1 vs 9.2.5.1 (first report)",
    impact: "low",
    problem:
      "The profile report follows registration, and the first request is only by way of example said to contain both parts.",
    readings: ["A: one combined first request.", "B: two requests."],
    send: "Combined.",
    accept: "Both.",
    policy: "accept-all",
    detail: "Accept both within one report interval.",
  },
  {
    id: "E-PAMP-42",
    doc: "X.609.1",
    where: "X.609.1 Table 8, Table 10, Table 14 (missing overlay)",
    impact: "low",
    problem:
      "Only a missing peer is mentioned for deregistration and single peer query; an unknown overlay in the path is not.",
    readings: ["A: same code as for a missing peer."],
    send: "Reading A.",
    accept: "404 or 409.",
    policy: "accept-all",
    detail: "As for E-PAMP-06.",
  },
  {
    id: "E-PAMP-43",
    doc: "X.609.1",
    where: "X.609.1 8.1.2.1, 9.2.2 (cascade)",
    impact: "medium",
    problem:
      "After overlay deregistration the server need not keep peer data, which stops short of saying that it is deleted or that later reports fail.",
    readings: ["A: peers vanish with the overlay and reports get 404.", "B: data may linger."],
    send: "Reading A.",
    accept: "Clients stop reporting on 404.",
    policy: "warn",
    detail: "Expect 404 on report and query failure; warn otherwise; a re-registered overlay must start empty (warn).",
  },
  {
    id: "E-PAMP-44",
    doc: "X.609.1",
    where: "X.609.1 Tables 2 to 14 (200 only) with RFC 7231",
    impact: "medium",
    problem:
      "Creation answers 200 rather than 201 and body-less answers use 200 rather than 204, while other codes follow HTTP.",
    readings: ["A: exactly 200.", "B: any 2xx."],
    send: "200.",
    accept: "Clients accept 200, 201 and 204.",
    policy: "warn",
    detail: "Expect 200; another 2xx draws a warning.",
  },
  {
    id: "E-PAMP-45",
    doc: "X.609.1",
    where: "X.609.1 9.1 grammar vs examples (wrapper object)",
    impact: "high",
    problem:
      "Tables say the body is an element, and only examples show that it is wrapped in a member bearing the element name.",
    readings: ["A: wrapped.", "B: bare object."],
    send: "Wrapped.",
    accept: "Bare objects whose members identify them.",
    policy: "accept-all",
    detail: "Send wrapped; accept wrapped only from an implementation under test unless B is declared.",
  },
  {
    id: "E-PAMP-46",
    doc: "X.609.1",
    where: "X.609.1 9.1 grammar (Object, semicolons, bracket notation)",
    impact: "low",
    problem:
      "The pseudo grammar puts brackets around the member name, has inconsistent final semicolons and never states JSON integer or string limits.",
    readings: ["A: bracketed name denotes an array member of that type."],
    send: "Reading A.",
    accept: "None.",
    policy: "accept-all",
    detail: "None beyond type checks.",
  },
  {
    id: "E-PAMP-47",
    doc: "X.609.1",
    where: "X.609.1 8.1.2.1 (steps 2 and 3 of Figure 3 named twice)",
    impact: "editorial",
    problem: "Registration and deregistration of the overlay are both said to be steps 2 and 3.",
    readings: ["A: deregistration is a later pair of steps."],
    send: "Reading A.",
    accept: "None.",
    policy: "not-testable",
    detail: "None.",
  },
  {
    id: "E-PAMP-48",
    doc: "X.609.1",
    where: "X.609.1 8.1.1, REQ-PREG-01 (PAMS address to the peer)",
    impact: "medium",
    problem:
      "The OMS must give the PAMS address to a joining peer, but the OMS to peer message is outside PAMP and none of the five documents defines it.",
    readings: ["A: carried in the R5 join answer of the implementation."],
    send: "A pam_conf_info-like object in the join answer.",
    accept: "Static configuration of the peer.",
    policy: "check-declared",
    detail: "Observe that a peer contacts the PAMS that only its OMS told it about; carrier as declared.",
  },
  {
    id: "E-PAMP-49",
    doc: "X.609.1",
    where: "X.609.1 8.2.1 (DHT discovery)",
    impact: "high",
    problem:
      "No message for asking a PAMS for a bootstrap PAMS, no hash or key construction, and interworking between PAMSs is declared out of scope, so DHT discovery is visible only through the pams_url in registration answers.",
    readings: [
      "A: the overlay registration answer carries the URL of the selected PAMS, and the peer registration answer that of the managing PAMS.",
      "B: an unspecified extra query.",
    ],
    send: 'Reading A; key = hash of overlay ID and peer ID joined, with peer ID "0" for the overlay.',
    accept: "pams_url different from the contacted server.",
    policy: "check-declared",
    detail: "Multi-PAMS tests only where declared; check that clients obey a differing pams_url.",
  },
  {
    id: "E-PAMP-50",
    doc: "X.609.1",
    where: "X.609.1 8.2.1 (redirected peer)",
    impact: "high",
    problem:
      "When a registration answer names another PAMS it is not said whether the peer is already registered there or must register again.",
    readings: ["A: already registered; reports go to the new URL.", "B: register again at the new URL."],
    send: "Report to the new URL and, on 404, register there and retry.",
    accept: "Both.",
    policy: "accept-all",
    detail: "Stand-in PAMS accepts both; require that traffic moves to the new URL.",
  },
  {
    id: "E-PAMP-51",
    doc: "X.609.1",
    where: "X.609.1 8.2.6 (digital signatures)",
    impact: "high",
    problem:
      "Public keys, session key, receipt and confirmed receipt have no element, field, algorithm or encoding; step 2's possessive is ambiguous and numbering style changes at step 4.",
    readings: ["A: vendor extension members in peer_information and peer_status.", "B: separate resources."],
    send: "Documented extension members with Ed25519 keys and detached signatures in base64url.",
    accept: "Absence of any of them.",
    policy: "check-declared",
    detail: "Optional feature; only test declared extensions end to end (tampered receipt rejected).",
  },
  {
    id: "E-PAMP-52",
    doc: "X.609.1",
    where: "X.609.1 8.2.2, 8.2.4, 8.2.5 (peer to OMS legs)",
    impact: "medium",
    problem:
      "The legs between peer and OMS, OMS and UMS and between peers are needed for every extended operation but are defined elsewhere.",
    readings: ["A: implementation-specific binding of R5, R7 and R10."],
    send: "Own documented JSON binding.",
    accept: "Not applicable.",
    policy: "check-declared",
    detail: "Test the R1 and R2 legs strictly; drive the others through declared hooks.",
  },
  {
    id: "E-PAMP-53",
    doc: "X.609.1",
    where: "X.609.1 8.2.4 NOTE (threshold)",
    impact: "low",
    problem:
      "The rarity threshold is called predefined and, two sentences later, said to change with the average distribution rate.",
    readings: ["A: a fixed fraction of the moving average.", "B: a constant."],
    send: "Fraction of the average, configurable.",
    accept: "Not applicable.",
    policy: "check-declared",
    detail: "Use an extreme distribution (one fragment at one peer) so that every threshold agrees.",
  },
  {
    id: "E-PAMP-54",
    doc: "X.609.1",
    where: "X.609.1 9.1.7 (max_peer_num)",
    impact: "low",
    problem: "Absent, zero or negative maximum is undefined.",
    readings: ["A: absent = server policy, zero = none, negative = 400."],
    send: "Positive numbers only.",
    accept: "Reading A.",
    policy: "accept-all",
    detail: "Only positive values; never more peers than asked.",
  },
  {
    id: "E-PAMP-55",
    doc: "X.609.1",
    where: "X.609.1 REQ-QRY-02 (service provider)",
    impact: "medium",
    problem: "The service provider must be able to query the PAMS, but no reference point or message is given for it.",
    readings: ["A: it acts through the OMS or uses the same two GET operations."],
    send: "Reading A with its own credentials.",
    accept: "Not applicable.",
    policy: "check-declared",
    detail: "Test by a client with provider credentials if declared; otherwise report as design.",
  },
  {
    id: "E-PAMP-56",
    doc: "X.609.1",
    where: "X.609.1 REQ-ID-01, REQ-ID-03, URI templates",
    impact: "medium",
    problem: "Identifiers must be globally unique, yet syntax, length and escaping in paths are unspecified.",
    readings: ["A: opaque strings, percent-encoded in paths.", "B: URL-safe characters only."],
    send: "Unreserved characters (UUID) in what is sent.",
    accept: "Percent-encoded UTF-8.",
    policy: "warn",
    detail: "Main tests use unreserved characters; one extra test with escaped characters only warns.",
  },
  {
    id: "E-PAMP-57",
    doc: "X.609.1",
    where: "X.609.1 clause 4 and 8.2.5 (user management server) vs Figure 1 key (user profile management server)",
    impact: "editorial",
    problem: "UMS is expanded in two ways.",
    readings: ["A: same entity."],
    send: "Reading A.",
    accept: "None.",
    policy: "not-testable",
    detail: "None.",
  },
  {
    id: "E-PAMP-58",
    doc: "X.609.1",
    where: "X.609.1 2, 9 (RFC 7159 and 7231) and Q.4103 2",
    impact: "low",
    problem:
      "Both RFCs have been replaced (8259, 9110); 7159 allows any top-level value and a BOM rule that differ slightly, and 7231 sits in the references while 7159 is only bibliographic in X.609.1.",
    readings: ["A: use current RFCs."],
    send: "Reading A, UTF-8 without BOM.",
    accept: "A leading BOM is ignored.",
    policy: "not-testable",
    detail: "None.",
  },
  {
    id: "E-PAMP-59",
    doc: "X.609.1",
    where: "X.609.1 7.2.1.3, 9.2.5 (silent peers)",
    impact: "medium",
    problem: "Nothing says when a PAMS forgets a peer that stopped reporting.",
    readings: ["A: after a few missed intervals it is excluded from answers.", "B: it stays until deregistered."],
    send: "Exclude after three missed intervals, delete after ten, configurable.",
    accept: "404 on a late report means register again.",
    policy: "accept-all",
    detail: "No test; only check that a reporting peer is never dropped.",
  },
  {
    id: "E-PAMP-60",
    doc: "X.609.1",
    where: "X.609.1 REQ-OPR-01 list vs 7.2.1.1, 7.2.1.2",
    impact: "low",
    problem:
      "The operation list describes peer registration as joining on an OMS and overlay registration as creation by a content provider, whereas the detailed requirements concern registration on a PAMS by peer and OMS.",
    readings: ["A: detailed clauses prevail."],
    send: "Reading A.",
    accept: "None.",
    policy: "not-testable",
    detail: "None.",
  },
  {
    id: "E-PAMP-61",
    doc: "X.609.1",
    where: "X.609.1 examples (IDs and hosts)",
    impact: "editorial",
    problem:
      "Overlay and peer IDs differ from one example to the next (12ekd4kd8, 18374u, 1283jdd; 8djdh, 8djdhd), so the examples are not one session.",
    readings: ["A: independent examples."],
    send: "None.",
    accept: "None.",
    policy: "not-testable",
    detail: "Do not chain the examples into a test vector.",
  },
  {
    id: "E-PAMP-62",
    doc: "X.609.1",
    where: "X.609.1 REQ-SEC-02, REQ-SEC-03 vs 9.2.6, 9.2.7",
    impact: "medium",
    problem:
      "Private information is neither disclosed nor distributed, but private is undefined and both queries hand out peer IDs and activity.",
    readings: ["A: network addresses, user identity and keys are private; IDs and counters are not."],
    send: "Serve queries only to authenticated OMSs and never echo credentials or client addresses.",
    accept: "Not applicable.",
    policy: "warn",
    detail: "Fail on passwords, keys or client addresses in answers; warn when queries need no authentication.",
  },
  {
    id: "E-PAMP-63",
    doc: "X.609.1",
    where: "X.609.1 9.1.2, REQ-OREG-02 (content_type)",
    impact: "low",
    problem:
      "The type is only recommended content, any other string is allowed, and STREAM is limited to multimedia although X.609.10 streams arbitrary data.",
    readings: ["A: optional, free string, STREAM for data streaming too."],
    send: "Always send FILE or STREAM.",
    accept: "Absent or unknown values.",
    policy: "accept-all",
    detail: "Absent content_type must not be refused (warn).",
  },
  {
    id: "E-PAMP-64",
    doc: "X.609.1",
    where: "X.609.1 7.2.1.1, 9.2.3 (re-registration of peer after restart)",
    impact: "medium",
    problem: "A restarted peer gets 409 and has no defined way to learn the report interval again.",
    readings: [
      "A: deregister then register.",
      "B: carry on with a stored interval.",
      "C: server answers 200 idempotently.",
    ],
    send: "Peer: on 409 send deregistration then registration.",
    accept: "PAMS may answer 409 with a configuration body.",
    policy: "accept-all",
    detail: "Client must recover to reporting state by any route.",
  },
  {
    id: "E-PAMP-65",
    doc: "X.609.1",
    where: "X.609.1 Figures 1 to 13 (images missing)",
    impact: "medium",
    problem:
      "Step numbers, message names and FE labels in the figures are not available; Figures 3, 4 and 5 are referred to by step number only.",
    readings: ["A: prose is sufficient."],
    send: "Follow prose.",
    accept: "None.",
    policy: "accept-all",
    detail: "Do not test figure-only details.",
  },
  {
    id: "E-PAMP-66",
    doc: "X.609.1",
    where: "X.609.1 6 (FE of OMS querying) vs 8 (OIM, PLO)",
    impact: "low",
    problem:
      "FE descriptions are one line each with X.609 as the full source, which is not among the five documents; PPM, PLM and OIM acronyms recur in Q.4100 with other meanings.",
    readings: ["A: informative."],
    send: "Name modules with a document prefix.",
    accept: "None.",
    policy: "not-testable",
    detail: "None.",
  },
  {
    id: "E-PAMP-67",
    doc: "X.609.1",
    where: "X.609.1 9.2 (malformed requests)",
    impact: "medium",
    problem:
      "No table gives the code for malformed JSON, missing members, wrong types, unsupported media types or wrong methods; HTTP rules are cited generally.",
    readings: ["A: 400 for bad bodies, 405 for wrong methods, 415 for media types.", "B: 422 or other 4xx."],
    send: "Reading A.",
    accept: "Any 4xx.",
    policy: "accept-all",
    detail: "Any 4xx passes, 2xx or 5xx fails.",
  },
  {
    id: "E-PAMP-68",
    doc: "X.609.1",
    where: "X.609.1 9.2.4, 9.2.5 (authority over a peer resource)",
    impact: "medium",
    problem:
      "Anyone who knows the IDs can report for or deregister a peer because neither operation carries a credential and report has no 401 row.",
    readings: ["A: protection by transport or HTTP authentication."],
    send: "Token issued at registration, checked when configured.",
    accept: "Unauthenticated clients in laboratory mode.",
    policy: "warn",
    detail: "Warn only.",
  },
  {
    id: "E-PAMP-69",
    doc: "X.609.1",
    where: "X.609.1 9.1.6 (range bounds)",
    impact: "low",
    problem:
      "Inclusiveness of the last fragment, reversed bounds and an empty range are not stated beyond first and last.",
    readings: ["A: both ends inclusive and start not above end."],
    send: "Reading A.",
    accept: "Reject reversed ranges with 400 or treat as empty.",
    policy: "accept-all",
    detail: "Inclusive ends are tested; reversed ranges are not.",
  },
  {
    id: "E-PAMP-70",
    doc: "X.609.1",
    where: "X.609.1 Table 14 (200 row)",
    impact: "low",
    problem:
      "The success row of the single peer query says the response holds a peer list, while its body column and example hold peer_status.",
    readings: ["A: peer_status."],
    send: "Reading A.",
    accept: "None.",
    policy: "strict",
    detail: "A peer list in this answer fails.",
  },
  {
    id: "E-PAMP-71",
    doc: "X.609.1",
    where: "X.609.1 REQ-QRY-03 vs 9.1.8, 9.2.6",
    impact: "low",
    problem:
      "The server must provide status about a peer or a list of peers, yet the list answer has only IDs and fragments, so status of several peers needs one query per peer.",
    readings: [
      "A: list query gives IDs, single query gives status.",
      "B: the list answer may carry extra status members.",
    ],
    send: "Reading A.",
    accept: "Ignore extra members.",
    policy: "accept-all",
    detail: "Reading A; extras never fail.",
  },
  {
    id: "E-PAMP-72",
    doc: "X.609.1",
    where: "X.609.1 9.1.5, 9.1.9 with content_type STREAM",
    impact: "low",
    problem: "left, COMPLETED and num_of_fragment presuppose finite content and have no stated meaning for streams.",
    readings: ["A: left 0, STARTED until the end, num_of_fragment omitted.", "B: any value."],
    send: "Reading A.",
    accept: "Any value.",
    policy: "accept-all",
    detail: "Not judged for streams.",
  },
  {
    id: "E-PAMP-73",
    doc: "X.609.1",
    where: "X.609.1 REQ-RPT-01, 9.2.5.2 (changing the report interval)",
    impact: "low",
    problem:
      "The interval is fixed at registration and the report answer has no body, so a PAMS has no way to slow down or speed up peers later.",
    readings: ["A: unchangeable until the peer registers anew.", "B: pam_conf_info may ride on the report answer."],
    send: "Reading A.",
    accept: "A peer may honour pam_conf_info in a report answer.",
    policy: "accept-all",
    detail: "Extra bodies never fail; the registered interval governs.",
  },
  {
    id: "E-HOMP-01",
    doc: "Q.4103",
    where: "Q.4103 Table 6-9 (overlay_info) vs Tables 6-10 to 6-24 (overlay)",
    impact: "high",
    problem: "The creation request alone wraps its object in overlay_info, every other message uses overlay.",
    readings: ["A: literal overlay_info for the creation request.", "B: overlay everywhere."],
    send: "Literal overlay_info in the creation request, with one retry using overlay after a 400.",
    accept: "HOMS accepts overlay_info, overlay and (leniently) an unwrapped object on creation.",
    policy: "accept-all",
    detail:
      "Accept either key from a hybrid peer under test; drive a HOMS with overlay_info first and fall back to overlay with a warning.",
  },
  {
    id: "E-HOMP-02",
    doc: "Q.4103",
    where: "Q.4103 Table 6-3 (admin_key, access_key) vs 6.2.3 and 6.2.4 notes (admin-key, access-key)",
    impact: "high",
    problem: "Secrets are spelt with underscore in the element table and with hyphen in the message notes.",
    readings: ["A: underscore.", "B: hyphen."],
    send: "Underscore, as in the defining table.",
    accept: "HOMS and peer read both; if both are present and differ answer 400.",
    policy: "accept-all",
    detail: "Accept either; send underscore first and retry with hyphen before failing a HOMS.",
  },
  {
    id: "E-HOMP-03",
    doc: "Q.4103",
    where: "Q.4103 Table 6-1 (trans-policy) vs Tables 6-12, 6-13, 6-18 (trans_policy); TRANS_POLICY undefined",
    impact: "high",
    problem:
      "The member has two spellings, its element TRANS_POLICY is defined nowhere, and it is missing from creation, so a value can only appear through modification.",
    readings: ["A: optional opaque object stored and returned.", "B: unusable, to be left out."],
    send: "Do not send unless configured; then send trans_policy with an opaque object.",
    accept: "Both spellings, any JSON object, also in creation; return it unchanged.",
    policy: "accept-all",
    detail: "Never require it; if returned it must equal what was set; spelling not checked.",
  },
  {
    id: "E-HOMP-04",
    doc: "Q.4103",
    where: "Q.4103 Table 6-2 (Address) vs Tables 6-17, 6-21 (address)",
    impact: "high",
    problem:
      "The network address member is capitalised in the element definition only; its syntax (URL, host and port) is not given.",
    readings: ["A: address.", "B: Address."],
    send: "address, as a URI such as tcp://host:port.",
    accept: "Case-insensitive lookup of this member; any non-empty string.",
    policy: "accept-all",
    detail: "Accept both from peers; a HOMS must accept lower case and should accept the other (warn).",
  },
  {
    id: "E-HOMP-05",
    doc: "Q.4103",
    where: "Q.4103 Table 6-9 (auth m) vs its note (auth absent means public)",
    impact: "high",
    problem:
      "auth is mandatory in the table while a note gives meaning to its absence; without auth there is no admin key, so nobody could ever modify or remove the overlay.",
    readings: ["A: mandatory; absence is 400.", "B: may be absent and means open."],
    send: "Always send auth with type and admin_key.",
    accept:
      "HOMS accepts absence as open and either generates an admin key returned once, or marks the overlay as expiring only.",
    policy: "check-declared",
    detail: "Accept 200 (open overlay) or 400 from a HOMS and record which; a peer under test must send auth.",
  },
  {
    id: "E-HOMP-06",
    doc: "Q.4103",
    where: "Q.4103 Table 6-12 (expires STRING) vs Tables 6-1, 6-9, 6-10, 6-13, 6-14, 6-17, 6-18, 6-21, 6-22 (NUMBER)",
    impact: "high",
    problem: "Only the query answer types expires as a string.",
    readings: ["A: NUMBER throughout.", "B: STRING in the query answer."],
    send: "NUMBER.",
    accept: "Peers accept a decimal string in query answers.",
    policy: "accept-all",
    detail: "Accept both types in the query answer, NUMBER elsewhere.",
  },
  {
    id: "E-HOMP-07",
    doc: "Q.4103",
    where:
      "Q.4103 Table 6-17 and notes (ticket-id required when already a member) vs Tables 6-18, 6-21, 6-22 (never issued)",
    impact: "high",
    problem:
      "A refreshing or recovering peer must present ticket-id, but no response in the document hands one out and no element lists it.",
    readings: [
      "A: HOMS issues it in the join answer as an extra member (the procedure lives in Q.4101, not supplied).",
      "B: the peer invents it at first join and repeats it.",
    ],
    send: "HOMS issues ticket-id in the join answer inside overlay (and in a peer object); values grow with join order.",
    accept: "HOMS accepts string or number; peer looks in overlay and peer; a peer that got none omits it.",
    policy: "check-declared",
    detail:
      "Offer ticket-id in stand-in answers; a HOMS that never issues one may not reject its absence; strictness only under the declared reading.",
  },
  {
    id: "E-HOMP-08",
    doc: "Q.4103",
    where: "Q.4103 6.2.5 notes (ticket needed for refresh) vs Table 6-21 (refresh has none)",
    impact: "medium",
    problem:
      "The join note covers refresh by means of the join message, while a separate refresh message exists and has no ticket-id.",
    readings: [
      "A: refresh uses PUT without ticket; a join repeated by a member is a recovery.",
      "B: both routes refresh.",
    ],
    send: "PUT for refresh, POST with recovery and ticket for recovery.",
    accept: "ticket-id in refresh ignored or checked if present.",
    policy: "accept-all",
    detail: "Test refresh by PUT without ticket-id.",
  },
  {
    id: "E-HOMP-09",
    doc: "Q.4103",
    where: "Q.4103 Table 6-17 (recovery, ticket-id inside OVERLAY_INFO) vs Table 6-1",
    impact: "medium",
    problem:
      "Two join members are placed in an element that does not define them, and another build puts recovery in the URI.",
    readings: ["A: members of overlay as printed.", "B: members of peer or URI parameter."],
    send: "Reading A.",
    accept: "All three places.",
    policy: "accept-all",
    detail: "Accept reading A; others draw a warning.",
  },
  {
    id: "E-HOMP-10",
    doc: "Q.4103",
    where: "Q.4103 Tables 6-10, 6-12, 6-14, 6-23 (c marking)",
    impact: "medium",
    problem:
      "Conditional members are explained only in part: the blanket rule follows Table 6-10, Table 6-14 explains description but not title, Table 6-23 only says when auth is left out.",
    readings: [
      "A: title in 6-14 follows the rule of description; auth in 6-23 is required for closed overlays.",
      "B: conditions depend on presence in the request.",
    ],
    send: "Return every attribute the overlay has.",
    accept: "Either.",
    policy: "accept-all",
    detail: "Require the member only where both readings require it.",
  },
  {
    id: "E-HOMP-11",
    doc: "Q.4103",
    where: "Q.4103 Tables 6-15, 6-23 (DELETE with body) with RFC 7231 4.3.5",
    impact: "high",
    problem:
      "Removal and leave put identifiers and secrets in the body of a DELETE, to which HTTP gives no meaning; clients and proxies may drop it.",
    readings: ["A: literal DELETE with JSON body.", "B: identifiers in path or query, secrets in headers."],
    send: "Literal body.",
    accept: "HOMS also takes overlay-id and peer-id from the query string as a fallback, never secrets.",
    policy: "check-declared",
    detail: "Raw client without proxy; body carrier is mandatory unless another is declared.",
  },
  {
    id: "E-HOMP-12",
    doc: "Q.4103",
    where: "Q.4103 Tables 6-13, 6-15, 6-21, 6-23 (collection URI)",
    impact: "low",
    problem:
      "Update and delete address the collections /homs and /peer with the identifier in the body instead of a resource path.",
    readings: ["A: literal.", "B: /homs/{id} and /peer/{id}."],
    send: "Literal.",
    accept: "Trailing slash variants.",
    policy: "accept-all",
    detail: "Literal paths; trailing slash tolerance only warns.",
  },
  {
    id: "E-HOMP-13",
    doc: "Q.4103",
    where: "Q.4103 Table 6-12 (auth m in query answer) with Table 6-3",
    impact: "high",
    problem:
      "Every query answer must include OVERLAY_AUTH, whose members are the admin and access secrets and the admission list, so an unauthenticated query would reveal them to anyone.",
    readings: ["A: auth present with only type.", "B: full object."],
    send: "auth with type only; admin_key, access_key and peerlist never leave the server except to the owner.",
    accept: "Peers accept auth with or without the secrets.",
    policy: "accept-all",
    detail:
      "Require auth.type; fail on admin_key and on access_key in answers to strangers (security failure reported separately from conformance); peerlist warns.",
  },
  {
    id: "E-HOMP-14",
    doc: "Q.4103",
    where: "Q.4103 Tables 6-12, 6-18 (status m) with Tables 6-4, 6-2, 6-7 (peer_info_list including passwords)",
    impact: "high",
    problem:
      "OVERLAY_STATUS contains PEER_INFO with PEER_AUTH.password; peers need it to connect to each other, but the query answer goes to anybody and PEER_AUTH also authenticates the peer to HOMS on leave.",
    readings: ["A: passwords in join answers only.", "B: never.", "C: always."],
    send: "Query answers give num_peers and status, list of IDs at most; join answers give peer-id and address, password only to members and only if configured.",
    accept: "Peers work without the remote password.",
    policy: "accept-all",
    detail: "Passwords in query answers fail the security check; in join answers both accepted.",
  },
  {
    id: "E-HOMP-15",
    doc: "Q.4103",
    where: "Q.4103 6.2.2 (title, description match)",
    impact: "high",
    problem:
      "The answer contains overlays that contain the keyword within title or description; case sensitivity, combination of several parameters, empty values and the overlay-id rule are not stated.",
    readings: [
      "A: case-sensitive substring, parameters combined by and, overlay-id exact.",
      "B: case-insensitive, combined by or, or only the first is honoured.",
    ],
    send: "Case-insensitive substring, and-combination, exact overlay-id.",
    accept: "Not applicable.",
    policy: "check-declared",
    detail: "Test one parameter at a time with matching case; combinations only under declaration.",
  },
  {
    id: "E-HOMP-16",
    doc: "Q.4103",
    where: "Q.4103 6.2.2, 7.1.2 (no match)",
    impact: "medium",
    problem: "A query that matches nothing may be 200 with an empty list or 404.",
    readings: ["A: 200 and empty.", "B: 404."],
    send: "200 with empty list.",
    accept: "Peer treats both as none found.",
    policy: "accept-all",
    detail: "Accept both for overlay-id, expect 200 for keyword searches (404 warns).",
  },
  {
    id: "E-HOMP-17",
    doc: "Q.4103",
    where: "Q.4103 Table 6-12 (overlay[])",
    impact: "high",
    problem:
      "The list shape is unclear: a member overlay holding an array, a bare array of OVERLAY_INFO, or an array of objects each with an overlay member.",
    readings: ['A: {"overlay": [ {...}, {...} ]}.', "B: [ {...} ].", 'C: [ {"overlay": {...}} ].'],
    send: "Reading A, closest to the table.",
    accept: "Peers read all three.",
    policy: "accept-all",
    detail: "Accept all three from a HOMS; stand-in HOMS uses A unless the peer declares another.",
  },
  {
    id: "E-HOMP-18",
    doc: "Q.4103",
    where: "Q.4103 6.2.1 (heartbeat rules)",
    impact: "medium",
    problem:
      "Interval shall be bigger than 5 seconds and timeout bigger than interval x 3 seconds; strictness and the dimension of the product are easily mistaken.",
    readings: [
      "A: strictly greater, timeout > 3 x interval, so 5 is invalid and 6 needs at least 19.",
      "B: greater or equal.",
    ],
    send: "6 or more and more than three times the interval; a HOMS rejects violations with 400.",
    accept: "Peers as clients never send the boundary values.",
    policy: "strict",
    detail:
      "Use clearly valid (10, 40) and clearly invalid (3, 5) pairs for verdicts; exact boundaries (5, 3 x interval) must be refused, and acceptance there is a fail only under strict profile, else a warning.",
  },
  {
    id: "E-HOMP-19",
    doc: "Q.4103",
    where: "Q.4103 Tables 6-18, 6-12 (no heartbeat, cr-policy in join answer) vs Table 6-8 introduction",
    impact: "high",
    problem:
      "Every peer must obey the caching policy and use the heartbeat values, but the join answer carries neither and the query answer lacks the heartbeat members.",
    readings: ["A: HOMS adds them to the join answer as extra members.", "B: peers use defaults."],
    send: "Include heartbeat-interval, heartbeat-timeout and cr-policy in join and query answers.",
    accept: "Absence: defaults 10 s and 31 s.",
    policy: "accept-all",
    detail: "Extra members never fail; absence is noted.",
  },
  {
    id: "E-HOMP-20",
    doc: "Q.4103",
    where: "Q.4103 6.2.1 (default 86 400) vs 6.2.5, 6.2.7 (no default)",
    impact: "medium",
    problem:
      "A default lifetime exists for an overlay only; the lifetime of a join without expires is undefined, and the same keyword names two different lifetimes.",
    readings: ["A: server-chosen value returned in the answer.", "B: 86 400 or the overlay's remaining life."],
    send: "3600 s for peers, capped by the overlay's end.",
    accept: "Obey whatever the answer says.",
    policy: "check-declared",
    detail: "Only check that the answer carries a positive number and that it is honoured.",
  },
  {
    id: "E-HOMP-21",
    doc: "Q.4103",
    where: "Q.4103 Table 6-1 (expires)",
    impact: "medium",
    problem:
      "The description can be read as an absolute moment, a duration from creation, or the time still left, notably in query answers.",
    readings: ["A: duration from the last create, modify, join or refresh.", "B: remaining seconds.", "C: Unix time."],
    send: "Duration in requests, configured duration in direct answers, remaining seconds in queries documented.",
    accept: "Values above 10^9 are treated as absolute with a warning.",
    policy: "accept-all",
    detail:
      "In direct answers the value must not exceed what was asked; in queries any value from 0 to the configured one passes.",
  },
  {
    id: "E-HOMP-22",
    doc: "Q.4103",
    where: "Q.4103 6.2.5 last note, 6.2.4 sentence before Table 6-16",
    impact: "editorial",
    problem:
      "The join answer describes overlay-id as created for the creation request, and the removal answer is announced as the one for modification; both are copied text.",
    readings: ["A: no meaning."],
    send: "None.",
    accept: "None.",
    policy: "not-testable",
    detail: "None.",
  },
  {
    id: "E-HOMP-23",
    doc: "Q.4103",
    where: "Q.4103 Table 6-19 (status inside status)",
    impact: "high",
    problem:
      "The report lists a body member status whose table again contains a member status of type PEER_STATUS, so the counters may sit one or two levels deep.",
    readings: ['A: {"status": {"num_primary": ...}}.', 'B: {"status": {"status": {"num_primary": ...}}}.'],
    send: "Reading A.",
    accept: "HOMS unwraps one extra level.",
    policy: "accept-all",
    detail: "Accept both from peers; drive a HOMS with A, then B before failing.",
  },
  {
    id: "E-HOMP-24",
    doc: "Q.4103",
    where: "Q.4103 Table 6-19 (no auth in report)",
    impact: "medium",
    problem: "Reports carry no credential, so anyone can forge a peer's state, unlike refresh and leave.",
    readings: ["A: open by design.", "B: auth may be added to peer."],
    send: "Send peer.auth as an extra member.",
    accept: "HOMS accepts reports with or without it, checks it if present.",
    policy: "warn",
    detail: "Warn if a wrong password in a report is accepted; never require it.",
  },
  {
    id: "E-HOMP-25",
    doc: "Q.4103",
    where: "Q.4103 6.2.6 note (emitted) and 7.2.2 step 2 (returns overlay information)",
    impact: "medium",
    problem:
      "The word emitted must be omitted; an answer may have an empty body, while 7.2.2 says overlay information is returned.",
    readings: ["A: body optional.", "B: body required."],
    send: "Return overlay with overlay-id.",
    accept: "Empty body.",
    policy: "accept-all",
    detail: "Accept both.",
  },
  {
    id: "E-HOMP-26",
    doc: "Q.4103",
    where: "Q.4103 Tables 6-9, 6-10 (type CR-POLICY) vs 6.1.8, 6-12 (CR_POLICY); mN_Cache vs recovery-by",
    impact: "low",
    problem:
      "Element name and member naming mix hyphen, underscore and capitals; no marking says which members are mandatory inside.",
    readings: ["A: members mN_Cache, mD_Cache, recovery-by exactly as printed, all expected."],
    send: "Exactly as printed, all three.",
    accept: "recovery_by as alias; missing members take 0, 0 and push.",
    policy: "accept-all",
    detail: "Exact spelling first; alias warns.",
  },
  {
    id: "E-HOMP-27",
    doc: "Q.4103",
    where: "Q.4103 7.1.1 step 2 vs Table 6-10",
    impact: "low",
    problem:
      "The answer is said to carry the network attribute information, but title and description are not in the table.",
    readings: ["A: table rules; extras allowed."],
    send: "Include only table members plus title and description as extras.",
    accept: "Either.",
    policy: "accept-all",
    detail: "Extras never fail.",
  },
  {
    id: "E-HOMP-28",
    doc: "Q.4103",
    where: "Q.4103 Table 6-1 (type, sub-type) with Q.4100 6",
    impact: "medium",
    problem:
      "Four combinations of core/sub and tree/mesh are writable although Q.4100 knows only CoreTree, SubTree and SubMesh, and the handling of core with mesh or of unknown values is not stated; the wording is should.",
    readings: ["A: core with mesh and unknown words are refused.", "B: any string is stored."],
    send: "Send only the three known pairs; HOMS answers 400 to others.",
    accept: "Not applicable.",
    policy: "check-declared",
    detail: "Known pairs must work; unknown words should be refused (warn if accepted); core with mesh not judged.",
  },
  {
    id: "E-HOMP-29",
    doc: "Q.4103",
    where: "Q.4103 Table 6-3 (closed without key or list; open with key)",
    impact: "medium",
    problem:
      "A closed overlay with neither access_key nor peerlist, or an open one with either, has no stated meaning; admin_key is not marked mandatory.",
    readings: ["A: closed with neither is refused; extras in open are ignored.", "B: nobody but the owner can join."],
    send: "HOMS answers 400 to closed with neither; admin_key required.",
    accept: "Reading B.",
    policy: "check-declared",
    detail: "Not judged beyond declared behaviour.",
  },
  {
    id: "E-HOMP-30",
    doc: "Q.4103",
    where: "Q.4103 Table 6-3 (encrypted key phrase)",
    impact: "high",
    problem: "Keys are called encrypted without algorithm, encoding or comparison rule.",
    readings: ["A: opaque strings compared byte by byte.", "B: client-side hash or encryption agreed elsewhere."],
    send: "Opaque strings; HOMS stores only a salted hash.",
    accept: "Not applicable.",
    policy: "check-declared",
    detail: "Opaque strings in tests.",
  },
  {
    id: "E-HOMP-31",
    doc: "Q.4103",
    where: "Q.4103 6.2.1 to 6.2.8 (appropriate HTTP response code if it fails)",
    impact: "high",
    problem: "Failure codes are never listed for any operation.",
    readings: [
      "A: 400 malformed or rule broken, 401 or 403 wrong key or not admitted, 404 unknown overlay or peer, 409 duplicate.",
      "B: 400 for everything.",
    ],
    send: "Reading A.",
    accept: "Any 4xx.",
    policy: "accept-all",
    detail: "Any 4xx passes where failure is expected; 2xx or 5xx fails; preferred code noted.",
  },
  {
    id: "E-HOMP-32",
    doc: "Q.4103",
    where: "Q.4103 6.2.5 (second join without recovery)",
    impact: "medium",
    problem: "A member joining again without recovery and ticket may be refused, refreshed or duplicated.",
    readings: ["A: 409 or 400 because ticket-id is missing.", "B: treated as refresh."],
    send: "409; with correct password treat as rejoin when configured.",
    accept: "Peer handles 409 by recovery or leave and join.",
    policy: "accept-all",
    detail: "Accept 200 or 4xx; the member must appear once.",
  },
  {
    id: "E-HOMP-33",
    doc: "Q.4103",
    where: "Q.4103 Table 6-18 (no peer object)",
    impact: "low",
    problem:
      "The join answer has no peer object while the refresh answer does; expires is therefore inside overlay although it is the peer's lifetime.",
    readings: ["A: overlay.expires is the peer's lifetime.", "B: it is the overlay's."],
    send: "Reading A; add a peer object with peer-id, ticket-id and expires.",
    accept: "Peer reads peer.expires first, then overlay.expires.",
    policy: "accept-all",
    detail: "Accept both.",
  },
  {
    id: "E-HOMP-34",
    doc: "Q.4103",
    where: "Q.4103 6.2.5, 7.2.1 (entry peer list) with Q.4100 7.3.1.4",
    impact: "medium",
    problem:
      "The entry list is promised but its size, order, selection and whether it contains the requester are not stated; Q.4100 asks for a random subset (mesh) or peers to connect to (tree).",
    readings: ["A: subset without the requester.", "B: full list."],
    send: "At most a configured number, without the requester, empty for the first peer.",
    accept: "Requester ignores its own entry.",
    policy: "accept-all",
    detail:
      "Every entry must be a current member; the requester's own entry warns; randomness checked statistically and only as a warning.",
  },
  {
    id: "E-HOMP-35",
    doc: "Q.4103",
    where: "Q.4103 7.1.3 NOTE (refresh delivers latest information) vs Table 6-22",
    impact: "medium",
    problem:
      "Peers are said to learn modified attributes on refresh, but the answer only has overlay-id, expires and peer-id.",
    readings: ["A: extra members allowed in the refresh answer.", "B: peer queries after refresh."],
    send: "HOMS adds changed attributes; peer re-queries periodically.",
    accept: "Either.",
    policy: "accept-all",
    detail: "Not required; extras never fail.",
  },
  {
    id: "E-HOMP-36",
    doc: "Q.4103",
    where: "Q.4103 7.2.3, 7.2.2 (application attachment) vs Tables 6-19, 6-21",
    impact: "low",
    problem: "Peers need to report newly attached applications, but no member exists for it.",
    readings: ["A: extension."],
    send: "Extra member applications in report and refresh.",
    accept: "Ignore unknown.",
    policy: "not-testable",
    detail: "None.",
  },
  {
    id: "E-HOMP-37",
    doc: "Q.4103",
    where: "Q.4103 Table 6-23 (overlay auth c, peer auth m)",
    impact: "medium",
    problem:
      "For closed overlays leave needs OVERLAY_AUTH although a peer admitted by peerlist has no access key; which members are needed is not given.",
    readings: ["A: access_key if the peer used one, otherwise type only.", "B: peer.auth alone suffices."],
    send: "Send access_key when known.",
    accept: "HOMS accepts leave with a correct peer password alone.",
    policy: "accept-all",
    detail: "Wrong peer password must be refused; absence of overlay auth on a closed overlay is not judged.",
  },
  {
    id: "E-HOMP-38",
    doc: "Q.4103",
    where: "Q.4103 6.1.7 NOTE (password regenerated per instance) vs 6.2.5, 6.2.7, 6.2.8",
    impact: "medium",
    problem:
      "A restarted peer has a new password, so its recovery, refresh or leave for the old registration cannot be authenticated.",
    readings: ["A: recovery replaces the password when ticket-id matches.", "B: refused until expiry."],
    send: "Persist the password for the life of the registration; HOMS accepts a new password on recovery with a valid ticket-id.",
    accept: "Both.",
    policy: "accept-all",
    detail: "Not judged.",
  },
  {
    id: "E-HOMP-39",
    doc: "Q.4103",
    where: "Q.4103 6.2.3, 7.1.3 (modifiable: title, description, expires, auth) vs Table 6-13 (trans_policy)",
    impact: "low",
    problem:
      "The list of modifiable attributes omits trans_policy, which the request may contain; nothing says what happens to other attributes in the request.",
    readings: ["A: others ignored.", "B: 400."],
    send: "Ignore unknown or fixed attributes.",
    accept: "Both.",
    policy: "accept-all",
    detail: "Fixed attributes must stay unchanged; status code not judged.",
  },
  {
    id: "E-HOMP-40",
    doc: "Q.4103",
    where: "Q.4103 6.2.3 (partial auth)",
    impact: "medium",
    problem:
      "Whether an access_key or peerlist missing from the modification is kept or cleared, and how type changes between open and closed, is not stated.",
    readings: ["A: missing means unchanged.", "B: missing means removed."],
    send: "Reading A; explicit null or empty list clears.",
    accept: "Not applicable.",
    policy: "check-declared",
    detail: "Tests always send the full auth object; partial updates only under declaration.",
  },
  {
    id: "E-HOMP-41",
    doc: "Q.4103",
    where: "Q.4103 Table 6-14 and note (secrets in the answer)",
    impact: "medium",
    problem:
      "The modification answer must include admin-key, access-key and peerlist, and the creation answer auth, so secrets are echoed to the owner on http.",
    readings: ["A: echo as written.", "B: echo only type."],
    send: "Echo as written to the authenticated owner only over TLS, otherwise echo what the note demands with a logged warning.",
    accept: "Peer does not need them.",
    policy: "warn",
    detail: "Presence checked as written; absence draws a warning, not a failure.",
  },
  {
    id: "E-HOMP-42",
    doc: "Q.4103",
    where: "Q.4103 URI rows (http, [HOMS-FQDN]:[port])",
    impact: "high",
    problem: "No default port, only http, no mention of TLS although keys and passwords travel in bodies.",
    readings: ["A: https allowed.", "B: literal http."],
    send: "Both schemes, port configurable.",
    accept: "Both.",
    policy: "check-declared",
    detail: "Declared scheme and port; warn without TLS.",
  },
  {
    id: "E-HOMP-43",
    doc: "Q.4103",
    where: "Q.4103 rsp_code notes (200)",
    impact: "medium",
    problem: "Success is always 200, even for creation; some deployed servers answered 202 for tree joins.",
    readings: ["A: exactly 200.", "B: any 2xx."],
    send: "200.",
    accept: "Peers accept any 2xx.",
    policy: "warn",
    detail: "200 expected, other 2xx warns.",
  },
  {
    id: "E-HOMP-44",
    doc: "Q.4103",
    where: "Q.4103 5 (conventions)",
    impact: "medium",
    problem:
      "Unlike the X.609 documents, no keyword strengths are defined, so shall, should, must and needs to have only general meaning; the DICT type is declared and unused.",
    readings: ["A: shall, must and m are mandatory; should is a recommendation."],
    send: "Treat should as mandatory when sending.",
    accept: "Lenient on reception.",
    policy: "accept-all",
    detail: "Should violations warn.",
  },
  {
    id: "E-HOMP-45",
    doc: "Q.4103",
    where: "Q.4103 6.2.4, 7.1.4, 7.2.4 (effects seen by peers)",
    impact: "low",
    problem: "Removal and expiry are silent; which code a refresh, report or query then gets is only hinted at.",
    readings: ["A: 404."],
    send: "404.",
    accept: "Any 4xx means the overlay is gone.",
    policy: "accept-all",
    detail: "Any 4xx passes.",
  },
  {
    id: "E-HOMP-46",
    doc: "Q.4103",
    where: "Q.4103 6.2.5 (type, sub-type mandatory in join)",
    impact: "low",
    problem: "Handling of a join whose type or sub-type contradicts the stored overlay is not stated.",
    readings: ["A: 400 or 409.", "B: ignored."],
    send: "400.",
    accept: "Both.",
    policy: "accept-all",
    detail: "Not judged.",
  },
  {
    id: "E-HOMP-47",
    doc: "Q.4103",
    where: "Q.4103 Table 6-1 (description vs descriptions), Table 6-19 (string in lower case)",
    impact: "editorial",
    problem:
      "Member and type names vary in number or case in running text (descriptions, string, and expire in 7.2.3 for expires).",
    readings: ["A: description and STRING."],
    send: "description.",
    accept: "None.",
    policy: "not-testable",
    detail: "None.",
  },
  {
    id: "E-HOMP-48",
    doc: "Q.4103",
    where: "Q.4103 6.2.1, 7.1.1 (ownership)",
    impact: "low",
    problem: "Creating an overlay does not say whether the owner is a member; num_peers after creation may be 0 or 1.",
    readings: ["A: the owner must join separately.", "B: automatic membership."],
    send: "Reading A.",
    accept: "Both.",
    policy: "accept-all",
    detail: "num_peers compared as a difference before and after joins.",
  },
  {
    id: "E-HOMP-49",
    doc: "Q.4103",
    where: "Q.4103 7.1.4 NOTE 1 (leaving of the HON)",
    impact: "low",
    problem:
      "The sentence on implementation dependence says the HON is leaving the network; the peer leaving must be meant.",
    readings: ["A: peers may stay connected after removal."],
    send: "Leave once refresh fails.",
    accept: "None.",
    policy: "not-testable",
    detail: "None.",
  },
  {
    id: "E-HOMP-50",
    doc: "Q.4103",
    where: "Q.4103 2 and 6.2.8 (Q.4101)",
    impact: "high",
    problem:
      "Tree construction, recovery and probably ticket rules are in Q.4101 (and the peer protocol in Q.4102), which are not among the five documents.",
    readings: ["A: treat as external."],
    send: "Document an own minimal R2 protocol and keep it replaceable.",
    accept: "None.",
    policy: "check-declared",
    detail: "Only HOMP effects (reports, entry lists) are tested.",
  },
  {
    id: "E-HOMP-51",
    doc: "Q.4103",
    where: "Q.4103 Table 6-6 (LIST without element type)",
    impact: "low",
    problem: "Cost map lists have no element type although the text says peer identifiers.",
    readings: ["A: arrays of strings.", "B: arrays of objects with peer-id and cost."],
    send: "Arrays of strings.",
    accept: "Objects with peer-id.",
    policy: "accept-all",
    detail: "Strings expected, objects warn.",
  },
  {
    id: "E-HOMP-52",
    doc: "Q.4103",
    where: "Q.4103 Tables 6-17, 6-21 (auth as OVERLAY_AUTH in peer requests)",
    impact: "low",
    problem:
      "Join and refresh use the owner's element for what is just an access key; whether type must be repeated is open.",
    readings: ["A: only access_key.", "B: type and access_key."],
    send: "type closed and access_key.",
    accept: "access_key alone.",
    policy: "accept-all",
    detail: "Accept both.",
  },
  {
    id: "E-HOMP-53",
    doc: "Q.4103",
    where: "Q.4103 7.2.4 (silent leavers) vs 6.2.8",
    impact: "low",
    problem:
      "A peer that vanished stays listed until expiry, although another peer's report may already show the loss; whether HOMS acts on such reports is open.",
    readings: ["A: expiry only.", "B: reports may shorten it."],
    send: "Reading A.",
    accept: "Both.",
    policy: "accept-all",
    detail: "Silence beyond expiry must remove it; earlier removal only after contrary reports is accepted.",
  },
  {
    id: "E-HOMP-54",
    doc: "Q.4103",
    where: "Q.4103 Figures 7-1 to 7-8 (images missing)",
    impact: "low",
    problem: "Figures are absent from the text; each has a two-step description.",
    readings: ["A: prose suffices."],
    send: "Prose.",
    accept: "None.",
    policy: "accept-all",
    detail: "None beyond the prose.",
  },
  {
    id: "E-HOMP-55",
    doc: "Q.4103",
    where: "Q.4103 6.1.8 (bigger than this value; 0 means none)",
    impact: "low",
    problem:
      "The queue should be bigger than mN_Cache, which may mean at least mN_Cache or mN_Cache + 1; recovery is off when mN_Cache is 0, but also when cr-policy is absent, and mN_Cache 0 with recovery-by set is contradictory.",
    readings: ["A: capacity at least mN_Cache + 1.", "B: capacity at least mN_Cache."],
    send: "mN_Cache + 1.",
    accept: "Either.",
    policy: "accept-all",
    detail: "A peer must be able to serve the last mN_Cache messages.",
  },
  {
    id: "E-HOMP-56",
    doc: "Q.4103",
    where: "Q.4103 Table 6-11 (query by strangers)",
    impact: "medium",
    problem: "Query has no credentials, so closed overlays and their member counts are listed to anyone.",
    readings: ["A: listed with limited detail.", "B: hidden."],
    send: "List with type closed and no peer list.",
    accept: "Both.",
    policy: "warn",
    detail: "Not judged except for secrets (E-HOMP-13, E-HOMP-14).",
  },
  {
    id: "E-HOMP-57",
    doc: "Q.4103",
    where: "Q.4103 7.1.2 step 1 (etc.) vs Table 6-11",
    impact: "low",
    problem: "The procedure allows further keywords whereas the table has three.",
    readings: ["A: only three."],
    send: "Three.",
    accept: "Ignore unknown parameters.",
    policy: "accept-all",
    detail: "Unknown parameters must not cause 5xx.",
  },
  {
    id: "E-HOMP-58",
    doc: "Q.4103",
    where: "Q.4103 6.2.7 (expires in refresh)",
    impact: "low",
    problem:
      "Whether the server must honour a requested lifetime, cap it or keep the former one when omitted is not stated.",
    readings: ["A: omitted keeps the former value; requested may be capped."],
    send: "Reading A.",
    accept: "Any positive value in the answer.",
    policy: "accept-all",
    detail: "Answer value positive and obeyed.",
  },
  {
    id: "E-HOMP-59",
    doc: "Q.4103",
    where: "Q.4103 Tables 6-10 to 6-24 (body of failures)",
    impact: "medium",
    problem:
      "Response tables describe one body without saying whether mandatory members also apply to failure answers.",
    readings: ["A: members bind success only; failures carry any or no body.", "B: the same object is returned."],
    send: "Reading A with a small JSON error object.",
    accept: "Any body.",
    policy: "accept-all",
    detail: "Bodies of 4xx answers are not judged apart from secrets.",
  },
  {
    id: "E-HOMP-60",
    doc: "Q.4103",
    where: "Q.4103 6.2.1 (client-supplied overlay-id, status, owner)",
    impact: "low",
    problem:
      "Members of OVERLAY_INFO outside Table 6-9 may be sent on creation; uniqueness of overlay-id across restarts is not stated either.",
    readings: ["A: ignored, server always allocates.", "B: 400."],
    send: "Ignore and allocate a UUID.",
    accept: "Both.",
    policy: "accept-all",
    detail: "The identifier returned must differ from those of other overlays; the rest is not judged.",
  },
  {
    id: "E-HOMP-61",
    doc: "Q.4103",
    where: "Q.4103 Table 6-3 (peerlist admission) with Table 6-2",
    impact: "medium",
    problem:
      "A listed peer enters without access_key, yet peer-id is self-asserted, so knowing a listed ID is enough to get in.",
    readings: ["A: accepted weakness.", "B: identity must be proven outside HOMP."],
    send: "Bind the first password used for a listed peer-id and offer client authentication at transport level.",
    accept: "Reading A.",
    policy: "warn",
    detail: "Listed peer without key must be admitted; impersonation is not judged.",
  },
  {
    id: "E-HOMP-62",
    doc: "Q.4103",
    where: "Q.4103 6.1.1, 6.2.1, 6.2.5 (values of expires)",
    impact: "medium",
    problem: "Zero, negative, fractional and very large lifetimes have no stated meaning.",
    readings: [
      "A: zero or negative is refused, fractions are rounded up, large values may be capped.",
      "B: zero means unlimited.",
    ],
    send: "Positive integers only.",
    accept: "HOMS answers 400 to zero or negative unless reading B is declared.",
    policy: "check-declared",
    detail: "Positive integers in all verdict tests; zero only under declaration.",
  },
  {
    id: "E-HOMP-63",
    doc: "Q.4103",
    where: "Q.4103 6.2.1 (repeated creation)",
    impact: "low",
    problem:
      "Nothing says whether title or owner must be unique, so a client that retries after a lost answer creates a second HON.",
    readings: ["A: every creation makes a new HON.", "B: an identical request returns the first one."],
    send: "Reading A as HOMS; a peer queries by title before retrying.",
    accept: "Both.",
    policy: "accept-all",
    detail: "Different overlay-id on repetition is expected, the same one warns.",
  },
  {
    id: "E-HOMP-64",
    doc: "Q.4103",
    where: "Q.4103 7.1, 7.2.4 (departure of the owner or the last peer)",
    impact: "low",
    problem: "Whether an HON survives when its owner or its last member leaves is not stated.",
    readings: ["A: it lives until removal or expiry.", "B: empty overlays are removed."],
    send: "Reading A.",
    accept: "Both.",
    policy: "accept-all",
    detail: "Keep one member joined during tests; not judged.",
  },
  {
    id: "E-HOMP-65",
    doc: "Q.4103",
    where: "Q.4103 Tables 6-1, 6-4 (status terminated) with 7.1.4",
    impact: "low",
    problem:
      "The example value terminated can hardly be seen, since removal and expiry delete the information at once.",
    readings: ["A: never observed.", "B: a grace period shows it."],
    send: "Reading A.",
    accept: "Any string.",
    policy: "not-testable",
    detail: "Only non-emptiness is checked.",
  },
  {
    id: "E-HOMP-66",
    doc: "Q.4103",
    where: "Q.4103 Table 6-1 (heartbeat units)",
    impact: "low",
    problem: "The two heartbeat members have no unit in their definition; seconds follow only from the rule in 6.2.1.",
    readings: ["A: seconds.", "B: milliseconds."],
    send: "Seconds.",
    accept: "None.",
    policy: "strict",
    detail: "Seconds.",
  },
  {
    id: "E-DS-01",
    doc: "X.609.10",
    where: "X.609.10 7.2.6 heading (User profile management server (UNIS))",
    impact: "medium",
    problem:
      "The heading pairs the expansion of UMS with the acronym UNIS while the text describes the underlying network information server; the UMS has no role clause at all.",
    readings: ["A: 7.2.6 describes UNIS and a UMS clause was lost.", "B: 7.2.6 describes both."],
    send: "Reading A; UMS duties come from 8.7 and 8.12.",
    accept: "None.",
    policy: "strict",
    detail: "UNIS tests use 7.2.6 with 8.3 and 8.4; UMS tests use 8.7 and 8.12.",
  },
  {
    id: "E-DS-02",
    doc: "X.609.10",
    where: "X.609.10 clause 8 (R9 missing)",
    impact: "medium",
    problem:
      "Reference points run R1 to R8 then R10 to R13; R9 is neither described nor declared unused. The X.609.1 framework figure has a relay server, which suggests R9 joins OMS and RS.",
    readings: ["A: R9 is the relay server interface, irrelevant to data streaming.", "B: an omission."],
    send: "Reading A; reserve the name.",
    accept: "None.",
    policy: "not-testable",
    detail: "No tests for R9; state so in the report.",
  },
  {
    id: "E-DS-03",
    doc: "X.609.10",
    where: "X.609.10 8.1-c (registration request at every report interval)",
    impact: "high",
    problem:
      "The OMS must be able to repeat its registration request each report interval, whereas PAMP refuses a second registration of the same overlay; the item may be a copy of R2-c (reports).",
    readings: ["A: repeat registration acts as keep-alive.", "B: copy error, registration happens once."],
    send: "OMS repeats only when configured and treats 406/409 as still registered; PAMS may answer 200 to an identical repeat when keep-alive is configured.",
    accept: "Both.",
    policy: "check-declared",
    detail:
      "Check only that the OMS can do it if declared; PAMS may answer 200, 406 or 409 and must keep the registration.",
  },
  {
    id: "E-DS-04",
    doc: "X.609.10",
    where: "X.609.10 3.1 (3.16)",
    impact: "editorial",
    problem: "Definition of fragment is numbered 3.16 for 3.1.6.",
    readings: ["A: 3.1.6."],
    send: "None.",
    accept: "None.",
    policy: "not-testable",
    detail: "None.",
  },
  {
    id: "E-DS-05",
    doc: "X.609.10",
    where: "X.609.10 8.10 heading (Source-Peer)",
    impact: "low",
    problem:
      "The heading shortens data source to source peer into Source-Peer, which could be read as peer interface of the source.",
    readings: ["A: R11 joins data source and source peer."],
    send: "Reading A, bound to LDMP.",
    accept: "None.",
    policy: "strict",
    detail: "R11 tests use LDMP or the declared binding.",
  },
  {
    id: "E-DS-06",
    doc: "X.609.10",
    where: "X.609.10 6, 7.2.1, 7.2.2, 8.11 (CS as source peer and as virtual peer)",
    impact: "medium",
    problem:
      "A cache server may take the source peer role, yet only the source peer clauses say who creates the overlay and registers the index, and a virtual peer normally receives fragments while a source peer never does.",
    readings: [
      "A: in that role the CS does all source peer duties on R5 and R6.",
      "B: the service provider does them.",
    ],
    send: "Reading A.",
    accept: "Both.",
    policy: "check-declared",
    detail: "If R12 is offered, check that a session appears on IXS and OMS whoever performed it.",
  },
  {
    id: "E-DS-07",
    doc: "X.609.10",
    where: "X.609.10 8.5-c vs 8.5-d",
    impact: "medium",
    problem:
      "Removal on missing refresh is required while sending refresh is only recommended, no default period exists and the refresh message is undefined.",
    readings: ["A: server rule mandatory, client free to let the overlay die."],
    send: "Refresh at half the period; default 300 s.",
    accept: "Any refresh carrier.",
    policy: "check-declared",
    detail: "OMS must remove after expiry plus tolerance; a source peer that does not refresh only warns.",
  },
  {
    id: "E-DS-08",
    doc: "X.609.10",
    where: "X.609.10 8.5 (missing lettered items)",
    impact: "medium",
    problem:
      "Joining, leaving, obtaining a peer list, presenting the password and removing the overlay are needed by the text of clauses 7 and 8.5 but have no lettered requirement.",
    readings: ["A: implied required.", "B: informative."],
    send: "Implement all.",
    accept: "None.",
    policy: "check-declared",
    detail: "Test through the declared R5 binding and label results as derived.",
  },
  {
    id: "E-DS-09",
    doc: "X.609.10",
    where: "X.609.10 8.6-a, b, d, e (differing identification sets)",
    impact: "high",
    problem:
      "Update names version, title and data source; removal names version, data source and data; query names all four; the data identifier is absent from update, so a source with two data items cannot say which index is updated, and the overlay identifier is no key anywhere.",
    readings: [
      "A: the key is data source plus data, other members travel along.",
      "B: the key is title plus data source.",
    ],
    send: "Always send version, title, data source and data in all operations.",
    accept: "IXS keys on data source plus data, falls back to title when data is absent and the match is unique.",
    policy: "check-declared",
    detail: "Tests send all members; lookups by subset only under declaration.",
  },
  {
    id: "E-DS-10",
    doc: "X.609.10",
    where: "X.609.10 8.6-a vs 8.6-b (first version)",
    impact: "medium",
    problem: "Registration has no version while later operations have one.",
    readings: ["A: server assigns 1.", "B: client sends it anyway."],
    send: "Client sends version 1.",
    accept: "Missing version becomes 1.",
    policy: "accept-all",
    detail: "Accept both.",
  },
  {
    id: "E-DS-11",
    doc: "X.609.10",
    where: "X.609.10 8.6-b (content of updated file)",
    impact: "medium",
    problem:
      "The updated index file is said to include three items, fewer than at registration, so it may be a patch or a full file.",
    readings: ["A: full file plus version.", "B: patch."],
    send: "Full file.",
    accept: "Patch merged over the stored file.",
    policy: "accept-all",
    detail: "Full file in tests.",
  },
  {
    id: "E-DS-12",
    doc: "X.609.10",
    where: "X.609.10 8.6-c, 8.6-e (version in query vs always latest)",
    impact: "high",
    problem:
      "A query involves a version while the server must never give out an older one, so asking for version 1 after version 2 exists has no defined answer.",
    readings: [
      "A: version is a hint (what the asker holds); the latest or not-modified is returned.",
      "B: mismatch yields not found.",
    ],
    send: "Reading A.",
    accept: "Query without version.",
    policy: "check-declared",
    detail: "Whatever is asked, an older file in the answer fails; 404, 304 or the latest pass.",
  },
  {
    id: "E-DS-13",
    doc: "X.609.10",
    where: "X.609.10 8.6-b, d (stale updates)",
    impact: "medium",
    problem: "Handling of an update or removal carrying an older or equal version is not stated.",
    readings: ["A: refuse.", "B: last writer wins."],
    send: "Refuse with 409.",
    accept: "Any refusal.",
    policy: "accept-all",
    detail: "After a stale update the latest version must still be served; status not judged.",
  },
  {
    id: "E-DS-14",
    doc: "X.609.10",
    where: "X.609.10 8.2-a, d (only peer identifier) vs X.609.1 REQ-PREG-02",
    impact: "low",
    problem: "R2 registration and removal mention only the peer's identifier whereas PAMP also needs the overlay's.",
    readings: ["A: PAMP adds the overlay in the path."],
    send: "PAMP form.",
    accept: "None.",
    policy: "strict",
    detail: "PAMP form tested.",
  },
  {
    id: "E-DS-15",
    doc: "X.609.10",
    where: "X.609.10 8.2 text (PAMS may request status) vs list a to d and X.609.1",
    impact: "medium",
    problem:
      "The introduction says the PAMS can ask peers for status, but no lettered item and no PAMP message does it.",
    readings: ["A: refers to the report interval.", "B: a missing push message."],
    send: "Reading A.",
    accept: "None.",
    policy: "not-testable",
    detail: "No test.",
  },
  {
    id: "E-DS-16",
    doc: "X.609.10",
    where: "X.609.10 8.3, 8.4 (recommended to ... optionally)",
    impact: "low",
    problem:
      "Items R4-c and R4-d stack recommended on optionally, leaving the level unclear, and the local cache items bind clients rather than the interface.",
    readings: ["A: supporting the option is recommended, using it is optional."],
    send: "Implement.",
    accept: "Absence.",
    policy: "accept-all",
    detail: "Never fail.",
  },
  {
    id: "E-DS-17",
    doc: "X.609.10",
    where: "X.609.10 Figure 1 (dotted lines) vs clause 8 levels",
    impact: "high",
    problem:
      "Reference points drawn dotted are not essential, but the figure is missing; R7-a and R13-a are worded as required although they may be among the dotted ones.",
    readings: ["A: required applies only if the reference point is implemented.", "B: required unconditionally."],
    send: "Implement all; profile declares which are active.",
    accept: "None.",
    policy: "check-declared",
    detail:
      "Required items of a reference point are tested only if the point is declared; R1, R2, R5, R6, R10, R11 are presumed essential.",
  },
  {
    id: "E-DS-18",
    doc: "X.609.10",
    where: "X.609.10 8.9-b, c (wording and broken line)",
    impact: "low",
    problem:
      "Item b limits the duty to peers able to comply without saying when that is, and item c is split by a stray line break around transmission control protocol.",
    readings: ["A: a peer holding the fragment sends it; TCP support is required."],
    send: "Reading A.",
    accept: "None.",
    policy: "strict",
    detail: "TCP must work; overloaded peers may decline.",
  },
  {
    id: "E-DS-19",
    doc: "X.609.10",
    where: "X.609.10 8.10-b vs 8.10-d",
    impact: "low",
    problem: "Serving several data sources at once is recommended, telling several apart is required.",
    readings: ["A: a single-source product must still key by identifier."],
    send: "Several sources.",
    accept: "None.",
    policy: "warn",
    detail: "Second simultaneous source refused draws a warning; mixing up two sources fails.",
  },
  {
    id: "E-DS-20",
    doc: "X.609.10",
    where: "X.609.10 8.10 (no removal item) vs 7.1.3 and X.609.8 7.2",
    impact: "low",
    problem:
      "R11 lists registration but neither deregistration nor session termination, although 7.1.3 has the data source command the end.",
    readings: ["A: LDMP Release covers it."],
    send: "Reading A.",
    accept: "None.",
    policy: "accept-all",
    detail: "Test via LDMP Release or the declared trigger.",
  },
  {
    id: "E-DS-21",
    doc: "X.609.10",
    where: "X.609.10 7.1.1, 7.1.3 (commands to create and terminate a session) vs X.609.8 Table 1",
    impact: "high",
    problem:
      "The data source commands session creation and termination, but LDMP has no such message; with several data sources in one overlay it is unclear whose Release ends the session.",
    readings: [
      "A: first Registration starts the session and the last Release (or removal) ends it.",
      "B: a POST payload or local operator action does.",
    ],
    send: "Reading A, configurable linger.",
    accept: "Operator command.",
    policy: "check-declared",
    detail: "Trigger is declared; the suite checks the resulting R5, R6 and R1 traffic only.",
  },
  {
    id: "E-DS-22",
    doc: "X.609.10",
    where: "X.609.10 8.11, 8.11-a (R12)",
    impact: "low",
    problem:
      "Only a recommendation of several ingestion methods exists; no session set-up, identity or registration is described for R12.",
    readings: ["A: R11 rules apply where the CS is source peer."],
    send: "HTTP PUT or POST ingestion plus LDMP.",
    accept: "Any.",
    policy: "accept-all",
    detail: "Warn if fewer than two methods are offered.",
  },
  {
    id: "E-DS-23",
    doc: "X.609.10",
    where: "X.609.10 8.12 (channel)",
    impact: "medium",
    problem:
      "Channel is used only here and may equal a session, an overlay or a group; how the UMS learns of channels is not stated.",
    readings: ["A: channel = data streaming session (title, overlay ID, OMS address)."],
    send: "Reading A.",
    accept: "None.",
    policy: "check-declared",
    detail: "Declared binding; list must contain exactly the sessions granted to the user of the peer.",
  },
  {
    id: "E-DS-24",
    doc: "X.609.10",
    where: "X.609.10 8.1 to 8.12 (subject of requirements)",
    impact: "medium",
    problem:
      "Sentences make the reference point, not an entity, the subject, so conformance of a single entity is implicit.",
    readings: [
      "A: each item obliges both ends, the server to provide and the client to be able to use it.",
      "B: server only.",
    ],
    send: "Both ends.",
    accept: "None.",
    policy: "accept-all",
    detail: "Server capability is judged, client use is judged only if declared.",
  },
  {
    id: "E-DS-25",
    doc: "X.609.10",
    where: "X.609.10 8.10-a, 6 (specified format, merging)",
    impact: "medium",
    problem:
      "The unified format, fragment header, index numbering and merging rule are unspecified, so fragments of two products are not interchangeable.",
    readings: ["A: application-defined."],
    send: "Self-describing fragment with index, source ID, data ID, time, payload, digest; documented.",
    accept: "None.",
    policy: "check-declared",
    detail: "Check only that data come out complete and attributable at a non-source peer.",
  },
  {
    id: "E-DS-26",
    doc: "X.609.10",
    where: "X.609.10 7.1.1 (registration of overlay resources)",
    impact: "low",
    problem:
      "The provider may register overlay resources, with no reference point named; R8 only has the OMS asking the CS.",
    readings: ["A: ORCP of X.609.2."],
    send: "CS registers with OMS by configuration or ORCP-like call.",
    accept: "None.",
    policy: "not-testable",
    detail: "None.",
  },
  {
    id: "E-DS-27",
    doc: "X.609.10",
    where: "X.609.10 8.7-a, 8.7 text (OMS may use the results)",
    impact: "low",
    problem:
      "Verification is required of the UMS, but the OMS merely may use it, so a refused user might still be admitted.",
    readings: ["A: OMS policy.", "B: should be refused."],
    send: "Refuse.",
    accept: "Either.",
    policy: "accept-all",
    detail: "UMS answer judged; OMS decision only warns.",
  },
  {
    id: "E-DS-28",
    doc: "X.609.10",
    where: "X.609.10 7.2.1 (source peer receives nothing) vs 3.1.2, 8.9-a",
    impact: "low",
    problem:
      "A peer is both client and server by definition and R10-a lets every peer request fragments, while the source peer does not receive any.",
    readings: ["A: exception for the source peer."],
    send: "Source peer never requests.",
    accept: "It may decline pushed fragments.",
    policy: "accept-all",
    detail: "Fail if a source peer requests fragments of its own session.",
  },
  {
    id: "E-DS-29",
    doc: "X.609.10",
    where: "X.609.10 8.5-e, f (closed sessions)",
    impact: "medium",
    problem:
      "List and password are alternatives or may combine; how the password is presented and protected, and whether it is a plain secret, is not stated.",
    readings: ["A: either suffices for entry.", "B: both needed when both set."],
    send: "Either suffices, like the Q.4103 rule for closed overlays.",
    accept: "Declared.",
    policy: "check-declared",
    detail: "Test one mechanism at a time.",
  },
  {
    id: "E-DS-30",
    doc: "X.609.10",
    where: "X.609.10 7.1.2 (peers including CSs) vs 7.2.2",
    impact: "editorial",
    problem: "CSs are called peers; a virtual peer running on a CS is meant.",
    readings: ["A: virtual peer."],
    send: "None.",
    accept: "None.",
    policy: "not-testable",
    detail: "None.",
  },
  {
    id: "E-DS-31",
    doc: "X.609.10",
    where: "X.609.10 8.3 text vs 8.3-a to d",
    impact: "low",
    problem:
      "The UNIS both classifies and orders a list by policy (text) and gives preferences or distances (items), with no metric defined.",
    readings: ["A: ordered list.", "B: distance values."],
    send: "Ordered list with distances.",
    accept: "Either.",
    policy: "accept-all",
    detail: "Result must be a permutation or subset of the request.",
  },
  {
    id: "E-DS-32",
    doc: "X.609.10",
    where: "X.609.10 8.1-d (conditions) vs X.609.1 9.1.7",
    impact: "low",
    problem: "Overlay activity status in R1-d is the peer status member of PAMP; conditions are not enumerated.",
    readings: ["A: PAMP peer_query_condition."],
    send: "Reading A.",
    accept: "None.",
    policy: "strict",
    detail: "PAMP form.",
  },
  {
    id: "E-DS-33",
    doc: "X.609.10",
    where: "X.609.10 6 (continuous vs event) and Figures 1 to 5 missing",
    impact: "medium",
    problem:
      "Figures with message order for the three phases are absent, so order between e.g. overlay creation, index registration and PAMS registration is only partly given in prose.",
    readings: ["A: overlay before index (the index holds the overlay ID)."],
    send: "OMS creation, PAMS registration by OMS, index registration, optional CS allocation.",
    accept: "Any order consistent with data dependency.",
    policy: "accept-all",
    detail: "Check dependencies only.",
  },
  {
    id: "E-DS-34",
    doc: "X.609.10",
    where: "X.609.10 3.1.9, 3.1.10 (X.609.2) and bibliography (X.609.6)",
    impact: "medium",
    problem:
      "Definitions and R8 lean on X.609.2, R5 reference leans on ORCP and overlay management protocols that are not among the five documents.",
    readings: ["A: own bindings."],
    send: "Document own bindings.",
    accept: "None.",
    policy: "not-testable",
    detail: "Bindings declared.",
  },
  {
    id: "E-DS-35",
    doc: "X.609.10",
    where: "X.609.10 7.2.3 NOTE, 8.7-a and other wording",
    impact: "editorial",
    problem: "The NOTE on metadata has lost its subject, and a request streaming session and similar slips occur.",
    readings: ["A: metadata include the session title."],
    send: "Reading A.",
    accept: "None.",
    policy: "not-testable",
    detail: "None.",
  },
  {
    id: "E-DS-36",
    doc: "X.609.10",
    where: "X.609.10 8.5, 8.6, 8.10 (authority)",
    impact: "medium",
    problem:
      "Nothing restricts overlay refresh and removal or index update and removal to the source peer that created them.",
    readings: ["A: creator only.", "B: anybody."],
    send: "Reading A with a token returned at creation.",
    accept: "Laboratory mode without tokens.",
    policy: "warn",
    detail: "Warn when a stranger can remove a session.",
  },
  {
    id: "E-DS-37",
    doc: "X.609.10",
    where: "X.609.10 7.1.3 (peers may leave at any time) vs 8.5",
    impact: "low",
    problem:
      "Non-source peers may leave whenever they like, with or without telling the OMS; nothing fixes what the OMS then lists.",
    readings: ["A: OMS ages peers out."],
    send: "Explicit leave plus ageing.",
    accept: "Either.",
    policy: "accept-all",
    detail: "An explicitly departed peer must not be listed; a silent one is not judged.",
  },
  {
    id: "E-DS-38",
    doc: "X.609.10",
    where: "X.609.10 8.6-a iii, iv vs 8.10 (several data sources in one overlay)",
    impact: "medium",
    problem:
      "An index file names one data source and one data item, while several sources may feed one overlay and their data may share a fragment.",
    readings: [
      "A: one index file per source and data item, all naming the same overlay.",
      "B: lists of identifiers in one file.",
    ],
    send: "Reading A.",
    accept: "Arrays on reception.",
    policy: "check-declared",
    detail: "One source per session in verdict tests; several under declaration.",
  },
  {
    id: "E-DS-39",
    doc: "X.609.10",
    where: "X.609.10 8.6-a v (fragment size)",
    impact: "low",
    problem: "No unit is given, whereas PAMP counts kilobytes.",
    readings: ["A: bytes.", "B: kilobytes."],
    send: "Bytes with a member name that says so; kilobytes towards PAMP.",
    accept: "Declared unit.",
    policy: "check-declared",
    detail: "Compared through the declared unit.",
  },
  {
    id: "E-HP2P-01",
    doc: "Q.4100",
    where: "Q.4100 7.1 (overlay status monitoring (OMS) through R3) vs 8.3, clause 4 (OSM)",
    impact: "high",
    problem:
      "Mesh join requests are forwarded by HOMS to the overlay status monitoring (OMS) through R3, but OSM is the acronym of that FE, it lies inside HOMS, and R3 is defined as hybrid peer to managed peer.",
    readings: [
      "A: overlay management server of MP2P meant, over an unnumbered HOMS to OMS interface.",
      "B: internal hand-over to the OSM FE.",
    ],
    send: "HOMS answers mesh joins itself and optionally forwards to a configured OMS through an own adapter.",
    accept: "None.",
    policy: "check-declared",
    detail: "Observe only the hybrid peer's answer; forwarding tested if declared.",
  },
  {
    id: "E-HP2P-02",
    doc: "Q.4100",
    where: "Q.4100 7.3.1.2, 7.3.1.3, 7.3.1.4, 7.3.2.1 (HCI FE inside HOMS) vs 7.2.5.2, 7.3.1.1",
    impact: "low",
    problem: "HOMS FEs are said to get requests from HCI, the client interface of the peer; the HPI FE must be meant.",
    readings: ["A: HPI."],
    send: "Reading A.",
    accept: "None.",
    policy: "not-testable",
    detail: "None.",
  },
  {
    id: "E-HP2P-03",
    doc: "Q.4100",
    where: "Q.4100 7.3.1.1 (OM FE and PIM FE)",
    impact: "low",
    problem: "HPI is said to work with OM (a peer FE) and PIM (undefined); OIM and PIR or OPM must be meant.",
    readings: ["A: OIM for overlay data, OPM and PIR for peer data."],
    send: "Reading A.",
    accept: "None.",
    policy: "not-testable",
    detail: "None.",
  },
  {
    id: "E-HP2P-04",
    doc: "Q.4100",
    where: "Q.4100 7.2.2.3 (transport control protocol)",
    impact: "editorial",
    problem: "Transmission control protocol is meant.",
    readings: ["A: TCP."],
    send: "None.",
    accept: "None.",
    policy: "not-testable",
    detail: "None.",
  },
  {
    id: "E-HP2P-05",
    doc: "Q.4100",
    where: "Q.4100 7.2.1.3 (client function), 7.2.4, 7.3.2.1 (overlay management function)",
    impact: "editorial",
    problem: "The same function appears under three names.",
    readings: ["A: hybrid overlay management function of the peer, hybrid overlay management server function of HOMS."],
    send: "Reading A.",
    accept: "None.",
    policy: "not-testable",
    detail: "None.",
  },
  {
    id: "E-HP2P-06",
    doc: "Q.4100",
    where: "Q.4100 5 and 7 (no requirement keywords)",
    impact: "high",
    problem:
      "Clause 5 defines drawing symbols only; apart from one should (7.2.2.3) nothing carries a normative keyword, so conformance to Q.4100 alone is undefined.",
    readings: ["A: descriptive architecture, testable only through R1 effects.", "B: every FE sentence is mandatory."],
    send: "Implement every FE.",
    accept: "None.",
    policy: "warn",
    detail: "Treat FE checks as design review or end-to-end demonstrations, never as pass or fail of wire conformance.",
  },
  {
    id: "E-HP2P-07",
    doc: "Q.4100",
    where: "Q.4100 5, Figures 7-1 to 7-3 (solid vs dashed)",
    impact: "medium",
    problem: "Optional FEs and relations are dashed in figures that are missing.",
    readings: ["A: all required."],
    send: "Reading A.",
    accept: "None.",
    policy: "not-testable",
    detail: "None.",
  },
  {
    id: "E-HP2P-08",
    doc: "Q.4100",
    where: "Q.4100 7.2.2.2 (limits on candidates)",
    impact: "low",
    problem:
      "Desired outgoing and maximum incoming candidate counts come from PC without defaults, and what refusal looks like is in Q.4102.",
    readings: ["A: configuration."],
    send: "Defaults 2 outgoing, 4 incoming.",
    accept: "None.",
    policy: "check-declared",
    detail: "Use configured values in end-to-end runs.",
  },
  {
    id: "E-HP2P-09",
    doc: "Q.4100",
    where: "Q.4100 8.1 vs Q.4103 6.2.7 (refresh)",
    impact: "low",
    problem: "R1's list has no refresh, which HOMP adds.",
    readings: ["A: refresh belongs to membership maintenance."],
    send: "Implement refresh.",
    accept: "None.",
    policy: "strict",
    detail: "Refresh tested under Q.4103.",
  },
  {
    id: "E-HP2P-10",
    doc: "Q.4100",
    where: "Q.4100 8.2 (R2)",
    impact: "high",
    problem:
      "R2's messages are in Q.4101 and Q.4102, not supplied, so two hybrid peers written from the five documents will not interwork on R2.",
    readings: ["A: implementation-specific until those documents are available."],
    send: "Own documented R2 protocol over TCP.",
    accept: "None.",
    policy: "check-declared",
    detail: "Same-implementation end-to-end tests only.",
  },
  {
    id: "E-HP2P-11",
    doc: "Q.4100",
    where: "Q.4100 8.3 (R3)",
    impact: "medium",
    problem:
      "R3 is a reference point without protocol; exchange happens at application level and the composition is up to the application.",
    readings: ["A: in-process hand-over."],
    send: "Documented adapter from a CoreTree peer to a source peer of a managed, SubTree or SubMesh overlay.",
    accept: "None.",
    policy: "check-declared",
    detail: "End-to-end: data broadcast in the core appears in the sub overlay.",
  },
  {
    id: "E-HP2P-12",
    doc: "Q.4100",
    where: "Q.4100 9.2 first paragraph (blocks over mesh) vs 9.2 text and step 5 (block sent over the core)",
    impact: "medium",
    problem:
      "Blocks are to be shared by mesh while producers also broadcast a new block in the core, and step 5 sends a block between core peers.",
    readings: ["A: broadcast in core among producers, mesh for the other nodes."],
    send: "Reading A.",
    accept: "None.",
    policy: "accept-all",
    detail: "Both deliveries accepted.",
  },
  {
    id: "E-HP2P-13",
    doc: "Q.4100",
    where: "Q.4100 9.1 step 5, 9.2 step 5, 9.1 step 2 (wording)",
    impact: "editorial",
    problem: "PEER-A for H-PEER A, this peer for this FE in 7.2.1.3, and other slips.",
    readings: ["A: H-PEER A."],
    send: "None.",
    accept: "None.",
    policy: "not-testable",
    detail: "None.",
  },
  {
    id: "E-HP2P-14",
    doc: "Q.4100",
    where: "Q.4100 9.1 to 9.3 step 3 (pre-conditions)",
    impact: "low",
    problem: "A relationship becomes a primary path if conditions are met, which are not given.",
    readings: ["A: Q.4101 rules."],
    send: "Own rule: below the primary limit and no loop.",
    accept: "None.",
    policy: "not-testable",
    detail: "Only check that a primary path results.",
  },
  {
    id: "E-HP2P-15",
    doc: "Q.4100",
    where: "Q.4100 6 (CoreTree, SubTree, SubMesh) vs Q.4103 type and sub-type",
    impact: "medium",
    problem: "Q.4103 encodes the three kinds in two members without a mapping table.",
    readings: ["A: core/tree, sub/tree, sub/mesh."],
    send: "Reading A.",
    accept: "None.",
    policy: "strict",
    detail: "Reading A.",
  },
  {
    id: "E-HP2P-16",
    doc: "Q.4100",
    where: "Q.4100 7.2.3.1 (cache size from PC) vs Q.4103 6.1.8 (cr-policy)",
    impact: "medium",
    problem: "The number of cached items is a peer configuration in one document and an overlay policy in the other.",
    readings: ["A: policy is the minimum, configuration may be larger."],
    send: "Reading A.",
    accept: "None.",
    policy: "accept-all",
    detail: "Policy minimum checked.",
  },
  {
    id: "E-HP2P-17",
    doc: "Q.4100",
    where: "Q.4100 7.3.2.2 (loss report by another peer) vs Q.4103 Table 6-19",
    impact: "medium",
    problem: "A peer that notices a loss reports it, yet the report describes only the sender's own paths.",
    readings: ["A: HOMS infers loss from path lists."],
    send: "Send a report after every path change.",
    accept: "None.",
    policy: "accept-all",
    detail: "A report from the surviving peer without the lost ID is expected.",
  },
  {
    id: "E-HP2P-18",
    doc: "Q.4100",
    where: "Q.4100 7.3.2, 7.3.2.1 (physical network information, preferences) vs Q.4103 Table 6-2",
    impact: "low",
    problem: "PIR keeps information that no HOMP member carries.",
    readings: ["A: extension."],
    send: "Keep address only.",
    accept: "None.",
    policy: "not-testable",
    detail: "None.",
  },
  {
    id: "E-HP2P-19",
    doc: "Q.4100",
    where: "Q.4100 7.3.1.4 (optimal list)",
    impact: "low",
    problem: "Random subset for mesh and peers to be connected for tree, without size or rule.",
    readings: ["A: free algorithm."],
    send: "Random sample for mesh; for tree peers with spare primary capacity.",
    accept: "None.",
    policy: "accept-all",
    detail: "As for E-HOMP-34.",
  },
  {
    id: "E-HP2P-20",
    doc: "Q.4100",
    where: "Q.4100 3.2.1, 6, 8.2 (relaying)",
    impact: "low",
    problem:
      "Every peer of a core overlay may broadcast and all peers relay, but loops are excluded only by definition; duplicate suppression is in Q.4101 or Q.4102.",
    readings: ["A: sequence numbers per origin."],
    send: "Reading A.",
    accept: "None.",
    policy: "not-testable",
    detail: "End-to-end: each datum delivered once.",
  },
  {
    id: "E-HP2P-21",
    doc: "Q.4100",
    where: "Q.4100 figures (images missing)",
    impact: "medium",
    problem: "Figures 7-1 to 7-3, 9-2, 9-4 and 9-6 are missing, hence FE relations and message names are unknown.",
    readings: ["A: prose suffices."],
    send: "Prose.",
    accept: "None.",
    policy: "accept-all",
    detail: "None beyond prose.",
  },
  {
    id: "E-X-01",
    doc: "cross-document",
    where: "X.609.10 8.1-b, c with X.609.1 9.2.1 (duplicate registration)",
    impact: "high",
    problem:
      "X.609.10 has the OMS send a registration each report interval given by the PAMS, while PAMP answers a repeat with 406/409 and defines report_interval as the peers' reporting period.",
    readings: ["A: keep-alive allowed, repeat answered 200.", "B: repeat refused but harmless."],
    send: "PAMS default refuses with 409 and keeps the record, with a switch for keep-alive; OMS treats 200, 406 and 409 alike.",
    accept: "All three.",
    policy: "check-declared",
    detail: "As E-DS-03.",
  },
  {
    id: "E-X-02",
    doc: "cross-document",
    where: "X.609.8 8.1 (16-bit IDs) vs X.609.10 8.6, 8.10-c and X.609.1, Q.4103 (string IDs)",
    impact: "high",
    problem:
      "Nothing maps the numeric LDMP identifiers to the data source and data identifiers in the index file or to peer ID strings.",
    readings: [
      "A: decimal rendering of the 16-bit number, scoped by the source peer.",
      "B: separate provisioned name.",
    ],
    send: "Decimal rendering prefixed by the source peer's ID.",
    accept: "Provisioned names.",
    policy: "check-declared",
    detail: "Mapping declared.",
  },
  {
    id: "E-X-03",
    doc: "cross-document",
    where: "X.609.10 R1 to R13 vs Q.4100 R1 to R3",
    impact: "low",
    problem: "The same labels name different interfaces in the two families.",
    readings: ["A: prefix with the document."],
    send: "Names such as MP2P-R1 and HP2P-R1.",
    accept: "None.",
    policy: "not-testable",
    detail: "None.",
  },
  {
    id: "E-X-04",
    doc: "cross-document",
    where: "X.609.10 clause 8 (R3, R4, R5, R6, R7, R8, R10, R12, R13) vs available protocols",
    impact: "high",
    problem:
      "Only R1 and R2 (PAMP) and R11 (LDMP) have a wire format in the five documents; all other reference points are requirements without protocol.",
    readings: ["A: any protocol meeting the list is conformant."],
    send: "One documented JSON over HTTP binding for all of them.",
    accept: "None.",
    policy: "check-declared",
    detail: "Adapter interface: the vendor maps abstract operations to its binding and the suite judges outcomes.",
  },
  {
    id: "E-X-05",
    doc: "cross-document",
    where: "X.609.1 9.1.4 to 9.1.6, X.609.10 7.1.2 (index number)",
    impact: "medium",
    problem: "Fragments are indexed by number in X.609.10, by string and number in X.609.1.",
    readings: ["A: non-negative integers."],
    send: "Reading A.",
    accept: "Decimal strings.",
    policy: "accept-all",
    detail: "Integers only.",
  },
  {
    id: "E-X-06",
    doc: "cross-document",
    where: "X.609.1 (underscore names) vs Q.4103 (mixed hyphen and underscore)",
    impact: "low",
    problem: "Naming style differs between and inside documents, inviting normalising libraries to break names.",
    readings: ["A: exact spelling per table."],
    send: "Exact.",
    accept: "Hyphen and underscore treated alike on reception.",
    policy: "accept-all",
    detail: "Exact spelling when driving; alias tolerance on reception only as listed per erratum.",
  },
  {
    id: "E-X-07",
    doc: "cross-document",
    where: "X.609.10 3.2.2 (source peer) vs Q.4100 6 (source peer)",
    impact: "low",
    problem: "Source peer fronts data sources in one family and feeds a sub overlay in the other.",
    readings: ["A: same role in a managed overlay that a hybrid peer feeds over R3."],
    send: "Use distinct role names.",
    accept: "None.",
    policy: "not-testable",
    detail: "None.",
  },
  {
    id: "E-X-08",
    doc: "cross-document",
    where: "X.609.8 9.1 (60 s heartbeat) vs Q.4103 heartbeat-interval",
    impact: "low",
    problem: "Two unrelated heartbeats with different rules.",
    readings: ["A: independent."],
    send: "Separate settings.",
    accept: "None.",
    policy: "not-testable",
    detail: "None.",
  },
  {
    id: "E-X-09",
    doc: "cross-document",
    where: "X.609.10 8.5-c (refresh by source peer), Q.4103 7.1.4 (modification extends), X.609.1 (none)",
    impact: "medium",
    problem: "Overlay lifetime is handled three ways.",
    readings: ["A: per family."],
    send: "OMS uses refresh; HOMS uses expires and modification.",
    accept: "None.",
    policy: "accept-all",
    detail: "Per family.",
  },
  {
    id: "E-X-10",
    doc: "cross-document",
    where: "X.609.10 8.5-e, f vs Q.4103 Table 6-3 vs X.609.1",
    impact: "medium",
    problem: "Admission control exists on R5 and in HOMP but PAMP accepts any peer for a known overlay.",
    readings: ["A: PAMS trusts OMS admission.", "B: PAMS checks with OMS."],
    send: "Reading A with optional token.",
    accept: "None.",
    policy: "check-declared",
    detail: "None beyond 401 handling.",
  },
  {
    id: "E-X-11",
    doc: "cross-document",
    where: "X.609.8 and X.609.10 8.10-g (data only after registration) vs 7.4 (POST unconditional)",
    impact: "medium",
    problem: "LDMP does not say POST needs registration; X.609.10 does.",
    readings: ["A: X.609.10 governs."],
    send: "Source peer drops POST from unknown sources.",
    accept: "None.",
    policy: "accept-all",
    detail: "As E-LDMP-23.",
  },
  {
    id: "E-X-12",
    doc: "cross-document",
    where: "All five documents (PPM, PLM, OIM, OM, OMS acronyms)",
    impact: "low",
    problem: "Acronyms are reused for different FEs (PPM peer profile vs primary path; OMS vs OSM).",
    readings: ["A: prefix by document."],
    send: "Reading A.",
    accept: "None.",
    policy: "not-testable",
    detail: "None.",
  },
  {
    id: "E-X-13",
    doc: "cross-document",
    where: "References X.609, X.609.2, X.609.3, X.609.4, X.609.6, Q.4101, Q.4102",
    impact: "medium",
    problem: "Several normative references are outside the set of five.",
    readings: ["A: out of scope until supplied."],
    send: "Mark dependent behaviour as own design.",
    accept: "None.",
    policy: "not-testable",
    detail: "Report as not covered.",
  },
  {
    id: "E-X-14",
    doc: "cross-document",
    where: "X.609.1 8.2.3 and X.609.10 8.1-d, 8.5-g (quality and class based lists)",
    impact: "low",
    problem: "Optimisation criteria for peer lists are described by example only and spread over OMS and PAMS.",
    readings: ["A: free algorithm meeting the example outcomes."],
    send: "Documented scoring.",
    accept: "None.",
    policy: "check-declared",
    detail: "Extreme cases only.",
  },
  {
    id: "E-HP2P-22",
    doc: "Q.4100",
    where: "Q.4100 7.3.1.4 (list of peers to be connected) vs 8.2 (tree not shaped by HOMS)",
    impact: "low",
    problem: "HOMS chooses whom a newcomer should connect to, yet the tree is said not to be under its direct control.",
    readings: ["A: the list is an entry point and peers decide.", "B: the list is binding."],
    send: "Reading A.",
    accept: "Both.",
    policy: "accept-all",
    detail: "Any resulting connected tree passes.",
  },
  {
    id: "E-HP2P-23",
    doc: "Q.4100",
    where: "Q.4100 6 (one or more primary paths)",
    impact: "low",
    problem: "The first or only peer of an overlay cannot have a primary path, contrary to the definition.",
    readings: ["A: the rule applies once there are two peers."],
    send: "Reading A.",
    accept: "A report with zero primaries.",
    policy: "accept-all",
    detail: "Zero is accepted for a lone peer.",
  },
];
