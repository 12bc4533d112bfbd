import { CodecError, createFaults, type FieldInfo } from "../runtime/codec.js";

export class LdmpError extends CodecError {
  override name = "LdmpError";
}
export const faults = createFaults(LdmpError);
export const fields = {
  version: { name: "version", clause: "X.609.8 8.1", max: 3, error: "ERR_VERSION", allowed: "1", fatal: true },
  type: { name: "type", clause: "X.609.8 8.1", max: 3, error: "ERR_RESERVED", allowed: "0, 1 or 2" },
  payloadType: { name: "payloadType", clause: "X.609.8 8.1", max: 3, error: "ERR_RESERVED", allowed: "0, 2 or 3" },
  reserved: { name: "reserved", clause: "X.609.8 8.1", max: 3 },
  code: { name: "code", clause: "X.609.8 8.2", max: 255 },
  messageId: { name: "messageId", clause: "X.609.8 8.1", max: 65535 },
  sourceId: { name: "sourceId", clause: "X.609.8 8.1", max: 65535 },
  destinationId: { name: "destinationId", clause: "X.609.8 8.1", max: 65535 },
  length: { name: "length", clause: "X.609.8 8.1", max: 65535, error: "ERR_LENGTH", fatal: true },
  payload: { name: "payload", clause: "X.609.8 8.1", max: 65535 },
} as const satisfies Record<string, FieldInfo>;
