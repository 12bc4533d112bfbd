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

/** One spec/<name>/ folder with an openapi.yaml, or a protocol.yaml: then it has no operations. */
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
  /** First 12 hex digits of the SHA-256 over the content (not the layout) of the files it is made of. */
  readonly hash: string;
  /** First and last clause the operations and schemas cite: `9.1.1-9.2.7.2`. */
  readonly clauses: string;
  readonly operations: readonly Operation[];
  /** Described by a protocol.yaml: there are no operations. */
  readonly messagesOnly: boolean;
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
  /** The declared query carrier of body members, for where a body cannot be sent; empty if there is none. */
  readonly query: readonly QueryCarrier[];
  readonly fallback: readonly Fallback[];
  /** May a client repeat it without asking? From the method [RFC 9110 9.2.2] unless `x-idempotent` says otherwise. */
  readonly idempotent: boolean;
  /** Whether any `security` applies to the operation. */
  readonly secured: boolean;
  /** Ids of requirements that it carries (`x-requirements`). */
  readonly requirements: readonly string[];
}

/** What a receiver takes beside the strict form (`x-accept` of an operation). */
export interface OperationAccept {
  /** Server: the same operation at other path templates, by the same method. */
  readonly paths: readonly string[];
  /** Server: every path of the operation with and without its final slash. */
  readonly trailingSlash: boolean;
  /** Server: the same operation by another method and path. */
  readonly routes: readonly { readonly method: HttpMethod; readonly path: string }[];
  /** Server: members in `Operation.query` that the body lacks are filled in from the query. */
  readonly query: boolean;
  /** Server: an absent body is read as the wrapper with nothing in it. */
  readonly noBody: boolean;
  /** Client: statuses read as the declared success. */
  readonly success: readonly number[];
  readonly errata: readonly string[];
}

/** One body member as a query parameter (`x-query`). */
export interface QueryCarrier {
  readonly parameter: string;
  /** Member path from the body's root. */
  readonly member: readonly string[];
  /** Declared type of that member with references resolved, to convert the parameter's text; arrays repeat the parameter. */
  readonly type: Type;
}

/** Client: one repetition in another form after one of these statuses (`x-fallback`). */
export interface Fallback {
  readonly after: readonly number[];
  readonly path: string | undefined;
  /** Top-level body members by their name in the repetition. */
  readonly rename: Readonly<Record<string, string>>;
  readonly errata: readonly string[];
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
  /** Octets as they are, which a client streams and a handler gets as they come: no JSON, and no type of their own. */
  readonly octets: boolean;
}

export interface Response extends Cited {
  readonly status: number | "default";
  readonly headers: readonly Parameter[];
  /** Undefined: the response has no body. */
  readonly body: { readonly contentType: string; readonly type: Type } | undefined;
  /** Client: an absent body is read as `{}` (`x-accept: { no-body: true }`). */
  readonly acceptNoBody: boolean;
}

/** A named schema: one file, one TypeScript type. */
export interface Schema extends Cited {
  /** File name without `.yaml` = type name: `OverlayNetworkInformation`. */
  readonly name: string;
  /** The element's name as printed: `overlay_network_information`. */
  readonly title: string;
  readonly role: "element" | "message";
  /** The document that its clauses refer to; the protocol's unless the file has its own `x-document`. */
  readonly document: string;
  /** Element that this message part is a selection of (`x-element`). */
  readonly element: string | undefined;
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
  /** True where the schema says no `type` (a narrowing beside a `$ref`): constraints bind objects, other values pass. */
  readonly loose: boolean;
  readonly members: readonly Member[];
  /** Names required without being declared here: `anyOf: [{ required: [a] }, …]`. */
  readonly alsoRequired: readonly string[];
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
  /** Never logged, never in a URL, never in a transcript (`x-secret`). */
  readonly secret: boolean;
  /** Words with a defined meaning where any other string is legal too (`x-known-values`). */
  readonly knownValues: readonly string[];
  readonly default?: JsonValue;
  readonly examples: readonly JsonValue[];
}

/** Tolerance of one member (`x-accept` of a property). */
export interface MemberAccept {
  /** Other names of this member; the declared one wins. */
  readonly names: readonly string[];
  /** Two spellings with different values are refused instead. */
  readonly refuseConflict: boolean;
  /** JSON types converted to the declared one (of an array: each item). */
  readonly types: readonly JsonType[];
  /** With `types: [object]`: the member of that object that holds the value. */
  readonly member: string | undefined;
  /** null is the same as absent. */
  readonly nullAbsent: boolean;
  /** A fraction is rounded up to the declared integer. */
  readonly roundUp: boolean;
  /** One superfluous level of the same name is removed. */
  readonly nested: boolean;
  /** Each item of the array may stand in an object with this member's name as its only member. */
  readonly wrappedItems: boolean;
  readonly errata: readonly string[];
}

/** Tolerance of an object (`x-accept` of an object schema). */
export interface ObjectAccept {
  /** Blanks around member names are removed. */
  readonly trimNames: boolean;
  /** Members whose names are matched without regard to case. */
  readonly ignoreCase: readonly string[];
  /** The body may be the bare value of the wrapper member. */
  readonly unwrapped: boolean;
  /** Where else an absent member may stand, in order. */
  readonly places: readonly Place[];
  readonly errata: readonly string[];
}

export interface Place {
  /** Path of the member from the body's root. */
  readonly member: readonly string[];
  readonly from: readonly ({ readonly member: readonly string[] } | { readonly parameter: string })[];
}

export interface ArrayType {
  readonly kind: "array";
  readonly loose: boolean;
  readonly items: Type;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems: boolean;
}

export interface StringType {
  readonly kind: "string";
  readonly loose: boolean;
  readonly enum?: readonly string[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
}

export interface NumberType {
  readonly kind: "number" | "integer";
  readonly loose: boolean;
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
  /** First 12 hex digits of the SHA-256 of the content, whatever the key order, layout and comments. */
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
  /** Absolute path of the folder on this machine: for reading, never for output. */
  readonly root: string;
  readonly protocols: readonly Protocol[];
  readonly ksy: readonly KsySpec[];
  readonly catalogue: CatalogueSpec;
  /** Every file read, by path. */
  readonly files: readonly SpecFile[];
}
