# What a fragment of the format "records" holds. Keys with a leading hyphen are ours: spec/ldmp/README.md and README.md here list them.
meta:
  id: peer_records
  title: Fragment of records
  license: Apache-2.0
  ks-version: "0.11"
  endian: be
  -document: X.609.10
-clause: "8.10 a)"
-source: project
-errata: [E-DS-25]
-requirements: [DS-6-03, DS-6-04, DS-8.10-a, DS-8.10-d]
doc: |
  Data of any number of data sources in one form, as a source peer distributes them: small data share a fragment, long ones are sliced. Each
  fragment can be read on its own, and a datum that fits into one fragment is never spread over two.

seq:
  - id: version
    type: u1
    valid: 1
    doc: Version of the form. Only 1 exists; nothing behind this field can be trusted under another one.
    -clause: "8.10 a)"
    -source: project
    -error: ERR_VERSION
    -fatal: true
  - id: parts
    type: part
    repeat: eos
    doc: Data, or parts of data, one behind the other.
    -clause: "6"
    -source: project

types:
  part:
    doc: A datum, or the part of one that its fragment has room for.
    -clause: "6"
    -source: project
    seq:
      - id: source_id_length
        type: u1
        doc: Octets of the data source's identifier.
        -clause: "8.10 c)"
        -source: project
      - id: source_id
        type: str
        size: source_id_length
        encoding: UTF-8
        doc: The data source.
        -clause: "8.10 c)"
        -source: project
      - id: data_id_length
        type: u1
        doc: Octets of the identifier of the data.
        -clause: "8.6 a) iv"
        -source: project
      - id: data_id
        type: str
        size: data_id_length
        encoding: UTF-8
        doc: Which data of that source.
        -clause: "8.6 a) iv"
        -source: project
      - id: sequence
        type: u8
        doc: Counts the data of this source and identifier, from 0.
        -clause: "8.10 d)"
        -source: project
      - id: time
        type: u8
        doc: When the datum reached the source peer, in milliseconds since the epoch.
        -clause: "8.10 a)"
        -source: project
      - id: kind
        type: u1
        enum: payload_kind
        valid:
          in-enum: true
        doc: What the payload is, by the numbers of LDMP.
        -clause: "8.10 a)"
        -source: project
        -error: ERR_RESERVED
      - id: size
        type: u4
        doc: Octets of the whole datum.
        -clause: "6"
        -source: project
      - id: offset
        type: u4
        doc: Where this part begins in it; nothing of it lies beyond the size.
        -clause: "6"
        -source: project
      - id: length
        type: u4
        doc: Octets of this part.
        -clause: "6"
        -source: project
      - id: payload
        size: length
        doc: The part itself.
        -clause: "6"
        -source: project

enums:
  payload_kind:
    0:
      id: none
      doc: No payload.
      -orig-id: none
      -clause: "8.10 a)"
      -source: project
    2:
      id: binary
      doc: Any octets.
      -orig-id: binary
      -clause: "8.10 a)"
      -source: project
    3:
      id: text
      doc: Text in UTF-8.
      -orig-id: text
      -clause: "8.10 a)"
      -source: project
