import { PayloadType } from "../../generated/ldmp/index.js";
import type { LdmpLink } from "../engine/ldmp-link.js";
import type { Answer } from "../engine/ldmp-message.js";
import { craft, toOctets, typeFor } from "../engine/ldmp-message.js";
import type { Test } from "../engine/test.js";
import { moment } from "./waits.js";

/** A message in all its fields, any of which may be wrong on purpose. */
export interface Raw {
  readonly version: number;
  readonly type: number;
  readonly payloadType: number;
  readonly reserved: number;
  readonly code: number;
  readonly sourceId: number;
  readonly destinationId: number;
  readonly payload: string;
  /** What Length says; the payload's own where it is undefined. */
  readonly length: number | undefined;
}

/** A sound message of this link. */
export function sound(link: LdmpLink, code: number, payload = ""): Raw {
  const { type, sendType } = link.dialect;
  return {
    version: 1,
    type: typeFor(code, type ?? sendType),
    payloadType: payload === "" ? PayloadType.none : PayloadType.text,
    reserved: 0,
    code,
    sourceId: link.ownId,
    destinationId: link.peerId,
    payload,
    length: undefined,
  };
}

/** The octets of a message as it is given, in the layout of the run. */
export function octetsFor(link: LdmpLink, raw: Raw, messageId = link.nextMessageId()): Uint8Array {
  const { payload, length, ...fields } = raw;
  const withLength = (raw.payloadType & 2) !== 0 || link.dialect.layout === "B";
  return craft({
    ...fields,
    payload,
    messageId,
    ...(length !== undefined || withLength ? { length: length ?? toOctets(payload).length } : {}),
  });
}

/** Sends it and listens for an answer: a moment where it is wrong, the usual time and again where it is sound. */
export async function exchange(t: Test, link: LdmpLink, raw: Raw, as: { malformed: boolean }): Promise<Answer> {
  const wrong = as.malformed ? ", wrong on purpose" : "";
  return await link.ask(
    `code ${raw.code}`,
    (messageId) =>
      link.sendOctets(octetsFor(link, raw, messageId), `code ${raw.code}, Message ID ${messageId}${wrong}`),
    as.malformed ? { withinMs: moment(t) } : {},
  );
}
