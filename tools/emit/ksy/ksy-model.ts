import type { SourcePosition } from "../../model/model.js";
import type { Expression } from "./expression.js";

/** What every construct of a .ksy carries here. */
export interface KsyCited {
  readonly id: string;
  /** Name in generated code: `payloadType`, or `PayloadType` for an enum. */
  readonly name: string;
  readonly doc: string;
  readonly clause: string;
  readonly errata: readonly string[];
  /** `-orig-id`: the name as printed; the id where there is none. */
  readonly original: string;
  readonly position: SourcePosition;
}

/** One .ksy inside the subset that README.md beside this file describes. */
export interface KsyModel extends KsyCited {
  /** Prefix of exported types: `Ldmp`. */
  readonly prefix: string;
  readonly title: string;
  /** `X.609.8` */
  readonly document: string;
  readonly params: readonly KsyParam[];
  readonly segments: readonly Segment[];
  readonly instances: readonly KsyInstance[];
  readonly enums: readonly KsyEnum[];
}

/** A parameter of the type: an option of the codec, chosen among the values of an enum by its original name. */
export interface KsyParam extends KsyCited {
  readonly enum: KsyEnum;
  readonly default: KsyEnumValue;
}

export interface KsyEnum {
  readonly id: string;
  readonly name: string;
  readonly values: readonly KsyEnumValue[];
}

export interface KsyEnumValue extends KsyCited {
  readonly value: number;
}

/** A value computed from fields: a condition used by several fields, or a part of a field. */
export interface KsyInstance extends KsyCited {
  readonly expression: Expression;
  readonly type: "boolean" | "integer";
  readonly enum: KsyEnum | undefined;
  /** Set where the value is some bits of one field: for names and for the dissector. */
  readonly bits: { readonly field: string; readonly shift: number; readonly mask: number } | undefined;
}

/** Fields that are there or absent together; every segment but the first may be absent. */
export type Segment = Run | Blob;

/** Integers of fixed size, one behind the other. */
export interface Run {
  readonly kind: "run";
  readonly condition: Expression | undefined;
  /** Octets. */
  readonly size: number;
  readonly fields: readonly IntegerField[];
}

/** One field of octets. */
export interface Blob {
  readonly kind: "blob";
  readonly condition: Expression | undefined;
  readonly field: OctetsField;
}

export interface IntegerField extends KsyCited {
  readonly kind: "integer";
  readonly width: number;
  /** First bit, counted from the most significant bit of the run's first octet. */
  readonly bit: number;
  /** One of the b types, which share octets with their neighbours. */
  readonly packed: boolean;
  readonly littleEndian: boolean;
  /** Set where a parameter decides on the order of octets: the value for which the least significant one comes first. */
  readonly switched: { readonly param: KsyParam; readonly little: KsyEnumValue } | undefined;
  readonly max: number;
  readonly enum: KsyEnum | undefined;
  readonly valid: Valid | undefined;
  readonly errorCode: string | undefined;
  readonly fatal: boolean;
  /** Template with `{instance}` and `{instance:digits}` for values that the enum does not name. */
  readonly display: string | undefined;
  /** The octets field whose length this is; then it is no member of the message, but computed. */
  lengthOf: { readonly field: OctetsField; readonly plus: number } | undefined;
}

export interface OctetsField extends KsyCited {
  readonly kind: "octets";
  /** A constant, or the length field it is taken from, plus a constant; with `rest` all octets that are left. */
  readonly size: { readonly field: IntegerField | undefined; readonly plus: number; readonly rest?: Rest };
  /** When the octets are UTF-8 text, for the dissector. */
  readonly text: Expression | undefined;
  /** The octets are a JSON text, for the dissector. */
  readonly json: boolean;
}

/** `size-eos`. On a stream, the numbers at these places of an earlier JSON field add up to the size. */
export interface Rest {
  readonly in: OctetsField;
  /** JSON Pointers, as lists of names. */
  readonly at: readonly (readonly string[])[];
}

export type Valid =
  | { readonly kind: "any-of"; readonly values: readonly number[] }
  | { readonly kind: "range"; readonly min: number; readonly max: number }
  | { readonly kind: "expression"; readonly expression: Expression };
