import type { RequirementId } from "../../../generated/catalogue/requirements.js";
import type { EntityId } from "../../engine/entity.js";

/** One piece of one file, replaced as it is loaded. */
export interface Edit {
  /** From the root of the repository. */
  readonly file: string;
  /** Occurs in the file exactly once. */
  readonly find: string;
  /** TypeScript that takes its place; types are not checked. */
  readonly replace: string;
}

/** The reference system with one defect: what in one of its files is replaced as it is loaded. */
export interface Mutant {
  /** `<entity>/<words>`, unique. */
  readonly id: string;
  readonly entity: EntityId;
  /** Each of these has to be cited by a failure of a case that claims it. */
  readonly breaks: readonly RequirementId[];
  /** What is wrong with the product, in a sentence. */
  readonly what: string;
  readonly file: Edit["file"];
  readonly find: Edit["find"];
  readonly replace: Edit["replace"];
  /** Where the defect shows only when two places have it. */
  readonly also?: readonly Edit[];
  /** How the reference is started and reached, where it is not the plain way. */
  readonly setting?: Setting;
  /** Why no observer can tell it from the reference. */
  readonly equivalent?: string;
}

/** guarded: a PAMS that wants credentials; signed: one that counts what receipts confirm; tcp: LDMP over connections. */
export type Setting = "guarded" | "signed" | "tcp";

/** A defect in what is sent: `change` is a statement on `sent` (the body's copy) and `status`. For HTTP entities. */
export function answering(operation: string, change: string): Edit {
  const find = "send(exchange, status, JSON.stringify(body), type, headers);";
  const changed = `if (operation.id === "${operation}") { ${change} }`;
  return {
    file: "generated/runtime/http-answer.ts",
    find,
    replace: `const sent: any = structuredClone(body); ${changed} ${find.replace("body", "sent")}`,
  };
}

/** A defect in what is understood: `change` is a statement on `asked`, the body before it is validated. For HTTP entities. */
export function asked(operation: string, change: string): Edit {
  const find = "const found = request.validate(body);";
  return {
    file: "generated/runtime/http-server.ts",
    find,
    replace: `if (operation.id === "${operation}") { const asked: any = body; ${change} } ${find}`,
  };
}

/** A check left out: issues of these members are overlooked. For HTTP entities. */
export function overlooking(operation: string, ...members: readonly string[]): Edit {
  const find = "const found = request.validate(body);";
  const overlooked = `operation.id === "${operation}" && ${JSON.stringify(members)}.includes(member)`;
  return {
    file: "generated/runtime/http-server.ts",
    find,
    replace: `${find.slice(0, -1)}?.filter(({ member }) => !(${overlooked}));`,
  };
}

/** Another status, and no body, in place of one. For HTTP entities. */
export function turning(operation: string, from: number | "any", to: number): Edit {
  const find = 'if (body === undefined) return send(exchange, status, undefined, "", headers);';
  const when = `operation.id === "${operation}"${from === "any" ? "" : ` && status === ${from}`}`;
  return {
    file: "generated/runtime/http-answer.ts",
    find,
    replace: `if (${when}) return send(exchange, ${to}, undefined, "", headers); ${find}`,
  };
}

/** A defect in the octets of a message sent: `change` is a statement on `octets` and the `message` they were made of. For LDMP. */
export function sending(change: string): Edit {
  const find = "write(message, target, 0, layout);\n  return target;";
  return {
    file: "generated/ldmp/codec.ts",
    find,
    replace: `write(message, target, 0, layout);\n  const octets: any = target;\n  ${change}\n  return target;`,
  };
}

/** A defect in what a client sends: `change` is a statement on `said`, the body's copy. For clients of HTTP. */
export function saying(operation: string, change: string): Edit {
  const body = "fallback?.rename === undefined ? body : renameMembers(body, fallback.rename)";
  return {
    file: "generated/runtime/http-client.ts",
    find: `const text = JSON.stringify(${body});`,
    replace: `const said: any = structuredClone(${body}); if (operation.id === "${operation}") { ${change} } const text = JSON.stringify(said);`,
  };
}

/** All places that a mutant changes. */
export function editsOf({ file, find, replace, also = [] }: Mutant): readonly Edit[] {
  return [{ file, find, replace }, ...also];
}

/** A table of mutants of one entity, written without what they share. */
export function mutantsOf(
  entity: EntityId,
  table: Readonly<Record<string, Omit<Mutant, "id" | "entity">>>,
): readonly Mutant[] {
  return Object.entries(table).map(([name, mutant]) => ({ id: `${entity}/${name}`, entity, ...mutant }));
}
