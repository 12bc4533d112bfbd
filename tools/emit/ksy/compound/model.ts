import type { SourcePosition } from "../../../model/model.js";

/** What every construct carries. */
export interface Cited {
  readonly id: string;
  /** In generated code: `peerId`. */
  readonly name: string;
  readonly doc: string;
  /** `X.609.10 8.9 (project), E-DS-18` */
  readonly citation: string;
  /** `8.9`, of the file's own document; empty where the construct is of another one. */
  readonly clause: string;
  /** `-orig-id`, or the id. */
  readonly original: string;
  readonly position: SourcePosition;
}

/** A .ksy with `types`, inside the subset that README.md beside this file describes. */
export interface Compound extends Cited {
  /** Prefix of exported types: `PeerFrame`. */
  readonly prefix: string;
  readonly title: string;
  readonly document: string;
  readonly root: Struct;
  /** What others are made of comes before them. */
  readonly types: readonly Struct[];
  readonly enums: readonly Enum[];
  /** Set where the root ends in one of several types: then the message is a union of them. */
  readonly choice: Choice | undefined;
}

export interface Struct extends Cited {
  /** Of its interface: `Hello`. */
  readonly typeName: string;
  readonly fields: readonly Field[];
}

export interface Enum {
  readonly id: string;
  readonly name: string;
  readonly values: readonly EnumValue[];
}

export interface EnumValue extends Cited {
  readonly value: number;
}

export type Field = NumberField | OctetsField | TextField | ListField | StructField | Choice;

/** Most significant octet first. */
export interface NumberField extends Cited {
  readonly kind: "number";
  readonly octets: 1 | 2 | 4 | 8;
  readonly max: number;
  readonly enum: Enum | undefined;
  readonly boolean: boolean;
  /** The values allowed: a range, and a list where it has gaps. */
  readonly least: number;
  readonly most: number;
  readonly values: readonly number[] | undefined;
  readonly errorCode: string | undefined;
  readonly fatal: boolean;
  /** What the field is for; only members are part of the message, the others are computed. */
  use: "member" | "constant" | "length" | "count" | "choice";
}

/** `rest` is `size-eos`: what is left. */
export type Size = number | "rest" | { readonly field: NumberField; readonly plus: number };

export interface OctetsField extends Cited {
  readonly kind: "octets";
  readonly size: Size;
  /** The field may be handed over in parts; this number says where a part begins. */
  readonly partsAt: NumberField | undefined;
}

export interface TextField extends Cited {
  readonly kind: "text";
  readonly size: Exclude<Size, number>;
}

export interface ListField extends Cited {
  readonly kind: "list";
  readonly item: Struct;
  readonly count: NumberField | "rest";
}

export interface StructField extends Cited {
  readonly kind: "struct";
  readonly type: Struct;
}

/** `switch-on`: the last field of the root. */
export interface Choice extends Cited {
  readonly kind: "choice";
  readonly on: NumberField;
  readonly cases: readonly { readonly value: EnumValue; readonly type: Struct }[];
  readonly size: { readonly field: NumberField; readonly plus: number };
}

/** Fields that are members of the message. */
export function membersOf({ fields }: Struct): Exclude<Field, Choice>[] {
  return fields.filter(
    (field) => field.kind !== "choice" && (field.kind !== "number" || field.use === "member"),
  ) as Exclude<Field, Choice>[];
}

/** The octets that end the type, where they do. */
export function tailOf({ fields }: Struct): OctetsField | undefined {
  const last = fields.at(-1);
  return last?.kind === "octets" && last.size === "rest" ? last : undefined;
}

/** Octets before the choice: all fields there are numbers. */
export function headSize({ root }: Compound): number {
  return root.fields.reduce((sum, field) => sum + (field.kind === "number" ? field.octets : 0), 0);
}

/** Where the number stands in the head. */
export function headOffset({ root }: Compound, wanted: NumberField): number {
  let offset = 0;
  for (const field of root.fields) {
    if (field === wanted) break;
    if (field.kind === "number") offset += field.octets;
  }
  return offset;
}
