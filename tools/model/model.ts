/**
 * The typed intermediate model: what the loader makes of spec/ and what every emitter prints from.
 * All lists are in a fixed order (clause, then name), so that the same spec gives the same bytes whatever its key order.
 */

/** Where something stands in the spec; lines and columns count from 1, `file` as the user would open it. */
export interface SourcePosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Carried by everything that stands for a statement of a Recommendation. */
export interface Cited {
  /** Clause of the protocol's document, such as `9.2.1.1 Table 1`; empty only where the linter would refuse. */
  readonly clause: string;
  /** Ids in spec/errata.yaml that shaped this construct. */
  readonly errata: readonly string[];
  readonly description: string;
  readonly position: SourcePosition;
}

export type JsonType = "string" | "number" | "integer" | "boolean" | "object" | "array" | "null";
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };
export type HttpMethod = "GET" | "PUT" | "POST" | "DELETE" | "PATCH" | "HEAD" | "OPTIONS";

/** One spec/<name>/ folder with an openapi.yaml. */
export interface Protocol {
  /** Folder name, the same in every room: `pamp`, `homp`. */
  readonly name: string;
  /** Prefix of exported identifiers: `Pamp`, `Homp`. */
  readonly prefix: string;
  readonly title: string;
  readonly version: string;
  readonly description: string;
  /** The Recommendation, from `x-document`: `X.609.1`. */
  readonly document: string;
  /** `spec/pamp/openapi.yaml`, for banners. */
  readonly source: string;
  /** First 12 hex digits of the SHA-256 over the folder's files. */
  readonly hash: string;
  /** First and last clause the operations and schemas cite: `9.1.1-9.2.7.2`. */
  readonly clauses: string;
  readonly operations: readonly Operation[];
  /** Every named schema: resource elements first, then message bodies; each group by name. */
  readonly schemas: readonly Schema[];
}

export interface Operation extends Cited {
  /** The primitive's name exactly as printed: `PAMP_PEER_REG`, `HybridOverlayJoin`. */
  readonly id: string;
  /** The same in PascalCase, for type names: `PampPeerReg`. */
  readonly typeName: string;
  readonly method: HttpMethod;
  /** Path template as the strict sender writes it: `/pams/{NID}/peer/{PID}`. */
  readonly path: string;
  readonly summary: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody: RequestBody | undefined;
  /** By status, `default` last. */
  readonly responses: readonly Response[];
  readonly accept: OperationAccept;
  /** May a client repeat it without asking? From the method [RFC 9110 9.2.2] unless `x-idempotent` says otherwise. */
  readonly idempotent: boolean;
  /** Whether any `security` applies to the operation. */
  readonly secured: boolean;
}

/** What a receiver takes beside the strict form. */
export interface OperationAccept {
  readonly paths: readonly string[];
  readonly trailingSlash: boolean;
  readonly methods: readonly HttpMethod[];
  /** Query parameter name → path of the member in the body (`overlay_info.title`), where the body may come as a query; empty if not. */
  readonly query: readonly QueryCarrier[];
  readonly errata: readonly string[];
}

/** One body member as a query parameter. */
export interface QueryCarrier {
  readonly parameter: string;
  /** Member path from the body's root. */
  readonly member: readonly string[];
  /** Declared type of that member, to convert the parameter's text. */
  readonly type: Type;
}

export interface Parameter extends Cited {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required: boolean;
  readonly type: Type;
}

export interface RequestBody extends Cited {
  readonly required: boolean;
  readonly contentType: string;
  readonly type: Type;
}

export interface Response extends Cited {
  readonly status: number | "default";
  readonly headers: readonly Parameter[];
  /** Undefined: the response has no body. */
  readonly body: { readonly contentType: string; readonly type: Type } | undefined;
}

/** A named schema: one file, one TypeScript type. */
export interface Schema extends Cited {
  /** File name without `.yaml` = type name: `OverlayNetworkInformation`. */
  readonly name: string;
  /** The element's name as printed: `overlay_network_information`. */
  readonly title: string;
  readonly role: "element" | "message";
  readonly source: string;
  readonly type: Type;
  /** The JSON Schema as written (parsed, `$ref` relative to the file); for ajv and openapi-typescript. Treat as frozen. */
  readonly json: JsonValue;
}

export type Type =
  | RefType
  | ObjectType
  | ArrayType
  | StringType
  | NumberType
  | BooleanType
  | NullType
  | UnionType
  | AllType
  | UnknownType;

export interface RefType {
  readonly kind: "ref";
  /** `Schema.name` in the same protocol. */
  readonly name: string;
}

export interface ObjectType {
  readonly kind: "object";
  readonly members: readonly Member[];
  /** Type of members beside the declared ones: false = refused, true = anything. */
  readonly additional: boolean | Type;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly accept: ObjectAccept;
}

export interface Member extends Cited {
  readonly name: string;
  readonly required: boolean;
  readonly type: Type;
  readonly accept: MemberAccept;
  /** Present in requests only (`writeOnly`: keys and passwords) or in responses only (`readOnly`). */
  readonly direction: "both" | "write" | "read";
  readonly default?: JsonValue;
  readonly examples: readonly JsonValue[];
}

export interface MemberAccept {
  /** Other member names taken as this one on reception. */
  readonly names: readonly string[];
  /** JSON types converted to the declared one on reception. */
  readonly types: readonly JsonType[];
  readonly errata: readonly string[];
}

export interface ObjectAccept {
  /** Blanks around member names are removed. */
  readonly trimNames: boolean;
  /** Members whose names are matched without regard to case. */
  readonly ignoreCase: readonly string[];
  /** The body may be the bare object inside the single wrapper member. */
  readonly unwrapped: boolean;
  /** One superfluous level of the same name is removed. */
  readonly nested: boolean;
  readonly errata: readonly string[];
}

export interface ArrayType {
  readonly kind: "array";
  readonly items: Type;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems: boolean;
}

export interface StringType {
  readonly kind: "string";
  readonly enum?: readonly string[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
}

export interface NumberType {
  readonly kind: "number" | "integer";
  readonly enum?: readonly number[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
  readonly format?: string;
}

export interface BooleanType {
  readonly kind: "boolean";
  readonly const?: boolean;
}

export interface NullType {
  readonly kind: "null";
}

export interface UnionType {
  readonly kind: "union";
  readonly mode: "oneOf" | "anyOf";
  readonly options: readonly Type[];
  /** Member that tells the options apart, if the spec names one. */
  readonly discriminator?: string;
}

export interface AllType {
  readonly kind: "all";
  readonly parts: readonly Type[];
}

export interface UnknownType {
  readonly kind: "unknown";
}

/** Any YAML file of spec/, parsed, with positions: what ksy and catalogue emitters work on. */
export interface SpecFile {
  /** `spec/ldmp/ldmp.ksy`: path as shown to people, POSIX separators. */
  readonly path: string;
  /** File name without extension: `ldmp`. */
  readonly name: string;
  /** Absolute path on this machine: for reading siblings only, never for output. */
  readonly absolute: string;
  readonly text: string;
  /** Plain data. Treat as frozen; clone before handing it to something that mutates. */
  readonly value: JsonValue;
  /** First 12 hex digits of the SHA-256 of the text. */
  readonly hash: string;
  /** Position of the value (or, where absent, of the nearest ancestor) at a path of keys and indexes. */
  at(path: readonly (string | number)[]): SourcePosition;
}

/** One spec/<name>/<file>.ksy with the other YAML files of its folder. */
export interface KsySpec {
  /** Folder name: `ldmp`. */
  readonly name: string;
  readonly prefix: string;
  readonly ksy: SpecFile;
  /** Sibling data files by name (`profile` → spec/ldmp/profile.yaml). */
  readonly data: ReadonlyMap<string, SpecFile>;
}

/** spec/requirements/*.yaml and spec/errata.yaml. */
export interface CatalogueSpec {
  readonly requirements: readonly SpecFile[];
  readonly errata: SpecFile | undefined;
}

/** Everything read from one spec folder. */
export interface Spec {
  readonly protocols: readonly Protocol[];
  readonly ksy: readonly KsySpec[];
  readonly catalogue: CatalogueSpec;
  /** Every file read, by path. */
  readonly files: readonly SpecFile[];
}
