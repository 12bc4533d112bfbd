import type { QueryValues } from "../../../generated/runtime/validation.js";
import { type FieldDialect, isInstance } from "./dialect.js";

type Json = Record<string, unknown>;

const objectIn = (value: Json, name: string): Json | undefined => {
  const member = value[name];
  return typeof member === "object" && member !== null && !Array.isArray(member) ? (member as Json) : undefined;
};

/**
 * What the tolerant readers of the text leave to do, so that a request of the field means the same in the text's form. Works in place.
 * Nothing is checked here: the validators come after.
 */
export function toText(operation: string, body: unknown, query: QueryValues | undefined, dialect: FieldDialect): void {
  if (typeof body !== "object" || body === null) return;
  const overlay = objectIn(body as Json, "overlay");
  const peer = objectIn(body as Json, "peer");
  // 0 is the default of V22, and means no end.
  if (operation === "HybridOverlayCreation" && overlay?.expires === 0) delete overlay.expires;
  if (operation === "HybridOverlayJoin" && overlay !== undefined && dialect !== "v22") {
    // Whatever the value says: "false" counts too.
    overlay.recovery = query?.recovery?.some((value) => value !== "") === true;
    if (peer?.["ticket-id"] === -1) delete peer["ticket-id"];
  }
  if (dialect === "v23a" && peer !== undefined) foldInstance(peer);
}

/** One peer-id may be a member several times, once per instance: as V23 writes it, the instance goes behind a semicolon (E-HOMP-76). */
function foldInstance(peer: Json): void {
  const { "peer-id": id, "instance-id": instance } = peer;
  if (typeof id === "string" && isInstance(instance)) peer["peer-id"] = `${id};${instance}`;
}
