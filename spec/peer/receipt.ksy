# What a receipt of R10 signs. Keys with a leading hyphen are ours: spec/ldmp/README.md and README.md here list them.
meta:
  id: peer_receipt
  title: Receipt for fragments
  license: Apache-2.0
  ks-version: "0.11"
  endian: be
  -document: X.609.1
-clause: "8.2.6 step 7"
-source: project
-requirements: [PAMP-8.2.6-09, PAMP-8.2.6-13, PAMP-8.2.6-14]
doc: |
  What the receiver of fragments confirms. It signs these octets behind the text "mp2p receipt 1" and a line feed; the sender signs the
  octets and that signature behind "mp2p confirmed receipt 1" and a line feed, for the PAMS.

seq:
  - id: overlay_id_length
    type: u2
    valid:
      min: 1
      max: 1024
    doc: Octets of the overlay network identifier.
    -clause: "8.2.6 step 7"
    -source: project
  - id: overlay_id
    type: str
    size: overlay_id_length
    encoding: UTF-8
    doc: The overlay network of the fragments.
    -clause: "8.2.6 step 7"
    -source: project
  - id: receiver_length
    type: u2
    valid:
      min: 1
      max: 1024
    doc: Octets of the receiver's identifier.
    -clause: "8.2.6 step 7"
    -source: project
  - id: receiver
    type: str
    size: receiver_length
    encoding: UTF-8
    doc: The peer that got the fragments and signs.
    -clause: "8.2.6 step 7"
    -source: project
  - id: sender_length
    type: u2
    valid:
      min: 1
      max: 1024
    doc: Octets of the sender's identifier.
    -clause: "8.2.6 step 7"
    -source: project
  - id: sender
    type: str
    size: sender_length
    encoding: UTF-8
    doc: The peer that sent them and countersigns.
    -clause: "8.2.6 step 7"
    -source: project
  - id: serial
    type: u8
    doc: Grows from receipt to receipt of this receiver for this sender, so that an old one shown again is found.
    -clause: "8.2.6 step 7"
    -source: project
  - id: time
    type: u8
    doc: When the receiver signed, in milliseconds since the epoch.
    -clause: "8.2.6 step 7"
    -source: project
  - id: octets
    type: u8
    doc: Octets of these fragments together.
    -clause: "8.2.6 step 7"
    -source: project
  - id: runs_count
    type: u2
    valid:
      max: 4096
    doc: How many runs follow.
    -clause: "8.2.6 step 7"
    -source: project
  - id: runs
    type: run
    repeat: expr
    repeat-expr: runs_count
    doc: The fragments, none of which was confirmed before.
    -clause: "8.2.6 step 7"
    -source: project

types:
  run:
    doc: An unbroken run of fragments.
    -clause: "8.2.6 step 7"
    -source: project
    seq:
      - id: first
        type: u8
        doc: Number of the first one.
        -clause: "8.2.6 step 7"
        -source: project
      - id: count
        type: u4
        doc: How many there are.
        -clause: "8.2.6 step 7"
        -source: project
