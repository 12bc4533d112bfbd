/** A message that LDMP is not: everything else the subset has. */
export const FRAME = `
meta: { id: probe, title: Probe, endian: le, bit-endian: be, -document: X.1 }
doc: A frame.
-clause: "1"
seq:
  - { id: magic, type: u2be, valid: 0x6d70, doc: Marks a frame., -clause: "1" }
  - { id: kind, type: b3, enum: kind, valid: { in-enum: true }, doc: Kind., -clause: "1" }
  - { id: hops, type: b13, valid: { max: 8000 }, doc: Hops., -clause: "1" }
  - { id: flags, type: b12, doc: Flags., -clause: "1" }
  - { id: end, type: b4, doc: Four bits., -clause: "1" }
  - { id: total, type: u4, doc: Octets of body and 4 more., -clause: "1" }
  - { id: body, size: total - 4, doc: Body., -clause: "1" }
  - { id: key_length, type: u1, doc: One less than the key has., -clause: "1" }
  - { id: key, size: key_length + 1, doc: Key., -clause: "1" }
  - { id: digest, size: 4, doc: Digest., -clause: "1" }
  - { id: stamp, type: u4, if: stamped, valid: { min: 10 }, doc: Time., -clause: "1" }
  - { id: at, type: b16, if: stamped, doc: Zone., -clause: "1" }
  - { id: note_length, type: u2be, if: stamped and hops > 2, doc: Octets of note., -clause: "1" }
  - { id: note, size: note_length, if: stamped and hops > 2, doc: Note., -clause: "1" }
  - { id: class, type: u2, valid: { expr: "_ & 1 == 0 or kind == kind::plain" }, doc: Last., -clause: "1" }
instances:
  stamped: { value: kind == kind::stamped, doc: Has a time., -clause: "1" }
enums:
  kind:
    0: { id: plain, doc: Plain., -clause: "1" }
    3: { id: stamped, doc: With a time., -clause: "1" }
`;
