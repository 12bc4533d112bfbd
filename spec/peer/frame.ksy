# One message of reference point R10 on the wire. Keys with a leading hyphen are ours: spec/ldmp/README.md and README.md here list them.
meta:
  id: peer_frame
  title: Managed peer-to-peer frame (reference point R10)
  license: Apache-2.0
  ks-version: "0.11"
  endian: be
  -document: X.609.10
-clause: "8.9"
-source: project
-requirements: [DS-6-05, DS-8.9-01, DS-8.9-a, DS-8.9-b, DS-8.9-c, DS-8.9-d]
doc: |
  What two peers of an overlay network say to each other. On TCP the frames follow one another; on a data channel each message is one
  frame.

seq:
  - id: length
    type: u4
    valid:
      min: 2
    doc: Octets behind this field.
    -clause: "8.9"
    -source: project
    -error: ERR_LENGTH
    -fatal: true
  - id: version
    type: u1
    valid: 1
    doc: Version of R10. Only 1 exists; nothing behind this field can be trusted under another one.
    -clause: "8.9"
    -source: project
    -error: ERR_VERSION
    -fatal: true
  - id: type
    type: u1
    enum: type
    valid:
      in-enum: true
    doc: What the message is. A receiver passes over frames of types that it does not know.
    -clause: "8.9"
    -source: project
    -error: ERR_RESERVED
  - id: body
    size: length - 2
    type:
      switch-on: type
      cases:
        type::hello: hello
        type::proof: proof
        type::buffermap: buffermap
        type::have: have
        type::request: request
        type::cancel: cancel
        type::descriptors: descriptors
        type::fragment: fragment
        type::refuse: refuse
        type::receipt: receipt
        type::keep_alive: keep_alive
        type::bye: bye
    doc: The message itself.
    -clause: "8.9"
    -source: project

types:
  hello:
    doc: |
      First message of either end, the opener's first: who it is, and what admits it.
    -clause: "8.2.6 step 4"
    -document: X.609.1
    -source: project
    -requirements: [DS-8.9-c, DS-8.9-d, PAMP-8.2.6-07, PAMP-8.2.6-08]
    seq:
      - id: overlay_id_length
        type: u2
        valid:
          min: 1
          max: 1024
        doc: Octets of the overlay network identifier.
        -clause: "8.9"
        -source: project
      - id: overlay_id
        type: str
        size: overlay_id_length
        encoding: UTF-8
        doc: The overlay network that the link is for.
        -clause: "8.9"
        -source: project
      - id: peer_id_length
        type: u2
        valid:
          min: 1
          max: 1024
        doc: Octets of the peer identifier.
        -clause: "8.9"
        -source: project
      - id: peer_id
        type: str
        size: peer_id_length
        encoding: UTF-8
        doc: The peer that says hello.
        -clause: "8.9"
        -source: project
      - id: role
        type: u1
        enum: peer_role
        valid:
          in-enum: true
        doc: What the peer is for the overlay network.
        -clause: "7.2"
        -source: project
        -error: ERR_RESERVED
      - id: public_key
        size: 32
        doc: Its Ed25519 key.
        -clause: "8.2.6 step 4"
        -document: X.609.1
        -source: project
      - id: nonce
        size: 32
        doc: Random octets for the other end's proof.
        -clause: "8.2.6 step 4"
        -document: X.609.1
        -source: project
      - id: session_key_length
        type: u2
        valid:
          max: 4096
        doc: Octets of the session key.
        -clause: "8.2.6 step 4"
        -document: X.609.1
        -source: project
      - id: session_key
        type: str
        size: session_key_length
        encoding: UTF-8
        doc: What the OMS gave at join; empty where the session has none.
        -clause: "8.2.6 step 4"
        -document: X.609.1
        -source: project
  proof:
    doc: Second message of either end, the answering one's first; it holds the private key of its hello.
    -clause: "8.2.6 step 4"
    -document: X.609.1
    -source: project
    -requirements: [PAMP-8.2.6-08]
    seq:
      - id: signature
        size: 64
        doc: |
          Ed25519 over the text "mp2p hello 1", a line feed, the hello frame that was received and the one that was sent.
        -clause: "8.2.6 step 4"
        -document: X.609.1
        -source: project
  buffermap:
    doc: Everything the sender holds; replaces what it said before.
    -clause: "8.9"
    -source: project
    -requirements: [DS-8.9-a, PAMP-8.2.6-07]
    seq:
      - id: first
        type: u8
        doc: Fragments below are not held any more and will not come again, the start of a live window; 0 for a file.
        -clause: "8.9"
        -source: project
      - id: bits
        size-eos: true
        doc: Bit 7 of octet 0 is the fragment `first`, and so on; set where the fragment is held.
        -clause: "8.9"
        -source: project
  have:
    doc: Fragments that the sender holds since it last said.
    -clause: "8.9"
    -source: project
    -requirements: [DS-8.9-a]
    seq:
      - &runs_count
        id: runs_count
        type: u2
        valid:
          max: 4096
        doc: How many runs follow.
        -clause: "8.9"
        -source: project
      - &runs
        id: runs
        type: run
        repeat: expr
        repeat-expr: runs_count
        doc: The fragments that the message is about.
        -clause: "8.9"
        -source: project
  request:
    doc: |
      Fragments wanted of the receiver, most wanted first; added to what was requested before. Each is answered by its octets or by a
      refusal.
    -clause: "8.9 a)"
    -source: project
    -requirements: [DS-8.9-a]
    seq:
      - *runs_count
      - *runs
  cancel:
    doc: Fragments requested and no longer wanted. One that is on its way may still come.
    -clause: "8.9"
    -source: project
    seq:
      - *runs_count
      - *runs
  descriptors:
    doc: |
      What the source peer says of consecutive fragments, signed by it. Goes before the first of these fragments that a link carries, and
      is relayed as it came.
    -clause: "8.9"
    -source: project
    -requirements: [DS-6-05]
    seq:
      - id: first
        type: u8
        doc: Number of the first of these fragments.
        -clause: "8.9"
        -source: project
      - id: items_count
        type: u2
        valid:
          max: 1024
        doc: How many fragments are described.
        -clause: "8.9"
        -source: project
      - id: items
        type: descriptor
        repeat: expr
        repeat-expr: items_count
        doc: One for each fragment, in order.
        -clause: "8.9"
        -source: project
      - id: signature
        size: 64
        doc: |
          By the source peer's Ed25519 key, over the text "mp2p fragments 1", a line feed, the overlay network identifier behind two octets
          of its length, and the octets of this message's body up to here.
        -clause: "8.9"
        -source: project
  fragment:
    doc: A fragment, or a part of one. Parts of a fragment come in order; those of several may take turns.
    -clause: "8.9 b)"
    -source: project
    -requirements: [DS-6-05, DS-8.9-b]
    seq:
      - id: index
        type: u8
        doc: Number of the fragment.
        -clause: "8.9 b)"
        -source: project
      - id: offset
        type: u4
        doc: Where the payload begins in the fragment.
        -clause: "8.9 b)"
        -source: project
      - id: size
        type: u4
        doc: Octets of the whole fragment.
        -clause: "8.9 b)"
        -source: project
      - id: payload
        size-eos: true
        -parts-at: offset
        doc: The octets of the fragment, or some of them.
        -clause: "8.9 b)"
        -source: project
  refuse:
    doc: Something requested will not come now.
    -clause: "8.9 b)"
    -source: project
    -requirements: [DS-8.9-b, PAMP-8.2.6-11]
    seq:
      - id: reason
        type: u1
        enum: refuse_reason
        valid:
          in-enum: true
        doc: Why the fragments do not come.
        -clause: "8.9 b)"
        -source: project
        -error: ERR_RESERVED
      - *runs_count
      - *runs
  receipt:
    doc: The receiver confirms verified fragments, so that the sender can show it to the PAMS.
    -clause: "8.2.6 step 7"
    -document: X.609.1
    -source: project
    -requirements: [PAMP-8.2.6-09, PAMP-8.2.6-10]
    seq:
      - id: body_length
        type: u2
        valid:
          max: 61440
        doc: Octets of what is signed.
        -clause: "8.2.6 step 7"
        -document: X.609.1
        -source: project
      - id: body
        size: body_length
        doc: What is signed, the octets of a receipt body (receipt.ksy).
        -clause: "8.2.6 step 7"
        -document: X.609.1
        -source: project
      - id: signature
        size: 64
        doc: By the receiver of the fragments, Ed25519 over the text "mp2p receipt 1", a line feed and the body.
        -clause: "8.2.6 step 7"
        -document: X.609.1
        -source: project
  keep_alive:
    doc: Nothing to say, but alive.
    -clause: "8.9"
    -source: project
    seq: []
  bye:
    doc: Last message of a link.
    -clause: "8.9"
    -source: project
    -requirements: [PAMP-8.2.6-12]
    seq:
      - id: reason
        type: u1
        enum: bye_reason
        valid:
          in-enum: true
        doc: Why the link ends.
        -clause: "8.9"
        -source: project
        -error: ERR_RESERVED
  run:
    doc: An unbroken run of fragments.
    -clause: "8.9"
    -source: project
    seq:
      - id: first
        type: u8
        doc: Number of the first one.
        -clause: "8.9"
        -source: project
      - id: count
        type: u4
        doc: How many there are.
        -clause: "8.9"
        -source: project
  descriptor:
    doc: What the source peer says of one fragment.
    -clause: "8.9"
    -source: project
    seq:
      - id: size
        type: u4
        doc: Octets of the fragment.
        -clause: "8.9"
        -source: project
      - id: time
        type: u8
        doc: When the source peer made it, in milliseconds since the epoch.
        -clause: "8.9"
        -source: project
      - id: digest
        size: 32
        doc: SHA-256 of the fragment.
        -clause: "8.9"
        -source: project
      - id: last
        type: u1
        valid:
          max: 1
        -boolean: true
        doc: 1 where no fragment follows, else 0.
        -clause: "8.9"
        -source: project
        -error: ERR_RESERVED

enums:
  type:
    0: { id: hello, doc: Who the sender is., -clause: "8.9", -source: project }
    1: { id: proof, doc: That the sender is who it says., -clause: "8.9", -source: project }
    2: { id: buffermap, doc: Everything the sender holds., -clause: "8.9", -source: project }
    3: { id: have, doc: What the sender holds by now., -clause: "8.9", -source: project }
    4: { id: request, doc: What the sender wants., -clause: "8.9 a)", -source: project }
    5: { id: cancel, doc: What the sender no longer wants., -clause: "8.9", -source: project }
    6: { id: descriptors, doc: What the source peer says of fragments., -clause: "8.9", -source: project }
    7: { id: fragment, doc: Octets of a fragment., -clause: "8.9 b)", -source: project }
    8: { id: refuse, doc: What will not come., -clause: "8.9 b)", -source: project }
    9: { id: receipt, doc: What the sender has received., -clause: "8.2.6 step 7", -document: X.609.1, -source: project }
    10: { id: keep_alive, -orig-id: keep-alive, doc: Nothing., -clause: "8.9", -source: project }
    11: { id: bye, doc: That the link ends., -clause: "8.9", -source: project }
  peer_role:
    0: { id: peer, doc: Receives fragments and hands them on., -clause: "7.2.1", -source: project }
    1: { id: source_peer, -orig-id: source-peer, doc: Makes the fragments., -clause: "7.2.1", -source: project }
    2: { id: virtual_peer, -orig-id: virtual-peer, doc: A peer that a cache server runs., -clause: "7.2.2", -source: project }
  refuse_reason:
    0: { id: not_held, -orig-id: not-held, doc: The sender does not hold it., -clause: "8.9 b)", -source: project }
    1: { id: busy, doc: As many requests as the sender takes wait already., -clause: "8.9 b)", -source: project }
    2: { id: no_receipt, -orig-id: no-receipt, doc: Receipts for what was sent are missing., -clause: "8.2.6 NOTE 1", -document: X.609.1, -source: project }
    3: { id: invalid, doc: Outside of what the overlay network has., -clause: "8.9 b)", -source: project }
    4: { id: unwilling, doc: The sender does not serve this peer., -clause: "8.9 b)", -source: project }
  bye_reason:
    0: { id: leaving, doc: The sender leaves the overlay network., -clause: "8.9", -source: project }
    1: { id: overlay_unknown, -orig-id: overlay-unknown, doc: The sender takes no part in this overlay network., -clause: "8.9", -source: project }
    2: { id: not_admitted, -orig-id: not-admitted, doc: Hello or proof do not admit the receiver., -clause: "8.2.6 step 4", -document: X.609.1, -source: project }
    3: { id: too_many_links, -orig-id: too-many-links, doc: The sender has as many links as it wants., -clause: "8.9", -source: project }
    4: { id: protocol_error, -orig-id: protocol-error, doc: The receiver sent what is no message here., -clause: "8.9", -source: project }
    5: { id: corrupt_fragments, -orig-id: corrupt-fragments, doc: The receiver sent fragments that are not as described., -clause: "8.9", -source: project }
    6: { id: no_receipt, -orig-id: no-receipt, doc: The receiver gives no receipts., -clause: "8.2.6 NOTE 1", -document: X.609.1, -source: project }
    7: { id: silent, doc: Nothing came for too long., -clause: "8.9", -source: project }
    8: { id: same_peer, -orig-id: same-peer, doc: Another link with the same peer stays., -clause: "8.9", -source: project }
