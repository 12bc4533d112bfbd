/** index.ts: what a program that speaks the protocol imports; nothing in it needs Node. */
import type { OpenApiEmitter } from "./emitter.js";
import { sourceOf } from "./source.js";

export const indexEmitter: OpenApiEmitter = {
  name: "index",
  emit(protocol, context) {
    const p = context.printer(sourceOf(protocol));
    p.export("*", "./types.js");
    p.export("*", "./validators.js");
    if (protocol.messagesOnly) {
      p.export(["describeIssues"], "../runtime/validation.js");
      p.export(["ValidationIssue"], "../runtime/validation.js", { type: true });
      return [{ path: `${protocol.name}/index.ts`, content: p.toString() }];
    }
    p.export("*", "./client.js");
    p.export(["Mp2pError", "errorCodes", "isMp2pError"], "../runtime/errors.js");
    p.export(["Mp2pErrorCode"], "../runtime/errors.js", { type: true });
    p.export(["HttpError"], "../runtime/http-client-types.js");
    p.export(
      ["AnyResult", "Auth", "CallOptions", "ClientOptions", "OtherResult", "ValidationMode"],
      "../runtime/http-client-types.js",
      {
        type: true,
      },
    );
    p.export(["HttpClient"], "../runtime/http-client.js", { type: true });
    if (protocol.operations.some(({ requestBody }) => requestBody?.octets === true)) {
      p.export(["OctetSource"], "../runtime/http-source.js", { type: true });
    }
    p.export(["RetryOptions"], "../runtime/http-retry.js", { type: true });
    p.export(["fetchTransport", "nodeTransport"], "../runtime/http-transport.js");
    p.export(["Transport", "TransportRequest", "TransportResponse"], "../runtime/http-transport.js", { type: true });
    p.export(["unwrap"], "../runtime/http-result.js");
    p.export(["describeIssues"], "../runtime/validation.js");
    p.export(["ValidationIssue"], "../runtime/validation.js", { type: true });
    return [{ path: `${protocol.name}/index.ts`, content: p.toString() }];
  },
};
