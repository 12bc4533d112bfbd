# One message of reference point R2 on the wire. Keys with a leading hyphen are ours: spec/ldmp/README.md and README.md here list them.
meta:
  id: hybrid_peer_frame
  title: Hybrid peer-to-peer frame (reference point R2)
  license: Apache-2.0
  ks-version: "0.11"
  endian:
    switch-on: byte_order
    cases:
      byte_order::big_endian: be
      byte_order::little_endian: le
  -document: Q.4100
-clause: "8.2"
-source: field
doc: |
  What two hybrid peers send each other: a JSON header that says what is meant, and behind it the data that the header announces. A
  data channel's message is one frame; on TCP the frames follow one another.

params:
  - id: byte_order
    type: u1
    enum: byte_order
    -default: big_endian
    doc: How the header's length is written. The profile of the link says which (profile.yaml).
    -clause: "8.2"
    -source: field

seq:
  - id: version
    type: u1
    doc: 1. Receivers take any value, as the field does.
    -clause: "8.2"
    -source: field
  - id: type
    type: u1
    doc: 1. Receivers take any value, as the field does.
    -clause: "8.2"
    -source: field
  - id: header_length
    type: u2
    doc: Octets of the header.
    -clause: "8.2"
    -source: field
    -fatal: true
  - id: header
    size: header_length
    -json: true
    doc: A JSON object in UTF-8, one of those in schemas/.
    -clause: "8.2"
    -source: field
  - id: payload
    size-eos: true
    -size-in: header
    -size-at:
      - /req-params/ext-header-len
      - /req-params/payload/length
      - /rsp-params/ext-header-len
      - /rsp-params/payload/length
      - /ReqParams/ext-header-len
      - /ReqParams/payload/length
      - /RspParams/ext-header-len
      - /RspParams/payload/length
    doc: |
      Extension header and application data. In a data channel's message all that follows; on a stream as much as the header announces.
    -clause: "8.2"
    -source: field

enums:
  byte_order:
    0:
      id: big_endian
      doc: Most significant octet first, the profiles P23, V23a and P22.
      -orig-id: big-endian
      -clause: "8.2"
      -source: field
    1:
      id: little_endian
      doc: Least significant octet first, the profile P20.
      -orig-id: little-endian
      -clause: "8.2"
      -source: field
