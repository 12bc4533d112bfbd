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

/** What messages of several types may be made of, beyond R10. */
export const COMPOUND = `
meta: { id: probe, title: Probe, endian: be, -document: X.1 }
doc: A frame.
-clause: "1"
seq:
  - { id: mark, type: u2, valid: { eq: 28016 }, doc: Marks a frame., -clause: "1", -fatal: true }
  - { id: end, type: u2, enum: kind, valid: { in-enum: true }, doc: Kind., -clause: "1", -error: ERR_RESERVED }
  - { id: total, type: u4, valid: { max: 5000 }, doc: Octets of the body and 8 more., -clause: "1", -fatal: true }
  - id: body
    size: total - 8
    type: { switch-on: end, cases: { "kind::numbers": numbers, "kind::texts": texts, "kind::all_the_rest": rest } }
    doc: Body.
    -clause: "1"
types:
  numbers:
    doc: Numbers.
    -clause: "2"
    -document: X.2
    -requirements: [A-1]
    seq:
      - { id: one, type: u1, valid: { any-of: [1, 2, 7] }, doc: Few., -clause: "2" }
      - { id: two, type: u2, valid: { min: 3 }, doc: Some., -clause: "2" }
      - { id: four, type: u4, doc: Many., -clause: "2" }
      - { id: eight, type: u8, valid: { max: 1000000000000 }, doc: More., -clause: "2" }
      - { id: flag, type: u1, valid: { max: 1 }, -boolean: true, doc: Yes or no., -clause: "2" }
      - { id: in, type: pair, doc: A pair., -clause: "2" }
  texts:
    doc: Texts.
    -clause: "3"
    seq:
      - { id: title_length, type: u1, doc: One less than the title has., -clause: "3" }
      - { id: title, type: str, encoding: UTF-8, size: title_length + 1, doc: Title., -clause: "3" }
      - { id: key_length, type: u2, valid: { min: 2 }, doc: Two more than the key has., -clause: "3" }
      - { id: key, size: key_length - 2, doc: Key., -clause: "3" }
      - { id: function, type: str, encoding: UTF-8, size-eos: true, doc: The rest., -clause: "3" }
  rest:
    doc: Lists.
    -clause: "4"
    seq:
      - { id: count, type: u1, valid: { max: 3 }, doc: How many., -clause: "4" }
      - { id: few, type: pair, repeat: expr, repeat-expr: count, doc: Few., -clause: "4" }
      - { id: many, type: pair, repeat: eos, doc: Many., -clause: "4" }
  pair:
    doc: Two numbers.
    -clause: "5"
    seq:
      - { id: x, type: u1, doc: One., -clause: "5" }
      - { id: class, type: u2, enum: colour, valid: { in-enum: true }, doc: Other., -clause: "5" }
enums:
  kind:
    1: { id: numbers, doc: Numbers., -clause: "1" }
    2: { id: texts, doc: Texts., -clause: "1" }
    258: { id: all_the_rest, -orig-id: all-the-rest, doc: The rest., -clause: "1" }
  colour:
    0: { id: red, doc: Red., -clause: "5" }
    9: { id: blue, doc: Blue., -clause: "5" }
`;
