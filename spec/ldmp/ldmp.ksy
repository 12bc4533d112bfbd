# The LDMP message of X.609.8, clause 8. Keys with a leading hyphen are ours, and spec/ldmp/README.md lists them.
meta:
  id: ldmp
  title: Live data source management protocol message
  license: Apache-2.0
  ks-version: "0.11"
  endian: be
  bit-endian: be
  -document: X.609.8
-clause: "8.1"
-errata: [E-LDMP-03, E-LDMP-04]
doc: |
  One message between a data source and a source peer. Fields stand in the order in which clause 8.1 lists them, most
  significant bit first, 16-bit fields in network order. A datagram carries one message; on a stream the messages follow
  one another.

params:
  - id: layout
    type: u1
    enum: layout
    -default: a
    doc: Which reading of the header's size applies. Datagrams and streams alike need both ends to agree on it.
    -clause: "8.1"
    -errata: [E-LDMP-02]

seq:
  - id: version
    type: b2
    valid: 1
    doc: Protocol version. Only version 1 exists; nothing behind this field can be trusted under another one.
    -orig-id: V
    -clause: "8.1"
    -errata: [E-LDMP-27]
    -error: ERR_VERSION
    -fatal: true
  - id: type
    type: b2
    enum: type
    valid:
      any-of:
        - type::acknowledgement_required
        - type::acknowledgement_not_required
        - type::acknowledgement
    doc: Whether the sender wants this message acknowledged, or this message is itself the acknowledgement.
    -orig-id: T
    -clause: "8.1"
    -errata: [E-LDMP-01, E-LDMP-27]
    -error: ERR_RESERVED
  - id: payload_type
    type: b2
    enum: payload_type
    valid:
      any-of:
        - payload_type::none
        - payload_type::binary
        - payload_type::text
    doc: Whether a payload follows, and of which kind.
    -orig-id: P
    -clause: "8.1"
    -errata: [E-LDMP-09, E-LDMP-27]
    -error: ERR_RESERVED
  - id: reserved
    type: b2
    doc: Bits without a meaning yet. Senders of this project write zero, receivers take any value.
    -orig-id: R
    -clause: "8.1"
    -errata: [E-LDMP-27]
  - id: code
    type: u1
    enum: code
    doc: |
      The operation asked for, or the outcome of one. Three bits of class and five of detail, written class.detail with
      a decimal detail of two digits. Values outside tables 1 to 3 are let through: what to do with them is behaviour.
    -orig-id: Code
    -clause: "8.2"
    -errata: [E-LDMP-10, E-LDMP-11]
    -display: "{code_class}.{code_detail:2}"
  - id: message_id
    type: u2
    doc: Identifies the message; counts up by one from a random start and wraps. An acknowledgement repeats its request's.
    -orig-id: Message ID
    -clause: "8.1"
    -errata: [E-LDMP-15, E-LDMP-16]
  - id: source_id
    type: u2
    doc: The node that sent this message.
    -orig-id: Source ID
    -clause: "8.1"
    -requirements: [DS-8.10-03, DS-8.10-b, DS-8.10-c, DS-8.10-d]
    -errata: [E-LDMP-05]
  - id: destination_id
    type: u2
    doc: The node that this message is for.
    -orig-id: Destination ID
    -clause: "8.1"
    -errata: [E-LDMP-05, E-LDMP-28]
  - id: length
    type: u2
    if: layout == layout::b or has_payload
    valid:
      expr: has_payload or _ == 0
    doc: Octets of payload. There only with a payload under layout A; always there, and zero without one, under layout B.
    -orig-id: Length
    -clause: "8.1"
    -errata: [E-LDMP-02, E-LDMP-37]
    -error: ERR_LENGTH
    -fatal: true
  - id: payload
    size: length
    if: has_payload
    -text-if: payload_type == payload_type::text
    doc: The data itself, as many octets as the length says. May be empty.
    -orig-id: Payload
    -clause: "8.1"
    -requirements: [DS-8.10-a]
    -errata: [E-LDMP-06, E-LDMP-30, E-LDMP-37]

instances:
  has_payload:
    value: payload_type == payload_type::binary or payload_type == payload_type::text
    doc: Whether the message carries a payload, and with it a length.
    -clause: "8.1"
  code_class:
    value: code.to_i >> 5
    enum: code_class
    doc: The upper three bits of the code, which tell requests from outcomes.
    -clause: "8.2"
  code_detail:
    value: code.to_i & 0x1f
    doc: The lower five bits of the code.
    -clause: "8.2"

enums:
  layout:
    0:
      id: a
      doc: Eight octets of header; a length of two octets follows only with a payload.
      -orig-id: A
      -clause: "8.1"
      -errata: [E-LDMP-02]
    1:
      id: b
      doc: Ten octets of header, the length always among them.
      -orig-id: B
      -clause: "8.1"
      -errata: [E-LDMP-02]
  type:
    0:
      id: acknowledgement_required
      doc: The recipient answers this message.
      -orig-id: "acknowledgement required"
      -clause: "8.1"
      -errata: [E-LDMP-01]
    1:
      id: acknowledgement_not_required
      doc: The recipient stays silent.
      -orig-id: "acknowledgement not required"
      -clause: "8.1"
      -errata: [E-LDMP-01]
    2:
      id: acknowledgement
      doc: This message answers another one.
      -orig-id: "acknowledgement"
      -clause: "8.1"
      -errata: [E-LDMP-14]
    3:
      id: reserved
      doc: No meaning yet, never sent.
      -orig-id: "reserved"
      -clause: "8.1"
      -errata: [E-LDMP-27]
  payload_type:
    0:
      id: none
      doc: No payload.
      -orig-id: "no payload"
      -clause: "8.1"
    1:
      id: reserved
      doc: No meaning yet, never sent.
      -orig-id: "reserved"
      -clause: "8.1"
      -errata: [E-LDMP-09, E-LDMP-27]
    2:
      id: binary
      doc: Any octets.
      -orig-id: "binary payload"
      -clause: "8.1"
      -errata: [E-LDMP-09]
    3:
      id: text
      doc: Text, in UTF-8 by this project's profile.
      -orig-id: "text payload"
      -clause: "8.1"
      -errata: [E-LDMP-30]
  code_class:
    0:
      id: request
      doc: Asks for an operation.
      -orig-id: "request"
      -clause: "8.2 Table 1"
    2:
      id: success
      doc: The operation was done.
      -orig-id: "success"
      -clause: "8.2 Table 2"
    4:
      id: error
      doc: The operation was refused; the detail says why.
      -orig-id: "error"
      -clause: "8.2 Table 3"
  code:
    0x01:
      id: get
      doc: The source peer asks for data.
      -orig-id: "0.01 GET"
      -clause: "8.2 Table 1, 7.5"
      -errata: [E-LDMP-06]
    0x02:
      id: post
      doc: The data source delivers data, unanswered.
      -orig-id: "0.02 POST"
      -clause: "8.2 Table 1, 7.4"
      -requirements: [DS-7.1.2-01, DS-8.10-g]
      -errata: [E-LDMP-06, E-LDMP-24]
    0x03:
      id: put
      doc: The source peer configures the data source.
      -orig-id: "0.03 PUT"
      -clause: "8.2 Table 1, 7.5"
      -errata: [E-LDMP-06]
    0x05:
      id: registration
      doc: The data source asks to be admitted by the source peer.
      -orig-id: "0.05 Registration"
      -clause: "8.2 Table 1, 7.1"
      -requirements: [DS-8.10-c, DS-8.10-e, DS-8.10-f]
      -errata: [E-LDMP-17]
    0x06:
      id: release
      doc: The data source leaves.
      -orig-id: "0.06 Release"
      -clause: "8.2 Table 1, 7.2"
      -errata: [E-LDMP-29]
    0x07:
      id: heartbeat
      doc: Either end asks the other, silent for too long, for a sign of life.
      -orig-id: "0.07 Heartbeat"
      -clause: "8.2 Table 1, 7.3"
      -errata: [E-LDMP-21]
    0x08:
      id: reset
      doc: The source peer tells the data source to start over and register again, unanswered.
      -orig-id: "0.08 RESET"
      -clause: "8.2 Table 1, 7.6"
      -errata: [E-LDMP-25]
    0x40:
      id: ok
      doc: Done.
      -orig-id: "2.00 OK"
      -clause: "8.2 Table 2"
      -errata: [E-LDMP-12]
    0x44:
      id: changed
      doc: Configured as asked.
      -orig-id: "2.04 Changed"
      -clause: "8.2 Table 2"
      -errata: [E-LDMP-12]
    0x45:
      id: content
      doc: The data asked for is in the payload.
      -orig-id: "2.05 Content"
      -clause: "8.2 Table 2"
      -errata: [E-LDMP-12]
    0x80:
      id: bad_request
      doc: The request is malformed.
      -orig-id: "4.00 Bad Request"
      -clause: "8.2 Table 3"
      -errata: [E-LDMP-13]
    0x81:
      id: unauthorized
      doc: The sender did not prove who it is.
      -orig-id: "4.01 Unauthorized"
      -clause: "8.2 Table 3"
      -errata: [E-LDMP-08, E-LDMP-13]
    0x83:
      id: forbidden
      doc: The sender is known and not admitted.
      -orig-id: "4.03 Forbidden"
      -clause: "8.2 Table 3"
      -errata: [E-LDMP-08, E-LDMP-13]
    0x84:
      id: not_found
      doc: No such item, or a sender that is not registered.
      -orig-id: "4.04 Not Found"
      -clause: "8.2 Table 3"
      -errata: [E-LDMP-13, E-LDMP-23]
    0x85:
      id: method_not_allowed
      doc: The operation is not offered here.
      -orig-id: "4.05 Method Not Allowed"
      -clause: "8.2 Table 3"
      -errata: [E-LDMP-11, E-LDMP-13, E-LDMP-36]
    0x86:
      id: not_acceptable
      doc: The value is refused.
      -orig-id: "4.06 Not Acceptable"
      -clause: "8.2 Table 3"
      -errata: [E-LDMP-13]
    0x8f:
      id: unsupported_content_format
      doc: The kind of payload is not the one that this operation takes.
      -orig-id: "4.15 Unsupported Content-Format"
      -clause: "8.2 Table 3"
      -errata: [E-LDMP-10, E-LDMP-13]
